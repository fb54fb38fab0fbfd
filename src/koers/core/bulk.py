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
    columns = [column_of(model, field) for field in fields]
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(column)) for column in columns)
    table = quote(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            if "id" in fields:
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence(%s, 'id'), (SELECT max(id) FROM {table}))",  # noqa: S608 -- names come from the model
                    [model._meta.db_table],
                )
        else:
            marks = ", ".join(["?"] * len(columns))
            cursor.connection.executemany(
                f"INSERT INTO {table} ({names}) VALUES ({marks})",  # noqa: S608 -- names come from the model
                rows,
            )


def renew_statistics() -> None:
    """Tell PostgreSQL how large tables have become, after very many rows were written at once.

    Until its own upkeep comes by it would plan queries for nearly empty tables. Nothing on SQLite.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def reserve_ids(model: type[models.Model], count: int) -> int:
    """First of ``count`` consecutive free ids, so that parents and children can be written in one go.

    On SQLite the write lock of the IMMEDIATE transaction keeps others out; on PostgreSQL the
    sequence is moved under a lock on it.
    """
    table = model._meta.db_table
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


def column_of(model: type[models.Model], attname: str) -> str:
    """Database column of a field given by its attribute name (``owner_id``)."""
    for field in model._meta.concrete_fields:
        if attname in (field.attname, field.name):
            return str(field.column)
    raise LookupError(f"{model.__name__} has no column {attname}")


def fetch_columns(
    model: type[models.Model], ids: Iterable[int], attnames: Sequence[str]
) -> dict[int, tuple[Any, ...]]:
    """Stored database values of some rows, by id; dates as ISO text on both databases."""
    quote = connection.ops.quote_name
    names = ", ".join(quote(column_of(model, name)) for name in ("id", *attnames))
    table = quote(model._meta.db_table)
    found: dict[int, tuple[Any, ...]] = {}
    wanted = list(ids)
    with connection.cursor() as cursor:
        for first in range(0, len(wanted), 500):
            part = wanted[first : first + 500]
            marks = ", ".join(["%s"] * len(part))
            cursor.execute(f"SELECT {names} FROM {table} WHERE id IN ({marks})", part)  # noqa: S608 -- names come from the model
            for row in cursor.fetchall():
                found[row[0]] = tuple(
                    value.isoformat() if hasattr(value, "isoformat") else value for value in row[1:]
                )
    return found


def update_row(
    model: type[models.Model], row_id: int, values: dict[str, Any], *, raise_version: bool = True
) -> None:
    """Set database values of one row, and raise its version."""
    quote = connection.ops.quote_name
    pairs = [f"{quote(column_of(model, name))} = %s" for name in values]
    if raise_version:
        pairs.append("version = version + 1")
    table = quote(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {', '.join(pairs)} WHERE id = %s",  # noqa: S608 -- names come from the model
            [*values.values(), row_id],
        )
