"""What did we agree to sell, at which cost, per month and seller, product group or business unit?"""

from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from koers.core.models import VersionedRecord
from koers.core.money import AmountField
from koers.core.periods import add_months

MONTHS = 12


class Budget(VersionedRecord):
    """A version of a year's sales budget; only a draft may be changed, a frozen one never again."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Submitted")
        APPROVED = "approved", _("Approved")
        FROZEN = "frozen", _("Frozen")

    class Division(models.TextChoices):
        SELLER = "seller", _("Seller")
        GROUP = "group", _("Product group")
        SBU = "sbu", _("Business unit")

    name = models.CharField(max_length=100)
    division = models.CharField(max_length=10, choices=Division)
    first_month = models.DateField()
    currency = models.CharField(max_length=3)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    made_by_name = models.CharField(max_length=150)
    decided_at = models.DateTimeField(null=True)
    decided_by_name = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering = ("-first_month", "-made_at", "-id")

    def __str__(self) -> str:
        return self.name

    @property
    def end(self) -> date:
        """The first day after its last month."""
        return add_months(self.first_month, MONTHS)

    @property
    def last_month(self) -> date:
        """The last month that is budgeted."""
        return add_months(self.first_month, MONTHS - 1)


class BudgetPart(models.Model):
    """A seller, group or unit of a budget; ``proposed`` is what it says itself (bottom-up)."""

    budget = models.ForeignKey(Budget, on_delete=models.CASCADE, related_name="parts")
    key = models.BigIntegerField()
    label = models.CharField(max_length=200)
    cost_share = models.DecimalField(max_digits=9, decimal_places=8)
    proposed = AmountField(null=True)
    proposed_by_name = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering = ("label", "id")
        constraints = (
            models.UniqueConstraint(fields=["budget", "key"], name="one_budget_part_per_key"),
        )

    def __str__(self) -> str:
        return self.label


class BudgetCell(models.Model):
    """One month of a part: turnover, and the cost of what is sold; a locked cell survives spreading."""

    part = models.ForeignKey(BudgetPart, on_delete=models.CASCADE, related_name="cells")
    month = models.DateField()
    turnover = AmountField(default=Decimal(0))
    cost = AmountField(default=Decimal(0))
    is_locked = models.BooleanField(default=False)

    class Meta:
        ordering = ("month",)
        constraints = (
            models.UniqueConstraint(fields=["part", "month"], name="one_budget_cell_per_month"),
            models.CheckConstraint(
                condition=models.Q(turnover__gte=0), name="budgeted_turnover_is_not_negative"
            ),
        )

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.turnover}"

    @property
    def contribution(self) -> Decimal:
        """Turnover less the cost of what is sold."""
        return Decimal(self.turnover) - Decimal(self.cost)
