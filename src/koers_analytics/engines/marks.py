"""How do values take the place of the ``?`` marks of a query, for an engine that takes none?"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

TEXT_OR_MARK = re.compile(r"('(?:[^']|'')*'|\?)")


def filled(query: str, parameters: Sequence[object]) -> str:
    """The query with each ``?`` outside a text replaced by its value.

    Raises
    ------
    ValueError
        When there are more or fewer values than marks.
    """
    values: Iterator[object] = iter(parameters)
    try:
        parts = [
            literal(next(values)) if part == "?" else part for part in TEXT_OR_MARK.split(query)
        ]
    except StopIteration:
        raise ValueError("There are fewer values than marks.") from None
    if next(values, filled) is not filled:
        raise ValueError("There are more values than marks.")
    return "".join(parts)


def literal(value: object) -> str:
    """A value as DuckDB's SQL writes it.

    Raises
    ------
    TypeError
        For a value of a kind that no figure passes.
    """
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date):
        return f"DATE '{value.isoformat()[:10]}'"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    if isinstance(value, int | float | Decimal):
        return str(value)
    if isinstance(value, list | tuple):
        return "[" + ", ".join(literal(part) for part in value) + "]"
    raise TypeError(f"{type(value).__name__} cannot stand in a query.")
