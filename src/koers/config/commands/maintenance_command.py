"""How is Koers closed for a while, and opened again?"""

import argparse

from koers.config.commands.output import print_json, say, set_up


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """On with a message, off, or how it stands."""
    parser.add_argument("state", choices=["on", "off", "status"], nargs="?", default="status")
    parser.add_argument(
        "--message", default="", help="what people are told, beside the usual words"
    )
    parser.add_argument("--minutes", type=int, help="how long it is thought to take")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Nobody works while it is on; the database is not asked."""
    set_up()
    from django.utils import timezone  # noqa: PLC0415 -- after set-up

    from koers.core.maintenance import begin_maintenance, end_maintenance, maintenance  # noqa: PLC0415 -- after set-up

    if args.state == "on":
        begin_maintenance(message=args.message, minutes=args.minutes, at=timezone.now())
    elif args.state == "off":
        end_maintenance()
    found = maintenance()
    if args.json:
        print_json({"maintenance": found})
    elif found is None:
        say("Koers is open.")
    else:
        until = f", thought to last until {timezone.localtime(found.until):%Y-%m-%d %H:%M}" if found.until else ""  # fmt: skip
        say(
            f"Koers is closed since {timezone.localtime(found.since):%Y-%m-%d %H:%M}{until}. koers maintenance off opens it."
        )
    return 0
