"""Does every formula keep the rules: shape, examples, zero denominators, weights, refusals?"""

import itertools
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from koers_analytics.formulas import (
    FORMULAS,
    FormulaInputError,
    FormulaNotFoundError,
    get_formula,
    run_formula,
)

EVERY = sorted(FORMULAS)
WEIGHTED = {"F1.3": "w", "F2.1": "w", "F5.5": "w", "F7.1": "w", "F8.8": "w", "F11.1": "w"}
GUIDE = Path(__file__).parents[3] / "docs" / "figures" / "formulas.md"
ZERO: dict[str, Any] = {
    "F1.5": ({"delta_CE": 5, "E": 0}, None),
    "F2.2": ({"x": 1, "lo": 2, "hi": 2}, None),
    "F2.7": ({"profit": 5, "turnover": 0}, None),
    "F2.8": ({"p": 0, "n": 3}, [None, None, 0]),
    "F2.9": ({"target": 100, "avg": 10, "win": 0, "quote": 1, "appt": 1}, [10, None, None, None]),
    "F3.3": ({"users": 3, "potential": 0}, None),
    "F3.4": ({"own": 3, "market": 0, "largest": 0}, [None, None]),
    "F4.1": ({"y": [5], "k": 2}, [None, None, None]),
    "F4.2": ({"first": 0, "last": 5, "periods": 1}, [None, None]),
    "F4.4": ({"q": [0] * 8}, [None] * 4),
    "F4.5": ({"q": [0] * 8}, [None] * 4),
    "F4.6": ({"A": [0, 2], "F": [0, 2]}, [0, None, 0, 0, None, 0]),
    "F4.10": ({"x": [0]}, [0, 0, None]),
    "F5.1": ({"S": 0, "N": 1, "E": 1}, [None, None]),
    "F5.2": ({"r": 1}, None),
    "F6.1": ({"K": 1, "B": 1, "R": 1, "W": 1, "G": 1, "U": 0, "D": 200}, [None, None]),
    "F6.3": ({"K": [1], "B": [1], "u": [1], "cap": 0}, [1, None, None]),
    "F6.4": ({"t": 0, "b": 1, "j": 1, "K": 2, "f": 3}, [0, 6, None]),
    "F6.6": ({"turnover": 100, "pct": 0.5, "cost": 0}, [50, None, None]),
    "F6.8": ({"load": [0, 0]}, [None, None]),
    "F6.9": ({"s0": 1, "smax": 2, "g": 1, "d": 0, "x": [0, 1]}, [None, 2]),
    "F6.13": ({"cost": 10, "visits": 0, "cm": 0}, [None, None]),
    "F7.3": ({"infl": [0], "stance": [1], "met": [1]}, [None, None]),
    "F7.4": ({"low": 0, "ours": 0, "wp": 40, "q": 1, "wq": 60}, [None, None]),
    "F8.2": ({"goal": 5, "days": 0, "hours": 6, "rate": 3}, [None, None]),
    "F8.4": ({"att": 100, "i": 1, "v": 1, "h": 0, "per": 5}, [100, None, None]),
    "F8.6": ({"cost": 10, "contacts": 0, "leads": 5, "orders": 0}, [None, 2, None]),
    "F9.1": ({"C": 10, "p": 3, "v": 3}, [None, None]),
    "F9.2": ({"C": 10, "cm": 0}, None),
    "F9.4": ({"sales": 0, "be": 1}, None),
    "F9.5": ({"cm": 0.1, "d": 0.1}, [None, None]),
    "F9.5b": ({"cm": 0.1, "d": 0.2}, None),
    "F9.6": ({"cm": 0, "i": 0}, None),
    "F9.7": ({"disc": 0.02, "due": 10, "early": 10}, None),
    "F9.8": ({"cost": 1, "margin": 1, "vat": 0}, [None, None, None]),
    "F9.11": ({"n": 1, "r": 1, "m": 1}, None),
    "F9.12": ({"m": 1, "r": 1, "i": 0}, [None, None]),
    "F9.17": ({"b": [0], "a": [1], "cm": [1]}, [None, None]),
    "F11.2": ({"pre": 9, "post": 9, "max": 9}, None),
    "F12.2": ({"order": 0, "advance": 0, "cont": 0, "nosale": 0}, None),
    "F12.3": ({"n": 1, "win": 1, "value": 1, "days": 0}, None),
    "F13.2": ({"price_fx": 0, "rate": 1, "cost": 1}, [0, -1, None]),
    "FO.1": ({"visitors": 1, "reach": 0}, None),
    "FO.4": ({"unpaid": 0, "orders": 0}, None),
}  # fmt: skip


def test_the_register_holds_108_formulas_in_the_order_of_the_chapters():
    assert len(FORMULAS) == 108
    assert [name for name in FORMULAS if name.startswith("F9")] == [
        *("F9.1", "F9.2", "F9.3", "F9.4", "F9.5", "F9.5b"),
        *(f"F9.{number}" for number in range(6, 21)),
    ]


