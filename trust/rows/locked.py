"""Row 5: does anybody ever read "database is locked" while eight people, an import, a job and a backup write?"""

import json
import os
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from koers.config.jobs import TASKS
from koers.core import jobs
from koers.core.backup.making import make_backup
from koers.core.errors import RuleError
from koers.core.saving import save_changes
from koers.customers.models import Company
from koers.customers.tests.factories import CompanyFactory
from koers.home.actions.import_execution import execute_run
from koers.home.actions.import_summary import Choices
from koers.home.actions.importing import draft_run
from koers.home.queries.import_kinds import kind_named
from koers.organisation.tests.cast import acting, make_cast
from trust.row import Finding, Row

WRITERS, LONGEST_WAIT = 8, 5.0


def in_own_process(name: str, work: Callable[[], None], times: int, *, deferred: bool) -> int:
    """Fork a process that does the work so often and writes down its worst wait and its errors."""
    connection.close()
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        if deferred:
            connection.settings_dict["OPTIONS"]["transaction_mode"] = "DEFERRED"
        worst, errors = 0.0, []
        for _number in range(times):
            started = time.monotonic()
            try:
                work()
            except (DatabaseError, RuleError) as error:
                errors.append(str(error))
            worst = max(worst, time.monotonic() - started)
        told = {"name": name, "worst": worst, "errors": errors, "times": times}
        (Path(settings.DATA_DIR) / f"told-{os.getpid()}.json").write_text(json.dumps(told))
        code = 0
    except Exception:
        traceback.print_exc()
        raise
    finally:
        os._exit(code)


def _check(short: bool, *, deferred: bool = False) -> Finding:
    cast = make_cast()
    actor = acting(cast.adam)
    made: list[Any] = [CompanyFactory(name=f"Acme {n}", owner=cast.ann) for n in range(WRITERS)]
    ids = [company.pk for company in made]
    path, now = Path(settings.DATA_DIR) / "import.csv", timezone.now()
    path.write_text(
        "name;employees\n" + "\n".join(f"Imported {number};12" for number in range(5000)) + "\n"
    )
    run = draft_run(actor=actor, at=now, kind=kind_named("companies"), path=path, chosen=Choices())
    jobs.enqueue(actor=actor, task="refresh_facts", arguments={}, at=now)

    def writer(own: int) -> Callable[[], None]:
        def work() -> None:
            one = Company.objects.get(pk=own)
            values = {"notes": f"{time.monotonic_ns()}"}
            save_changes(
                actor=actor, obj=one, version=one.version, values=values, at=timezone.now()
            )

        return work

    def bring_in() -> None:
        execute_run(run, actor=actor, at=timezone.now())

    def job() -> None:
        taken = jobs.take(worker="trust", at=timezone.now())
        if taken is not None and jobs.run(taken, TASKS).status != "done":
            raise DatabaseError(str(taken.result))

    def backup() -> None:
        make_backup(folder=Path(settings.DATA_DIR) / f"backups{os.getpid()}", at=timezone.now())

    each = 40 if short else 150
    works: list[tuple[str, Any, int]] = [("writer", writer(own), each) for own in ids]
    works += [("import", bring_in, 1), ("job", job, 1), ("backup", backup, 3)]
    children = [in_own_process(name, work, times, deferred=deferred) for name, work, times in works]
    crashed = sum(os.waitpid(child, 0)[1] != 0 for child in children)
    told = [json.loads(each.read_text()) for each in Path(settings.DATA_DIR).glob("told-*.json")]
    errors = [error for one in told for error in one["errors"]]
    worst = max((one["worst"] for one in told if one["name"] == "writer"), default=0.0)
    stored = Company.objects.filter(name__startswith="Imported").count()
    value = (
        f"{WRITERS} writers x {each}, an import of 5,000, a job and 3 backups at once: {len(errors)} errors"
        f"{' (' + errors[0] + ')' if errors else ''}, {crashed} processes failed, worst wait of a writer {worst:.2f} s, "
        f"{stored} of 5000 imported"
    )
    held = not errors and not crashed and worst < LONGEST_WAIT and stored == 5000
    return Finding(held=held, value=value)


def measure(short: bool) -> Finding:
    """With the settings Koers ships."""
    return _check(short)


def deferred(short: bool) -> Finding:
    """With Django's own way of beginning a transaction."""
    return _check(short, deferred=True)


ROW = Row(
    number=5,
    name="Locked database",
    goal=f'0 times "database is locked", a writer waits under {LONGEST_WAIT:.0f} s',
    measure=measure,
    controls={"DEFERRED transactions": deferred},
    databases=("sqlite",),
)
