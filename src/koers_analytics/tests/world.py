"""How do the tests of the analytics write a small set of facts by hand?"""

from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from koers_analytics.engines.base import Connection
from koers_analytics.engines.choice import DUCKDB, SPARK
from koers_analytics.facts import Facts, FactStore, FactWriter
from koers_analytics.tables import ORDER_LINE, SMALL_TABLES

AT = datetime(2026, 1, 1, tzinfo=UTC)
ENGINE = DUCKDB  # where facts and logs lie; the fixture both_engines changes it
ARROW = {
    "BIGINT": pa.int64(),
    "VARCHAR": pa.string(),
    "DATE": pa.date32(),
    "BOOLEAN": pa.bool_(),
    "INTEGER": pa.int32(),
    "DOUBLE": pa.float64(),
}


def table(columns: dict[str, str], rows: list[dict[str, object]]) -> pa.Table:
    """Rows as an Arrow table with the columns of a contract; what is not given is empty."""
    schema = pa.schema([(name, ARROW[kind]) for name, kind in columns.items()])
    return pa.Table.from_pylist(rows, schema=schema)


def line(order_id: int, day: date, company: int | None, net: int | None, **more) -> dict:
    """An order line of whole euros."""
    return {
        "line_id": order_id * 100 + int(more.pop("place", 0)),
        "order_id": order_id,
        "order_number": str(order_id),
        "order_date": day,
        "company_id": company,
        "kind": "goods",
        "is_credit": False,
        "quantity_e4": 10_000,
        "list_e4": None if net is None else net * 10_000,
        "discount_e4": 0,
        "net_e4": None if net is None else net * 10_000,
        "currency": "EUR",
    } | more


def put_lines(writer: FactWriter, month: str, rows: list[dict], version: str = "1") -> None:
    """One month of order lines."""
    found = table(ORDER_LINE, rows)
    writer.put_order_lines(
        f"order_line:{month}",
        pa.RecordBatchReader.from_batches(found.schema, found.to_batches()),
        version,
    )


def store(root: Path, lines: list[dict], **small: list[dict]) -> FactStore:
    """A store whose order lines lie in their months."""
    found = FactStore(root, threads=1)
    with found.writer(at=AT, currency="EUR") as writer:
        for name, rows in small.items():
            writer.put_table(name, table(SMALL_TABLES[name], rows), "1")
        for month in sorted({f"{row['order_date']:%Y-%m}" for row in lines}):
            put_lines(writer, month, [r for r in lines if f"{r['order_date']:%Y-%m}" == month])
    return found


def facts(root: Path, lines: list[dict], **small: list[dict]) -> Facts:
    """An open connection on hand-written facts."""
    return store(root, lines, **small).open(ENGINE)


def company(company_id: int, **more) -> dict:
    """A customer."""
    return {"company_id": company_id, "name": f"C{company_id}", "segment": "", "country": ""} | more


def purchases(rows: list[tuple[str, str, float]]) -> Connection:
    """A connection that knows ``line``: customer, day and whole euros of each purchase."""
    names, days, amounts = zip(*rows, strict=True)
    found = pa.table(
        {
            "customer": pa.array(names, pa.string()),
            "day": pa.array([date.fromisoformat(day) for day in days], pa.date32()),
            "amount_e4": pa.array([round(amount * 10_000) for amount in amounts], pa.int64()),
        }
    )
    connection: Connection
    if ENGINE == SPARK:
        from koers_analytics.engines.spark import SparkConnection

        connection = SparkConnection()
    else:
        connection = duckdb.connect()
    connection.register("line", found)
    return connection
