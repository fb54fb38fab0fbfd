"""Which rounds visit every stop in time, with the fewest kilometres or the fewest vehicles?

The search runs in one process per core, each from an own seed. Between two legs of the search the
rounds met by all are combined into the best plan they hold together (set partitioning), and each
search goes on from there. The fleet is reduced by searching a plan with one vehicle fewer until
none is found in the time set apart for it. The answer is checked by ``route_check``, which knows
nothing of the search.
"""

import itertools
import multiprocessing
import os
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from koers_analytics.planning.route_check import Route, check
from koers_analytics.planning.route_combination import combine, length
from koers_analytics.planning.route_problem import RouteProblem
from koers_analytics.planning.route_search import (
    FOR_FLEET,
    FOR_LENGTH,
    STYLES,
    Found,
    Plan,
    fewest_possible,
    search,
    without_shortest,
)

FLEET_SHARE, FLEET_PATIENCE, ATTEMPT_SECONDS = 0.65, 0.5, 3.0
LEGS = (0.45, 0.30, 0.25)
WARM_FROM = 250
COMBINE_SHARE = 0.06
RESERVE = 0.5


class Objective(StrEnum):
    """What is made small first: the length, or the number of vehicles and then the length."""

    DISTANCE = "distance"
    VEHICLES = "vehicles"


class Status(StrEnum):
    """``feasible``: every rule is kept. ``not_found``: no such plan was found in time."""

    FEASIBLE = "feasible"
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True)
class RoutePlan:
    """The rounds found. ``broken`` is empty: a plan that breaks a rule is not handed out."""

    name: str
    objective: Objective
    status: Status
    vehicles: int
    distance: float
    routes: tuple[Route, ...]
    broken: tuple[str, ...]
    fewest_possible: int
    seconds: float
    iterations: int


def plan_routes(
    problem: RouteProblem,
    *,
    time_limit: float,
    objective: Objective = Objective.DISTANCE,
    seed: int = 1,
    workers: int = 2,
) -> RoutePlan:
    """Rounds over all stops of the problem, found within ``time_limit`` seconds of wall clock.

    Same seed, same number of workers: same kind of answer, but since the clock ends the search not
    always the same one. ``ValueError`` for a time limit that is not above 0.
    """
    if not 0 < time_limit <= 86_400:
        raise ValueError(f"time limit must be above 0 and at most a day, not {time_limit:g}.")
    began = time.monotonic()
    run = _Run(problem, began, time_limit, seed, max(1, workers))
    bound = fewest_possible(problem)
    with run:
        if objective is Objective.VEHICLES:
            run.reduce_fleet(bound)
        run.shorten()
    routes, broken = check(problem, run.best or [])
    ok = run.best is not None and not broken
    routes = tuple(sorted(routes, key=lambda route: route.visits[0].number)) if ok else ()
    return RoutePlan(
        name=problem.name,
        objective=objective,
        status=Status.FEASIBLE if ok else Status.NOT_FOUND,
        vehicles=len(routes),
        distance=sum(route.distance for route in routes),
        routes=routes,
        broken=broken if run.best is not None else (),
        fewest_possible=bound,
        seconds=time.monotonic() - began,
        iterations=run.iterations,
    )


