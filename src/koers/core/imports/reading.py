"""How are the rows of a file read, whatever its encoding, separator and packing?"""

import csv
import io
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice, zip_longest
from pathlib import Path
from typing import cast

from django.utils.translation import gettext as _

from koers.core.imports import sandbox
from koers.core.imports.archive import (
    DEFAULT_LIMIT,
    FileRefusedError,
    check_workbook,
    content_of,
    kind_of,
    open_binary,
)

CHUNK_ROWS = 20_000
BLOCK_ROWS = 500
LONGEST_FIELD = 16_000_000  # a longer one means a quote was left open
csv.field_size_limit(LONGEST_FIELD)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the text is written: ``skip`` lines stand above the header, which has ``header_rows`` rows.

    ``loose_quotes``: quotes inside quoted cells are not doubled, as careless writers leave them.
    """

    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'
    skip: int = 0
    escape: str = ""
    header_rows: int = 1
    loose_quotes: bool = False


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
def as_text_file(
    path: Path, *, member: str = "", sheet: str | int = 0, limit: int = DEFAULT_LIMIT
) -> Iterator[Path]:
    """A plain or packed text file as it is; a sheet or JSON as a temporary CSV made in a child process."""
    kind, _packing, inside = content_of(path, member=member, limit=limit)
    if kind == "text" and not member:
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="koers-import-") as folder:
        source = _unpacked(path, inside, Path(folder), limit)
        if kind == "text":
            yield source
            return
        target = Path(folder) / "table.csv"
        _convert(source, kind, target, sheet)
        yield target


def sheet_names(path: Path, *, member: str = "", limit: int = DEFAULT_LIMIT) -> list[str]:
    """Names of the sheets of a workbook, in their order; none for other files."""
    kind, _packing, inside = content_of(path, member=member, limit=limit)
    if kind != "sheet":
        return []
    with tempfile.TemporaryDirectory(prefix="koers-import-") as folder:
        source = _unpacked(path, inside, Path(folder), limit)
        target = Path(folder) / "names.csv"
        _convert(source, "names", target, 0)
        with target.open(encoding="utf-8", newline="") as file:
            return [row[0] for row in csv.reader(file)]


def _convert(source: Path, kind: str, target: Path, sheet: str | int) -> None:
    if kind != "json":
        check_workbook(source)
    refused = sandbox.convert(source, kind, target, sheet=sheet)
    if refused:
        raise FileRefusedError(_sandbox_message(refused))


def _unpacked(path: Path, inside: str, folder: Path, limit: int) -> Path:
    """The file itself, or its unpacked copy under a name of ours with the right extension."""
    if not kind_of(path.name)[1]:
        return path
    source = folder / f"unpacked{Path(inside or path.stem).suffix.lower()}"
    with open_binary(path, member=inside, limit=limit) as stream, source.open("wb") as file:
        while block := stream.read(1 << 20):
            file.write(block)
    return source


def _sandbox_message(code: str) -> str:
    messages = {
        "time": _("The file takes too long to read. Save it as CSV and retry."),
        "crash": _(
            "The file cannot be read: it is damaged or claims an impossible size. Save it anew or as CSV."
        ),
        "memory": _("The file is too large to open as a workbook. Save it as CSV and retry."),
        "too_large": _("The file unpacks to more than is allowed."),
        "no_sheet": _("The workbook has no such sheet. Choose one of its sheets."),
        "too_wide": _("The sheet has more than 2,000 columns. Remove the empty ones and retry."),
    }
    return messages.get(code, _("The file cannot be read. Is it really of the kind its name says?"))


def csv_rows(text: Iterable[str], dialect: Dialect) -> Iterator[list[str]]:
    """Rows of lines of text; only quotes and backslashes themselves are unescaped by a backslash."""
    quote = dialect.quote
    if quote and dialect.escape:
        text = map(partial(_without_escapes, quote=quote, escape=dialect.escape), text)
    elif quote and dialect.loose_quotes:
        text = map(_doubling(dialect.delimiter, quote), text)
    return csv.reader(
        text,
        delimiter=dialect.delimiter,
        quotechar=quote or None,
        quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
        skipinitialspace=dialect.delimiter != " ",
    )


def _without_escapes(line: str, *, quote: str, escape: str) -> str:
    if escape not in line:
        return line
    return line.replace(escape + quote, quote + quote).replace(escape * 2, escape)


def _doubling(delimiter: str, quote: str) -> Callable[[str], str]:
    """Doubles the quotes inside a quoted cell; the cell ends at a quote before a separator or line end."""
    sep, mark = re.escape(delimiter), re.escape(quote)
    cell = re.compile(rf"(^|{sep}) ?{mark}([^\r\n]*?){mark}(?={sep}|[\r\n]|$)")

    def double(line: str) -> str:
        return cell.sub(
            lambda found: (
                found.group(1)
                + quote
                + found.group(2).replace(quote * 2, quote).replace(quote, quote * 2)
                + quote
            ),
            line,
        )

    return double


@contextmanager
def open_rows(path: Path, dialect: Dialect) -> Iterator[Iterator[list[str]]]:
    """All rows below the skipped lines, header first."""
    with open_binary(path) as binary:
        buffered = (
            binary
            if isinstance(binary, io.BufferedReader)
            else io.BufferedReader(cast("io.RawIOBase", binary), 1 << 20)
        )
        text = io.TextIOWrapper(buffered, encoding=dialect.encoding, errors="replace", newline="")
        for _line in range(dialect.skip):
            text.readline()
        yield csv_rows(text, dialect)


def header_of(path: Path, dialect: Dialect) -> list[str]:
    """The header's names, made unique and never empty; numbered columns where there is no header."""
    with open_rows(path, dialect) as rows:
        above = list(islice(_filled_rows(rows), max(dialect.header_rows, 1)))
    names = [" ".join(cells) for cells in zip_longest(*above, fillvalue="")]
    if not dialect.header_rows:
        names = [""] * len(names)
    seen: dict[str, int] = {}
    unique = []
    for position, raw in enumerate(names, start=1):
        name = " ".join(raw.strip().strip("\ufeff").split()) or f"column {position}"
        seen[name] = seen.get(name, 0) + 1
        unique.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return unique


