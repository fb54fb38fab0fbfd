"""Is this installation sound? Settings, database, facts, audit trail, jobs."""

import argparse
from collections.abc import Callable
from dataclasses import asdict, dataclass

from koers.config.commands.output import print_json, say, set_up


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: passed or not, with what was seen."""

    check: str
    passed: bool
    seen: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to check, and how to print."""
    parser.add_argument(
        "--audit", action="store_true", help="read the whole audit trail against its seals"
    )
    parser.add_argument(
        "--head",
        default="",
        help="digest kept elsewhere, which must be in the chain (with --audit)",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Run every check; the exit code is 1 when one fails."""
    set_up()
    if args.audit:
        return _audit_chain(args)
    checks: tuple[Callable[[], Finding], ...] = (
        _settings,
        _migrations,
        _integrity,
        _audit,
        _facts,
        _jobs,
    )
    findings = []
    for check in checks:
        findings.append(check())
        if check is _migrations and not findings[-1].passed:
            break  # the other checks read tables that may not be there
    if args.json:
        print_json({"passed": all(finding.passed for finding in findings), "checks": findings})
    else:
        for finding in findings:
            say(f"{'ok  ' if finding.passed else 'FAIL'}  {finding.check}: {finding.seen}")
    return 0 if all(finding.passed for finding in findings) else 1


def _audit_chain(args: argparse.Namespace) -> int:
    from koers.core.audit_seal import read_chain  # noqa: PLC0415 -- after set-up

    report = read_chain(head=args.head)
    if args.json:
        print_json({"passed": report.whole, **asdict(report)})
        return 0 if report.whole else 1
    say(
        f"{report.entries:,} entries under {report.seals:,} seals, {report.unsealed:,} not sealed yet"
    )
    for broken in report.broken:
        say(f"FAIL  entries {broken.first_entry_id}-{broken.last_entry_id}: {broken.reason}")
    say(f"head {report.head or '-'} (keep it elsewhere; compare with --head)")
    return 0 if report.whole else 1


def _settings() -> Finding:
    from django.core.checks import ERROR, run_checks  # noqa: PLC0415 -- after set-up

    wrong = [str(message) for message in run_checks() if message.level >= ERROR]
    return Finding("settings", not wrong, "; ".join(wrong) or "no errors")


def _migrations() -> Finding:
    from django.db import connection  # noqa: PLC0415 -- after set-up
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415 -- after set-up

    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return Finding(
        "tables",
        not waiting,
        f"{len(waiting)} migrations to apply; run koers migrate" if waiting else "up to date",
    )


def _integrity() -> Finding:
    from django.db import connection  # noqa: PLC0415 -- after set-up

    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            cursor.execute("SELECT version()")
            return Finding("database", passed=True, seen=str(cursor.fetchone()[0]).split(",")[0])
        cursor.execute("PRAGMA integrity_check")
        whole = cursor.fetchone()[0]
        cursor.execute("PRAGMA foreign_key_check")
        loose = len(cursor.fetchall())
        cursor.execute("PRAGMA journal_mode")
        journal = cursor.fetchone()[0]
    return Finding(
        "database",
        whole == "ok" and not loose and journal == "wal",
        f"integrity {whole}, {loose} loose references, journal {journal}",
    )


def _audit() -> Finding:
    from django.db import DatabaseError, connection, transaction  # noqa: PLC0415 -- after set-up

    from koers.core.models import AuditEntry  # noqa: PLC0415 -- after set-up

    first = AuditEntry.objects.order_by("pk").values_list("pk", flat=True).first()
    if first is None:
        return Finding("audit trail", passed=True, seen="empty")
    try:
        with transaction.atomic():
            AuditEntry.objects.filter(pk=first)._raw_delete(connection.alias)  # noqa: SLF001 -- to see it refused
            transaction.set_rollback(True)
    except DatabaseError:
        return Finding("audit trail", passed=True, seen="the database refuses to remove entries")
    return Finding(
        "audit trail",
        passed=False,
        seen="entries can be removed: the trigger is missing; run koers migrate",
    )


def _facts() -> Finding:
    from koers.analyse.figures.facts import fact_store, stale_parts  # noqa: PLC0415 -- after set-up
    from koers.sell.models import OrderLine  # noqa: PLC0415 -- after set-up

    lines, facts, stale = (
        OrderLine.objects.count(),
        fact_store().manifest().order_line_rows,
        stale_parts(),
    )
    if stale:
        return Finding(
            "facts", passed=False, seen=f"{len(stale)} parts lag behind; run koers facts"
        )
    return Finding(
        "facts", lines == facts, f"{facts:,} order lines in the facts, {lines:,} in the database"
    )


def _jobs() -> Finding:
    from django.utils import timezone  # noqa: PLC0415 -- after set-up

    from koers.core.models import Job  # noqa: PLC0415 -- after set-up

    silent = Job.objects.filter(status=Job.Status.RUNNING, lease_until__lt=timezone.now()).count()
    return Finding(
        "jobs",
        not silent,
        f"{silent} jobs whose worker fell silent; start a worker" if silent else "none is stuck",
    )