@dataclass
class _Run:
    """One problem being solved: the best plan so far, the rounds met, the processes at work."""

    problem: RouteProblem
    began: float
    limit: float
    seed: int
    workers: int
    best: Plan | None = None
    vehicles: int = 0
    iterations: int = 0
    rounds: dict[tuple[int, ...], None] = field(default_factory=dict)
    _pool: ProcessPoolExecutor | None = None
    _fleet: Any = None

    def __enter__(self) -> "_Run":
        self.vehicles = self.problem.vehicles
        if self.limit >= 2:
            context = multiprocessing.get_context("spawn")
            self._fleet = context.Value("i", self.vehicles + 1)
            self._pool = ProcessPoolExecutor(
                self.workers, mp_context=context, initializer=_join, initargs=(self._fleet,)
            )
        return self

    def __exit__(self, *_error: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def left(self) -> float:
        """Seconds that may still be spent searching."""
        reserve = min(RESERVE, self.limit * 0.1)
        return self.began + self.limit - reserve - time.monotonic()

    def reduce_fleet(self, bound: int) -> None:
        """Find plans with ever fewer vehicles, all processes racing, until none is found in time."""
        ends = self.left() - self.limit * (1 - FLEET_SHARE)
        jobs = self._each(_descend, bound, ends, self.limit * FLEET_PATIENCE)
        for plan in jobs:
            if plan is not None and (self.best is None or len(plan) < len(self.best)):
                self.best = plan
        if self.best is not None:
            self.vehicles = len(self.best)

    def shorten(self) -> None:
        """Search in legs; after each, combine the rounds of all processes."""
        legs = LEGS if self.limit >= 2 else (1.0,)
        whole = self.left()
        for place, share in enumerate(legs):
            last = place == len(legs) - 1
            pause = min(whole * COMBINE_SHARE, 5.0)
            spend = (self.left() if last else whole * share) - pause
            if spend <= 0:
                break
            start = self.best if place or self.best else None
            for found in self._each(_search_leg, self.vehicles, spend, place, start):
                self._take(found)
            if self.best is not None and self._pool is not None:
                seconds = min(pause, max(0.1, self.left()))
                rounds = list(self.rounds)
                better = self._pool.submit(
                    combine, self.problem, rounds, self.best, self.vehicles, seconds
                ).result()
                self.best = better or self.best

    def _take(self, found: Found) -> None:
        self.iterations += found.iterations
        self.rounds.update(dict.fromkeys(found.rounds))
        if found.plan is not None and (
            self.best is None
            or _length(self.problem, found.plan) < _length(self.problem, self.best)
        ):
            self.best = found.plan

    def _each(self, job: Callable[..., Any], *arguments: Any) -> list[Any]:
        if self._pool is None:
            return [job(self.problem, self.seed, 0, *arguments)]
        futures = [
            self._pool.submit(job, self.problem, self.seed, worker, *arguments)
            for worker in range(self.workers)
        ]
        return [future.result() for future in futures]


def _length(problem: RouteProblem, plan: Plan) -> float:
    return sum(length(problem, places) for places in plan)


_shared: Any = None


def _join(fleet: Any) -> None:
    """Start of a process: take the number of vehicles that all processes share.

    HiGHS greets on standard output whatever its options say; there an answer in JSON must stand
    alone, so this process has no standard output.
    """
    global _shared  # noqa: PLW0603 -- a synchronised value reaches a process only at its start
    _shared = fleet
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _search_leg(
    problem: RouteProblem,
    seed: int,
    worker: int,
    vehicles: int,
    seconds: float,
    leg: int,
    start: Plan | None,
) -> Found:
    style = STYLES[FOR_LENGTH[(worker + leg) % len(FOR_LENGTH)]]
    return search(
        problem, vehicles, seconds, seed + 101 * worker + 10_007 * leg, start, style=style
    )


def _descend(
    problem: RouteProblem, seed: int, worker: int, bound: int, seconds: float, patience: float
) -> Plan | None:
    """Race downward: the first to find a plan with so many vehicles tells the others."""
    ends = time.monotonic() + seconds
    best: Plan | None = None
    goal, since = problem.vehicles, time.monotonic()
    for attempt in itertools.count():
        if attempt and (reached := _reached(problem, best)) - 1 < goal:
            goal, since = reached - 1, time.monotonic()
        left = (min(ends, since + patience) if attempt else ends) - time.monotonic()
        if goal < bound or left <= 0:
            break
        plan = _attempt(problem, seed, worker, attempt, goal, left, best)
        if plan is not None and (best is None or len(plan) < len(best)):
            best = plan
            if _shared is not None:
                with _shared.get_lock():
                    _shared.value = min(_shared.value, len(best))
    return best


def _reached(problem: RouteProblem, best: Plan | None) -> int:
    """The fewest vehicles any process has a plan for."""
    own = len(best) if best is not None else problem.vehicles + 1
    return own if _shared is None else min(own, _shared.value)


def _attempt(
    problem: RouteProblem,
    seed: int,
    worker: int,
    attempt: int,
    goal: int,
    left: float,
    best: Plan | None,
) -> Plan | None:
    """One try at a plan with ``goal`` vehicles; after a while a new try finds more than patience."""

    def done(feasible: bool) -> bool:  # noqa: FBT001 -- called by the search
        return feasible or (_shared is not None and _shared.value <= goal)

    start = None
    if best is not None and len(best) == goal + 1 and len(problem.stops) > WARM_FROM:
        start = without_shortest(problem, best)
    size = max(1.0, len(problem.stops) / 100)
    return search(
        problem,
        goal,
        min(left, ATTEMPT_SECONDS * size) if attempt else left,
        seed + 101 * worker + 7 * attempt,
        start,
        done,
        STYLES[FOR_FLEET[(worker + attempt) % len(FOR_FLEET)]],
    ).plan
