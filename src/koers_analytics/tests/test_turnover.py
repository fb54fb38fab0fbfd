"""Does turnover add up by every dimension, with margins over known costs only?"""

import tempfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from koers_analytics.economics.turnover import Dimension, UnknownOrderError, lines, turnover
from koers_analytics.filters import FactFilter
from koers_analytics.tests.world import company, facts, line

JAN, FEB = date(2026, 1, 10), date(2026, 2, 10)
LINES = [
    line(1, JAN, 1, 100, cost_e4=600_000, seller_id=7, product_id=1),
    line(1, JAN, 1, 50, seller_id=7, product_id=2, place=1),
    line(2, FEB, 2, 200, cost_e4=2_500_000, seller_id=8, product_id=1, discount_e4=500_000, list_e4=2_500_000),
    line(3, FEB, 2, -40, cost_e4=-200_000, seller_id=8, product_id=1, is_credit=True),
    line(4, FEB, None, 30, seller_id=8),
    line(5, FEB, 1, 9, kind="fee", seller_id=7),
    line(6, FEB, 1, None, seller_id=7),
]  # fmt: skip
SMALL = {
    "sbu": [{"sbu_id": 5, "name": "Industry"}],
    "company": [company(1, owner_id=7, segment="Retail"), company(2, owner_id=8)],
    "product": [
        {"product_id": 1, "code": "A", "name": "Pump", "group_id": 11, "group_name": "Pumps", "category_id": 1, "category_name": "Water", "sbu_id": 5},
        {"product_id": 2, "code": "B", "name": "Hose", "group_id": 12, "group_name": "Hoses", "category_id": 1, "category_name": "Water"},
    ],
    "person": [{"person_id": 7, "name": "Ann", "team_id": 1, "team_name": "North"}, {"person_id": 8, "name": "Cora", "team_id": 2, "team_name": "South"}],
}  # fmt: skip


@pytest.fixture
def small(tmp_path):
    return facts(tmp_path, LINES, **SMALL)


def by(found):
    return {row.keys[0]: row.measures.turnover for row in found.rows}


def test_turnover_counts_credit_notes_negative_and_leaves_fees_out(small):
    total = turnover(small, FactFilter()).total
    assert (total.turnover, total.orders, total.lines, total.customers) == (340, 5, 6, 2)


def test_margin_is_contribution_over_the_turnover_with_a_known_cost(small):
    total = turnover(small, FactFilter()).total
    assert (total.costed_turnover, total.cost, total.contribution) == (260, 290, -30)
    assert total.margin == Decimal(-30) / Decimal(260)
    figure = total.margin_figure()
    assert (figure.numerator, figure.denominator, figure.value) == (-30, 260, total.margin)


def test_without_any_known_cost_there_is_no_margin(small):
    figure = turnover(small, FactFilter(product_ids=[2])).total.margin_figure()
    assert (figure.value, figure.numerator, figure.reason_empty) == (None, None, "no_cost")


def test_a_period_excludes_its_end(small):
    assert turnover(small, FactFilter(start=JAN, end=FEB)).total.turnover == 150
    assert turnover(small, FactFilter(start=FEB)).total.turnover == 190


def test_what_is_left_out_is_told(small):
    left = turnover(small, FactFilter()).left_out
    assert (
        left.fee_lines,
        left.fee_amount,
        left.lines_without_customer,
        left.amount_without_customer,
    ) == (1, 9, 1, 30)
    assert (left.credit_lines, left.credit_amount, left.lines_without_rate) == (1, -40, 1)  # fmt: skip


@pytest.mark.parametrize(
    ("dimension", "groups"),
    [
        (Dimension.MONTH, {"2026-01": 150, "2026-02": 190}),
        (Dimension.QUARTER, {"2026-Q1": 340}),
        (Dimension.COMPANY, {1: 150, 2: 160, None: 30}),
        (Dimension.SELLER, {7: 150, 8: 190}),
        (Dimension.TEAM, {1: 150, 2: 190}),
        (Dimension.PRODUCT, {1: 260, 2: 50, None: 30}),
        (Dimension.GROUP, {11: 260, 12: 50, None: 30}),
        (Dimension.CATEGORY, {1: 310, None: 30}),
        (Dimension.SBU, {5: 260, None: 80}),
        (Dimension.SEGMENT, {"Retail": 150, None: 190}),
    ],
)
def test_groups_of_a_dimension_are_as_counted_by_hand(small, dimension, groups):
    assert by(turnover(small, FactFilter(), by=[dimension])) == groups


def test_one_sees_lines_of_own_customers_and_own_sales_only(small):
    assert turnover(small, FactFilter(visible_people=frozenset({7}))).total.turnover == 150
    assert turnover(small, FactFilter(visible_people=frozenset())).total.turnover == 0


def test_a_page_of_groups_tells_how_many_there_are(small):
    page = turnover(small, FactFilter(), by=[Dimension.COMPANY], limit=1, offset=1)
    assert (by(page), page.groups, page.total.turnover) == ({1: 150}, 3, 340)


def test_the_lines_behind_a_figure_add_up_to_it(small):
    found, count = lines(small, FactFilter(company_ids=[2]))
    assert (count, sum(each.net for each in found)) == (2, turnover(small, FactFilter(company_ids=[2])).total.turnover)  # fmt: skip


@pytest.mark.parametrize("order", ["net; DROP TABLE x", "", "cost"])
def test_rows_are_sorted_by_known_columns_only(small, order):
    with pytest.raises(UnknownOrderError):
        turnover(small, FactFilter(), by=[Dimension.MONTH], order=order)
    with pytest.raises(UnknownOrderError):
        lines(small, FactFilter(), order=order)


SALES = st.lists(
    st.tuples(
        st.integers(0, 400), st.sampled_from([1, 2, 3, None]), st.integers(-1000, 1000),
        st.sampled_from([None, -7, 0, 500]), st.sampled_from([1, 2, None]), st.sampled_from([7, 8, None]),
    ),
    max_size=25,
)  # fmt: skip


@settings(max_examples=15, deadline=None)
@given(SALES)
def test_groups_of_any_dimension_partition_the_total(sales):
    rows = [
        line(i, date.fromordinal(date(2025, 1, 1).toordinal() + day), who, net, cost_e4=cost, product_id=product, seller_id=seller)
        for i, (day, who, net, cost, product, seller) in enumerate(sales)
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        reading = facts(Path(folder), rows, **SMALL)
        for dimension in Dimension:
            found = turnover(reading, FactFilter(), by=[dimension])
            groups = [row.measures for row in found.rows]
            assert (
                sum(each.turnover for each in groups)
                == found.total.turnover
                == sum(row[2] for row in sales)
            )
            assert sum(each.lines for each in groups) == found.total.lines == len(sales)
            assert sum(each.cost or 0 for each in groups) == (found.total.cost or 0)
        reading.close()
