"""How is a backup made while people work?"""

import re
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.db import connection

from koers.core.backup import archive, postgresql, sqlite
from koers.core.backup.manifest import FORMAT, DatabaseContents, Manifest, fingerprint, stored_file

DATABASE = "database"
FILES = "files/"
SECRET = "secret_key"  # noqa: S105 -- the name of a file
PREFIX, STAMP, SUFFIX = "koers-", "%Y%m%d-%H%M%S", ".backup.tar.gz"


@dataclass(frozen=True, slots=True)
class Backup:
    """A finished backup."""

    path: Path
    bytes: int
    tables: int
    rows: int
    files: int
    removed: tuple[str, ...]


def make_backup(*, folder: Path, at: datetime, keep: int = 0) -> Backup:
    """Write one file with database, uploads and secret key into ``folder``.

    With ``keep`` above 0 older backups in that folder are removed but the newest ``keep``. The facts
    are left out: they are made again from the database.
    """
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{PREFIX}{at.astimezone(UTC):{STAMP}}{SUFFIX}"
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=folder) as staging:
        copied = Path(staging) / DATABASE
        contents, migrations = _copy_database(copied)
        parts = {DATABASE: copied, **_files()}
        manifest = Manifest(
            format=FORMAT,
            koers_version=version("koers"),
            made_at=at.isoformat(),
            vendor=connection.vendor,
            migrations=migrations,
            contents=contents,
            files=tuple(stored_file(path, name) for name, path in parts.items()),
            secret_fingerprint=fingerprint(settings.SECRET_KEY),
        )
        archive.write(target, manifest, parts)
    removed = _remove_old(folder, keep) if keep else ()
    return Backup(
        path=target,
        bytes=target.stat().st_size,
        tables=len(contents.tables),
        rows=manifest.rows,
        files=len(parts) - 1,
        removed=removed,
    )


def newest_backup(folder: Path) -> Path | None:
    """The last one made; their names sort by date."""
    return max(_backups(folder), default=None)


def made_at(path: Path) -> datetime:
    """When a backup was made, by its name."""
    stamp = path.name.removeprefix(PREFIX).removesuffix(SUFFIX)
    return datetime.strptime(stamp, STAMP).replace(tzinfo=UTC)


def _copy_database(target: Path) -> tuple[DatabaseContents, tuple[str, ...]]:
    if connection.vendor == "postgresql":
        return postgresql.dump(target)
    sqlite.copy(Path(str(settings.DATABASES["default"]["NAME"])), target)
    return sqlite.contents(target), sqlite.migrations(target)


def _files() -> dict[str, Path]:
    """Uploads and, where it is a file, the secret key."""
    root = Path(settings.MEDIA_ROOT)
    found = {
        FILES + path.relative_to(root).as_posix(): path
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }
    key = Path(settings.DATA_DIR) / SECRET
    return {**found, **({SECRET: key} if key.is_file() else {})}


def _remove_old(folder: Path, keep: int) -> tuple[str, ...]:
    old = sorted(_backups(folder))[:-keep]
    for path in old:
        path.unlink()
    return tuple(path.name for path in old)


def _backups(folder: Path) -> list[Path]:
    """Only files named as a backup is; what else lies there is nobody's business."""
    shape = re.compile(re.escape(PREFIX) + r"\d{8}-\d{6}" + re.escape(SUFFIX))
    return [path for path in folder.glob(f"{PREFIX}*{SUFFIX}") if shape.fullmatch(path.name)]
