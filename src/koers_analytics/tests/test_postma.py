"""Does the chain of F9.15 give the book's answer, and do the leaks add up whatever the numbers?"""

from decimal import Decimal
from fractions import Fraction
from itertools import permutations
from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from koers_analytics.economics.postma import (
    FACTORS,
    Activity,
    chain_from,
    chain_of,
    gap,
    together,
)

BOOK = Activity(200, 800, 200, Decimal(300_000), Decimal(90_000), Decimal(300_000), Decimal(85_000))


def test_the_book_example():
    chain = chain_of(BOOK)
    assert chain.factors == (200, 4, Fraction(1, 4), 1500, Fraction(3, 10))
    assert [chain.upto(count) for count in (2, 3, 4, 5)] == [800, 200, 300_000, 90_000]
    assert chain.result == 5_000


def test_several_together_are_re_divided_and_counted_per_person():
    other = Activity(100, 200, 100, Decimal(100_000), None, Decimal(0), Decimal(15_000))
    chain = chain_of(together([BOOK, other]))
    assert chain.factors == (150, Fraction(10, 3), Fraction(3, 10), Fraction(4000, 3), Fraction(3, 10))  # fmt: skip
    assert chain.upto(4) == 200_000
    assert chain.cost == 50_000


def test_the_whole_gap_goes_to_the_only_factor_that_differs():
    fewer = chain_of(Activity(200, 600, 150, Decimal(225_000), Decimal(67_500), Decimal(225_000), Decimal(0)))  # fmt: skip
    found = gap(fewer, chain_of(BOOK))
    assert {leak.factor: leak.effect for leak in found.leaks} == dict.fromkeys(FACTORS, 0) | {"visits_a_day": -22_500}  # fmt: skip
    assert (found.total, found.worst.factor, found.worst.index) == (-22_500, "visits_a_day", 0.75)
    assert gap(chain_of(BOOK), chain_of(BOOK)).worst is None


def test_a_chain_that_is_not_whole_has_no_gap():
    idle = chain_of(Activity(0, 0, 3, Decimal(9), Decimal(1), Decimal(9), Decimal(0)))
    assert (idle.visits_a_day, idle.orders_a_visit, idle.order) == (None, None, 3)
    assert [idle.upto(count) for count in (2, 3, 4, 5)] == [0, 3, 9, 1]
    assert gap(idle, chain_of(BOOK)) is None
    assert gap(chain_of(BOOK), idle) is None
    uncosted = chain_of(Activity(1, 1, 1, Decimal(9), None, Decimal(0), Decimal(0)))
    assert (uncosted.upto(4), uncosted.upto(5), uncosted.result) == (9, None, None)


def by_every_order(new, old):
    """Shapley values the long way: the mean over all 120 orders of change."""
    total = [Fraction(0)] * len(new)
    orders = list(permutations(range(len(new))))
    for order in orders:
        now = list(old)
        for place in order:
            before = prod(now, start=Fraction(1))
            now[place] = new[place]
            total[place] += prod(now, start=Fraction(1)) - before
    return [each / len(orders) for each in total]


factor = st.decimals(min_value=0, max_value=5000, places=2)
chains = st.tuples(factor, factor, factor, factor, st.decimals(min_value=0, max_value=1, places=4))


@given(new=chains, old=chains)
def test_the_leaks_add_up_to_the_gap_to_the_cent(new, old):
    found = gap(chain_from(new, Decimal(0)), chain_from(old, Decimal(0)))
    assert sum(leak.effect for leak in found.leaks) == found.total == found.actual - found.reference


@given(new=chains, old=chains)
def test_turning_the_comparison_around_turns_every_leak(new, old):
    one = gap(chain_from(new, Decimal(0)), chain_from(old, Decimal(0)))
    other = gap(chain_from(old, Decimal(0)), chain_from(new, Decimal(0)))
    for here, there in zip(one.leaks, other.leaks, strict=True):
        assert abs(here.effect + there.effect) <= Decimal("0.06")


@pytest.mark.parametrize(
    ("new", "old"),
    [((200, 4, "0.25", 1500, "0.3"), (180, 5, "0.2", 1600, "0.28")), ((0, 4, 1, 10, "0.5"), (9, 3, 2, 8, "0.4"))],
)  # fmt: skip
def test_the_effects_are_the_mean_over_all_orders_of_change(new, old):
    here, there = [Decimal(each) for each in new], [Decimal(each) for each in old]
    found = gap(chain_from(here, Decimal(0)), chain_from(there, Decimal(0)))
    expected = by_every_order([Fraction(each) for each in here], [Fraction(each) for each in there])
    assert [float(leak.effect) for leak in found.leaks] == pytest.approx([float(each) for each in expected], abs=0.03)  # fmt: skip
