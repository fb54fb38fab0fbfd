"""How is a file planned before it comes in: how it is written, which columns, which choices?"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext as _

from koers.core.actor import Actor
from koers.core.errors import NotFoundError
from koers.core.imports.archive import open_binary
from koers.core.imports.detection import Detection, detect
from koers.core.imports.engine import ImportRefusedError
from koers.core.imports.fields import FieldType
from koers.core.imports.headers import guess_mapping, normalise
from koers.core.imports.holding import is_held
from koers.core.imports.kinds import ImportKind
from koers.core.imports.plan import ImportPlan
from koers.core.imports.reading import as_text_file
from koers.core.models import ImportRun, SourceSystem
from koers.home.actions.import_summary import Choices
from koers.organisation.policies import Right, require
from koers.organisation.queries.organisation import base_currency

NO_SOURCE = -1
OF_CUSTOMERS = {"companies", "contacts"}
OTHER_NOUNS = {"deal", "opportunity", "activity", "order", "quote"}


@dataclass(frozen=True)
class PlannedFile:
    """A file to be brought in: where it lies, what it holds, and the name its user knows."""

    kind: ImportKind
    path: Path
    chosen: Choices
    batch: str = ""
    shown: str = ""


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
    """Plan a file and store the plan: detect how it is written, guess its columns, take the user's choices."""
    return stored(rehearsal(actor=actor, at=at, file=PlannedFile(kind, path, chosen, batch, shown)))


def stored(run: ImportRun) -> ImportRun:
    """The plan in the database, with the system its file comes from."""
    code = str(run.plan["source"])
    run.source, _created = SourceSystem.objects.get_or_create(
        code=code[:60], defaults={"name": code[:120]}
    )
    run.save()
    return run


def rehearsal(*, actor: Actor, at: datetime, file: PlannedFile) -> ImportRun:
    """The planned import of a file, stored nowhere: what a dry run checks."""
    require(actor, Right.IMPORT)
    if not file.path.is_file():
        raise NotFoundError(_("There is no file %(path)s.") % {"path": file.path})
    with as_text_file(file.path) as text:
        detection = detect(text)
    plan = make_plan(file.kind, detection, file.chosen)
    source = SourceSystem.objects.filter(code=plan.source[:60]).first()
    digest = _hash(file.path)
    again = ImportRun.objects.filter(
        file_hash=digest, kind=file.kind.name, status=ImportRun.Status.DONE
    ).exists()
    return ImportRun(
        kind=file.kind.name, batch=file.batch, source_id=source.pk if source else NO_SOURCE, file_name=file.shown or file.path.name,
        file_path=str(file.path), file_hash=digest, plan=plan.as_json(), all_or_nothing=file.chosen.all_or_nothing,
        rows_total=detection.rows, started_by_id=actor.user_id, created_at=at,
        report={"same_file_before": again, "assumed": _assumed(detection, file.chosen)},
    )  # fmt: skip


def unfinished_twin(run: ImportRun) -> ImportRun | None:
    """Another import of the very same file from the same system that stopped half-way, if any."""
    status = ImportRun.Status
    same = ImportRun.objects.filter(kind=run.kind, file_hash=run.file_hash, source_id=run.source_id)
    half = same.filter(status__in=(status.FAILED, status.CANCELLED), cursor__gt=0)
    cut_off = same.filter(status=status.RUNNING) | half
    return cut_off.exclude(pk=run.pk).order_by("-pk").first()


def refuse_if_unfinished(run: ImportRun) -> None:
    """A file whose import was cut off is to be resumed or undone, not brought in beside it.

    Spoken in the language of the command line; the screen shows the same on the plan.
    """
    found = unfinished_twin(run)
    if found is None:
        return
    if is_held(found.pk):
        message = f"Import {found.pk} brings in this very file at this moment."
        raise ImportRefusedError(message)
    message = (
        f"Import {found.pk} of this very file was cut off after {found.cursor:,} rows. Go on with "
        f"“koers import --resume {found.pk}”, or undo it with “koers import --revert {found.pk}”."
    )
    raise ImportRefusedError(message)


def make_plan(kind: ImportKind, detection: Detection, chosen: Choices) -> ImportPlan:
    """The plan of a file; refuses columns that mix two conventions unless one was chosen."""
    guessed = {} if chosen.only_mapped else _guessed(kind, detection)
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


def _guessed(kind: ImportKind, detection: Detection) -> dict[str, str]:
    """Fields the columns most likely mean.

    Dates are no names, whatever the header says ("date entered product testing"), and a vague
    likeness counts for nothing where the header speaks of another noun ("Deal - Title").
    """
    usable = [
        column
        for column in detection.columns
        if not (kind.name in OF_CUSTOMERS and OTHER_NOUNS & set(normalise(column.name).split()))
    ]
    dates = [column for column in usable if column.type == "date"]
    texts = [column for column in usable if column.type != "date"]
    found = guess_mapping(
        dates, [spec for spec in kind.fields if spec.type is FieldType.DATE]
    ) + guess_mapping(texts, kind.fields)
    best: dict[str, str] = {}
    for guess in sorted(found, key=lambda each: -each.score):
        if guess.field not in best.values():
            best[guess.column] = guess.field
    return best


def _assumed(detection: Detection, chosen: Choices) -> list[str]:
    return [
        column.name for column in detection.columns
        if column.status == "ambiguous" and not (chosen.date_order if column.type == "date" else chosen.decimal)
    ]  # fmt: skip


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    with open_binary(path) as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
