"""Do rounds keep every rule, and is a wrong file refused by line and field?"""

import math
import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from koers_analytics.planning.route_check import check
from koers_analytics.planning.route_combination import combine
from koers_analytics.planning.route_problem import (
    RouteFileError,
    RouteProblem,
    Stop,
    parse_problem,
    read_problem,
)
from koers_analytics.planning.route_search import fewest_possible, scale_of, search
from koers_analytics.planning.routes import Objective, Status, plan_routes

FILE = """SQUARE

VEHICLE
NUMBER     CAPACITY
  3         10

CUSTOMER
CUST NO.  XCOORD.   YCOORD.    DEMAND   READY TIME  DUE DATE   SERVICE   TIME

    0      0         0          0          0        100          0
    1      3         4          5          0         50          2
    2      6         8          5          0         50          2
    3      0         5          5         20         30          2
"""


def square(**changes: float) -> RouteProblem:
    problem = parse_problem(FILE, "square.txt")
    return RouteProblem(**{**{f: getattr(problem, f) for f in problem.__slots__}, **changes})


def test_a_file_in_solomons_format_is_read_field_by_field():
    problem = parse_problem(FILE, "square.txt")

    assert (problem.name, problem.vehicles, problem.capacity) == ("SQUARE", 3, 10.0)
    assert problem.stops[3] == Stop(3, 0, 5, 5, 20, 30, 2)
    assert problem.distance_between(0, 2) == 10.0


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("3         4", "3         x", "f, line 11, y: 'x' is not a number."),
        ("3         4", "3         nan", "f, line 11, y: nan is beyond ±1,000,000,000."),
        ("50          2", "50", "f, line 11: 7 fields expected (number, x, y, demand, ready time, due date, service time), 6 found."),
        ("    2      6", "    1      6", "f, line 12, number: 1 stands on line 11 too."),
        ("20         30", "40         30", "f, line 13, due date: 30 lies before the ready time 40."),
        ("5         20", "-5         20", "f, line 13, demand: -5 is below 0."),
        ("5         20", "15         20", "f, customer 3, demand: 15 does not fit in a vehicle of 10."),
        ("  3         10", "  1         10", "f: all demand together (15) is more than 1 vehicles of 10 can carry."),
        ("0         50          2\n    2", "0         4          2\n    2", "f, customer 1, due date: cannot be reached before 4."),
        ("0        100", "0        11", "f, customer 1: no vehicle is back at the depot by 11."),
        ("VEHICLE", "TRUCK", "f: there is no line VEHICLE."),
        ("  3         10", "  3.5         10", "f: vehicle number must be a whole number from 1, not 3.5."),
    ],
)  # fmt: skip
def test_a_wrong_file_is_refused_with_its_line_and_field(before, after, message):
    assert FILE.count(before) >= 1

    with pytest.raises(RouteFileError, match=f"^{re.escape(message)}$"):
        parse_problem(FILE.replace(before, after, 1), "f")


@pytest.mark.parametrize("content", [b"", b"\x89PNG\xff\xfe", b"VEHICLE\n", b"X\nCUSTOMER\nVEHICLE\n"])  # fmt: skip
def test_what_is_no_such_file_is_refused(tmp_path, content):
    path = tmp_path / "stops.txt"
    path.write_bytes(content)

    with pytest.raises(RouteFileError, match=r"stops\.txt"):
        read_problem(path)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(RouteFileError, match="No such file"):
        read_problem(tmp_path / "none.txt")


def test_the_check_walks_a_round_as_a_driver_would():
    routes, broken = check(square(), [[3], [1, 2]])

    assert broken == ()
    assert (routes[0].leaves, routes[0].visits[0].start, routes[0].returns) == (15.0, 20.0, 27.0)
    assert [visit.arrival for visit in routes[1].visits] == [5.0, 12.0]
    assert (routes[1].distance, routes[1].load, routes[1].returns) == (20.0, 10.0, 24.0)


@pytest.mark.parametrize(
    ("plan", "broken"),
    [
        ([[1, 2, 3]], ("a vehicle carries 15, more than 10",)),
        ([[1], [2]], ("customer 3 is visited 0 times",)),
        ([[1, 1], [2, 3]], ("customer 1 is visited 2 times",)),
    ],
)
def test_the_check_names_each_rule_that_is_broken(plan, broken):
    assert check(square(), plan)[1] == broken


def test_the_check_finds_a_late_service_and_a_late_return():
    stops = (Stop(0, 0, 0, 0, 0, 30, 0), Stop(1, 10, 0, 1, 0, 30, 5), Stop(2, -10, 0, 1, 0, 20, 0))

    assert check(RouteProblem("late", 1, 9, stops), [[1, 2]])[1] == (
        "customer 2 is served at 35.0000, after 20",
        "a vehicle is back at 45.0000, after 30",
    )


