"""How is a backup brought back onto an empty machine?"""

import argparse
from pathlib import Path

from koers.config.commands.migrate_command import prepare
from koers.config.commands.output import print_json, say, set_up


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which file, and whether another secret key is accepted."""
    parser.add_argument("file", type=Path, help="a file made by koers backup")
    parser.add_argument(
        "--other-key",
        action="store_true",
        help="accept that the secret key in the environment is another; everybody logs in again",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Check, bring back, compare, upgrade the tables, make the facts again."""
    set_up()
    from django.utils import timezone  # noqa: PLC0415 -- after set-up

    from koers.analyse.actions.facts import refresh_now  # noqa: PLC0415 -- after set-up
    from koers.core.actor import Channel, system_actor  # noqa: PLC0415 -- after set-up
    from koers.core.backup.restoring import restore  # noqa: PLC0415 -- after set-up
    from koers.organisation.actions.webhook import (  # noqa: PLC0415 -- after set-up
        pause_every_webhook,
    )

    done = restore(args.file, other_key=args.other_key)
    prepare()
    now = timezone.now()
    paused = pause_every_webhook(actor=system_actor(Channel.COMMAND), at=now)
    facts = refresh_now(today=timezone.localdate(now), at=now, rebuild=True)
    if args.json:
        print_json({"restored": done, "order_lines_in_facts": facts.order_lines})
    else:
        say(
            f"Restored the backup of {done.made_at[:19]}: {done.tables} tables, {done.rows:,} rows and"
            f" {done.files} files, equal to what was stored."
        )
        say(
            f"{done.migrations_to_apply} migrations applied; {facts.order_lines:,} order lines in the"
            " facts."
        )
        if paused:
            say(f"{paused} webhooks are paused, for the other machine may still be telling them.")
    return 0
