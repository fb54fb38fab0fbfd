"""How does a planned file run: checked without writing, brought in by chunks, resumed after a kill?"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from koers.core import audit
from koers.core.actor import Actor
from koers.core.errors import RuleError
from koers.core.imports.conversion import Conventions, Converter
from koers.core.imports.fields import CellError, FieldSpec
from koers.core.imports.kinds import ChunkResult, ImportKind, Rejection, Rows, RunContext
from koers.core.imports.plan import ImportPlan
from koers.core.imports.reading import Chunk, as_text_file, header_of, read_chunks
from koers.core.models import ImportRejection, ImportRun

CHUNK_ROWS = 10_000
MOST_STORED_REJECTIONS = 100_000
VALUE_LENGTH = 300
Progress = Callable[[int, "int | None", str], None]
Stopped = Callable[[], bool]


class ImportRefusedError(RuleError):
    """The file or its plan cannot be used."""


@dataclass
class Outcome:
    """Counts of a check or run, with reasons and notes."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)
    first_errors: list[Rejection] = field(default_factory=list)

    def add(self, result: ChunkResult, rejections: list[Rejection]) -> None:
        """Count a chunk in."""
        self.created += result.created
        self.updated += result.updated
        self.unchanged += result.unchanged
        self.rejected += len({rejection.row for rejection in rejections})
        self.reasons.update(rejection.code for rejection in rejections)
        self.first_errors.extend(rejections[: max(0, 20 - len(self.first_errors))])


@dataclass
class Converted:
    """A chunk after conversion: usable rows, refused ones, and the raw text of the latter."""

    rows: Rows
    rejections: list[Rejection]
    raw: dict[int, dict[str, str]]
    read: int


class ChunkConverter:
    """Turns chunks of text into typed columns by a plan."""

    def __init__(
        self, kind: ImportKind, plan: ImportPlan, headers: list[str], notes: Counter[str]
    ) -> None:
        self.notes = notes
        unknown = [column for column in plan.mapping if column not in headers]
        if unknown:
            raise ImportRefusedError(
                _("The file has no column %(columns)s; its columns are %(headers)s.")
                % {"columns": ", ".join(unknown), "headers": ", ".join(headers)}
            )
        self.headers = headers
        self.soft = {spec.name for spec in kind.fields if spec.soft}
        self.fields = {kind.field(name).name: column for column, name in plan.mapping.items()}
        missing = [
            spec.name
            for spec in kind.fields
            if spec.required and spec.name not in self.fields and spec.name not in plan.constants
        ]
        if missing:
            raise ImportRefusedError(
                _(
                    "No column is mapped to %(fields)s, which every row needs. Map one with --map COLUMN=FIELD."
                )
                % {"fields": ", ".join(missing)}
            )
        self.converters = {
            name: Converter(kind.field(name), _conventions(plan, column))
            for name, column in self.fields.items()
        }
        self.places = {name: headers.index(column) for name, column in self.fields.items()}
        self.constants = {
            name: Converter(kind.field(name), Conventions(plan.decimal, plan.date_order)).convert(
                [str(text)]
            )[0]
            for name, text in plan.constants.items()
        }

    def convert(self, chunk: Chunk) -> Converted:
        """Typed columns of the rows without errors."""
        columns = {
            name: converter.convert(chunk.columns[self.places[name]])
            for name, converter in self.converters.items()
        }
        rejections = [
            Rejection(
                row.index, "", "", "row_width", {"found": row.found, "expected": len(self.headers)}
            )
            for row in chunk.ragged
        ]
        raw = {row.index: dict(zip(self.headers, row.values, strict=False)) for row in chunk.ragged}
        numbers = chunk.numbers
        if any(converter.failed for converter in self.converters.values()):
            self._leave_out_soft(columns)
            bad = self._errors(columns, chunk, rejections, raw)
            keep = [place for place in range(len(numbers)) if place not in bad]
            numbers = [numbers[place] for place in keep]
            columns = {name: [values[place] for place in keep] for name, values in columns.items()}
        columns.update({name: [value] * len(numbers) for name, value in self.constants.items()})
        return Converted(Rows(numbers, columns), rejections, raw, chunk.rows)

    def _leave_out_soft(self, columns: dict[str, list[Any]]) -> None:
        """Values of forgiving fields that cannot be read are left empty and counted by their text."""
        for name in self.soft & columns.keys():
            values = columns[name]
            for place, value in enumerate(values):
                if isinstance(value, CellError):
                    self.notes[f"{name}_left_empty: {value.value[:40]}"] += 1
                    values[place] = None

    def _errors(
        self,
        columns: dict[str, list[Any]],
        chunk: Chunk,
        rejections: list[Rejection],
        raw: dict[int, dict[str, str]],
    ) -> set[int]:
        bad: set[int] = set()
        for name, values in columns.items():
            for place, value in enumerate(values):
                if isinstance(value, CellError):
                    bad.add(place)
                    params = {"value": value.value, **dict(value.params)}
                    rejections.append(
                        Rejection(chunk.numbers[place], name, value.value, value.code, params)
                    )
        for place in bad:
            raw[chunk.numbers[place]] = self.row_text(chunk, place)
        return bad

    def row_text(self, chunk: Chunk, place: int) -> dict[str, str]:
        """The row as it stands in the file."""
        return {
            header: column[place][:VALUE_LENGTH]
            for header, column in zip(self.headers, chunk.columns, strict=True)
        }


