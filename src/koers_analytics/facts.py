"""Where do the facts lie, how are they refreshed, and how are they read?

Parquet files beside the database and one manifest that is replaced in a single step: many
processes read while one writes, and a killed writer leaves the old facts standing.
"""

import fcntl
import json
import os
import threading
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from koers_analytics.engines.choice import DUCKDB, SPARK
from koers_analytics.tables import AMOUNTS, ORDER_LINE, SMALL_TABLES, empty_select

FORMAT = 3
ORDER_LINE_PREFIX = "order_line:"


class NoFactsError(Exception):
    """Nothing has been built yet."""


@dataclass(frozen=True, slots=True)
class Part:
    """One file of the facts: which, how many rows, made from which version of the source."""

    file: str
    rows: int
    version: str
    without_rate: int = 0


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the facts consist of at one moment."""

    generation: int
    built_at: str
    currency: str
    parts: dict[str, Part] = field(default_factory=dict)

    @property
    def order_line_rows(self) -> int:
        """Number of order lines."""
        return sum(
            part.rows for name, part in self.parts.items() if name.startswith(ORDER_LINE_PREFIX)
        )

    @property
    def lines_without_rate(self) -> int:
        """Order lines in a foreign currency for which no dated rate exists."""
        return sum(part.without_rate for part in self.parts.values())


class Facts:
    """A reading connection on one generation of the facts; safe to share between threads."""

    def __init__(self, root: Path, manifest: Manifest, threads: int) -> None:
        self.manifest = manifest
        self._con = duckdb.connect(
            config={"threads": threads, "memory_limit": "1GB", "preserve_insertion_order": False}
        )
        self._con.execute(
            "SET allowed_directories = ['" + str(root).replace("'", "''") + "']"
        ).fetchall()
        self._con.execute("SET enable_external_access = false").fetchall()
        self._create_views(root)

    def rows(self, sql: str, params: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query with ``?`` marks."""
        return self._con.cursor().execute(sql, list(params)).fetchall()

    def table(self, sql: str, params: Sequence[object] = ()) -> pa.Table:
        """The answer of a query as an Arrow table."""
        return self._con.cursor().execute(sql, list(params)).to_arrow_table()

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A connection of one's own to the same facts, for several steps that keep tables between."""
        return self._con.cursor()

    def close(self) -> None:
        """Free the connection."""
        self._con.close()

    def _create_views(self, root: Path) -> None:
        files = [
            str(root / part.file)
            for name, part in sorted(self.manifest.parts.items())
            if name.startswith(ORDER_LINE_PREFIX) and part.rows
        ]
        self._view("order_line", files, ORDER_LINE)
        for name, columns in SMALL_TABLES.items():
            known = self.manifest.parts.get(name)
            self._view(name, [str(root / known.file)] if known else [], columns)

    def _view(self, name: str, files: list[str], columns: dict[str, str]) -> None:
        if files:
            quoted = ", ".join("'" + file.replace("'", "''") + "'" for file in files)
            source = f"SELECT * FROM read_parquet([{quoted}])"
        else:
            source = empty_select(columns)
        self._con.execute(f"CREATE VIEW {name} AS {source}").fetchall()


class FactWriter:
    """Collects the parts of a new generation; nothing is visible until the store commits it."""

    def __init__(self, root: Path, before: Manifest, currency: str) -> None:
        self.root = root
        self.currency = currency
        self.parts = dict(before.parts)
        self._tag = uuid.uuid4().hex[:12]
        self._con = duckdb.connect(config={"memory_limit": "1GB"})

    def put_table(self, name: str, table: pa.Table, version: str) -> None:
        """Replace a small table."""
        file = f"{name}-{self._tag}.parquet"
        pq.write_table(table, self.root / file, compression="zstd")
        self.parts[name] = Part(file, table.num_rows, version)

    def put_order_lines(self, part: str, reader: pa.RecordBatchReader, version: str) -> None:
        """Replace one month of order lines; amounts in other currencies are converted here.

        The rate is the latest one on or before the order date (F13.2's 'dated rate'); lines for
        which there is none keep null amounts and are counted.
        """
        file = f"{part.replace(':', '-')}-{self._tag}.parquet"
        target = str(self.root / file).replace("'", "''")
        self._con.register("raw", reader)
        self._load_rates()
        converted = ", ".join(
            f"CASE WHEN raw.currency = '{self.currency}' THEN raw.{name} "
            f"ELSE CAST(round(raw.{name}::DECIMAL(38,0) * r.rate_e8 / 100000000) AS BIGINT) END AS {name}"
            if name in AMOUNTS
            else "r.rate_e8"
            if name == "rate_e8"
            else f"raw.{name}"
            for name in ORDER_LINE
        )
        self._con.execute(
            f"""COPY (SELECT {converted} FROM raw
                 ASOF LEFT JOIN rates r ON r.currency = raw.currency AND r.date <= raw.order_date
                 ORDER BY company_id, order_date) TO '{target}' (FORMAT parquet, COMPRESSION zstd)"""
        ).fetchall()
        self._con.unregister("raw")
        rows, without = self._con.execute(
            f"SELECT count(*), count(*) FILTER (net_e4 IS NULL) FROM read_parquet('{target}')"
        ).fetchall()[0]
        self.parts[part] = Part(file, rows, version, without)

    def drop(self, part: str) -> None:
        """Leave a part out of the next generation."""
        self.parts.pop(part, None)

    def _load_rates(self) -> None:
        known = self.parts.get("rate")
        if known is None:
            self._con.execute(
                "CREATE TABLE IF NOT EXISTS rates (currency VARCHAR, date DATE, rate_e8 BIGINT)"
            ).fetchall()
            return
        path = str(self.root / known.file).replace("'", "''")
        self._con.execute(
            "CREATE TABLE IF NOT EXISTS rates AS SELECT currency, date, rate_e8"
            f" FROM read_parquet('{path}') WHERE base = '{self.currency}'"
        ).fetchall()

    def close(self) -> None:
        """Free the connection."""
        self._con.close()


