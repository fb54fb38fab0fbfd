"""Which questions does a seller want to ask in a talk, and which were asked (SPIN)?"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from koers.core.models import VersionedRecord


class QuestionKind(models.TextChoices):
    """The four kinds of SPIN, in the order of a talk."""

    SITUATION = "S", _("Situation")
    PROBLEM = "P", _("Problem")
    IMPLICATION = "I", _("Implication")
    NEED_PAYOFF = "N", _("Need-payoff")


class CallQuestion(VersionedRecord):
    """A question planned for an activity; after the talk, whether it was asked and what was answered."""

    activity = models.ForeignKey(
        "sell.Activity", on_delete=models.CASCADE, related_name="questions"
    )
    kind = models.CharField(max_length=1, choices=QuestionKind)
    text = models.CharField(max_length=300)
    was_asked = models.BooleanField(default=False)
    answer = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind__in=QuestionKind.values), name="question_kind_is_known"
            ),
            models.CheckConstraint(condition=~models.Q(text=""), name="question_says_something"),
            models.CheckConstraint(
                condition=models.Q(was_asked=True) | models.Q(answer=""), name="only_what_was_asked_is_answered"
            ),
        )  # fmt: skip
        indexes = (models.Index(fields=["was_asked", "kind"], name="questions_asked"),)

    def __str__(self) -> str:
        return self.text
