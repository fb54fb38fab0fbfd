"""What was called at every level, beside what deals, records and targets say?"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from koers.analyse.figures.facts import NoFactsYetError
from koers.analyse.figures.turnover import turnover_of
from koers.analyse.queries.currency import reporting_currency
from koers.core.actor import Actor
from koers.core.periods import Period
from koers.core.rates import base_value
from koers.organisation.policies import Right, may
from koers.plan.figures.pipeline_forecast import (
    TargetChance,
    TargetUnit,
    base_turnover,
    chances_for,
    deals_of,
    together,
)
from koers.plan.models import ForecastCall
from koers.plan.models.forecast_call import PERSON
from koers.plan.queries.call_period import CallPeriod
from koers.plan.queries.call_tree import CallNode, call_tree
from koers.plan.queries.forecast_call import (
    Place,
    Said,
    called_people,
    latest_said,
    stood_calls,
    won_in,
)
from koers.plan.queries.pipeline_forecast import CATEGORIES, ForecastDeal
from koers.plan.queries.target import targets_visible_to

if TYPE_CHECKING:
    from koers_analytics.selling.forecast_call import BiasFactor, PastCall

NOTHING = Decimal(0)
CENT = Decimal("0.01")
COMMIT, BEST_CASE = ForecastCall.Category.COMMIT, ForecastCall.Category.BEST_CASE
SAID = (COMMIT, BEST_CASE)


@dataclass(frozen=True, slots=True)
class DealSums:
    """Deals of some people in a period: won, open by category, weighted (F4.7), and where the won may end."""

    won: Decimal
    categories: dict[str, Decimal]
    weighted: Decimal
    low: Decimal
    high: Decimal
    deals: int

    @property
    def expected(self) -> Decimal:
        """Won so far and the weighted deals."""
        return self.won + self.weighted


@dataclass(frozen=True, slots=True)
class CallRow:
    """A row of the roll-up; ``called`` adds up the children's ``counted``, an override goes before it."""

    node: CallNode
    deals: DealSums
    called: dict[str, Decimal | None]
    own: dict[str, Said]
    override: dict[str, Said]
    callers: int
    missing: int
    composite: Decimal | None
    with_factor: int
    target: Decimal | None
    chance: TargetChance | None

    def overridden(self, category: str) -> Decimal | None:
        """The amount a manager put in place, if any counts."""
        said = self.override.get(category)
        return said.amount if said else None

    def counted(self, category: str) -> Decimal | None:
        """What goes up to the next level."""
        found = self.overridden(category)
        return self.called[category] if found is None else found

    @property
    def reason(self) -> str:
        """Why a manager put another figure in place."""
        return next((said.reason for said in self.override.values() if said.amount is not None), "")


@dataclass(frozen=True, slots=True)
class RollUp:
    """All rows of a period, top first; deals in the period whose owner stands in no row."""

    period: CallPeriod
    rows: tuple[CallRow, ...]
    biases: "dict[int, BiasFactor]"
    outside: int


