"""Is this an acceptable file, and how is it opened without unpacking a bomb?"""

import gzip
import io
import zipfile
import zlib
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
WORKBOOK_LIMIT = 512 * 1024**2
SAMPLE = 4_096
OLE_DIRECTORY = 1 << 20
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


def content_of(path: Path, *, member: str = "", limit: int = DEFAULT_LIMIT) -> tuple[str, str, str]:
    """(kind, packing, member): a zip has the kind of the one data file in it, not that of its name."""
    kind, packing = kind_of(path.name)
    if packing != "zip":
        return kind, packing, ""
    name = one_member(path, member=member, limit=limit)
    return kind_of(name)[0], packing, name


def one_member(path: Path, *, member: str = "", limit: int = DEFAULT_LIMIT) -> str:
    """The data file meant in a zip: the one asked for, else the only one."""
    names = zip_members(path, limit=limit)
    if member in names:
        return member
    if member or len(names) != 1:
        raise FileRefusedError(
            _("The zip file must hold one data file; it holds %(count)s.") % {"count": len(names)}
        )
    return names[0]


def check_workbook(path: Path) -> None:
    """Refuse what only calls itself a workbook, unpacks too far or carries a document type.

    Looks at the first bytes and the declared sizes; no parser runs. Real workbooks never
    declare a document type: that is where entity bombs and file-reading entities live.
    """
    with path.open("rb") as file:
        start = file.read(SAMPLE)
    if not start:
        raise FileRefusedError(_("The file is empty."))
    if start.startswith(SHEET_MAGIC[1]):
        if "EncryptedPackage".encode("utf-16-le") in path.read_bytes()[:OLE_DIRECTORY]:
            raise FileRefusedError(
                _("The workbook is protected by a password. Save it without one and retry.")
            )
        return
    if not start.startswith(SHEET_MAGIC[0]):
        _refuse_text(start)
    _check_inside(path)


def _refuse_text(start: bytes) -> None:
    head = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<head", b"<meta")):
        raise FileRefusedError(
            _("This file is a web page that is only called a workbook. Open it in a spreadsheet "
              "program, save it as XLSX and retry.")
        )  # fmt: skip
    if b"\0" not in start and b"\n" in start:
        raise FileRefusedError(
            _(
                "This file is plain text that is only called a workbook. Rename it to .csv and retry."
            )
        )
    raise FileRefusedError(_("This file is no workbook. Save it anew as XLSX or CSV and retry."))


def _check_inside(path: Path) -> None:
    zip_members(path, limit=WORKBOOK_LIMIT)
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        if not names & {"[Content_Types].xml", "mimetype", "content.xml"}:
            raise FileRefusedError(
                _(
                    "This file is a zip file that is only called a workbook. Rename it to .zip and retry."
                )
            )
        for name in names:
            if not name.lower().endswith((".xml", ".rels")):
                continue
            try:
                with archive.open(name) as part:
                    start = part.read(SAMPLE)
            except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError) as error:
                raise FileRefusedError(
                    _("This workbook is damaged. Save it anew and retry.")
                ) from error
            if b"<!doctype" in start.replace(b"\0", b"").lower():
                raise FileRefusedError(
                    _(
                        "This workbook holds a document type, which workbooks never do. Save it anew and retry."
                    )
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
        name = one_member(path, member=member, limit=limit)
        with zipfile.ZipFile(path) as archive, archive.open(name) as entry:
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
        except (EOFError, OSError, zlib.error, zipfile.BadZipFile) as error:
            raise FileRefusedError(
                _("The packed file is damaged or cut off. Make it again and retry.")
            ) from error
        self._left -= len(data)
        if self._left < 0:
            raise FileRefusedError(_("The file unpacks to more than is allowed."))
        buffer[: len(data)] = data
        return len(data)
