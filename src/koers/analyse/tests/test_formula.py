"""Does the app's door to the formulas give them, and refuse in words the user can act on?"""

import json
import subprocess
import sys

import pytest

from koers.analyse.figures import formula as figures
from koers.core.errors import RuleError


def test_the_list_holds_every_formula_with_names_in_both_languages():
    found = figures.formula_list()
    assert len(found) == 108
    assert [(f.id, f.name_en, f.name_nl) for f in found if f.id == "FO.3"] == [
        ("FO.3", "Conversion", "Conversie")
    ]


def test_one_formula_carries_inputs_outputs_and_its_worked_example():
    franke = figures.formula_of("F6.1")
    assert [field.key for field in franke.inputs] == ["K", "B", "R", "W", "G", "U", "D"]
    assert [(part.en, part.unit) for part in franke.outputs] == [
        ("needed", "reps"),
        ("rounded up", "reps"),
    ]
    assert franke.example_result == [5.625, 6]


def test_an_unknown_formula_is_refused_as_not_found_with_ids_that_look_like_it():
    with pytest.raises(figures.UnknownFormulaError, match=r"did you mean F6\.1") as refusal:
        figures.compute("F6.1x", {})
    assert refusal.value.status == 404
    assert isinstance(refusal.value, RuleError)


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        ({"p": 0.5}, "needs impact"),
        ({"p": 2, "impact": 3}, "outside 0 to 1"),
        ([1, 2], "by name"),
    ],
)
def test_bad_inputs_are_refused_with_the_field_named(inputs, said):
    with pytest.raises(figures.FormulaInputRefusedError, match=said) as refusal:
        figures.compute("F3.1", inputs)
    assert refusal.value.status == 400


def test_the_console_computes_a_formula():
    inputs = {"K": 600, "B": 10, "R": 0.5, "W": 0.25, "G": 0.75, "U": 8, "D": 200}
    done = subprocess.run(
        [sys.executable, "-m", "koers.config", "formula", "run", "F6.1", "--input", json.dumps(inputs)],
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert (done.returncode, json.loads(done.stdout)) == (0, {"id": "F6.1", "result": [5.625, 6]})
