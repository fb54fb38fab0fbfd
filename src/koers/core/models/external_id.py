"""Under which id does another system know this record?"""

from django.db import models


class SourceSystem(models.Model):
    """A system records come from, e.g. the bookkeeping or the old CRM."""

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)

    def __str__(self) -> str:
        return self.name


class ExternalId(models.Model):
    """Links a source's id to a record; the fingerprint of the last values tells 'unchanged' apart."""

    source = models.ForeignKey(SourceSystem, on_delete=models.CASCADE, related_name="external_ids")
    noun = models.CharField(max_length=30)
    external_id = models.CharField(max_length=200)
    object_id = models.BigIntegerField()
    fingerprint = models.BigIntegerField(default=0)
    import_run = models.ForeignKey(
        "core.ImportRun", on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["source", "noun", "external_id"], name="external_id_once_per_source"
            ),
        )
        indexes = (models.Index(fields=["noun", "object_id"], name="external_ids_of_record"),)

    def __str__(self) -> str:
        return f"{self.source_id}:{self.noun}:{self.external_id}"
