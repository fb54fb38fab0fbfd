"""How are the series of a file forecast on the command line?"""

import argparse
import os
import sys
import time
from operator import itemgetter
from pathlib import Path

from koers.config.commands.output import print_json, print_table, say

MOST_LEVELS = 9


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which file, how often, how far, how sure."""
    parser.add_argument(
        "file", type=Path, metavar="FILE", help="CSV or Parquet with unique_id, ds, y"
    )
    parser.add_argument(
        "--freq",
        required=True,
        metavar="D|W|M|Q|Y",
        help="days, weeks, months, quarters or years; moments may also be whole numbers",
    )
    parser.add_argument("--horizon", required=True, type=_steps, help="steps to forecast")
    parser.add_argument(
        "--levels", type=_levels, default=[80.0, 95.0], help="intervals in percent (default 80,95)"
    )
    parser.add_argument(
        "--out", required=True, type=Path, metavar="FILE", help="where to write, CSV or Parquet"
    )
    parser.add_argument(
        "--hierarchy",
        type=_columns,
        default=[],
        metavar="COLS",
        help="columns from wide to narrow (region,store): forecasts also their sums, adding up to the cent",
    )
    parser.add_argument(
        "--fill",
        choices=["interpolate", "zero", "previous"],
        default="interpolate",
        help="what a missing moment or an empty value counts as (default interpolate)",
    )
    parser.add_argument(
        "--workers", type=_workers, default=os.cpu_count() or 1, help="processes (default one per core)"
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Forecast, write, tell which methods were used."""
    from koers.plan.figures.forecast import forecast_of_file  # noqa: PLC0415 -- after the arguments

    begin = time.monotonic()
    answer = forecast_of_file(
        args.file,
        args.out,
        frequency=args.freq.upper(),
        horizon=args.horizon,
        levels=args.levels,
        fill=args.fill,
        hierarchy=args.hierarchy,
        workers=args.workers,
    )
    seconds = round(time.monotonic() - begin, 2)
    if args.json:
        print_json({"file": args.file.name, "out": str(args.out), "frequency": args.freq.upper(),
                    "horizon": args.horizon, "levels": args.levels, "hierarchy": args.hierarchy, "fill": args.fill,
                    "seconds": seconds, "answer": answer})  # fmt: skip
        return 0
    print_table(
        ["method", "series"], sorted(answer.methods.items(), key=itemgetter(1), reverse=True)
    )
    say(f"{answer.series:,} series, {answer.rows_written:,} rows in {args.out} ({seconds} s).")
    if answer.gaps_filled:
        say(f"{answer.gaps_filled:,} gaps were filled ({args.fill}).")
    if answer.back_tested:
        say(f"On their own past {answer.closer_than_naive:,} of {answer.back_tested:,} series were closer than the best naive forecast.")  # fmt: skip
    if answer.left_out:
        sys.stderr.write(f"koers forecast: without any value, left out: {', '.join(answer.left_out[:20])}\n")  # fmt: skip
    return 0


def _steps(word: str) -> int:
    value = int(word)
    if not 1 <= value <= 10_000:
        raise argparse.ArgumentTypeError(f"{word} is not a whole number from 1 to 10,000")
    return value


def _columns(word: str) -> list[str]:
    names = [part.strip() for part in word.split(",")]
    if not all(names) or len({name.lower() for name in names}) < len(names):
        raise argparse.ArgumentTypeError(f"{word} is not a list of different columns")
    if {"ds", "y"} & {name.lower() for name in names}:
        raise argparse.ArgumentTypeError("ds and y cannot be columns of a hierarchy")
    return names


def _levels(word: str) -> list[float]:
    values = [float(part) for part in word.split(",") if part.strip()]
    if not values or len(values) > MOST_LEVELS or len(set(values)) < len(values):
        raise argparse.ArgumentTypeError(f"{word} is not a list of one to nine different levels")
    if any(not 0 < value < 100 for value in values):
        raise argparse.ArgumentTypeError(f"{word}: a level lies between 0 and 100 percent")
    return values


def _workers(word: str) -> int:
    value = int(word)
    if not 1 <= value <= 64:
        raise argparse.ArgumentTypeError(f"{word} is not a whole number from 1 to 64")
    return value
