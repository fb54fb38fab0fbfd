"""Which factors are vital for the continuity of the company, and which for its success?"""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from koers.core.models import VersionedRecord
from koers.core.money import E4Field
from koers.plan.models.goal import Goal


class KeySuccessFactor(VersionedRecord):
    """A hygiene factor (S2.50) passes or fails its threshold; a visionary one (S2.51) is on its way to an ambition.

    Values are in ``unit``: an amount of money, a number, or a share 0-1.
    """

    class Class(models.TextChoices):
        HYGIENE = "hygiene", pgettext_lazy("class of a factor", "Hygiene")
        VISIONARY = "visionary", pgettext_lazy("class of a factor", "Visionary")

    class Bound(models.TextChoices):
        LEAST = "least", pgettext_lazy("bound of a factor", "At least")
        MOST = "most", pgettext_lazy("bound of a factor", "At most")

    class Unit(models.TextChoices):
        MONEY = "money", pgettext_lazy("unit of a goal", "Amount of money")
        NUMBER = "number", pgettext_lazy("unit of a goal", "Number")
        SHARE = "share", pgettext_lazy("unit of a goal", "Percentage")

    class Figure(models.TextChoices):
        TURNOVER = "turnover", _("Turnover")
        CONTRIBUTION = "contribution", _("Contribution")
        MARGIN = "margin", _("Margin")
        NEW_CUSTOMERS = "new_customers", _("New customers")
        VISITS = "visits", _("Visits made")

    title = models.CharField(max_length=200)
    detail = models.TextField(blank=True)
    factor_class = models.CharField(max_length=9, choices=Class)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="key_success_factors",
    )
    goal = models.ForeignKey(
        Goal,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="key_success_factors",
    )
    unit = models.CharField(max_length=6, choices=Unit)
    currency = models.CharField(max_length=3, blank=True)
    figure = models.CharField(max_length=13, choices=Figure, blank=True)
    bound = models.CharField(max_length=5, choices=Bound, blank=True)
    threshold = E4Field(null=True, blank=True)
    start_value = E4Field(default=Decimal(0))
    ambition = E4Field(null=True, blank=True)
    step = models.CharField(max_length=9, choices=Goal.Step, default=Goal.Step.ANALYSE)
    control_on = models.DateField()
    made_at = models.DateTimeField(editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    made_by_name = models.CharField(max_length=150, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ("factor_class", "title", "id")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(
                    factor_class="hygiene",
                    bound__in=["least", "most"],
                    threshold__isnull=False,
                    ambition=None,
                )
                | models.Q(
                    factor_class="visionary", bound="", threshold=None, ambition__isnull=False
                ),
                name="factor_has_a_threshold_or_an_ambition",
            ),
            models.CheckConstraint(
                condition=models.Q(ambition=None) | ~models.Q(ambition=models.F("start_value")),
                name="ambition_is_not_where_it_starts",
            ),
            models.CheckConstraint(
                condition=~models.Q(unit="money") | ~models.Q(currency=""),
                name="factor_in_money_has_a_currency",
            ),
        )
        indexes = (models.Index(fields=["factor_class", "title", "id"], name="factors_by_class"),)

    def __str__(self) -> str:
        return self.title

    @property
    def is_hygiene(self) -> bool:
        """Whether it passes or fails."""
        return self.factor_class == self.Class.HYGIENE


class FactorMeasurement(models.Model):
    """What a factor was on a day, measured by hand; one per day, the last day counts."""

    factor = models.ForeignKey(
        KeySuccessFactor, on_delete=models.CASCADE, related_name="measurements"
    )
    day = models.DateField()
    value = E4Field()
    note = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    made_by_name = models.CharField(max_length=150)

    class Meta:
        ordering = ("-day",)
        constraints = (
            models.UniqueConstraint(
                fields=["factor", "day"], name="one_measurement_of_a_factor_a_day"
            ),
        )

    def __str__(self) -> str:
        return f"{self.factor} {self.day.isoformat()}"
