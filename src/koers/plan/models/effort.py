"""What does a seller expect of more or fewer visits, and which division of visits followed from it?"""

from datetime import date, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from koers.core import formats
from koers.core.models import VersionedRecord
from koers.core.money import AmountField
from koers.customers.models.company import CustomerClass
from koers.plan.models.visit_norm import MOST_VISITS

CENT = Decimal("0.01")


class EffortClassCurve(VersionedRecord):
    """What is assumed of every customer of a class without an estimate of its own (F6.9).

    Shares of the customer's turnover of today: without visits, at half of today's, at half as many
    again, and at endless visits. Then between how many visits a year the division may choose.
    """

    customer_class = models.CharField(max_length=8, choices=CustomerClass, unique=True)
    none = models.DecimalField(max_digits=6, decimal_places=4)
    half = models.DecimalField(max_digits=6, decimal_places=4)
    more = models.DecimalField(max_digits=6, decimal_places=4)
    most = models.DecimalField(max_digits=6, decimal_places=4)
    least_visits = models.PositiveSmallIntegerField()
    most_visits = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("customer_class",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(none__gte=0)
                & models.Q(half__gt=models.F("none"))
                & models.Q(half__lt=1)
                & models.Q(more__gt=1)
                & models.Q(most__gt=models.F("more")),
                name="effort_class_curve_rises_through_today",
            ),
            models.CheckConstraint(
                condition=models.Q(most_visits__gte=models.F("least_visits"))
                & models.Q(most_visits__lte=MOST_VISITS),
                name="effort_class_visits_fit_in_a_year",
            ),
        )

    def __str__(self) -> str:
        return str(CustomerClass(self.customer_class).label)


class EffortEstimate(VersionedRecord):
    """A seller's four estimates of one customer's turnover a year, and limits to its visits (F6.9).

    All four or none; ``turnover`` and ``visits`` are what was true of the twelve months before
    ``estimated_on``, the point the curve passes through. A limit left empty is that of the class.
    """

    company = models.OneToOneField(
        "customers.Company", on_delete=models.CASCADE, related_name="effort_estimate"
    )
    none = AmountField(null=True, blank=True)
    half = AmountField(null=True, blank=True)
    more = AmountField(null=True, blank=True)
    most = AmountField(null=True, blank=True)
    turnover = AmountField(null=True, blank=True)
    visits = models.PositiveSmallIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3)
    estimated_on = models.DateField(null=True, blank=True)
    least_visits = models.PositiveSmallIntegerField(null=True, blank=True)
    most_visits = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ("company", "id")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(
                    none=None, half=None, more=None, most=None, turnover=None, visits=None, estimated_on=None
                )
                | (
                    models.Q(none__gte=0)
                    & models.Q(half__gt=models.F("none"))
                    & models.Q(turnover__gt=models.F("half"))
                    & models.Q(more__gt=models.F("turnover"))
                    & models.Q(most__gt=models.F("more"))
                    & models.Q(visits__gt=0)
                    & models.Q(estimated_on__isnull=False)
                ),
                name="effort_estimates_rise_through_today",
            ),
            models.CheckConstraint(
                condition=models.Q(least_visits=None)
                | models.Q(most_visits=None)
                | models.Q(most_visits__gte=models.F("least_visits")),
                name="effort_estimate_most_is_not_below_least",
            ),
            models.CheckConstraint(
                condition=(models.Q(most_visits=None) | models.Q(most_visits__lte=MOST_VISITS))
                & (models.Q(least_visits=None) | models.Q(least_visits__lte=MOST_VISITS)),
                name="effort_estimate_fits_in_a_year",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return str(self.company)

    @property
    def is_estimated(self) -> bool:
        """Whether it holds the four estimates, or limits alone."""
        return self.none is not None


class EffortRun(models.Model):
    """A division of visits as it was computed, with what it was computed from; never computed anew.

    Values are a year's contribution, or turnover where ``basis`` says so. ``inputs`` holds the
    curves per class, minutes of travel and waiting, and the day of the norms.
    """

    class Basis(models.TextChoices):
        CONTRIBUTION = "contribution", _("Contribution")
        TURNOVER = "turnover", _("Turnover")

    scope_label = models.CharField(max_length=200, blank=True)
    year = models.PositiveSmallIntegerField()
    basis = models.CharField(max_length=12, choices=Basis)
    currency = models.CharField(max_length=3)
    period_start = models.DateField()
    period_end = models.DateField()
    inputs = models.JSONField(default=dict)
    customers = models.PositiveIntegerField()
    estimated = models.PositiveIntegerField()
    hours = models.FloatField()
    hours_used = models.FloatField()
    norm_hours = models.FloatField()
    norm_value = AmountField()
    actual_value = AmountField()
    best_value = AmountField()
    bound = AmountField()
    same_hours_value = AmountField(null=True)
    next_seller = AmountField(null=True)
    next_seller_hours = models.FloatField(null=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    made_by_name = models.CharField(max_length=150)
    job_id = models.BigIntegerField(null=True, unique=True)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    accepted_by_name = models.CharField(max_length=150, blank=True)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)

    class Meta:
        ordering = ("-made_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(basis__in=["contribution", "turnover"]),
                name="effort_basis_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_at=None, starts_on=None, ends_on=None)
                | models.Q(accepted_at__isnull=False, starts_on__lt=models.F("ends_on")),
                name="effort_accepted_for_a_period",
            ),
        )

    def __str__(self) -> str:
        return f"{self.scope_label} {self.year}"

    @property
    def gain(self) -> Decimal:
        """The best value less that of the norms."""
        return Decimal(self.best_value - self.norm_value)

    @property
    def last_day(self) -> date:
        """The last day of the turnover and visits it was computed from."""
        return self.period_end - timedelta(days=1)

    @property
    def is_exact(self) -> bool:
        """Whether no other division can be worth more."""
        return bool(self.bound - self.best_value < CENT)


