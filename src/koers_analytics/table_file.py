"""How is a table written so that a failure leaves nothing half-written?"""

import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import csv


class TableFileError(ValueError):
    """A table cannot be written; the sentence says where and why."""


def refuse_place(path: Path) -> None:
    """``TableFileError`` for a name that tells no kind of file, or a folder that is not there."""
    if path.suffix.lower() not in {".csv", ".parquet"}:
        raise TableFileError("--out ends in .csv or .parquet.")
    if path.is_dir():
        raise TableFileError(f"--out names a file; {path} is a folder.")
    if not path.parent.is_dir():
        raise TableFileError(f"--out names a file in a folder that exists; there is no {path.parent}.")  # fmt: skip


def write_table(table: pa.Table, path: Path) -> None:
    """Write as Parquet or, by any other extension, as CSV: whole, or not at all.

    Written beside its place first, then put there; an older file of that name stays as it was until then.

    Raises
    ------
    TableFileError
        When the place cannot be written to.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        try:
            if path.suffix.lower() == ".parquet":
                pq.write_table(table, part)
            else:
                csv.write_csv(table, part, csv.WriteOptions(quoting_style="needed"))
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise TableFileError(f"{path} cannot be written: {error.strerror or error}.") from error
