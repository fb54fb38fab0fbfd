"""Do territories add up, carry their sellers' cost, and lie inside their drawn area?"""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from koers_analytics.planning.territory_map import (
    TerritoryCustomer,
    convex_hull,
    territory_figures,
)


def customer(territory=1, seller=1, **more):
    values = {"hours": 10.0, "norm": 12, "actual": 6, "turnover": Decimal(100), "contribution": Decimal(25)}  # fmt: skip
    return TerritoryCustomer(territory, seller, **(values | more))


def only(customers, cost=90_000):
    return territory_figures(customers, seller_cost=cost).territories[0]


def test_break_even_and_cost_per_visit_are_those_of_the_book():
    found = only([customer(actual=800, turnover=Decimal(400_000), contribution=Decimal(100_000))])
    assert (found.visit_cost, found.break_even, found.ratio) == (112.5, 360_000, 0.25)
    assert found.loses is False
    poor = only([customer(turnover=Decimal(359_999), contribution=Decimal("89999.75"))])
    assert poor.loses is True


def test_coverage_counts_visits_at_customers_with_a_norm():
    found = only([customer(norm=10, actual=11), customer(norm=None, actual=5, hours=0.0)])
    assert (found.coverage, found.visits, found.actual, found.made) == (1.1, 10, 16, 11)


def test_a_sellers_cost_goes_where_the_hours_lie():
    found = territory_figures([customer(1, 7, hours=30.0), customer(2, 7, hours=10.0), customer(2, 8, hours=5.0)], seller_cost=80_000)  # fmt: skip
    assert [each.cost for each in found.territories] == [60_000, 100_000]
    idle = territory_figures([customer(1, 7, hours=0.0, norm=None)], seller_cost=80_000)
    assert (idle.territories[0].cost, idle.unplaced_cost) == (0, 80_000)


def test_what_cannot_be_known_is_not_guessed():
    unknown = only([customer(contribution=None)])
    assert (unknown.ratio, unknown.break_even, unknown.loses) == (None, None, None)
    negative = only([customer(contribution=Decimal(-1))])
    assert (negative.break_even, negative.loses) == (None, True)
    assert only([customer(norm=None, hours=0.0)]).coverage is None
    assert territory_figures([], seller_cost=1).territories == ()


def test_balance_is_that_of_the_named_territories():
    rows = [customer(key, key, hours=hours) for key, hours in ((1, 1400.0), (2, 1600.0), (3, 1800.0))]  # fmt: skip
    found = territory_figures([*rows, customer(None, 4, hours=9999.0)], seller_cost=1)
    assert (found.overload, found.spread) == (pytest.approx(0.125), pytest.approx(0.1020620726))
    assert found.territories[-1].key is None


def test_the_hull_of_a_square_is_its_corners():
    square = [(0.0, 0.0), (0.0, 2.0), (2.0, 0.0), (2.0, 2.0), (1.0, 1.0), (1.0, 0.0), (0.0, 0.0)]
    assert convex_hull(square) == ((0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0))
    assert convex_hull([(1.0, 1.0)]) == ((1.0, 1.0),)


POINTS = st.lists(st.tuples(st.integers(-50, 50).map(float), st.integers(-50, 50).map(float)), max_size=30)  # fmt: skip


@given(POINTS)
def test_every_point_lies_inside_its_hull(points):
    hull = convex_hull(points)
    assert set(hull) <= set(points)
    if len(hull) > 2:
        for point in points:
            for a, b in zip(hull, hull[1:] + hull[:1], strict=True):
                assert (b[0] - a[0]) * (point[1] - a[1]) - (b[1] - a[1]) * (point[0] - a[0]) >= 0


ROWS = st.lists(
    st.builds(
        TerritoryCustomer,
        territory=st.none() | st.integers(1, 4),
        seller=st.none() | st.integers(1, 4),
        hours=st.floats(0, 100),
        norm=st.none() | st.integers(0, 50),
        actual=st.integers(0, 50),
        turnover=st.integers(-1000, 100_000).map(Decimal),
        contribution=st.none() | st.integers(-1000, 100_000).map(Decimal),
    ),
    max_size=20,
)


@given(ROWS)
def test_territories_add_up_to_the_whole(rows):
    found = territory_figures(rows, seller_cost=1000)
    parts = found.territories
    assert sum(each.customers for each in parts) == len(rows)
    assert sum(each.turnover for each in parts) == sum(each.turnover for each in rows)
    assert sum(each.actual for each in parts) == sum(each.actual for each in rows)
    sellers = {each.seller for each in rows if each.seller is not None}
    assert sum(each.cost for each in parts) + found.unplaced_cost == pytest.approx(1000 * len(sellers))  # fmt: skip
