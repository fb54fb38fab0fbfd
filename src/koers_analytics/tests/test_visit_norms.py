"""Do norms add up to visits, units and hours, and is the level what the book says?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from koers_analytics.planning.visit_norms import Visited, visit_load

AROUND = {"travel_minutes": 30.0, "waiting_minutes": 15.0}


def test_the_examples_of_the_book():
    franke = visit_load([Visited(10, 45, 1, 0)] * 600, **AROUND)
    assert (franke.visits, franke.hours) == (6_000, 9_000)
    task = (
        [Visited(1, 60, 0.8, 0)] * 200
        + [Visited(1, 60, 1, 0)] * 600
        + [Visited(2, 60, 1.5, 0)] * 400
    )
    assert visit_load(task, **AROUND).units == pytest.approx(1_960)
    level = visit_load([Visited(5, 60, 1, 5), Visited(5, 60, 1, 6)], **AROUND)
    assert level.level == pytest.approx(1.1)


def test_what_one_customer_got_beyond_its_norm_does_not_make_up_for_another():
    load = visit_load([Visited(4, 60, 1, 8), Visited(4, 60, 1, 0)], **AROUND)
    assert (load.level, load.kept_share) == (1.0, 0.5)


def test_customers_without_a_norm_stand_apart_and_nothing_is_divided_by_nothing():
    load = visit_load([Visited(None, 0, 1, 3)], **AROUND)
    assert (load.customers, load.visits, load.actual, load.without_norm) == (0, 0, 0, 3)
    assert (load.level, load.kept_share) == (None, None)


CUSTOMERS = st.lists(
    st.tuples(st.integers(-1, 366), st.integers(1, 240), st.integers(1, 300), st.integers(0, 400)).map(
        lambda it: Visited(None if it[0] < 0 else it[0], float(it[1]), it[2] / 100, it[3])
    ),
    max_size=6,
)  # fmt: skip


@given(CUSTOMERS, CUSTOMERS)
def test_two_groups_together_ask_what_each_asks(one, other):
    a, b, both = (visit_load(group, **AROUND) for group in (one, other, one + other))
    for name in ("customers", "visits", "actual", "kept", "without_norm"):
        assert getattr(both, name) == getattr(a, name) + getattr(b, name)
    for name in ("units", "hours"):
        assert getattr(both, name) == pytest.approx(getattr(a, name) + getattr(b, name))
    assert both.kept <= min(both.visits, both.actual)