class EffortSeller(models.Model):
    """One seller in a run: the hours there were, and what norm, actual and best are worth.

    ``reserved`` is the hours of customers left out, which keep the visits of their norm; ``steps``
    is the best value at 80 to 120 % of the hours, empty where least visits do not fit.
    """

    run = models.ForeignKey(EffortRun, on_delete=models.CASCADE, related_name="sellers")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    name = models.CharField(max_length=150)
    days = models.FloatField()
    hours = models.FloatField()
    reserved = models.FloatField()
    hours_used = models.FloatField()
    norm_hours = models.FloatField()
    actual_hours = models.FloatField()
    customers = models.PositiveIntegerField()
    left_out = models.PositiveIntegerField()
    norm_value = AmountField()
    actual_value = AmountField()
    best_value = AmountField()
    bound = AmountField()
    same_hours_value = AmountField(null=True)
    hour_value = AmountField(null=True)
    steps = models.JSONField(default=list)

    class Meta:
        ordering = ("name", "id")
        constraints = (
            models.UniqueConstraint(fields=["run", "person"], name="effort_seller_once_per_run"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def gain(self) -> Decimal:
        """The best value less that of the norms."""
        return Decimal(self.best_value - self.norm_value)


class EffortLine(models.Model):
    """One customer in a run: its curve, limits, and norm, actual and best beside each other.

    The curve is turnover a year at x visits: ``s0`` + (``smax`` − s0)·x^``shape`` / (``scale`` +
    x^shape); ``misfit`` is how far it lies from the estimates at most. ``margin`` turns turnover
    into value. ``one_more`` and ``one_less`` are what a visit more brings and one less costs.
    ``former`` is the exception an acceptance replaced, ``written_version`` what it wrote.
    """

    class Source(models.TextChoices):
        ESTIMATE = "estimate", _("Own estimate")
        CLASS = "class", _("By class")

    run = models.ForeignKey(EffortRun, on_delete=models.CASCADE, related_name="lines")
    seller = models.ForeignKey(EffortSeller, on_delete=models.CASCADE, related_name="lines")
    company = models.ForeignKey(
        "customers.Company", on_delete=models.CASCADE, related_name="effort_lines"
    )
    customer_class = models.CharField(max_length=8, choices=CustomerClass)
    source = models.CharField(max_length=8, choices=Source)
    turnover = AmountField()
    visits = models.PositiveSmallIntegerField()
    s0 = models.FloatField()
    smax = models.FloatField()
    shape = models.FloatField()
    scale = models.FloatField()
    misfit = models.FloatField()
    margin = models.FloatField()
    hours = models.FloatField()
    least = models.PositiveSmallIntegerField()
    most = models.PositiveSmallIntegerField()
    norm = models.PositiveSmallIntegerField(null=True)
    actual = models.PositiveIntegerField()
    best = models.PositiveSmallIntegerField()
    change = models.IntegerField()
    norm_value = AmountField()
    best_value = AmountField()
    one_more = AmountField()
    one_less = AmountField()
    per_hour = AmountField()
    former = models.JSONField(null=True)
    written_version = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ("-one_more", "id")
        constraints = (
            models.UniqueConstraint(fields=["run", "company"], name="effort_line_once_per_run"),
            models.CheckConstraint(
                condition=models.Q(best__gte=models.F("least"))
                & models.Q(best__lte=models.F("most")),
                name="effort_best_lies_within_limits",
            ),
            models.CheckConstraint(
                condition=models.Q(source__in=["estimate", "class"]),
                name="effort_source_is_known",
            ),
        )

    def __str__(self) -> str:
        return str(self.company)

    @property
    def plus(self) -> str:
        """The change against the norm, with its sign."""
        return formats.signed(formats.number(self.change), self.change)

    @property
    def loss(self) -> Decimal:
        """What one visit less costs, as a change."""
        return Decimal(-self.one_less)
