"""Do the formulas give the 108 results that were computed apart from this program?"""

import json

import pytest
from tests.beside import SHARED, beside

from koers_analytics.formulas import FORMULAS, run_formula

ORACLE = SHARED / ".." / "formulas.jsonl"
LINES = (
    [json.loads(line) for line in ORACLE.read_text(encoding="utf-8").splitlines() if line.strip()]
    if ORACLE.exists()
    else []
)
pytestmark = pytest.mark.shared_data


def agrees(found, expected, tolerance):
    if isinstance(expected, list):
        return (
            isinstance(found, list)
            and len(found) == len(expected)
            and all(agrees(*pair, tolerance) for pair in zip(found, expected, strict=True))
        )
    if isinstance(expected, str):
        return found == expected
    return isinstance(found, (int, float)) and abs(found - expected) <= tolerance * max(
        1, abs(expected)
    )


def test_the_oracle_is_there_and_lists_the_register_in_order():
    beside("../formulas.jsonl")
    assert [line["id"] for line in LINES] == list(FORMULAS)
    assert len(LINES) == 108


@pytest.mark.parametrize("line", LINES, ids=[line["id"] for line in LINES])
def test_the_result_agrees_with_the_oracle_in_shape_and_within_tolerance(line):
    found = run_formula(line["id"], line["inputs"])
    assert agrees(found, line["expected"], line["tol"]), (found, line["expected"])
    assert FORMULAS[line["id"]].example == line["inputs"]
