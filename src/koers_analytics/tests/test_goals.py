"""Is a goal's progress the part of the way that was gone, and a new customer new?"""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from koers_analytics.filters import FactFilter
from koers_analytics.formulas import run_formula
from koers_analytics.planning.goals import NewCustomers, new_customers, progress
from koers_analytics.tests.world import company, facts, line

START, HALF, END = date(2026, 1, 1), date(2026, 1, 11), date(2026, 1, 21)
VALUES = st.decimals(-1000, 1000, places=4)


def of(start, target, actual, today=HALF):
    return progress(
        start=Decimal(start), target=Decimal(target), actual=None if actual is None else Decimal(actual),
        starts_on=START, ends_on=END, today=today,
    )  # fmt: skip


def test_from_a_start_of_nothing_it_is_actual_over_target():
    assert (of(0, 300_000, 285_000).way, of(0, 300_000, 285_000).expected) == (Decimal("0.95"), Decimal("0.5"))  # fmt: skip


def test_the_start_is_taken_off_both_and_a_target_below_it_counts_downwards():
    assert of(2, 4, 3).share == Decimal("0.5")
    assert of(40, 20, 25).share == Decimal("0.75")


def test_progress_stays_between_nothing_and_all_while_the_way_tells_more():
    assert [(of(0, 10, actual).way, of(0, 10, actual).share) for actual in (-5, 15)] == [(Decimal("-0.5"), 0), (Decimal("1.5"), 1)]  # fmt: skip


def test_what_was_not_measured_has_no_progress_but_an_expectation():
    found = of(0, 10, None)
    assert (found.way, found.share, found.ahead, found.expected) == (None, None, None, Decimal("0.5"))  # fmt: skip


def test_expected_is_nothing_before_the_period_and_all_from_its_end():
    days = (date(2025, 6, 1), START, date(2026, 1, 6), END, date(2027, 1, 1))
    assert [of(0, 1, 0, day).expected for day in days] == [0, 0, Decimal("0.25"), 1, 1]


def test_a_goal_without_a_way_or_a_period_is_refused():
    with pytest.raises(ValueError, match="differs from where it starts"):
        of(3, 3, 3)
    with pytest.raises(ValueError, match="ends after it starts"):
        progress(start=Decimal(0), target=Decimal(1), actual=None, starts_on=END, ends_on=END, today=END)  # fmt: skip


@given(start=VALUES, target=VALUES, actual=VALUES)
def test_turning_up_and_down_round_changes_nothing(start, target, actual):
    if start != target:
        assert of(start, target, actual).way == of(-start, -target, -actual).way
        assert of(start, target, start).way == 0
        assert of(start, target, target).way == 1


PEOPLE = [{"person_id": 7, "name": "Ann"}, {"person_id": 8, "name": "Sam"}]
LINES = [
    line(1, date(2025, 12, 31), 1, 5, seller_id=7), line(2, START, 1, 5, seller_id=7),
    line(3, START, 2, 5, seller_id=7), line(4, HALF, 3, 5, seller_id=8), line(5, HALF, 3, 5, seller_id=7),
    line(6, date(2026, 1, 2), 4, -5, seller_id=7, is_credit=True), line(7, date(2026, 1, 3), 5, 5, seller_id=7, kind="fee"),
    line(8, END, 6, 5, seller_id=7), line(9, date(2026, 1, 12), 2, 5, seller_id=8), line(10, START, None, 5, seller_id=7),
]  # fmt: skip


def test_a_customer_is_new_in_the_period_of_its_first_order_ever(tmp_path):
    reading = facts(tmp_path, LINES, person=PEOPLE, company=[company(key) for key in range(1, 7)])
    asked = {"start": START, "end": END}
    assert new_customers(reading, FactFilter(**asked)) == NewCustomers(2, ((2, "C2", START), (3, "C3", HALF)))  # fmt: skip
    assert new_customers(reading, FactFilter(**asked, seller_ids=[8])).first == ((3, "C3", HALF),)
    assert new_customers(reading, FactFilter(**asked, seller_ids=[7]), shown=1) == NewCustomers(2, ((2, "C2", START),))  # fmt: skip


def test_the_formula_in_the_book_gives_the_same_as_a_start_of_nothing():
    share, gap = run_formula("F2.11", {"actual": 285_000, "target": 300_000})
    assert (share, gap) == (float(of(0, 300_000, 285_000).way) * 100, -15_000)
