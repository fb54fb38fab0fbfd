"""On which day should each customer be visited, so that norms, days and hours all hold?

From how often a customer should be visited and when he last was, the days come on which a visit is
due. Each due visit gets a day inside its own stretch of the rhythm (half an interval before and
after; a late one as soon as it goes), on an allowed weekday that is open and has room. Of those days
the one is taken that costs least: close to the due day, not fuller than others, near other visits of
that day. Customers with the shortest rhythm choose first, for they have the fewest days to choose from.

What is planned already stays. So does every earlier proposal that is still needed and still fits:
a new plan moves only what must move.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from koers_analytics.formula_sets.team import great_circle

DAYS_A_YEAR = 365
STEP = 5  # minutes; nobody makes an appointment for 10:37
FAR, FULL, AWAY = 1.0, 0.6, 0.8  # weights of: beside the due day, a full day, a long drive

Point = tuple[float, float]


class Why(StrEnum):
    """Why a visit that is due got no day."""

    TOO_LONG = "too_long"  # longer than a whole working day
    NO_DAY = "no_day"  # no open day on an allowed weekday in its stretch
    FULL = "full"  # every such day is full


@dataclass(frozen=True, slots=True)
class Customer:
    """Who must be visited. ``weekdays`` are 1 for Monday to 7; ``point`` is degrees, if known.

    ``last`` is the day of the last visit made; ``planned`` the days of visits planned already.
    """

    key: int
    visits_a_year: float
    minutes: int
    weekdays: frozenset[int]
    last: date | None = None
    planned: tuple[date, ...] = ()
    point: Point | None = None


@dataclass(frozen=True, slots=True)
class Appointment:
    """What fills a day already. ``start`` is minutes after midnight, None where no time was agreed."""

    day: date
    minutes: int
    start: int | None = None
    point: Point | None = None
    travels: bool = True


@dataclass(frozen=True, slots=True)
class Rules:
    """When one works. Minutes; ``begins`` after midnight, ``capacity`` from then on.

    ``travel`` goes before a visit, less where another visit of the day is nearer than that by
    straight line × ``road_factor`` at ``speed`` km an hour; ``waiting`` is added to each visit.
    """

    begins: int = 8 * 60 + 30
    capacity: int = 8 * 60
    travel: int = 30
    waiting: int = 0
    road_factor: float = 1.3
    speed: float = 50.0
    closed: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Placement:
    """A proposal: whom to visit, when, and the minutes it takes with travel and waiting before it."""

    key: int
    day: date
    start: int
    minutes: int
    around: int
    due: date


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A visit that is due and got no day, and why."""

    key: int
    due: date
    why: Why


@dataclass(frozen=True, slots=True)
class VisitCalendar:
    """Proposals by day and time, what did not fit, and per open day the minutes taken."""

    placed: tuple[Placement, ...]
    unplaced: tuple[Unplaced, ...]
    load: Mapping[date, int]
    kept: int

    @property
    def share(self) -> float | None:
        """Proposals as a share of the visits due that have no appointment yet."""
        asked = len(self.placed) + len(self.unplaced)
        return len(self.placed) / asked if asked else None


@dataclass(frozen=True, slots=True)
class Due:
    """A visit the rhythm asks: on which day, and from when until when (excluded) it may fall."""

    customer: Customer
    day: date
    opens: date
    closes: date
    interval: int
    late: bool


@dataclass(slots=True)
class _Day:
    """A working day: stretches taken, as (start, end) in minutes, and where one is."""

    taken: list[tuple[int, int]] = field(default_factory=list)
    points: list[Point] = field(default_factory=list)

    @property
    def used(self) -> int:
        """Minutes taken."""
        return sum(end - start for start, end in self.taken)

    def gap(self, length: int, rules: Rules) -> int | None:
        """First minute from which so long is free; None where nothing is."""
        if self.used + length > rules.capacity:
            return None
        at = rules.begins
        for start, end in sorted(self.taken):
            if start - at >= length:
                return at
            at = max(at, end)
        return at if rules.begins + rules.capacity - at >= length else None

    def free(self, start: int, end: int, rules: Rules) -> bool:
        """Whether exactly this stretch is free and lies in the working day."""
        if start < rules.begins or end > rules.begins + rules.capacity:
            return False
        if self.used + end - start > rules.capacity:
            return False
        return all(end <= since or start >= until for since, until in self.taken)


