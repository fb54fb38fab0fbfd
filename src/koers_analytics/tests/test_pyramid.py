"""Are customers classed as F2.4 and F2.6 say, and each exactly once?"""

import math
import tempfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from koers_analytics.customers.pyramid import (
    PyramidMethod,
    PyramidRule,
    pyramid,
    pyramid_members,
)
from koers_analytics.filters import FactFilter
from koers_analytics.tests.world import company, facts, line

pytestmark = pytest.mark.usefixtures("both_engines")

DAY = date(2026, 1, 5)
YEAR = FactFilter(start=date(2026, 1, 1), end=date(2027, 1, 1))


def world(folder, nets, *, extra=()):
    """Customers 1, 2, … with one order each of the given turnover."""
    rows = [line(i, DAY, i, net) for i, net in enumerate(nets, start=1)]
    companies = [company(i) for i in range(1, len(nets) + 1)] + [company(900), company(901)]
    return facts(folder, [*rows, *extra], company=companies)


def sizes(found):
    return [each.customers for each in found.classes]


def test_ten_customers_give_one_a_none_b_one_c_and_eight_d(tmp_path):
    found = pyramid(world(tmp_path, range(100, 0, -10)), YEAR, PyramidRule())
    assert sizes(found) == [1, 0, 1, 8, 0, 2]
    assert [each.turnover for each in found.classes] == [100, 0, 90, 360, 0, 0]
    assert found.classes[0].turnover_share == Decimal(100) / 550
    assert found.top_20_share == Decimal(190) / 550


def test_a_hundred_customers_give_one_four_fifteen_and_eighty(tmp_path):
    assert sizes(pyramid(world(tmp_path, range(200, 100, -1)), YEAR, PyramidRule()))[:4] == [1, 4, 15, 80]  # fmt: skip


def test_customers_of_equal_turnover_share_the_higher_class(tmp_path):
    assert sizes(pyramid(world(tmp_path, [50, 50, 50, 10]), YEAR, PyramidRule()))[:4] == [3, 0, 0, 1]  # fmt: skip


def test_by_limits_a_customer_must_lie_above_the_limit(tmp_path):
    edges = {100_001: "A", 100_000: "B", 50_001: "B", 50_000: "C", 10_001: "C", 10_000: "D"}
    reading = world(tmp_path, list(edges))
    members, _count = pyramid_members(reading, YEAR, PyramidRule(PyramidMethod.LIMITS), classes=["A", "B", "C", "D"])  # fmt: skip
    assert {each.turnover: each.customer_class for each in members} == edges


def test_who_bought_before_is_inactive_and_who_never_did_a_prospect(tmp_path):
    reading = world(tmp_path, [10], extra=[line(50, date(2025, 6, 1), 900, 5)])
    members, count = pyramid_members(reading, YEAR, PyramidRule(), classes=["inactive", "prospect"])
    assert ({each.company_id: each.customer_class for each in members}, count) == ({900: "inactive", 901: "prospect"}, 2)  # fmt: skip


def test_effort_stands_beside_value(tmp_path):
    extra = [line(50 + i, DAY, 2, 1, discount_e4=10_000) for i in range(3)]
    a, _b, c, _d = pyramid(world(tmp_path, [100, 10], extra=extra), YEAR, PyramidRule()).classes[:4]
    assert (a.orders, a.orders_share, a.discount_share) == (1, Decimal(1) / 5, 0)
    assert sum(each.customers for each in (a, c, _b, _d)) == 2


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(-1000, 100_000), min_size=1, max_size=60))
def test_class_sizes_and_turnovers_add_up_and_follow_the_rank(nets):
    with tempfile.TemporaryDirectory() as folder:
        reading = world(Path(folder), nets)
        found = pyramid(reading, YEAR, PyramidRule())
        members, count = pyramid_members(reading, YEAR, PyramidRule(), classes=["A", "B", "C", "D"], limit=1000)  # fmt: skip
        reading.close()
    assert sum(sizes(found)) == found.customers == len(nets) + 2
    assert sum(each.turnover for each in found.classes) == found.turnover == sum(nets)
    assert count == len(nets)
    place = {net: sorted(nets, reverse=True).index(net) + 1 for net in nets}
    reach = [math.ceil(Decimal(cut) * len(nets) / 10_000) for cut in (100, 500, 2000)]
    for each in members:
        rank = place[int(each.turnover)]
        expected = "A" if rank <= reach[0] else "B" if rank <= reach[1] else "C" if rank <= reach[2] else "D"  # fmt: skip
        assert each.customer_class == expected
