"""How many customers answered what, by segment, seller, business unit or quarter?"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any

from django.db.models import Case, Count, F, FloatField, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Cast, Coalesce, TruncQuarter

from koers.core.actor import Actor
from koers.core.periods import Period
from koers.serve.models import Feedback
from koers.serve.models.feedback import ITEMS, THEMES
from koers.serve.queries.feedback import UNIT_KEY, feedback_visible_to

UNIT = Coalesce("company__business_unit__name", "company__owner__business_unit__name")
GROUPS: dict[str, tuple[Any, Any]] = {
    "segment": (F("company__segment"), F("company__segment__name")),
    "owner": (F("company__owner"), F("company__owner__full_name")),
    "sbu": (UNIT_KEY, UNIT),
    "quarter": (TruncQuarter("day"), TruncQuarter("day")),
}
SCOPE = {
    "sbu": "unit_key", "team": "company__owner__team", "seller": "company__owner", "territory": "company__territory",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FeedbackCount:
    """Counts and sums of a group of answers; ``total`` and ``squares`` are of the index per answer."""

    key: Any
    name: Any
    answers: int
    recommending: int
    promoters: int
    detractors: int
    rated: int
    total: float
    squares: float


def answers_in(actor: Actor, *, period: Period, chosen: Mapping[str, int]) -> QuerySet[Feedback]:
    """Visible answers of a period, for a choice of business unit, team, seller or territory."""
    rows = feedback_visible_to(actor).filter(day__gte=period.start, day__lt=period.end)
    rows = rows.alias(unit_key=UNIT_KEY)
    return rows.filter(**{SCOPE[name]: value for name, value in chosen.items()}).order_by()


def feedback_counts(
    rows: QuerySet[Feedback], *, weights: Mapping[str, float], by: str = ""
) -> list[FeedbackCount]:
    """Counts per group, the largest first (quarters in order), or of all together."""
    index = _index(weights)
    sums: dict[str, Any] = {
        "answers": Count("id"), "recommending": Count("nps"), "promoters": Count("id", filter=Q(nps__gte=9)),
        "detractors": Count("id", filter=Q(nps__lte=6)), "rated": Count("index"),
        "total": Coalesce(Sum("index"), 0.0), "squares": Coalesce(Sum(F("index") * F("index")), 0.0),
    }  # fmt: skip
    rows = rows.annotate(index=index)
    if not by:
        return [FeedbackCount(None, "", **rows.aggregate(**sums))]
    key, name = GROUPS[by]
    grouped: Any = rows.annotate(group_key=key, group_name=name).values("group_key", "group_name")
    order = ("group_key",) if by == "quarter" else ("-answers", "group_name")
    found = grouped.annotate(**sums).order_by(*order)
    return [FeedbackCount(each.pop("group_key"), each.pop("group_name"), **each) for each in found]


def item_sums(rows: QuerySet[Feedback]) -> dict[str, tuple[int, float, float]]:
    """Per theme and item of a driver: number of scores, their sum and the sum of their squares."""
    names = (*THEMES, *ITEMS)
    asked: dict[str, Any] = {}
    for name in names:
        score = Cast(name, FloatField())
        asked |= {f"{name}__n": Count(name), f"{name}__s": Coalesce(Sum(score), 0.0), f"{name}__q": Coalesce(Sum(score * score), 0.0)}  # fmt: skip
    found = rows.aggregate(**asked)
    return {name: (found[f"{name}__n"], found[f"{name}__s"], found[f"{name}__q"]) for name in names}


def _index(weights: Mapping[str, float]) -> Any:
    """The index of one answer: weighted mean of the themes it scored; empty without any."""
    used = {name: weight for name, weight in weights.items() if weight > 0}
    scored = [Case(When(**{f"{name}__isnull": False}, then=Cast(name, FloatField()) * weight), default=Value(0.0)) for name, weight in used.items()]  # fmt: skip
    whole = [Case(When(**{f"{name}__isnull": False}, then=Value(weight)), default=Value(0.0)) for name, weight in used.items()]  # fmt: skip
    any_scored = reduce(lambda one, other: one | other, (Q(**{f"{name}__isnull": False}) for name in used))  # fmt: skip
    index = reduce(add, scored) / reduce(add, whole)
    return Case(When(any_scored, then=index), output_field=FloatField())
