"""Apache Spark as table engine: the same SQL, on one machine or on a cluster.

Needs the extra ``koers[spark]`` (PySpark, sqlglot) and Java 17 or later. One Spark per process, started
at first use; a connection is a session of its own in it. What comes back goes through Arrow.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from koers_analytics.engines.choice import EngineMissingError

SPARK_TYPES = {
    "BIGINT": "BIGINT", "INTEGER": "INT", "DOUBLE": "DOUBLE", "VARCHAR": "STRING", "DATE": "DATE",
    "BOOLEAN": "BOOLEAN",
}  # fmt: skip
# What figures rely on; everything else (memory, executors) is said in Spark's own settings.
SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.sql.catalogImplementation": "in-memory",
}


class SparkAnswer:
    """Rows of a query, collected when asked for."""

    def __init__(self, frame: Any) -> None:
        self._frame = frame

    def fetchall(self) -> list[tuple[Any, ...]]:
        """All rows."""
        table = self.to_arrow_table()
        return list(zip(*(column.to_pylist() for column in table.columns), strict=True))

    def to_arrow_table(self) -> pa.Table:
        """All rows as columns."""
        return self._frame.toArrow()

    def fetchnumpy(self) -> dict[str, Any]:
        """Columns by name as arrays."""
        table = self.to_arrow_table()
        return {name: table.column(name).to_numpy() for name in table.column_names}


class SparkConnection:
    """A session with its own tables; takes DuckDB's SQL."""

    def __init__(self) -> None:
        self._session = _spark().newSession()
        self._folder: Path | None = None
        self._known: set[str] = set()
        self._kept: dict[str, Any] = {}

    def execute(self, query: str, parameters: Sequence[object] = (), /) -> SparkAnswer:
        """Run a query with ``?`` marks."""
        from koers_analytics.engines.spark_sql import spark_sql  # noqa: PLC0415 -- optional

        return SparkAnswer(self._session.sql(spark_sql(query, parameters)))

    def sql(self, query: str, /) -> SparkAnswer:
        """Run a query."""
        return self.execute(query)

    def cursor(self) -> "SparkConnection":
        """The same session: it may be used by several threads."""
        return self

    def view(self, name: str, files: Sequence[str], columns: dict[str, str]) -> None:
        """Know Parquet files of these columns by a name; without files, an empty table.

        An empty table is one that the planner sees to be empty, so joins with it fall away.
        """
        if files:
            kinds = ", ".join(f"`{column}` {SPARK_TYPES[kind]}" for column, kind in columns.items())
            reader = self._session.read.schema(kinds) if columns else self._session.read
            frame = reader.parquet(*files)
        else:
            cells = ", ".join(
                f"CAST(NULL AS {SPARK_TYPES[kind]}) AS `{column}`"
                for column, kind in columns.items()
            )
            frame = self._session.sql(f"SELECT {cells} WHERE false")
        frame.createOrReplaceTempView(name)
        self._known.add(name)

    def register(self, view_name: str, python_object: pa.Table, /) -> None:
        """Know an Arrow table by a name: by way of a file, so that workers can read it in parts."""
        file = self._new_file(view_name)
        pq.write_table(python_object, file, row_group_size=1_000_000)
        self.view(view_name, [str(file)], {})

    def take(self, embedded: duckdb.DuckDBPyConnection, name: str, query: str) -> None:
        """Know the answer of a query on the embedded engine by a name; it goes by way of a file."""
        file = self._new_file(name)
        target = str(file).replace("'", "''")
        embedded.execute(f"COPY ({query}) TO '{target}' (FORMAT parquet)").fetchall()
        self.view(name, [str(file)], {})

    def _new_file(self, name: str) -> Path:
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="koers-spark-", dir=_shared_folder()))
        return self._folder / f"{name}-{uuid4().hex}.parquet"

    def keep(self, name: str, query: str) -> None:
        """Know the answer of a query by a name and hold it, in memory and beyond that on disk."""
        from koers_analytics.engines.spark_sql import spark_sql  # noqa: PLC0415 -- optional

        self._kept[name] = self._session.sql(spark_sql(query)).persist()
        self._kept[name].createOrReplaceTempView(name)
        self._known.add(name)

    def unregister(self, view_name: str, /) -> None:
        """Forget a table."""
        if (frame := self._kept.pop(view_name, None)) is not None:
            frame.unpersist()
        self._session.catalog.dropTempView(view_name)
        self._known.discard(view_name)

    def close(self) -> None:
        """Forget all tables of the session."""
        for name in list(self._known):
            self.unregister(name)
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None


def _shared_folder() -> str | None:
    """Where workers on other machines find files too; the system's own for one machine."""
    return os.environ.get("KOERS_SPARK_FOLDER") or None


_started: list[Any] = []


def _spark() -> Any:
    """The one Spark of this process.

    Raises
    ------
    EngineMissingError
        When the extra or Java is not there.
    """
    if not _started:
        _started.append(_start())
        atexit.register(_started[0].stop)
    return _started[0]


def _start() -> Any:
    try:
        from pyspark.sql import SparkSession  # noqa: PLC0415 -- optional
    except ImportError as error:
        raise EngineMissingError(
            "The engine spark needs the extra: install koers[spark]."
        ) from error
    if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        raise EngineMissingError("The engine spark needs Java 17 or later; there is no java.")
    builder = SparkSession.builder.appName("koers")
    if (master := os.environ.get("KOERS_SPARK_MASTER")) is not None:
        builder = builder.master(master)
    for name, value in SETTINGS.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session
