"""How is a planned import checked, brought in and undone, by one process at a time?"""

from contextlib import suppress
from datetime import datetime
from pathlib import Path

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from koers.core.actor import Actor
from koers.core.errors import NotFoundError, RuleError
from koers.core.imports import engine
from koers.core.imports.engine import Outcome, Progress, Stopped
from koers.core.imports.holding import held
from koers.core.imports.plan import ImportPlan
from koers.core.imports.revert import revert_run
from koers.core.models import ImportChange, ImportRun
from koers.home.queries.import_kinds import NOUNS, REVERT_ORDER, kind_named
from koers.organisation.policies import Right, require
from koers.organisation.queries.organisation import base_currency, the_organisation
from koers.sell.actions.import_follow_up import assign_owners, tie_credits
from koers.sell.models import Order, OrderLine

FOLLOW_UPS = {"assign_owners": assign_owners, "tie_credits": tie_credits}
LONGEST_ERROR = 300


def check_run(
    run: ImportRun, *, actor: Actor, at: datetime, progress: Progress | None = None
) -> Outcome:
    """Go through the file without writing."""
    require(actor, Right.IMPORT)
    return engine.check(
        run,
        kind_named(run.kind),
        Path(run.file_path),
        actor=actor,
        at=at,
        base_currency=base_currency(),
        progress=progress,
    )


def execute_run(
    run: ImportRun,
    *,
    actor: Actor,
    at: datetime,
    progress: Progress | None = None,
    stopped: Stopped | None = None,
) -> ImportRun:
    """Bring the file in, from where an earlier attempt ended; all or nothing checks it whole first."""
    require(actor, Right.IMPORT)
    with held(run.pk):
        run.refresh_from_db(fields=["cursor", "report", "status"])
        try:
            return _execute(run, actor, at, progress, stopped)
        except Exception as error:
            with suppress(DatabaseError):
                _store_failure(run, error)
            raise


def _execute(
    run: ImportRun, actor: Actor, at: datetime, progress: Progress | None, stopped: Stopped | None
) -> ImportRun:
    if run.all_or_nothing and run.cursor == 0:
        outcome = check_run(run, actor=actor, at=at, progress=progress)
        if outcome.rejected:
            run.report = {**run.report, **engine.describe(outcome)}
            ImportRun.objects.filter(pk=run.pk).update(report=run.report, rejected=outcome.rejected)
            engine.finish_run(run, actor=actor, at=at, status=ImportRun.Status.REFUSED)
            return run
    run.report.pop("error", None)
    ImportRun.objects.filter(pk=run.pk).update(status=ImportRun.Status.RUNNING, report=run.report)
    _take_over_currency(run)
    whole = engine.bring_in(
        run, kind_named(run.kind), Path(run.file_path), actor=actor, at=at, base_currency=base_currency(),
        progress=progress, stopped=stopped,
    )  # fmt: skip
    if whole:
        for name in ImportPlan.from_json(run.plan).options.get("after", ()):
            _follow_up(run, name)
    status = ImportRun.Status.DONE if whole else ImportRun.Status.CANCELLED
    engine.finish_run(run, actor=actor, at=at, status=status)
    return run


def failure_words(error: Exception) -> str:
    """What is kept of an error: a refusal in its own words, a fault with its name."""
    words = str(error) if isinstance(error, RuleError) else f"{type(error).__name__}: {error}"
    return words[:LONGEST_ERROR]


def _store_failure(run: ImportRun, error: Exception) -> None:
    """What was committed stays, to be resumed or undone; the message tells why it stopped."""
    run.refresh_from_db(fields=["report", "cursor"])
    run.status, run.report = (
        ImportRun.Status.FAILED,
        {**run.report, "error": failure_words(error)},
    )
    run.save(update_fields=["status", "report"])


def _take_over_currency(run: ImportRun) -> None:
    """Before the first order the organisation reports in the currency of what it brings in."""
    organisation, currency = the_organisation(), str(run.plan["currency"])
    if (
        run.kind != "orders"
        or organisation is None
        or organisation.base_currency == currency
        or Order.objects.exists()
    ):
        return
    with transaction.atomic():
        ImportChange.objects.create(
            run=run,
            noun="organisation",
            object_id=organisation.pk,
            before={"base_currency": organisation.base_currency},
        )
        organisation.base_currency = currency
        organisation.save(update_fields=["base_currency"])


def _follow_up(run: ImportRun, name: str) -> None:
    """Once per import, however often it was cut off."""
    if name in run.report.get("notes", {}):
        return
    with transaction.atomic():
        count = FOLLOW_UPS[name](run)
        run.report = {**run.report, "notes": {**run.report.get("notes", {}), name: count}}
        ImportRun.objects.filter(pk=run.pk).update(report=run.report)


def revert_import(*, actor: Actor, run_id: int, at: datetime) -> ImportRun:
    """Undo a run, and with it the later runs of the same folder."""
    require(actor, Right.IMPORT)
    run = ImportRun.objects.filter(pk=run_id).first()
    if run is None:
        raise NotFoundError(_("This import does not exist."))
    together = [run]
    if run.batch:
        ended = [ImportRun.Status.REVERTED, ImportRun.Status.REFUSED, ImportRun.Status.DRAFT]
        together = list(
            ImportRun.objects.filter(batch=run.batch, pk__gte=run.pk)
            .exclude(status__in=ended)
            .order_by("-pk")
        )
    for each in together or [run]:
        with held(each.pk):
            each.refresh_from_db()
            revert_run(
                each, tables=REVERT_ORDER, nouns=NOUNS, big=(OrderLine, Order), actor=actor, at=at
            )
    run.refresh_from_db()
    return run
