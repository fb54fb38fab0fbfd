"""In which characters, with which separator and quote is a text file written?"""

import codecs
import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from koers.core.imports.archive import SHEET_MAGIC, FileRefusedError, open_binary
from koers.core.imports.reading import Dialect

SAMPLE_BYTES = 1 << 18
SAMPLE_LINES = 400
BLOCK = 1 << 20
DELIMITERS = ";,\t|"
HIGH_BYTES = bytes(range(128, 256))
DOUBLED_QUOTE = re.compile(r'[^\\;,\t|\r\n"]""[^;,\t|\r\n"]')
SINGLE_QUOTED = re.compile(r"(?:^|[;,\t|])'[^'\r\n]*'(?:[;,\t|\r\n]|$)")
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
    delimiter, quote, skip, rows = _shape(text, escape, evidence)
    header = _has_header(rows)
    if not header:
        evidence.append(Evidence("no_header", 1, rows[0][0]))
    if skip:
        evidence.append(Evidence("lines_above_header", skip))
    return Dialect(encoding, delimiter, quote, skip, escape, header)


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


def _shape(
    text: str, escape: str, evidence: list[Evidence]
) -> tuple[str, str, int, list[list[str]]]:
    """Separator, quote, lines above the header and the rows from the header on.

    The reading under which most rows agree in width wins; a space must win clearly.
    """
    quotes = ['"', "'"] if SINGLE_QUOTED.search(text) else ['"']
    best: tuple[float, str, str, int] = (0.0, ",", '"', 1)
    for delimiter in (*DELIMITERS, " "):
        for quote in quotes:
            rows = _sample_rows(text, delimiter, quote, escape)[0]
            score, common = _agreement(rows, delimiter, quote)
            if score > best[0]:
                best = (score, delimiter, quote, common)
    _score, delimiter, quote, common = best
    rows, lines = _sample_rows(text, delimiter, quote, escape)
    above = _rows_above(rows, common) if best[0] else 0
    if best[0]:
        evidence.append(Evidence("rows_agree", common, delimiter))
    kept = [row for row in rows[above:] if any(cell.strip() for cell in row)]
    return delimiter, quote, lines[above - 1] if above else 0, kept


def _agreement(rows: list[list[str]], delimiter: str, quote: str) -> tuple[float, int]:
    widths = [len(row) for row in rows if row]
    if not widths:
        return 0.0, 1
    common, count = Counter(widths).most_common(1)[0]
    if common < 2:
        return 0.0, 1
    score = count / len(widths) * (1 + min(common, 50) / 100) - (0.3 if delimiter == " " else 0.0)
    return score + 0.01 * (not any(row[0][:1] == quote for row in rows if row)), common


def _sample_rows(
    text: str, delimiter: str, quote: str, escape: str
) -> tuple[list[list[str]], list[int]]:
    """The first rows, and the number of the line each ends on."""
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=delimiter,
        quotechar=quote,
        doublequote=not escape,
        escapechar=escape or None,
        skipinitialspace=delimiter != " ",
    )
    rows, lines = [], []
    try:
        for row in islice(reader, SAMPLE_LINES):
            rows.append(row)
            lines.append(reader.line_num)
    except csv.Error:
        pass
    return rows, lines


def _rows_above(rows: list[list[str]], common: int) -> int:
    """Titles and remarks above the header: rows of another width, or with hardly a cell filled."""
    for index, row in enumerate(rows):
        filled = sum(bool(cell.strip()) for cell in row)
        if len(row) == common and filled > max(1, common // 3):
            return index
    return 0


def _has_header(rows: list[list[str]]) -> bool:
    """A first row with a date, amount or e-mail address in two places is data, not a header.

    Whole numbers prove nothing: years may head columns.
    """
    return not rows or sum(bool(DATA_CELL.match(cell.strip())) for cell in rows[0]) < 2
