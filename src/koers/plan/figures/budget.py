"""What was sold before, what does an amount become per part and month, and where do we stand now?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from koers.analyse.figures.turnover import turnover_of
from koers.core.actor import Actor
from koers.core.errors import RuleError
from koers.core.periods import Period, add_months
from koers.plan.figures.turnover_forecast import months_sold
from koers.plan.models import Budget, BudgetCell, ForecastRun
from koers.plan.queries.budget import parts_visible_to
from koers.plan.queries.forecast import parts_of, runs_visible_to

NOTHING = Decimal(0)
Months = dict[date, Decimal]


class BudgetRefusedError(RuleError):
    """The budget may not be changed, or what is asked of it cannot be."""


@dataclass(frozen=True, slots=True)
class PartHistory:
    """A part that sold something in the year before a budget; ``cost_share`` of its turnover, 0-1."""

    key: int
    label: str
    months: Months
    cost_share: Decimal


@dataclass(frozen=True, slots=True)
class Standing:
    """A part over the months that are over: what was sold, budgeted, forecast, and sold a year before."""

    key: int | None
    label: str
    actual: Decimal
    budget: Decimal
    forecast: Decimal | None
    last_year: Decimal

    @property
    def gap(self) -> Decimal:
        """Actual less budget (F2.11)."""
        return self.actual - self.budget

    @property
    def attainment(self) -> Decimal | None:
        """Actual over budget as a share (F2.11); None without a budget."""
        return self.actual / self.budget if self.budget else None


def histories_of(*, actor: Actor, division: str, first_month: date) -> list[PartHistory]:
    """Parts with their turnover per month in the twelve months before, and the cost share of those.

    Where the part has no known cost, the share of all parts stands in; without any, none.
    """
    before = Period(add_months(first_month, -12), first_month)
    table = turnover_of(actor=actor, period=before, by=[division])
    usual = table.total.margin
    sold = months_sold(actor=actor, division=division)
    return [
        PartHistory(
            row.keys[0], row.labels[0] or str(row.keys[0]),
            {month: amount for month, amount in sold.get(row.keys[0], {}).items() if month in before},
            _cost_share(row.measures.margin, usual),
        )
        for row in table.rows if row.keys[0] is not None
    ]  # fmt: skip


def _cost_share(margin: Decimal | None, usual: Decimal | None) -> Decimal:
    known = margin if margin is not None else usual
    return NOTHING if known is None else max(NOTHING, min(Decimal(9), 1 - known))


def spread_over(
    total: Decimal, weights: Sequence[Decimal], locked: Mapping[int, Decimal]
) -> list[Decimal]:
    """Divide an amount by weights, to the cent, around locked cells.

    Raises
    ------
    BudgetRefusedError
        When the locked cells leave nothing to divide, or no cell to divide over.
    """
    from koers_analytics.planning.budget_spread import SpreadError, spread  # noqa: PLC0415 -- slow import

    try:
        return spread(total, weights, locked)
    except SpreadError as error:
        raise BudgetRefusedError(
            _("The locked months do not fit the amount: unlock some, or give another amount.")
        ) from error


def standings_of(*, actor: Actor, budget: Budget, today: date) -> list[Standing]:
    """Actual against budget, the latest forecast and last year, over the months that are over."""
    parts = list(parts_visible_to(actor, budget))
    over = [month for month in months_of(budget) if add_months(month, 1) <= today]
    budgeted: dict[int, Decimal] = {}
    for cell in BudgetCell.objects.filter(part__in=parts, month__in=over):
        budgeted[cell.part_id] = budgeted.get(cell.part_id, NOTHING) + cell.turnover
    sold = months_sold(actor=actor, division=budget.division)
    said = _latest_forecast(actor, budget, over)
    return [
        Standing(
            part.key,
            part.label,
            sum((sold.get(part.key, {}).get(month, NOTHING) for month in over), NOTHING),
            budgeted.get(part.pk, NOTHING),
            None if said is None else said.get(part.key),
            sum((sold.get(part.key, {}).get(add_months(month, -12), NOTHING) for month in over), NOTHING),
        )
        for part in parts
    ] if over else []  # fmt: skip


def _latest_forecast(actor: Actor, budget: Budget, over: list[date]) -> dict[int, Decimal] | None:
    """The final figures of the latest forecast that was given for all these months."""
    if not over:
        return None
    runs: list[ForecastRun] = [
        run for run in runs_visible_to(actor).filter(division=budget.division, first_month__lte=over[0])
        if run.last_month >= over[-1]
    ]  # fmt: skip
    if not runs:
        return None
    return {
        part.series.key: sum((each.final for each in part.months if each.point.month in over), NOTHING)
        for part in parts_of(actor=actor, run=runs[0]) if part.series.key is not None
    }  # fmt: skip


def months_of(budget: Budget) -> list[date]:
    """The months of a budget, by their first days."""
    return [add_months(budget.first_month, step) for step in range(12)]
