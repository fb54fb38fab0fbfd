"""How do the tests read a file the way an import does: detected, converted, exact?"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from koers.core.imports.conversion import Conventions, Converter
from koers.core.imports.detection import Detection, detect
from koers.core.imports.fields import FieldSpec, FieldType
from koers.core.imports.reading import as_text_file, read_chunks

Columns = dict[str, list[Any]]


@contextmanager
def detected(path: Path) -> Iterator[tuple[Path, Detection]]:
    """The file as text with its reading."""
    with as_text_file(path) as text:
        yield text, detect(text)


def texts(path: Path) -> tuple[Columns, Detection]:
    """Texts of every column by its header, and the reading of the file."""
    with detected(path) as (text, found):
        columns: Columns = {name: [] for name in found.headers}
        for chunk in read_chunks(text, found.dialect, len(found.headers)):
            for name, values in zip(found.headers, chunk.columns, strict=True):
                columns[name] += values
        return columns, found


def rows_of(path: Path) -> list[list[str]]:
    """Header (if there is one) and data rows."""
    columns, found = texts(path)
    rows = [list(row) for row in zip(*columns.values(), strict=True)]
    return [found.headers, *rows] if found.dialect.header_rows else rows


def values(path: Path, types: dict[str, FieldType]) -> tuple[Columns, Detection]:
    """Values of the named columns under the conventions detected for each."""
    columns, found = texts(path)
    readings = {column.name: column for column in found.columns}
    converted = {}
    for name, kind in types.items():
        reading = readings[name]
        conventions = Conventions(
            reading.decimal or found.decimal, reading.order or found.date_order
        )
        converted[name] = Converter(FieldSpec(name, name, name, kind), conventions).convert(
            columns[name]
        )
    return converted, found


def written(folder: Path, name: str, content: str | bytes, encoding: str = "utf-8") -> Path:
    """A file with this content, byte for byte."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path
