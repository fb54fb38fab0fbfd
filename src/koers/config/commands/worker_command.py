"""How does an administrator run background jobs on their own?"""

import argparse

from koers.config.commands.output import say, set_up


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Stop after the waiting jobs, or go on."""
    parser.add_argument("--once", action="store_true", help="run what is waiting, then stop")


def run(args: argparse.Namespace) -> int:
    """Work until stopped."""
    set_up()
    from koers.config.worker import work  # noqa: PLC0415 -- after set-up

    done = work(once=args.once)
    if args.once:
        say(f"{done} jobs run.")
    return 0
