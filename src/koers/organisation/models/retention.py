"""How long is each kind of record kept, and are they let go of each night? Every change is a new version."""

from django.db import models


class RetentionTerms(models.Model):
    """A version of the terms; the latest is in force. ``months`` maps a subject to whole months."""

    number = models.PositiveIntegerField()
    months = models.JSONField()
    is_nightly = models.BooleanField(default=False)
    made_by = models.CharField(max_length=200)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("-number",)
        verbose_name_plural = "retention terms"
        constraints = (
            models.UniqueConstraint(fields=["number"], name="retention_terms_version_once"),
            models.CheckConstraint(
                condition=models.Q(number__gte=1), name="retention_terms_number_from_one"
            ),
        )

    def __str__(self) -> str:
        return f"v{self.number}"
