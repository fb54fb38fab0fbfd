"""How is this file written, and what shows it? Evidence for every reading; mixtures are reported."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from koers.core.imports.reading import Chunk, Dialect, header_of, read_chunks
from koers.core.imports.sniffing import Evidence, sniff

__all__ = [
    "ColumnReading",
    "Detection",
    "Evidence",
    "decimal_mark",
    "decimal_vote",
    "detect",
    "read_column",
    "sniff",
]

MOST_DISTINCT = 50_000
PROBE = 1_000
MOST_STRANGERS = 20
SECOND_TABLE_ROWS = 3
LONGEST_NUMBER = 60
SERIAL = re.compile(r"^(\d{5})(?:[.,]\d+)?$")
DATE_NAME = re.compile(r"dat(?:e|um)|geboren|birth|\bdag\b|\bday\b", re.IGNORECASE)
MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan january januari", "feb february februari", "mar march mrt maart", "apr april", "may mei", "jun june juni",
         "jul july juli", "aug august augustus", "sep sept september", "oct october okt oktober", "nov november",
         "dec december"), start=1,
    )
    for name in names.split()
}  # fmt: skip
SEPARATED = re.compile(r"^(\d{1,4})[-/. ](\d{1,2})[-/. ](\d{1,4})(?:[ T].*)?$")
NAMED = re.compile(
    r"^(\d{1,2})[-/. ]?([A-Za-z]{3,9})\.?[-/. ,]*(\d{2,4})$|^([A-Za-z]{3,9})\.? (\d{1,2}),? (\d{4})$"
)
COMPACT = re.compile(r"^(19|20)\d{6}$")
NUMBER = re.compile(
    r"^[\s\u00a0\u202f]*[-+(]?\s*(?:[€$£¥]|[A-Z]{3}\s)?\s*[-+]?[\d.,'\u2019\s\u00a0\u202f]*\d[\d.,'\u2019\s\u00a0\u202f]*(?:%|€|[A-Z]{3})?\s*[-)]?(?:,-)?\s*$"
)
BOOLEANS = {"j", "n", "y", "ja", "nee", "yes", "no", "true", "false", "waar", "onwaar"}


@dataclass
class ColumnReading:
    """What a column seems to hold; ``decimal`` and ``order`` are '' when nothing depends on them."""

    name: str
    type: str
    distinct: int
    empty: int
    decimal: str = ""
    order: str = ""
    status: str = "clear"  # clear, ambiguous or mixed
    evidence: list[Evidence] = field(default_factory=list)
    examples: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)  # values that do not fit the others


@dataclass(frozen=True)
class Detection:
    """The whole reading of a file."""

    dialect: Dialect
    headers: list[str]
    columns: list[ColumnReading]
    evidence: list[Evidence]
    rows: int
    ragged: int

    @property
    def decimal(self) -> str:
        """Decimal mark of the file: that of the columns that prove one, else by its separator."""
        proven = Counter(
            column.decimal for column in self.columns if column.decimal and column.status == "clear"
        )
        return (
            proven.most_common(1)[0][0]
            if proven
            else ("," if self.dialect.delimiter == ";" else ".")
        )

    @property
    def date_order(self) -> str:
        """Order of day, month and year of the file: proven somewhere, else day first."""
        proven = Counter(
            column.order for column in self.columns if column.order and column.status == "clear"
        )
        return proven.most_common(1)[0][0] if proven else "dmy"

    @property
    def problems(self) -> list[ColumnReading]:
        """Columns with two conventions at once, which must not be guessed."""
        return [column for column in self.columns if column.status == "mixed"]


def detect(path: Path, *, dialect: Dialect | None = None) -> Detection:
    """Read the whole file once and report how it is written."""
    evidence: list[Evidence] = []
    chosen = dialect or sniff(path, evidence)
    headers = header_of(path, chosen)
    count = _Counting(headers)
    for chunk in read_chunks(path, chosen, len(headers)):
        count.add(chunk)
    columns = [count.reading(index, name) for index, name in enumerate(headers)]
    found = Detection(chosen, headers, columns, evidence, count.rows, count.ragged)
    _assume(found)
    evidence += [*count.evidence(), *_headers_below(path, found)]
    return found


class _Counting:
    """Different values of every column, rows and rows of another width."""

    def __init__(self, headers: list[str]) -> None:
        self.rows = self.ragged = 0
        self._headers = set(headers)
        self._again: list[int] = []
        self._seen: list[Counter[str]] = [Counter() for _ in headers]
        self._empty = [0] * len(headers)
        self._widths: Counter[int] = Counter()
        self._first: dict[int, int] = {}

    def add(self, chunk: Chunk) -> None:
        self.rows += chunk.rows
        self.ragged += len(chunk.ragged)
        for row in chunk.ragged:
            self._widths[row.found] += 1
            if 2 * len(self._headers.intersection(row.values)) >= min(
                row.found, len(self._headers)
            ):
                self._again.append(row.index)
            self._first.setdefault(row.found, row.index)
        for index, column in enumerate(chunk.columns):
            self._empty[index] += column.count("")
            if len(self._seen[index]) < MOST_DISTINCT:
                self._seen[index].update(column)

    def reading(self, index: int, name: str) -> ColumnReading:
        counts: Counter[str] = Counter()
        blank = self._empty[index]
        for value, count in self._seen[index].items():
            stripped = value.strip()
            if stripped:
                counts[stripped] += count
            elif value:
                blank += count
        return read_column(name, counts, blank)

    def evidence(self) -> list[Evidence]:
        """Cells with characters that could not be read, and a second table of another width."""
        damaged = [value for seen in self._seen for value in seen if "\ufffd" in value]
        times = sum(seen[value] for seen in self._seen for value in seen if "\ufffd" in value)
        found = [Evidence("undecodable", times, damaged[0][:100])] if damaged else []
        if self._again:
            found.append(Evidence("header_again", len(self._again), str(self._again[0])))
        for width, count in self._widths.items():
            if count >= SECOND_TABLE_ROWS and width > 1:
                found.append(Evidence("second_table", count, str(self._first[width])))
        return found


def _assume(found: Detection) -> None:
    """Where nothing proves a convention, that of the file's other columns is taken, and said."""
    for column in found.columns:
        if column.status != "ambiguous":
            continue
        if column.type == "date":
            column.order = found.date_order
            column.evidence.append(Evidence("order_assumed", column.distinct, column.order))
        else:
            column.decimal = found.decimal
            column.evidence.append(Evidence("decimal_assumed", column.distinct, column.decimal))


