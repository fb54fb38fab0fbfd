"""How are our own scores of the drivers of customer equity written down, corrected and removed?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from koers.analyse.models import EquityAssessment, EquityScore
from koers.analyse.models.equity_score import HIGHEST, OWN_WORDS
from koers.analyse.queries.equity_score import assessment_for
from koers.core import audit
from koers.core.actor import Actor
from koers.core.errors import RuleError, StaleVersionError
from koers.customers.models import Segment
from koers.organisation.policies import Right, require


class ScoresRefusedError(RuleError):
    """The scores cannot be kept like this."""


@dataclass(frozen=True, slots=True)
class ItemScore:
    """What is said of one item: score 0-10, weight within its driver 0-1 or none, and on what it rests."""

    score: Decimal
    weight: Decimal | None = None
    basis: str = ""


@dataclass(frozen=True, slots=True)
class AssessmentValues:
    """What is written down on a day."""

    segment: Segment | None
    day: date
    scores: Mapping[str, ItemScore]
    note: str = ""


@transaction.atomic
def add_assessment(*, actor: Actor, values: AssessmentValues, at: datetime) -> EquityAssessment:
    """Write down our scores of a day; weights that do not total 1 per driver leave it a draft."""
    require(actor, Right.EDIT_RULES)
    _check(values, at)
    made = EquityAssessment.objects.create(
        segment=values.segment, day=values.day, note=values.note.strip(), made_by_id=actor.user_id
    )
    _write(made, values.scores)
    audit.record(actor=actor, at=at, verb="create", obj=made, changes={"scores": audit.Change("", _text(values.scores))})  # fmt: skip
    return made


@transaction.atomic
def change_assessment(
    *, actor: Actor, assessment_id: int, version: int, values: AssessmentValues, at: datetime
) -> EquityAssessment:
    """Correct scores, unless somebody else changed them since ``version``."""
    require(actor, Right.EDIT_RULES)
    assessment_for(actor=actor, assessment_id=assessment_id)
    stored = EquityAssessment.objects.select_for_update().get(pk=assessment_id)
    if stored.version != version:
        raise StaleVersionError(_("Somebody else changed these scores while you were editing them. Yours still stand below; save again to overwrite the others."), {})  # fmt: skip
    _check(values, at, but=stored.pk)
    before = {each.item: ItemScore(each.score, each.weight, each.basis) for each in stored.scores.all()}  # fmt: skip
    wanted = {"segment": values.segment, "day": values.day, "note": values.note.strip()}
    changes = {name: audit.Change(getattr(stored, name), value) for name, value in wanted.items() if getattr(stored, name) != value}  # fmt: skip
    if _text(before) != _text(values.scores):
        changes["scores"] = audit.Change(_text(before), _text(values.scores))
    if not changes:
        return stored
    for name, value in wanted.items():
        setattr(stored, name, value)
    stored.version += 1
    stored.save(update_fields=[*wanted, "version"])
    stored.scores.all().delete()
    _write(stored, values.scores)
    audit.record(actor=actor, at=at, verb="change", obj=stored, changes=changes)
    return stored


@transaction.atomic
def remove_assessment(*, actor: Actor, assessment_id: int, at: datetime) -> None:
    """Take scores away that should not have been written down; the trail keeps them."""
    require(actor, Right.EDIT_RULES)
    found = assessment_for(actor=actor, assessment_id=assessment_id)
    scores = {each.item: ItemScore(each.score, each.weight, each.basis) for each in found.scores.all()}  # fmt: skip
    audit.record(actor=actor, at=at, verb="delete", obj=found, changes={"scores": audit.Change(_text(scores), "")})  # fmt: skip
    found.delete()


def _check(values: AssessmentValues, at: datetime, *, but: int | None = None) -> None:
    if not values.scores:
        raise ScoresRefusedError(_("Give at least one score."))
    if values.day > timezone.localdate(at):
        raise ScoresRefusedError(_("The day lies in the future; choose today or earlier."))
    for name, each in values.scores.items():
        if not 0 <= each.score <= HIGHEST:
            raise ScoresRefusedError(_("%(item)s: a score lies between 0 and 10.") % {"item": OWN_WORDS[name]})  # fmt: skip
        if each.weight is not None and not 0 <= each.weight <= 1:
            raise ScoresRefusedError(_("%(item)s: a weight lies between 0 and 100%%.") % {"item": OWN_WORDS[name]})  # fmt: skip
    same = EquityAssessment.objects.filter(segment=values.segment, day=values.day)
    if any(each != but for each in same.values_list("pk", flat=True)):
        raise ScoresRefusedError(_("There are scores of this segment on this day already; correct those, or choose another day."))  # fmt: skip


def _write(assessment: EquityAssessment, scores: Mapping[str, ItemScore]) -> None:
    EquityScore.objects.bulk_create(
        EquityScore(assessment=assessment, item=name, score=scores[name].score, weight=scores[name].weight, basis=scores[name].basis)
        for name in _in_order(scores)
    )  # fmt: skip


def _in_order(scores: Mapping[str, ItemScore]) -> Sequence[str]:
    return [name for name in OWN_WORDS if name in scores]


def _text(scores: Mapping[str, ItemScore]) -> str:
    """The scores as one line of the trail."""
    parts = []
    for name in _in_order(scores):
        each = scores[name]
        weight = "" if each.weight is None else f" × {each.weight * 100:.4g}%"
        parts.append(f"{name} {each.score.normalize():f}{weight}{f' ({each.basis})' if each.basis else ''}")  # fmt: skip
    return "; ".join(parts)
