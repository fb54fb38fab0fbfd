"""The effect of a campaign: counted by hand, and as a t-test tells it."""

from datetime import date

import pytest
from scipy import stats

from koers_analytics.customers.campaign_effect import campaign_effect, student, welch
from koers_analytics.tests.world import company, facts, line

START = date(2026, 3, 1)


def test_change_is_turnover_since_the_start_less_that_of_as_many_days_before(tmp_path):
    """Ten days on both sides: day 1 to 10 March against 19 to 28 February."""
    lines = [
        line(1, date(2026, 2, 19), 1, 100), line(2, date(2026, 3, 10), 1, 400),
        line(3, date(2026, 2, 18), 1, 9000), line(4, date(2026, 3, 11), 1, 9000),
        line(5, date(2026, 2, 28), 2, 50), line(6, date(2026, 3, 1), 3, 70), line(7, date(2026, 3, 2), 3, -20, is_credit=True),
        line(8, date(2026, 3, 2), 3, 999, kind="fee"), line(9, date(2026, 3, 2), 9, 5000),
    ]  # fmt: skip
    found = campaign_effect(
        facts(tmp_path, lines, company=[company(n) for n in (1, 2, 3, 4, 9)]),
        treated=[1, 2], control=[3, 4], start=START, end=date(2026, 3, 11),
    )  # fmt: skip
    assert (found.treated, found.control) == (2, 2)
    assert (found.change_treated, found.change_control) == ((300 - 50) / 2, (50 + 0) / 2)
    assert found.difference == 100
    assert found.total == 200
    assert not found.enough
    assert not found.proven


def test_without_a_control_group_nothing_is_claimed(tmp_path):
    found = campaign_effect(
        facts(tmp_path, [line(1, START, 1, 10)], company=[company(1)]),
        treated=[1, 2], control=[], start=START, end=date(2026, 3, 11),
    )  # fmt: skip
    assert (found.difference, found.low, found.high, found.total) == (None, None, None, None)
    with pytest.raises(ValueError, match="one day"):
        campaign_effect(facts(tmp_path, []), treated=[1], control=[2], start=START, end=START)


def test_the_interval_is_that_of_welchs_test():
    ours = [12.0, 15.5, 9.0, 22.0, 17.5, 13.0, 30.0, 8.5, 19.0]
    others = [5.0, 7.5, 6.0, 11.0, 4.0, 9.5, 3.0, 8.0]
    difference, low, high = welch(ours, others)
    told = stats.ttest_ind(ours, others, equal_var=False).confidence_interval(0.95)
    assert difference == pytest.approx(sum(ours) / 9 - sum(others) / 8)
    assert (low, high) == (pytest.approx(told.low, rel=2e-3), pytest.approx(told.high, rel=2e-3))


def test_the_quantile_follows_student():
    for freedom in (3, 5, 8, 30, 200):
        assert student(0.95, freedom) == pytest.approx(stats.t.ppf(0.975, freedom), rel=5e-3)
    assert student(0.95, 1) == student(0.95, 3)


def test_groups_without_spread_have_an_interval_of_one_point():
    assert welch([5.0, 5.0], [2.0, 2.0]) == (3.0, 3.0, 3.0)