def read_chunks(
    path: Path, dialect: Dialect, width: int, *, skip_rows: int = 0, size: int = CHUNK_ROWS
) -> Iterator[Chunk]:
    """Data rows as columns, ``size`` at a time, from data row ``skip_rows`` + 1 on.

    Row numbers count the rows below the header that hold anything, from 1: empty lines, rows of
    empty cells and lines above the header are not counted. The header is the first row that holds
    anything, as in ``header_of``. Empty cells beyond the header are no fault.
    """
    with open_rows(path, dialect) as rows:
        data = _filled_rows(rows)
        for _row in islice(data, dialect.header_rows):
            pass
        number = sum(1 for _row in islice(data, skip_rows))
        while (chunk := _chunk(data, number, width, size)).rows:
            yield chunk
            number += chunk.rows


def _filled_rows(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    try:
        for row in rows:
            if row and (row[0] > " " or any(map(str.strip, row))):
                yield row
    except csv.Error as error:
        raise FileRefusedError(
            _("The file cannot be read as a table: %(error)s. A quote may be left open.")
            % {"error": error}
        ) from error


def _chunk(data: Iterator[list[str]], before: int, width: int, size: int) -> Chunk:
    """Turns rows into columns in small blocks: large ones keep the garbage collector busy."""
    chunk = Chunk(before + 1, 0, [[] for _ in range(width)], [], [])
    rows = 0
    while rows < size and (taken := list(islice(data, min(BLOCK_ROWS, size - rows)))):
        good = taken
        if set(map(len, taken)) == {width}:
            first = before + rows + 1
            chunk.numbers.extend(range(first, first + len(taken)))
        else:
            good = _even(taken, before + rows, width, chunk)
        for column, values in zip(chunk.columns, zip(*good, strict=True), strict=False):
            column.extend(values)
        rows += len(taken)
    return replace(chunk, rows=rows)


def _even(taken: list[list[str]], before: int, width: int, chunk: Chunk) -> list[list[str]]:
    """Rows of the header's width; the others are noted as ragged."""
    good = []
    for index, row in enumerate(taken, start=before + 1):
        trimmed = _trimmed(row, width)
        if trimmed is None:
            chunk.ragged.append(RaggedRow(index, len(row), tuple(row[: width + 5])))
        else:
            good.append(trimmed)
            chunk.numbers.append(index)
    return good


def _trimmed(row: list[str], width: int) -> list[str] | None:
    if len(row) == width:
        return row
    if len(row) > width and not any(cell.strip() for cell in row[width:]):
        return row[:width]
    return None
