"""Which territory carries itself, how heavy is it, and which area does it cover?

Turnover and contribution of the customers of a territory beside what it costs: the yearly cost of each
seller, divided over territories by where the hours lie that the visit norms ask of him. Break-even
turnover is that cost ÷ contribution ratio (F6.13); below it a territory loses money.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from koers_analytics.formula_sets.team import performance_level, territory_balance, visit_cost

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class TerritoryCustomer:
    """A customer: territory, seller, hours and visits a year by the norm, visits made, amounts of a year.

    ``norm`` is None without a norm, ``contribution`` None where the cost of what it bought is unknown.
    """

    territory: int | None
    seller: int | None
    hours: float
    norm: float | None
    actual: int
    turnover: Decimal
    contribution: Decimal | None
    point: Point | None = None


@dataclass(frozen=True, slots=True)
class TerritoryFigures:
    """A territory in figures; amounts are of a year, ``cost`` is what its sellers cost.

    ``contribution`` counts customers whose costs are known; ``ratio`` is theirs over their turnover.
    """

    key: int | None
    customers: int
    hours: float
    visits: float
    actual: int
    made: int
    turnover: Decimal
    known_turnover: Decimal
    contribution: Decimal
    cost: float
    hull: tuple[Point, ...]
    points: tuple[Point, ...] = field(repr=False, default=())

    @property
    def ratio(self) -> float | None:
        """Contribution as a share of turnover; None where no cost is known or nothing was sold."""
        return float(self.contribution / self.known_turnover) if self.known_turnover > 0 else None

    @property
    def coverage(self) -> float | None:
        """Visits made at customers with a norm, as a share of the norm (F6.14)."""
        found = performance_level(self.made, self.visits)
        return None if found is None else found / 100

    @property
    def visit_cost(self) -> float | None:
        """What a visit costs, by the visits made (F6.13)."""
        return visit_cost(self.cost, self.actual, 1)[0]

    @property
    def break_even(self) -> float | None:
        """Turnover at which the territory pays for its sellers (F6.13); None without a ratio above 0."""
        return visit_cost(self.cost, 1, self.ratio)[1] if self.ratio and self.ratio > 0 else None

    @property
    def loses(self) -> bool | None:
        """Whether turnover stays below break-even; None where that cannot be said."""
        if self.ratio is not None and self.ratio <= 0:
            return self.cost > 0
        return None if self.break_even is None else float(self.turnover) < self.break_even


@dataclass(frozen=True, slots=True)
class TerritoryMap:
    """All territories, those without one last, and how unevenly work is divided over them (F6.8)."""

    territories: tuple[TerritoryFigures, ...]
    overload: float | None
    spread: float | None
    unplaced_cost: float


def territory_figures(
    customers: Iterable[TerritoryCustomer], *, seller_cost: float
) -> TerritoryMap:
    """Add up customers per territory; ``seller_cost`` is the yearly cost of one seller.

    Sellers of whom no norm asks hours cannot be divided: their cost is ``unplaced_cost``.
    """
    known = list(customers)
    hours: dict[int, float] = defaultdict(float)
    for each in known:
        if each.seller is not None:
            hours[each.seller] += each.hours
    groups: dict[int | None, list[TerritoryCustomer]] = defaultdict(list)
    for each in known:
        groups[each.territory].append(each)
    found = tuple(
        _figures(key, groups[key], hours, seller_cost)
        for key in sorted(groups, key=lambda key: (key is None, key or 0))
    )
    named = [each.hours for each in found if each.key is not None]
    overload, spread = territory_balance(named) if named else (None, None)
    idle = sum(1 for total in hours.values() if total <= 0)
    return TerritoryMap(found, overload, spread, idle * seller_cost)


def convex_hull(points: Sequence[Point]) -> tuple[Point, ...]:
    """The corners of the smallest convex area around points, counter-clockwise; no corner twice.

    Andrew's monotone chain. Fewer than three corners where all points lie on a line.
    """
    ordered = sorted(set(points))
    if len(ordered) < 3:
        return tuple(ordered)
    halves = []
    for way in (ordered, ordered[::-1]):
        half: list[Point] = []
        for point in way:
            while len(half) > 1 and _turn(half[-2], half[-1], point) <= 0:
                half.pop()
            half.append(point)
        halves.append(half[:-1])
    return tuple(halves[0] + halves[1])


def _turn(a: Point, b: Point, c: Point) -> float:
    """Above 0 where the way from a over b to c turns left."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _figures(
    key: int | None,
    customers: list[TerritoryCustomer],
    hours: dict[int, float],
    seller_cost: float,
) -> TerritoryFigures:
    held = [each for each in customers if each.norm is not None]
    costed = [each for each in customers if each.contribution is not None]
    points = tuple(each.point for each in customers if each.point is not None)
    cost = math.fsum(
        seller_cost * each.hours / hours[each.seller]
        for each in customers
        if each.seller is not None and hours[each.seller] > 0
    )
    return TerritoryFigures(
        key=key,
        customers=len(customers),
        hours=math.fsum(each.hours for each in customers),
        visits=math.fsum(each.norm or 0 for each in held),
        actual=sum(each.actual for each in customers),
        made=sum(each.actual for each in held),
        turnover=sum((each.turnover for each in customers), Decimal(0)),
        known_turnover=sum((each.turnover for each in costed), Decimal(0)),
        contribution=sum((each.contribution or Decimal(0) for each in costed), Decimal(0)),
        cost=cost,
        hull=convex_hull(points),
        points=points,
    )
