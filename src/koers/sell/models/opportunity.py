"""Which deals are open, won or lost?"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from koers.core.models import ImportedRecord
from koers.core.money import AmountField


class StageKind(models.TextChoices):
    """What a stage means, apart from its label."""

    OPEN = "open", _("Open")
    WON = "won", _("Won")
    LOST = "lost", _("Lost")


class Opportunity(ImportedRecord):
    """A possible sale, as brought in from another system."""

    name = models.CharField(max_length=200)
    company = models.ForeignKey(
        "customers.Company",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="opportunities",
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="opportunities",
    )
    product = models.ForeignKey(
        "catalogue.Product",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="opportunities",
    )
    stage = models.CharField(max_length=80)
    stage_kind = models.CharField(max_length=4, choices=StageKind, default=StageKind.OPEN)
    amount = AmountField(null=True, blank=True)
    currency = models.CharField(max_length=3)
    opened_on = models.DateField(null=True, blank=True)
    expected_close_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    lost_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("-opened_on", "-id")
        verbose_name_plural = "opportunities"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(stage_kind__in=StageKind.values),
                name="opportunity_stage_kind_is_known",
            ),
        )
        indexes = (
            models.Index(fields=["stage_kind", "-opened_on"], name="opportunities_by_kind"),
            models.Index(fields=["-opened_on", "-id"], name="opportunities_by_date"),
        )

    def __str__(self) -> str:
        return self.name
