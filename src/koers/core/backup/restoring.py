"""How is a backup brought back onto an empty machine, and proven to be the same?"""

import os
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _

from koers.core.backup import archive, postgresql, sqlite
from koers.core.backup.making import DATABASE, FILES, SECRET
from koers.core.backup.manifest import (
    BackupDamagedError,
    BackupRefusedError,
    Manifest,
    differences,
    fingerprint,
)


@dataclass(frozen=True, slots=True)
class Restored:
    """What was brought back, and how many migrations it still lacks."""

    made_at: str
    koers_version: str
    tables: int
    rows: int
    files: int
    migrations_to_apply: int


def check_backup(source: Path) -> Manifest:
    """Unpack aside and compare everything, changing nothing here. Raises when it is not sound."""
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=settings.DATA_DIR) as staging:
        return _checked(source, Path(staging))


def restore(source: Path, *, other_key: bool = False) -> Restored:
    """Bring database, uploads and secret key back into an installation that has none.

    Everything is unpacked and compared first; what is in place is only ever replaced by a whole
    part. Raises ``BackupDamagedError`` or ``BackupRefusedError`` before anything has changed.
    ``other_key`` accepts that the secret key in the environment is not the one of the backup:
    log-ins and sent links then end.
    """
    data = Path(settings.DATA_DIR)
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=data) as folder:
        staging = Path(folder)
        manifest = _checked(source, staging)
        _refuse_other_vendor(manifest)
        _refuse_newer(manifest)
        _refuse_other_key(manifest, staging, other_key=other_key)
        if connection.vendor == "postgresql":
            postgresql.load(staging / DATABASE)
            _compare(manifest, differences(manifest.contents, postgresql.contents()))
        else:
            _place_sqlite(staging / DATABASE)
        _place_files(staging, data)
    shutil.rmtree(settings.KOERS_FACTS_DIR, ignore_errors=True)
    known = set(_known_migrations())
    return Restored(
        made_at=manifest.made_at,
        koers_version=manifest.koers_version,
        tables=len(manifest.contents.tables),
        rows=manifest.rows,
        files=sum(file.path != DATABASE for file in manifest.files),
        migrations_to_apply=len(known - set(manifest.migrations)),
    )


def _checked(source: Path, staging: Path) -> Manifest:
    manifest = archive.unpack(source, staging)
    if manifest.vendor == "sqlite":
        found = sqlite.problems(staging / DATABASE)
        if found:
            raise BackupDamagedError(
                _("The database in the backup is damaged: %(reason)s.") % {"reason": found[0]}
            )
        _compare(manifest, differences(manifest.contents, sqlite.contents(staging / DATABASE)))
    return manifest


def _compare(manifest: Manifest, names: list[str]) -> None:
    if names:
        raise BackupDamagedError(
            _("The backup of %(made)s is not what it says: %(names)s differ.")
            % {"made": manifest.made_at[:16], "names": ", ".join(names[:5])}
        )


def _refuse_other_vendor(manifest: Manifest) -> None:
    if manifest.vendor != connection.vendor:
        raise BackupRefusedError(
            _("The backup is of %(theirs)s, this installation runs on %(ours)s.")
            % {"theirs": manifest.vendor, "ours": connection.vendor}
        )


def _refuse_newer(manifest: Manifest) -> None:
    unknown = sorted(set(manifest.migrations) - set(_known_migrations()))
    if unknown:
        raise BackupRefusedError(
            _(
                "The backup was made by Koers %(version)s, which is newer (%(migration)s). "
                "Upgrade this installation first."
            )
            % {"version": manifest.koers_version, "migration": unknown[0]}
        )


def _refuse_other_key(manifest: Manifest, staging: Path, *, other_key: bool) -> None:
    """A key in the environment must be the backup's own; a key file comes with the backup."""
    given = os.environ.get("KOERS_SECRET_KEY")
    if not given and (staging / SECRET).is_file():
        return
    if fingerprint(given or settings.SECRET_KEY) != manifest.secret_fingerprint and not other_key:
        raise BackupRefusedError(
            _(
                "The secret key here is not the one of the backup. Set KOERS_SECRET_KEY to that "
                "key, or restore with --other-key: everybody then logs in again."
            )
        )


def _place_sqlite(source: Path) -> None:
    target = Path(str(settings.DATABASES["default"]["NAME"]))
    connection.close()
    if target.exists() and sqlite.contents(target).tables:
        raise BackupRefusedError(
            _("There is a database already: %(path)s. Restore into an empty folder.")
            % {"path": target}
        )
    for rest in ("-wal", "-shm"):
        target.with_name(target.name + rest).unlink(missing_ok=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(source, target)


def _place_files(staging: Path, data: Path) -> None:
    if (staging / FILES).is_dir():
        shutil.copytree(staging / FILES, settings.MEDIA_ROOT, dirs_exist_ok=True)
    if (staging / SECRET).is_file():
        shutil.move(staging / SECRET, data / SECRET)
        (data / SECRET).chmod(0o600)


def _known_migrations() -> Iterable[str]:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return (f"{app}.{name}" for app, name in loader.disk_migrations)
