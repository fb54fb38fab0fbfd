"""What was decided with the economics desk, on which numbers, and what came of it?"""

from datetime import date

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from koers.core.models import VersionedRecord


class EconomicDecision(VersionedRecord):
    """A calculation that was acted upon, with its inputs and the facts of that day (S9, F9.1-F9.8).

    ``scope`` is the choice of the address (business unit, seller, ...); the company stands apart,
    for it may be merged or erased. ``inputs`` holds per input what was used and the fact beside it,
    ``results`` the answers, all as exact text; shares are 0-1. The period excludes its end.
    """

    class Calculator(models.TextChoices):
        BREAK_EVEN = "break_even", _("Break-even")
        DISCOUNT = "discount", _("Discount")
        PRICE_RISE = "price_rise", _("Price rise")
        CASH_DISCOUNT = "cash_discount", _("Payment discount")
        PRICE = "price", _("Price from cost")
        PROJECT = "project", _("Sales project")
        VISIT_COST = "visit_cost", _("Visit and order")
        SERVING = "serving", _("Customer and territory")

    name = models.CharField(max_length=200)
    calculator = models.CharField(max_length=13, choices=Calculator)
    period_name = models.CharField(max_length=10)
    period_start = models.DateField()
    period_end = models.DateField()
    scope = models.JSONField(default=dict)
    scope_label = models.CharField(max_length=300, blank=True)
    company = models.ForeignKey(
        "customers.Company",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="economic_decisions",
    )
    inputs = models.JSONField()
    results = models.JSONField()
    currency = models.CharField(max_length=3)
    facts_as_of = models.DateField()
    facts_built_at = models.DateTimeField(null=True)
    decision = models.TextField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    decided_on = models.DateField()
    review_on = models.DateField()
    outcome = models.TextField(blank=True)
    reviewed_on = models.DateField(null=True, blank=True)
    made_at = models.DateTimeField(editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    made_by_name = models.CharField(max_length=150, editable=False)

    class Meta:
        ordering = ("review_on", "id")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(
                    calculator__in=[
                        "break_even",
                        "discount",
                        "price_rise",
                        "cash_discount",
                        "price",
                        "project",
                        "visit_cost",
                        "serving",
                    ]
                ),
                name="economic_decision_calculator_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(period_end__gt=models.F("period_start")),
                name="economic_decision_period_is_not_empty",
            ),
            models.CheckConstraint(
                condition=~models.Q(decision=""), name="economic_decision_says_what_was_decided"
            ),
            models.CheckConstraint(
                condition=models.Q(review_on__gt=models.F("decided_on")),
                name="economic_decision_is_reviewed_after_it",
            ),
            models.CheckConstraint(
                condition=(models.Q(outcome="") & models.Q(reviewed_on=None))
                | (~models.Q(outcome="") & models.Q(reviewed_on__isnull=False)),
                name="economic_decision_outcome_has_a_day",
            ),
        )
        indexes = (
            models.Index(fields=["reviewed_on", "review_on"], name="economic_decisions_to_review"),
            models.Index(fields=["made_by", "-decided_on"], name="economic_decisions_of_maker"),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.name

    @property
    def is_reviewed(self) -> bool:
        """Whether somebody said what came of it."""
        return self.reviewed_on is not None

    def is_due(self, today: date) -> bool:
        """Whether its control date has come."""
        return not self.is_reviewed and self.review_on <= today
