"""Whose customers are whose? Territories of equal work and potential, compact and in one piece.

Location-allocation: areas (postcode areas with their customers) go to sellers at the least
workload-weighted kilometres, within a band around each seller's fair part of workload and
potential; a linear programme (HiGHS) solves that, sellers without a home move to the middle of their
work, and it is solved again. Areas the programme splits go to their largest part; pieces that lie
apart join a neighbour; border areas then move while that lowers cost or imbalance and keeps every
territory in one piece. The last programme's optimum bounds the cost of every assignment within the
bands to the same middles from below, contiguous or not: the gap to it is shown.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from koers_analytics.formula_sets.team import territory_balance
from koers_analytics.planning.territory_pieces import Borders, improve, join_pieces
from koers_analytics.planning.territory_programme import Solved, kilometres, solve

ROUNDS = 8
STILL = 0.002


class TerritoryInputError(ValueError):
    """Areas or sellers that no design can be made from; says which."""


@dataclass(frozen=True, slots=True)
class Area:
    """A postcode area. Degrees; workload in hours or visits a year, potential in money or points.

    ``customers`` counts those that may move, ``held`` how many of them each seller has now; ``fixed``
    is what stays with a seller whatever happens: seller to (workload, potential), not contained in
    the area's own.
    """

    code: str
    latitude: float
    longitude: float
    workload: float
    potential: float
    held: dict[str, int] = field(default_factory=dict)
    fixed: dict[str, tuple[float, float]] = field(default_factory=dict)
    customers: int = 0


@dataclass(frozen=True, slots=True)
class Seller:
    """Who gets customers; ``share`` 1 is full time. Without a home the middle of the work counts."""

    name: str
    latitude: float | None = None
    longitude: float | None = None
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Territory:
    """What one seller gets; ``pieces`` is 1 when it hangs together."""

    seller: str
    areas: tuple[str, ...]
    workload: float
    potential: float
    customers: int
    kept: int
    pieces: int
    latitude: float
    longitude: float
    mean_km: float


@dataclass(frozen=True, slots=True)
class TerritoryDesign:
    """A proposal. ``overload`` and ``spread`` are F6.8 per full-time seller.

    ``cost`` is workload × kilometres, with ``keep_km`` more for a customer who changes hands;
    ``bound`` is what no assignment inside the bands can go below, ``gap`` = 1 − bound / cost.
    ``within_bands`` tells whether this proposal keeps them: only then does the gap measure it.
    ``band_factor`` above 1: nothing keeps the bands asked for, these are so many times as wide.
    """

    territories: tuple[Territory, ...]
    cost: float
    bound: float
    gap: float
    within_bands: bool
    band_factor: int
    workload_overload: float
    workload_spread: float
    potential_spread: float
    moved_customers: int
    customers: int
    split_areas: int


def design(
    areas: Sequence[Area],
    sellers: Sequence[Seller],
    *,
    band: float = 0.1,
    potential_band: float = 0.25,
    keep_km: float = 5.0,
) -> TerritoryDesign:
    """Propose a territory for each seller.

    ``band`` 0.1 lets workload lie 10 % beside the fair part, ``potential_band`` the same for potential
    (both widened where nothing keeps them); ``keep_km`` is how many kilometres more one
    accepts to leave a customer where he is. ``TerritoryInputError`` for input nothing fits.
    """
    _check(areas, sellers)
    import numpy as np  # noqa: PLC0415 -- slow import

    where = np.array([(area.latitude, area.longitude) for area in areas])
    load = np.array([(area.workload, area.potential) for area in areas])
    fixed = np.zeros((len(sellers), 2))
    place = {seller.name: index for index, seller in enumerate(sellers)}
    for area in areas:
        for name, amounts in area.fixed.items():
            fixed[place[name]] += amounts
    total = load.sum(axis=0) + fixed.sum(axis=0)
    parts = np.array([seller.share for seller in sellers])
    fair = np.outer(parts / parts.sum(), total)
    widths = np.array([band, potential_band])
    low = np.maximum(fair * (1 - widths) - fixed, 0.0)
    high = np.maximum(fair * (1 + widths) - fixed, low)
    moving = _moving(areas, sellers)
    middles = _first_middles(areas, sellers, where, load)
    solved, cost = _rounds(sellers, where, load, low, high, moving * keep_km, middles)
    borders = Borders(where)
    owner = join_pieces(borders, solved.owner, cost, load[:, 0])
    owner = improve(borders, owner, cost, load, solved.low, solved.high)
    return _summary(areas, sellers, owner, cost, load, fixed, solved, borders)


def _check(areas: Sequence[Area], sellers: Sequence[Seller]) -> None:
    names = [seller.name for seller in sellers]
    if not names or len(areas) < len(names):
        raise TerritoryInputError("There must be sellers, and at least one area for each of them.")
    if len(set(names)) < len(names):
        raise TerritoryInputError("Two sellers have the same name.")
    for seller in sellers:
        if not 0 < seller.share <= 1:
            raise TerritoryInputError(f"{seller.name}: share must be above 0 and at most 1.")
    codes: set[str] = set()
    for area in areas:
        if area.code in codes:
            raise TerritoryInputError(f"Area {area.code} stands twice in the list.")
        codes.add(area.code)
        _check_area(area, set(names))


def _check_area(area: Area, sellers: set[str]) -> None:
    numbers = (area.latitude, area.longitude, area.workload, area.potential)
    on_earth = abs(area.latitude) <= 90 and abs(area.longitude) <= 180
    if not all(map(math.isfinite, numbers)) or not on_earth:
        raise TerritoryInputError(f"Area {area.code}: coordinates or amounts are no numbers.")
    if area.workload < 0 or area.potential < 0:
        raise TerritoryInputError(f"Area {area.code}: workload or potential is below 0.")
    if unknown := sorted(set(area.fixed) - sellers):
        raise TerritoryInputError(
            f"Area {area.code} is fixed to {unknown[0]}, who gets no territory."
        )


def _moving(areas: Sequence[Area], sellers: Sequence[Seller]) -> Any:
    """Per area and seller the part of the workload that would change hands."""
    import numpy as np  # noqa: PLC0415 -- slow import

    moving = np.zeros((len(areas), len(sellers)))
    for row, area in enumerate(areas):
        there = sum(area.held.values())
        if there:
            for column, seller in enumerate(sellers):
                moving[row, column] = 1 - area.held.get(seller.name, 0) / there
    return moving


def _first_middles(areas: Sequence[Area], sellers: Sequence[Seller], where: Any, load: Any) -> Any:
    """Homes; else the middle of today's customers; else far apart from the ones chosen before."""
    import numpy as np  # noqa: PLC0415 -- slow import

    middles = np.full((len(sellers), 2), np.nan)
    for index, seller in enumerate(sellers):
        weights = np.array([area.held.get(seller.name, 0) for area in areas], dtype=float)
        if seller.latitude is not None and seller.longitude is not None:
            middles[index] = (seller.latitude, seller.longitude)
        elif weights.sum():
            middles[index] = np.average(where, axis=0, weights=weights)
    chosen = [index for index in range(len(sellers)) if not np.isnan(middles[index, 0])]
    weights = load[:, 0] + 1e-9
    for index in range(len(sellers)):
        if index in chosen:
            continue
        if chosen:
            away = kilometres(where, middles[chosen]).min(axis=1)
            middles[index] = where[int(np.argmax(away * np.sqrt(weights)))]
        else:
            middles[index] = where[int(np.argmax(weights))]
        chosen.append(index)
    return middles


