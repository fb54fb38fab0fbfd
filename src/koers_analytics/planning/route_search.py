"""How does one process look for good rounds? PyVRP's iterated local search on whole numbers.

PyVRP computes with integers. Distances and times are scaled by a power of ten that leaves at least
three decimals where the range allows; travel times round up, so that what fits here fits in double
precision too. Windows round inward for the same reason.
"""

import math
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from koers_analytics.planning.route_problem import RouteProblem

Plan = list[list[int]]
MOST_COLUMNS = 20_000
SPAN = 10_000_000_000
POOL_EVERY = 5
POOL_WITHIN = 1.05
LOAD_DIGITS = 1_000
_INFEASIBLE = 2**62


@dataclass(frozen=True, slots=True)
class Found:
    """What one search brings back: its best plan if it is feasible, and rounds met on the way."""

    plan: Plan | None
    rounds: list[tuple[int, ...]]
    iterations: int


@dataclass(frozen=True, slots=True)
class Style:
    """How the search moves: how long it remembers, and at most how many stops it shakes loose.

    On the hardest fleets of Solomon's R1 no one style wins; searches with unlike styles do.
    """

    history: int
    shake: int


STYLES = (Style(300, 25), Style(100, 25), Style(300, 10), Style(100, 10))
FOR_LENGTH, FOR_FLEET = (0, 1), (2, 1, 0, 3)


def scale_of(problem: RouteProblem) -> int:
    """The power of ten by which distances and times are multiplied: 10,000 for Solomon's files."""
    stops = problem.stops
    largest = max(1.0, *(max(stop.due, stop.service) for stop in stops))
    if problem.distance is not None:
        largest = max(largest, *(max(row) for row in problem.distance))
    else:
        width = max(stop.x for stop in stops) - min(stop.x for stop in stops)
        height = max(stop.y for stop in stops) - min(stop.y for stop in stops)
        largest = max(largest, math.hypot(width, height))
    digits = math.floor(math.log10(SPAN / (largest * len(stops))))
    return int(10 ** min(4, max(0, digits)))


def problem_data(problem: RouteProblem, vehicles: int) -> Any:
    """The problem as PyVRP wants it, with so many vehicles."""
    import numpy as np  # noqa: PLC0415 -- slow import
    from pyvrp import Client, Depot, Location, ProblemData, VehicleType  # noqa: PLC0415 -- slow import

    scale, stops = scale_of(problem), problem.stops
    distance, duration = (np.array(matrix, dtype=float) for matrix in _matrices(problem))
    whole = all(
        value == int(value) for value in (problem.capacity, *(stop.demand for stop in stops))
    )
    load = 1 if whole else LOAD_DIGITS

    def early(value: float) -> int:
        return max(0, math.ceil(value * scale - 1e-6))

    def late(value: float) -> int:
        return max(0, math.floor(value * scale + 1e-6))

    return ProblemData(
        locations=[Location(stop.x, stop.y) for stop in stops],
        clients=[
            Client(
                place,
                delivery=[math.ceil(stop.demand * load - 1e-9)],
                service_duration=early(stop.service),
                tw_early=early(stop.ready),
                tw_late=late(stop.due),
            )
            for place, stop in enumerate(stops)
            if place
        ],
        depots=[Depot(0)],
        vehicle_types=[
            VehicleType(
                vehicles,
                [math.floor(problem.capacity * load + 1e-9)],
                tw_early=early(stops[0].ready),
                tw_late=late(stops[0].due),
            )
        ],
        distance_matrices=[_whole(np.rint(distance * scale))],
        duration_matrices=[_whole(np.ceil(duration * scale - 1e-6))],
    )


def _whole(matrix: Any) -> Any:
    return matrix.astype("int64")


def _matrices(problem: RouteProblem) -> tuple[Any, Any]:
    import numpy as np  # noqa: PLC0415 -- slow import

    if problem.distance is not None:
        return problem.distance, problem.duration or problem.distance
    x = np.array([stop.x for stop in problem.stops])
    y = np.array([stop.y for stop in problem.stops])
    straight = np.hypot(x[:, None] - x[None, :], y[:, None] - y[None, :])
    return straight, straight if problem.duration is None else problem.duration


