"""Row 13: is a restored machine the same to the last row, definition and file, and is a bad backup refused?

The comparison is made with the database's own words, not with the product's list of contents.
"""

import hashlib
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone
from tests.routes.world import make_world
from tests.stages.test_backup import unpacked

from koers.analyse.actions.facts import refresh_now
from koers.core.actor import Channel, system_actor
from koers.core.backup import postgresql as dumping
from koers.core.backup.making import make_backup
from koers.core.backup.manifest import BackupDamagedError, BackupRefusedError
from koers.core.backup.restoring import check_backup
from koers.organisation.actions.webhook import pause_every_webhook
from trust.row import Finding, Row

POSTGRESQL_DEFINITIONS = """
SELECT 'trigger', t.tgname, pg_get_triggerdef(t.oid) FROM pg_trigger t WHERE NOT t.tgisinternal
UNION ALL SELECT 'function', p.proname, p.prosrc FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
  WHERE n.nspname = 'public'
UNION ALL SELECT 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT 'constraint', conname, conrelid::regclass::text || pg_get_constraintdef(oid) FROM pg_constraint
  WHERE connamespace = 'public'::regnamespace
"""
DERIVED = {
    "analyse_classchange",
    "analyse_phaseinterval",
}  # made anew with the facts: other ids, same content
Contents = dict[str, Any]


