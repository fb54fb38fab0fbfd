"""Are norm, actual and optimum compared in the same money, and is an hour worth what it brings?"""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from koers_analytics.planning.effort import Curve, Customer, EffortInputError, optimise
from koers_analytics.planning.effort_team import (
    Shares,
    curve_of_shares,
    one_seller_more,
    seller_effort,
    value_at,
)
from koers_analytics.planning.sales_days import sales_year

BOOK = Curve(20, 120, 1, 4)
WEEK = (1, 2, 3, 4, 5)
curves = st.builds(
    Curve, st.floats(0, 30), st.floats(31, 200), st.floats(0.3, 1.0), st.floats(0.5, 50)
)


def test_shares_of_a_class_scale_with_the_customer():
    shares = Shares(0.6, 0.85, 1.1, 1.3)
    small, large = (curve_of_shares(shares, sales=sales, visits=12) for sales in (100, 1000))
    assert [large.at(visits) for visits in (0, 6, 12, 30)] == pytest.approx([10 * small.at(visits) for visits in (0, 6, 12, 30)])  # fmt: skip
    assert (small.at(0), small.at(12)) == pytest.approx((60, 100))
    for sales, visits in ((0, 12), (-5, 12), (100, 0)):
        with pytest.raises(EffortInputError):
            curve_of_shares(shares, sales=sales, visits=visits)


def test_norm_actual_and_best_of_the_curve_of_the_book():
    customer = Customer("Bakker", BOOK, 0.5, 2, most=8, norm=4, actual=6)
    found = seller_effort([customer], hours=16)
    assert (found.norm, found.actual, found.plan.contribution) == pytest.approx((35, 40, 0.5 * BOOK.at(8)))  # fmt: skip
    assert (found.norm_hours, found.actual_hours) == (8, 12)
    assert found.same_hours == pytest.approx(35)
    assert found.steps == pytest.approx(tuple(0.5 * BOOK.at(visits) for visits in (6, 7, 8, 8, 8)))
    assert found.hour == pytest.approx(0)


def test_without_a_norm_the_visits_made_count():
    found = seller_effort([Customer("Bakker", BOOK, 1, 1, norm=None, actual=4)], hours=9)
    assert found.norm == found.actual == pytest.approx(70)


def test_least_visits_that_no_longer_fit_leave_a_step_empty():
    found = seller_effort([Customer("Bakker", BOOK, 1, 1, least=9, most=12, norm=2)], hours=10)
    assert found.steps[0] is None
    assert found.steps[1] == pytest.approx(BOOK.at(9))
    assert found.same_hours is None


@settings(deadline=None)
@given(st.lists(st.tuples(curves, st.integers(0, 5)), min_size=1, max_size=4), st.integers(1, 15))
def test_in_the_same_hours_the_best_is_never_worth_less_than_the_norm(found, hours):
    customers = [Customer(str(n), curve, 0.5, 1, 0, 5, norm, norm) for n, (curve, norm) in enumerate(found)]  # fmt: skip
    seller = seller_effort(customers, hours=hours)
    assert seller.same_hours >= seller.norm - 1e-6
    assert list(seller.steps) == sorted(seller.steps)


def test_one_seller_more_brings_what_his_hours_bring_best():
    customers = [Customer("Bakker", BOOK, 1, 1, most=20), Customer("Slager", BOOK, 0.5, 1, most=20)]
    more, extra = one_seller_more(customers, hours=6, sellers=3)
    assert extra == 2
    assert more == pytest.approx(optimise(customers, hours=8).contribution - optimise(customers, hours=6).contribution)  # fmt: skip
    assert one_seller_more(customers, hours=6, sellers=0) is None
    assert value_at(customers[1], 4) == pytest.approx(35)


def test_the_sales_days_of_the_book():
    first = date(2026, 1, 1)
    mondays = [first + timedelta(days=number) for number in range(365) if (first + timedelta(days=number)).isoweekday() == 1]  # fmt: skip
    found = sales_year(
        year=2026, weekdays=WEEK, holidays=[*mondays[:8], date(2026, 1, 3)], absences={},
        expected={"leave": 25, "sickness": 10, "other": 17},
    )  # fmt: skip
    assert (found.weekdays, found.holidays, found.working, found.days) == (261, 8, 253, 201)


def test_dated_days_are_part_of_what_is_expected_and_count_once():
    leave = [date(2026, 7, 6) + timedelta(days=number) for number in range(14)]
    found = sales_year(
        year=2026, weekdays=WEEK, holidays=[leave[0]], absences={"leave": leave, "sickness": leave[:9], "other": [date(2025, 7, 7)]},
        expected={"leave": 5, "sickness": 3},
    )  # fmt: skip
    assert found.dated == {"leave": 9, "sickness": 0, "other": 0}
    assert found.taken == {"leave": 9, "sickness": 3, "other": 0}
    assert (found.days, found.short) == (261 - 1 - 9 - 3, 0)


def test_who_is_away_more_than_he_works_sells_no_day():
    found = sales_year(year=2026, weekdays=(3,), holidays=(), absences={}, expected={"leave": 60})
    assert (found.weekdays, found.days, found.short) == (52, 0, 8)
