"""How is the embedded database copied while others write, and read back?"""

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

from koers.core.backup.manifest import DatabaseContents, TableContents

PAGES_AT_ONCE = 4096


def copy(source: Path, target: Path) -> None:
    """Copy the database as one moment saw it, by SQLite's own online backup."""
    with (
        closing(sqlite3.connect(source, timeout=20)) as live,
        closing(sqlite3.connect(target)) as made,
    ):
        live.execute("BEGIN")
        live.execute("SELECT count(*) FROM sqlite_master").fetchone()
        live.backup(made, pages=PAGES_AT_ONCE)
        made.execute("PRAGMA journal_mode=DELETE")


def problems(path: Path) -> list[str]:
    """What SQLite's own checks find wrong; empty when the file is sound."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            found = [row[0] for row in database.execute("PRAGMA integrity_check") if row[0] != "ok"]
            loose = len(database.execute("PRAGMA foreign_key_check").fetchall())
    except sqlite3.DatabaseError as error:
        return [str(error)]
    return found + ([f"{loose} loose references"] if loose else [])


def contents(path: Path) -> DatabaseContents:
    """Tables with their rows, and the text of every definition as a digest."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        made = database.execute(
            "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL"
            " AND name NOT LIKE 'sqlite_%' ORDER BY type, name"
        ).fetchall()
        tables = tuple(
            TableContents(name, _rows(database, name), "")
            for kind, name, _sql in made
            if kind == "table"
        )
    definitions = tuple(
        (f"{kind} {name}", hashlib.sha256(sql.encode()).hexdigest()) for kind, name, sql in made
    )
    return DatabaseContents(tables, definitions)


def migrations(path: Path) -> tuple[str, ...]:
    """Which migrations made this database."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        rows = database.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
        return tuple(f"{app}.{name}" for app, name in rows)


def _rows(database: sqlite3.Connection, table: str) -> int:
    found = database.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]  # noqa: S608 -- a name from the database itself
    return int(found)
