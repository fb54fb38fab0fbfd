"""How does a profile's file get the columns it needs: joins, endings cut off?"""

import csv
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from koers.core.errors import RuleError
from koers.core.imports.detection import sniff
from koers.core.imports.reading import Dialect, as_text_file, header_of, open_rows
from koers.home.import_profiles.profile import Join, Step

PACKED = ("", ".gz", ".zip")


class ProfileFileError(RuleError):
    """A file of the profile is missing or lacks a column."""


def file_of(folder: Path, name: str) -> Path:
    """A file of the folder by its name, packed or not."""
    for ending in PACKED:
        path = folder / f"{name}{ending}"
        if path.is_file():
            return path
    raise ProfileFileError(
        _("The folder holds no %(name)s (nor %(name)s.gz). Check the folder.") % {"name": name}
    )


def prepare(step: Step, path: Path, folder: Path, target: Path) -> Path:
    """The file itself where nothing is to be done, else a CSV beside it with the wanted columns."""
    if not (step.joins or step.strip or step.keep):
        return path
    joins = [(join, _table(join, file_of(folder, join.file))) for join in step.joins]
    with as_text_file(path) as text, target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerows(_rows(step, text, joins))
    return target


def _rows(
    step: Step, path: Path, joins: list[tuple[Join, dict[str, list[str]]]]
) -> Iterator[list[str]]:
    dialect = sniff(path, [])
    headers = header_of(path, dialect)
    added = [name for join, _rows_of in joins for name in join.take.values()]
    yield headers + added
    endings = [
        (headers.index(column), ending)
        for column, ending in step.strip.items()
        if column in headers
    ]
    keep = [(headers.index(column), set(values)) for column, values in step.keep.items()]
    with open_rows(path, dialect) as rows:
        next(rows, None)
        for row in rows:
            if any(row[place] not in values for place, values in keep):
                continue
            for place, ending in endings:
                row[place] = row[place].removesuffix(ending)
            yield _joined(headers, row, joins)


def _joined(
    headers: list[str], row: list[str], joins: list[tuple[Join, dict[str, list[str]]]]
) -> list[str]:
    names, values = list(headers), list(row)
    for join, table in joins:
        key = values[names.index(join.column)].removesuffix(".0")
        values += table.get(key, [""] * len(join.take))
        names += join.take.values()
    return values


def _table(join: Join, path: Path) -> dict[str, list[str]]:
    with as_text_file(path) as text:
        dialect: Dialect = sniff(text, [])
        headers = header_of(text, dialect)
        try:
            key, places = headers.index(join.key), [headers.index(column) for column in join.take]
        except ValueError as error:
            raise ProfileFileError(
                _("%(file)s lacks a column: %(error)s.") % {"file": path.name, "error": error}
            ) from error
        with open_rows(text, dialect) as rows:
            next(rows, None)
            return {
                row[key]: [row[place] for place in places]
                for row in rows
                if len(row) == len(headers)
            }


def columns_of(path: Path) -> list[str]:
    """Header of any readable file."""
    with as_text_file(path) as text:
        return header_of(text, sniff(text, []))
