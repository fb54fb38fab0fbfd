"""What may the pipeline bring per month, and how likely is it that a target is made?"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from koers.analyse.figures.cache import kept_per_facts
from koers.analyse.figures.facts import open_facts, visible_filter
from koers.analyse.queries.currency import reporting_currency
from koers.core.actor import Actor
from koers.core.periods import Period
from koers.core.rates import base_value
from koers.plan.figures.attainment import attainment_of
from koers.plan.queries.pipeline_forecast import (
    CATEGORIES,
    LATER,
    NO_DATE,
    OVERDUE,
    ForecastDeal,
    StageRecord,
    forecast_deals,
    members_of,
    months_ahead,
    slot_of,
    stage_records,
    won_per_day,
)

if TYPE_CHECKING:
    from koers_analytics.forecast.run_rate import Daily
    from koers_analytics.planning.attainment import Attainment

NOTHING = Decimal(0)
CENT = Decimal("0.01")
HISTORY = timedelta(days=4 * 366)


@dataclass(frozen=True, slots=True)
class PipelineRow:
    """Open deals expected in a month (or overdue, later, without a date) and their amounts."""

    slot: str
    deals: int
    amount: Decimal
    weighted: Decimal
    categories: dict[str, Decimal]


@dataclass(frozen=True, slots=True)
class Pipeline:
    """All rows, their sum, and how many deals could not be counted."""

    rows: tuple[PipelineRow, ...]
    total: PipelineRow
    without_amount: int
    omitted: int


@dataclass(frozen=True, slots=True)
class TargetChance:
    """Where somebody's period ends: amounts in the reporting currency, ``chance`` 0-1.

    ``rest``, the limits and the chance are None where the past is too short to judge the pace.
    """

    key: int | None
    label: str
    target: Decimal
    actual: Decimal
    weighted: Decimal
    deals: int
    rest: Decimal | None
    low: Decimal | None
    high: Decimal | None
    chance: float | None
    method: str
    windows: int
    widened: float

    @property
    def expected(self) -> Decimal | None:
        """Sold, what the pace brings, and the weighted deals."""
        return None if self.rest is None else self.actual + self.rest + self.weighted


@dataclass(frozen=True, slots=True)
class Chances:
    """The running target period with everybody's chance, and the whole; none without targets."""

    period: Period
    rows: tuple[TargetChance, ...]
    total: TargetChance
    other_periods: int


def deals_of(*, actor: Actor, today: date, by_record: bool) -> list[ForecastDeal]:
    """Open deals as they count, with the stages' own chances or those of their past."""
    worth = base_value(base=reporting_currency(), day=today)
    records = stage_records(actor) if by_record else None
    return forecast_deals(actor, worth=worth, records=records)


def pipeline_of(deals: list[ForecastDeal], today: date) -> Pipeline:
    """Deals per month of expected closing; those left out of the forecast are counted apart."""
    counted = [deal for deal in deals if deal.counts]
    by_slot: dict[str, list[ForecastDeal]] = defaultdict(list)
    for deal in counted:
        by_slot[slot_of(deal.expected, today)].append(deal)
    slots = [OVERDUE, *(month.isoformat() for month in months_ahead(today)), LATER, NO_DATE]
    rows = tuple(
        _row(slot, by_slot[slot]) for slot in slots if slot in by_slot or slot not in (OVERDUE, LATER, NO_DATE)
    )  # fmt: skip
    omitted = sum(deal.category not in CATEGORIES for deal in deals)
    return Pipeline(rows, _row("", counted), len(deals) - len(counted) - omitted, omitted)


def _row(slot: str, deals: list[ForecastDeal]) -> PipelineRow:
    by_category = {
        str(category): sum((deal.amount or NOTHING for deal in deals if deal.category == category), NOTHING)
        for category in CATEGORIES
    }  # fmt: skip
    return PipelineRow(
        slot, len(deals), sum(by_category.values(), NOTHING),
        sum((deal.weighted for deal in deals), NOTHING).quantize(CENT), by_category,
    )  # fmt: skip


def chances_of(
    *, actor: Actor, today: date, level: str, deals: list[ForecastDeal]
) -> Chances | None:
    """Chance of every target of the running period, per seller, team or business unit, and of all.

    Only people with a target of their own count; the whole is theirs together.
    """
    running = [row for row in attainment_of(actor=actor, today=today, by="seller")
               if row.period_start <= today < row.period_end and row.key is not None]  # fmt: skip
    if not running:
        return None
    periods = [(row.period_start, row.period_end) for row in running]
    period = Period(*max(set(periods), key=lambda each: (periods.count(each), each)))
    mine = [
        row for row in running if (row.period_start, row.period_end) == (period.start, period.end)
    ]
    people = [row.key for row in mine if row.key is not None]
    parts = members_of(level, people)
    daily = base_turnover(actor=actor, today=today)
    members: dict[tuple[int | None, str], set[int]] = defaultdict(set)
    for person, part in parts.items():
        members[part].add(person)
    groups = sorted(members.items(), key=lambda each: each[0][1])
    due = [deal for deal in deals if deal.counts and deal.expected is not None and deal.expected < period.end]  # fmt: skip
    units = [
        _unit(key, label, [row for row in mine if row.key in theirs], [deal for deal in due if deal.owner in theirs],
              together([daily[each] for each in sorted(theirs) if each in daily]))
        for (key, label), theirs in [*groups, ((None, ""), set(people))]
    ]  # fmt: skip
    days, house = (period.end - today).days, together(list(daily.values()))
    found = chances_for(units[:-1], house, today, days)
    whole = chances_for(units[-1:], house, today, days)[0]
    return Chances(period, tuple(found), whole, len(running) - len(mine))


