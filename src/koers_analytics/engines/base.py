"""What must a table engine be able to do, so that figures run on it unchanged?

The embedded engine's own connection is the measure; another engine answers the same calls with the
same SQL (DuckDB's).
"""

from collections.abc import Sequence
from typing import Any, Protocol

import pyarrow as pa


class Answer(Protocol):
    """What a query gave."""

    def fetchall(self) -> list[Any]:
        """All rows."""

    def to_arrow_table(self) -> pa.Table:
        """All rows as columns."""

    def fetchnumpy(self) -> Any:
        """Columns by name as arrays."""


class Connection(Protocol):
    """Runs SQL over tables it knows by name."""

    def execute(self, query: str, parameters: Sequence[object] = ..., /) -> Answer:
        """Run a query with ``?`` marks, for rows."""

    def sql(self, query: str, /) -> Answer:
        """Run a query, for columns."""

    def register(self, view_name: str, python_object: pa.Table, /) -> Any:
        """Know an Arrow table by a name."""

    def unregister(self, view_name: str, /) -> Any:
        """Forget it."""
