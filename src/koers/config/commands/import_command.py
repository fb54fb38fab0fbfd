"""How are files brought in from the command line?"""

import argparse
import sys
from pathlib import Path

from koers.config.commands.output import print_json, print_table, say, say_progress, set_up


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Kind and files, or a profile with its folder."""
    parser.add_argument("what", nargs="+", metavar="KIND FILE…",
                        help="companies, contacts, products, people, territories, orders, targets, opportunities or rates, and its "
                        "files; with a full profile the folder or file alone")  # fmt: skip
    parser.add_argument(
        "--profile",
        default="",
        help="ready profile: adventureworks, online_retail, maven_crm, superstore, hubspot, …",
    )
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="COLUMN=FIELD",
        help="map a column (an empty field leaves it out)",
    )
    parser.add_argument(
        "--rule",
        choices=["create", "update", "both"],
        default="both",
        help="what to do with known records",
    )
    parser.add_argument("--match-by", default="", help="field that tells duplicates")
    parser.add_argument("--source", default="", help="name of the system the file comes from")
    parser.add_argument("--currency", default="", help="currency of amounts without one")
    parser.add_argument(
        "--decimal", choices=["comma", "point"], help="decimal mark, when the file leaves it open"
    )
    parser.add_argument(
        "--date-order", choices=["dmy", "mdy", "ymd"], default="", help="order of day, month, year"
    )
    parser.add_argument(
        "--all-or-nothing", action="store_true", help="bring nothing in when one row is refused"
    )
    parser.add_argument("--dry-run", action="store_true", help="check only, write nothing")
    parser.add_argument(
        "--revert", action="store_true", help="the argument is the number of an import to undo"
    )
    parser.add_argument(
        "--resume",
        action="store_true",
        help="the argument is the number of an import that was cut off",
    )
    parser.add_argument(
        "--no-facts", action="store_true", help="do not refresh the facts afterwards"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Import, then refresh the facts; refused rows are counted and shown, and are no failure of the command."""
    set_up()
    if args.revert or args.resume:
        return _known_run(args)
    from django.utils import timezone  # noqa: PLC0415 -- after set-up

    from koers.core.actor import Channel, system_actor  # noqa: PLC0415 -- after set-up
    from koers.core.imports.plan import DuplicateRule  # noqa: PLC0415 -- after set-up
    from koers.home.actions.import_summary import Choices  # noqa: PLC0415 -- after set-up
    from koers.home.actions.importing import run_import  # noqa: PLC0415 -- after set-up

    mapping = dict(pair.rsplit("=", 1) for pair in args.map if "=" in pair)
    if len(mapping) != len(args.map):
        sys.stderr.write("koers import: --map takes COLUMN=FIELD\n")
        return 2
    kind, files = _kind_and_files(args.what, args.profile)
    choices = Choices(
        mapping=mapping, rule=DuplicateRule(args.rule), match_by=args.match_by, source=args.source, currency=args.currency.upper(),
        decimal={"comma": ",", "point": "."}.get(args.decimal or "", ""), date_order=args.date_order,
        all_or_nothing=args.all_or_nothing, dry_run=args.dry_run,
    )  # fmt: skip
    now = timezone.now()
    summary = run_import(
        actor=system_actor(Channel.COMMAND), at=now, kind=kind, files=files, profile=args.profile, choices=choices,
        progress=say_progress(),
    )  # fmt: skip
    if not args.dry_run and not args.no_facts:
        _refresh()
    if args.json:
        print_json(summary)
    else:
        _show(summary)
    return 1 if any(step.status == "refused" for step in summary.steps) else 0


def _kind_and_files(words: list[str], profile: str) -> tuple[str, list[Path]]:
    if profile and (len(words) == 1 or Path(words[0]).exists()):
        return "", [Path(word) for word in words]
    return words[0], [Path(word) for word in words[1:]]


def _known_run(args: argparse.Namespace) -> int:
    from django.utils import timezone  # noqa: PLC0415 -- after set-up

    from koers.core.actor import Channel, system_actor  # noqa: PLC0415 -- after set-up
    from koers.core.errors import NotFoundError  # noqa: PLC0415 -- after set-up
    from koers.core.models import ImportRun  # noqa: PLC0415 -- after set-up
    from koers.home.actions.import_execution import execute_run, revert_import  # noqa: PLC0415 -- after set-up

    actor, number = system_actor(Channel.COMMAND), int(args.what[0])
    if args.revert:
        done = revert_import(actor=actor, run_id=number, at=timezone.now())
    else:
        status = ImportRun.Status
        cut_off = (status.RUNNING, status.FAILED, status.CANCELLED)
        known = ImportRun.objects.filter(pk=number, status__in=cut_off).first()
        if known is None:
            raise NotFoundError("There is no such import to resume.")
        done = execute_run(known, actor=actor, at=timezone.now(), progress=say_progress())
    done.refresh_from_db()
    _refresh()
    if args.json:
        print_json({"run_id": done.pk, "status": done.status, "created": done.created, "updated": done.updated,
                    "unchanged": done.unchanged, "rejected": done.rejected})  # fmt: skip
    else:
        say(f"Import {done.pk} is {done.status}.")
    return 0


def _refresh() -> None:
    from django.utils import timezone  # noqa: PLC0415 -- after set-up

    from koers.analyse.actions.facts import refresh_now  # noqa: PLC0415 -- after set-up
    from koers.core.bulk import renew_statistics  # noqa: PLC0415 -- after set-up

    renew_statistics()
    now = timezone.now()
    refresh_now(today=timezone.localdate(now), at=now)


def _show(summary: object) -> None:
    from koers.core.imports.messages import message  # noqa: PLC0415 -- after set-up

    steps = summary.steps  # type: ignore[attr-defined]
    print_table(
        ["kind", "file", "import", "created", "updated", "unchanged", "rejected", "rows/s"],
        [
            [
                s.kind,
                s.file,
                s.run_id,
                s.created,
                s.updated,
                s.unchanged,
                s.rejected,
                s.rows_per_second,
            ]
            for s in steps
        ],
    )
    rehearsed = summary.rehearsed_rows  # type: ignore[attr-defined]
    if rehearsed:
        say(
            f"Rehearsed {rehearsed:,} rows of {len(steps)} files together and took everything back."
        )
    elif summary.dry_run:  # type: ignore[attr-defined]
        say("Every row was checked against what is there; nothing was written.")
    for step in steps:
        for name, count in step.notes.items():
            say(f"  {step.kind}: {name.replace('_', ' ')}: {count:,}")
        for name, count in step.reasons.items():
            say(f"  {step.kind}: refused, {name.replace('_', ' ')}: {count:,}")
        for error in step.first_errors[:5]:
            say(
                f"  row {error['row']}, {error['field']}: {message(error['code'], error['params'], 'en')}"
            )
