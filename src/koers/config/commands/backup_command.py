"""How is a backup made, or an existing one checked?"""

import argparse
from dataclasses import asdict
from pathlib import Path

from koers.config.commands.output import print_json, say, set_up


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to, how many to keep, or which file to check."""
    parser.add_argument(
        "--to",
        type=Path,
        help="folder for the file (default: KOERS_BACKUP_DIR, else backups/ in the data folder)",
    )
    parser.add_argument(
        "--keep",
        type=int,
        default=0,
        help="remove older backups there but this many (default: none)",
    )
    parser.add_argument("--check", type=Path, metavar="FILE", help="check a backup; write nothing")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Make a backup while people work; exit code 1 when it cannot be made or is not sound."""
    set_up()
    from django.conf import settings  # noqa: PLC0415 -- after set-up
    from django.utils import timezone  # noqa: PLC0415 -- after set-up

    from koers.core.backup.making import make_backup  # noqa: PLC0415 -- after set-up
    from koers.core.backup.restoring import check_backup  # noqa: PLC0415 -- after set-up

    if args.check:
        manifest = check_backup(args.check)
        if args.json:
            print_json({"sound": True, "made_at": manifest.made_at, "rows": manifest.rows})
        else:
            say(f"Sound: made {manifest.made_at[:19]}, {manifest.rows:,} rows.")
        return 0
    folder = args.to or Path(settings.KOERS_BACKUP_DIR or Path(settings.DATA_DIR) / "backups")
    done = make_backup(folder=folder, at=timezone.now(), keep=max(args.keep, 0))
    if args.json:
        print_json({**asdict(done), "path": str(done.path)})
    else:
        say(
            f"{done.path}: {done.tables} tables, {done.rows:,} rows, {done.files} files,"
            f" {done.bytes / 1e6:.1f} MB. Keep it off this machine; it holds the secret key."
        )
    return 0
