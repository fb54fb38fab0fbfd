"""What has every editable record? A version that each write checks, and the import it came from."""

from django.db import models


class VersionedRecord(models.Model):
    """A record two people may edit at once: each UPDATE names the version it read."""

    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True


class ImportedRecord(VersionedRecord):
    """A record an import may create, so that the import can be reverted."""

    import_run = models.ForeignKey(
        "core.ImportRun",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    class Meta:
        abstract = True
