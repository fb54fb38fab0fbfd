"""How do rows reach the columnar facts without passing through Python one by one?

The database's ADBC driver hands them over as Arrow batches: measured five times faster than a
cursor. It reads what is *committed*, on a connection of its own.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from django.db import connection

if TYPE_CHECKING:
    import pyarrow as pa


@contextmanager
def record_batches(
    sql: str, params: Sequence[object] = (), *, types: Mapping[str, str]
) -> Iterator["pa.RecordBatchReader"]:
    """Stream the rows of a query written with ``%s`` marks; ``types`` names Arrow types per column.

    SQLite knows neither dates nor booleans, so every column is cast to the type the caller names.
    Its driver takes a column's type from the first rows, so a text or date that may be empty is
    asked for as text that is never null; '' becomes an empty date.
    """
    import pyarrow as pa

    schema = pa.schema([(name, pa.type_for_alias(kind)) for name, kind in types.items()])
    with _connect() as adbc, adbc.cursor() as cursor:
        cursor.execute(_with_native_marks(sql), [*params] or None)
        source = cursor.fetch_record_batch()

        def cast() -> Iterator["pa.RecordBatch"]:
            for batch in source:
                yield pa.RecordBatch.from_arrays(
                    [_cast(batch.column(index), field.type) for index, field in enumerate(schema)],
                    schema=schema,
                )

        yield pa.RecordBatchReader.from_batches(schema, cast())


def table_of(sql: str, params: Sequence[object] = (), *, types: Mapping[str, str]) -> "pa.Table":
    """The whole answer of a query as an Arrow table."""
    with record_batches(sql, params, types=types) as reader:
        return reader.read_all()


def _cast(column: "pa.Array", wanted: "pa.DataType") -> "pa.Array":
    import pyarrow as pa

    if column.type == wanted:
        return column
    if column.null_count == len(column):
        return pa.nulls(len(column), wanted)
    if pa.types.is_date32(wanted) and pa.types.is_string(column.type):
        from pyarrow import compute

        column = compute.if_else(compute.equal(column, ""), None, column)
    return column.cast(wanted)


def _connect() -> Any:
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        from adbc_driver_sqlite import dbapi as sqlite

        return sqlite.connect(f"file:{quote(str(settings['NAME']))}?mode=ro")
    from adbc_driver_postgresql import dbapi as postgresql

    return postgresql.connect(_postgresql_uri(settings))


def _postgresql_uri(settings: Mapping[str, Any]) -> str:
    user = quote(settings["USER"] or "", safe="")
    secret = f":{quote(settings['PASSWORD'], safe='')}" if settings["PASSWORD"] else ""
    host = settings["HOST"] or ""
    query = dict(settings.get("OPTIONS", {}))
    if host.startswith("/"):
        query["host"], host = host, ""
    port = f":{settings['PORT']}" if settings["PORT"] else ""
    tail = f"?{urlencode(query)}" if query else ""
    return f"postgresql://{user}{secret}{'@' if user else ''}{host}{port}/{quote(settings['NAME'], safe='')}{tail}"


def _with_native_marks(sql: str) -> str:
    if connection.vendor == "sqlite":
        return sql.replace("%s", "?")
    parts = sql.split("%s")
    return "".join(
        part if index == len(parts) - 1 else f"{part}${index + 1}"
        for index, part in enumerate(parts)
    )
