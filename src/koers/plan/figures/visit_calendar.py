"""Which days do due visits get in one seller's quarter, beside what is planned already?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from typing import TYPE_CHECKING

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from koers.core.actor import Actor
from koers.core.periods import Period
from koers.organisation.models import Organisation, User
from koers.plan.queries.seller_year import days_away
from koers.plan.queries.visit_calendar import (
    TRAVELLING,
    Booked,
    CalendarCustomer,
    booked_of,
    customers_to_visit,
)
from koers.plan.queries.visit_norm import norms_on
from koers.sell.models import ActivityKind

if TYPE_CHECKING:
    from koers_analytics.planning.visit_calendar import Customer, Placement, VisitCalendar

Kept = tuple[int, str, int, int, int, str]


@dataclass(frozen=True, slots=True)
class WorkingDay:
    """When a seller works: minutes after midnight, minutes a day, and days off besides holidays."""

    begins: int
    capacity: int
    off: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class SellerCalendar:
    """A quarter of one seller: proposals, what is booked, holidays, and who did not fit."""

    plan: "VisitCalendar"
    customers: Mapping[int, CalendarCustomer]
    booked: Sequence[Booked]
    holidays: Mapping[date, str]
    travel: int
    waiting: int
    norms: bool
    first: date
    capacity: int
    appointments: int = field(default=0)

    @property
    def kept(self) -> list[Kept]:
        """The proposals in a form a session can hold."""
        return [
            (each.key, each.day.isoformat(), each.start, each.minutes, each.around, each.due.isoformat())
            for each in self.plan.placed
        ]  # fmt: skip

    @property
    def days(self) -> list[date]:
        """Open days of what is left of the quarter on which some customer may be visited."""
        allowed = {int(digit) for each in self.customers.values() for digit in each.weekdays}
        return [day for day in self.plan.load if day.isoweekday() in allowed]

    @property
    def taken(self) -> int:
        """Minutes those days hold, with travel and waiting."""
        return sum(self.plan.load[day] for day in self.days)

    @property
    def share(self) -> float | None:
        """Visits with a day, proposed or planned, as a share of those and the ones without."""
        with_day = self.appointments + len(self.plan.placed)
        asked = with_day + len(self.plan.unplaced)
        return with_day / asked if asked else None

    @property
    def use(self) -> float | None:
        """Minutes taken as a share of the minutes of those days."""
        room = len(self.days) * self.capacity
        return self.taken / room if room else None


def calendar_of(
    *,
    actor: Actor,
    seller: User,
    period: Period,
    today: date,
    hours: WorkingDay,
    kept: Sequence[Kept] = (),
    pinned: Mapping[tuple[int, date], date] | None = None,
) -> SellerCalendar:
    """Proposals from tomorrow on, or from the quarter's first day where it has not begun.

    ``kept`` are earlier proposals that stay where they still fit.
    """
    from koers_analytics.planning.visit_calendar import Appointment, Rules, plan_calendar  # noqa: PLC0415 -- slow import

    first = max(period.start, date.fromordinal(today.toordinal() + 1))
    norm_set = norms_on(today)
    customers = customers_to_visit(actor, seller=seller, norm_set=norm_set, period=period, today=today)  # fmt: skip
    booked = booked_of(seller=seller, period=period)
    free = holidays_in(period)
    away = {day: _("Away") for day in days_away(seller.pk, period) if day not in free}
    rules = Rules(
        begins=hours.begins, capacity=hours.capacity, travel=norm_set.travel_minutes if norm_set else 0,
        waiting=norm_set.waiting_minutes if norm_set else 0, closed=frozenset(free) | frozenset(away) | hours.off,
    )  # fmt: skip
    appointments = [
        Appointment(each.day, each.minutes, minute_of(each.start), _point(each), each.kind in TRAVELLING)
        for each in booked
    ]  # fmt: skip
    plan = plan_calendar(
        [_customer(each) for each in customers], first=min(first, period.end), end=period.end, rules=rules, appointments=appointments,
        previous=[_placement(each) for each in kept], pinned=pinned or {},
    )  # fmt: skip
    known = {each.key: each for each in customers}
    visits = sum(1 for each in booked if each.kind == ActivityKind.VISIT and each.company_id in known and each.day >= first)  # fmt: skip
    return SellerCalendar(
        plan=plan, customers=known, booked=booked, holidays=free | away, travel=rules.travel, waiting=rules.waiting,
        norms=norm_set is not None, first=first, capacity=hours.capacity, appointments=visits,
    )  # fmt: skip


def holidays_in(period: Period) -> dict[date, str]:
    """Public holidays of the organisation's country, with their names; none where the library lacks the country."""
    import holidays  # noqa: PLC0415 -- slow import

    organisation = Organisation.objects.first()
    country = organisation.country if organisation else "NL"
    try:
        found = holidays.country_holidays(country, years=range(period.start.year, period.last_day.year + 1), language="nl" if get_language() == "nl" else "en_US")  # fmt: skip
    except NotImplementedError:  # so holidays says that it does not know the country
        return {}
    return {day: name for day, name in found.items() if day in period}


def minute_of(at: time | None) -> int | None:
    """Minutes after midnight."""
    return None if at is None else at.hour * 60 + at.minute


def _point(each: CalendarCustomer | Booked) -> tuple[float, float] | None:
    if each.latitude is None or each.longitude is None:
        return None
    return each.latitude, each.longitude


def _customer(each: CalendarCustomer) -> "Customer":
    from koers_analytics.planning.visit_calendar import Customer  # noqa: PLC0415 -- slow import

    return Customer(
        key=each.key, visits_a_year=each.visits, minutes=each.minutes, weekdays=frozenset(int(digit) for digit in each.weekdays),
        last=each.last, planned=each.planned, point=_point(each),
    )  # fmt: skip


def _placement(each: Kept) -> "Placement":
    from koers_analytics.planning.visit_calendar import Placement  # noqa: PLC0415 -- slow import

    key, day, start, minutes, around, due = each
    return Placement(key, date.fromisoformat(day), start, minutes, around, date.fromisoformat(due))