def _conventions(plan: ImportPlan, column: str) -> Conventions:
    return Conventions(
        plan.column_decimal.get(column, plan.decimal),
        plan.column_order.get(column, plan.date_order),
    )


def make_context(
    run: ImportRun, plan: ImportPlan, *, actor: Actor, at: datetime, dry: bool, base_currency: str
) -> RunContext:
    """What the applier of a run needs to know."""
    if run.source_id is None:
        raise ImportRefusedError(_("The import has no source system."))
    return RunContext(run.pk or 0, run.source_id, plan, actor, at, dry, base_currency)


def check(
    run: ImportRun,
    kind: ImportKind,
    path: Path,
    *,
    actor: Actor,
    at: datetime,
    base_currency: str,
    progress: Progress | None = None,
) -> Outcome:
    """Go through the whole file without writing: what would be created, updated, refused?"""
    plan = ImportPlan.from_json(run.plan)
    context = make_context(run, plan, actor=actor, at=at, dry=True, base_currency=base_currency)
    applier = kind.make(context)
    outcome = Outcome(notes=context.notes)
    with as_text_file(path) as text:
        headers = header_of(text, plan.dialect)
        converter = ChunkConverter(kind, plan, headers, context.notes)
        done = 0
        for chunk in read_chunks(text, plan.dialect, len(headers), size=CHUNK_ROWS):
            converted = converter.convert(chunk)
            result = applier.apply(converted.rows)
            outcome.add(result, converted.rejections + result.rejections)
            done += converted.read
            if progress:
                progress(done, run.rows_total, "check")
    return outcome


def bring_in(
    run: ImportRun,
    kind: ImportKind,
    path: Path,
    *,
    actor: Actor,
    at: datetime,
    base_currency: str,
    progress: Progress | None = None,
    stopped: Stopped | None = None,
) -> bool:
    """Bring the file in from the run's cursor on; returns False when stopped half-way at a chunk's end.

    Each chunk is one transaction that writes its rows, its counts, its refused rows and the
    cursor: after a kill the next attempt goes on exactly where the last commit ended.
    """
    plan = ImportPlan.from_json(run.plan)
    context = make_context(run, plan, actor=actor, at=at, dry=False, base_currency=base_currency)
    applier = kind.make(context)
    with as_text_file(path) as text:
        headers = header_of(text, plan.dialect)
        converter = ChunkConverter(kind, plan, headers, context.notes)
        for chunk in read_chunks(text, plan.dialect, len(headers), size=CHUNK_ROWS):
            if chunk.first_row <= run.cursor:
                applier.replay(converter.convert(chunk).rows)
                continue
            if stopped and stopped():
                return False
            _bring_in_chunk(run, context, applier, converter, chunk)
            if progress:
                progress(run.cursor, run.rows_total, "import")
    _finish(run, context, applier)
    return True


