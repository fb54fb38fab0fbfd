"""What did we do for a customer, what is planned, and what came of it?"""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from koers.core.models import ImportedRecord

TALKS = ("visit", "call", "meeting")
"""Kinds in which one talks with the customer, and that end with an outcome."""
MINUTES_IN_DAY = 24 * 60
USUAL_MINUTES = 30


class ActivityKind(models.TextChoices):
    """What sort of contact or work it is."""

    VISIT = "visit", _("Visit")
    CALL = "call", _("Phone call")
    MAIL = "mail", _("E-mail")
    MEETING = "meeting", _("Meeting")
    TASK = "task", _("Task")


class ActivityStatus(models.TextChoices):
    """Whether it still must happen."""

    PLANNED = "planned", _("Planned")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")


class ActivityOutcome(models.TextChoices):
    """How a call or visit ended; an advance commits the customer, a continuation does not."""

    ORDER = "order", _("Order")
    ADVANCE = "advance", _("Advance")
    CONTINUATION = "continuation", _("Continuation")
    NO_SALE = "no_sale", _("No sale")
    NOT_REACHED = "not_reached", _("Not reached")


ALLOWED_MOVES: dict[str, frozenset[str]] = {
    ActivityStatus.PLANNED: frozenset({ActivityStatus.DONE, ActivityStatus.CANCELLED}),
    ActivityStatus.DONE: frozenset({ActivityStatus.PLANNED}),
    ActivityStatus.CANCELLED: frozenset({ActivityStatus.PLANNED}),
}


class Activity(ImportedRecord):
    """A visit, call, mail, meeting or task on a day; a task is due on that day.

    The time of day is wall-clock time of the organisation; ``minutes`` is how long it takes.
    ``commitment`` is what the customer agreed to do, by whom and on which day: without it no
    outcome is an advance (S1.21). Whole or absent; advances from before it was asked have none.
    ``key`` comes from the browser, so that a report sent twice is stored once.
    """

    kind = models.CharField(max_length=7, choices=ActivityKind)
    subject = models.CharField(max_length=200)
    company = models.ForeignKey(
        "customers.Company",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="activities",
    )
    opportunity = models.ForeignKey(
        "sell.Opportunity",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="activities",
    )
    contacts = models.ManyToManyField("customers.Contact", blank=True, related_name="activities")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="activities",
    )
    day = models.DateField()
    start_time = models.TimeField(null=True, blank=True)
    minutes = models.PositiveIntegerField(null=True, blank=True)
    status = models.CharField(max_length=9, choices=ActivityStatus, default=ActivityStatus.PLANNED)
    outcome = models.CharField(max_length=12, choices=ActivityOutcome, blank=True)
    report = models.TextField(blank=True)
    commitment = models.CharField(max_length=200, blank=True)
    commitment_on = models.DateField(null=True, blank=True)
    commitment_by = models.CharField(max_length=100, blank=True)
    done_at = models.DateTimeField(null=True, blank=True, editable=False)
    follows = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="next_steps"
    )
    key = models.CharField(max_length=64, null=True, blank=True, unique=True, editable=False)

    class Meta:
        ordering = ("-day", "-id")
        verbose_name_plural = "activities"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind__in=ActivityKind.values), name="activity_kind_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=ActivityStatus.values),
                name="activity_status_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(minutes=None) | models.Q(minutes__lte=MINUTES_IN_DAY),
                name="activity_fits_in_a_day",
            ),
            models.CheckConstraint(
                condition=~models.Q(follows=models.F("id")), name="activity_follows_another"
            ),
            models.CheckConstraint(
                condition=models.Q(commitment="", commitment_by="", commitment_on=None)
                | (
                    ~models.Q(commitment="")
                    & ~models.Q(commitment_by="")
                    & ~models.Q(commitment_on=None)
                ),
                name="activity_commitment_is_whole",
            ),
        )
        indexes = (
            models.Index(fields=["company", "-day", "-id"], name="activities_of_company"),
            models.Index(fields=["owner", "status", "day"], name="activities_of_owner"),
            models.Index(fields=["status", "day"], name="activities_by_status"),
            models.Index(fields=["-day", "-id"], name="activities_by_day"),
        )

    def __str__(self) -> str:
        return self.subject

    def is_overdue(self, today: date) -> bool:
        """Whether it should have happened before today."""
        return self.status == ActivityStatus.PLANNED and self.day < today

    @property
    def starts_at(self) -> datetime | None:
        """The moment it starts; None when it has no time of day."""
        if self.start_time is None:
            return None
        return timezone.make_aware(datetime.combine(self.day, self.start_time))

    @property
    def ends_at(self) -> datetime | None:
        """The moment it ends; half an hour where no length is known."""
        start = self.starts_at
        return None if start is None else start + timedelta(minutes=self.minutes or USUAL_MINUTES)
