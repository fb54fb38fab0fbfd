"""Who must sell how much, of what, where, and from when until when?"""

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce

from koers.core.models import ImportedRecord
from koers.core.money import AmountField


class Target(ImportedRecord):
    """A turnover target. Its period runs from one quota date to the next, and excludes its end."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="targets",
    )
    territory = models.ForeignKey(
        "organisation.Territory",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="targets",
    )
    product_group = models.ForeignKey(
        "catalogue.ProductGroup",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="targets",
    )
    period_start = models.DateField()
    period_end = models.DateField()
    amount = AmountField()
    currency = models.CharField(max_length=3)

    class Meta:
        ordering = ("period_start", "person", "id")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(period_end__gt=models.F("period_start")),
                name="target_period_is_not_empty",
            ),
            models.CheckConstraint(
                condition=models.Q(amount__gte=0), name="target_is_not_negative"
            ),
            models.UniqueConstraint(
                Coalesce("person", 0),
                Coalesce("territory", 0),
                Coalesce("product_group", 0),
                "period_start",
                name="one_target_per_scope_and_start",
            ),
        )
        indexes = (models.Index(fields=["period_start", "period_end"], name="targets_by_period"),)

    def __str__(self) -> str:
        return f"{self.person_id} {self.period_start} {self.amount}"

    @property
    def last_day(self) -> date:
        """Last day inside the period, for people who read 'up to and including'."""
        return self.period_end - timedelta(days=1)
