"""Who changed what, when, from what to what, and through which channel? Append-only."""

from django.conf import settings
from django.db import models


class AuditEntry(models.Model):
    """One change of one record; the database refuses to alter or remove it."""

    at = models.DateTimeField()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        null=True,
        db_constraint=False,
        related_name="+",
    )
    actor_name = models.CharField(max_length=200)
    channel = models.CharField(max_length=12)
    verb = models.CharField(max_length=40)
    noun = models.CharField(max_length=60)
    object_id = models.BigIntegerField(null=True)
    label = models.CharField(max_length=300, blank=True)
    changes = models.JSONField(default=dict)
    import_run_id = models.BigIntegerField(null=True)

    class Meta:
        ordering = ("-id",)
        indexes = (
            models.Index(fields=["noun", "object_id", "-id"], name="audit_of_record"),
            models.Index(fields=["user", "-id"], name="audit_of_user"),
        )

    def __str__(self) -> str:
        return (
            f"{self.at:%Y-%m-%d %H:%M} {self.actor_name} {self.verb} {self.noun} {self.object_id}"
        )
