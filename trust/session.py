"""Measures rows on one kind of database, each in a process and on a database of its own."""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

import django

from trust.row import MODULES, Control, Finding, Result, Row, row_of

ROOT = Path(__file__).resolve().parents[1]


def run_all(database: str, rows: list[int], *, short: bool) -> list[Result]:
    """Every row that is meant for this database; a row that crashes has not held."""
    with tempfile.TemporaryDirectory(prefix="koers-trust-") as folder:
        places = Places(Path(folder), database)
        places.make_template()
        os.environ.update(places.environment("template"))
        django.setup()  # to read the rows; every row works in a process of its own
        return [
            _in_own_process(number, places, short=short)
            for number in rows
            if database in row_of(number).databases
        ]


class Places:
    """A migrated database that is copied for each row."""

    def __init__(self, folder: Path, database: str) -> None:
        self.folder, self.database = folder, database
        self.server = os.environ.get("KOERS_DATABASE_URL", "").rsplit("/", 1)[0]

    def environment(self, name: str) -> dict[str, str]:
        """Where a process keeps data and database of this name."""
        data = self.folder / name
        data.mkdir(exist_ok=True)
        url = f"{self.server}/trust_{name}" if self.database == "postgresql" else ""
        return {
            **os.environ, "KOERS_DATA_DIR": str(data), "KOERS_DATABASE_URL": url, "KOERS_DEBUG": "0",
            "KOERS_LOG_LEVEL": "CRITICAL", "DJANGO_SETTINGS_MODULE": "koers.config.settings",
        }  # fmt: skip

    def make_template(self) -> None:
        """Migrate once."""
        if self.database == "postgresql":
            self._ask_server("CREATE DATABASE trust_template TEMPLATE template0")
        environment = self.environment("template")
        subprocess.run(
            [sys.executable, "-m", "koers.config", "migrate", "--quiet", "--no-static"],
            cwd=ROOT, env=environment, check=True,
        )  # fmt: skip

    def copy(self, name: str) -> dict[str, str]:
        """A fresh database for a row."""
        environment = self.environment(name)
        if self.database == "postgresql":
            self._ask_server(f"DROP DATABASE IF EXISTS trust_{name} WITH (FORCE)")
            self._ask_server(f"CREATE DATABASE trust_{name} TEMPLATE trust_template")
        else:
            source = self.folder / "template" / "koers.sqlite3"
            shutil.copy(source, Path(environment["KOERS_DATA_DIR"]) / "koers.sqlite3")
        return environment

    def _ask_server(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(f"{self.server}/postgres", autocommit=True) as server:
            server.execute(statement)


def _in_own_process(number: int, places: Places, *, short: bool) -> Result:
    row, started = row_of(number), time.monotonic()
    finding = _part(number, "", places, short=short)
    controls = tuple(_controls(row, places, short=short))
    seconds = round(time.monotonic() - started, 1)
    return Result(
        row.number, row.name, row.goal, places.database, finding.value, finding.held, seconds, controls
    )  # fmt: skip


def _controls(row: Row, places: Places, *, short: bool) -> list[Control]:
    found = []
    for name in row.controls:
        finding = _part(row.number, name, places, short=short)
        crashed = finding.value.startswith(CRASHED)
        found.append(Control(name, not finding.held and not crashed, finding.value))
    return found


CRASHED = "the check itself failed: "


def _part(number: int, control: str, places: Places, *, short: bool) -> Finding:
    """The measuring or one control, in a process with a new database."""
    listed = [*row_of(number).controls]
    name = f"r{number}" + (f"c{listed.index(control)}" if control else "")
    environment = places.copy(name)
    answer = places.folder / f"{name}.json"
    words = [sys.executable, "-m", "trust.part", str(number), str(answer), "--control", control]
    done = subprocess.run(
        [*words, *(["--short"] if short else [])],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    shutil.rmtree(environment["KOERS_DATA_DIR"], ignore_errors=True)
    if done.returncode or not answer.is_file():
        sys.stderr.write(done.stderr[-4000:])
        lines = done.stderr.strip().splitlines() or ["no word"]
        return Finding(held=False, value=CRASHED + lines[-1][:200])
    return Finding(**json.loads(answer.read_text(encoding="utf-8")))


def main() -> int:
    """Write the results of one database as JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("database", choices=["sqlite", "postgresql"])
    parser.add_argument("answer", type=Path)
    parser.add_argument("--rows", default=",".join(map(str, sorted(MODULES))))
    parser.add_argument("--short", action="store_true")
    args = parser.parse_args()
    numbers = [int(each) for each in args.rows.split(",")]
    results = run_all(args.database, numbers, short=args.short)
    args.answer.write_text(json.dumps([asdict(each) for each in results]), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
