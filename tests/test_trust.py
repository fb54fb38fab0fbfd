"""Does every promise of the scoreboard hold in its short form, and does every broken variant turn red?"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from trust.page import page, table
from trust.row import MODULES, NOT_MEASURED, Control, Result, row_of

ROOT = Path(__file__).resolve().parents[1]
DATABASE = "postgresql" if os.environ.get("KOERS_DATABASE_URL") else "sqlite"


@pytest.fixture(scope="module")
def scoreboard(request, tmp_path_factory):
    """The rows that were asked for, measured on one migrated database."""
    asked = [item.callspec.params["number"] for item in request.session.items if item.path == request.path and hasattr(item, "callspec")]  # fmt: skip
    answer = tmp_path_factory.mktemp("trust") / "answer.json"
    done = subprocess.run(
        [sys.executable, "-m", "trust", "--short", "--database", DATABASE, "--rows", ",".join(map(str, asked)), "--json", str(answer)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert answer.is_file(), done.stderr
    found = [Result(**each) for each in json.loads(answer.read_text(encoding="utf-8"))]
    return {each.number: each for each in found}, done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("number", sorted(MODULES))
def test_the_promise_holds_and_its_broken_variants_are_caught(number, scoreboard):
    found, said = scoreboard
    if DATABASE not in row_of(number).databases:
        pytest.skip("measured on the other database")
    row = found[number]
    assert (row.held, [each for each in row.controls if not each["caught"]]) == (True, []), f"{row.value}\n{said}"  # fmt: skip
    assert row.controls


def result(**more):
    values = {
        "number": 1, "name": "Kill", "goal": "0 lost", "database": "sqlite", "value": "0 lost", "held": True,
        "seconds": 1.0, "controls": (Control("broken", caught=True, value="3 lost"),),
    }  # fmt: skip
    return Result(**(values | more))


def test_a_row_whose_broken_variant_stays_green_is_not_good():
    assert result().good
    assert not result(controls=(Control("broken", caught=False, value="0 lost"),)).good
    assert not result(controls=()).good
    assert not result(held=False).good


def test_what_was_not_measured_is_named_and_never_as_held():
    text = page([result()], short=True)
    missing = text.split("## Not measured")[1]
    assert all(f"| {number} |" in missing for number in NOT_MEASURED)
    assert "yes" not in missing
    assert table([result(held=False)]).count("**no**") == 1


def test_every_number_of_the_scoreboard_is_measured_or_named_as_not_measured():
    assert sorted({*MODULES, *NOT_MEASURED}) == list(range(1, 18))
    assert not MODULES.keys() & NOT_MEASURED.keys()
