"""Measures the scoreboard: ``python -m trust [--short] [--database both] [--rows 1,3]``."""

import argparse
import json
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from trust.page import page, table
from trust.row import MODULES, Control, Result

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "trust.md"


def measured(database: str, rows: str, *, short: bool) -> list[Result]:
    """The rows on one kind of database; PostgreSQL runs on a server that lives only for this."""
    with tempfile.TemporaryDirectory(prefix="koers-trust-") as folder:
        answer = Path(folder) / "answer.json"
        words = [sys.executable, "-m", "trust.session", database, str(answer), "--rows", rows]
        server = [str(ROOT / "scripts" / "with_postgresql.sh")] if database == "postgresql" else []
        subprocess.run([*server, *words, *(["--short"] if short else [])], cwd=ROOT, check=True)
        found = json.loads(answer.read_text(encoding="utf-8"))
    return [
        Result(**{**each, "controls": tuple(Control(**one) for one in each["controls"])})
        for each in found
    ]


def main() -> int:
    """Exit code 1 when a promise did not hold or a broken variant stayed green."""
    parser = argparse.ArgumentParser(prog="python -m trust", description="Measure the scoreboard.")
    parser.add_argument("--short", action="store_true", help="smaller numbers, a few minutes")
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--rows", default=",".join(map(str, sorted(MODULES))))
    parser.add_argument("--json", type=Path, help="write the results here too")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.relative_to(ROOT)}")
    args = parser.parse_args()
    databases = ["sqlite", "postgresql"] if args.database == "both" else [args.database]
    results = [
        result for each in databases for result in measured(each, args.rows, short=args.short)
    ]
    print(table(results) if results else "There is no row for this database.")
    if args.json:
        args.json.write_text(json.dumps([asdict(each) for each in results], indent=1) + "\n")
    if args.write:
        PAGE.write_text(page(results, short=args.short), encoding="utf-8")
    return 0 if results and all(result.good for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
