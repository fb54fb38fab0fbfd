"""Up to which entry is the audit trail sealed, and under which digest?"""

from django.db import models


class AuditSeal(models.Model):
    """A link of the chain: the digest covers the previous seal and every entry of its range."""

    sealed_at = models.DateTimeField()
    first_entry_id = models.BigIntegerField(unique=True)
    last_entry_id = models.BigIntegerField(unique=True)
    entries = models.PositiveIntegerField()
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(first_entry_id__lte=models.F("last_entry_id"))
                & models.Q(entries__gt=0),
                name="audit_seal_covers_entries",
            ),
        )

    def __str__(self) -> str:
        return f"{self.first_entry_id}-{self.last_entry_id} {self.digest[:12]}"
