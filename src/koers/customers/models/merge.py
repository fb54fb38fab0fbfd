"""Which two records were made one, and what is needed to make them two again?"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Merge(models.Model):
    """Two records of a kind became one; the journal holds every value and row that changed hands.

    ``journal`` is ``{"fields": {name: [before, after]}, "moved": {"app.Model.field": [ids]}}``.
    """

    class Noun(models.TextChoices):
        COMPANY = "company", _("Company")
        CONTACT = "contact", _("Contact")

    noun = models.CharField(max_length=10, choices=Noun)
    kept_id = models.BigIntegerField()
    gone_id = models.BigIntegerField()
    gone_label = models.CharField(max_length=300)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    journal = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(kept_id=models.F("gone_id")), name="merge_joins_two_records"
            ),
            models.UniqueConstraint(
                fields=["noun", "gone_id"],
                condition=models.Q(undone_at=None),
                name="record_is_merged_away_once",
            ),
        )
        indexes = (models.Index(fields=["noun", "kept_id"], name="merges_into_record"),)

    def __str__(self) -> str:
        return f"{self.noun} {self.gone_id} → {self.kept_id}"
