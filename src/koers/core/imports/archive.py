"""Is this an acceptable file, and how is it opened without unpacking a bomb?"""

import gzip
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from koers.core.errors import RuleError

TEXT_KINDS = {".csv", ".tsv", ".txt", ".tab"}
JSON_KINDS = {".json", ".ndjson", ".jsonl"}
SHEET_KINDS = {".xlsx", ".xls", ".ods", ".xlsb", ".xlsm"}
MOST_ENTRIES = 1_000
HIGHEST_RATIO = 200
DEFAULT_LIMIT = 2 * 1024**3
SHEET_MAGIC = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


class FileRefusedError(RuleError):
    """The file cannot be used; the message says why and what to do."""


def kind_of(name: str) -> tuple[str, str]:
    """('text' | 'json' | 'sheet', packing: '' | 'gz' | 'zip') by extension, whatever its case."""
    path = Path(name.lower())
    packing = {".gz": "gz", ".zip": "zip"}.get(path.suffix, "")
    suffix = Path(path.stem).suffix if packing == "gz" else path.suffix
    for kind, suffixes in (("text", TEXT_KINDS), ("json", JSON_KINDS), ("sheet", SHEET_KINDS)):
        if suffix in suffixes:
            return kind, packing
    if packing:
        return "text", packing
    raise FileRefusedError(
        _(
            "“%(name)s” is not a file Koers reads. Use CSV, XLSX, XLS, ODS or JSON, plain or as .gz or .zip."
        )
        % {"name": name}
    )


def zip_members(path: Path, *, limit: int = DEFAULT_LIMIT) -> list[str]:
    """Data files in a zip, after its declared sizes have been checked; nothing is unpacked."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    except zipfile.BadZipFile as error:
        raise FileRefusedError(_("This zip file is damaged. Make it again and retry.")) from error
    size = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if (
        len(entries) > MOST_ENTRIES
        or size > limit
        or size > HIGHEST_RATIO * max(packed, 1) + 10_000_000
    ):
        raise FileRefusedError(
            _("This zip file unpacks to more than is allowed. Send the data file itself.")
        )
    known = TEXT_KINDS | JSON_KINDS | SHEET_KINDS
    return [entry.filename for entry in entries if Path(entry.filename.lower()).suffix in known]


@contextmanager
def open_binary(path: Path, *, member: str = "", limit: int = DEFAULT_LIMIT) -> Iterator[BinaryIO]:
    """The data as bytes, unpacked on the fly and never beyond the limit."""
    _kind, packing = kind_of(path.name)
    if packing == "gz":
        with gzip.open(path) as stream:
            yield _Limited(stream, limit)  # type: ignore[arg-type, misc]
    elif packing == "zip":
        names = zip_members(path, limit=limit)
        if not names or (not member and len(names) > 1):
            raise FileRefusedError(
                _("The zip file must hold one data file; it holds %(count)s.")
                % {"count": len(names)}
            )
        with zipfile.ZipFile(path) as archive, archive.open(member or names[0]) as entry:
            yield _Limited(entry, limit)  # type: ignore[arg-type, misc]
    else:
        with path.open("rb") as plain:
            yield plain


class _Limited(io.RawIOBase):
    """A stream that refuses to give more than was allowed, whatever the archive promised."""

    def __init__(self, stream: BinaryIO, limit: int) -> None:
        self._stream = stream
        self._left = limit

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        try:
            data = self._stream.read(len(buffer))
        except (EOFError, OSError, zipfile.BadZipFile) as error:
            raise FileRefusedError(
                _("The packed file is damaged or cut off. Make it again and retry.")
            ) from error
        self._left -= len(data)
        if self._left < 0:
            raise FileRefusedError(_("The file unpacks to more than is allowed."))
        buffer[: len(data)] = data
        return len(data)
