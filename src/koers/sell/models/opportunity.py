"""Which deals are open, won or lost?"""

from django.conf import settings
from django.db import models

from koers.core.models import ImportedRecord
from koers.core.money import AmountField
from koers.sell.models.approach import BuyingSituation, SellingRole
from koers.sell.models.pipeline import StageKind


class Opportunity(ImportedRecord):
    """A possible sale in a stage of a pipeline; ``stage_kind`` is a copy of its stage's kind.

    ``buying_situation`` and ``selling_role`` are as proposed from the orders, unless somebody overruled
    them and said so in ``situation_because`` or ``role_because``.
    """

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
    stage = models.ForeignKey("sell.Stage", on_delete=models.PROTECT, related_name="opportunities")
    stage_kind = models.CharField(max_length=4, choices=StageKind, default=StageKind.OPEN)
    amount = AmountField(null=True, blank=True)
    currency = models.CharField(max_length=3)
    opened_on = models.DateField(null=True, blank=True)
    expected_close_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    lost_reason = models.CharField(max_length=200, blank=True)
    competitor = models.CharField(max_length=120, blank=True)
    need = models.TextField(blank=True)
    buying_process = models.TextField(blank=True)
    buying_situation = models.CharField(max_length=8, choices=BuyingSituation, blank=True)
    situation_because = models.CharField(max_length=200, blank=True)
    selling_role = models.CharField(max_length=13, choices=SellingRole, blank=True)
    role_because = models.CharField(max_length=200, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ("-opened_on", "-id")
        verbose_name_plural = "opportunities"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(stage_kind__in=StageKind.values),
                name="opportunity_stage_kind_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(buying_situation__in=["", *BuyingSituation.values]),
                name="opportunity_situation_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(selling_role__in=["", *SellingRole.values]),
                name="opportunity_role_is_known",
            ),
        )
        indexes = (
            models.Index(fields=["stage_kind", "-opened_on"], name="opportunities_by_kind"),
            models.Index(fields=["-opened_on", "-id"], name="opportunities_by_date"),
            models.Index(
                fields=["stage", "expected_close_on", "id"], name="opportunities_of_stage"
            ),
            models.Index(
                fields=["stage_kind", "deleted_at", "closed_on", "owner", "company"],
                name="opportunities_decided",
            ),
        )

    def __str__(self) -> str:
        return self.name


class StageChange(ImportedRecord):
    """How an opportunity stood from a day on: stage, amount, expected close and owner after a change.

    The day is None where it is unknown, as for an open deal brought in without its history.
    """

    opportunity = models.ForeignKey(
        "sell.Opportunity", on_delete=models.CASCADE, related_name="stage_changes"
    )
    day = models.DateField(null=True, blank=True)
    stage = models.ForeignKey("sell.Stage", on_delete=models.PROTECT, related_name="stage_changes")
    amount = AmountField(null=True, blank=True)
    expected_close_on = models.DateField(null=True, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="stage_changes",
    )

    class Meta:
        ordering = ("id",)
        indexes = (models.Index(fields=["day", "id"], name="stage_changes_by_day"),)

    def __str__(self) -> str:
        return f"{self.opportunity_id} {self.day}"
