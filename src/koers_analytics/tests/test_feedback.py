"""Are NPS, satisfaction and their intervals those of the book and the literature?"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t

from koers_analytics.customers.feedback import mean_score, net_promoter, student, weighted_index


def test_the_book_s_ten_answers_give_plus_ten():
    scores = [10, 10, 9, 8, 8, 8, 7, 7, 6, 3]
    found = net_promoter(answers=10, promoters=sum(s >= 9 for s in scores), detractors=sum(s <= 6 for s in scores))  # fmt: skip
    assert (found.points, found.passives, found.is_few) == (pytest.approx(10), 5, True)


def test_the_book_s_weights_give_its_indices():
    assert weighted_index({"a": 0.4, "b": 0.35, "c": 0.25}, {"a": 8, "b": 7, "c": 6}) == pytest.approx(7.15)  # fmt: skip
    assert weighted_index({"value": 0.5, "brand": 0.3, "relation": 0.2}, {"value": 7, "brand": 6, "relation": 8}) == pytest.approx(6.9)  # fmt: skip


def test_what_is_missing_leaves_its_weight_to_the_rest_and_wrong_weights_give_nothing():
    assert weighted_index({"a": 0.5, "b": 0.5}, {"a": 8, "b": None}) == 8
    assert weighted_index({"a": 0.5, "b": 0.4}, {"a": 8, "b": 6}) is None
    assert weighted_index({"a": 1.0}, {"a": None}) is None


def test_nobody_asked_gives_no_figure():
    nps, mean = net_promoter(answers=0, promoters=0, detractors=0), mean_score(answers=0, total=0, squares=0)  # fmt: skip
    assert (nps.points, nps.low, mean.mean, mean.low) == (None, None, None, None)


@pytest.mark.parametrize("freedom", [4, 5, 9, 29, 400])
def test_the_quantile_of_student_is_that_of_scipy(freedom):
    assert student(freedom) == pytest.approx(t.ppf(0.975, freedom), rel=0.005)


def test_the_interval_of_nps_holds_what_it_promises():
    dice, shares = np.random.default_rng(7), (0.45, 0.35, 0.20)
    for answers in (10, 30, 200):
        draws = dice.multinomial(answers, shares, size=2000)
        hits = [
            found.low <= 25 <= found.high
            for promoters, _passive, detractors in draws
            if (found := net_promoter(answers=answers, promoters=int(promoters), detractors=int(detractors)))
        ]  # fmt: skip
        assert 0.93 <= np.mean(hits) <= 0.98


@given(st.integers(0, 300), st.integers(0, 300), st.integers(0, 300))
def test_the_interval_holds_the_figure_and_turns_over_with_it(promoters, passives, detractors):
    answers = promoters + passives + detractors
    found = net_promoter(answers=answers, promoters=promoters, detractors=detractors)
    turned = net_promoter(answers=answers, promoters=detractors, detractors=promoters)
    if found.points is not None:
        assert -100 <= found.low <= found.points <= found.high <= 100
        assert (turned.points, turned.low, turned.high) == pytest.approx((-found.points, -found.high, -found.low))  # fmt: skip


@given(st.lists(st.integers(0, 10), min_size=5, max_size=60))
def test_the_mean_is_that_of_its_scores(scores):
    found = mean_score(answers=len(scores), total=sum(scores), squares=sum(s * s for s in scores))
    half = student(len(scores) - 1) * np.std(scores, ddof=1) / np.sqrt(len(scores))
    assert found.mean == pytest.approx(np.mean(scores))
    assert (found.low, found.high) == pytest.approx((max(0, found.mean - half), min(10, found.mean + half)), abs=1e-6)  # fmt: skip
