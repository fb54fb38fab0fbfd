"""Which statement has a seller on a day, and what do all sellers stand at?"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from koers.analyse.queries.currency import reporting_currency
from koers.core.actor import Actor
from koers.core.errors import NotFoundError, RuleError
from koers.core.periods import Period, add_months
from koers.organisation.models import User
from koers.plan.figures.pay import Statement, closed_statement, open_book, open_statement
from koers.plan.models import PayPlan, PayStatement
from koers.plan.queries.pay import (
    paid_sellers,
    pay_period,
    plan_on,
    seller_for,
    statement_of,
)

FINE = Decimal("1e-12")  # SQLite keeps no more than fifteen digits of a share
MONTHS_CORRECTED = 12


class OutsidePeriodError(RuleError):
    """The days somebody was there lie outside the period."""


def statement_at(
    *, actor: Actor, seller_id: int, start: date, there: tuple[date, date] | None = None
) -> Statement:
    """The statement of the period that begins on a day: stored, or computed while it is open."""
    seller = seller_for(actor=actor, seller_id=seller_id)
    stored = statement_of(seller.pk, start)
    if stored is not None:
        return closed_statement(stored)
    plans = PayPlan.objects.select_related("team", "person")
    plan = plan_on(start, seller, plans)
    if plan is None or pay_period(plan.period, start).start != start:
        raise NotFoundError(_("There is no statement from this day on."))
    period = pay_period(plan.period, start)
    earlier = earlier_statements(seller, period)
    book = open_book([seller], min([start, *(each.period_start for each in earlier)]), period.end)
    return open_statement(
        seller=seller, plan=plan, period=period, part=part_of(period, seller, there), book=book, earlier=earlier, currency=reporting_currency()
    )  # fmt: skip


def earlier_statements(seller: User, period: Period) -> list[PayStatement]:
    """Closed statements that may still be put right: those that ended less than a year before."""
    since = add_months(period.start, -MONTHS_CORRECTED)
    return list(
        PayStatement.objects.filter(person=seller, period_end__gt=since, period_end__lte=period.start)
        .select_related("plan").order_by("period_start")
    )  # fmt: skip


def days_there(period: Period, seller: User) -> Period:
    """From the first day at work on, where that is known."""
    if seller.started_on is not None and seller.started_on in period:
        return Period(seller.started_on, period.end)
    return period


def part_of(period: Period, seller: User, there: tuple[date, date] | None) -> Decimal:
    """Days there over days of the period."""
    stretch = days_there(period, seller)
    if there is not None:
        stretch = Period(*there)
        if stretch.start < period.start or stretch.end > period.end:
            raise OutsidePeriodError(_("The days lie outside the period of the statement."))
    return (Decimal(stretch.days) / period.days).quantize(FINE)


@dataclass(frozen=True, slots=True)
class Standing:
    """A seller's statement that is not closed yet; ``is_over`` when it can be."""

    statement: Statement
    is_over: bool


def open_standings(*, actor: Actor, today: date) -> list[Standing]:
    """Per seller the period that runs and, if it was not closed, the one before it."""
    sellers = list(paid_sellers(actor).select_related("team"))
    plans = list(PayPlan.objects.select_related("team", "person"))
    wanted: list[tuple[User, PayPlan, Period]] = []
    for seller in sellers:
        for day in _days(seller, plans, today):
            plan = plan_on(day, seller, plans)
            if plan is not None and pay_period(plan.period, day).start == day:
                wanted.append((seller, plan, pay_period(plan.period, day)))
    if not wanted:
        return []
    start = add_months(min(period.start for _s, _p, period in wanted), -MONTHS_CORRECTED - 12)
    closed = list(
        PayStatement.objects.filter(person__in=[seller.pk for seller, _p, _r in wanted], period_end__gt=start)
        .select_related("plan").order_by("period_start")
    )  # fmt: skip
    book, currency = (
        open_book([seller for seller, _p, _r in wanted], start, today),
        reporting_currency(),
    )
    found = []
    for seller, plan, period in wanted:
        own = [each for each in closed if each.person_id == seller.pk]
        if any(each.period_start < period.end and each.period_end > period.start for each in own):
            continue
        since = add_months(period.start, -MONTHS_CORRECTED)
        earlier = [each for each in own if since < each.period_end <= period.start]
        statement = open_statement(
            seller=seller, plan=plan, period=period, part=part_of(period, seller, None), book=book, earlier=earlier, currency=currency
        )  # fmt: skip
        found.append(Standing(statement, period.end <= today))
    return found


def _days(seller: User, plans: list[PayPlan], today: date) -> list[date]:
    """First days of the period that runs and of the one before it."""
    now = plan_on(today, seller, plans)
    if now is None:
        return []
    start = pay_period(now.period, today).start
    back = {PayPlan.Period.MONTH: 1, PayPlan.Period.QUARTER: 3, PayPlan.Period.YEAR: 12}[PayPlan.Period(now.period)]  # fmt: skip
    return [add_months(start, -back), start]
