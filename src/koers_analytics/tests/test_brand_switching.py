"""Does the brand-switching model reproduce its examples, and hold what it promises (F1.4, F1.5)?"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from koers_analytics.customers.brand_switching import (
    BrandSwitching,
    TooFewChoicesError,
    brand_chances,
    switching_clv,
)
from koers_analytics.customers.equity_action import (
    EquityAction,
    Learned,
    ThreePoint,
    action_outcome,
    by_discount,
    roi,
)

TRUE = np.array([1.2, 0.5, 0.3, 0.2])
scores = st.lists(st.lists(st.floats(0, 10), min_size=3, max_size=3), min_size=2, max_size=4)


def market(choices=4000, brands=3, seed=1):
    """Choices made by the model itself with known weights."""
    dice = np.random.default_rng(seed)
    ratings = dice.uniform(3, 9, (choices, brands, 3))
    last = dice.integers(0, brands, choices)
    utility = ratings @ TRUE[1:] + TRUE[0] * (last[:, None] == np.arange(brands))
    chances = np.exp(utility) / np.exp(utility).sum(axis=1, keepdims=True)
    chosen = (chances.cumsum(axis=1) < dice.random(choices)[:, None]).sum(axis=1)
    return ratings, last, chosen


def action(**more):
    plain = {
        "cost": 20_000.0, "change": ThreePoint(0.3, 0.5, 1.0), "effect": ThreePoint(0.01, 0.02, 0.04), "stay": 0.8, "win": 0.1,
        "customers": 500.0, "margin": 400.0, "frequency": 4.0, "discount": 0.1, "years": 5.0,
    }  # fmt: skip
    return EquityAction(**(plain | more))


def test_the_worked_examples_of_the_domain():
    value = switching_clv([[0.7, 0.3], [0.5, 0.5]], [1, 0], margin=100, discount=0.1, purchases=2)
    assert float(value) == pytest.approx(216.5289256, abs=1e-6)
    assert roi(101.29, 70.0) == pytest.approx(0.447, abs=1e-6)
    assert roi(101.29, 0) is None


def test_the_fit_recovers_known_weights_and_is_the_maximum_another_search_finds():
    ratings, last, chosen = market()
    found = BrandSwitching().fit(ratings, last, chosen)
    assert (np.abs(found.coef_ - TRUE) / found.standard_errors_).max() < 4

    def minus(weights):
        utility = ratings @ weights[1:] + weights[0] * (last[:, None] == np.arange(3))
        top = np.log(np.exp(utility).sum(axis=1))
        return float(-(utility[np.arange(len(last)), chosen] - top).sum())

    other = optimize.minimize(minus, np.zeros(4), method="BFGS")
    assert found.log_likelihood_ == pytest.approx(-other.fun, abs=1e-5)
    assert found.coef_ == pytest.approx(other.x, abs=1e-3)
    assert found.log_likelihood_ > found.log_likelihood_null_


def test_standard_errors_are_those_of_repeated_markets():
    fits = [BrandSwitching().fit(*market(600, 2, seed)) for seed in range(60)]
    spread = np.std([fit.coef_ for fit in fits], axis=0, ddof=1)
    told = np.mean([fit.standard_errors_ for fit in fits], axis=0)
    assert np.abs(spread / told - 1).max() < 0.35


def test_choices_that_cannot_tell_are_refused():
    ratings, last, chosen = market(40)
    with pytest.raises(TooFewChoicesError, match="too few"):
        BrandSwitching().fit(ratings, last, chosen)
    ratings, last, chosen = market(200)
    with pytest.raises(TooFewChoicesError):
        BrandSwitching().fit(np.repeat(ratings[:, :, :1], 2, axis=2), last, chosen)
    with pytest.raises(TooFewChoicesError):
        BrandSwitching().fit(ratings, last, ratings[:, :, 0].argmax(axis=1))
    with pytest.raises(ValueError, match="no ratings"):
        BrandSwitching().fit(ratings, last, chosen + 1)


def known(coef=TRUE):
    return BrandSwitching.known(coef, np.eye(4) * 0.001)


@settings(deadline=None, max_examples=50)
@given(scores, st.integers(0, 2), st.floats(0.1, 2))
def test_rows_sum_to_one_and_value_rises_in_an_own_driver(ratings, driver, rise):
    matrix = known().switching_matrix(ratings)
    assert matrix.sum(axis=1) == pytest.approx(np.ones(len(ratings)))
    higher = [list(row) for row in ratings]
    higher[0][driver] += rise
    terms = {"margin": 50.0, "discount": 0.08, "purchases": 12, "frequency": 3.0}
    assert known().clv(higher, **terms) >= known().clv(ratings, **terms)
    holders = [10.0] + [1.0] * (len(ratings) - 1)
    parts = sum(n * known().clv(ratings, last=j, **terms) for j, n in enumerate(holders))
    assert known().equity(ratings, holders, **terms) == pytest.approx(parts)


@settings(deadline=None, max_examples=50)
@given(st.floats(0.01, 0.99), st.floats(0.01, 0.99), st.integers(0, 30), st.floats(0, 0.5))
def test_the_sum_is_that_of_the_powers_of_the_matrix(stay, win, purchases, discount):
    matrix = np.array([[stay, 1 - stay], [win, 1 - win]])
    slow = sum(
        (1 + discount) ** (-t / 2.0) * 3 * 7 * (np.array([0.4, 0.6]) @ np.linalg.matrix_power(matrix, t))[0]
        for t in range(purchases + 1)
    )  # fmt: skip
    fast = switching_clv(matrix, [0.4, 0.6], margin=7, volume=3, discount=discount, purchases=purchases, frequency=2.0)  # fmt: skip
    assert float(fast) == pytest.approx(slow)
    assert brand_chances(matrix, [0.4, 0.6], purchases).sum(axis=1) == pytest.approx(np.ones(purchases + 1))  # fmt: skip


def test_an_action_without_spread_has_one_answer_by_hand():
    found = action_outcome(action(change=ThreePoint(1, 1, 1), effect=ThreePoint(0.02, 0.02, 0.02), frequency=1.0, years=1.0))  # fmt: skip
    shift = 0.02 / (0.8 * 0.2)
    stay = 1 / (1 + np.exp(-(np.log(4) + shift)))
    gain = 500 * 400 * (stay - 0.8) / 1.1
    assert found.stay_after == pytest.approx(stay)
    assert (found.gain, found.gain_low, found.gain_high) == (pytest.approx(gain),) * 3
    assert found.roi == pytest.approx((gain - 20_000) / 20_000)
    assert found.chance_pays == (1.0 if gain > 20_000 else 0.0)


def test_an_action_that_changes_nothing_loses_its_cost_and_no_cost_has_no_roi():
    nothing = action_outcome(action(change=ThreePoint(0, 0, 0)))
    assert (nothing.gain, nothing.roi, nothing.roi_low, nothing.chance_pays) == (0, -1, -1, 0)
    assert action_outcome(action(cost=0.0)).roi is None


def test_the_interval_holds_the_likely_answer_repeats_itself_and_falls_with_the_discount_rate():
    first, again = action_outcome(action()), action_outcome(action())
    assert first == again
    assert first.roi_low < first.roi < first.roi_high
    assert 0 < first.chance_pays <= 1
    other = action_outcome(action(), seed=7)
    assert abs(other.chance_pays - first.chance_pays) < 4 * first.chance_error * 2
    rates = by_discount(action(discount=0.04))
    assert [rate for rate, _found in rates] == [0.015, 0.04, 0.065, 0.09]
    rois = [found.roi for _rate, found in rates]
    assert rois == sorted(rois, reverse=True)


def test_triangles_have_the_mean_and_the_edges_of_their_three_points():
    drawn = ThreePoint(1, 2, 6).draws(np.random.default_rng(3), 40_000)
    assert drawn.mean() == pytest.approx(3, abs=0.03)
    assert 1 <= drawn.min() < drawn.max() <= 6
    with pytest.raises(ValueError, match="order"):
        ThreePoint(2, 1, 3)


def test_a_learned_action_widens_with_the_covariance_and_starts_from_todays_scores():
    ratings = ((7.0, 6.0, 7.0), (7.0, 6.5, 6.0))
    sure, unsure = known(), known()
    unsure.covariance_ = np.eye(4) * 0.04
    wide, narrow = (
        action_outcome(action(effect=None, learned=Learned(model, ratings, 0), change=ThreePoint(0.5, 0.5, 0.5)))
        for model in (unsure, sure)
    )  # fmt: skip
    assert wide.gain == pytest.approx(narrow.gain)
    assert wide.gain_high - wide.gain_low > 3 * (narrow.gain_high - narrow.gain_low)
    higher = np.array(ratings)
    higher[0, 0] += 0.5
    terms = {"margin": 400.0, "discount": 0.1, "purchases": 20, "frequency": 4.0}
    gain = sure.equity(higher, [500, 0], **terms) - sure.equity(ratings, [500, 0], **terms)
    assert narrow.gain == pytest.approx(gain)


@pytest.mark.parametrize("wrong", [{"cost": -1.0}, {"stay": 1.0}, {"win": 0.0}, {"effect": None}, {"frequency": 0.0}])  # fmt: skip
def test_impossible_actions_are_refused(wrong):
    with pytest.raises(ValueError, match=r".+"):
        action_outcome(action(**wrong))
