"""Does a plan of routes keep every rule, and how long is it?

Knows nothing of the solver: walks each route in double precision, as a driver would.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from koers_analytics.planning.route_problem import RouteProblem

TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True)
class Visit:
    """A stop on a route; times in the units of the problem."""

    number: int
    arrival: float
    start: float
    leave: float


@dataclass(frozen=True, slots=True)
class Route:
    """One vehicle's round, from depot to depot. It leaves as late as its first window allows."""

    visits: tuple[Visit, ...]
    distance: float
    load: float
    leaves: float
    returns: float
    waiting: float


def walk(problem: RouteProblem, places: Sequence[int]) -> tuple[Route, list[str]]:
    """One round over stops given by their places in ``problem.stops``, and the rules it breaks."""
    depot, stops = problem.stops[0], problem.stops
    broken: list[str] = []
    first = places[0]
    leaves = max(depot.ready, stops[first].ready - problem.time_between(0, first))
    time, before, waiting = leaves, 0, 0.0
    legs, visits = [], []
    for place in places:
        stop = stops[place]
        arrival = time + problem.time_between(before, place)
        start = max(arrival, stop.ready)
        if start > stop.due + TOLERANCE:
            broken.append(f"customer {stop.number} is served at {start:.4f}, after {stop.due:g}")
        waiting += start - arrival
        time = start + stop.service
        visits.append(Visit(stop.number, arrival, start, time))
        legs.append(problem.distance_between(before, place))
        before = place
    returns = time + problem.time_between(before, 0)
    legs.append(problem.distance_between(before, 0))
    if returns > depot.due + TOLERANCE:
        broken.append(f"a vehicle is back at {returns:.4f}, after {depot.due:g}")
    load = math.fsum(stops[place].demand for place in places)
    if load > problem.capacity + TOLERANCE:
        broken.append(f"a vehicle carries {load:g}, more than {problem.capacity:g}")
    return Route(tuple(visits), math.fsum(legs), load, leaves, returns, waiting), broken


def check(
    problem: RouteProblem, plan: Sequence[Sequence[int]]
) -> tuple[tuple[Route, ...], tuple[str, ...]]:
    """All rounds, and every rule broken: each customer once, capacity, windows, vehicles."""
    routes, broken = [], []
    for places in plan:
        route, faults = walk(problem, places)
        routes.append(route)
        broken += faults
    served = Counter(place for places in plan for place in places)
    for place, stop in enumerate(problem.stops[1:], 1):
        if served[place] != 1:
            broken.append(f"customer {stop.number} is visited {served[place]} times")
    unknown = sorted(place for place in served if not 0 < place < len(problem.stops))
    if unknown:
        broken.append(f"places {unknown} do not exist")
    if len(plan) > problem.vehicles:
        broken.append(f"{len(plan)} vehicles are used, {problem.vehicles} exist")
    return tuple(routes), tuple(broken)
