"""Runs the check of one row, or one of its controls, in this process."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

import django
from django.conf import settings

from trust.row import row_of


def main() -> int:
    """Write what was found as JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("number", type=int)
    parser.add_argument("answer", type=Path)
    parser.add_argument("--control", default="")
    parser.add_argument("--short", action="store_true")
    args = parser.parse_args()
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES["staticfiles"] = {"BACKEND": plain}  # pages name their files as they are
    django.setup()
    row = row_of(args.number)
    check = row.controls[args.control] if args.control else row.measure
    args.answer.write_text(json.dumps(asdict(check(args.short))), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
