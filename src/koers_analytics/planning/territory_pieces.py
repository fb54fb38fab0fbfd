"""Does a territory hang together, and which border areas should change sides?

Two areas are neighbours when no third lies between them (in the circle over their side: Gabriel and
Sokal 1969) and the side is not far longer than those around it; where that leaves islands, the
shortest side joins them.
"""

from collections import deque
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

LONG_SIDE = 3.0
PASSES = 12
TOO_FEW = 4


class Borders:
    """Which areas touch; places as rows of latitude and longitude."""

    def __init__(self, where: Any) -> None:
        self.near: list[set[int]] = [set() for _ in range(len(where))]
        sides = sorted(_sides(where))
        usual = _usual(sides, len(where))
        root = list(range(len(where)))
        for length, a, b in sides:
            if length <= LONG_SIDE * max(usual[a], usual[b]) or _find(root, a) != _find(root, b):
                self.near[a].add(b)
                self.near[b].add(a)
                root[_find(root, a)] = _find(root, b)

    def pieces(self, areas: Iterable[int]) -> list[list[int]]:
        """The parts of these areas that hang together, the largest number of areas first."""
        left, found = {int(area) for area in areas}, []
        while left:
            piece, queue = [], deque([left.pop()])
            while queue:
                here = queue.popleft()
                piece.append(here)
                beside = self.near[here] & left
                left -= beside
                queue.extend(beside)
            found.append(sorted(piece))
        return sorted(found, key=lambda piece: (-len(piece), piece))


def _find(root: list[int], place: int) -> int:
    while root[place] != place:
        root[place] = root[root[place]]
        place = root[place]
    return place


def _sides(where: Any) -> set[tuple[float, int, int]]:
    """All sides with nothing between their ends, with kilometres by a flat local map."""
    import numpy as np  # noqa: PLC0415 -- slow import
    from scipy.spatial import Delaunay  # noqa: PLC0415 -- slow import

    hidden: set[tuple[int, int]] = set()
    flat = np.array(where, dtype=float) * 111.2
    flat[:, 1] *= np.cos(np.radians(np.mean(np.array(where)[:, 0])))
    if len(flat) < TOO_FEW or np.linalg.matrix_rank(flat - flat[0], tol=1e-3) < 2:
        order = np.lexsort((flat[:, 1], flat[:, 0])).tolist()
        pairs = set(pairwise(order))
    else:
        corners = Delaunay(flat, qhull_options="QJ").simplices
        pairs = set()
        for a, b, c in ((0, 1, 2), (1, 2, 0), (2, 0, 1)):
            pairs.update(zip(corners[:, a].tolist(), corners[:, b].tolist(), strict=True))
            side = _squares(flat, corners[:, a], corners[:, b])
            others = _squares(flat, corners[:, a], corners[:, c]) + _squares(
                flat, corners[:, b], corners[:, c]
            )
            between = others < side
            hidden |= set(
                zip(corners[between, a].tolist(), corners[between, b].tolist(), strict=True)
            )
    hidden |= {(b, a) for a, b in hidden}
    return {
        (float(np.hypot(*(flat[a] - flat[b]))), min(a, b), max(a, b))
        for a, b in pairs
        if (a, b) not in hidden
    }


def _squares(flat: Any, start: Any, end: Any) -> Any:
    return ((flat[start] - flat[end]) ** 2).sum(axis=1)


def _usual(sides: list[tuple[float, int, int]], count: int) -> list[float]:
    """Per area the middle length of its sides."""
    lengths: list[list[float]] = [[] for _ in range(count)]
    for length, a, b in sides:
        lengths[a].append(length)
        lengths[b].append(length)
    return [sorted(own)[len(own) // 2] if own else 0.0 for own in lengths]


def join_pieces(borders: Borders, owner: Any, cost: Any, work: Any) -> Any:
    """Give each piece that lies apart from the bulk of its territory to the cheapest neighbour."""
    owner = owner.copy()
    for _pass in range(PASSES):
        moved = False
        for seller in range(cost.shape[1]):
            mine = [index for index in range(len(owner)) if owner[index] == seller]
            pieces = sorted(
                borders.pieces(mine), key=lambda piece: -sum(work[area] for area in piece)
            )
            for piece in pieces[1:]:
                others = {int(owner[n]) for area in piece for n in borders.near[area]} - {seller}
                if others:
                    to = min(others, key=lambda s: (sum(cost[area, s] for area in piece), s))
                    owner[piece] = to
                    moved = True
        if not moved:
            break
    return owner


def improve(borders: Borders, owner: Any, cost: Any, load: Any, low: Any, high: Any) -> Any:
    """Move border areas to a neighbour's seller while that lowers imbalance, or cost at no more.

    A move that would cut a territory in two, or leave a seller without areas, is not made.
    """
    import numpy as np  # noqa: PLC0415 -- slow import

    owner = owner.copy()
    got = np.zeros(low.shape)
    np.add.at(got, owner, load)
    unit = np.maximum((low + high).sum(axis=0) / 2 / len(low), 1e-12)
    mine = [set(np.flatnonzero(owner == seller).tolist()) for seller in range(len(low))]

    def outside(seller: int, amount: Any) -> float:
        beyond = np.maximum(amount - high[seller], 0) + np.maximum(low[seller] - amount, 0)
        return float((beyond / unit).sum())

    for _pass in range(PASSES):
        moved = False
        for area in range(len(owner)):
            here = int(owner[area])
            best: tuple[float, float, int] | None = None
            for there in {int(owner[n]) for n in borders.near[area]} - {here}:
                before = outside(here, got[here]) + outside(there, got[there])
                after = outside(here, got[here] - load[area]) + outside(
                    there, got[there] + load[area]
                )
                step = (after - before, float(cost[area, there] - cost[area, here]), there)
                better = step[0] < -1e-9 or (step[0] <= 1e-9 and step[1] < -1e-9)
                if better and (best is None or step < best):
                    best = step
            if best is None or len(mine[here]) == 1 or not _stays_whole(borders, mine[here], area):
                continue
            mine[here].remove(area)
            mine[best[2]].add(area)
            got[here] -= load[area]
            got[best[2]] += load[area]
            owner[area] = best[2]
            moved = True
        if not moved:
            break
    return owner


def _stays_whole(borders: Borders, areas: set[int], leaving: int) -> bool:
    """Whether the neighbours of the leaving area inside the territory still reach each other."""
    ends = borders.near[leaving] & areas
    if len(ends) <= 1:
        return True
    first = next(iter(ends))
    seen, queue, missing = {leaving, first}, deque([first]), ends - {first}
    while queue and missing:
        beside = (borders.near[queue.popleft()] & areas) - seen
        seen |= beside
        missing -= beside
        queue.extend(beside)
    return not missing
