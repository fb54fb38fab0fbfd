"""How are the questions of a talk planned, marked as asked, answered and taken out?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from koers.core import audit
from koers.core.actor import Actor
from koers.core.errors import NotFoundError, RuleError
from koers.core.saving import save_changes
from koers.organisation.policies import Right, require
from koers.sell.models import Activity, CallQuestion, QuestionKind
from koers.sell.queries.activity import activity_for

MOST_QUESTIONS = 40


class QuestionRefusedError(RuleError):
    """The questions cannot be kept like this."""


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """A question as it is to be; ``key`` and ``version`` of one that stands there, an empty text takes it out."""

    kind: str
    text: str
    was_asked: bool = False
    answer: str = ""
    key: int | None = None
    version: int = 0


@transaction.atomic
def set_questions(
    *, actor: Actor, activity_id: int, lines: Sequence[QuestionLine], at: datetime
) -> None:
    """Write all lines or none; what was answered was asked. A question not among the lines stays as it is."""
    activity = activity_for(actor=actor, activity_id=activity_id)
    require(actor, Right.EDIT_CUSTOMERS)
    stored = {each.pk: each for each in CallQuestion.objects.filter(activity=activity)}
    if len(stored) + sum(line.key is None and bool(line.text) for line in lines) > MOST_QUESTIONS:
        raise QuestionRefusedError(_("A talk holds at most %(most)s questions; take some out.") % {"most": MOST_QUESTIONS})  # fmt: skip
    for line in lines:
        if line.key is None:
            _add(actor, activity, line, at)
        elif line.key in stored:
            _change(actor, stored[line.key], line, at)
        else:
            raise NotFoundError(_("This question does not exist."))


def _add(actor: Actor, activity: Activity, line: QuestionLine, at: datetime) -> None:
    if not line.text:
        return
    made = CallQuestion.objects.create(activity=activity, kind=_kind(line), **_values(line))
    audit.record(actor=actor, at=at, verb="create", obj=made)


def _change(actor: Actor, question: CallQuestion, line: QuestionLine, at: datetime) -> None:
    if line.text:
        save_changes(actor=actor, obj=question, version=line.version, values=_values(line), at=at)
        return
    audit.record(actor=actor, at=at, verb="delete", obj=question)
    question.delete()


def _kind(line: QuestionLine) -> str:
    if line.kind not in QuestionKind.values:
        raise QuestionRefusedError(_("Choose one of the four kinds of question."))
    return line.kind


def _values(line: QuestionLine) -> dict[str, object]:
    return {"text": line.text, "was_asked": line.was_asked or bool(line.answer), "answer": line.answer}  # fmt: skip
