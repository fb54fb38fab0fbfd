"""How does a file or a whole folder come in: the one door for the wizard and the command line?"""

import shutil
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from koers.core.actor import Actor
from koers.core.errors import NotFoundError
from koers.core.imports.archive import open_binary
from koers.core.imports.engine import ImportRefusedError, Progress
from koers.core.imports.reading import as_text_file
from koers.home.actions.import_execution import check_run, execute_run
from koers.home.actions.import_planning import (
    PlannedFile,
    draft_run,
    make_plan,
    refuse_if_unfinished,
    rehearsal,
    stored,
)
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
from koers.home.queries.import_kinds import kind_named
from koers.organisation.policies import Right, require

__all__ = ["draft_run", "make_plan", "run_import"]
MOST_REHEARSED = (
    100_000  # rows; other writers wait some seconds for them, less than they are willing to
)


@dataclass(frozen=True)
class Asking:
    """Who asks for an import, when, and who hears of its progress."""

    actor: Actor
    at: datetime
    batch: str
    progress: Progress | None


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
    asking = Asking(actor, at, uuid.uuid4().hex, progress)
    try:
        if ready is None or not ready.steps:
            steps = _by_kind(asking, kind, files, _with_source(chosen, ready))
        else:
            wanted = [
                step for step in ready.steps if not kind or kind_named(kind).name == step.kind
            ]
            plain = [(step, _path(step, files)) for step in wanted]
            rehearse = chosen.dry_run and len(plain) > 1
            steps = (_rehearse if rehearse else _by_profile)(asking, ready, plain, chosen)
    finally:
        if chosen.dry_run:
            shutil.rmtree(_work_folder(asking.batch), ignore_errors=True)
    return summary_of(steps, dry_run=chosen.dry_run)


def _with_source(chosen: Choices, ready: Profile | None) -> Choices:
    return replace(chosen, source=chosen.source or (ready.name if ready else "file"))


def _by_kind(
    asking: Asking, kind: str, files: Sequence[Path], chosen: Choices
) -> list[StepSummary]:
    if not kind:
        raise ImportRefusedError(_("Say which kind of record the file holds, e.g. companies."))
    return [
        _one(asking, PlannedFile(kind_named(kind), path, chosen, asking.batch)) for path in files
    ]


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
    asking: Asking, ready: Profile, steps: Sequence[tuple[Step, Path]], chosen: Choices
) -> list[StepSummary]:
    return [_one(asking, file) for file in _prepared(asking, ready, steps, chosen)]


def _prepared(
    asking: Asking, ready: Profile, steps: Sequence[tuple[Step, Path]], chosen: Choices
) -> Iterator[PlannedFile]:
    """The files of a profile as tables of its kinds, one by one."""
    for step, path in steps:
        target = _work_folder(asking.batch) / f"{step.kind}.csv"
        prepared = prepare(step, path, path.parent, target)
        options = replace(
            chosen, mapping={**step.mapping, **chosen.mapping}, source=chosen.source or ready.name,
            currency=chosen.currency or ready.currency, only_mapped=True, options={**step.options, **chosen.options, "after": list(step.after)},
        )  # fmt: skip
        yield PlannedFile(kind_named(step.kind), prepared, options, asking.batch, path.name)


def _rehearse(
    asking: Asking, ready: Profile, steps: Sequence[tuple[Step, Path]], chosen: Choices
) -> list[StepSummary]:
    """Files that build on each other are rehearsed for real and rolled back.

    Nobody else can write meanwhile, so only a small folder is rehearsed as a whole, and its files
    are made ready before. The summary says how many rows were rehearsed together.
    """
    rows = 0
    for _step, path in steps:
        rows += _rows_up_to(path, MOST_REHEARSED + 1 - rows)
        if rows > MOST_REHEARSED:
            message = (
                f"These files hold more than {MOST_REHEARSED:,} rows together. Rehearse them one by one, "
                f"e.g. “koers import --dry-run --profile {ready.name} {steps[0][0].kind} FOLDER”."
            )
            raise ImportRefusedError(message)
    files = list(_prepared(asking, ready, steps, replace(chosen, dry_run=False)))
    with transaction.atomic():
        done = [_one(asking, file) for file in files]
        transaction.set_rollback(True)
    return [replace(step, run_id=None, status="checked", rehearsed_together=True) for step in done]


def _rows_up_to(path: Path, most: int) -> int:
    with as_text_file(path) as text, open_binary(text) as lines:
        return sum(1 for _line in islice(lines, most + 1)) - 1


def _one(asking: Asking, file: PlannedFile) -> StepSummary:
    started = time.perf_counter()
    actor, at, progress = asking.actor, asking.at, asking.progress
    run = rehearsal(actor=actor, at=at, file=file)
    if file.chosen.dry_run:
        return step_of(run, check_run(run, actor=actor, at=at, progress=progress), started)
    refuse_if_unfinished(run)
    stored(run)
    execute_run(run, actor=actor, at=at, progress=progress)
    run.refresh_from_db()
    return step_of(run, None, started)


def _work_folder(batch: str) -> Path:
    folder = Path(settings.MEDIA_ROOT) / "imports" / batch
    folder.mkdir(parents=True, exist_ok=True)
    return folder
