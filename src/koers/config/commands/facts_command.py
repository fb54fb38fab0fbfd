"""How does one bring the columnar facts up to date from the command line?"""

import argparse

from koers.config.commands.output import print_json, say, set_up


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Only what changed, or everything."""
    parser.add_argument("--rebuild", action="store_true", help="read everything again")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Refresh the facts and class the customers."""
    set_up()
    from django.utils import timezone  # noqa: PLC0415 -- after set-up

    from koers.analyse.actions.facts import refresh_now  # noqa: PLC0415 -- after set-up

    now = timezone.now()
    done = refresh_now(today=timezone.localdate(now), at=now, rebuild=args.rebuild)
    if args.json:
        print_json(done)
    else:
        say(f"{done.parts} parts read, {done.order_lines:,} order lines in the facts.")
    return 0
