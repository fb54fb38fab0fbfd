"""How are spreadsheets and JSON turned into plain CSV without risking the server?

In a child process with limits on memory and time: a workbook of 1.4 kB can make a parser abort
the whole process, so the parser never runs in ours.
"""

import csv
import json
import resource
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

MEMORY_LIMIT = 1024**3
SECONDS = 120
DONE, REFUSED = 0, 3
MOST_COLUMNS = 2_000
DEEPEST = 6


def convert(source: Path, kind: str, target: Path, *, seconds: int = SECONDS) -> str:
    """Write the first sheet (or the JSON records) as UTF-8 CSV; returns '' or why it was refused."""
    command = [sys.executable, "-m", "koers.core.imports.sandbox", kind, str(source), str(target)]
    try:
        child = subprocess.run(  # noqa: S603 -- our own command line
            command,
            capture_output=True,
            timeout=seconds,
            check=False,
            text=True,
            preexec_fn=_limit,  # noqa: PLW1509 -- sets limits only
        )
    except subprocess.TimeoutExpired:
        return "time"
    if child.returncode == DONE:
        return ""
    if child.returncode == REFUSED:
        return child.stdout.strip() or "unreadable"
    return "crash"


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _sheet_rows(source: str) -> Iterator[list[str]]:
    import python_calamine

    book = python_calamine.CalamineWorkbook.from_path(source)
    sheet = book.get_sheet_by_index(0)
    if sheet.width > MOST_COLUMNS:
        raise ValueError("too_wide")
    for row in sheet.iter_rows():
        yield [_cell(value) for value in row]


def _json_rows(source: str) -> Iterator[list[str]]:
    with Path(source).open(encoding="utf-8-sig") as file:
        text = file.read()
    try:
        data = json.loads(text)
    except json.JSONDecodeError:
        data = [json.loads(line) for line in text.splitlines() if line.strip()]
    if isinstance(data, Mapping):
        lists = [value for value in data.values() if isinstance(value, list)]
        data = lists[0] if len(lists) == 1 else data.get("records", data.get("results", [data]))
    records = [_flat(item) for item in data if isinstance(item, Mapping)]
    headers = list(dict.fromkeys(name for record in records for name in record))
    yield headers
    for record in records:
        yield [record.get(name, "") for name in headers]


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
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value.total_seconds())
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def main() -> int:
    """Child process: kind, source, target."""
    kind, source, target = sys.argv[1:4]
    rows = _sheet_rows(source) if kind == "sheet" else _json_rows(source)
    try:
        with Path(target).open("w", encoding="utf-8", newline="", errors="surrogatepass") as file:
            csv.writer(file).writerows(rows)
    except MemoryError:
        sys.stdout.write("memory")
        return REFUSED
    except Exception as error:  # noqa: BLE001 -- any parser error is a refused file
        sys.stdout.write("too_wide" if str(error) == "too_wide" else "unreadable")
        return REFUSED
    return DONE


if __name__ == "__main__":
    sys.exit(main())
