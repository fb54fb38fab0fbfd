"""How do the commands print? As a table for people, as JSON for programs."""

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum

import django


def set_up() -> None:
    """Load Django; done by a command that needs the database, not for ``--help``."""
    django.setup()


def plain(value: object) -> object:  # noqa: PLR0911 -- one line per kind of value
    """Turn a result into what JSON knows; exact amounts become numbers with their own digits."""
    if is_dataclass(value) and not isinstance(value, type):
        return {name: plain(part) for name, part in asdict(value).items()}
    if isinstance(value, Mapping):
        return {str(name): plain(part) for name, part in value.items()}
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(part) for part in value]
    return value


def print_json(value: object) -> None:
    """Write one JSON document on standard output."""
    sys.stdout.write(json.dumps(plain(value), ensure_ascii=False) + "\n")


def print_table(headers: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Write aligned columns; numbers to the right."""
    texts = [[_text(cell) for cell in row] for row in rows]
    widths = [
        max([len(header), *(len(row[index]) for row in texts)])
        for index, header in enumerate(headers)
    ]
    numeric = [
        all(isinstance(row[index], (int, float, Decimal)) or row[index] is None for row in rows)
        for index in range(len(headers))
    ]
    for line in [list(headers), *texts]:
        cells = (
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(line, widths, numeric, strict=True)
        )
        say("  ".join(cells).rstrip())


def say(line: str) -> None:
    """Write a line on standard output."""
    sys.stdout.write(line + "\n")


@contextmanager
def to_standard_error() -> Iterator[None]:
    """Send what libraries write on standard output to standard error: an answer stands alone."""
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        sys.stdout.flush()
        os.dup2(kept, 1)
        os.close(kept)


def say_progress() -> Callable[[int, int | None, str], None]:
    """Progress on standard error, only where a person watches."""
    watching = sys.stderr.isatty()

    def show(done: int, total: int | None, message: str) -> None:
        if watching:
            share = f" of {total:,}" if total else ""
            sys.stderr.write(f"\r{message} {done:,}{share}   ")
            sys.stderr.flush()

    return show


def _text(cell: object) -> str:
    if cell is None:
        return "–"
    if isinstance(cell, (Decimal, float)):
        return f"{cell:,.2f}"
    if isinstance(cell, int):
        return f"{cell:,}"
    return str(cell)
