"""How many days and hours does a seller have in a year, and on which days is he or she away?"""

from datetime import date, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from koers.core.models import VersionedRecord
from koers.plan.models.visit_norm import WORKING_WEEK

MOST_DAYS = 366
# A start, no measurement: leave besides public holidays, sickness, days for training and meetings.
USUAL_LEAVE, USUAL_SICKNESS, USUAL_OTHER = 25, 10, 17
USUAL_HOURS = Decimal(8)


class SellerYear(VersionedRecord):
    """What is expected of a seller's year (F6.5): days off per kind, weekdays, hours a day.

    Hours a day are for visits with their travel and waiting (U of F6.1). Without a record the usual
    numbers hold.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="seller_years"
    )
    year = models.PositiveSmallIntegerField()
    weekdays = models.CharField(max_length=7, default=WORKING_WEEK)
    hours_a_day = models.DecimalField(max_digits=4, decimal_places=2, default=USUAL_HOURS)
    leave_days = models.PositiveSmallIntegerField(default=USUAL_LEAVE)
    sick_days = models.PositiveSmallIntegerField(default=USUAL_SICKNESS)
    other_days = models.PositiveSmallIntegerField(default=USUAL_OTHER)

    class Meta:
        ordering = ("-year", "person")
        constraints = (
            models.UniqueConstraint(fields=["person", "year"], name="one_seller_year"),
            models.CheckConstraint(
                condition=~models.Q(weekdays=""), name="seller_year_has_a_weekday"
            ),
            models.CheckConstraint(
                condition=models.Q(hours_a_day__gt=0) & models.Q(hours_a_day__lte=16),
                name="seller_day_has_hours",
            ),
            models.CheckConstraint(
                condition=models.Q(leave_days__lte=MOST_DAYS)
                & models.Q(sick_days__lte=MOST_DAYS)
                & models.Q(other_days__lte=MOST_DAYS),
                name="seller_year_fits_in_a_year",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person} {self.year}"


class Absence(VersionedRecord):
    """Days on which a seller visits nobody, from a day until a day (excluded); whole days.

    There is no room for a reason: of sickness no more is kept than that somebody was away.
    """

    class Kind(models.TextChoices):
        LEAVE = "leave", _("Leave")
        SICKNESS = "sickness", _("Sickness")
        OTHER = "other", _("Other work")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="absences"
    )
    kind = models.CharField(max_length=8, choices=Kind)
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        ordering = ("starts_on", "id")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(ends_on__gt=models.F("starts_on")),
                name="absence_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["leave", "sickness", "other"]),
                name="absence_kind_is_known",
            ),
        )
        indexes = (
            models.Index(fields=["person", "ends_on", "starts_on"], name="absences_of_person"),
        )

    def __str__(self) -> str:
        return f"{self.person} {self.starts_on:%Y-%m-%d}"

    @property
    def last_day(self) -> date:
        """The last day away."""
        return self.ends_on - timedelta(days=1)
