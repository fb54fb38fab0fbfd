"""Who sat together to plan, what did they find and decide, and who signed it off?"""

from django.conf import settings
from django.db import models

from koers.core.models import VersionedRecord
from koers.plan.models.goal import Goal


class PlanningSession(VersionedRecord):
    """A planning session (S1.25) with an agenda of four steps (S1.02); once signed it is never changed again.

    ``participant_names`` follows the participants, so that a change of them is versioned and trailed.
    """

    title = models.CharField(max_length=200)
    held_on = models.DateField()
    place = models.CharField(max_length=100, blank=True)
    participant_names = models.TextField(blank=True, editable=False)
    analysed = models.TextField(blank=True)
    planned = models.TextField(blank=True)
    elaborated = models.TextField(blank=True)
    controlled = models.TextField(blank=True)
    next_control_on = models.DateField()
    made_at = models.DateTimeField(editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    made_by_name = models.CharField(max_length=150, editable=False)
    signed_at = models.DateTimeField(null=True, editable=False)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    signed_by_name = models.CharField(max_length=150, blank=True, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ("-held_on", "-id")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(signed_at=None, signed_by_name="")
                | models.Q(signed_at__isnull=False) & ~models.Q(signed_by_name=""),
                name="session_is_signed_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(next_control_on__gt=models.F("held_on")),
                name="session_is_controlled_after_it_was_held",
            ),
            models.CheckConstraint(
                condition=models.Q(signed_at=None) | models.Q(deleted_at=None),
                name="signed_session_stays",
            ),
        )
        indexes = (models.Index(fields=["held_on", "id"], name="sessions_by_day"),)

    def __str__(self) -> str:
        return self.title

    @property
    def is_signed(self) -> bool:
        """Whether it is frozen."""
        return self.signed_at is not None


class SessionParticipant(models.Model):
    """Somebody who was there."""

    session = models.ForeignKey(
        PlanningSession, on_delete=models.CASCADE, related_name="participants"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="planning_sessions"
    )

    class Meta:
        ordering = ("person__full_name", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["session", "person"], name="one_participant_once_a_session"
            ),
        )

    def __str__(self) -> str:
        return str(self.person)


class SessionDecision(models.Model):
    """What was decided in a step, and for which goal."""

    session = models.ForeignKey(PlanningSession, on_delete=models.CASCADE, related_name="decisions")
    step = models.CharField(max_length=9, choices=Goal.Step)
    text = models.CharField(max_length=500)
    goal = models.ForeignKey(
        Goal, on_delete=models.SET_NULL, null=True, blank=True, related_name="decisions"
    )

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(condition=~models.Q(text=""), name="decision_says_something"),
        )

    def __str__(self) -> str:
        return self.text