def _headers_below(path: Path, found: Detection) -> list[Evidence]:
    """A second table of the same width: words in columns of numbers.

    The row is looked for only when two columns have such strangers, or a column holds its own name.
    """
    odd = {
        place: set(column.strangers)
        for place, column in enumerate(found.columns)
        if column.strangers
    }
    if len(odd) < 2:
        return []
    rows = []
    for chunk in read_chunks(path, found.dialect, len(found.headers)):
        hits: Counter[int] = Counter()
        for place, strangers in odd.items():
            hits.update(
                at for at, value in enumerate(chunk.columns[place]) if value.strip() in strangers
            )
        rows += [chunk.numbers[at] for at, times in sorted(hits.items()) if times >= 2]
    return [Evidence("header_again", len(rows), str(rows[0]))] if rows else []


def read_column(name: str, counts: Mapping[str, int], empty: int) -> ColumnReading:
    """Type and conventions of one column, from its different values."""
    reading = ColumnReading(
        name, "empty", len(counts), empty, examples=[value[:100] for value in islice(counts, 3)]
    )
    if not counts:
        return reading
    if len(counts) <= len(BOOLEANS) and {value.lower() for value in counts} <= BOOLEANS:
        reading.type = "boolean"
        return reading
    usual = [value for value in islice(counts, PROBE) if _is_date(value) or _is_number(value)]
    if len(usual) <= 0.5 * min(PROBE, len(counts)):
        reading.type = "text"
        return reading
    dates = [value for value in counts if _is_date(value)]
    numbers = [value for value in counts if _is_number(value)] if len(dates) < len(counts) else []
    kind, values = ("date", dates) if len(dates) >= len(numbers) else ("number", numbers)
    if len(values) < len(counts):
        reading.type = "text"
        if len(values) <= 0.8 * len(counts):
            return reading
        fit = set(values)
        reading.strangers = list(
            islice((value for value in counts if value not in fit), MOST_STRANGERS)
        )
    if kind == "date":
        _read_dates(reading, values)
    else:
        _read_numbers(reading, values)
    return reading


