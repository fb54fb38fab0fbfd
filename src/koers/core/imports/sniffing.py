"""In which characters, with which separator and quote is a text file written?"""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from koers.core.imports.archive import SHEET_MAGIC, FileRefusedError, open_binary
from koers.core.imports.reading import Dialect, csv_rows

SAMPLE_BYTES = 1 << 18
SAMPLE_LINES = 400
BLOCK = 1 << 20
MOST_HEADER_ROWS = 3
LEAST_ROWS_BELOW = 5
FIGURE = re.compile(r"^[-+(]?[€$£]?\s?\d[\d\s.,:/\-TZ%€)]*$")
DELIMITERS = ";,\t|"
HIGH_BYTES = bytes(range(128, 256))
DOUBLED_QUOTE = re.compile(r'[^\\;,\t|\r\n"]""[^;,\t|\r\n"]')
SINGLE_QUOTED = re.compile(r"(?:^|[;,\t|])'[^'\r\n]*'(?:[;,\t|\r\n]|$)")
EMPTY_QUOTED = re.compile(r"""(?<![^;,\t|\r\n])(?:""|'')(?![^;,\t|\r\n])|["']["'](?=[;,\t|\r\n])""")
DATA_CELL = re.compile(
    r"^(?:\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[ T]\d.*)?|[-+]?[€$£]?\s?\d{1,12}[.,]\d{1,2}|\d{1,2}:\d\d(?::\d\d)?"
    r"|[^@\s]{1,64}@[^@\s]{1,255}\.[^@\s.]{2,20})$"
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One fact that supports a reading: a code, its numbers and an example."""

    code: str
    count: int = 0
    example: str = ""


def sniff(path: Path, evidence: list[Evidence]) -> Dialect:
    """Separator, quote and lines above the header from the first 256 kB; characters from all of it."""
    with open_binary(path) as stream:
        raw = stream.read(SAMPLE_BYTES)
        encoding = _encoding(raw, stream, evidence)
    text = raw.decode(encoding, errors="replace")
    if len(raw) == SAMPLE_BYTES and "\n" in text:
        text = text[: text.rindex("\n") + 1]
    declared = re.match(r'^"?sep=(.)"?\r?\n', text, re.IGNORECASE)
    if declared:
        evidence.append(Evidence("separator_declared", 1, declared.group(1)))
        return Dialect(encoding, declared.group(1), '"', 1)
    escape = "\\" if '\\"' in text and not DOUBLED_QUOTE.search(text) else ""
    best, rows, skip = _shape(text, escape)
    header_rows = _header_rows(rows)
    if len(rows) > 1 or (rows and len(rows[0]) > 1):
        evidence.append(Evidence("rows_agree", len(rows[0]), best.delimiter))
    for code, count in (
        ("lines_above_header", skip),
        ("header_rows", header_rows if header_rows > 1 else 0),
        ("no_header", int(not header_rows)),
        ("loose_quotes", int(best.loose_quotes)),
    ):
        if count:
            evidence.append(Evidence(code, count, rows[0][0][:100] if rows else ""))
    return replace(best, encoding=encoding, skip=skip, header_rows=header_rows)


def _refuse_binary(raw: bytes) -> None:
    if not raw:
        raise FileRefusedError(_("The file is empty."))
    if raw.startswith(SHEET_MAGIC):
        raise FileRefusedError(
            _(
                "This file is a workbook or zip file by its content. Give it its own extension, such as .xlsx."
            )
        )
    controls = sum(byte < 32 and byte not in b"\t\n\r\f" for byte in raw[:4096])
    if controls > len(raw[:4096]) // 20 + 1:
        raise FileRefusedError(_("This file holds no text. Choose a CSV file or a workbook."))


def _encoding(raw: bytes, rest: BinaryIO, evidence: list[Evidence]) -> str:
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if raw.startswith(mark):
            evidence.append(Evidence("byte_order_mark", 1, name))
            return name
    odd, even = raw[1:400:2].count(0), raw[:400:2].count(0)
    if max(odd, even) > max(3, 0.3 * len(raw[:400]) / 2) and min(odd, even) < max(odd, even) / 10:
        name = "utf-16-le" if odd > even else "utf-16-be"
        evidence.append(Evidence("zero_bytes", odd + even, name))
        return name
    _refuse_binary(raw)
    high = len(raw) - len(raw.translate(None, HIGH_BYTES))
    wrong = _first_not_utf8(raw, rest)
    if wrong is None or (high and wrong[0] >= SAMPLE_BYTES):
        evidence.append(Evidence("valid_utf8" if wrong is None else "mostly_utf8", high, "utf-8"))
        return "utf-8"
    name = _single_byte(wrong[1])
    evidence.append(Evidence("not_utf8", wrong[0], name))
    return name


def _first_not_utf8(raw: bytes, rest: BinaryIO) -> tuple[int, bytes] | None:
    """Where the bytes stop being UTF-8, with the block that shows it; None when they never do."""
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    place, block = 0, raw
    try:
        while block:
            decoder.decode(block)
            place += len(block)
            block = rest.read(BLOCK)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        return place + error.start, block or raw
    return None


def _single_byte(raw: bytes) -> str:
    """cp1252 unless the accents make more sense in the old DOS or Mac alphabets."""
    letters = "éëèïöüáóíñçäßàâêîôûÉËÖÜ€"

    def score(name: str) -> int:
        text = raw.decode(name, errors="replace")
        return sum(text.count(letter) for letter in letters) - 2 * text.count("\ufffd")

    return max(("cp1252", "cp850", "mac_roman"), key=lambda name: (score(name), name == "cp1252"))


def _shape(text: str, escape: str) -> tuple[Dialect, list[list[str]], int]:
    """Separator and quote, the rows from the header on, and how many lines stand above it.

    The reading under which most rows agree in width wins; a space must win clearly, and loose
    quotes are tried only when some rows disagree.
    """
    quotes = ['"', "'"] if SINGLE_QUOTED.search(text) else ['"']
    readings = [
        Dialect(delimiter=delimiter, quote=quote, escape=escape)
        for delimiter in (*DELIMITERS, " ")
        for quote in quotes
    ]
    scores = [(*_agreement(_sample_rows(text, one)[0], one), one) for one in readings]
    score, common, agreed, best = max(scores, key=lambda found: found[0])
    if not score:
        best = Dialect()
    elif agreed < 1 and not escape and best.quote * 2 not in EMPTY_QUOTED.sub("", text):
        loose = replace(best, loose_quotes=True)
        if _agreement(_sample_rows(text, loose)[0], loose)[2] > agreed:
            best = loose
    rows, lines = _sample_rows(text, best)
    above = _rows_above(rows, common) if score else 0
    kept = [row for row in rows[above:] if any(cell.strip() for cell in row)]
    return best, kept, lines[above - 1] if above else 0


def _agreement(rows: list[list[str]], dialect: Dialect) -> tuple[float, int, float]:
    """(score, usual width, share of rows of that width)."""
    widths = [len(row) for row in rows if row]
    if not widths:
        return 0.0, 1, 0.0
    common, count = Counter(widths).most_common(1)[0]
    if common < 2:
        return 0.0, 1, 0.0
    agreed = count / len(widths)
    score = agreed * (1 + min(common, 50) / 100) - (0.3 if dialect.delimiter == " " else 0.0)
    quoted = any(row[0][:1] == dialect.quote for row in rows if row)
    return score + 0.01 * (not quoted), common, agreed


def _sample_rows(text: str, dialect: Dialect) -> tuple[list[list[str]], list[int]]:
    """The first rows, and the number of the line each ends on."""
    lines = _Lines(text)
    rows: list[list[str]] = []
    ends: list[int] = []
    try:
        for row in islice(csv_rows(lines, dialect), SAMPLE_LINES):
            rows.append(row)
            ends.append(lines.taken)
    except csv.Error:
        pass
    return rows, ends


class _Lines:
    """Lines of a text that count how many were taken."""

    def __init__(self, text: str) -> None:
        self._lines = io.StringIO(text, newline="")
        self.taken = 0

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self.taken += 1
            yield line


def _rows_above(rows: list[list[str]], common: int) -> int:
    """Titles and remarks above the header: rows of another width, or with hardly a cell filled.

    A header may be narrower than its rows when these end in a separator too many.
    """
    needed = max((_filled_width(row) for row in rows if len(row) == common), default=common)
    for index, row in enumerate(rows):
        filled = sum(bool(cell.strip()) for cell in row)
        if needed <= len(row) <= common and filled > max(1, common // 3):
            return index
    return 0


def _filled_width(row: list[str]) -> int:
    return max((place for place, cell in enumerate(row, start=1) if cell.strip()), default=0)


def _header_rows(rows: list[list[str]]) -> int:
    """How many rows the header has: 0 to 3.

    None when the first row holds a date, amount or e-mail address in two places; whole numbers
    prove nothing, for years may head columns. A further row belongs to the header when it has
    words in two columns that hold nothing but numbers and dates below.
    """
    if rows and sum(bool(DATA_CELL.match(cell.strip())) for cell in rows[0]) >= 2:
        return 0
    header = 1
    while header < MOST_HEADER_ROWS and len(rows) >= header + LEAST_ROWS_BELOW:
        row, below = rows[header], rows[MOST_HEADER_ROWS:]
        if any(FIGURE.match(cell.strip()) for cell in row):
            break
        if sum(_words_above_figures(place, row, below) for place in range(len(row))) < 2:
            break
        header += 1
    return header


def _words_above_figures(place: int, row: list[str], below: list[list[str]]) -> bool:
    cells = [other[place].strip() for other in below if place < len(other)]
    filled = [cell for cell in cells if cell]
    word = row[place].strip()
    return (
        len(filled) >= 2
        and bool(word)
        and not any(map(str.isdigit, word))
        and all(FIGURE.match(cell) for cell in filled)
    )
