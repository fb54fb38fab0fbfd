"""What is an import kind, and what does it do with a chunk of rows?"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as default
from datetime import datetime
from typing import Any, Protocol

from koers.core.actor import Actor
from koers.core.imports.fields import FieldSpec
from koers.core.imports.plan import ImportPlan


@dataclass(frozen=True, slots=True)
class Rejection:
    """A row that is not brought in."""

    row: int
    field: str
    value: str
    code: str
    params: Mapping[str, Any] = default(default_factory=dict)


@dataclass
class ChunkResult:
    """What happened to the rows of a chunk."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejections: list[Rejection] = default(default_factory=list)


@dataclass
class RunContext:
    """The run a chunk belongs to; ``dry`` looks at everything and writes nothing."""

    run_id: int
    source_id: int
    plan: ImportPlan
    actor: Actor
    at: datetime
    dry: bool
    base_currency: str
    notes: Counter[str] = default(default_factory=Counter)
    created_here: dict[str, set[int]] = default(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rows:
    """Converted rows as columns by field; ``numbers`` are their places in the file."""

    numbers: Sequence[int]
    columns: Mapping[str, Sequence[Any]]

    def dicts(self) -> list[dict[str, Any]]:
        """One mapping per row, for kinds whose files are short."""
        names = list(self.columns)
        if not names:
            return [{} for _number in self.numbers]
        return [
            dict(zip(names, values, strict=True))
            for values in zip(*self.columns.values(), strict=True)
        ]


class Applier(Protocol):
    """Takes chunks of converted rows into the tables."""

    def apply(self, rows: Rows) -> ChunkResult:
        """Bring in the rows, in the caller's transaction."""
        ...

    def replay(self, rows: Rows) -> None:
        """See rows that an earlier attempt has brought in already."""
        ...

    def finish(self) -> None:
        """Do what needs all rows to be there; must be safe to repeat."""
        ...


@dataclass(frozen=True)
class ImportKind:
    """A kind of record a file may hold."""

    name: str
    label_en: str
    label_nl: str
    fields: tuple[FieldSpec, ...]
    make: Callable[[RunContext], Applier]
    match_fields: tuple[str, ...] = ()

    def field(self, name: str) -> FieldSpec:
        """A field by name."""
        return next(spec for spec in self.fields if spec.name == name)
