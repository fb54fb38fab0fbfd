"""What would a pay plan have cost, who wins and who loses by it, and what if sales differ?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from koers.core.actor import Actor
from koers.core.periods import Period, add_months
from koers.organisation.models import User
from koers.plan.figures.pay import PayBook, open_book
from koers.plan.models import PayPlan
from koers.plan.queries.pay import applies, paid_sellers, pay_period, plan_on
from koers_analytics.planning.pay import (
    NOTHING,
    Entry,
    Spread,
    cost_of_sales,
    payout,
    spread,
)

STEPS = (Decimal("0.8"), Decimal("0.9"), Decimal(1), Decimal("1.1"), Decimal("1.2"))
MONTHS = {PayPlan.Period.MONTH: 1, PayPlan.Period.QUARTER: 3, PayPlan.Period.YEAR: 12}
WHOLE = Decimal(1)


@dataclass(frozen=True, slots=True)
class SellerOutcome:
    """A seller under the plan that held (None without one) and under the one tried."""

    seller: User
    turnover: Decimal
    sales: Decimal
    now: Decimal | None
    tried: Decimal
    base: Decimal

    @property
    def difference(self) -> Decimal | None:
        """What the seller wins, or loses."""
        return None if self.now is None else self.tried - self.now


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """All pay under the plan tried when all sales are ``factor`` times what they were."""

    factor: Decimal
    paid: Decimal
    cost: Decimal | None


@dataclass(frozen=True)
class Simulation:
    """The plan tried on what was sold in whole periods of the past."""

    period: Period
    rows: tuple[SellerOutcome, ...]
    sensitivity: tuple[Sensitivity, ...]

    @property
    def turnover(self) -> Decimal:
        """What these sellers sold."""
        return sum((row.turnover for row in self.rows), NOTHING)

    @property
    def paid(self) -> Decimal:
        """All pay under the plan tried."""
        return sum((row.tried for row in self.rows), NOTHING)

    @property
    def compared(self) -> tuple[SellerOutcome, ...]:
        """Sellers for whom another plan held all the while."""
        return tuple(row for row in self.rows if row.now is not None)

    @property
    def paid_now(self) -> Decimal | None:
        """All pay under the plans that held; None where somebody had none."""
        return sum((row.now or NOTHING for row in self.rows), NOTHING) if len(self.compared) == len(self.rows) and self.rows else None  # fmt: skip

    @property
    def cost(self) -> Decimal | None:
        """All pay over turnover."""
        return cost_of_sales(self.paid, self.turnover)

    @property
    def cost_now(self) -> Decimal | None:
        """All pay under the plans that held, over turnover."""
        return None if self.paid_now is None else cost_of_sales(self.paid_now, self.turnover)

    @property
    def spread(self) -> Spread | None:
        """Lowest, median and highest pay under the plan tried."""
        return spread([row.tried for row in self.rows])

    @property
    def spread_now(self) -> Spread | None:
        """The same under the plans that held."""
        return spread([row.now for row in self.compared if row.now is not None])


def simulate(
    *, actor: Actor, scope: PayPlan | None, tried: PayPlan, count: int, today: date
) -> Simulation:
    """Try a plan on the last ``count`` whole periods, for the sellers of a plan's scope whose pay one sees."""
    end = pay_period(tried.period, today).start
    window = Period(add_months(end, -count * MONTHS[PayPlan.Period(tried.period)]), end)
    sellers = [each for each in paid_sellers(actor) if scope is None or applies(scope, each)]
    plans = list(PayPlan.objects.all())
    if not sellers:
        return Simulation(window, (), ())
    book = open_book(sellers, window.start, window.end)
    rows = tuple(_outcome(book, seller, plans, tried, window) for seller in sellers)
    turnover = sum((row.turnover for row in rows), NOTHING)
    found = []
    for factor in STEPS:
        paid = sum((_paid(book, seller, tried, window, factor) for seller in sellers), NOTHING)
        found.append(Sensitivity(factor, paid, cost_of_sales(paid, turnover * factor)))
    return Simulation(window, rows, tuple(found))


def _outcome(
    book: PayBook, seller: User, plans: Sequence[PayPlan], tried: PayPlan, window: Period
) -> SellerOutcome:
    sales = sum((entry.amount for entry in book.entries(seller.pk, window, tried.measure)), NOTHING)
    return SellerOutcome(
        seller, book.turnover([seller.pk], window), sales, _paid_then(book, seller, plans, window),
        _paid(book, seller, tried, window, WHOLE), tried.base * sum(1 for _period in _periods(tried, window)),
    )  # fmt: skip


def _periods(plan: PayPlan, window: Period) -> Iterator[Period]:
    start = window.start
    while start < window.end:
        period = pay_period(plan.period, start)
        yield period
        start = period.end


def _paid(book: PayBook, seller: User, plan: PayPlan, window: Period, factor: Decimal) -> Decimal:
    return sum((_total(book, seller, plan, period, factor) for period in _periods(plan, window)), NOTHING)  # fmt: skip


def _paid_then(
    book: PayBook, seller: User, plans: Sequence[PayPlan], window: Period
) -> Decimal | None:
    """Under the plans that held; None where there was a day without one, or a period sticks out."""
    paid, start = NOTHING, window.start
    while start < window.end:
        plan = plan_on(start, seller, plans)
        if plan is None:
            return None
        period = pay_period(plan.period, start)
        if period.start != start or period.end > window.end:
            return None
        paid += _total(book, seller, plan, period, WHOLE)
        start = period.end
    return paid


def _total(book: PayBook, seller: User, plan: PayPlan, period: Period, factor: Decimal) -> Decimal:
    """Pay depends on orders only through their sum, so that one entry does for all of them."""
    terms = book.terms(plan, seller, period)
    sold = sum((entry.amount for entry in book.entries(seller.pk, period, plan.measure)), NOTHING)
    team = book.team_attainment(seller, period) if terms.team_bonus else None
    team = None if team is None else team * factor
    return payout(terms, [Entry(0, sold * factor)], team_attainment=team).total
