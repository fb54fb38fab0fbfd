"""Do risers, fallers, new and lost customers add up to the change in turnover?"""

import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from koers_analytics.customers.movement import movement, movers
from koers_analytics.customers.pyramid import PyramidRule
from koers_analytics.filters import FactFilter
from koers_analytics.tests.world import company, facts, line

BEFORE = FactFilter(start=date(2025, 1, 1), end=date(2026, 1, 1))
AFTER = FactFilter(start=date(2026, 1, 1), end=date(2027, 1, 1))
WAS, IS = date(2025, 5, 1), date(2026, 5, 1)
RULE = PyramidRule()


def world(folder, pairs):
    """Customers 1, 2, … with a turnover in each year; None is no order."""
    rows = []
    for i, (was, now) in enumerate(pairs, start=1):
        rows += [line(i, WAS, i, was)] if was is not None else []
        rows += [line(1000 + i, IS, i, now)] if now is not None else []
    return facts(folder, rows, company=[company(i) for i in range(1, len(pairs) + 1)])


@pytest.fixture
def small(tmp_path):
    return world(tmp_path, [(100, 150), (100, 40), (None, 70), (30, None), (20, 20), (None, None)])


def test_every_way_of_moving_is_counted_with_its_change(small):
    found = movement(small, BEFORE, AFTER, RULE)
    assert [(each.kind, each.customers, each.change) for each in found.totals] == [
        ("new", 1, 70), ("risen", 1, 50), ("equal", 2, 0), ("fallen", 1, -60), ("lost", 1, -30),
    ]  # fmt: skip
    assert (found.turnover_before, found.turnover_after) == (250, 280)


def test_the_largest_changes_come_first(small):
    order = {way: [each.company_id for each in movers(small, BEFORE, AFTER, RULE, largest=way)[0]] for way in ("any", "risen", "fallen")}  # fmt: skip
    assert order == {"any": [3, 2, 1, 4], "risen": [3, 1, 4, 2], "fallen": [2, 4, 1, 3]}


def test_movers_of_one_kind_are_counted(small):
    found, count = movers(small, BEFORE, AFTER, RULE, kinds=("new", "lost"))
    assert ({each.company_id: each.change for each in found}, count) == ({3: 70, 4: -30}, 2)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(*[st.one_of(st.none(), st.integers(-100, 1000))] * 2), min_size=1, max_size=20))  # fmt: skip
def test_the_bridge_between_two_turnovers_adds_up(pairs):
    with tempfile.TemporaryDirectory() as folder:
        reading = world(Path(folder), pairs)
        found = movement(reading, BEFORE, AFTER, RULE)
        reading.close()
    was, now = (sum(pair[place] or 0 for pair in pairs) for place in (0, 1))
    assert (found.turnover_before, found.turnover_after) == (was, now)
    assert sum(each.change for each in found.totals) == now - was
    assert sum(each.customers for each in found.totals) == len(pairs)
    assert sum(each.customers for each in found.flows) == len(pairs)
