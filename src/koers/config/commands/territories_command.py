"""How are balanced territories designed from a file of customers on the command line?"""

import argparse
import math
import time
from pathlib import Path

from koers.config.commands.output import plain, print_json, print_table, say, to_standard_error


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which file, how many sellers, how strict."""
    parser.add_argument(
        "file",
        type=Path,
        help="CSV with postcode, latitude, longitude, workload; if known potential, seller, fixed",
    )
    parser.add_argument("--sellers", type=int, help="so many new territories, not today's sellers")
    parser.add_argument(
        "--band", type=_part, default=0.1, help="workload beside the fair part (0.1)"
    )
    parser.add_argument(
        "--potential-band", type=_part, default=0.25, help="the same for potential (0.25)"
    )
    parser.add_argument(
        "--keep-km", type=_part, default=5.0, help="kilometres more one accepts to move nobody (5)"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Design and print."""
    from koers.plan.figures.territory import territories_of_file  # noqa: PLC0415 -- slow import

    began = time.monotonic()
    with to_standard_error():
        found = territories_of_file(
            args.file,
            sellers=args.sellers,
            band=args.band,
            potential_band=args.potential_band,
            keep_km=args.keep_km,
        )
    seconds = round(time.monotonic() - began, 2)
    if args.json:
        print_json({**plain(found), "seconds": seconds})  # type: ignore[dict-item]
        return 0
    print_table(
        ["seller", "areas", "workload", "potential", "customers", "kept", "mean km", "pieces"],
        [
            [
                t.seller,
                len(t.areas),
                t.workload,
                t.potential,
                t.customers,
                t.kept,
                t.mean_km,
                t.pieces,
            ]
            for t in found.territories
        ],
    )
    say(
        f"gap to the bound {found.gap:.2%}, overload {found.workload_overload:.1%}, spread "
        f"{found.workload_spread:.1%} (potential {found.potential_spread:.1%}), "
        f"{found.moved_customers:,} of {found.customers:,} customers change hands, {seconds} s"
    )
    if not found.within_bands or found.band_factor > 1:
        say("The bands asked for are not kept everywhere.")
    return 0


def _part(word: str) -> float:
    value = float(word)
    if not math.isfinite(value) or value < 0:
        raise argparse.ArgumentTypeError(f"{word} is not a number from 0")
    return value
