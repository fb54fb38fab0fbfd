"""How is a long-format file (unique_id, ds, y) read as series without holes, or refused with its row?"""

import csv
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from koers_analytics.forecast.grid import (
    SEASONS,
    Grid,
    Moment,
    OffGridError,
    grid_of,
    on_working_days,
)

Numbers = NDArray[np.float64]
COLUMNS = ("unique_id", "ds", "y")
EMPTY = {"", "na", "nan", "null", "none", "n/a"}
FILLS = ("interpolate", "zero", "previous")
LONGEST = 1_000_000


class SeriesFileError(ValueError):
    """The file cannot be read as series; says row and column."""


@dataclass(frozen=True, slots=True)
class Series:
    """One series without holes: value ``values[k]`` belongs to step ``first + k`` of its grid."""

    unique_id: str
    grid: Grid
    first: int
    values: Numbers
    filled: int = 0
    groups: tuple[str, ...] = ()

    def following(self, horizon: int) -> list[Moment]:
        """The moments after the last one."""
        end = self.first + len(self.values)
        return [self.grid.moment_of(end + ahead) for ahead in range(horizon)]


@dataclass(frozen=True, slots=True)
class SeriesFile:
    """All series of a file, in the order in which they first occur."""

    series: list[Series]
    rows: int
    filled: int
    empty: list[str]
    kind: str


@dataclass(slots=True)
class _Rows:
    moments: dict[Moment, int] = field(default_factory=dict)
    values: list[float] = field(default_factory=list)
    groups: tuple[str, ...] = ()


def read_series(
    path: Path, frequency: str, *, fill: str = "interpolate", group_columns: Sequence[str] = ()
) -> SeriesFile:
    """Read a CSV (comma, semicolon or tab; decimal comma with semicolons) or Parquet file.

    A missing moment or an empty ``y`` inside a series is a gap: drawn as a line between its
    neighbours (``interpolate``), 0 (``zero``) or the value before it (``previous``). Empty values at
    either end are left out. A series without any value is named in ``empty``.

    Raises
    ------
    SeriesFileError
        For an unknown frequency, a missing column, a cell that is no number or moment, a moment
        that occurs twice or lies between two steps; with the row, not counting the header.
    """
    if frequency not in SEASONS:
        raise SeriesFileError(
            f"Frequency {frequency} is unknown; the frequencies are {', '.join(SEASONS)}."
        )
    if fill not in FILLS:
        raise SeriesFileError(f"{fill} is no way to fill a gap; the ways are {', '.join(FILLS)}.")
    if not path.is_file():
        raise SeriesFileError(f"There is no file {path}.")
    cells = _Cells(path, group_columns)
    found: dict[str, _Rows] = {}
    rows = 0
    for rows, row in enumerate(cells.rows(), start=1):
        cells.add(found, row, rows)
    if not rows:
        raise SeriesFileError(f"{path.name} has no rows.")
    working = frequency == "D" and on_working_days(
        [moment for held in found.values() for moment in held.moments]
    )
    made = {name: _series(name, held, frequency, fill, working=working) for name, held in found.items()}  # fmt: skip
    series = [one for one in made.values() if one is not None]
    if not series:
        raise SeriesFileError(f"{path.name} has no value in column y.")
    empty = [name for name, one in made.items() if one is None]
    return SeriesFile(series, rows, sum(one.filled for one in series), empty, cells.kind)


