"""What stands on each day of the visit calendar, and to which days may a proposal move?"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.urls import reverse

from koers.core.periods import Period
from koers.plan.figures.visit_calendar import SellerCalendar
from koers.plan.queries.visit_calendar import CalendarCustomer

MOST_DAYS = 31


@dataclass(frozen=True, slots=True)
class Entry:
    """A proposal or an appointment on a day; a proposal may move to an earlier or later day."""

    start: int
    time: str
    title: str
    url: str
    state: str
    minutes: int
    visit: str = ""
    earlier: date | None = None
    later: date | None = None


@dataclass(frozen=True, slots=True)
class DayCell:
    """A day with its entries, in order of time; ``closed`` says why nothing is proposed on it."""

    day: date
    inside: bool
    is_today: bool
    holiday: str
    taken: int
    entries: list[Entry] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """A proposal in the list."""

    customer: CalendarCustomer
    placement: Any  # of the plan
    time: str
    visit: str
    token: str


def cells_of(
    calendar: SellerCalendar, shown: Period, *, whole_weeks: bool, today: date
) -> list[DayCell]:
    """The days of a stretch, filled up to whole weeks where asked."""
    start, end = shown.start, shown.end
    if whole_weeks:
        start -= timedelta(days=start.weekday())
        end += timedelta(days=-end.weekday() % 7)
    entries = _entries(calendar)
    days = [start + timedelta(days=number) for number in range((end - start).days)]
    return [
        DayCell(
            each, each in shown, each == today, calendar.holidays.get(each, ""), calendar.plan.load.get(each, 0),
            sorted(entries.get(each, []), key=lambda entry: (entry.start, entry.title)) if each in shown else [],
        )
        for each in days
    ]  # fmt: skip


def moves_of(calendar: SellerCalendar, proposals: Sequence[Any]) -> list[ProposalRow]:
    """The proposals as rows of a list."""
    return [
        ProposalRow(
            calendar.customers[each.key], each, clock(each.start), f"{each.key}:{each.due}", f"{each.key}:{each.due}:{each.day}:{each.start}"
        )
        for each in proposals
    ]  # fmt: skip


def clock(minutes: int) -> str:
    """Time of day from minutes after midnight."""
    hour, minute = divmod(minutes, 60)
    return f"{hour:02}:{minute:02}"


def _entries(calendar: SellerCalendar) -> dict[date, list[Entry]]:
    found: dict[date, list[Entry]] = {}
    for booked in calendar.booked:
        start = -1 if booked.start is None else booked.start.hour * 60 + booked.start.minute
        found.setdefault(booked.day, []).append(
            Entry(
                start, "" if booked.start is None else clock(start), booked.title, reverse("sell:activity_detail", args=[booked.key]),
                "done" if booked.done else "planned", booked.minutes,
            )
        )  # fmt: skip
    for each in calendar.plan.placed:
        customer = calendar.customers[each.key]
        found.setdefault(each.day, []).append(
            Entry(
                each.start, clock(each.start), customer.name, reverse("customers:company_detail", args=[each.key]), "proposal", each.minutes,
                f"{each.key}:{each.due}", _next_day(calendar, customer, each.day, -1), _next_day(calendar, customer, each.day, 1),
            )
        )  # fmt: skip
    return found


def _next_day(
    calendar: SellerCalendar, customer: CalendarCustomer, day: date, step: int
) -> date | None:
    """The nearest open day before or after on which the customer may be visited."""
    for number in range(1, MOST_DAYS):
        each = day + timedelta(days=number * step)
        if each in calendar.plan.load and str(each.isoweekday()) in customer.weekdays:
            return each
    return None