@dataclass(frozen=True, slots=True)
class TargetUnit:
    """Somebody, a team or a unit with a target: what was sold, the deals that are due, and the past."""

    key: int | None
    label: str
    target: Decimal
    actual: Decimal
    deals: list[ForecastDeal]
    sold: "Daily | None"


def _unit(
    key: int | None, label: str, targets: "list[Attainment]", deals: list[ForecastDeal], sold: "Daily | None"
) -> TargetUnit:  # fmt: skip
    target = sum((row.target for row in targets), NOTHING)
    actual = sum((row.actual for row in targets), NOTHING)
    return TargetUnit(key, label, target, actual, deals, sold)


def chances_for(
    units: list[TargetUnit], house: "Daily | None", today: date, days: int
) -> list[TargetChance]:
    """Chance of each target ``days`` from now; limits are widened by the past of all these units together."""
    from koers_analytics.forecast.run_rate import past_errors, widening  # noqa: PLC0415 -- slow import

    errors = [past_errors(unit.sold, today, days, house) if unit.sold else [] for unit in units]
    width = widening([each for own in errors for each in own])
    return [_chance(unit, house, today, days, width) for unit in units]


def _chance(
    unit: TargetUnit, house: "Daily | None", today: date, days: int, width: float
) -> TargetChance:
    from koers_analytics.forecast.run_rate import run_rate  # noqa: PLC0415 -- slow import
    from koers_analytics.selling.pipeline_forecast import OpenDeal, outcome  # noqa: PLC0415 -- slow import

    target, actual = unit.target, unit.actual
    weighted = sum((deal.weighted for deal in unit.deals), NOTHING).quantize(CENT)
    rest = run_rate(unit.sold, today, days, house) if unit.sold else None
    if rest is None:
        return TargetChance(unit.key, unit.label, target, actual, weighted, len(unit.deals), None, None, None, None, "", 0, 1.0)  # fmt: skip
    open_deals = [OpenDeal(float(deal.amount or 0), float(deal.chance or 0)) for deal in unit.deals]
    found = outcome(target=float(target), actual=float(actual), rest=rest.widened(width), deals=open_deals)  # fmt: skip
    return TargetChance(
        unit.key, unit.label, target, actual, weighted, len(unit.deals), _cents(rest.expected), _cents(found.low), _cents(found.high),
        found.chance, rest.method, rest.windows, width,
    )  # fmt: skip


def together(daily: "list[Daily]") -> "Daily | None":
    """Turnover of several sellers as one; None for none."""
    if not daily:
        return None
    whole = daily[0]
    for one in daily[1:]:
        whole += one
    return whole


def _cents(value: float) -> Decimal:
    return Decimal(round(value * 100)) * CENT


@kept_per_facts
def _sold_per_day(*, actor: Actor, today: date) -> "dict[int, Daily]":
    from koers_analytics.forecast.run_rate import daily_turnover  # noqa: PLC0415 -- slow import

    return daily_turnover(open_facts(), visible_filter(actor), start=today - HISTORY, end=today)


def base_turnover(*, actor: Actor, today: date) -> "dict[int, Daily]":
    """Turnover per seller and day without what won deals brought, so that no deal counts twice."""
    from koers_analytics.forecast.run_rate import daily_of  # noqa: PLC0415 -- slow import

    worth = base_value(base=reporting_currency(), day=today)
    sold = dict(_sold_per_day(actor=actor, today=today))
    for owner, days in won_per_day(actor, start=today - HISTORY, worth=worth).items():
        if owner in sold:
            first = sold[owner].first
            won = {day: -float(amount) for day, amount in days.items() if first <= day < today}
            if won:
                sold[owner] += daily_of(won, today)
    return sold


def records_of(*, actor: Actor) -> list[tuple[StageRecord, "tuple[float, float] | None"]]:
    """Per stage how its deals ended, with the interval (Wilson, 95 %) of the share that was won."""
    from koers_analytics.selling.proportions import wilson  # noqa: PLC0415 -- analytics

    found = []
    for record in stage_records(actor).values():
        interval = wilson(record.won, record.decided)
        found.append((record, None if interval is None else (interval.low, interval.high)))
    return found