def _rounds(
    sellers: Sequence[Seller], where: Any, load: Any, low: Any, high: Any, keep: Any, middles: Any
) -> tuple[Solved, Any]:
    """Assign, move the middles, assign again, until the cost stands still."""
    import numpy as np  # noqa: PLC0415 -- slow import

    free = [index for index, seller in enumerate(sellers) if seller.latitude is None]
    best: tuple[Solved, Any] | None = None
    for _round in range(ROUNDS if free else 1):
        weight = np.maximum(load[:, :1], 1e-6)
        cost = weight * (kilometres(where, middles) + keep)
        solved = solve(cost, load, low, high, middles)
        if best is not None and solved.bound > best[0].bound * (1 - STILL):
            if solved.bound < best[0].bound:
                best = (solved, cost)
            break
        best = (solved, cost)
        middles = middles.copy()
        for index in free:
            mine = solved.owner == index
            if load[mine, 0].sum() > 0:
                middles[index] = np.average(where[mine], axis=0, weights=load[mine, 0])
    assert best is not None  # noqa: S101 -- at least one round is made
    return best


def _summary(
    areas: Sequence[Area],
    sellers: Sequence[Seller],
    owner: Any,
    cost: Any,
    load: Any,
    fixed: Any,
    solved: Solved,
    borders: Borders,
) -> TerritoryDesign:
    import numpy as np  # noqa: PLC0415 -- slow import

    where = np.array([(area.latitude, area.longitude) for area in areas])
    middles = solved.middles
    away = kilometres(where, middles)
    got = fixed.copy()
    np.add.at(got, owner, load)
    territories, moved, customers = [], 0, 0
    for index, seller in enumerate(sellers):
        mine = np.flatnonzero(owner == index).tolist()
        there = sum(areas[row].customers for row in mine)
        held = sum(sum(areas[row].held.values()) for row in mine)
        kept = sum(areas[row].held.get(seller.name, 0) for row in mine)
        moved, customers = moved + held - kept, customers + there
        weight = load[mine, 0].sum()
        territories.append(
            Territory(
                seller.name,
                tuple(areas[row].code for row in mine),
                float(got[index, 0]),
                float(got[index, 1]),
                there,
                kept,
                len(borders.pieces(mine)),
                float(middles[index, 0]),
                float(middles[index, 1]),
                float((load[mine, 0] * away[mine, index]).sum() / weight) if weight else 0.0,
            )
        )
    shares = np.array([seller.share for seller in sellers])
    overload, spread = territory_balance(list(got[:, 0] / shares))
    _none, potential_spread = territory_balance(list(got[:, 1] / shares))
    whole = float(cost[np.arange(len(areas)), owner].sum())
    inside = bool(
        np.all(got - fixed <= solved.high + 1e-6) and np.all(got - fixed >= solved.low - 1e-6)
    )
    return TerritoryDesign(
        tuple(territories), whole, solved.bound, 1 - solved.bound / whole if whole else 0.0, inside, solved.factor,
        overload or 0.0, spread or 0.0, potential_spread or 0.0, moved, customers, solved.split,
    )  # fmt: skip
