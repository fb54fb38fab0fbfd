"""How do we score ourselves on the drivers of customer equity, as their supplier (S1.35-38)?"""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from koers.core.models import VersionedRecord

HIGHEST = 10
# What a driver consists of on the supplier's side; the customer's side is a survey (serve, Feedback).
OWN_ITEMS = {
    "value": {
        "turnover": _("Turnover"),
        "cost_to_serve": _("Cost to serve"),
        "lifetime_value": _("Customer lifetime value"),
        "market_share": _("Market share"),
        "scale": _("Economies of scale: cost per unit"),
    },
    "brand": {
        "awareness": _("Awareness"),
        "retention": _("Loyalty and retention"),
        "recommendation": _("Recommendation (NPS)"),
        "image": _("Image"),
    },
    "relation": {
        "referrals": _("Referrals"),
        "joint_projects": _("Joint projects"),
        "wallet_share": _("Share of wallet"),
        "advantages": _("Competitive advantages"),
    },
}
OWN_WORDS = {name: word for items in OWN_ITEMS.values() for name, word in items.items()}


class EquityAssessment(VersionedRecord):
    """Our own scores of one day, for a segment or for all customers together."""

    segment = models.ForeignKey(
        "customers.Segment", on_delete=models.CASCADE, null=True, blank=True, related_name="equity_assessments"
    )  # fmt: skip
    day = models.DateField(_("day"))
    note = models.TextField(_("note"), blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering = ("-day", "-id")
        constraints = (
            models.UniqueConstraint(fields=["segment", "day"], name="equity_assessment_once_a_day"),
            models.UniqueConstraint(
                fields=["day"], condition=models.Q(segment=None), name="equity_assessment_of_all_once_a_day"
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.segment.name if self.segment else '–'} {self.day.isoformat()}"


class EquityScore(models.Model):
    """One item of an assessment: score 0-10, and its weight within the driver, 0-1."""

    assessment = models.ForeignKey(
        EquityAssessment, on_delete=models.CASCADE, related_name="scores"
    )
    item = models.CharField(max_length=14, choices=OWN_WORDS.items())
    score = models.DecimalField(
        max_digits=3, decimal_places=1, validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(HIGHEST))]
    )  # fmt: skip
    weight = models.DecimalField(max_digits=5, decimal_places=4, null=True, blank=True)
    basis = models.CharField(_("what it rests on"), max_length=200, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=["assessment", "item"], name="equity_score_once_per_item"),
            models.CheckConstraint(
                condition=models.Q(score__gte=0, score__lte=HIGHEST), name="equity_score_from_zero_to_ten"
            ),
            models.CheckConstraint(
                condition=models.Q(weight=None) | models.Q(weight__gte=0, weight__lte=1), name="equity_score_weight_is_a_share"
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.assessment} {self.get_item_display()}"
