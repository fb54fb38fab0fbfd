"""What does the management team need to know of a month, on one page (S2.42)?"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from koers.analyse.figures.customers import movers_of
from koers.analyse.figures.turnover import turnover_of
from koers.control.figures.variance import variance_of
from koers.core.actor import Actor
from koers.core.periods import Period, add_months, year_before
from koers.plan.figures.attainment import attainment_of
from koers.plan.figures.budget import standings_of
from koers.plan.models import Budget
from koers.plan.queries.budget import budgets_visible_to

MOST_MOVERS = 5
AGREED = (Budget.Status.APPROVED, Budget.Status.FROZEN)


@dataclass(frozen=True, slots=True)
class Sold:
    """Turnover and margin of a stretch beside the same stretch a year before; shares 0-1."""

    label: str
    period: Period
    turnover: Decimal
    before: Decimal
    contribution: Decimal | None
    margin: Decimal | None
    margin_before: Decimal | None
    key: int | None = None

    @property
    def change(self) -> Decimal | None:
        """Turnover against the year before, as a share; None where nothing was sold then."""
        return (self.turnover - self.before) / self.before if self.before else None


@dataclass(frozen=True, slots=True)
class Goal:
    """A target or a budget with how far it is reached (F2.11)."""

    label: str
    period: Period
    goal: Decimal
    actual: Decimal
    name: str = ""

    @property
    def attainment(self) -> Decimal | None:
        """Actual over goal as a share."""
        return self.actual / self.goal if self.goal else None


@dataclass(frozen=True, slots=True)
class Mover:
    """A customer that rose or fell much, the year so far against the year before."""

    company_id: int
    name: str
    before: Decimal
    after: Decimal


@dataclass(frozen=True, slots=True)
class MonthReport:
    """A month and the year so far, in the base currency."""

    month: Period
    year: Period
    sold: tuple[Sold, ...]
    units: tuple[Sold, ...]
    effects: dict[str, Decimal]
    goals: tuple[Goal, ...]
    movers: tuple[Mover, ...]


def month_report(*, actor: Actor, month: date, today: date) -> MonthReport:
    """The report of the calendar month that begins on ``month``, over what the actor may see.

    The effects are those of the month's turnover against the same month a year before (F9.16, F9.17).
    """
    end = add_months(month, 1)
    one, year = Period(month, end), Period(date(month.year, 1, 1), end)
    effects = variance_of(actor=actor, before=year_before(one), after=one).total.effects
    movers, _count = movers_of(actor=actor, before=year_before(year), after=year, limit=MOST_MOVERS)
    return MonthReport(
        one, year, (_sold(actor, "month", one), _sold(actor, "year", year)), _units(actor, year),
        {name: value for name, value in effects.items() if value}, _goals(actor, one, year, today),
        tuple(Mover(each.company_id, each.name, each.turnover_before, each.turnover_after) for each in movers),
    )  # fmt: skip


def _sold(actor: Actor, label: str, period: Period) -> Sold:
    now = turnover_of(actor=actor, period=period).total
    then = turnover_of(actor=actor, period=year_before(period)).total
    return Sold(label, period, now.turnover, then.turnover, now.contribution, now.margin, then.margin)  # fmt: skip


def _units(actor: Actor, period: Period) -> tuple[Sold, ...]:
    """Business units over the year so far, the largest first; those that sold in one year only too."""
    now = {row.keys[0]: row for row in turnover_of(actor=actor, period=period, by=["sbu"]).rows}
    then = {row.keys[0]: row for row in turnover_of(actor=actor, period=year_before(period), by=["sbu"]).rows}  # fmt: skip
    found = []
    for key in [*now, *(key for key in then if key not in now)]:
        after, before = now.get(key), then.get(key)
        row = after or before
        found.append(Sold(
            (row.labels[0] if row else None) or "", period, after.measures.turnover if after else Decimal(0),
            before.measures.turnover if before else Decimal(0), after.measures.contribution if after else None,
            after.measures.margin if after else None, before.measures.margin if before else None, key,
        ))  # fmt: skip
    return tuple(found)


def _goals(actor: Actor, month: Period, year: Period, today: date) -> tuple[Goal, ...]:
    """The target period that holds the month's last day, and the latest agreed budget, both up to its end."""
    found = [
        Goal(
            "target",
            Period(each.period_start, each.period_end),
            each.target,
            turnover_of(
                actor=actor, period=Period(each.period_start, min(each.period_end, month.end))
            ).total.turnover,
        )
        for each in attainment_of(actor=actor, today=today)
        if each.period_start <= month.last_day < each.period_end
    ]
    agreed = budgets_visible_to(actor).filter(status__in=AGREED, first_month__lte=month.start)
    for budget in agreed:
        if month.start < budget.end:
            rows = standings_of(actor=actor, budget=budget, today=month.end)
            stretch = Period(budget.first_month, month.end)
            found.append(Goal("budget", stretch, _sum(row.budget for row in rows), _sum(row.actual for row in rows), budget.name))  # fmt: skip
            break
    return tuple(found)


def _sum(values: object) -> Decimal:
    return sum(values, Decimal(0))  # type: ignore[call-overload,no-any-return]
