"""How is this file written, and what shows it? Evidence for every reading; mixtures are reported."""

import codecs
import csv
import io
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from koers.core.imports.archive import open_binary
from koers.core.imports.reading import Dialect, header_of, read_chunks

SAMPLE_BYTES = 1 << 18
SAMPLE_LINES = 400
DELIMITERS = ";,\t|"
MOST_DISTINCT = 50_000
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


@dataclass(frozen=True, slots=True)
class Evidence:
    """One fact that supports a reading: a code, its numbers and an example."""

    code: str
    count: int = 0
    example: str = ""


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
    seen: list[dict[str, int]] = [{} for _ in headers]
    empty = [0] * len(headers)
    rows = ragged = 0
    for chunk in read_chunks(path, chosen, len(headers)):
        rows += chunk.rows
        ragged += len(chunk.ragged)
        for index, column in enumerate(chunk.columns):
            if len(seen[index]) < MOST_DISTINCT:
                for value in column:
                    seen[index][value] = seen[index].get(value, 0) + 1
    columns = []
    for index, name in enumerate(headers):
        counts = {value.strip(): count for value, count in seen[index].items() if value.strip()}
        empty[index] = sum(count for value, count in seen[index].items() if not value.strip())
        columns.append(read_column(name, counts, empty[index]))
    return Detection(chosen, headers, columns, evidence, rows, ragged)


def sniff(path: Path, evidence: list[Evidence]) -> Dialect:
    """Encoding, separator, quote and lines above the header, from the first 256 kB."""
    with open_binary(path) as stream:
        raw = stream.read(SAMPLE_BYTES)
    encoding = _encoding(raw, evidence)
    text = raw.decode(encoding, errors="replace")
    if len(raw) == SAMPLE_BYTES and "\n" in text:
        text = text[: text.rindex("\n") + 1]
    declared = re.match(r'^"?sep=(.)"?\r?\n', text, re.IGNORECASE)
    if declared:
        evidence.append(Evidence("separator_declared", 1, declared.group(1)))
        return Dialect(encoding, declared.group(1), '"', 1)
    escape = "\\" if re.search(r'\\"', text) and '""' not in text else ""
    delimiter, quote, skip = _shape(text, evidence)
    return Dialect(encoding, delimiter, quote, skip, escape)


def _encoding(raw: bytes, evidence: list[Evidence]) -> str:
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if raw.startswith(mark):
            evidence.append(Evidence("byte_order_mark", 1, name))
            return name
    if raw[:400:2].count(0) > 50 or raw[1:400:2].count(0) > 50:
        name = "utf-16-le" if raw[1:400:2].count(0) > raw[:400:2].count(0) else "utf-16-be"
        evidence.append(Evidence("zero_bytes", raw[:400].count(0), name))
        return name
    try:
        codecs.getincrementaldecoder("utf-8")("strict").decode(raw, final=len(raw) < SAMPLE_BYTES)
    except UnicodeDecodeError as error:
        evidence.append(Evidence("not_utf8", error.start, "cp1252"))
        return _single_byte(raw)
    high = sum(byte > 127 for byte in raw)
    evidence.append(Evidence("valid_utf8", high, "utf-8"))
    return "utf-8"


def _single_byte(raw: bytes) -> str:
    """cp1252 unless the accents make more sense in the old DOS or Mac alphabets."""
    letters = "éëèïöüáóíñçäßàâêîôûÉËÖÜ€"

    def score(name: str) -> int:
        text = raw.decode(name, errors="replace")
        return sum(text.count(letter) for letter in letters) - 2 * text.count("\ufffd")

    return max(("cp1252", "cp850", "mac_roman"), key=lambda name: (score(name), name == "cp1252"))


def _shape(text: str, evidence: list[Evidence]) -> tuple[str, str, int]:
    """Separator, quote and rows above the header: the reading under which most rows agree in width."""
    quotes = ['"', "'"] if re.search(r"(?:^|[;,\t|])'[^'\r\n]*'(?:[;,\t|\r\n]|$)", text) else ['"']
    best = (0.0, ",", '"', 0, 1)
    for delimiter in (*DELIMITERS, " "):
        for quote in quotes:
            rows = _sample_rows(text, delimiter, quote)
            widths = [len(row) for row in rows if row]
            common, count = Counter(widths).most_common(1)[0] if widths else (1, 0)
            if common < 2:
                continue
            score = count / len(widths) * (1 + min(common, 50) / 100) - (
                0.3 if delimiter == " " else 0.0
            )
            score += 0.01 * (sum(row[0][:1] == quote for row in rows if row and row[0]) == 0)
            if score > best[0]:
                best = (score, delimiter, quote, _rows_above(rows, common), common)
    if best[0]:
        evidence.append(Evidence("rows_agree", best[4], best[1]))
    return best[1], best[2], best[3]


def _sample_rows(text: str, delimiter: str, quote: str) -> list[list[str]]:
    reader = csv.reader(
        io.StringIO(text), delimiter=delimiter, quotechar=quote, skipinitialspace=delimiter != " "
    )
    try:
        return [row for row, _ in zip(reader, range(SAMPLE_LINES), strict=False)]
    except csv.Error:
        return []


def _rows_above(rows: list[list[str]], common: int) -> int:
    """Titles and remarks above the header: rows of another width, or with hardly a cell filled."""
    for index, row in enumerate(rows):
        filled = sum(bool(cell.strip()) for cell in row)
        if len(row) == common and filled > max(1, common // 3):
            return index
    return 0


def read_column(name: str, counts: dict[str, int], empty: int) -> ColumnReading:
    """Type and conventions of one column, from its different values."""
    reading = ColumnReading(name, "empty", len(counts), empty, examples=list(counts)[:3])
    if not counts:
        return reading
    if {value.lower() for value in counts} <= BOOLEANS:
        reading.type = "boolean"
    elif all(_is_date(value) for value in counts):
        _read_dates(reading, counts)
    elif all(NUMBER.match(value) for value in counts):
        _read_numbers(reading, counts)
    else:
        reading.type = "text"
        _mostly(reading, counts)
    return reading


def _mostly(reading: ColumnReading, counts: dict[str, int]) -> None:
    """A column of dates or numbers with a few strangers keeps its conventions, so they can be refused."""
    dates = {value: count for value, count in counts.items() if _is_date(value)}
    numbers = {value: count for value, count in counts.items() if NUMBER.match(value)}
    if len(dates) > 0.8 * len(counts):
        _read_dates(reading, dates)
    elif len(numbers) > 0.8 * len(counts):
        _read_numbers(reading, numbers)


def _is_date(value: str) -> bool:
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


def _read_dates(reading: ColumnReading, counts: dict[str, int]) -> None:
    reading.type = "date"
    votes: dict[str, list[str]] = {"ymd": [], "dmy": [], "mdy": [], "either": []}
    for value in counts:
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


def _date_vote(value: str) -> str:
    found = SEPARATED.match(value)
    if found is None:
        named = NAMED.match(value)
        return "ymd" if named is None else "dmy" if named.group(2) else "ymd"
    if len(found.group(1)) == 4:
        return "ymd"
    first, second = int(found.group(1)), int(found.group(2))
    return "dmy" if first > 12 else "mdy" if second > 12 else "either"


def _read_numbers(reading: ColumnReading, counts: dict[str, int]) -> None:
    votes: dict[str, list[str]] = {",": [], ".": [], "either": [], "none": []}
    for value in counts:
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
        reading.status = "ambiguous"


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
