"""Which rounds visit every stop in a file of stops?"""

from pathlib import Path
from typing import TYPE_CHECKING

from koers.core.errors import RuleError

if TYPE_CHECKING:
    from koers_analytics.planning.routes import RoutePlan


class RouteFileRefusedError(RuleError):
    """The file cannot be read or can have no answer; says line and field."""


def routes_of_file(
    path: Path, *, time_limit: float, objective: str, seed: int = 1, workers: int = 2
) -> "RoutePlan":
    """Rounds for a file in Solomon's format, within ``time_limit`` seconds."""
    from koers_analytics.planning import route_problem, routes  # noqa: PLC0415 -- slow import

    try:
        problem = route_problem.read_problem(path)
        return routes.plan_routes(
            problem,
            time_limit=time_limit,
            objective=routes.Objective(objective),
            seed=seed,
            workers=workers,
        )
    except ValueError as error:
        raise RouteFileRefusedError(str(error)) from error