class _Cells:
    """The rows of a file with the cells of its columns."""

    def __init__(self, path: Path, group_columns: Sequence[str]) -> None:
        self._path = path
        self._groups = list(group_columns)
        self._decimal_comma = False
        self.kind = ""
        self._derived_id = False

    def rows(self) -> Iterator[tuple[object, ...]]:
        """Cells of unique_id, ds, y and the group columns, row by row."""
        if self._path.suffix.lower() in {".parquet", ".pq"}:
            return self._parquet()
        return self._csv()

    def _parquet(self) -> Iterator[tuple[object, ...]]:
        from pyarrow import ArrowException  # noqa: PLC0415 -- only for Parquet
        from pyarrow import parquet as pq  # noqa: PLC0415 -- only for Parquet

        try:
            file = pq.ParquetFile(self._path)
            names = list(file.schema_arrow.names)
            picked = self._picked(names)
            for batch in file.iter_batches(columns=sorted({names[place] for place in picked})):
                columns = [batch.column(names[place]).to_pylist() for place in picked]
                yield from zip(*columns, strict=True)
        except ArrowException as error:
            raise SeriesFileError(f"{self._path.name} cannot be read: {error}") from error

    def _csv(self) -> Iterator[tuple[object, ...]]:
        try:
            with self._path.open(encoding="utf-8-sig", newline="") as stream:
                header = stream.readline()
                if not header.strip():
                    raise SeriesFileError(f"{self._path.name} is empty.")
                separator = max(",;\t", key=header.count)
                self._decimal_comma = separator == ";"
                picked = self._picked(next(csv.reader([header], delimiter=separator)))
                widest = max(picked)
                for number, row in enumerate(csv.reader(stream, delimiter=separator), start=1):
                    if not row:
                        continue
                    if len(row) <= widest:
                        raise SeriesFileError(
                            f"Row {number} of {self._path.name} has {len(row)} cells; {widest + 1} are expected."
                        )
                    yield tuple(row[place] for place in picked)
        except (UnicodeDecodeError, csv.Error) as error:
            raise SeriesFileError(f"{self._path.name} cannot be read: {error}") from error

    def _picked(self, header: Sequence[str]) -> list[int]:
        names = [name.strip() for name in header]
        small = [name.lower() for name in names]
        wanted = [*COLUMNS, *self._groups]
        if self._groups and "unique_id" not in small:
            self._derived_id = True
            wanted[0] = self._groups[-1]
        missing = [name for name in wanted if name.lower() not in small]
        if missing:
            raise SeriesFileError(
                f"{self._path.name} has no column {', '.join(missing)}; its columns are {', '.join(names)}."
            )
        return [small.index(name.lower()) for name in wanted]

    def add(self, found: dict[str, _Rows], row: tuple[object, ...], number: int) -> None:
        """Put a row with its series, or refuse it."""
        groups = tuple(_text(cell) for cell in row[3:])
        if any(not group for group in groups):
            column = self._groups[groups.index("")]
            raise SeriesFileError(f"Row {number}, column {column}: the cell is empty.")
        name = "/".join(groups) if self._derived_id else _text(row[0])
        if not name:
            raise SeriesFileError(f"Row {number}, column unique_id: the cell is empty.")
        moment = self._moment(row[1], number)
        held = found.setdefault(name, _Rows(groups=groups))
        if held.groups != groups:
            raise SeriesFileError(
                f"Row {number}: series {name} stands under {'/'.join(groups)} and before under {'/'.join(held.groups)}."
            )
        if moment in held.moments:
            raise SeriesFileError(
                f"Row {number}, column ds: {moment} occurs twice in series {name}; first in row {held.moments[moment]}."
            )
        held.moments[moment] = number
        held.values.append(self._value(row[2], number))

    def _moment(self, cell: object, number: int) -> Moment:
        moment, kind = _moment(cell)
        if moment is None:
            raise SeriesFileError(
                f"Row {number}, column ds: {_text(cell)!r} is no date (YYYY-MM-DD) and no whole number."
            )
        if self.kind and (kind == "whole") != (self.kind == "whole"):
            raise SeriesFileError(
                f"Row {number}, column ds: {_text(cell)!r} is not written like the moments above it."
            )
        self.kind = self.kind or kind
        return moment

    def _value(self, cell: object, number: int) -> float:
        if cell is None:
            return math.nan
        text = _text(cell)
        if text.lower() in EMPTY:
            return math.nan
        if self._decimal_comma and "," in text:
            text = text.replace(".", "").replace(",", ".")
        try:
            value = float(text) if "_" not in text else math.inf
        except ValueError:
            value = math.inf
        if not math.isfinite(value) or abs(value) > 1e15:
            raise SeriesFileError(f"Row {number}, column y: {_text(cell)!r} is not a number.")
        return value


def _text(cell: object) -> str:
    return "" if cell is None else str(cell).strip()


def _moment(cell: object) -> tuple[Moment | None, str]:
    if isinstance(cell, datetime):
        return cell.date(), "timestamp"
    if isinstance(cell, date):
        return cell, "date"
    text = _text(cell)
    if re.fullmatch(r"-?\d{1,9}", text) and not re.fullmatch(r"(19|20)\d{6}", text):
        return int(text), "whole"
    quarter = re.fullmatch(r"(\d{4})-?Q([1-4])", text, re.IGNORECASE)
    if quarter:
        return date(int(quarter[1]), int(quarter[2]) * 3 - 2, 1), "date"
    if re.fullmatch(r"\d{4}-\d{2}", text):
        text += "-01"
    try:
        return datetime.fromisoformat(text).date(), "date"
    except ValueError:
        return None, ""


def _series(name: str, rows: _Rows, frequency: str, fill: str, *, working: bool) -> Series | None:
    known = [k for k, value in enumerate(rows.values) if not math.isnan(value)]
    if not known:
        return None
    moments = list(rows.moments)
    grid = grid_of(moments, frequency, working_days=working)
    steps: dict[int, int] = {}
    for place, moment in enumerate(moments):
        number = rows.moments[moment]
        try:
            step = grid.step_of(moment)
        except OffGridError as error:
            raise SeriesFileError(f"Row {number}, column ds: {error} (series {name}).") from error
        if step in steps:
            other = rows.moments[moments[steps[step]]]
            raise SeriesFileError(
                f"Row {number}, column ds: {moment} and row {other} are the same step of frequency"
                f" {frequency} in series {name}."
            )
        steps[step] = place
    held = {step: rows.values[place] for step, place in steps.items() if place in set(known)} if len(known) < len(moments) else {step: rows.values[place] for step, place in steps.items()}  # fmt: skip
    first, last = min(held), max(held)
    if last - first >= LONGEST:
        raise SeriesFileError(f"Series {name} spans more than {LONGEST:,} steps of {frequency}.")
    values = filled(held, first, last, fill)
    return Series(name, grid, first, values, len(values) - len(held), rows.groups)


def filled(held: Mapping[int, float], first: int, last: int, fill: str) -> Numbers:
    """Values of all steps from first to last; steps not held are filled."""
    known = np.array(sorted(held))
    values = np.array([held[step] for step in known.tolist()])
    wanted = np.arange(first, last + 1)
    if fill == "previous":
        return values[np.searchsorted(known, wanted, side="right") - 1]
    if fill == "zero":
        whole = np.zeros(len(wanted))
        whole[known - first] = values
        return whole
    return np.asarray(np.interp(wanted, known, values), dtype=np.float64)
