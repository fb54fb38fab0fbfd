"""How often, how long and on which days should a customer be visited, and from when on?"""

from django.conf import settings
from django.db import models

from koers.core.models import VersionedRecord
from koers.customers.models.company import CustomerClass, Phase

MOST_VISITS = 366
MINUTES_IN_DAY = 24 * 60
WORKING_WEEK = "12345"


class VisitNormSet(VersionedRecord):
    """A version of the norms, in force from ``starts_on`` until the next one starts.

    Travel and waiting are minutes per visit, for the hours the norms ask (F6.1).
    """

    starts_on = models.DateField(unique=True)
    travel_minutes = models.PositiveSmallIntegerField(default=30)
    waiting_minutes = models.PositiveSmallIntegerField(default=15)
    note = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    made_by_name = models.CharField(max_length=150)

    class Meta:
        ordering = ("-starts_on",)

    def __str__(self) -> str:
        return f"{self.starts_on:%Y-%m-%d}"


class VisitNorm(models.Model):
    """What holds for a class, or for a class in one phase of the life cycle (E-VisitNorm).

    ``weekdays`` names the days a visit may fall on, 1 for Monday to 7; ``unit`` weighs a visit
    against a standard one (F6.3).
    """

    norm_set = models.ForeignKey(VisitNormSet, on_delete=models.CASCADE, related_name="norms")
    customer_class = models.CharField(max_length=8, choices=CustomerClass)
    phase = models.CharField(max_length=14, choices=Phase, blank=True)
    visits = models.PositiveSmallIntegerField()
    minutes = models.PositiveSmallIntegerField()
    unit = models.DecimalField(max_digits=4, decimal_places=2, default=1)
    weekdays = models.CharField(max_length=7, default=WORKING_WEEK)

    class Meta:
        ordering = ("customer_class", "phase")
        constraints = (
            models.UniqueConstraint(
                fields=["norm_set", "customer_class", "phase"],
                name="one_visit_norm_per_class_and_phase",
            ),
            models.CheckConstraint(
                condition=models.Q(visits__lte=MOST_VISITS), name="visit_norm_fits_in_a_year"
            ),
            models.CheckConstraint(
                condition=models.Q(minutes__gte=1) & models.Q(minutes__lte=MINUTES_IN_DAY),
                name="normal_visit_fits_in_a_day",
            ),
            models.CheckConstraint(
                condition=models.Q(unit__gt=0), name="visit_unit_is_above_nothing"
            ),
            models.CheckConstraint(
                condition=~models.Q(weekdays=""), name="visit_norm_allows_a_weekday"
            ),
        )

    def __str__(self) -> str:
        return f"{self.customer_class} {self.phase} {self.visits}"


class VisitException(VersionedRecord):
    """What holds for one customer instead of its norm, why, and from when until when.

    What is left empty follows the norm; ``ends_on`` is excluded, and empty while it goes on.
    """

    company = models.OneToOneField(
        "customers.Company", on_delete=models.CASCADE, related_name="visit_exception"
    )
    visits = models.PositiveSmallIntegerField(null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    weekdays = models.CharField(max_length=7, blank=True)
    reason = models.CharField(max_length=300)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("company", "id")
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(reason=""), name="visit_exception_has_a_reason"
            ),
            models.CheckConstraint(
                condition=models.Q(visits__isnull=False)
                | models.Q(minutes__isnull=False)
                | ~models.Q(weekdays=""),
                name="visit_exception_says_something",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gt=models.F("starts_on")),
                name="visit_exception_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=models.Q(visits=None) | models.Q(visits__lte=MOST_VISITS),
                name="visit_exception_fits_in_a_year",
            ),
            models.CheckConstraint(
                condition=models.Q(minutes=None)
                | (models.Q(minutes__gte=1) & models.Q(minutes__lte=MINUTES_IN_DAY)),
                name="exceptional_visit_fits_in_a_day",
            ),
        )

    def __str__(self) -> str:
        return str(self.company)