class CallBook:
    """Everything the roll-ups of some periods need, read once."""

    def __init__(self, *, actor: Actor, today: date, periods: Collection[CallPeriod]) -> None:
        self.actor, self.today, self.currency = actor, today, reporting_currency()
        self.deals = [deal for deal in deals_of(actor=actor, today=today, by_record=False) if deal.counts]  # fmt: skip
        worth = base_value(base=self.currency, day=today)
        self.won = won_in(actor, [each.period for each in periods], worth)
        self.said = latest_said(actor, periods)
        self.targets = _targets(actor, self.currency)
        owners = {deal.owner for deal in self.deals if deal.owner is not None} | set(self.targets)
        owners |= {person for person, _period in self.won} | called_people(actor)
        self.tops = call_tree(actor, owners=owners, can_edit=may(actor, Right.EDIT_TARGETS))

    def nodes(self) -> list[CallNode]:
        """Every row, as they stand on the page."""
        return [node for top in self.tops for node in top.walk()]

    def due(self, period: Period, people: Collection[int]) -> list[ForecastDeal]:
        """Open deals of these people expected in the period; while it runs, overdue ones too."""
        return [
            deal for deal in self.deals
            if deal.owner in people and deal.expected is not None and deal.expected < period.end
            and (deal.expected >= period.start or self.today in period)
        ]  # fmt: skip

    def sums(self, period: Period, people: Collection[int]) -> DealSums:
        """What the deals of these people say about the period."""
        from koers_analytics.selling.forecast_call import deal_interval  # noqa: PLC0415 -- slow import
        from koers_analytics.selling.pipeline_forecast import OpenDeal  # noqa: PLC0415 -- slow import

        due = self.due(period, people)
        won = sum((self.won.get((person, period), NOTHING) for person in people), NOTHING).quantize(CENT)  # fmt: skip
        categories = {
            str(category): sum((deal.amount or NOTHING for deal in due if deal.category == category), NOTHING).quantize(CENT)
            for category in CATEGORIES
        }  # fmt: skip
        low, high = deal_interval([OpenDeal(float(deal.amount or 0), float(deal.chance or 0)) for deal in due])  # fmt: skip
        weighted = sum((deal.weighted for deal in due), NOTHING).quantize(CENT)
        return DealSums(won, categories, weighted, won + _cents(low), won + _cents(high), len(due))

    def target(self, period: Period, people: Collection[int]) -> Decimal | None:
        """Personal targets for the part of their days that lies in the period; None without any."""
        found = [
            (amount * days / length).quantize(CENT)
            for person in people
            for start, end, amount in self.targets.get(person, ())
            if (days := (min(end, period.end) - max(start, period.start)).days) > 0 and (length := (end - start).days)
        ]  # fmt: skip
        return sum(found, NOTHING) if found else None


def roll_up(book: CallBook, asked: CallPeriod, *, stood: str, with_chance: bool = True) -> RollUp:
    """Every level's row for a period."""
    biases = biases_of(book, kind=asked.kind, stood=stood)
    chances = _chances(book, asked.period) if with_chance else {}
    rows: list[CallRow] = []
    for top in book.tops:
        rows += _rows(book, asked, top, biases, chances)
    inside = {person for top in book.tops for person in top.people}
    outside = [
        deal for deal in book.deals
        if deal.owner not in inside and deal.expected is not None and asked.period.start <= deal.expected < asked.period.end
    ]  # fmt: skip
    return RollUp(asked, tuple(rows), biases, len(outside))


def _rows(
    book: CallBook, asked: CallPeriod, node: CallNode,
    biases: "dict[int, BiasFactor]", chances: dict[str, TargetChance],
) -> list[CallRow]:  # fmt: skip
    below: list[CallRow] = []
    direct: list[CallRow] = []
    for child in node.children:
        found = _rows(book, asked, child, biases, chances)
        direct.append(found[0])
        below += found
    own, override = _said(book, node, asked.period)
    people = [row for row in below if row.node.level == PERSON]
    if node.level == PERSON:
        called = {str(each): own[each].amount if each in own else None for each in SAID}
        composite, with_factor = _composite_of(called[COMMIT], biases.get(node.key))
        callers, missing = 1, int(called[COMMIT] is None)
    else:
        called = {str(each): _sum([row.counted(each) for row in direct]) for each in SAID}
        composite = _sum([row.composite for row in people])
        with_factor = sum(row.with_factor for row in people)
        callers, missing = len(people), sum(row.missing for row in people)
    return [CallRow(
        node, book.sums(asked.period, node.people), called, own, override, callers, missing, composite, with_factor,
        book.target(asked.period, node.people), chances.get(node.unit),
    ), *below]  # fmt: skip


def _said(book: CallBook, node: CallNode, period: Period) -> tuple[dict[str, Said], dict[str, Said]]:  # fmt: skip
    own, override = (
        {str(category): book.said[place] for category in SAID if (place := _place(node, period, category, over)) in book.said}
        for over in (False, True)
    )  # fmt: skip
    return own, override


