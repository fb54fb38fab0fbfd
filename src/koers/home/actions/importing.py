"""How does a file or a whole folder come in: the one door for the wizard and the command line?"""

import hashlib
import time
import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from koers.core.actor import Actor
from koers.core.errors import NotFoundError
from koers.core.imports import engine
from koers.core.imports.archive import open_binary
from koers.core.imports.detection import Detection, detect
from koers.core.imports.engine import ImportRefusedError, Outcome, Progress, Stopped
from koers.core.imports.headers import guess_mapping
from koers.core.imports.kinds import ImportKind
from koers.core.imports.plan import ImportPlan
from koers.core.imports.reading import as_text_file
from koers.core.imports.revert import revert_run
from koers.core.models import ImportChange, ImportRun, SourceSystem
from koers.home.actions.import_summary import (
    Choices,
    ImportSummary,
    StepSummary,
    step_of,
    summary_of,
)
from koers.home.import_profiles.preparing import columns_of, file_of, prepare
from koers.home.import_profiles.profile import Profile, Step
from koers.home.import_profiles.ready import PROFILES
from koers.home.queries.import_kinds import NOUNS, REVERT_ORDER, kind_named
from koers.organisation.policies import Right, require
from koers.organisation.queries.organisation import base_currency, the_organisation
from koers.sell.actions.import_follow_up import assign_owners, tie_credits
from koers.sell.models import Order, OrderLine

FOLLOW_UPS = {"assign_owners": assign_owners, "tie_credits": tie_credits}


def run_import(
    *,
    actor: Actor,
    at: datetime,
    files: Sequence[Path],
    kind: str = "",
    profile: str = "",
    choices: Choices | None = None,
    progress: Progress | None = None,
) -> ImportSummary:
    """Import files of one kind, or a folder or file by a ready profile."""
    require(actor, Right.IMPORT)
    chosen = choices or Choices()
    ready = _profile(profile)
    batch = uuid.uuid4().hex
    if ready is None or not ready.steps:
        if not kind:
            raise ImportRefusedError(_("Say which kind of record the file holds, e.g. companies."))
        source = ready.name if ready else ""
        chosen = replace(chosen, source=chosen.source or source or "file")
        steps = [_one(actor, at, kind_named(kind), path, chosen, batch, progress) for path in files]
        return summary_of(steps, dry_run=chosen.dry_run)
    plain = [
        (step, _path(step, files))
        for step in ready.steps
        if not kind or kind_named(kind).name == step.kind
    ]
    if chosen.dry_run and len(plain) > 1:
        return _rehearse(actor, at, ready, plain, chosen, batch, progress)
    return summary_of(
        _by_profile(actor, at, ready, plain, chosen, batch, progress), dry_run=chosen.dry_run
    )


def _profile(name: str) -> Profile | None:
    if not name:
        return None
    if name not in PROFILES:
        raise NotFoundError(
            _("“%(name)s” is not a profile; use one of: %(known)s.")
            % {"name": name, "known": ", ".join(PROFILES)}
        )
    return PROFILES[name]


def _path(step: Step, files: Sequence[Path]) -> Path:
    if len(files) == 1 and files[0].is_dir():
        if step.file:
            return file_of(files[0], step.file)
        candidates = sorted(path for path in files[0].iterdir() if ".csv" in path.suffixes)
        for path in candidates:
            if set(step.mapping) <= set(columns_of(path)):
                return path
        raise NotFoundError(
            _("The folder %(folder)s holds no CSV file with the columns of this profile.")
            % {"folder": files[0].name}
        )
    for path in files:
        if not step.file or path.name.startswith(step.file):
            return path
    raise NotFoundError(_("None of the files is %(name)s.") % {"name": step.file})


def _by_profile(
    actor: Actor,
    at: datetime,
    ready: Profile,
    steps: Sequence[tuple[Step, Path]],
    chosen: Choices,
    batch: str,
    progress: Progress | None,
) -> list[StepSummary]:
    done = []
    for step, path in steps:
        target = _work_folder(batch) / f"{step.kind}.csv"
        prepared = prepare(step, path, path.parent, target)
        options = replace(
            chosen, mapping={**step.mapping, **chosen.mapping}, source=chosen.source or ready.name,
            currency=chosen.currency or ready.currency, only_mapped=True, options={**step.options, **chosen.options, "after": list(step.after)},
        )  # fmt: skip
        done.append(
            _one(
                actor,
                at,
                kind_named(step.kind),
                prepared,
                options,
                batch,
                progress,
                shown=path.name,
            )
        )
    return done


def _rehearse(
    actor: Actor,
    at: datetime,
    ready: Profile,
    steps: Sequence[tuple[Step, Path]],
    chosen: Choices,
    batch: str,
    progress: Progress | None,
) -> ImportSummary:
    """Files that build on each other are rehearsed for real and rolled back."""
    with transaction.atomic():
        done = _by_profile(actor, at, ready, steps, replace(chosen, dry_run=False), batch, progress)
        transaction.set_rollback(True)
    return summary_of([replace(step, run_id=None, status="checked") for step in done], dry_run=True)