@pytest.mark.parametrize("name", EVERY)
def test_every_formula_runs_on_its_own_example_and_explains_itself_in_two_languages(name):
    formula = FORMULAS[name]
    result = formula.run(formula.example)
    parts = result if len(formula.outputs) > 1 else [result]
    assert len(parts) == len(formula.outputs)
    assert None not in parts
    assert formula.explain_en != formula.explain_nl
    for text in (formula.explain_en, formula.explain_nl, formula.expression, formula.source):
        assert text.strip() == text != ""


@pytest.mark.parametrize("name", EVERY)
def test_unknown_and_missing_inputs_are_named(name):
    example = FORMULAS[name].example
    with pytest.raises(FormulaInputError, match="no input zebra"):
        run_formula(name, {**example, "zebra": 1})
    first = next(iter(example))
    with pytest.raises(FormulaInputError, match=f"needs {first} "):
        run_formula(name, {key: value for key, value in example.items() if key != first})


@pytest.mark.parametrize("bad", [math.nan, math.inf, True, "5", 1e19, [1], None])
def test_what_is_no_usable_number_is_refused(bad):
    with pytest.raises(FormulaInputError, match=r"F6\.1"):
        run_formula("F6.1", {**FORMULAS["F6.1"].example, "K": bad})
    with pytest.raises(FormulaInputError, match=r"F5\.4"):
        run_formula("F5.4", {"scores": [9, bad]})


@pytest.mark.parametrize("name", sorted(ZERO))
def test_a_denominator_of_zero_gives_none(name):
    inputs, expected = ZERO[name]
    assert run_formula(name, inputs) == expected


@pytest.mark.parametrize("name", sorted(WEIGHTED))
def test_weights_that_do_not_total_one_are_refused(name):
    example = FORMULAS[name].example
    weights = example[WEIGHTED[name]]
    with pytest.raises(FormulaInputError, match="must total 1"):
        run_formula(name, {**example, WEIGHTED[name]: [weights[0] - 0.01, *weights[1:]]})
    almost = [weights[0] - 0.0005, *weights[1:]]
    assert run_formula(name, {**example, WEIGHTED[name]: almost}) is not None


@pytest.mark.parametrize(("name", "key"), [("F2.1b", "w"), ("F7.4", "wp")])
def test_weights_that_do_not_total_a_hundred_are_refused(name, key):
    example = FORMULAS[name].example
    wrong = [10, *example[key][1:]] if isinstance(example[key], list) else 30
    with pytest.raises(FormulaInputError, match="must total 100"):
        run_formula(name, {**example, key: wrong})


@pytest.mark.parametrize(
    ("name", "key"),
    [("F4.6", "A"), ("F4.7", "v"), ("F5.3", "r"), ("F6.2", "K"), ("F6.3", "u"), ("F7.3", "met"), ("F9.17", "cm")],
)  # fmt: skip
def test_lists_of_unequal_length_are_refused(name, key):
    example = FORMULAS[name].example
    with pytest.raises(FormulaInputError, match="equally long"):
        run_formula(name, {**example, key: example[key][:-1]})


@pytest.mark.parametrize(
    ("name", "inputs", "said"),
    [
        ("F3.2", {"shares": [60, 50]}, "holds 100 %"),
        ("F4.4", {"q": [1] * 7}, "at least 8"),
        ("F4.11", {"a": 3, "m": 2, "b": 4}, "rising order"),
        ("F6.5", {"work": 10, "leave": 9, "sick": 2, "nonsales": 0}, "more days"),
        ("F7.4", {"low": 2, "ours": 1, "wp": 40, "q": 1, "wq": 60}, "cannot be above ours"),
        ("F10.1", {"able": 0.5, "willing": 1, "version": "SLT"}, "0 \\(no\\) or 1"),
        ("F10.1", {"able": 1, "willing": 1, "version": "SLX"}, "not one of SLT, SLII"),
        ("FO.5", {"price": 10.5, "feebp": 1}, "whole cents"),
    ],
)
def test_inputs_that_contradict_themselves_are_refused_with_the_reason(name, inputs, said):
    with pytest.raises(FormulaInputError, match=said):
        run_formula(name, inputs)


def test_mape_is_none_when_an_actual_is_zero_but_wape_is_not():
    assert run_formula("F4.6", {"A": [0, 10], "F": [5, 10]})[1:3] == [None, 50.0]


def test_slii_begins_with_the_willing_beginner():
    levels = [(0, 1), (0, 0), (1, 0), (1, 1)]
    found = [
        run_formula("F10.1", {"able": able, "willing": willing, "version": "SLII"})
        for able, willing in levels
    ]
    assert found == ["S1", "S2", "S3", "S4"]


