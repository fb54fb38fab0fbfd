"""How do check, import and revert run in the background, with the asker's rights?"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from koers.analyse.actions.facts import refresh_now
from koers.core.actor import Actor, Channel
from koers.core.bulk import renew_statistics
from koers.core.errors import NotFoundError
from koers.core.imports import engine
from koers.core.imports.engine import ImportRefusedError
from koers.core.imports.holding import is_held
from koers.core.imports.messages import message
from koers.core.jobs import JobCancelledError, JobContext, enqueue, require_own_rights
from koers.core.models import ImportRun, Job
from koers.home.actions.import_execution import (
    check_run,
    execute_run,
    failure_words,
    revert_import,
)
from koers.home.actions.import_planning import unfinished_twin
from koers.organisation.models import User
from koers.organisation.policies import Right, require
from koers.organisation.queries.actor import actor_for

Status = ImportRun.Status
FIRST_ERRORS = 20


BUSY_WITH = {
    "import_check": Status.CHECKING,
    "import_run": Status.RUNNING,
    "import_revert": Status.REVERTING,
}
BUSY = set(BUSY_WITH.values())
PLANNED = {Status.DRAFT, Status.CHECKED, Status.REFUSED}
STOPPED = {Status.DONE, Status.CANCELLED, Status.FAILED}


def ask_check(*, actor: Actor, run_id: int, at: datetime) -> Job:
    """Check a planned import without writing."""
    return _ask(actor, run_id, at, "import_check", PLANNED | {Status.CHECKING})


def ask_run(*, actor: Actor, run_id: int, at: datetime) -> Job:
    """Bring a checked import in, or go on with one that was cut off."""
    allowed = {Status.CHECKED, Status.CANCELLED, Status.FAILED, Status.RUNNING}
    require(actor, Right.IMPORT)
    planned = ImportRun.objects.filter(pk=run_id, status=Status.CHECKED).first()
    twin = unfinished_twin(planned) if planned else None
    if twin is not None:
        raise ImportRefusedError(
            _("Import %(number)s of this very file is unfinished: go on with it, or undo it first.")
            % {"number": twin.pk}
        )
    return _ask(actor, run_id, at, "import_run", allowed)


def ask_revert(*, actor: Actor, run_id: int, at: datetime) -> Job:
    """Undo an import, also one that was cut off or whose undoing was."""
    allowed = STOPPED | {Status.RUNNING, Status.REVERTING}
    return _ask(actor, run_id, at, "import_revert", allowed)


def _ask(actor: Actor, run_id: int, at: datetime, task: str, allowed: set[Status]) -> Job:
    require(actor, Right.IMPORT)
    run = ImportRun.objects.filter(pk=run_id, status__in=allowed).first()
    if run is None or (run.status in BUSY and not is_stranded(run)):
        raise NotFoundError(_("This cannot be done with the import as it is now."))
    changed = ImportRun.objects.filter(pk=run_id, status=run.status).update(status=BUSY_WITH[task])
    if not changed:
        raise NotFoundError(_("This cannot be done with the import as it is now."))
    arguments = {"run_id": run_id, "before": run.status}
    return enqueue(
        actor=actor, task=task, arguments=arguments, at=at, unique_key=f"{task}:{run_id}"
    )


def is_stranded(run: ImportRun) -> bool:
    """Whether an import says it is busy while nobody works on it: its job ended or its process died."""
    alive = Job.objects.filter(
        arguments__run_id=run.pk, status__in=(Job.Status.WAITING, Job.Status.RUNNING)
    )
    return run.status in BUSY and not alive.exists() and not is_held(run.pk)


def import_check_task(context: JobContext) -> dict[str, Any]:
    """Background task: check."""
    run, actor = _start(context)

    def work() -> dict[str, Any]:
        outcome = check_run(run, actor=actor, at=timezone.now(), progress=_progress(context))
        errors = [
            {
                "row": item.row,
                "field": item.field,
                "value": item.value[:300],
                "code": item.code,
                "params": dict(item.params),
            }
            for item in outcome.first_errors[:FIRST_ERRORS]
        ]
        counts = dict(engine.describe(outcome))
        report = {**run.report, "check": counts, "notes": counts["notes"], "first_errors": errors}
        ImportRun.objects.filter(pk=run.pk).update(status=Status.CHECKED, report=report)
        return {"run_id": run.pk, "rejected": outcome.rejected}

    return _guarded(run, Status.DRAFT, work)


def import_run_task(context: JobContext) -> dict[str, Any]:
    """Background task: bring in, from the cursor on; then refresh the facts."""
    run, actor = _start(context)

    def work() -> dict[str, Any]:
        if run.cursor == 0:
            run.report = {
                name: value
                for name, value in run.report.items()
                if name not in ("notes", "reasons", "first_errors", "check", "error")
            }
        execute_run(
            run,
            actor=actor,
            at=timezone.now(),
            progress=_progress(context),
            stopped=context.cancelled,
        )
        _refresh()
        return {"run_id": run.pk}

    return _guarded(run, Status.FAILED, work)


def import_revert_task(context: JobContext) -> dict[str, Any]:
    """Background task: undo; then refresh the facts."""
    run, actor = _start(context)

    def work() -> dict[str, Any]:
        revert_import(actor=actor, run_id=run.pk, at=timezone.now())
        _refresh()
        return {"run_id": run.pk}

    return _guarded(run, str(context.arguments.get("before", Status.DONE)), work)


def _start(context: JobContext) -> tuple[ImportRun, Actor]:
    user = User.objects.filter(pk=context.asked_by_id or 0, is_active=True).first()
    actor = require_own_rights(actor_for(user, Channel.JOB) if user else None)
    run = ImportRun.objects.filter(pk=context.arguments["run_id"]).first()
    if run is None:
        raise NotFoundError(_("This import does not exist."))
    return run, actor


def _guarded(run: ImportRun, back_to: str, work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Put the import back into a state from which the user can go on when the work is refused or fails.

    Undoing that has begun stays "being undone": what is left of it cannot be gone on with.
    """
    try:
        return work()
    except JobCancelledError:
        ImportRun.objects.filter(pk=run.pk).update(status=back_to)
        raise
    except Exception as error:
        run.refresh_from_db(fields=["report"])
        begun = run.report.get("undoing", False)
        ImportRun.objects.filter(pk=run.pk).update(
            status=Status.REVERTING if begun else back_to,
            report={**run.report, "error": failure_words(error)},
        )
        raise


def _progress(context: JobContext) -> engine.Progress:
    return context.progress


def _refresh() -> None:
    renew_statistics()
    now = timezone.now()
    refresh_now(today=timezone.localdate(now), at=now)


def rejections_rows(run: ImportRun, language: str) -> tuple[list[str], list[list[object]]]:
    """Refused rows for a file: row, field, value, reason with remedy, then the row itself."""
    stored = list(run.rejections.order_by("row_number", "id"))
    names = list(dict.fromkeys(name for each in stored for name in each.row))
    heads = [_("Row"), _("Field"), _("Value"), _("Reason and remedy"), *names]
    rows: list[list[object]] = [
        [
            each.row_number,
            each.field,
            each.value,
            message(each.code, each.params, language),
            *(each.row.get(name, "") for name in names),
        ]
        for each in stored
    ]
    return heads, rows
