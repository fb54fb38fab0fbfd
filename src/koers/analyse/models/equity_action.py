"""Which actions on a driver of customer equity are considered, what would they bring, and what is decided?"""

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from koers.core.models import VersionedRecord
from koers.core.money import AmountField


def share_field(*, empty: bool = False, editable: bool = True) -> "models.DecimalField[Any, Any]":
    """A share or chance of 0-1 (an effect may be negative), in four digits."""
    return models.DecimalField(
        max_digits=5, decimal_places=4, null=empty, blank=empty, editable=editable
    )


def ratio_field() -> "models.DecimalField[Any, Any]":
    """A return as a fraction of the cost."""
    return models.DecimalField(max_digits=12, decimal_places=4, editable=False)


class EquityAction(VersionedRecord):
    """An action with its inputs and the outcome computed from them (F1.5); chances and shares are 0-1.

    ``effect_*`` is by how much one point of the score raises the chance that a customer stays;
    empty where ``learned`` holds a logit from choices: coefficients, covariance, mean scores of
    both brands, and how many choices.
    """

    class Driver(models.TextChoices):
        VALUE = "value", _("Value equity")
        BRAND = "brand", _("Brand equity")
        RELATION = "relation", _("Relationship equity")

    class Status(models.TextChoices):
        CONSIDERED = "considered", _("Considered")
        CHOSEN = "chosen", _("Chosen")
        REJECTED = "rejected", _("Rejected")

    name = models.CharField(_("name"), max_length=200)
    driver = models.CharField(_("driver"), max_length=8, choices=Driver)
    segment = models.ForeignKey(
        "customers.Segment", on_delete=models.CASCADE, null=True, blank=True, related_name="equity_actions"
    )  # fmt: skip
    currency = models.CharField(max_length=3)
    cost = AmountField(_("cost"))
    change_low = models.DecimalField(max_digits=4, decimal_places=2)
    change_likely = models.DecimalField(max_digits=4, decimal_places=2)
    change_high = models.DecimalField(max_digits=4, decimal_places=2)
    effect_low = share_field(empty=True)
    effect_likely = share_field(empty=True)
    effect_high = share_field(empty=True)
    learned = models.JSONField(null=True, blank=True, editable=False)
    stay = share_field()
    win = share_field()
    customers = models.PositiveIntegerField()
    others = models.PositiveIntegerField(default=0)
    margin = AmountField(_("contribution per purchase"))
    frequency = models.DecimalField(max_digits=6, decimal_places=2)
    discount = share_field()
    years = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    gain = AmountField(editable=False)
    gain_low = AmountField(editable=False)
    gain_high = AmountField(editable=False)
    roi = ratio_field()
    roi_low = ratio_field()
    roi_high = ratio_field()
    chance_pays = share_field(editable=False)
    status = models.CharField(max_length=10, choices=Status, default=Status.CONSIDERED)
    decision = models.TextField(_("decision"), blank=True)
    decided_on = models.DateField(null=True, blank=True)
    made_at = models.DateTimeField(editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering = ("-roi", "id")
        constraints = (
            models.CheckConstraint(condition=models.Q(cost__gt=0), name="equity_action_costs_something"),
            models.CheckConstraint(
                condition=models.Q(change_low__lte=models.F("change_likely"), change_likely__lte=models.F("change_high")),
                name="equity_action_change_in_order",
            ),
            models.CheckConstraint(
                condition=models.Q(effect_likely=None, learned__isnull=False)
                | models.Q(effect_low__lte=models.F("effect_likely"), effect_likely__lte=models.F("effect_high")),
                name="equity_action_effect_in_order_or_learned",
            ),
            models.CheckConstraint(
                condition=models.Q(stay__gt=0, stay__lt=1, win__gt=0, win__lt=1), name="equity_action_chances_are_shares"
            ),
            models.CheckConstraint(
                condition=models.Q(status="considered", decided_on=None)
                | (~models.Q(status="considered") & models.Q(decided_on__isnull=False)),
                name="equity_action_decision_has_a_day",
            ),
        )  # fmt: skip
        indexes = (models.Index(fields=["-roi"], name="equity_actions_by_roi"),)

    def __str__(self) -> str:
        return self.name