def plan_calendar(
    customers: Iterable[Customer],
    *,
    first: date,
    end: date,
    rules: Rules,
    appointments: Iterable[Appointment] = (),
    previous: Sequence[Placement] = (),
    pinned: Mapping[tuple[int, date], date] = MappingProxyType({}),
) -> VisitCalendar:
    """Proposals from ``first`` until ``end`` (excluded) for one seller.

    ``previous`` are proposals that stay where they are as long as they are needed and fit;
    ``pinned`` gives a customer's visit due on a day the one day it may fall on. Same
    question, same answer. ``ValueError`` where the working day is not within one day, or a customer
    stands in it twice.
    """
    if not 0 <= rules.begins < rules.begins + rules.capacity <= 24 * 60:
        raise ValueError("the working day must begin and end on one day.")
    known = list(customers)
    if len({each.key for each in known}) < len(known):
        raise ValueError("a customer stands in the question twice.")
    days = _open_days(first, end, rules)
    _fill(days, appointments, rules)
    asked = sorted(
        (
            _pinned(due, pinned.get((due.customer.key, due.day)))
            for each in known
            for due in dues(each, first=first, end=end)
        ),
        key=lambda due: (due.interval, due.day, due.customer.key),
    )
    placed, waiting = _keep(asked, previous, days, rules)
    kept, unplaced = len(placed), []
    for due in waiting:
        found = _place(due, days, rules)
        if isinstance(found, Why):
            unplaced.append(Unplaced(due.customer.key, due.day, found))
        else:
            placed.append(found)
    placed.sort(key=lambda each: (each.day, each.start))
    unplaced.sort(key=lambda each: (each.due, each.key))
    load = {day: each.used for day, each in days.items()}
    return VisitCalendar(tuple(placed), tuple(unplaced), load, kept)


