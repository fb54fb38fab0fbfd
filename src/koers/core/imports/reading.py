"""How are the rows of a file read, whatever its encoding, separator and packing?"""

import csv
import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from koers.core.imports import sandbox
from koers.core.imports.archive import DEFAULT_LIMIT, FileRefusedError, kind_of, open_binary

CHUNK_ROWS = 20_000
LONGEST_CELL = 1_000_000
csv.field_size_limit(LONGEST_CELL)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the text is written; ``skip`` lines stand above the header."""

    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'
    skip: int = 0
    escape: str = ""


@dataclass(frozen=True, slots=True)
class RaggedRow:
    """A row whose number of values is not that of the header."""

    index: int
    found: int
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stretch of rows as columns; ``first_row`` counts data rows from 1; ragged rows are left out."""

    first_row: int
    rows: int
    columns: list[list[str]]
    numbers: list[int]
    ragged: list[RaggedRow]


@contextmanager
def as_text_file(path: Path, *, member: str = "", limit: int = DEFAULT_LIMIT) -> Iterator[Path]:
    """A plain or packed text file as it is; sheets and JSON as a temporary CSV made in a child process."""
    kind, packing = kind_of(member or path.name)
    if kind == "text" and not member:
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="koers-import-") as folder:
        source = path
        if packing or member:
            source = Path(folder) / "unpacked"
            with open_binary(path, member=member, limit=limit) as stream, source.open("wb") as file:
                while block := stream.read(1 << 20):
                    file.write(block)
        target = Path(folder) / "table.csv"
        if kind == "text":
            yield source.rename(target)
            return
        refused = sandbox.convert(source, kind, target)
        if refused:
            raise FileRefusedError(_sandbox_message(refused))
        yield target


def _sandbox_message(code: str) -> str:
    messages = {
        "time": _("The file takes too long to read. Save it as CSV and retry."),
        "crash": _(
            "The file cannot be read: it is damaged or claims an impossible size. Save it anew or as CSV."
        ),
        "memory": _("The file is too large to open as a workbook. Save it as CSV and retry."),
        "too_wide": _("The sheet has more than 2,000 columns. Remove the empty ones and retry."),
    }
    return messages.get(code, _("The file cannot be read. Is it really of the kind its name says?"))


@contextmanager
def open_rows(path: Path, dialect: Dialect) -> Iterator[Iterator[list[str]]]:
    """All rows below the skipped lines, header first."""
    with open_binary(path) as binary:
        buffered = (
            io.BufferedReader(binary, 1 << 20)
            if not isinstance(binary, io.BufferedReader)
            else binary
        )  # type: ignore[type-var]
        text = io.TextIOWrapper(buffered, encoding=dialect.encoding, errors="replace", newline="")
        for _line in range(dialect.skip):
            text.readline()
        reader = csv.reader(
            text,
            delimiter=dialect.delimiter,
            quotechar=dialect.quote or None,
            quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
            doublequote=not dialect.escape,
            escapechar=dialect.escape or None,
            skipinitialspace=dialect.delimiter != " ",
        )
        yield reader


def header_of(path: Path, dialect: Dialect) -> list[str]:
    """The header's names, made unique and never empty."""
    with open_rows(path, dialect) as rows:
        names = next((row for row in rows if any(cell.strip() for cell in row)), [])
    seen: dict[str, int] = {}
    unique = []
    for position, raw in enumerate(names, start=1):
        name = raw.strip().strip("\ufeff") or f"column {position}"
        seen[name] = seen.get(name, 0) + 1
        unique.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return unique


def read_chunks(
    path: Path, dialect: Dialect, width: int, *, skip_rows: int = 0, size: int = CHUNK_ROWS
) -> Iterator[Chunk]:
    """Data rows as columns, ``size`` at a time, from data row ``skip_rows`` + 1 on.

    Empty lines are passed over; trailing empty cells beyond the header are no fault.
    """
    with open_rows(path, dialect) as rows:
        data = _data_rows(rows)
        number = 0
        for _row in data:
            break
        for number in range(skip_rows):
            if next(data, None) is None:
                return
        number = skip_rows
        while True:
            taken = _take(data, size)
            if not taken:
                return
            yield _chunk(taken, number, width)
            number += len(taken)


def _data_rows(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    try:
        for row in rows:
            if row and (len(row) > 1 or row[0].strip()):
                yield row
    except csv.Error as error:
        raise FileRefusedError(
            _(
                "The file cannot be read as a table: %(error)s. A quote may be left open, or a cell be over 1,000,000 characters."
            )
            % {"error": error}
        ) from error


def _take(rows: Iterator[list[str]], size: int) -> list[list[str]]:
    taken = []
    for row in rows:
        taken.append(row)
        if len(taken) == size:
            break
    return taken


def _chunk(taken: list[list[str]], before: int, width: int) -> Chunk:
    if all(len(row) == width for row in taken):
        good, numbers, ragged = taken, list(range(before + 1, before + len(taken) + 1)), []
    else:
        good, numbers, ragged = [], [], []
        for index, row in enumerate(taken, start=before + 1):
            trimmed = _trimmed(row, width)
            if trimmed is None:
                ragged.append(RaggedRow(index, len(row), tuple(row[: width + 5])))
            else:
                good.append(trimmed)
                numbers.append(index)
    columns = (
        [list(column) for column in zip(*good, strict=True)] if good else [[] for _ in range(width)]
    )
    return Chunk(before + 1, len(taken), columns, numbers, ragged)


def _trimmed(row: list[str], width: int) -> list[str] | None:
    if len(row) == width:
        return row
    if len(row) > width and not any(cell.strip() for cell in row[width:]):
        return row[:width]
    return None
