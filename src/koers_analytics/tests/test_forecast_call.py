"""Does everybody's own record correct the calls (F4.8), and do the limits hold what they promise?"""

from datetime import date
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from koers_analytics.formula_sets.forecast import sales_force_composite
from koers_analytics.selling.forecast_call import (
    FEWEST_PERIODS,
    BiasFactor,
    PastCall,
    bias_factor,
    composite,
    deal_interval,
)
from koers_analytics.selling.pipeline_forecast import OpenDeal

DAY = date(2026, 1, 1)


def past(*pairs):
    return [PastCall(DAY, date(2026, 2, 1), Decimal(called), Decimal(won)) for called, won in pairs]


def test_the_composite_of_the_book_is_345000():
    record = {factor: bias_factor(past(*[(100, 100 * factor)] * FEWEST_PERIODS)) for factor in (Decimal("0.9"), Decimal("1.1"))}  # fmt: skip
    calls = [(Decimal(200_000), record[Decimal("0.9")]), (Decimal(150_000), record[Decimal("1.1")])]
    assert composite(calls) == 345_000
    assert sales_force_composite([200_000, 150_000], [0.9, 1.1]) == pytest.approx(345_000)


def test_the_factor_is_the_mean_of_the_ratios_and_a_call_of_nothing_has_none():
    found = bias_factor(past((100, 50), (200, 300), (0, 70), (10, 0), (10, 10), (10, 10), (10, 10)))
    ratios = [Decimal("0.5"), Decimal("1.5"), Decimal(0), Decimal(1), Decimal(1), Decimal(1)]
    assert found == BiasFactor(sum(ratios) / 6, 6, 1, Decimal(0), Decimal("1.5"), Decimal(380) / Decimal(340))  # fmt: skip
    assert found.is_used and found.factor == found.mean


def test_below_six_periods_the_mean_is_shown_but_the_call_counts_as_it_is():
    few = bias_factor(past(*[(100, 50)] * (FEWEST_PERIODS - 1)))
    assert (few.mean, few.is_used, few.factor) == (Decimal("0.5"), False, 1)
    none = bias_factor(past((0, 5)))
    assert (none.mean, none.periods, none.without_call, none.factor) == (None, 0, 1, 1)
    assert composite([(Decimal(80), few), (Decimal(20), none)]) == 100


DEALS = st.lists(
    st.builds(OpenDeal, amount=st.integers(1, 1000).map(float), chance=st.floats(0.01, 0.99)),
    max_size=7,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(DEALS)
def test_four_in_five_outcomes_lie_between_the_limits(deals):
    low, high = deal_interval(deals)
    below = within = 0.0
    for won in product((0, 1), repeat=len(deals)):
        chance, total = 1.0, 0.0
        for deal, is_won in zip(deals, won, strict=True):
            chance *= deal.chance if is_won else 1 - deal.chance
            total += deal.amount * is_won
        below += chance * (total < low - 1e-6)
        within += chance * (low - 1e-6 <= total <= high + 1e-6)
    assert below <= 0.1 + 1e-9 and within >= 0.8 - 1e-9
    assert 0 <= low <= high <= sum(deal.amount for deal in deals) + 1e-6
