"""What was a seller paid for a closed period, from which orders, and who disputes it?"""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models

from koers.core.models import VersionedRecord
from koers.core.money import AmountField
from koers.plan.models.pay_plan import PayPlan


class PayStatement(models.Model):
    """A closed statement: lines, terms and seal as they were paid, never changed (domain rule 0.3.7).

    ``lines`` holds per line kind, basis, rate, start, end, amount (exact texts), ``sources`` as pairs
    of order and amount, and for a correction the statement it corrects. ``seal`` is the SHA-256 of
    all of it. The period excludes its end; ``part`` is how much of it the seller was there.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="pay_statements"
    )
    plan = models.ForeignKey(PayPlan, on_delete=models.PROTECT, related_name="statements")
    period_start = models.DateField()
    period_end = models.DateField()
    part = models.DecimalField(max_digits=14, decimal_places=12)
    terms = models.JSONField()
    lines = models.JSONField()
    sales = AmountField()
    quota = AmountField(null=True)
    total = AmountField()
    currency = models.CharField(max_length=3)
    seal = models.CharField(max_length=64)
    closed_at = models.DateTimeField()
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    closed_by_name = models.CharField(max_length=150)

    class Meta:
        ordering = ("-period_start", "person__full_name", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["person", "period_start"], name="one_pay_statement_per_person_and_period"
            ),
            models.CheckConstraint(
                condition=models.Q(period_end__gt=models.F("period_start")),
                name="pay_statement_period_is_not_empty",
            ),
            models.CheckConstraint(
                condition=models.Q(part__gt=0) & models.Q(part__lte=1),
                name="pay_statement_part_is_a_share",
            ),
        )
        indexes = (models.Index(fields=["-period_start", "id"], name="pay_statements_by_period"),)

    def __str__(self) -> str:
        return f"{self.person} {self.period_start:%Y-%m-%d}"

    @property
    def last_day(self) -> date:
        """Last day inside the period."""
        return self.period_end - timedelta(days=1)

    @property
    def own_total(self) -> Decimal:
        """What was paid for this period itself, without corrections of earlier ones."""
        lines: list[dict[str, Any]] = self.lines
        return sum((Decimal(line["amount"]) for line in lines if not line.get("of")), Decimal(0))


class PayDispute(VersionedRecord):
    """What a seller holds against a statement, and what was answered."""

    statement = models.ForeignKey(PayStatement, on_delete=models.PROTECT, related_name="disputes")
    text = models.TextField()
    made_at = models.DateTimeField(editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    made_by_name = models.CharField(max_length=150, editable=False)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    answered_by_name = models.CharField(max_length=150, blank=True, editable=False)

    class Meta:
        ordering = ("made_at", "id")
        constraints = (
            models.CheckConstraint(condition=~models.Q(text=""), name="pay_dispute_says_something"),
            models.CheckConstraint(
                condition=models.Q(answer="", answered_at=None)
                | (~models.Q(answer="") & models.Q(answered_at__isnull=False)),
                name="pay_dispute_answer_has_a_moment",
            ),
            models.UniqueConstraint(
                fields=["statement"], condition=models.Q(answer=""), name="one_open_pay_dispute_per_statement"
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return str(self.statement)


class OrderSplit(models.Model):
    """The share of an order that counts for a seller's pay; shares of an order add up to 1."""

    order = models.ForeignKey("sell.Order", on_delete=models.CASCADE, related_name="splits")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="order_splits"
    )
    share = models.DecimalField(max_digits=5, decimal_places=4)

    class Meta:
        ordering = ("order", "id")
        constraints = (
            models.UniqueConstraint(fields=["order", "person"], name="one_split_per_order_and_person"),
            models.CheckConstraint(
                condition=models.Q(share__gt=0) & models.Q(share__lt=1), name="order_split_is_a_share"
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.order_id} {self.person_id} {self.share}"
