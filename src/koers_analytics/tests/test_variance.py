"""Do the effects of a variance add up to the difference, by every division, and as the book counts?"""

import tempfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from koers_analytics.economics.turnover import Dimension, turnover
from koers_analytics.economics.variance import Effect, Measure, Within, variance
from koers_analytics.filters import FactFilter
from koers_analytics.formulas import run_formula
from koers_analytics.tests.world import company, facts, line

THEN, NOW = date(2025, 3, 1), date(2026, 3, 1)
BEFORE = FactFilter(start=date(2025, 1, 1), end=date(2026, 1, 1))
AFTER = FactFilter(start=date(2026, 1, 1), end=date(2027, 1, 1))
SMALL = {
    "sbu": [{"sbu_id": 5, "name": "Industry"}],
    "company": [company(1, owner_id=7, segment="Retail"), company(2, owner_id=8), company(3)],
    "product": [
        {"product_id": 1, "code": "A", "name": "Pump", "group_id": 11, "group_name": "Pumps", "sbu_id": 5},
        {"product_id": 2, "code": "B", "name": "Hose", "group_id": 12, "group_name": "Hoses"},
        {"product_id": 3, "code": "C", "name": "Tap", "group_id": 12, "group_name": "Hoses"},
    ],
    "person": [{"person_id": 7, "name": "Ann"}, {"person_id": 8, "name": "Cora"}],
}  # fmt: skip


def sold(order, day, product, pieces, price, buyer=1, cost=None, **more):
    """A line of so many pieces at a price, with the cost of a piece."""
    return line(
        order, day, buyer, pieces * price, product_id=product, quantity_e4=pieces * 10_000,
        cost_e4=None if cost is None else pieces * cost * 10_000, seller_id=7, **more,
    )  # fmt: skip


def effects(found, row=None):
    """Effects that are not nothing."""
    return {str(name): value for name, value in (row or found.total).effects.items() if value}


def test_one_product_gives_the_price_and_volume_variance_of_the_book(tmp_path):
    store = facts(tmp_path, [sold(1, THEN, 1, 1000, 50), sold(2, NOW, 1, 1100, 48)], **SMALL)
    total = variance(store, BEFORE, AFTER, by=Dimension.PRODUCT).total
    assert [total.effects[Effect.PRICE], total.volume, total.change] == run_formula(
        "F9.16", {"pb": 50, "qb": 1000, "pa": 48, "qa": 1100}
    )
    assert (total.price_before, total.price_after) == (50, 48)


def test_two_products_give_the_mix_and_quantity_variance_of_the_book(tmp_path):
    lines = [
        sold(1, THEN, 1, 600, 60, cost=40), sold(1, THEN, 2, 400, 30, cost=20, place=1),
        sold(2, NOW, 1, 500, 60, cost=40), sold(2, NOW, 2, 600, 30, cost=20, place=1),
    ]  # fmt: skip
    found = variance(facts(tmp_path, lines, **SMALL), BEFORE, AFTER, measure=Measure.CONTRIBUTION)
    assert [found.total.effects[Effect.MIX], found.total.effects[Effect.QUANTITY]] == run_formula(
        "F9.17", {"b": [600, 400], "a": [500, 600], "cm": [20, 10]}
    )
    assert effects(found) == {"mix": -1600, "quantity": 1600}


def test_customers_and_products_that_came_or_went_are_apart_from_price_and_volume(tmp_path):
    lines = [
        sold(1, THEN, 1, 10, 50), sold(1, THEN, 2, 4, 20, place=1), sold(2, THEN, 1, 3, 50, buyer=2),
        sold(3, NOW, 1, 10, 55), sold(3, NOW, 3, 2, 7, place=1), sold(4, NOW, 1, 2, 60, buyer=3),
        line(5, NOW, 1, 9, seller_id=7),
    ]  # fmt: skip
    found = variance(facts(tmp_path, lines, **SMALL), BEFORE, AFTER, by=Dimension.PRODUCT)
    assert effects(found) == {
        "new_customers": 120, "lost_customers": -150, "products_added": 14, "products_dropped": -80,
        "price": 50, "not_comparable": 9,
    }  # fmt: skip
    assert (found.total.before, found.total.after, found.total.change) == (730, 693, -37)


def test_a_rise_of_the_unit_cost_lowers_the_contribution_by_itself(tmp_path):
    lines = [sold(1, THEN, 1, 10, 50, cost=30), sold(2, NOW, 1, 12, 50, cost=33), sold(3, NOW, 1, 1, 50)]  # fmt: skip
    found = variance(facts(tmp_path, lines, **SMALL), BEFORE, AFTER, measure=Measure.CONTRIBUTION)
    assert effects(found) == {"quantity": 40, "cost": -36}
    assert found.lines_without_cost == 1