class _Rounds:
    """Keeps the rounds of good plans met by the search, to be combined afterwards."""

    def __init__(self) -> None:
        self.kept: dict[frozenset[int], tuple[int, tuple[int, ...]]] = {}
        self._count = 0

    def on_start(self, search: Any) -> None:
        """Nothing to keep yet."""

    on_end = on_restart = on_start

    def on_best(self, best: Any) -> None:
        """A new best plan: keep all its rounds."""
        self._keep(best)

    def on_iteration(self, current: Any, candidate: Any, best: Any, _costs: Any) -> None:
        """Keep the rounds of now and then a plan that is nearly as good as the best."""
        self._count += 1
        if self._count % POOL_EVERY == 0 and current.distance() <= POOL_WITHIN * best.distance():
            self._keep(current)

    def _keep(self, plan: Any) -> None:
        if len(self.kept) >= MOST_COLUMNS:
            return
        for route in plan.routes():
            if not route.is_feasible():
                continue
            places = tuple(stop.idx + 1 for stop in route if stop.is_client())
            length = route.distance()
            key = frozenset(places)
            known = self.kept.get(key)
            if known is None or length < known[0]:
                self.kept[key] = (length, places)


def search(
    problem: RouteProblem,
    vehicles: int,
    seconds: float,
    seed: int,
    start: Plan | None = None,
    stop_when: Callable[[bool], bool] | None = None,
    style: Style = STYLES[0],
) -> Found:
    """Look for the shortest plan with at most so many vehicles.

    ``start`` is a plan to improve. ``stop_when`` gets whether the best plan is feasible and may end
    the search before its ``seconds`` are over.
    """
    ends = time.monotonic() + seconds
    from pyvrp import (  # noqa: PLC0415 -- slow import
        IteratedLocalSearchParams,
        Solution,
        SolveParams,
        solve,
    )
    from pyvrp.exceptions import PenaltyBoundWarning  # noqa: PLC0415 -- slow import
    from pyvrp.search import PerturbationParams  # noqa: PLC0415 -- slow import

    data = problem_data(problem, vehicles)
    rounds: Any = _Rounds()
    initial = None
    if start:
        initial = Solution(data, [[place - 1 for place in places] for places in start])

    def over(best_cost: int) -> bool:
        feasible = best_cost < _INFEASIBLE
        return time.monotonic() >= ends or (stop_when is not None and stop_when(feasible))

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PenaltyBoundWarning)
        result = solve(
            data,
            stop=over,
            seed=seed,
            collect_stats=False,
            params=SolveParams(
                ils=IteratedLocalSearchParams(history_length=style.history, callbacks=rounds),
                perturbation=PerturbationParams(max_perturbations=style.shake),
            ),
            initial_solution=initial,
        )
    best = result.best
    plan = [[stop.idx + 1 for stop in route if stop.is_client()] for route in best.routes()]
    kept = [places for _length, places in rounds.kept.values()]
    return Found(
        [places for places in plan if places]
        if best.is_feasible() and best.is_complete()
        else None,
        kept,
        result.num_iterations,
    )


def fewest_possible(problem: RouteProblem) -> int:
    """A number of vehicles below which no plan exists: by capacity, and by stops nobody can share.

    Two customers cannot share a vehicle when neither can follow the other in time; a set in which
    that holds for every pair needs a vehicle each.
    """
    stops = problem.stops
    load = math.fsum(stop.demand for stop in stops)
    by_load = math.ceil(load / problem.capacity - 1e-9) if problem.capacity else 0

    def follows(first: int, then: int) -> bool:
        begin = max(stops[first].ready, stops[0].ready + problem.time_between(0, first))
        arrive = begin + stops[first].service + problem.time_between(first, then)
        return arrive <= stops[then].due + 1e-9

    apart = {place: set[int]() for place in range(1, len(stops))}
    for one, other in combinations(range(1, len(stops)), 2):
        if not follows(one, other) and not follows(other, one):
            apart[one].add(other)
            apart[other].add(one)
    best = 0
    for seed in sorted(apart, key=lambda place: -len(apart[place]))[:30]:
        size, open_ = 1, set(apart[seed])
        while open_:
            chosen = max(open_, key=lambda place: (len(apart[place] & open_), -place))
            open_ &= apart[chosen]
            size += 1
        best = max(best, size)
    return max(1, by_load, best)


def without_shortest(problem: RouteProblem, plan: Sequence[Sequence[int]]) -> Plan:
    """The plan less its lightest round: a start for the search with one vehicle fewer."""
    lightest = min(plan, key=lambda places: (len(places), problem.stops[places[0]].demand))
    return [list(places) for places in plan if places is not lightest]
