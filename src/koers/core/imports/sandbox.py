"""How are spreadsheets and JSON turned into plain CSV without risking the server?

In a child process with limits on memory and time: a workbook of 1.4 kB can make a parser abort
the whole process, so the parser never runs in ours.
"""

import csv
import errno
import json
import re
import resource
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

MEMORY_LIMIT = 1024**3
SECONDS = 120
LARGEST_FILE = 2 * 1024**3
DONE, REFUSED = 0, 3
MOST_COLUMNS = 2_000
DEEPEST = 6
MOST_DIGITS = 40
REASONS = {"too_wide", "no_sheet"}


SURROGATE = re.compile("[\ud800-\udfff]")


def convert(
    source: Path, kind: str, target: Path, *, sheet: str | int = 0, seconds: int = SECONDS
) -> str:
    """Write one sheet (or the JSON records) as UTF-8 CSV; returns '' or why it was refused.

    ``sheet`` is a name, or a place counted from 0; ``kind`` 'names' writes the names of the sheets.
    """
    which = f"#{sheet}" if isinstance(sheet, int) else f"={sheet}"
    module = [sys.executable, "-m", "koers.core.imports.sandbox"]
    try:
        child = subprocess.run(  # noqa: S603 -- our own command line
            [*module, kind, str(source), str(target), which],
            capture_output=True,
            timeout=seconds,
            check=False,
            text=True,
        )
    except subprocess.TimeoutExpired:
        return "time"
    if child.returncode == DONE:
        return ""
    if child.returncode == REFUSED:
        return child.stdout.strip() or "unreadable"
    return "crash"


def _limit() -> None:
    for kind, most in (
        (resource.RLIMIT_AS, MEMORY_LIMIT),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, LARGEST_FILE),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        if hard != resource.RLIM_INFINITY:
            most = min(most, hard)  # noqa: PLW2901 -- a limit may be lowered only
        resource.setrlimit(kind, (most, most))


def _sheet_rows(source: str, which: str) -> Iterator[list[str]]:
    import python_calamine

    book = python_calamine.CalamineWorkbook.from_path(source)
    names = book.sheet_names
    wanted = which[1:] if which.startswith("=") else "".join(names[int(which[1:]) :][:1])
    if wanted not in names:
        raise ValueError("no_sheet")
    sheet = book.get_sheet_by_name(wanted)
    if sheet.width > MOST_COLUMNS:
        raise ValueError("too_wide")
    for row in sheet.iter_rows():
        yield [_cell(value) for value in row]


def _sheet_names(source: str) -> Iterator[list[str]]:
    import python_calamine

    for name in python_calamine.CalamineWorkbook.from_path(source).sheet_names:
        yield [name]


def _json_rows(source: str) -> Iterator[list[str]]:
    raw = Path(source).read_bytes()
    text = raw.decode(json.detect_encoding(raw), errors="replace").removeprefix("\ufeff")
    try:
        data = _load(text)
    except json.JSONDecodeError:
        data = [_load(line) for line in text.splitlines() if line.strip()]
    if isinstance(data, Mapping):
        lists = [value for value in data.values() if isinstance(value, list)]
        data = lists[0] if len(lists) == 1 else data.get("records", data.get("results", [data]))
    records = [_flat(item) for item in data if isinstance(item, Mapping)]
    headers = list(dict.fromkeys(name for record in records for name in record))
    yield headers
    for record in records:
        yield [record.get(name, "") for name in headers]


def _load(text: str) -> Any:
    return json.loads(
        text, parse_float=plain_number, parse_int=str, parse_constant=lambda _name: ""
    )


def plain_number(text: str) -> str:
    """A decimal number without exponent; never exactly three decimals.

    '1.125' could be read as 1125 where the point separates thousands, so it is written '1.1250'.
    """
    number = Decimal(text)
    if abs(number.adjusted()) > MOST_DIGITS:
        return text
    plain = format(number, "f")
    whole, point, fraction = plain.partition(".")
    fraction = fraction.rstrip("0")
    return whole + (point + fraction + "0" * (len(fraction) == 3) if fraction else "")


def sheet_number(value: float) -> str:
    """A workbook's number as people meant it: 0.30000000000000004 is 0.3.

    12 significant digits keep all four decimals Koers stores below a hundred million; above it
    15, which is all a workbook's numbers hold.
    """
    if value != value or value in (float("inf"), float("-inf")):
        return ""
    return plain_number(f"{value:.12g}" if abs(value) < 1e8 else f"{value:.15g}")


def _flat(item: Mapping[str, Any], prefix: str = "", depth: int = 0) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in item.items():
        if isinstance(value, Mapping) and depth < DEEPEST:
            found.update(_flat(value, f"{prefix}{name}.", depth + 1))
        else:
            found[f"{prefix}{name}"] = _cell(value)
    return found


def _cell(value: Any) -> str:  # noqa: PLR0911 -- one line per kind of cell
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return sheet_number(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value.total_seconds())
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False)
    return SURROGATE.sub("\ufffd", str(value))


def main() -> int:
    """Child process: kind, source, target, sheet; the limits come before any parser."""
    _limit()
    kind, source, target, which = sys.argv[1:5]
    try:
        rows = {
            "sheet": lambda: _sheet_rows(source, which),
            "names": lambda: _sheet_names(source),
            "json": lambda: _json_rows(source),
        }[kind]()
        with Path(target).open("w", encoding="utf-8", newline="", errors="replace") as file:
            csv.writer(file).writerows(rows)
    except MemoryError:
        sys.stdout.write("memory")
        return REFUSED
    except OSError as error:
        sys.stdout.write("too_large" if error.errno == errno.EFBIG else "unreadable")
        return REFUSED
    except Exception as error:  # noqa: BLE001 -- any parser error is a refused file
        sys.stdout.write(str(error) if str(error) in REASONS else "unreadable")
        return REFUSED
    return DONE


if __name__ == "__main__":
    sys.exit(main())