def test_the_exchange_rate_is_what_the_same_sales_bring_less_at_the_rate_of_before(tmp_path):
    rates = [
        {"currency": "USD", "date": date(2025, 1, 1), "rate_e8": 80_000_000, "base": "EUR"},
        {"currency": "USD", "date": date(2026, 1, 1), "rate_e8": 90_000_000, "base": "EUR"},
    ]
    lines = [
        sold(1, THEN, 1, 100, 10, currency="USD"), sold(2, NOW, 1, 100, 11, currency="USD"),
        sold(3, NOW, 1, 5, 8, currency="GBP"),
    ]  # fmt: skip
    found = variance(facts(tmp_path, lines, rate=rates, **SMALL), BEFORE, AFTER)
    assert effects(found) == {"price": 80, "exchange_rate": 110}
    assert [(row.key, row.change) for row in found.rows] == [("USD", 190)]


def test_a_group_is_judged_by_the_customers_of_the_whole(tmp_path):
    lines = [sold(1, THEN, 1, 10, 50), sold(2, NOW, 1, 10, 50), sold(2, NOW, 3, 2, 7, place=1)]
    found = variance(
        facts(tmp_path, lines, **SMALL), BEFORE, AFTER, by=Dimension.COMPANY,
        within=Within(Dimension.GROUP, 12),
    )  # fmt: skip
    assert [(row.key, effects(found, row)) for row in found.rows] == [(1, {"products_added": 14})]
    assert effects(found) == {"products_added": 14}


def test_nothing_sold_is_no_variance(tmp_path):
    found = variance(facts(tmp_path, [sold(1, THEN, 1, 1, 1)]), AFTER, AFTER, by=Dimension.SELLER)
    assert (found.rows, effects(found), found.total.change) == ((), {}, 0)


DIVISIONS = [None, Dimension.PRODUCT, Dimension.GROUP, Dimension.SELLER, Dimension.COMPANY, Dimension.SBU]  # fmt: skip
sales = st.builds(
    lambda day, product, pieces, cents, buyer, seller, cost: {
        "day": day, "product_id": product, "quantity_e4": pieces * 10_000, "net_e4": cents * 100 * pieces,
        "company": buyer, "seller_id": seller, "cost_e4": None if cost is None else cost * 100 * pieces,
    },
    st.sampled_from([THEN, NOW]), st.sampled_from([1, 2, 3, None]), st.integers(-3, 9),
    st.integers(1, 9_999), st.sampled_from([1, 2, 3, None]), st.sampled_from([7, 8, None]),
    st.one_of(st.none(), st.integers(1, 5_000)),
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.lists(sales, min_size=1, max_size=25), st.sampled_from(list(Measure)))
def test_effects_add_up_to_the_cent_along_rows_and_columns_of_every_division(found, measure):
    lines = [
        line(place, one["day"], one["company"], 0, **{k: v for k, v in one.items() if k not in ("day", "company")})
        for place, one in enumerate(found)
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        store = facts(Path(folder), lines, **SMALL)
        answers = [variance(store, BEFORE, AFTER, by=by, measure=measure) for by in DIVISIONS]
        sums = [turnover(store, flt).total for flt in (BEFORE, AFTER)]
    first = answers[0].total
    measured = [
        one.turnover if measure is Measure.TURNOVER else one.contribution or 0 for one in sums
    ]
    assert [first.before, first.after] == measured
    for answer in answers:
        assert answer.total.effects == first.effects
        for row in (*answer.rows, answer.total):
            assert sum(row.effects.values()) == row.change
            assert all(value == value.quantize(Decimal("0.01")) for value in row.effects.values())
        for name in Effect:
            assert sum(row.effects[name] for row in answer.rows) == first.effects[name]
        assert sum(row.before for row in answer.rows) == first.before


@pytest.mark.parametrize("effect", list(Effect))
def test_every_effect_of_a_group_is_found_again_in_its_products(tmp_path, effect):
    lines = [
        sold(place, day, product, 3 + place % 4, 7 + place % 5, buyer=1 + place % 3)
        for place, (day, product) in enumerate([(THEN, 1), (THEN, 2), (NOW, 2), (NOW, 3), (THEN, 2), (NOW, 1), (NOW, 2), (THEN, 3)])
    ]  # fmt: skip
    store = facts(tmp_path, lines, **SMALL)
    for row in variance(store, BEFORE, AFTER, by=Dimension.GROUP).rows:
        inner = variance(store, BEFORE, AFTER, by=Dimension.PRODUCT, within=Within(Dimension.GROUP, row.key))  # fmt: skip
        assert inner.total == row
        assert sum(each.effects[effect] for each in inner.rows) == row.effects[effect]
