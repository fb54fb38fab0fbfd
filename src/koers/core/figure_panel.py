"""How was this figure made? Everything a reader needs to check it, in one side panel."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from koers.core.periods import Period


@dataclass(frozen=True)
class FigurePanel:
    """A figure laid open: formula, its parts, period, filters, and the rows it was counted from.

    ``value`` and the values of ``parts`` are texts as shown (see ``core/formats.py``); ``value``
    is None where the figure has no meaning, and ``notes`` then says why. ``rows`` is a preview of
    at most some ten rows; ``rows_url`` leads to all ``rows_count`` of them.
    """

    title: str
    formula_id: str
    expression: str
    value: str | None
    parts: Sequence[tuple[str, str]]
    period: Period | None = None
    unit: str = ""
    formula_url: str = ""
    filters: Sequence[str] = ()
    computed_at: datetime | None = None
    notes: Sequence[str] = ()
    rows_url: str = ""
    rows_count: int | None = None
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[object]] = field(default=())
    numeric_columns: frozenset[int] = frozenset()
