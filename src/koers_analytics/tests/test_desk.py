"""Do the calculators of the economics desk give the book's answers, and bend as they should?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from koers_analytics.economics.desk import BY_KEY, CALCULATORS, answers_of, bent, curve_of

BREAK_EVEN = {"turnover": 500_000, "orders": 10_000, "share": 0.4, "fixed": 120_000, "profit": 40_000}  # fmt: skip


@pytest.mark.parametrize(
    ("key", "values", "expected"),
    [
        ("break_even", BREAK_EVEN,
         {"break_even": 300_000, "break_even_orders": 6_000, "target": 400_000, "target_orders": 8_000, "safety": 0.4, "result": 80_000}),
        ("discount", {"turnover": 1_000, "share": 0.3, "discount": 0.1},
         {"extra_units": 0.5, "extra_turnover": 0.35, "extra_amount": 350, "given_away": 100}),
        ("price_rise", {"turnover": 1_000, "share": 0.3, "rise": 0.1}, {"bearable": 0.25, "floor": 825, "gain": 100}),
        ("cash_discount", {"paid": 36_500, "discount": 0.02, "due": 30, "early": 10, "rate": 0.1},
         {"yearly": 0.37244898, "costs": 730, "interest": 196, "balance": -534}),
        ("price", {"unit_cost": 60, "margin": 0.4, "vat": 0.21}, {"price": 100, "mark_up": 2 / 3, "price_with_vat": 121}),
        ("project", {"invest": 10_000, "extra": 20_000, "share": 0.25, "running": 1_000, "years": 3, "rate": 0.1},
         {"npv": -52.5920361, "cash": 4_000, "needed_extra": 20_084.592145, "payback": 2.5}),
        ("visit_cost", {"cost": 90_000, "visits": 800, "orders": 200, "turnover": 400_000, "share": 0.25},
         {"per_visit": 112.5, "per_order": 450, "break_even": 360_000, "brings": 125}),
        ("serving", {"turnover": 10_000, "share": 0.3, "visits": 12, "visit_cost": 112.5, "orders": 20, "order_cost": 15},
         {"left": 1_350, "contribution": 3_000, "serving": 1_650, "left_share": 0.135, "break_even": 5_500}),
    ],
)  # fmt: skip
def test_worked_examples(key, values, expected):
    assert answers_of(BY_KEY[key], values) == pytest.approx(expected, rel=1e-8)


def test_a_missing_input_empties_only_the_answers_that_need_it():
    found = answers_of(BY_KEY["break_even"], BREAK_EVEN | {"orders": None})
    assert {key for key, value in found.items() if value is None} == {
        "break_even_orders",
        "target_orders",
    }
    assert set(answers_of(BY_KEY["break_even"], {}).values()) == {None}


@pytest.mark.parametrize(
    ("key", "values", "empty"),
    [
        ("break_even", BREAK_EVEN | {"share": 0}, {"break_even", "break_even_orders", "target", "target_orders", "safety"}),
        ("break_even", BREAK_EVEN | {"orders": 0}, {"break_even_orders", "target_orders"}),
        ("discount", {"turnover": 9, "share": 0.1, "discount": 0.1}, {"extra_units", "extra_turnover", "extra_amount"}),
        ("cash_discount", {"paid": 9, "discount": 0.02, "due": 10, "early": 10, "rate": 0.1}, {"yearly"}),
        ("project", {"invest": 9, "extra": 0, "share": 0.3, "running": 5, "years": 0, "rate": 0.1}, {"needed_extra", "payback"}),
        ("visit_cost", {"cost": 9, "visits": 0, "orders": 0, "turnover": 9, "share": 0.3}, {"per_visit", "per_order", "brings"}),
    ],
)  # fmt: skip
def test_what_means_nothing_is_none_and_never_zero(key, values, empty):
    found = answers_of(BY_KEY[key], values)
    assert {name for name, value in found.items() if value is None} == empty


def test_bending_changes_one_input_and_keeps_a_share_within_bounds():
    found = bent(BY_KEY["break_even"], BREAK_EVEN, "fixed")
    assert [each["break_even"] for each in found] == pytest.approx([240_000, 270_000, 300_000, 330_000, 360_000])  # fmt: skip
    high = bent(BY_KEY["break_even"], BREAK_EVEN | {"share": 0.95}, "share")
    assert high[-1]["break_even"] == 120_000
    assert bent(BY_KEY["break_even"], BREAK_EVEN | {"fixed": None}, "fixed")[0]["break_even"] is None  # fmt: skip


def test_the_lines_of_the_break_even_chart_cross_at_break_even():
    curve = curve_of(BY_KEY["break_even"], BREAK_EVEN)
    gaps = [
        contribution - fixed
        for contribution, fixed in zip(
            curve.lines["contribution"], curve.lines["fixed"], strict=True
        )
    ]
    assert [gap > 0 for gap in gaps] == [x > 300_000 for x in curve.x]
    assert curve_of(BY_KEY["break_even"], BREAK_EVEN | {"fixed": None}) is None
    assert curve_of(BY_KEY["price"], {}) is None


def test_the_curve_of_a_project_ends_at_its_present_value():
    values = {"invest": 10_000, "extra": 20_000, "share": 0.25, "running": 1_000, "years": 3, "rate": 0.1}  # fmt: skip
    line = curve_of(BY_KEY["project"], values).lines["npv"]
    assert (line[0], line[-1]) == pytest.approx((-10_000, -52.5920361))


@given(share=st.floats(0.05, 0.95), rate=st.floats(0.01, 0.9))
def test_a_discount_made_up_for_leaves_contribution_as_it_was(share, rate):
    discount = share * rate
    extra = answers_of(BY_KEY["discount"], {"turnover": 1, "share": share, "discount": discount})["extra_units"]  # fmt: skip
    assert (1 + extra) * (share - discount) == pytest.approx(share)


@given(extra=st.floats(1, 1e6), invest=st.floats(1, 1e6), years=st.integers(1, 20), rate=st.floats(0, 0.5))  # fmt: skip
def test_the_turnover_a_project_needs_brings_its_present_value_to_nought(
    extra, invest, years, rate
):
    values = {"invest": invest, "extra": extra, "share": 0.3, "running": 10, "years": years, "rate": rate}  # fmt: skip
    needed = answers_of(BY_KEY["project"], values)["needed_extra"]
    assert answers_of(BY_KEY["project"], values | {"extra": needed})["npv"] == pytest.approx(0, abs=1e-6 * invest)  # fmt: skip


def test_every_answer_needs_only_inputs_that_are_asked():
    for calculator in CALCULATORS:
        asked = {ask.key for ask in calculator.asks}
        assert calculator.vary in asked
        assert {need for answer in calculator.answers for need in answer.needs} <= asked
        assert set(calculator.curve_needs) <= asked
