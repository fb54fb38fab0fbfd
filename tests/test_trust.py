"""Does every promise of the scoreboard hold in its short form, and does every broken variant turn red?"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from trust.page import page, table
from trust.row import MODULES, NOT_MEASURED, Control, Result

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.slow
@pytest.mark.parametrize("number", sorted(MODULES))
def test_the_promise_holds_and_its_broken_variants_are_caught(number, tmp_path):
    database = "postgresql" if os.environ.get("KOERS_DATABASE_URL") else "sqlite"
    answer = tmp_path / "answer.json"
    done = subprocess.run(
        [sys.executable, "-m", "trust", "--short", "--database", database, "--rows", str(number), "--json", str(answer)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if "There is no row for this database" in done.stdout:
        pytest.skip("measured on the other database")
    found = [Result(**each) for each in json.loads(answer.read_text(encoding="utf-8"))]
    broken = [(each.value, each.controls) for each in found if not each.held or not all(one["caught"] for one in each.controls)]  # fmt: skip
    assert (done.returncode, broken) == (0, []), done.stderr


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