def dues(customer: Customer, *, first: date, end: date) -> Iterator[Due]:
    """Visits the rhythm asks before ``end``, beyond those that are planned already.

    The rhythm goes on from the last visit, made or planned; who should have been visited before
    ``first`` is late and due at once. A planned visit stands for the one due around it.
    """
    if customer.visits_a_year <= 0:
        return
    interval = max(1, round(DAYS_A_YEAR / customer.visits_a_year))
    half = max(1, interval // 2)
    ahead = sorted(day for day in customer.planned if day >= first)
    past = [day for day in (customer.last, *customer.planned) if day and day < first]
    day = max(past) + timedelta(days=interval) if past else first
    late = not past or day < first
    day = max(day, first)
    while day < end:
        # A late visit may wait a whole interval for one that is planned, another half of one.
        reach = day + timedelta(days=interval if late else half)
        if ahead and ahead[0] < reach:
            day, late = ahead.pop(0) + timedelta(days=interval), False
            continue
        opens = first if late else max(first, day - timedelta(days=interval - half))
        closes = min(end, day + timedelta(days=half))
        yield Due(customer, day, opens, closes, interval, late)
        day, late = day + timedelta(days=interval), False


def _pinned(due: Due, day: date | None) -> Due:
    """The same visit with one day to fall on; none where that lies outside its stretch."""
    if day is None:
        return due
    within = due.opens <= day < due.closes
    return replace(due, opens=day, closes=day + timedelta(days=1) if within else day)


def travel_minutes(point: Point | None, points: Sequence[Point], rules: Rules) -> int:
    """Minutes to drive to a place from the nearest other of the day, in steps of five, at most the usual travel."""
    if point is None or not points:
        return rules.travel
    nearest = min(great_circle(*point, *other) for other in points)
    drive = nearest * rules.road_factor / rules.speed * 60
    return min(rules.travel, math.ceil(drive / STEP) * STEP)


def _open_days(first: date, end: date, rules: Rules) -> dict[date, _Day]:
    every = (first + timedelta(days=number) for number in range((end - first).days))
    return {day: _Day() for day in every if day not in rules.closed}


def _fill(days: dict[date, _Day], appointments: Iterable[Appointment], rules: Rules) -> None:
    """Put in what is agreed, with a time first; without one it takes the first gap it fits in."""
    for each in sorted(
        appointments, key=lambda each: (each.day, each.start is None, each.start or 0)
    ):
        day = days.get(each.day)
        if day is None:
            continue
        around = travel_minutes(each.point, day.points, rules) if each.travels else 0
        length = around + each.minutes
        start = each.start - around if each.start is not None else day.gap(length, rules)
        if start is None:
            start = max([rules.begins, *(until for _since, until in day.taken)])
        day.taken.append((start, start + length))
        if each.point:
            day.points.append(each.point)


def _keep(
    asked: list[Due], previous: Sequence[Placement], days: dict[date, _Day], rules: Rules
) -> tuple[list[Placement], list[Due]]:
    """Earlier proposals that are still due, allowed and free, and the visits left to place."""
    kept: list[Placement] = []
    waiting: list[Due] = []
    earlier: dict[int, list[Placement]] = {}
    for each in sorted(previous, key=lambda each: each.day):
        earlier.setdefault(each.key, []).append(each)
    for due in asked:
        former = next((each for each in earlier.get(due.customer.key, []) if due.opens <= each.day < due.closes), None)  # fmt: skip
        if former is None or not _still_fits(due, former, days, rules):
            waiting.append(due)
            continue
        earlier[due.customer.key].remove(former)
        _take(days[former.day], former.start - former.around, former, due)
        kept.append(Placement(former.key, former.day, former.start, former.minutes, former.around, due.day))  # fmt: skip
    return kept, waiting


def _still_fits(due: Due, former: Placement, days: dict[date, _Day], rules: Rules) -> bool:
    day, customer = days.get(former.day), due.customer
    return (
        day is not None
        and former.day.isoweekday() in customer.weekdays
        and former.minutes == customer.minutes
        and day.free(former.start - former.around, former.start + former.minutes, rules)
    )


def _place(due: Due, days: dict[date, _Day], rules: Rules) -> Placement | Why:
    """The cheapest day with room, or why there is none."""
    customer = due.customer
    if customer.minutes + rules.waiting > rules.capacity:
        return Why.TOO_LONG
    best: tuple[float, date, int, int] | None = None
    any_day = False
    for number in range((due.closes - due.opens).days):
        day = due.opens + timedelta(days=number)
        if day not in days or day.isoweekday() not in customer.weekdays:
            continue
        any_day = True
        travel = travel_minutes(customer.point, days[day].points, rules)
        around = travel + rules.waiting
        start = days[day].gap(around + customer.minutes, rules)
        if start is None:
            continue
        cost = _cost(due, day, days[day], travel, rules)
        if best is None or cost < best[0] - 1e-9:
            best = cost, day, start, around
    if best is None:
        return Why.FULL if any_day else Why.NO_DAY
    _cost_of, day, start, around = best
    found = Placement(customer.key, day, start + around, customer.minutes, around, due.day)
    _take(days[day], start, found, due)
    return found


def _cost(due: Due, day: date, on_day: _Day, travel: int, rules: Rules) -> float:
    """What a day costs a visit, without unit: 1 is half an interval late, or a full day."""
    beside = abs((day - due.day).days) / max(1, due.interval / 2)
    full = on_day.used / rules.capacity
    drive = travel / rules.travel if rules.travel else 0.0
    return FAR * beside + FULL * full + AWAY * drive


def _take(day: _Day, start: int, placement: Placement, due: Due) -> None:
    day.taken.append((start, placement.start + placement.minutes))
    if due.customer.point:
        day.points.append(due.customer.point)
