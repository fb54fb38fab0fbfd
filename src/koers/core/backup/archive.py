"""How do the parts of a backup become one file, and how is such a file checked?"""

import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from gzip import GzipFile
from io import BytesIO
from pathlib import Path

from django.utils.translation import gettext as _

from koers.core.backup.manifest import (
    BLOCK,
    BackupDamagedError,
    Manifest,
    manifest_from,
    stored_file,
)

LISTING = "manifest.json"
COMPRESSION = 1
DAMAGE = (tarfile.TarError, EOFError, OSError, zlib.error)


def write(target: Path, manifest: Manifest, parts: dict[str, Path]) -> None:
    """Write list and parts under a name in use only once the file is whole."""
    unfinished = target.with_name(f".{target.name}.part")
    try:
        with (
            unfinished.open("wb") as plain,
            # No name in the head of the stream: no checksum covers it there.
            GzipFile("", "wb", COMPRESSION, plain, mtime=0) as stream,
            tarfile.open(fileobj=stream, mode="w") as tar,
        ):
            listing = manifest.to_json().encode()
            head = tarfile.TarInfo(LISTING)
            head.size, head.mode = len(listing), 0o600
            tar.addfile(head, BytesIO(listing))
            for name, path in parts.items():
                member = tarfile.TarInfo(name)
                member.size, member.mode = path.stat().st_size, 0o600
                with path.open("rb") as file:
                    tar.addfile(member, file)
        unfinished.chmod(0o600)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


def read_manifest(source: Path) -> Manifest:
    """Only the list of contents; the parts are not looked at."""
    with _opened(source) as tar:
        return _manifest(tar)


def unpack(source: Path, folder: Path) -> Manifest:
    """Unpack into an empty folder and compare every part with the list.

    Raises ``BackupDamagedError`` at the first part that is missing, added or different; names
    that would leave the folder are never written.
    """
    with _opened(source) as tar:
        manifest = _manifest(tar)
        expected = {file.path: file for file in manifest.files}
        for member in tar:
            if member.name == LISTING:
                continue
            if member.name not in expected or not member.isfile():
                raise BackupDamagedError(
                    _("The backup is damaged: %(name)s does not belong in it.")
                    % {"name": member.name}
                )
            wanted = expected.pop(member.name)
            tar.extract(member, folder, filter="data")
            if stored_file(folder / member.name, member.name) != wanted:
                raise BackupDamagedError(
                    _("The backup is damaged: %(name)s differs from what was stored.")
                    % {"name": member.name}
                )
        _read_to_the_end(tar)
    if expected:
        raise BackupDamagedError(
            _("The backup is damaged: %(name)s is missing.") % {"name": min(expected)}
        )
    return manifest


def _read_to_the_end(tar: tarfile.TarFile) -> None:
    """The checksum of the compressed stream stands at its end; reading that far compares it."""
    if tar.fileobj is not None:
        while tar.fileobj.read(BLOCK):
            pass


def _manifest(tar: tarfile.TarFile) -> Manifest:
    first = tar.next()
    file = tar.extractfile(first) if first is not None and first.name == LISTING else None
    if file is None:
        raise BackupDamagedError(_("This file is not a backup of Koers."))
    return manifest_from(file.read().decode(errors="replace"))


@contextmanager
def _opened(source: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(source, "r:gz") as tar:
            yield tar
    except FileNotFoundError as error:
        raise BackupDamagedError(_("There is no file %(name)s.") % {"name": source}) from error
    except DAMAGE as error:
        raise BackupDamagedError(
            _("The backup is damaged or cut off: %(reason)s.") % {"reason": error}
        ) from error
