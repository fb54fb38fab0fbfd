"""Which sums stand above the series, and how do all forecasts add up to the cent?"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from koers_analytics.forecast.forecasting import Forecast, forecast_many
from koers_analytics.forecast.reconciliation import in_cents, one_step_covariance, reconcile
from koers_analytics.forecast.series_file import Series

Numbers = NDArray[np.float64]
TOTAL = "total"
CENT = 100


class HierarchyError(ValueError):
    """The columns make no tree over the series."""


@dataclass(frozen=True, slots=True)
class Tree:
    """Sums from the total down, the series themselves last; ``children`` by place in ``series``."""

    series: list[Series]
    children: list[list[int]]
    leaves: int

    @property
    def sums(self) -> Numbers:
        """Which of the lowest series each node adds up: a row per node, 0 or 1 per series."""
        start = len(self.series) - self.leaves
        matrix = np.zeros((len(self.series), self.leaves))
        matrix[start:] = np.eye(self.leaves)
        for place in range(start - 1, -1, -1):
            matrix[place] = matrix[self.children[place]].sum(axis=0)
        return matrix


def tree_of(series: Sequence[Series]) -> Tree:
    """The total, a sum per value of each column within the one before, and the series.

    Sums run from the first moment of any series to the last of any; a series counts as 0 where it has
    not begun or has ended. A column under whose values stands one series each makes no sums of its own.

    Raises
    ------
    HierarchyError
        When series do not lie on the same steps, or one bears the name of a sum.
    """
    _check_steps(series)
    begin = min(one.first for one in series)
    end = max(one.first + len(one.values) for one in series)
    width = len(series[0].groups)
    depth = width - 1 if len({one.groups for one in series}) == len(series) else width
    places: dict[tuple[str, ...], int] = {(): 0}
    for level in range(1, depth + 1):
        for one in series:
            places.setdefault(one.groups[:level], len(places))
    children: list[list[int]] = [[] for _ in places]
    for path, place in places.items():
        if path:
            children[places[path[:-1]]].append(place)
    values = np.zeros((len(places), end - begin))
    leaves = []
    for number, one in enumerate(series):
        children[places[one.groups[:depth]]].append(len(places) + number)
        held = slice(one.first - begin, one.first - begin + len(one.values))
        for level in range(depth + 1):
            values[places[one.groups[:level]], held] += one.values
        tail = np.zeros(end - one.first - len(one.values))
        leaves.append(replace(one, values=np.concatenate([one.values, tail])))
    grid = series[0].grid
    nodes = [
        Series("/".join(path) or TOTAL, grid, begin, values[place], 0, path + ("",) * (width - len(path)))
        for path, place in places.items()
    ]  # fmt: skip
    _check_names([one.unique_id for one in [*nodes, *series]])
    return Tree([*nodes, *leaves], children, len(leaves))


def _check_steps(series: Sequence[Series]) -> None:
    grid = series[0].grid
    for one in series:
        if (one.grid.whole, one.grid.phase, one.grid.working_days) != (grid.whole, grid.phase, grid.working_days):  # fmt: skip
            raise HierarchyError(
                f"Series {one.unique_id} does not lie on the same steps as {series[0].unique_id}."
            )


def _check_names(names: Sequence[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise HierarchyError(f"The name {name} stands for a sum; name the series otherwise.")
        seen.add(name)


def forecast_tree(
    series: Sequence[Series],
    *,
    horizon: int,
    levels: Sequence[float] = (80, 95),
    workers: int | None = None,
) -> list[Forecast]:
    """Forecast the series and all sums above them, reconciled so that they add up to the cent.

    Every node is forecast by itself, then all are brought together by minimum trace (Wickramasuriya et
    al. 2019); what never was negative stays so. Amounts are whole cents: the total is rounded and each
    sum handed down by largest remainder. An interval keeps its calibrated width around the reconciled
    value, but reaches no further than those of its parts together.
    """
    tree = tree_of(series)
    found = forecast_many(tree.series, horizon=horizon, levels=levels, workers=workers)
    base = np.array([one.values for one in found])
    floor = np.array([bool((one.values >= 0).all()) for one in tree.series[-tree.leaves :]])
    covariance, name = one_step_covariance([one.errors for one in found], [one.scale for one in found])  # fmt: skip
    lowest = reconcile(base, tree.sums, covariance, floor)
    cents = in_cents(lowest, tree.children)
    downs, ups = _half_widths(found, tree, levels)
    answers = []
    for place, one in enumerate(found):
        value = cents[place]
        never_negative = bool((one.series.values >= 0).all())
        lows, highs = {}, {}
        for level in levels:
            low = np.floor(value - downs[level][place] * CENT)
            lows[level] = (np.maximum(low, np.minimum(value, 0)) if never_negative else low) / CENT
            highs[level] = np.ceil(value + ups[level][place] * CENT) / CENT
        answers.append(
            replace(one, values=value / CENT, lows=lows, highs=highs, method=f"{one.method}+{name}")
        )
    return answers


def _half_widths(
    found: Sequence[Forecast], tree: Tree, levels: Sequence[float]
) -> tuple[dict[float, Numbers], dict[float, Numbers]]:
    """Down and up per level; a sum is at most as uncertain as its parts together."""
    downs, ups = {}, {}
    for level in levels:
        up = np.array([one.highs[level] - one.values for one in found])
        for place in range(len(tree.children) - 1, -1, -1):
            up[place] = np.minimum(up[place], up[tree.children[place]].sum(axis=0))
        downs[level] = ups[level] = up
    return downs, ups
