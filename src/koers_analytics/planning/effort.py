"""What does one visit more or less bring, per customer, and who should get the visits there are?

Response follows the ADBUDG curve (F6.9; Little 1970), fitted to four estimates of the salesperson as in
CALLPLAN (Lodish 1971): sales without visits, at half of today's visits, at half as many again, and
with as many as one could make. Visits are then given one by one to the customer where an hour adds
most (F6.10) between a minimum and a maximum. Where a curve is S-shaped the first visits together add
more than one by one; then the steps follow the least concave curve above it, and its value is an
upper bound on every plan with the same hours.
"""

import heapq
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

MOST_SHAPE = 20.0


class EffortInputError(ValueError):
    """Estimates or limits that mean nothing together; says whose."""


@dataclass(frozen=True, slots=True)
class Curve:
    """Sales a year at x visits: s0 + (smax − s0)·x^g / (d + x^g). ``error`` is the worst misfit."""

    s0: float
    smax: float
    shape: float
    scale: float
    error: float = 0.0

    def at(self, visits: float) -> float:
        """Sales a year at so many visits."""
        if visits <= 0:
            return self.s0
        power = math.log(visits) * self.shape - math.log(self.scale)
        return self.s0 + (self.smax - self.s0) / (1 + math.exp(-power))


def calibrate(
    *, none: float, half: float, now: float, more: float, most: float, visits: float
) -> Curve:
    """A curve from estimates: sales at 0, half, today's, one and a half times, and endless visits.

    ``now`` is known from the books; the other four are the salesperson's. With y = (S − s0)/(smax − s0)
    the curve is a line, ln(y/(1−y)) = g·ln x − ln d; the line passes through today's point exactly and
    has the least squared distance to the other two. ``EffortInputError`` unless
    none < half < now < more < most and visits > 0.
    """
    if not none < half < now < more < most or visits <= 0:
        raise EffortInputError(
            "Estimates must rise: none < half < now < more < most, at more than 0 visits a year."
        )

    def line(sales: float) -> float:
        part = (sales - none) / (most - none)
        return math.log(part / (1 - part))

    middle = line(now)
    points = [(math.log(0.5), line(half) - middle), (math.log(1.5), line(more) - middle)]
    shape = sum(x * y for x, y in points) / sum(x * x for x, _y in points)
    shape = min(shape, MOST_SHAPE)
    scale = math.exp(shape * math.log(visits) - middle)
    curve = Curve(none, most, shape, scale)
    error = max(abs(curve.at(visits / 2) - half), abs(curve.at(visits * 1.5) - more))
    return Curve(none, most, shape, scale, error)


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer to visit. ``margin`` turns sales into contribution (0-1); hours per visit."""

    name: str
    curve: Curve
    margin: float
    hours: float
    least: int = 0
    most: int = 52
    norm: float | None = None
    actual: float | None = None


@dataclass(frozen=True, slots=True)
class Advice:
    """Visits a year beside norm and actual, and what the next and the last visit bring."""

    name: str
    visits: int
    norm: float | None
    actual: float | None
    contribution: float
    one_more: float
    one_less: float
    hours: float


@dataclass(frozen=True, slots=True)
class EffortPlan:
    """Visits for all. ``bound`` is what no plan with these hours can pass; ``exact`` when reached."""

    advice: tuple[Advice, ...]
    contribution: float
    bound: float
    gap: float
    exact: bool
    hours_used: float
    hours: float


@dataclass(frozen=True, slots=True)
class _Step:
    """A stretch of visits that is taken as one, at the same gain per hour."""

    customer: int
    visits: int
    gain: float
    hours: float


def _value(customer: Customer, visits: int) -> float:
    return customer.margin * customer.curve.at(visits)


def _steps(place: int, customer: Customer) -> list[_Step]:
    """The stretches of the least concave curve above the customer's, in falling gain per hour."""
    hull = [customer.least]
    for visits in range(customer.least + 1, customer.most + 1):
        while len(hull) > 1 and _gain(customer, hull[-2], hull[-1]) <= _gain(
            customer, hull[-1], visits
        ):
            hull.pop()
        hull.append(visits)
    return [
        _Step(place, b - a, _value(customer, b) - _value(customer, a), (b - a) * customer.hours)
        for a, b in pairwise(hull)
    ]


def _gain(customer: Customer, first: int, last: int) -> float:
    return (_value(customer, last) - _value(customer, first)) / (last - first)


def optimise(customers: Sequence[Customer], *, hours: float) -> EffortPlan:
    """Give the hours of a year to the visits that bring most contribution.

    Exact when every curve is concave between its limits and all visits take the same hours; else the
    gap to the bound is shown. ``EffortInputError`` when the least visits do not fit in the hours.
    """
    for customer in customers:
        if not 0 <= customer.least <= customer.most or customer.hours <= 0:
            raise EffortInputError(
                f"{customer.name}: 0 ≤ least ≤ most visits and hours above 0 are needed."
            )
    visits = [customer.least for customer in customers]
    left = hours - math.fsum(c.least * c.hours for c in customers)
    if left < -1e-9:
        raise EffortInputError(
            f"The least visits take {hours - left:g} hours; there are {hours:g}."
        )
    start = math.fsum(_value(c, c.least) for c in customers)
    bound, rest = start, left
    open_ = [
        step
        for place, customer in enumerate(customers)
        for step in _steps(place, customer)
        if step.gain > 0
    ]
    blocked: set[int] = set()
    for step in sorted(open_, key=lambda s: (-s.gain / s.hours, s.customer)):
        bound += step.gain * min(1.0, max(0.0, rest) / step.hours)
        rest -= step.hours
        if step.customer in blocked:
            continue
        if step.hours <= left + 1e-9:
            visits[step.customer] += step.visits
            left -= step.hours
        else:
            blocked.add(step.customer)
    left = _fill(customers, visits, left)
    reached = math.fsum(_value(c, n) for c, n in zip(customers, visits, strict=True))
    return EffortPlan(
        tuple(_advice(c, n) for c, n in zip(customers, visits, strict=True)),
        reached,
        bound,
        1 - reached / bound if bound > 0 else 0.0,
        reached >= bound - 1e-9 * max(1.0, abs(bound)),
        hours - left,
        hours,
    )


def _fill(customers: Sequence[Customer], visits: list[int], left: float) -> float:
    """Use the last hours for single visits, the best per hour first."""
    queue = [entry for place in range(len(customers)) if (entry := _next(customers, visits, place))]
    heapq.heapify(queue)
    while queue:
        _negative, place = heapq.heappop(queue)
        if customers[place].hours > left + 1e-9:
            continue
        visits[place] += 1
        left -= customers[place].hours
        entry = _next(customers, visits, place)
        if entry:
            heapq.heappush(queue, entry)
    return left


def _next(
    customers: Sequence[Customer], visits: Sequence[int], place: int
) -> tuple[float, int] | None:
    customer, made = customers[place], visits[place]
    if made >= customer.most:
        return None
    gain = _value(customer, made + 1) - _value(customer, made)
    return (-gain / customer.hours, place) if gain > 0 else None


def _advice(customer: Customer, visits: int) -> Advice:
    here = _value(customer, visits)
    return Advice(
        customer.name,
        visits,
        customer.norm,
        customer.actual,
        here,
        _value(customer, visits + 1) - here,
        here - _value(customer, visits - 1) if visits else 0.0,
        visits * customer.hours,
    )
