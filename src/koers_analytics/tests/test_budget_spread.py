"""Does a spread amount add up to the cent, by weight, with locked cells kept?"""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from koers_analytics.planning.budget_spread import SpreadError, spread

cents = st.integers(0, 10**10).map(lambda number: Decimal(number) / 100)
cells = st.lists(st.tuples(cents, st.booleans(), cents), min_size=1, max_size=40)


def of(*numbers):
    return [Decimal(str(number)) for number in numbers]


def test_an_amount_is_divided_in_proportion_and_odd_cents_go_to_the_largest_remainders():
    assert spread(Decimal(100), of(1, 1, 1)) == of("33.34", "33.33", "33.33")
    assert spread(Decimal("10.00"), of(1, 2, 4)) == of("1.43", "2.86", "5.71")


def test_a_locked_cell_stays_and_the_others_take_the_rest():
    assert spread(Decimal(100), of(5, 1, 3), {0: Decimal(20)}) == of(20, 20, 60)


def test_without_weights_the_rest_is_divided_equally():
    assert spread(Decimal(9), of(0, -4, 0)) == of(3, 3, 3)


@pytest.mark.parametrize("locked", [{0: Decimal(11)}, {0: Decimal(4), 1: Decimal(5)}])
def test_locked_cells_that_cannot_reach_the_total_are_refused(locked):
    with pytest.raises(SpreadError):
        spread(Decimal(10), of(1, 1), locked)


@given(cents, cells)
def test_cells_add_up_to_the_cent_and_lie_within_a_cent_of_their_share(rest, found):
    locked = {place: amount for place, (_weight, held, amount) in enumerate(found) if held}
    weights = [weight for weight, _held, _amount in found]
    free = [place for place in range(len(found)) if place not in locked]
    total = sum(locked.values(), rest if free else Decimal(0))
    answer = spread(total, weights, locked)
    assert sum(answer) == total
    assert {place: answer[place] for place in locked} == locked
    whole = sum(weights[place] for place in free)
    for place in free:
        share = rest * weights[place] / whole if whole else rest / len(free)
        assert abs(answer[place] - share) < Decimal("0.010001")