def test_the_shortest_plan_of_a_tiny_problem_is_found():
    plan = plan_routes(square(), time_limit=0.5, workers=1)

    assert plan.status is Status.FEASIBLE
    assert (plan.vehicles, plan.distance) == (2, pytest.approx(20 + 10))
    assert [[visit.number for visit in route.visits] for route in plan.routes] == [[1, 2], [3]]


def test_fewest_vehicles_come_before_the_fewest_kilometres():
    """Two customers east and west: two rounds of 20, or one of 40 with capacity for both."""
    far = [Stop(0, 0, 0, 0, 0, 500, 0)]
    far += [
        Stop(n, 10 * math.cos(n * 2.1), 10 * math.sin(n * 2.1), 1, 0, 400, 0) for n in (1, 2, 3)
    ]
    matrix = [[0, 10, 10, 10], [10, 0, 50, 50], [10, 50, 0, 50], [10, 50, 50, 0]]
    problem = RouteProblem(
        "star", 3, 3, tuple(far), tuple(map(tuple, matrix)), tuple(map(tuple, matrix))
    )

    shortest = plan_routes(problem, time_limit=0.5, workers=1)
    fewest = plan_routes(problem, time_limit=0.5, workers=1, objective=Objective.VEHICLES)

    assert (shortest.vehicles, shortest.distance) == (3, 60)
    assert (fewest.vehicles, fewest.distance) == (1, 120)


def test_without_a_feasible_plan_none_is_handed_out():
    """Three stops at one moment need three vehicles; only two exist."""
    stops = (Stop(0, 0, 0, 0, 0, 100, 0), *(Stop(n, n, 1, 1, 10, 10, 5) for n in (1, 2, 3)))
    plan = plan_routes(RouteProblem("clash", 2, 10, stops), time_limit=0.3, workers=1)

    assert (plan.status, plan.vehicles, plan.routes, plan.fewest_possible) == (Status.NOT_FOUND, 0, (), 3)  # fmt: skip


def test_the_bound_on_vehicles_counts_load_and_stops_nobody_can_share():
    assert fewest_possible(square()) == 2
    assert fewest_possible(square(capacity=100.0)) == 1


def test_the_scale_leaves_room_for_large_coordinates():
    stops = square().stops
    huge = tuple(Stop(s.number, s.x * 1e7, s.y * 1e7, 1, 0, 1e9, 0) for s in stops)

    assert scale_of(square()) == 10_000
    assert scale_of(RouteProblem("huge", 3, 10, huge)) == 1


def test_rounds_of_different_plans_combine_to_a_better_one():
    problem = square(capacity=10.0)
    worse = [[1, 3], [2]]

    assert combine(problem, [(1, 2), (3,)], worse, 3, 5.0) == [[1, 2], [3]]
    assert combine(problem, [(2, 1)], worse, 3, 5.0) is None


def clustered(customers: int, seed: int, horizon: int) -> RouteProblem:
    rng = random.Random(seed)  # noqa: S311 -- test data
    stops = [Stop(0, 50, 50, 0, 0, horizon, 0)]
    for number in range(1, customers + 1):
        x, y = rng.uniform(0, 100), rng.uniform(0, 100)
        reach = math.hypot(x - 50, y - 50)
        ready = rng.uniform(0, horizon - 2 * reach - 40)
        due = max(ready, reach) + rng.uniform(5, 60)
        stops.append(
            Stop(number, x, y, rng.uniform(0, 30), ready, min(due, horizon - reach - 10), 10)
        )
    return RouteProblem("random", customers, 200.0, tuple(stops))


@settings(max_examples=12, deadline=None)
@given(customers=st.integers(1, 25), seed=st.integers(0, 10_000), horizon=st.integers(250, 2000))
def test_every_plan_that_is_handed_out_keeps_every_rule(customers, seed, horizon):
    problem = clustered(customers, seed, horizon)
    found = search(problem, customers, 0.15, seed)

    assert found.plan is not None
    routes, broken = check(problem, found.plan)
    assert broken == ()
    assert sorted(v.number for route in routes for v in route.visits) == list(
        range(1, customers + 1)
    )
    assert len(found.plan) >= fewest_possible(problem)


@pytest.mark.slow
def test_processes_share_what_they_find_and_keep_to_the_time():
    plan = plan_routes(clustered(60, 7, 900), time_limit=6, objective=Objective.VEHICLES)

    assert (plan.status, plan.broken) == (Status.FEASIBLE, ())
    assert plan.vehicles >= plan.fewest_possible
    assert 3 < plan.seconds < 8