class FactStore:
    """The folder with the facts."""

    def __init__(self, root: Path, *, threads: int = 2) -> None:
        self.root = root
        self.threads = threads
        self._lock = threading.Lock()
        self._open: dict[str, Facts] = {}

    def manifest(self) -> Manifest:
        """What is there now; an empty generation 0 where nothing was built."""
        try:
            raw = json.loads((self.root / "manifest.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return Manifest(0, "", "")
        if raw["format"] != FORMAT:
            return Manifest(0, "", "")
        parts = {name: Part(**part) for name, part in raw["parts"].items()}
        return Manifest(raw["generation"], raw["built_at"], raw["currency"], parts)

    def open(self, engine: str = DUCKDB) -> Facts:
        """Facts of the latest generation; one connection per process, engine and generation."""
        latest = self.manifest()
        if not latest.generation:
            raise NoFactsError
        with self._lock:
            held = self._open.get(engine)
            if held is None or held.manifest.generation != latest.generation:
                held = self._open[engine] = self._opened(latest, engine)
            return held

    def _opened(self, latest: Manifest, engine: str) -> Facts:
        if engine != SPARK:
            return Facts(self.root, latest, self.threads)
        from koers_analytics.engines.spark_facts import SparkFacts  # noqa: PLC0415 -- optional

        return SparkFacts(self.root, latest)

    def stale_parts(self, versions: Mapping[str, str], currency: str) -> list[str]:
        """Parts whose source changed since they were built, rates first."""
        now = self.manifest()
        all_new = now.currency != currency
        rates = now.parts.get("rate")
        rates_changed = (rates.version if rates else "") != versions.get("rate", "")
        stale = [
            name
            for name, version in versions.items()
            if all_new
            or name not in now.parts
            or now.parts[name].version != version
            or (rates_changed and name.startswith(ORDER_LINE_PREFIX))
        ]
        return sorted(stale, key=lambda name: (name.startswith(ORDER_LINE_PREFIX), name))

    @contextmanager
    def writer(self, *, at: datetime, currency: str) -> Iterator[FactWriter]:
        """Build the next generation; an error or a kill leaves the present one as it is."""
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / "writer.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            before = self.manifest()
            writer = FactWriter(self.root, before, currency)
            try:
                yield writer
                self._commit(before, writer, at)
            finally:
                writer.close()

    def _commit(self, before: Manifest, writer: FactWriter, at: datetime) -> None:
        text = json.dumps(
            {
                "format": FORMAT,
                "generation": before.generation + 1,
                "built_at": at.isoformat(),
                "currency": writer.currency,
                "parts": {
                    name: {
                        "file": part.file,
                        "rows": part.rows,
                        "version": part.version,
                        "without_rate": part.without_rate,
                    }
                    for name, part in writer.parts.items()
                },
            }
        )
        temporary = self.root / f"manifest-{writer._tag}.tmp"  # noqa: SLF001 -- same module
        with temporary.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(self.root / "manifest.json")
        self._sweep(writer, before)

    def _sweep(self, writer: FactWriter, before: Manifest) -> None:
        """Remove files that neither this generation nor the one before it uses, if a minute old."""
        used = {part.file for part in (*writer.parts.values(), *before.parts.values())}
        for path in self.root.glob("*.parquet"):
            age = path.stat().st_ctime
            if path.name not in used and (self.root / "manifest.json").stat().st_ctime - age > 60:
                path.unlink(missing_ok=True)