def _one(
    actor: Actor,
    at: datetime,
    kind: ImportKind,
    path: Path,
    chosen: Choices,
    batch: str,
    progress: Progress | None,
    *,
    shown: str = "",
) -> StepSummary:
    started = time.perf_counter()
    run = draft_run(
        actor=actor,
        at=at,
        kind=kind,
        path=path,
        chosen=chosen,
        batch=batch,
        shown=shown or path.name,
    )
    if chosen.dry_run:
        try:
            return step_of(run, check_run(run, actor=actor, at=at, progress=progress), started)
        finally:
            run.delete()
    execute_run(run, actor=actor, at=at, progress=progress)
    run.refresh_from_db()
    return step_of(run, None, started)


def draft_run(
    *,
    actor: Actor,
    at: datetime,
    kind: ImportKind,
    path: Path,
    chosen: Choices,
    batch: str = "",
    shown: str = "",
) -> ImportRun:
    """Plan a file: detect how it is written, guess its columns, take the user's choices."""
    require(actor, Right.IMPORT)
    if not path.is_file():
        raise NotFoundError(_("There is no file %(path)s.") % {"path": path})
    with as_text_file(path) as text:
        detection = detect(text)
    plan = make_plan(kind, detection, chosen)
    source, _created = SourceSystem.objects.get_or_create(
        code=plan.source[:60], defaults={"name": plan.source[:120]}
    )
    digest = _hash(path)
    again = ImportRun.objects.filter(
        file_hash=digest, kind=kind.name, status=ImportRun.Status.DONE
    ).exists()
    return ImportRun.objects.create(
        kind=kind.name, batch=batch, source=source, file_name=shown or path.name, file_path=str(path), file_hash=digest,
        plan=plan.as_json(), all_or_nothing=chosen.all_or_nothing, rows_total=detection.rows, started_by_id=actor.user_id,
        created_at=at, report={"same_file_before": again, "assumed": _assumed(detection, chosen)},
    )  # fmt: skip


def make_plan(kind: ImportKind, detection: Detection, chosen: Choices) -> ImportPlan:
    """The plan of a file; refuses columns that mix two conventions unless one was chosen."""
    guessed = (
        {}
        if chosen.only_mapped
        else {guess.column: guess.field for guess in guess_mapping(detection.columns, kind.fields)}
    )
    names = {spec.name for spec in kind.fields}
    wrong = sorted(set(chosen.mapping.values()) - names - {""})
    if wrong:
        raise ImportRefusedError(
            _("%(fields)s is not a field of this kind; its fields are %(names)s.")
            % {"fields": ", ".join(wrong), "names": ", ".join(sorted(names))}
        )
    taken = set(chosen.mapping.values())
    mapping = {
        column: name
        for column, name in guessed.items()
        if name not in taken and column not in chosen.mapping
    }
    mapping.update({column: name for column, name in chosen.mapping.items() if name})
    mixed = [
        column.name for column in detection.problems
        if column.name in mapping and not (chosen.date_order if column.type == "date" else chosen.decimal)
    ]  # fmt: skip
    if mixed:
        raise ImportRefusedError(
            _(
                "These columns mix two conventions: %(columns)s. Choose how dates or numbers are to be read; other rows will be refused."
            )
            % {"columns": ", ".join(mixed)}
        )
    return ImportPlan(
        kind=kind.name, mapping=mapping, dialect=detection.dialect, decimal=chosen.decimal or detection.decimal,
        date_order=chosen.date_order or detection.date_order,
        column_decimal={} if chosen.decimal else {c.name: c.decimal for c in detection.columns if c.decimal and c.status == "clear"},
        column_order={} if chosen.date_order else {c.name: c.order for c in detection.columns if c.order and c.status == "clear"},
        rule=chosen.rule, match_by=chosen.match_by, source=chosen.source or "file",
        currency=chosen.currency or base_currency(), options=dict(chosen.options),
    )  # fmt: skip


def _assumed(detection: Detection, chosen: Choices) -> list[str]:
    return [
        column.name for column in detection.columns
        if column.status == "ambiguous" and not (chosen.date_order if column.type == "date" else chosen.decimal)
    ]  # fmt: skip


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
    kind, path = kind_named(run.kind), Path(run.file_path)
    if run.all_or_nothing and run.cursor == 0:
        outcome = check_run(run, actor=actor, at=at, progress=progress)
        if outcome.rejected:
            run.report = {**run.report, **engine.describe(outcome)}
            ImportRun.objects.filter(pk=run.pk).update(report=run.report, rejected=outcome.rejected)
            engine.finish_run(run, actor=actor, at=at, status=ImportRun.Status.REFUSED)
            return run
    ImportRun.objects.filter(pk=run.pk).update(status=ImportRun.Status.RUNNING)
    _take_over_currency(run)
    whole = engine.bring_in(
        run,
        kind,
        path,
        actor=actor,
        at=at,
        base_currency=base_currency(),
        progress=progress,
        stopped=stopped,
    )
    if whole:
        for name in ImportPlan.from_json(run.plan).options.get("after", ()):
            _follow_up(run, name)
    engine.finish_run(
        run,
        actor=actor,
        at=at,
        status=ImportRun.Status.DONE if whole else ImportRun.Status.CANCELLED,
    )
    return run


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
        revert_run(each, tables=REVERT_ORDER, nouns=NOUNS, big=OrderLine, actor=actor, at=at)
    run.refresh_from_db()
    return run


def _work_folder(batch: str) -> Path:
    folder = Path(settings.MEDIA_ROOT) / "imports" / batch
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    with open_binary(path) as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
