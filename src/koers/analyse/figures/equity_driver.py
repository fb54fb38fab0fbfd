"""The board of drivers of customer equity (S1.30): value, brand, relation × customer's and supplier's side (F1.3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from koers.analyse.figures.feedback import DriverScore, driver_scores, feedback_weights
from koers.analyse.models import EquityAssessment, EquityScore
from koers.analyse.models.equity_score import OWN_ITEMS
from koers.analyse.queries.equity_score import (
    Sums,
    assessments_visible_to,
    item_sums_by,
    latest_assessments,
)
from koers.analyse.queries.feedback import answers_in, item_sums
from koers.core.actor import Actor
from koers.core.periods import Period, add_months
from koers.customers.models import Segment

if TYPE_CHECKING:
    from koers_analytics.customers.equity_drivers import DriverGap, DriverMean

QUARTERS = 12


@dataclass(frozen=True, slots=True)
class OwnDriver:
    """A driver on the supplier's side."""

    mean: "DriverMean"
    items: tuple[EquityScore, ...]


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One driver from both sides."""

    name: str
    weight: float
    customer: DriverScore
    supplier: OwnDriver
    gap: "DriverGap"


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """Both indices of a segment; without one: customers of no segment, or scores of the whole company."""

    segment: Segment | None
    answers: int
    assessment: EquityAssessment | None
    gap: "DriverGap"


@dataclass(frozen=True, slots=True)
class HistoryPoint:
    """Both indices over one quarter: the answers of it, and the own scores last known at its end."""

    start: date
    answers: int
    gap: "DriverGap"


@dataclass(frozen=True, slots=True)
class Board:
    """All the board shows; ``index`` is F1.3 of both sides."""

    rows: tuple[BoardRow, ...]
    index: "DriverGap"
    answers: int
    assessment: EquityAssessment | None
    segments: tuple[SegmentRow, ...]
    history: tuple[HistoryPoint, ...]


def board_of(*, actor: Actor, period: Period, segment: Segment | None) -> Board:
    """Both sides of the drivers: answers of the period, and the own scores last given before its end."""
    from koers_analytics.customers.equity_drivers import DriverGap  # noqa: PLC0415 -- analytics

    weights = feedback_weights()[1]
    answers = answers_in(actor, period=period, chosen={})
    latest = latest_assessments(actor, before=period.end)
    shown = answers if segment is None else answers.filter(company__segment=segment)
    asked = driver_scores(weights, _means(item_sums(shown)))
    own = own_drivers(found := latest.get(segment.pk if segment else None))
    rows = tuple(
        BoardRow(each.name, each.weight, each, own[each.name], DriverGap(each.score, own[each.name].mean.score))
        for each in asked
    )  # fmt: skip
    return Board(
        rows, DriverGap(_asked_index(weights, asked), own_index(weights, found)), shown.count(), found,
        _segments(weights, item_sums_by(answers, "segment"), latest), _history(actor, period, segment, weights),
    )  # fmt: skip


def own_drivers(assessment: EquityAssessment | None) -> dict[str, OwnDriver]:
    """The drivers as we score them ourselves; a driver whose weights do not total 1 has no score."""
    from koers_analytics.customers.equity_drivers import driver_mean  # noqa: PLC0415 -- analytics

    scores = {each.item: each for each in assessment.scores.all()} if assessment else {}
    found = {}
    for driver, items in OWN_ITEMS.items():
        rows = tuple(scores[item] for item in items if item in scores)
        pairs = [(float(r.score), None if r.weight is None else float(r.weight)) for r in rows]
        found[driver] = OwnDriver(driver_mean(pairs), rows)
    return found


def own_index(weights: Mapping[str, float], assessment: EquityAssessment | None) -> float | None:
    """F1.3 of the supplier's side; none while a scored driver is a draft."""
    from koers_analytics.customers.equity_drivers import equity_index  # noqa: PLC0415 -- analytics

    own = own_drivers(assessment)
    if any(each.mean.why_not == "weights" for each in own.values()):
        return None
    return equity_index(weights, {name: each.mean.score for name, each in own.items()})


def driver_weights() -> dict[str, float]:
    """Weights of the drivers in force, the same for both sides."""
    return feedback_weights()[1]


def _asked_index(weights: Mapping[str, float], drivers: tuple[DriverScore, ...]) -> float | None:
    from koers_analytics.customers.equity_drivers import equity_index  # noqa: PLC0415 -- analytics

    return equity_index(weights, {each.name: each.score for each in drivers})


def _means(sums: Sums) -> dict[str, object]:
    from koers_analytics.customers.feedback import mean_score  # noqa: PLC0415 -- analytics

    return {name: mean_score(answers=n, total=s, squares=q) for name, (n, s, q) in sums.items()}


def _segments(
    weights: Mapping[str, float],
    sums: Mapping[int | None, tuple[int, Sums]],
    latest: Mapping[int | None, EquityAssessment],
) -> tuple[SegmentRow, ...]:
    """Every segment with answers or own scores, in the order of their names."""
    from koers_analytics.customers.equity_drivers import DriverGap  # noqa: PLC0415 -- analytics

    rows = []
    for segment in Segment.objects.filter(pk__in=[key for key in {*sums, *latest} if key]):
        answers, of_items = sums.get(segment.pk, (0, {}))
        asked = _asked_index(weights, driver_scores(weights, _means(of_items))) if answers else None
        found = latest.get(segment.pk)
        rows.append(
            SegmentRow(segment, answers, found, DriverGap(asked, own_index(weights, found)))
        )
    return tuple(rows)


def _history(
    actor: Actor, period: Period, segment: Segment | None, weights: Mapping[str, float]
) -> tuple[HistoryPoint, ...]:
    """The quarters before the end of the period, from the first that says anything."""
    from koers_analytics.customers.equity_drivers import DriverGap  # noqa: PLC0415 -- analytics

    last = period.last_day
    first = add_months(date(last.year, (last.month - 1) // 3 * 3 + 1, 1), -3 * (QUARTERS - 1))
    answers = answers_in(actor, period=Period(first, period.end), chosen={})
    if segment is not None:
        answers = answers.filter(company__segment=segment)
    sums = item_sums_by(answers, "quarter")
    own = list(assessments_visible_to(actor).filter(segment=segment, day__lt=period.end))  # fmt: skip
    points = []
    for number in range(QUARTERS):
        start, end = add_months(first, 3 * number), min(add_months(first, 3 * number + 3), period.end)  # fmt: skip
        count, of_items = sums.get(start, (0, {}))
        asked = _asked_index(weights, driver_scores(weights, _means(of_items))) if count else None
        known = next((each for each in own if each.day < end), None)
        points.append(HistoryPoint(start, count, DriverGap(asked, own_index(weights, known))))
    said = [i for i, each in enumerate(points) if each.answers or each.gap.supplier is not None]
    return tuple(points[said[0] :]) if said else ()