def _place(node: CallNode, period: Period, category: str, over: bool) -> Place:  # noqa: FBT001 -- a part of the key
    return (node.unit, period, category, over)


def _composite_of(called: Decimal | None, bias: "BiasFactor | None") -> tuple[Decimal | None, int]:
    if called is None:
        return None, 0
    if bias is None:
        return called, 0
    return (called * bias.factor).quantize(CENT), int(bias.is_used)


def _sum(values: list[Decimal | None]) -> Decimal | None:
    known = [value for value in values if value is not None]
    return sum(known, NOTHING) if known else None


def past_of(book: CallBook, *, kind: str, stood: str, people: Collection[int] | None = None) -> "dict[int, list[PastCall]]":  # fmt: skip
    """Per person the calls for periods that are over, beside what was won in them, oldest first."""
    from koers_analytics.selling.forecast_call import PastCall  # noqa: PLC0415 -- analytics

    calls = stood_calls(book.actor, kind=kind, stood=stood, today=book.today, people=people)
    worth = base_value(base=book.currency, day=book.today)
    won = won_in(book.actor, {each.period.period for each in calls}, worth)
    found: dict[int, list[PastCall]] = defaultdict(list)
    for each in calls:
        period = each.period.period
        found[each.person].append(PastCall(period.start, period.end, each.amount, won.get((each.person, period), NOTHING)))  # fmt: skip
    return found


def biases_of(book: CallBook, *, kind: str, stood: str) -> "dict[int, BiasFactor]":
    """Everybody's factor from the own record (F4.8)."""
    from koers_analytics.selling.forecast_call import bias_factor  # noqa: PLC0415 -- analytics

    return {person: bias_factor(past) for person, past in past_of(book, kind=kind, stood=stood).items()}  # fmt: skip


def fewest_periods() -> int:
    """From how many periods on a factor is used."""
    from koers_analytics.selling.forecast_call import FEWEST_PERIODS  # noqa: PLC0415 -- analytics

    return FEWEST_PERIODS


def _targets(actor: Actor, currency: str) -> dict[int, list[tuple[date, date, Decimal]]]:
    found: dict[int, list[tuple[date, date, Decimal]]] = defaultdict(list)
    rows = targets_visible_to(actor).filter(person__isnull=False, currency=currency)
    for person, start, end, amount in rows.order_by("period_start").values_list("person_id", "period_start", "period_end", "amount"):  # fmt: skip
        if person is not None:
            found[person].append((start, end, amount))
    return found


def _chances(book: CallBook, period: Period) -> dict[str, TargetChance]:
    """Chance of the target of every row with one, for a period that runs; people without one stay out."""
    if book.today not in period:
        return {}
    try:
        daily, sold = base_turnover(actor=book.actor, today=book.today), _sold(book, period)
    except NoFactsYetError:  # calls can be given before anything was sold
        return {}
    house = together(list(daily.values()))
    by_level: dict[str, list[tuple[CallNode, TargetUnit]]] = defaultdict(list)
    for node in book.nodes():
        people = [person for person in sorted(node.people) if book.target(period, [person])]
        target = book.target(period, people)
        if target:
            actual = sum((sold.get(person, NOTHING) for person in people), NOTHING)
            series = together([daily[person] for person in people if person in daily])
            level = f"{node.level} {node.depth}"
            by_level[level].append((node, TargetUnit(node.key, node.label, target, actual, book.due(period, people), series)))  # fmt: skip
    found: dict[str, TargetChance] = {}
    for units in by_level.values():
        chances = chances_for([unit for _node, unit in units], house, book.today, (period.end - book.today).days)  # fmt: skip
        found |= {node.unit: chance for (node, _unit), chance in zip(units, chances, strict=True)}
    return found


def _sold(book: CallBook, period: Period) -> dict[int, Decimal]:
    table = turnover_of(actor=book.actor, period=period, by=("seller",))
    return {row.keys[0]: row.measures.turnover for row in table.rows if row.keys[0] is not None}


def _cents(value: float) -> Decimal:
    return Decimal(round(value * 100)) * CENT
