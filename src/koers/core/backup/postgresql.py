"""How is a PostgreSQL database dumped in one snapshot, and loaded again?"""

import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path

from django.db import connection, transaction
from django.utils.translation import gettext as _

from koers.core.backup.manifest import (
    BackupDamagedError,
    BackupRefusedError,
    DatabaseContents,
    TableContents,
)

DEFINITIONS = """
SELECT 'trigger ' || c.relname || '.' || t.tgname, pg_get_triggerdef(t.oid) || ' ' || t.tgenabled::text
  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND NOT t.tgisinternal
UNION ALL SELECT 'function ' || p.proname, pg_get_functiondef(p.oid)
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
  WHERE n.nspname = 'public' AND p.prokind = 'f'
  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
UNION ALL SELECT 'index ' || indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT 'constraint ' || conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT 'column ' || table_name || '.' || column_name,
  data_type || ' ' || is_nullable || ' ' || coalesce(character_maximum_length::text, '')
  FROM information_schema.columns WHERE table_schema = 'public'
ORDER BY 1
"""


def dump(target: Path) -> tuple[DatabaseContents, tuple[str, ...]]:
    """Write the dump, and tell what was in the same snapshot; others go on writing meanwhile."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        _run(
            "pg_dump", "--format=custom", "--no-owner", "--no-privileges",
            f"--snapshot={snapshot}", f"--file={target}", _name(),
        )  # fmt: skip
        return contents(), migrations()


def load(source: Path) -> None:
    """Load a dump into an empty database, all or nothing."""
    if connection.introspection.table_names():
        raise BackupRefusedError(
            _("The database already has tables. Restore into an empty database.")
        )
    connection.close()
    _run(
        "pg_restore", "--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges",
        f"--dbname={_name()}", str(source),
    )  # fmt: skip


def contents() -> DatabaseContents:
    """Rows and order-free checksum of every table, and every definition as a digest."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        names = [row[0] for row in cursor.fetchall()]
        tables = []
        for name in names:
            cursor.execute(
                "SELECT count(*), coalesce(sum(('x' || left(md5(t::text), 15))::bit(60)::bigint), 0)"  # noqa: S608 -- names from the database itself
                f' FROM "{name}" t'
            )
            rows, total = cursor.fetchone()
            tables.append(TableContents(name, rows, str(total)))
        cursor.execute(DEFINITIONS)
        definitions = tuple(
            (name, hashlib.sha256(_bare(text).encode()).hexdigest())
            for name, text in cursor.fetchall()
        )
    return DatabaseContents(tuple(tables), definitions)


def migrations() -> tuple[str, ...]:
    """Which migrations made this database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app || '.' || name FROM django_migrations ORDER BY app, name")
        return tuple(row[0] for row in cursor.fetchall())


def _bare(definition: str) -> str:
    """Without casts, brackets and spaces: PostgreSQL sets them anew when a list is loaded again."""
    return re.sub(r"::[a-z ]+(\[\])?|[()\s]", "", definition)


def _name() -> str:
    return str(connection.settings_dict["NAME"])


def _run(program: str, *arguments: str) -> None:
    """Run a program of PostgreSQL's own against the configured database."""
    path = shutil.which(program)
    if path is None:
        raise BackupRefusedError(
            _("%(program)s was not found. Install the PostgreSQL client programs.")
            % {"program": program}
        )
    given = connection.settings_dict
    environment = {
        **os.environ,
        "PGHOST": str(given["HOST"] or ""),
        "PGPORT": str(given["PORT"] or ""),
        "PGUSER": str(given["USER"] or ""),
        "PGPASSWORD": str(given["PASSWORD"] or ""),
    }
    environment = {name: value for name, value in environment.items() if value or name[:2] != "PG"}
    done = subprocess.run(  # noqa: S603 -- fixed program, no shell
        [path, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or [str(done.returncode)])[0]
        raise BackupDamagedError(
            _("%(program)s failed: %(reason)s") % {"program": program, "reason": reason}
        )