def _finish(run: ImportRun, context: RunContext, applier: Any) -> None:
    """What needs all rows is done once, and what it noted is kept with it, however often the run is cut off."""
    if run.report.get("finished"):
        return
    before = context.notes.copy()
    with transaction.atomic():
        applier.finish()
        report = {**run.report, "notes": _notes_since(run, context, before), "finished": True}
        ImportRun.objects.filter(pk=run.pk).update(report=report)
    run.report = report


def _notes_since(run: ImportRun, context: RunContext, before: Counter[str]) -> dict[str, int]:
    notes = Counter(run.report.get("notes", {}))
    notes.update({name: count - before[name] for name, count in context.notes.items()})
    return dict(notes)


def _bring_in_chunk(
    run: ImportRun, context: RunContext, applier: Any, converter: ChunkConverter, chunk: Chunk
) -> None:
    before = context.notes.copy()
    converted = converter.convert(chunk)  # outside the transaction, so that others can write
    with transaction.atomic():
        result: ChunkResult = applier.apply(converted.rows)
        rejections = converted.rejections + result.rejections
        _store_rejections(run, converter, chunk, converted, rejections)
        reasons = Counter(run.report.get("reasons", {}))
        reasons.update(rejection.code for rejection in rejections)
        report = {
            **run.report,
            "notes": _notes_since(run, context, before),
            "reasons": dict(reasons),
        }
        cursor = chunk.first_row + chunk.rows - 1
        ImportRun.objects.filter(pk=run.pk).update(
            cursor=cursor,
            created=F("created") + result.created,
            updated=F("updated") + result.updated,
            unchanged=F("unchanged") + result.unchanged,
            rejected=F("rejected") + len({rejection.row for rejection in rejections}),
            report=report,
        )
    run.cursor, run.report = cursor, report


def _store_rejections(
    run: ImportRun,
    converter: ChunkConverter,
    chunk: Chunk,
    converted: Converted,
    rejections: list[Rejection],
) -> None:
    if not rejections:
        return
    places = {number: place for place, number in enumerate(chunk.numbers)}
    room = MOST_STORED_REJECTIONS - run.rejections.count()
    ImportRejection.objects.bulk_create(
        [
            ImportRejection(
                run=run, row_number=item.row, field=item.field, value=_storable(item.value), code=item.code,
                params={name: _storable(str(value)) for name, value in item.params.items()},
                row={
                    name: _storable(text)
                    for name, text in (converted.raw.get(item.row) or converter.row_text(chunk, places[item.row])).items()
                },
            )
            for item in rejections[: max(0, room)]
        ],
        batch_size=500,
    )  # fmt: skip


def _storable(text: str) -> str:
    """Text both databases accept: no NUL, no lone surrogates, not too long."""
    return text.replace("\0", "␀").encode("utf-8", "replace").decode()[:VALUE_LENGTH]


def finish_run(run: ImportRun, *, actor: Actor, at: datetime, status: str) -> None:
    """Close a run and write its audit entry."""
    with transaction.atomic():
        ImportRun.objects.filter(pk=run.pk).update(status=status, finished_at=at)
        run.refresh_from_db()
        counts = {
            name: audit.Change(None, getattr(run, name))
            for name in ("created", "updated", "unchanged", "rejected")
        }
        audit.record(
            actor=actor,
            at=at,
            verb=f"import_{status}",
            obj=run,
            changes=counts,
            import_run_id=run.pk,
        )


def mapped_fields(plan: ImportPlan, kind: ImportKind) -> Iterator[tuple[str, FieldSpec]]:
    """Columns with the fields they are mapped to."""
    for column, name in plan.mapping.items():
        yield column, kind.field(name)


def describe(outcome: Outcome) -> Mapping[str, Any]:
    """Counts as plain values."""
    return {
        "created": outcome.created, "updated": outcome.updated, "unchanged": outcome.unchanged,
        "rejected": outcome.rejected, "reasons": dict(outcome.reasons), "notes": dict(outcome.notes),
    }  # fmt: skip
