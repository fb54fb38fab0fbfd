"""Do the drivers of customer equity follow F1.3 and the rule on weights (0.3.8)?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from koers_analytics.customers.equity_drivers import DriverGap, driver_mean, equity_index

scores = st.floats(0, 10)


def test_the_index_of_the_domain_is_six_point_nine():
    weights = {"value": 0.5, "brand": 0.3, "relation": 0.2}
    assert equity_index(weights, {"value": 7, "brand": 6, "relation": 8}) == pytest.approx(6.9)
    assert (
        equity_index(weights | {"relation": 0.3}, {"value": 7, "brand": 6, "relation": 8}) is None
    )


def test_weights_of_items_total_one_or_there_is_no_result():
    found = driver_mean([(8, 0.5), (6, 0.25), (4, 0.25)])
    assert (found.score, found.weight_total, found.why_not) == (pytest.approx(6.5), 1.0, "")
    draft = driver_mean([(8, 0.5), (6, 0.25), (4, None)])
    assert (draft.score, draft.weight_total, draft.why_not) == (None, 0.75, "weights")
    assert driver_mean([(8, 0.5), (6, 0.4995)]).score == pytest.approx((4 + 2.997) / 0.9995)
    assert driver_mean([(8, None), (5, None)]).score == 6.5
    assert driver_mean([]).why_not == "no_scores"


@pytest.mark.parametrize("items", [[(10.5, None)], [(-1, None)], [(5, -0.1)]])
def test_impossible_scores_and_weights_are_refused(items):
    with pytest.raises(ValueError, match="score|weight"):
        driver_mean(items)


@given(st.lists(scores, min_size=1, max_size=5))
def test_a_driver_lies_between_its_lowest_and_highest_item(found):
    mean = driver_mean([(score, None) for score in found]).score
    weighted = driver_mean([(score, 1 / len(found)) for score in found]).score
    assert mean is not None
    assert weighted == pytest.approx(mean)
    assert min(found) - 1e-9 <= mean <= max(found) + 1e-9


def test_a_gap_needs_both_sides():
    assert DriverGap(7.5, 6.0).gap == 1.5
    assert DriverGap(None, 6.0).gap is None
