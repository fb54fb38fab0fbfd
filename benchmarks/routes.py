"""How close do the rounds come to the best known ones, beside nearest neighbour?

``python benchmarks/routes.py FOLDER --best-known FILE [--objective vehicles] [--time-limit 10]``
solves every file of the folder and prints the gap per file, the means per class (C1, R2, …), and the
kilometres saved against visiting the nearest open stop next. Without a folder it makes instances of
its own. The exit code tells whether the mean gap stays below the limit of its objective.
"""

import argparse
import json
import math
import random
import statistics
import sys
import tempfile
from pathlib import Path

from koers_analytics.planning.route_check import check
from koers_analytics.planning.route_problem import RouteProblem, read_problem
from koers_analytics.planning.routes import Objective, Status, plan_routes

LIMITS = {Objective.DISTANCE: 0.003, Objective.VEHICLES: 0.01}


def nearest_neighbour(problem: RouteProblem) -> float:
    """Length when every vehicle drives to the nearest open stop that still fits."""
    open_, total = set(range(1, len(problem.stops))), 0.0
    while open_:
        places: list[int] = []
        while True:
            here = places[-1] if places else 0
            for place in sorted(open_, key=lambda p: problem.distance_between(here, p)):
                _routes, broken = check(problem, [[*places, place]])
                if not [fault for fault in broken if "visited 0 times" not in fault]:
                    places.append(place)
                    open_.discard(place)
                    break
            else:
                break
        total += check(problem, [places])[0][0].distance
    return total


def made_instances(folder: Path) -> None:
    """Instances with wide and narrow windows, 100 and 300 customers, from a fixed seed."""
    for customers, width, horizon in ((100, 60, 400), (100, 400, 1500), (300, 120, 1000)):
        rng = random.Random(customers + width)  # noqa: S311 -- test data
        rows = [f"0 50 50 0 0 {horizon} 0"]
        for number in range(1, customers + 1):
            x, y = rng.randint(0, 100), rng.randint(0, 100)
            reach = math.ceil(math.hypot(x - 50, y - 50))
            ready = rng.randint(0, horizon - 2 * reach - 20)
            due = min(max(ready, reach) + width, horizon - reach - 10)
            rows.append(f"{number} {x} {y} {rng.randint(1, 30)} {ready} {due} 10")
        text = f"made\n\nVEHICLE\nNUMBER CAPACITY\n{customers} 200\n\nCUSTOMER\n" + "\n".join(rows)
        (folder / f"made_{customers}_{width}.txt").write_text(text)


def main() -> int:
    """Solve, print, compare."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--best-known", type=Path)
    parser.add_argument("--objective", type=Objective, default=Objective.DISTANCE)
    parser.add_argument("--time-limit", type=float, default=10.0)
    parser.add_argument("--workers", type=int, default=2)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = args.folder or Path(temporary)
        if args.folder is None:
            made_instances(folder)
        known = json.loads(args.best_known.read_text()) if args.best_known else {}
        return _measure(sorted(folder.glob("*.txt")), known, args)


def _measure(
    paths: list[Path], known: dict[str, dict[str, float]], args: argparse.Namespace
) -> int:
    gaps: dict[str, list[float]] = {}
    saved, fleets = [], []
    print(
        f"{'file':14} {'vehicles':>8} {'distance':>10} {'best':>10} {'gap %':>7} {'s':>6} {'saved %':>8}"
    )
    for path in paths:
        problem = read_problem(path)
        plan = plan_routes(
            problem, time_limit=args.time_limit, objective=args.objective, workers=args.workers
        )
        if plan.status is not Status.FEASIBLE:
            print(f"{path.stem:14} no plan found")
            return 1
        saved.append(1 - plan.distance / nearest_neighbour(problem))
        suffix = "_distance" if args.objective is Objective.DISTANCE else ""
        best = known.get(path.stem + suffix) or known.get(path.stem)
        gap = plan.distance / best["best_known_cost"] - 1 if best else math.nan
        if best:
            same_fleet = plan.vehicles == best["solved_with_vehicles"]
            fleets.append(same_fleet)
            if args.objective is Objective.DISTANCE or same_fleet:
                gaps.setdefault(path.stem[:-2], []).append(gap)
        print(
            f"{path.stem:14} {plan.vehicles:8} {plan.distance:10.2f} "
            f"{best['best_known_cost'] if best else math.nan:10.2f} {gap * 100:7.2f} "
            f"{plan.seconds:6.1f} {saved[-1] * 100:8.1f}",
            flush=True,
        )
    print(f"shorter than nearest neighbour: {statistics.mean(saved):.1%}")
    if not gaps:
        return 0
    for name, values in sorted(gaps.items()):
        print(f"{name:14} mean gap {statistics.mean(values):.3%}, worst {max(values):.3%}")
    mean = statistics.mean(value for values in gaps.values() for value in values)
    print(f"mean gap {mean:.3%}; best known number of vehicles in {sum(fleets)} of {len(fleets)}")
    enough = args.objective is Objective.DISTANCE or all(fleets)
    return int(mean > LIMITS[args.objective] or not enough)


if __name__ == "__main__":
    sys.exit(main())
