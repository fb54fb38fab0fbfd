"""How are very many rows written fast, on SQLite and PostgreSQL alike?

Django's ``bulk_create`` builds an object per row; imports and the demo company write a million
lines, so rows go straight to the driver: ``executemany`` on SQLite, ``COPY`` on PostgreSQL.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models

Row = Sequence[Any]


def insert_rows(model: type[models.Model], fields: Sequence[str], rows: Iterable[Row]) -> None:
    """Insert rows given as *database* values in the order of ``fields`` (attribute names, ``id`` allowed).

    Amounts are integers in ten-thousandths, JSON is text; nothing is validated here, constraints
    of the database still hold. Must run inside the caller's transaction. On PostgreSQL the id
    sequence is moved on when ids are given.
    """
    meta = model._meta  # noqa: SLF001 -- Django's documented model API
    columns = [
        meta.get_field(field.removesuffix("_id") if field != "id" else field).column  # type: ignore[union-attr]
        for field in fields
    ]
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(column)) for column in columns)
    table = quote(meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            if "id" in fields:
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence(%s, 'id'), (SELECT max(id) FROM {table}))",  # noqa: S608 -- names come from the model
                    [meta.db_table],
                )
        else:
            marks = ", ".join(["?"] * len(columns))
            cursor.connection.executemany(
                f"INSERT INTO {table} ({names}) VALUES ({marks})",  # noqa: S608 -- names come from the model
                rows,
            )


def reserve_ids(model: type[models.Model], count: int) -> int:
    """First of ``count`` consecutive free ids, so that parents and children can be written in one go.

    On SQLite the write lock of the IMMEDIATE transaction keeps others out; on PostgreSQL the
    sequence is moved under a lock on it.
    """
    table = model._meta.db_table  # noqa: SLF001 -- Django's documented model API
    quoted = connection.ops.quote_name(table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"reserve:{table}"])
            cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [table])
            first = int(cursor.fetchone()[0])
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, first + count - 1]
            )
            return first
        cursor.execute(f"SELECT coalesce(max(id), 0) FROM {quoted}")  # noqa: S608 -- name comes from the model
        highest = int(cursor.fetchone()[0])
        cursor.execute("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = %s", [table])
        return max(highest, int(cursor.fetchone()[0])) + 1
