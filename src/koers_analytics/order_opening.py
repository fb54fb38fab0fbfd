"""How is a file of orders opened: its encoding, its separator, and what is no such file at all?"""

import csv
import re
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from koers_analytics.order_cells import OrderFileError, quoted_name

SAMPLE_ROWS = 20_000
SEPARATORS = ",;\t|"
PARQUET, WORKBOOK = {".parquet", ".pq"}, b"PK\x03\x04"
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def refuse_file(path: Path) -> None:
    """``OrderFileError`` for what is missing, empty, a folder or a workbook."""
    if not path.exists():
        raise OrderFileError(f"There is no file {path}.")
    if path.is_dir():
        raise OrderFileError(f"{path.name} is a folder; name a CSV or Parquet file.")
    if path.stat().st_size == 0:
        raise OrderFileError(f"{path.name} is empty.")
    with path.open("rb") as file:
        begin = file.read(4)
    if begin in {WORKBOOK, OLD_WORKBOOK}:
        raise OrderFileError(f"{path.name} is a workbook or archive; save its sheet as CSV first.")


def open_rows(connection: duckdb.DuckDBPyConnection, path: Path) -> list[str]:
    """Make a view ``raw`` of texts over the file (Parquet: of its own types) and answer its columns."""
    quoted = str(path).replace("'", "''")
    if path.suffix.lower() in PARQUET:
        _open_parquet(connection, path, quoted)
    elif (blank := _blank_separated(connection, quoted)) > 0:
        cells = ", ".join(f"part[{k + 1}] AS column{k}" for k in range(blank))
        connection.execute(
            f"""CREATE VIEW raw AS SELECT {cells} FROM (
                  SELECT regexp_split_to_array(trim(text), '\\s+') AS part FROM {_text(quoted)}
                  WHERE trim(text) <> '')"""
        )
    else:
        _open_csv(connection, path, quoted)
    return [str(row[0]) for row in connection.execute("DESCRIBE raw").fetchall()]


def _open_parquet(connection: duckdb.DuckDBPyConnection, path: Path, quoted: str) -> None:
    """Moments count in the time zone the file itself names, whatever that of the machine."""
    try:
        zones = {
            field.name: field.type.tz
            for field in pq.read_schema(path)
            if pa.types.is_timestamp(field.type) and field.type.tz
        }
        local = ", ".join(f"{quoted_name(n)} AT TIME ZONE '{z}' AS {quoted_name(n)}" for n, z in zones.items())  # fmt: skip
        cells = f"* REPLACE ({local})" if zones else "*"
        connection.execute(f"CREATE VIEW raw AS SELECT {cells} FROM read_parquet('{quoted}')")
    except (duckdb.Error, pa.ArrowInvalid) as error:
        raise OrderFileError(
            f"{path.name} is no Parquet file, or only a part of one; give a file of CSV the ending .csv."
        ) from error


def _open_csv(connection: duckdb.DuckDBPyConnection, path: Path, quoted: str) -> None:
    with path.open("rb") as file:
        wide = file.read(2) in UTF_16
    encodings = ("utf-16",) if wide else ("utf-8", "latin-1")
    for encoding in encodings:
        try:
            connection.execute(_csv_view(quoted, encoding))
            connection.execute("SELECT count(*) FROM raw").fetchall()
        except duckdb.Error as error:
            text = str(error).lower()
            if "unicode" not in text and "utf" not in text and "not latin-1" not in text:
                raise
            if encoding == encodings[-1]:
                raise OrderFileError(
                    f"{path.name} is no text: neither UTF-8 nor a Windows code page. Save it as CSV in UTF-8."
                ) from error
        else:
            return


def _csv_view(quoted: str, encoding: str) -> str:
    return (
        f"CREATE OR REPLACE VIEW raw AS SELECT * FROM read_csv('{quoted}', all_varchar = true,"
        f" encoding = '{encoding}', sample_size = {SAMPLE_ROWS})"
    )


def _text(quoted: str) -> str:
    return (
        f"read_csv('{quoted}', header = false, delim = '\\x01', quote = '', escape = '',"
        " columns = {'text': 'VARCHAR'})"
    )


def uneven_row(path: Path) -> str:
    """The first row with another number of cells than the header, in words; empty where none is found."""
    if path.suffix.lower() in {*PARQUET, ".gz"}:
        return ""
    try:
        with path.open(encoding="latin-1", newline="") as file:
            header = file.readline()
            mark = max(SEPARATORS, key=header.count)
            width = len(next(csv.reader([header], delimiter=mark)))
            rows = enumerate(csv.reader(file, delimiter=mark), start=1)
            row = next(((n, len(cells)) for n, cells in rows if cells and len(cells) != width), None)  # fmt: skip
    except (OSError, csv.Error, StopIteration):
        return ""
    if row is None:
        return ""
    return (
        f"Row {row[0]} of {path.name} (not counting the header) has {row[1]} cells where the header has"
        f" {width}: put cells that hold {mark!r} between quotes, or correct the row."
    )


def _blank_separated(connection: duckdb.DuckDBPyConnection, quoted: str) -> int:
    """How many columns a file has that parts them by blanks only; 0 when it does not."""
    try:
        rows = connection.execute(f"SELECT text FROM {_text(quoted)} LIMIT 50").fetchall()
    except duckdb.Error:
        return 0
    lines = [str(row[0]).strip() for row in rows if row[0] and str(row[0]).strip()]
    if not lines or any(mark in line for line in lines for mark in SEPARATORS):
        return 0
    widths = {len(re.split(r"\s+", line)) for line in lines}
    return widths.pop() if len(widths) == 1 and min(widths | {9}) >= 3 else 0


def samples(connection: duckdb.DuckDBPyConnection, columns: Sequence[str]) -> dict[str, list[str]]:
    """The first filled cells of each column as texts."""
    cells = ", ".join(f"{quoted_name(column)}::VARCHAR" for column in columns)
    rows = connection.execute(f"SELECT {cells} FROM raw LIMIT {SAMPLE_ROWS}").fetchall()
    return {
        column: [str(row[place]).strip() for row in rows if row[place] is not None and str(row[place]).strip()]
        for place, column in enumerate(columns)
    }  # fmt: skip
