"""How are visiting rounds with time windows computed from a file on the command line?"""

import argparse
import json
import math
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from koers.config.commands.output import plain, print_json, print_table, say

Answer = dict[str, object]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which files, how long, what to make small."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="stops in Solomon's format")
    parser.add_argument(
        "--time-limit", type=_seconds, default=30.0, help="seconds per file (default 30)"
    )
    parser.add_argument(
        "--objective",
        choices=["distance", "vehicles"],
        default="distance",
        help="the shortest plan, or the fewest vehicles and then the shortest (default distance)",
    )
    parser.add_argument(
        "--workers",
        type=_count,
        default=min(2, os.cpu_count() or 1),
        help="processes per file (default 2)",
    )
    parser.add_argument("--jobs", type=_count, default=1, help="files at once (default 1)")
    parser.add_argument("--seed", type=int, default=1, help="start of the random numbers")
    parser.add_argument(
        "--best-known", metavar="FILE", help="JSON with best known results, only to compare with"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Solve each file; 1 when a file is refused or no plan was found for it."""
    known = _best_known(args.best_known)
    if isinstance(known, str):
        sys.stderr.write(f"koers routes: {known}\n")
        return 2
    with ThreadPoolExecutor(args.jobs) as threads:
        answers = list(threads.map(lambda name: _solve(Path(name), args, known), args.files))
    refused = any(answer["status"] != "feasible" for answer in answers)
    if args.json:
        print_json({"objective": args.objective, "time_limit": args.time_limit, "files": answers})
    else:
        _print(answers, routes=len(answers) == 1)
    return int(refused)


def _solve(path: Path, args: argparse.Namespace, known: dict[str, object]) -> Answer:
    from koers.plan.figures.route import RouteFileRefusedError, routes_of_file  # noqa: PLC0415 -- slow import

    try:
        found = routes_of_file(
            path,
            time_limit=args.time_limit,
            objective=args.objective,
            seed=args.seed,
            workers=args.workers,
        )
    except RouteFileRefusedError as refusal:
        return {"file": str(path), "status": "refused", "error": str(refusal)}
    return {"file": str(path), **_answer(found), **_compared(path, found, args.objective, known)}


def _answer(found: Any) -> Answer:
    return {
        "name": found.name,
        "status": found.status.value,
        "vehicles": found.vehicles,
        "distance": found.distance,
        "seconds": round(found.seconds, 2),
        "fewest_possible_vehicles": found.fewest_possible,
        "checked": found.status.value == "feasible",
        "broken": list(found.broken),
        "routes": [
            {
                "customers": [visit.number for visit in route.visits],
                "distance": route.distance,
                "load": route.load,
                "leaves": route.leaves,
                "returns": route.returns,
                "waiting": route.waiting,
                "visits": [plain(visit) for visit in route.visits],
            }
            for route in found.routes
        ],
    }


def _compared(path: Path, found: Any, objective: str, known: dict[str, object]) -> Answer:
    """The best known result beside the one found; after solving, and never a part of it."""
    names = [path.stem, found.name]
    if objective == "distance":
        names = [f"{name}_distance" for name in names] + names
    entry = next((known[name] for name in names if name in known), None)
    if not isinstance(entry, dict) or not entry.get("best_known_cost"):
        return {}
    best = float(entry["best_known_cost"])
    return {
        "best_known": {"distance": best, "vehicles": entry.get("solved_with_vehicles")},
        "gap": found.distance / best - 1 if found.routes else None,
    }


def _best_known(name: str | None) -> dict[str, object] | str:
    if name is None:
        return {}
    try:
        read = json.loads(Path(name).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        return f"--best-known {name}: {error}"
    return read if isinstance(read, dict) else f"--best-known {name}: an object is expected."


def _print(answers: list[Answer], *, routes: bool) -> None:
    solved = [answer for answer in answers if "error" not in answer]
    for answer in answers:
        if "error" in answer:
            sys.stderr.write(f"koers routes: {answer['error']}\n")
        elif answer["status"] != "feasible":
            sys.stderr.write(f"koers routes: {answer['file']}: no plan found in time.\n")
    if not solved:
        return
    print_table(
        ["file", "vehicles", "distance", "best known", "gap %", "seconds", "status"],
        [
            [
                Path(str(answer["file"])).name,
                answer["vehicles"],
                answer["distance"],
                answer["best_known"]["distance"] if "best_known" in answer else None,  # type: ignore[index]
                round(float(answer["gap"]) * 100, 2) if answer.get("gap") is not None else None,  # type: ignore[arg-type]
                answer["seconds"],
                answer["status"],
            ]
            for answer in solved
        ],
    )
    if routes:
        for number, route in enumerate(solved[0]["routes"], 1):  # type: ignore[arg-type, var-annotated]
            say(f"{number:3}  {' '.join(str(customer) for customer in route['customers'])}")


def _seconds(word: str) -> float:
    value = float(word)
    if not math.isfinite(value) or not 0 < value <= 86_400:
        raise argparse.ArgumentTypeError(f"{word} is not above 0 and at most a day")
    return value


def _count(word: str) -> int:
    value = int(word)
    if not 1 <= value <= 64:
        raise argparse.ArgumentTypeError(f"{word} is not a whole number from 1 to 64")
    return value
