"""Which forecasts were given, by whom, when, by which method, and what did people change in them?"""

from datetime import date

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from koers.core.money import AmountField
from koers.core.periods import add_months


class ForecastRun(models.Model):
    """A forecast of monthly turnover as it was given; it is never changed and never removed."""

    class Division(models.TextChoices):
        SELLER = "seller", _("Seller")
        GROUP = "group", _("Product group")
        SBU = "sbu", _("Business unit")

    division = models.CharField(max_length=10, choices=Division)
    first_month = models.DateField()
    horizon = models.PositiveSmallIntegerField()
    currency = models.CharField(max_length=3)
    covers_all = models.BooleanField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    made_by_name = models.CharField(max_length=150)
    job_id = models.BigIntegerField(null=True, unique=True)

    class Meta:
        ordering = ("-made_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(horizon__gte=1), name="forecast_looks_a_month_ahead"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_division_display()} {self.first_month:%Y-%m} +{self.horizon}"

    @property
    def last_month(self) -> date:
        """The last month that is forecast."""
        return add_months(self.first_month, self.horizon - 1)


class ForecastSeries(models.Model):
    """The total or one part of a run; ``key`` is the part's seller, group or unit as it was then."""

    run = models.ForeignKey(ForecastRun, on_delete=models.CASCADE, related_name="series")
    is_total = models.BooleanField()
    key = models.BigIntegerField(null=True)
    label = models.CharField(max_length=200, blank=True)
    method = models.CharField(max_length=120)
    error = models.FloatField(null=True)
    naive_error = models.FloatField(null=True)

    class Meta:
        ordering = ("-is_total", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["run"],
                condition=models.Q(is_total=True),
                name="one_total_per_forecast_run",
            ),
        )

    def __str__(self) -> str:
        return self.label or str(self.pk)


class ForecastPoint(models.Model):
    """One month of a series: what the method gave, with its 80 % and 95 % limits."""

    series = models.ForeignKey(ForecastSeries, on_delete=models.CASCADE, related_name="points")
    month = models.DateField()
    value = AmountField()
    low_80 = AmountField()
    high_80 = AmountField()
    low_95 = AmountField()
    high_95 = AmountField()

    class Meta:
        ordering = ("month",)
        constraints = (
            models.UniqueConstraint(fields=["series", "month"], name="one_forecast_per_month"),
            models.CheckConstraint(
                condition=models.Q(low_95__lte=models.F("low_80"))
                & models.Q(low_80__lte=models.F("value"))
                & models.Q(value__lte=models.F("high_80"))
                & models.Q(high_80__lte=models.F("high_95")),
                name="forecast_lies_within_its_limits",
            ),
        )

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.value}"


class ForecastOverride(models.Model):
    """Somebody's other figure for a month, with the reason; the latest one counts, all are kept."""

    point = models.ForeignKey(ForecastPoint, on_delete=models.CASCADE, related_name="overrides")
    value = AmountField()
    reason = models.CharField(max_length=300)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    made_by_name = models.CharField(max_length=150)

    class Meta:
        ordering = ("-made_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(reason=""), name="forecast_override_has_a_reason"
            ),
        )

    def __str__(self) -> str:
        return f"{self.value} {self.reason}"
