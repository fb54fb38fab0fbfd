"""What stands in a backup, so that a restore can prove it brought back the same?"""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from koers.core.errors import RuleError

FORMAT = 1
BLOCK = 1024 * 1024


class BackupDamagedError(RuleError):
    """The file is not a backup, or not as it was written."""


class BackupRefusedError(RuleError):
    """The backup is sound, but this installation cannot take it."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A member of the archive."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class TableContents:
    """Number of rows and, on PostgreSQL, a sum over their digests that knows no order."""

    name: str
    rows: int
    checksum: str


@dataclass(frozen=True, slots=True)
class DatabaseContents:
    """Tables, and every definition (table, index, trigger, function, constraint) as a digest."""

    tables: tuple[TableContents, ...]
    definitions: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Manifest:
    """First member of the archive."""

    format: int
    koers_version: str
    made_at: str
    vendor: str
    migrations: tuple[str, ...]
    contents: DatabaseContents
    files: tuple[StoredFile, ...]
    secret_fingerprint: str

    @property
    def rows(self) -> int:
        """Rows of all tables together."""
        return sum(table.rows for table in self.contents.tables)

    def to_json(self) -> str:
        """As written into the archive."""
        return json.dumps(asdict(self), indent=1)


def manifest_from(text: str) -> Manifest:
    """Read a manifest; raises ``BackupDamagedError`` or, for a newer format, ``BackupRefusedError``."""
    try:
        values = json.loads(text)
        if values["format"] > FORMAT:
            raise BackupRefusedError(
                _("This backup was written by a newer Koers. Upgrade this installation first.")
            )
        contents = values["contents"]
        return Manifest(
            format=values["format"],
            koers_version=values["koers_version"],
            made_at=values["made_at"],
            vendor=values["vendor"],
            migrations=tuple(values["migrations"]),
            contents=DatabaseContents(
                tables=tuple(TableContents(**table) for table in contents["tables"]),
                definitions=tuple((name, digest) for name, digest in contents["definitions"]),
            ),
            files=tuple(StoredFile(**file) for file in values["files"]),
            secret_fingerprint=values["secret_fingerprint"],
        )
    except (ValueError, KeyError, TypeError) as error:
        raise BackupDamagedError(
            _("The backup is damaged: its list of contents cannot be read.")
        ) from error


def differences(expected: DatabaseContents, found: DatabaseContents) -> list[str]:
    """Names of tables and definitions that are not the same on both sides."""
    tables = {table.name: table for table in expected.tables}
    others = {table.name: table for table in found.tables}
    names = [name for name in sorted({*tables, *others}) if tables.get(name) != others.get(name)]
    made, seen = dict(expected.definitions), dict(found.definitions)
    return names + [name for name in sorted({*made, *seen}) if made.get(name) != seen.get(name)]


def stored_file(path: Path, name: str) -> StoredFile:
    """Size and digest of a file, read in blocks."""
    sha, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            sha.update(block)
            size += len(block)
    return StoredFile(name, size, sha.hexdigest())


def fingerprint(secret: str) -> str:
    """Tells whether two installations have the same secret key without telling the key."""
    return hashlib.sha256(b"koers-backup:" + secret.encode()).hexdigest()[:16]
