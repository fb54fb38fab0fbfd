"""Under which settings do the tests run? As in production, but static files need no collecting."""

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.db.backends.postgresql.operations import DatabaseOperations as PostgresqlOperations
from django.db.backends.sqlite3.base import DatabaseOperations

pytest_plugins = ["koers.organisation.tests.cast", "koers.sell.tests.offering"]


def pytest_configure(config: pytest.Config) -> None:
    """Pages under test link static files by their plain names."""
    del config
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    settings.STORAGES["staticfiles"] = {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
    }


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Files stay whole, and all journeys run in one process, so that the demo company is loaded once."""
    if config.getvalue("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling  # noqa: PLC0415 -- an extension of pytest that one may leave out

    class JourneysTogether(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = super()._split_scope(nodeid)
            return "tests/journeys" if file.startswith("tests/journeys/") else file

    return JourneysTogether(config, log)


@pytest.fixture(autouse=True)
def _own_folders(settings: Any, tmp_path: Path) -> None:
    """Every test has facts and uploads of its own; nothing is shared between workers."""
    settings.KOERS_FACTS_DIR = tmp_path / "facts"
    settings.MEDIA_ROOT = tmp_path / "files"


def pytest_sessionstart(session: pytest.Session) -> None:
    """Let tests that commit empty their tables although the database guards the audit trail."""
    del session
    if connection.vendor == "postgresql":
        _let_flushes_truncate()
        return
    entries = import_module("koers.core.migrations.0003_audit_is_append_only").SQLITE
    seals = import_module("koers.core.migrations.0005_audit_seals_are_append_only").SQLITE
    triggers = {"audit_no_update": entries[0], "audit_no_delete": entries[1], **seals}
    plain = DatabaseOperations.execute_sql_flush

    def flush(operations: Any, statements: list[str]) -> None:
        with operations.connection.cursor() as cursor:
            for name in triggers:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        plain(operations, statements)
        with operations.connection.cursor() as cursor:
            for statement in triggers.values():
                cursor.execute(statement)

    DatabaseOperations.execute_sql_flush = flush


def _let_flushes_truncate() -> None:
    tables = import_module("koers.core.migrations.0006_audit_is_not_emptied").TABLES
    plain = PostgresqlOperations.execute_sql_flush

    def switch(operations: Any, word: str) -> None:
        with operations.connection.cursor() as cursor:
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} {word} TRIGGER audit_no_truncate")

    def flush(operations: Any, statements: list[str]) -> None:
        switch(operations, "DISABLE")
        plain(operations, statements)
        switch(operations, "ENABLE")

    PostgresqlOperations.execute_sql_flush = flush
