"""Which rounds, out of all that were met, make the best plan together? Set partitioning (HiGHS)."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from koers_analytics.planning.route_problem import RouteProblem
from koers_analytics.planning.route_search import Plan

FEASIBLE = 2
MOST_COLUMNS = 12_000


def length(problem: RouteProblem, places: Sequence[int]) -> float:
    """Length of a round from the depot over these places and back."""
    path = (0, *places, 0)
    return sum(problem.distance_between(a, b) for a, b in pairwise(path))


def combine(
    problem: RouteProblem,
    rounds: Sequence[tuple[int, ...]],
    best: Plan,
    vehicles: int,
    seconds: float,
) -> Plan | None:
    """The shortest plan from these rounds with each customer in one of them, or None if none better.

    A mixed-integer programme: choose rounds so that each customer is covered once, by at most
    ``vehicles``. Whether the choice is better than ``best`` decides; no answer in time is no harm.
    """
    import highspy  # noqa: PLC0415 -- slow import
    import numpy as np  # noqa: PLC0415 -- slow import

    columns: dict[frozenset[int], tuple[float, tuple[int, ...]]] = {}
    for places in (*map(tuple, best), *rounds):
        cost = length(problem, places)
        known = columns.get(frozenset(places))
        if known is None or cost < known[0]:
            columns[frozenset(places)] = (cost, places)
    chosen = (
        list(columns.values())[-MOST_COLUMNS:]
        if len(columns) > MOST_COLUMNS
        else list(columns.values())
    )
    known_best = {tuple(places) for places in best}
    chosen += [(length(problem, p), p) for p in known_best - {places for _cost, places in chosen}]
    model: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    model.setOptionValue("output_flag", False)  # noqa: FBT003 -- HiGHS takes it by position
    model.setOptionValue("time_limit", seconds)
    model.setOptionValue("threads", 1)
    model.setOptionValue("mip_rel_gap", 1e-7)
    bound = sum(length(problem, places) for places in best)
    model.setOptionValue("objective_bound", bound)
    customers = len(problem.stops) - 1
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(chosen), customers + 1
    lp.col_cost_ = np.array([cost for cost, _places in chosen])
    lp.col_lower_, lp.col_upper_ = np.zeros(len(chosen)), np.ones(len(chosen))
    lp.integrality_ = [highspy.HighsVarType.kInteger] * len(chosen)
    lp.row_lower_ = np.array([1.0] * customers + [0.0])
    lp.row_upper_ = np.array([1.0] * customers + [float(vehicles)])
    starts = np.cumsum([0, *(len(places) + 1 for _cost, places in chosen)])
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = starts
    lp.a_matrix_.index_ = np.concatenate(
        [np.array([*(place - 1 for place in places), customers]) for _cost, places in chosen]
    )
    lp.a_matrix_.value_ = np.ones(int(starts[-1]))
    model.passModel(lp)
    model.run()
    if model.getInfo().primal_solution_status != FEASIBLE:
        return None
    values = model.getSolution().col_value
    plan = [
        list(places) for (_cost, places), value in zip(chosen, values, strict=True) if value > 0.5
    ]
    return plan if sum(length(problem, places) for places in plan) < bound - 1e-7 else None
