"""Does the chance of a target follow from the deals, and does the run-rate keep its promise?"""

from datetime import date, timedelta
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from koers_analytics.forecast.run_rate import (
    Daily,
    RunRate,
    daily_of,
    past_errors,
    run_rate,
    widening,
)
from koers_analytics.formulas import run_formula
from koers_analytics.selling.pipeline_forecast import OpenDeal, outcome, sums_of, weighted

TODAY = date(2026, 11, 23)
NOTHING_MORE = RunRate(0.0, np.zeros(1), "steady", 0)
deals = st.lists(
    st.builds(OpenDeal, st.floats(1, 1e6), st.floats(0.01, 0.99)), min_size=1, max_size=8
)


def test_weighted_pipeline_is_that_of_the_book():
    amounts, chances = [50_000, 20_000, 100_000], [0.6, 0.9, 0.2]
    made = [OpenDeal(*pair) for pair in zip(amounts, chances, strict=True)]
    assert weighted(made) == run_formula("F4.7", {"v": amounts, "p": chances}) == 68_000


@given(deals, st.floats(0, 4e6))
def test_the_chance_is_the_sum_over_all_combinations_of_won_and_lost(made, target):
    expected = 0.0
    for wins in product((0, 1), repeat=len(made)):
        total = sum(deal.amount for deal, won in zip(made, wins, strict=True) if won)
        if total >= target - 1e-9:
            expected += np.prod([d.chance if won else 1 - d.chance for d, won in zip(made, wins, strict=True)])  # fmt: skip
    found = outcome(target=target, actual=0, rest=NOTHING_MORE, deals=made)
    assert found.chance == pytest.approx(expected, abs=1e-9)
    assert found.mean == pytest.approx(weighted(made))
    assert found.low <= found.high


@given(st.lists(st.builds(OpenDeal, st.floats(1, 1e5), st.floats(0.01, 0.99)), min_size=13, max_size=60))  # fmt: skip
def test_the_grid_keeps_odds_and_mean(made):
    values, odds = sums_of(made)
    assert odds.sum() == pytest.approx(1)
    assert float(values @ odds) == pytest.approx(weighted(made))


def test_the_grid_agrees_with_counting_for_many_equal_deals():
    made = [OpenDeal(10, 0.3)] * 40
    values, odds = sums_of(made)
    dice = np.random.default_rng(1)
    simulated = 10 * dice.binomial(40, 0.3, 200_000)
    for threshold in (65, 95, 125, 155):
        assert odds[values >= threshold].sum() == pytest.approx((simulated >= threshold).mean(), abs=0.01)  # fmt: skip


def test_more_sold_never_makes_the_target_less_likely():
    rest = RunRate(100.0, np.array([-30.0, -10.0, 0.0, 40.0]), "steady", 4)
    made = [OpenDeal(50, 0.5), OpenDeal(80, 0.25)]
    chances = [outcome(target=300, actual=sold, rest=rest, deals=made).chance for sold in range(0, 400, 20)]  # fmt: skip
    assert chances == sorted(chances)
    assert (chances[0], chances[-1]) == (0.0, 1.0)


def steady(days, amount):
    return Daily(TODAY - timedelta(days=days), np.full(days, float(amount)))


def test_an_even_pace_goes_on_without_error():
    found = run_rate(steady(1200, 7), TODAY, 30)
    assert found.expected == pytest.approx(210)
    assert np.abs(found.errors).max() == pytest.approx(0, abs=1e-6)


def test_a_yearly_season_is_followed_when_it_was_closer():
    days = np.arange(1100)
    start = TODAY - timedelta(days=1100)
    wave = 100 + 60 * np.sin(2 * np.pi * days / 364)
    found = run_rate(Daily(start, wave), TODAY, 60)
    coming = 100 + 60 * np.sin(2 * np.pi * np.arange(1100, 1160) / 364)
    assert found.method in ("own", "house")
    assert found.expected == pytest.approx(coming.sum(), rel=0.01)


def test_what_is_known_later_is_never_used():
    past = steady(1200, 5)
    spoiled = Daily(past.first, np.concatenate((past.values, np.full(60, 9_999.0))))
    assert run_rate(spoiled, TODAY, 30).expected == pytest.approx(run_rate(past, TODAY, 30).expected)  # fmt: skip


def test_too_short_a_past_gives_no_run_rate():
    assert run_rate(steady(400, 5), TODAY, 30) is None
    assert run_rate(steady(1200, 5), TODAY, 0).expected == 0


def test_limits_hold_what_they_promise_on_noise():
    dice = np.random.default_rng(7)
    found = []
    for _unit in range(40):
        noise = Daily(TODAY - timedelta(days=1400), dice.gamma(2, 50, 1400))
        found += past_errors(noise, TODAY, 42)
    assert len(found) > 400
    assert 0.7 < np.mean(np.array(found) <= 1) < 0.9


def test_limits_are_widened_until_enough_past_outcomes_lie_within():
    assert widening([0.2, 0.5, 1.5, 3.0] * 5) == 3.0
    assert widening([0.2, 0.5, 0.6, 0.7] * 5) == 1.0
    assert widening([]) == 1.0
    rest = RunRate(10.0, np.array([-1.0, 1.0]), "steady", 9)
    assert list(rest.widened(2).errors) == [-2.0, 2.0]


def test_days_of_two_people_add_up():
    one = daily_of({TODAY - timedelta(days=3): 5.0}, TODAY)
    two = daily_of({TODAY - timedelta(days=1): 2.0, TODAY: 9.0}, TODAY)
    assert list((one + two).values) == [5, 0, 2]
