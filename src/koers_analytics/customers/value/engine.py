"""The database engine in which a transaction log becomes customers: memory bounded, spilling to disk."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb


@contextmanager
def engine(*, threads: int = 2, memory: str = "4GB") -> Iterator[duckdb.DuckDBPyConnection]:
    """A private DuckDB in memory, whose overflow goes to a folder that disappears afterwards."""
    with tempfile.TemporaryDirectory(prefix="koers-spill-") as folder:
        connection = duckdb.connect(
            config={
                "threads": threads,
                "memory_limit": memory,
                "temp_directory": folder,
                "preserve_insertion_order": False,
            }
        )
        try:
            yield connection
        finally:
            connection.close()