def sqlite_contents(path: Path) -> Contents:
    """A checksum per table and the text of every definition."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        made = database.execute(
            "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"
        ).fetchall()
        found: Contents = {f"{kind} {name}": sql for kind, name, sql in made}
        for kind, name, _sql in made:
            if kind == "table":
                some = ", ".join(
                    f'"{column[1]}"'
                    for column in database.execute(f'PRAGMA table_info("{name}")')
                    if name not in DERIVED or column[1] != "id"
                )
                rows = sorted(map(repr, database.execute(f'SELECT {some} FROM "{name}"')))
                found[f"rows {name}"] = (len(rows), _digest(rows))
    return found


def postgresql_contents(url: str) -> Contents:
    """The same from a server."""
    import psycopg

    with psycopg.connect(url) as server:
        found: Contents = {f"{kind} {name} {dumping._bare(text)}": "" for kind, name, text in server.execute(POSTGRESQL_DEFINITIONS)}  # fmt: skip
        tables = server.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()  # fmt: skip
        for (name,) in tables:
            rows = sorted(
                row[0] for row in server.execute(f'SELECT {_whole(name)} FROM "{name}" t')
            )
            found[f"rows {name}"] = (len(rows), _digest(rows))
    return found


def _whole(table: str) -> str:
    return "(to_jsonb(t) - 'id')::text" if table in DERIVED else "t::text"


def _digest(rows: list[str]) -> str:
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def file_contents(folder: Path) -> Contents:
    """Uploads and the secret key."""
    paths = [*(folder / "files").rglob("*"), folder / "secret_key"]
    return {
        f"file {path.relative_to(folder)}": hashlib.sha256(path.read_bytes()).hexdigest()
        for path in paths
        if path.is_file()
    }


class Elsewhere:
    """An empty machine with the same kind of database."""

    def __init__(self) -> None:
        self.folder = Path(settings.DATA_DIR) / "elsewhere"
        self.folder.mkdir()
        self.here = os.environ.get("KOERS_DATABASE_URL", "")
        self.url = f"{self.here}_elsewhere" if self.here else ""
        if self.url:
            with connection.cursor() as cursor:
                name = self.url.rsplit("/", 1)[1]
                cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
                cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0")

    def restore(self, backup: Path) -> str:
        """Empty when the command succeeded, else what it said."""
        environment = {**os.environ, "KOERS_DATA_DIR": str(self.folder), "KOERS_DATABASE_URL": self.url}  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-m", "koers.config", "restore", str(backup)],
            env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        return done.stderr.strip() or "refused" if done.returncode else ""

    def contents(self) -> Contents:
        """What stands there now."""
        if self.url:
            return postgresql_contents(self.url) | file_contents(self.folder)
        return sqlite_contents(self.folder / "koers.sqlite3") | file_contents(self.folder)


def contents_here() -> Contents:
    """What stands in the database that was backed up."""
    folder = Path(settings.DATA_DIR)
    url = os.environ.get("KOERS_DATABASE_URL", "")
    found = postgresql_contents(url) if url else sqlite_contents(folder / "koers.sqlite3")
    return found | file_contents(folder)


def damaged(backup: Path, times: int) -> tuple[int, int]:
    """How many of so many damaged or cut copies were refused."""
    whole, dice, refused, tried = backup.read_bytes(), random.Random(13), 0, 0
    spoiled = backup.with_name("spoiled.tar.gz")
    content = unpacked(whole)
    while tried < times:
        place = dice.randrange(10, len(whole) - 1)
        flipped = whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :]
        bad = flipped if tried % 2 else whole[:place]
        if unpacked(bad) == content:
            continue  # another way of writing the same
        tried += 1
        spoiled.write_bytes(bad)
        try:
            check_backup(spoiled)
        except (BackupDamagedError, BackupRefusedError):
            refused += 1
    return refused, tried


def _world() -> Path:
    make_world()
    # What the command does itself after a restore, so that the two can be compared.
    pause_every_webhook(actor=system_actor(Channel.COMMAND), at=timezone.now())
    now = timezone.now()
    refresh_now(
        today=timezone.localdate(now), at=now, rebuild=True
    )  # restoring makes the facts anew
    default_storage.save("imports/orders.csv", ContentFile("é;1\n".encode()))
    return make_backup(folder=Path(settings.DATA_DIR) / "backups", at=timezone.now()).path


def _compared(there: Contents, here: Contents) -> list[str]:
    return sorted(key for key in here.keys() | there.keys() if here.get(key) != there.get(key))


def measure(short: bool) -> Finding:
    """Everything restored by the command, and bad backups offered to it."""
    backup, here = _world(), contents_here()
    elsewhere = Elsewhere()
    said = elsewhere.restore(backup)
    differ = _compared(elsewhere.contents(), here) if not said else [said]
    refused, tried = damaged(backup, 30 if short else 200)
    tables = [key for key in here if key.startswith("rows ")]
    rows = sum(here[key][0] for key in tables)
    again = elsewhere.restore(backup)
    value = (
        f"{len(tables)} tables with {rows} rows, {len(here) - len(tables)} definitions and files: {len(differ)} differ"
        f"{' (' + ', '.join(differ[:3]) + ')' if differ else ''}; {refused} of {tried} damaged or cut backups refused; "
        f"over data that is there: {'refused' if again else 'WENT OVER IT'}"
    )
    return Finding(held=not differ and refused == tried and bool(again), value=value)


def tables_only(short: bool) -> Finding:
    """A dump of the tables, as people make it by hand."""
    del short
    _world()
    here, elsewhere = contents_here(), Elsewhere()
    if elsewhere.url:
        dump = elsewhere.folder / "dump"
        dumping._run(
            "pg_dump", "-Fc", "-t", "public.*", "-f", str(dump), f"--dbname={elsewhere.here}"
        )
        program = shutil.which("pg_restore") or "pg_restore"
        subprocess.run([program, f"--dbname={elsewhere.url}", str(dump)], capture_output=True, check=False)  # fmt: skip
    else:
        with (
            closing(sqlite3.connect(Path(settings.DATA_DIR) / "koers.sqlite3")) as source,
            closing(sqlite3.connect(elsewhere.folder / "koers.sqlite3")) as target,
        ):
            for line in source.iterdump():
                if not line.startswith("CREATE TRIGGER"):
                    target.execute(line)
            target.commit()
    there = elsewhere.contents()
    here = {key: value for key, value in here.items() if not key.startswith("file ")}
    there = {key: value for key, value in there.items() if not key.startswith("file ")}
    differ = _compared(there, here)
    rows = [key for key in differ if key.startswith("rows ")]
    value = f"{len(rows)} tables differ in rows, {len(differ) - len(rows)} definitions differ" + (
        f" ({differ[0][:60]})" if differ else ""
    )
    return Finding(held=not differ, value=value)


ROW = Row(
    number=13,
    name="Restore on an empty machine",
    goal="every row, definition, trigger, file and key the same; every damaged backup refused; never over data",
    measure=measure,
    controls={"dump of tables only": tables_only},
)
