"""What did the user choose about an import, and what did it come to?"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from koers.core.imports.engine import Outcome
from koers.core.imports.plan import DuplicateRule
from koers.core.models import ImportRun


@dataclass(frozen=True)
class Choices:
    """What the user chose; what is left empty is detected."""

    mapping: Mapping[str, str] = field(default_factory=dict)
    rule: DuplicateRule = DuplicateRule.BOTH
    match_by: str = ""
    source: str = ""
    currency: str = ""
    decimal: str = ""
    date_order: str = ""
    all_or_nothing: bool = False
    dry_run: bool = False
    only_mapped: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class StepSummary:
    """What one file came to."""

    kind: str
    file: str
    run_id: int | None
    status: str
    created: int
    updated: int
    unchanged: int
    rejected: int
    reasons: dict[str, int]
    notes: dict[str, int]
    first_errors: list[dict[str, Any]]
    mapping: dict[str, str]
    seconds: float
    rows_per_second: int
    rehearsed_together: bool = (
        False  # for real and taken back, so that files that build on each other count
    )


@dataclass(frozen=True)
class ImportSummary:
    """What an import came to, in all and per file."""

    created: int
    updated: int
    unchanged: int
    rejected: int
    dry_run: bool
    steps: tuple[StepSummary, ...]

    @property
    def rehearsed_rows(self) -> int:
        """Rows a dry run brought in together and took back; the others were checked file by file."""
        return sum(
            step.created + step.updated + step.unchanged + step.rejected
            for step in self.steps
            if step.rehearsed_together
        )


def step_of(run: ImportRun, outcome: Outcome | None, started: float) -> StepSummary:
    """What one file came to, from a check or a run."""
    seconds = time.perf_counter() - started
    counts: Any = outcome or run
    if outcome:
        errors = [
            {
                "row": item.row,
                "field": item.field,
                "value": item.value,
                "code": item.code,
                "params": dict(item.params),
            }
            for item in outcome.first_errors
        ]
        reasons, notes = dict(outcome.reasons), dict(outcome.notes)
    else:
        errors = [
            {
                "row": item.row_number,
                "field": item.field,
                "value": item.value,
                "code": item.code,
                "params": item.params,
            }
            for item in run.rejections.all()[:20]
        ]
        reasons, notes = run.report.get("reasons", {}), run.report.get("notes", {})
    if run.report.get("same_file_before"):
        notes = {**notes, "same_file_was_imported_before": 1}
    rows = counts.created + counts.updated + counts.unchanged + counts.rejected
    return StepSummary(
        kind=run.kind, file=run.file_name, run_id=run.pk if outcome is None else None,
        status="checked" if outcome else run.status, created=counts.created, updated=counts.updated,
        unchanged=counts.unchanged, rejected=counts.rejected, reasons=reasons, notes=notes, first_errors=errors,
        mapping=dict(run.plan["mapping"]), seconds=round(seconds, 3), rows_per_second=round(rows / seconds) if seconds else 0,
    )  # fmt: skip


def summary_of(steps: Sequence[StepSummary], *, dry_run: bool) -> ImportSummary:
    """What all files came to."""
    return ImportSummary(
        sum(step.created for step in steps), sum(step.updated for step in steps), sum(step.unchanged for step in steps),
        sum(step.rejected for step in steps), dry_run, tuple(steps),
    )  # fmt: skip