def decimal_mark(values: Iterable[str]) -> str:
    """Decimal mark of one column on its own; the point where nothing proves one, '' where both are."""
    votes = {decimal_vote(value) for value in values}
    if {",", "."} <= votes:
        return ""
    return "," if "," in votes else "."


def _is_number(value: str) -> bool:
    return len(value) <= LONGEST_NUMBER and NUMBER.match(value) is not None


def _is_date(value: str) -> bool:
    if len(value) > LONGEST_NUMBER or not any(map(str.isdigit, value)):
        return False
    found = SEPARATED.match(value)
    if found:
        first, second, third = (int(part) for part in found.groups())
        year_first, year_last = len(found.group(1)) == 4, len(found.group(3)) in (2, 4)
        return (year_first and 1 <= second <= 12 and third <= 31) or (
            not year_first
            and year_last
            and 1 <= first <= 31
            and 1 <= second <= 31
            and min(first, second) <= 12
        )
    named = NAMED.match(value)
    if named:
        return (named.group(2) or named.group(4)).lower() in MONTHS
    return bool(COMPACT.match(value)) and 1 <= int(value[4:6]) <= 12 and 1 <= int(value[6:]) <= 31


def _read_dates(reading: ColumnReading, values: list[str]) -> None:
    reading.type = "date"
    votes: dict[str, list[str]] = {"ymd": [], "dmy": [], "mdy": [], "either": []}
    for value in values:
        votes[_date_vote(value)].append(value)
    proven = [order for order in ("ymd", "dmy", "mdy") if votes[order]]
    reading.evidence = [
        Evidence(f"dates_{order}", len(votes[order]), votes[order][0])
        for order in (*proven, *(["either"] if votes["either"] else []))
    ]
    if "dmy" in proven and "mdy" in proven:
        reading.status = "mixed"
        return
    separated = [order for order in proven if order != "ymd"]
    if separated:
        reading.order = separated[0]
    elif votes["either"]:
        reading.order, reading.status = "dmy", "ambiguous"
    else:
        reading.order = "ymd"


def _is_serial(value: str) -> bool:
    """A workbook's day number from 1954 to 2064, with or without a time."""
    found = SERIAL.match(value)
    return found is not None and 20_000 <= int(found.group(1)) <= 60_000


def _date_vote(value: str) -> str:
    found = SEPARATED.match(value)
    if found is None:
        named = NAMED.match(value)
        return "ymd" if named is None else "dmy" if named.group(2) else "ymd"
    if len(found.group(1)) == 4:
        return "ymd"
    first, second = int(found.group(1)), int(found.group(2))
    return "dmy" if first > 12 else "mdy" if second > 12 else "either"


def _read_numbers(reading: ColumnReading, values: list[str]) -> None:
    if DATE_NAME.search(reading.name) and all(_is_serial(value) for value in values):
        reading.type, reading.order = "date", "ymd"
        reading.evidence = [Evidence("dates_serial", len(values), values[0])]
        return
    votes: dict[str, list[str]] = {",": [], ".": [], "either": [], "none": []}
    for value in values:
        votes[decimal_vote(value)].append(value)
    reading.type = "number" if votes[","] or votes["."] or votes["either"] else "integer"
    names = {",": "decimal_comma", ".": "decimal_point", "either": "decimal_either"}
    reading.evidence = [
        Evidence(names[mark], len(votes[mark]), votes[mark][0]) for mark in names if votes[mark]
    ]
    if votes[","] and votes["."]:
        reading.status = "mixed"
    elif votes[","] or votes["."]:
        reading.decimal = "," if votes[","] else "."
    elif votes["either"]:
        reading.status, reading.decimal = "ambiguous", "."


def decimal_vote(value: str) -> str:
    """Which decimal mark a number proves: ',' or '.', 'either' (1.234), or 'none' (no mark)."""
    digits = re.sub(r"[^\d.,]", "", value).strip()
    if value.rstrip().endswith(",-"):
        return ","
    commas, points = digits.count(","), digits.count(".")
    if commas and points:
        return "," if digits.rindex(",") > digits.rindex(".") else "."
    if not commas and not points:
        return "none"
    mark, other, times = (",", ".", commas) if commas else (".", ",", points)
    if times > 1:
        return other
    before, _, after = digits.partition(mark)
    if len(after) == 3 and 1 <= len(before) <= 3 and not before.startswith("0"):
        return "either"
    return mark