def test_heads_are_not_rounded_up_by_the_last_binary_digit():
    inputs = {"K": [3], "B": [1], "u": [0.1], "cap": 0.1}
    assert run_formula("F6.3", inputs)[2] == 3
    assert run_formula("F6.6", {"turnover": 100, "pct": 0.29, "cost": 1})[2] == 29


def test_a_buyer_without_repeat_purchase_is_surely_active_under_bgnbd():
    inputs = {**FORMULAS["F9.20"].example, "x": 0, "tx": 0}
    assert run_formula("F9.20", inputs)[0] == 1.0


def test_an_unknown_id_names_the_ids_that_look_like_it():
    with pytest.raises(FormulaNotFoundError, match=r"F6\.1"):
        get_formula("F6.1x")
    assert isinstance(FormulaNotFoundError("x"), LookupError)


def test_the_register_loads_no_number_cruncher():
    code = "import sys, koers_analytics.formulas; print(sorted({'numpy','scipy','django'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_formula_stands_in_the_guide_with_its_names_and_function():
    text = GUIDE.read_text(encoding="utf-8")
    for formula in FORMULAS.values():
        place = f"{formula.function.__module__}.{formula.function.__name__}"
        row = f"| {formula.id} | {formula.en} | {formula.nl} | `{place}` |"
        assert text.count(row) == 1, row


def usable(field):
    if field.kind == "text":
        return st.sampled_from(field.choices)
    low = -1e4 if field.low is None else field.low
    high = 1e4 if field.high is None else min(field.high, 1e4)
    one = st.floats(low, high, allow_nan=False) | st.integers(math.ceil(low), math.floor(high))
    if field.kind == "number":
        return one
    size = len(field.example)
    if field.kind == "list":
        return st.lists(one, min_size=size, max_size=size)
    width = len(field.example[0])
    return st.lists(st.lists(one, min_size=width, max_size=width), min_size=size, max_size=size)


@pytest.mark.parametrize("name", EVERY)
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_inputs_in_range_give_a_result_or_a_refusal_and_nothing_else(name, data):
    formula = FORMULAS[name]
    inputs = {field.key: data.draw(usable(field)) for field in formula.inputs}
    try:
        result = formula.run(inputs)
    except FormulaInputError:
        return
    assert (len(result) if len(formula.outputs) > 1 else 1) == len(formula.outputs)


@given(n=st.integers(0, 10**9))
def test_pyramid_layers_total_the_customers(n):
    sizes = run_formula("F2.4", {"n": n, "cut": [0.01, 0.05, 0.2]})
    assert sum(sizes) == n
    assert min(sizes) >= 0


@given(
    steps=st.lists(st.lists(st.integers(0, 50), min_size=1, max_size=4), min_size=1, max_size=4),
    budget=st.integers(0, 10),
)
def test_greedy_allocation_equals_exhaustive_search_for_concave_responses(steps, budget):
    rows = [[0, *itertools.accumulate(sorted(gains, reverse=True))] for gains in steps]
    best = max(
        sum(row[made] for row, made in zip(rows, choice, strict=True))
        for choice in itertools.product(*(range(len(row)) for row in rows))
        if sum(choice) <= budget
    )
    visits, total = run_formula("F6.10", {"resp": rows, "B": budget})
    assert total == best
    assert sum(visits) <= budget
    assert total == sum(row[made] for row, made in zip(rows, visits, strict=True))


@given(*(st.integers(0, 10**6) for _ in range(4)))
def test_price_and_volume_variance_add_up_to_the_whole_difference(pb, qb, pa, qa):
    price, volume, total = run_formula("F9.16", {"pb": pb, "qb": qb, "pa": pa, "qa": qa})
    assert price + volume == total == pa * qa - pb * qb


@given(price=st.integers(0, 10**12), feebp=st.integers(0, 10_000))
def test_fee_and_payout_total_the_price_with_the_fee_rounded_half_up(price, feebp):
    fee, net = run_formula("FO.5", {"price": price, "feebp": feebp})
    assert fee + net == price
    assert -5_000 < fee * 10_000 - price * feebp <= 5_000


@given(q=st.lists(st.integers(1, 10**6), min_size=8, max_size=24))
def test_seasonal_indices_total_four(q):
    assert math.isclose(math.fsum(run_formula("F4.4", {"q": q})), 4, rel_tol=1e-12)


@given(customers=st.integers(0, 10**5), visits=st.integers(0, 60), days=st.integers(1, 250))
def test_franke_rounds_heads_up_to_the_next_whole_person(customers, visits, days):
    inputs = {"K": customers, "B": visits, "R": 0.5, "W": 0.25, "G": 0.75, "U": 8, "D": days}
    exact, heads = run_formula("F6.1", inputs)
    assert heads == -(-customers * visits * 3 // (16 * days))
    assert exact == customers * visits * 1.5 / (8 * days)
