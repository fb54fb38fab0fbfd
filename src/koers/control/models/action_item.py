"""What must be done about a figure, by whom, before when, and what came of it?"""

from datetime import date

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from koers.core.models import VersionedRecord


class ActionItem(VersionedRecord):
    """A promise somebody owns; ``source_url`` leads back to the figure it came from.

    ``source_key`` names an alarm, so that the alarm shows who works on it.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        DONE = "done", _("Done")
        DROPPED = "dropped", _("Dropped")

    class Source(models.TextChoices):
        ALARM = "alarm", _("Alarm")
        VARIANCE = "variance", _("Variance")
        REPORT = "report", _("Report")
        REVIEW = "review", _("Review")
        FREE = "free", _("Free")

    title = models.CharField(max_length=200)
    detail = models.TextField(blank=True)
    source = models.CharField(max_length=8, choices=Source, default=Source.FREE)
    source_label = models.CharField(max_length=200, blank=True)
    source_url = models.CharField(max_length=500, blank=True)
    source_key = models.CharField(max_length=120, blank=True)
    company = models.ForeignKey(
        "customers.Company",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="action_items",
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="action_items"
    )
    due_on = models.DateField()
    follow_up_on = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=7, choices=Status, default=Status.OPEN)
    result = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True, editable=False)
    made_at = models.DateTimeField(editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    made_by_name = models.CharField(max_length=150, editable=False)

    class Meta:
        ordering = ("due_on", "id")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(status__in=["open", "done", "dropped"]),
                name="action_item_status_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(source__in=["alarm", "variance", "report", "review", "free"]),
                name="action_item_source_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(status="open") | ~models.Q(result=""),
                name="action_item_ends_with_a_result",
            ),
        )
        indexes = (
            models.Index(fields=["owner", "status", "due_on"], name="action_items_of_owner"),
            models.Index(fields=["status", "due_on", "id"], name="action_items_by_date"),
            models.Index(fields=["source_key"], name="action_items_of_alarm"),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.status == self.Status.OPEN

    def is_overdue(self, today: date) -> bool:
        """Whether it should have been done before today."""
        return self.is_open and self.due_on < today

    def asks_follow_up(self, today: date) -> bool:
        """Whether its follow-up day has come."""
        return self.is_open and self.follow_up_on is not None and self.follow_up_on <= today
