"""Does a period exclude its end, and do months add up?"""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from koers.core.periods import (
    EmptyPeriodError,
    Period,
    add_months,
    last_twelve_months,
    month_of,
    months_between,
    year_before,
    year_of,
)

DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 12, 31))


@given(DAYS, st.integers(min_value=1, max_value=800))
def test_months_between_two_days_cover_every_day_once(start, length):
    end = start + timedelta(days=length)
    months = list(months_between(start, end))
    assert months[0].start <= start
    assert months[-1].end >= end
    assert [one.end for one in months[:-1]] == [two.start for two in months[1:]]


@given(DAYS)
def test_the_twelve_months_of_a_year_have_its_days(day):
    year = year_of(day)
    assert sum(month.days for month in months_between(year.start, year.end)) == year.days
    assert day in year


@given(DAYS)
def test_the_last_twelve_months_end_with_yesterday(today):
    period = last_twelve_months(today)
    assert (today in period, period.last_day) == (False, today - timedelta(days=1))


@pytest.mark.parametrize(
    ("day", "months", "found"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2023, 1, 31), 1, date(2023, 2, 28)),
        (date(2024, 3, 31), -1, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 12, 15), 1, date(2025, 1, 15)),
        (date(2024, 1, 15), -1, date(2023, 12, 15)),
        (date(2024, 5, 31), 6, date(2024, 11, 30)),
    ],
)
def test_a_month_further_is_the_same_day_or_the_last_of_a_shorter_month(day, months, found):
    assert add_months(day, months) == found


def test_a_period_holds_its_first_day_and_not_its_end():
    period = Period(date(2026, 1, 1), date(2026, 2, 1))
    assert (period.start in period, period.end in period, period.days) == (True, False, 31)


@pytest.mark.parametrize("end", [date(2026, 1, 1), date(2025, 12, 31)])
def test_a_period_that_ends_before_or_on_its_first_day_is_refused(end):
    with pytest.raises(EmptyPeriodError):
        Period(date(2026, 1, 1), end)


def test_the_year_before_a_month_is_the_same_month():
    assert year_before(month_of(date(2026, 3, 9))) == month_of(date(2025, 3, 1))
