"""Cohorts, survival and equity: counted by hand, added up to the cent, and as published."""

import random
from datetime import date, timedelta
from decimal import Decimal

import pytest

from koers_analytics.customers.cohorts import cohorts, mean_curve, retention
from koers_analytics.customers.survival import kaplan_meier, survival
from koers_analytics.customers.value.equity import KINDS, equity
from koers_analytics.formulas import run_formula
from koers_analytics.tests.world import purchases

PURCHASES = [
    ("a", "2024-01-05", 100), ("a", "2024-02-10", 50), ("a", "2024-04-01", 20), ("b", "2024-01-20", 10),
    ("c", "2024-02-02", 30), ("c", "2024-03-30", 30), ("d", "2024-02-28", 5), ("d", "2024-02-29", -5),
]  # fmt: skip


pytestmark = pytest.mark.usefixtures("both_engines")


def source_of(rows):
    return purchases(rows), "line"


def test_every_cohort_is_counted_in_every_month_since():
    cells = cohorts(*source_of(PURCHASES), as_of=date(2024, 4, 15))
    found = {(c.cohort.month, c.period): (c.customers, c.size, c.spent, c.whole) for c in cells}
    assert found == {
        (1, 0): (2, 2, 110.0, True), (1, 1): (1, 2, 50.0, True), (1, 2): (0, 2, 0.0, True), (1, 3): (1, 2, 20.0, False),
        (2, 0): (2, 2, 35.0, True), (2, 1): (1, 2, 30.0, True), (2, 2): (0, 2, 0.0, False),
    }  # fmt: skip
    assert mean_curve(cells) == [(0, 1.0, 4), (1, 0.5, 4), (2, 0.0, 2)]


def test_an_unknown_step_is_refused():
    with pytest.raises(ValueError, match="month, quarter, year"):
        cohorts(*source_of(PURCHASES), as_of=date(2024, 4, 15), step="week")


def test_retention_is_the_formula_on_the_counts():
    found = retention(*source_of(PURCHASES), as_of=date(2024, 4, 15), days=60)
    assert (found.customers_start, found.customers_new, found.customers_end) == (3, 1, 3)
    given = {"S": found.customers_start, "N": found.customers_new, "E": found.customers_end}
    assert run_formula("F5.1", given)[0] == found.share == 2 / 3


def test_survival_counts_who_left_and_censors_who_may_come_back():
    found = survival(*source_of(PURCHASES), as_of=date(2024, 4, 15), silence=60)
    assert (found.customers, found.censored) == (4, 3)
    assert [(s.days, s.at_risk, s.left, s.share) for s in found.steps] == [(0, 4, 1, 0.75)]
    assert found.median_days is None
    assert (found.share_after(0), found.share_after(-1)) == (0.75, 1.0)


def test_the_curve_and_its_interval_are_the_published_ones():
    """Weeks in remission under 6-MP (Freireich et al. 1963), the example of most textbooks."""
    left = (6, 6, 6, 7, 10, 13, 16, 22, 23)
    censored = (6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35)
    found = kaplan_meier([*((t, True) for t in left), *((t, False) for t in censored)])
    assert [(s.days, s.at_risk, round(s.share, 4)) for s in found.steps] == [
        (6, 21, 0.8571), (7, 17, 0.8067), (10, 15, 0.7529), (13, 12, 0.6902), (16, 11, 0.6275), (22, 7, 0.5378), (23, 6, 0.4482),
    ]  # fmt: skip
    assert [(round(s.low, 4), round(s.high, 4)) for s in found.steps[:3]] == [
        (0.6197, 0.9516), (0.5631, 0.9228), (0.5032, 0.8894),
    ]  # fmt: skip
    assert (found.median_days, found.customers, found.censored) == (23, 21, 12)


def test_the_bridge_of_equity_adds_up_to_the_cent():
    dice = random.Random(9)  # noqa: S311 -- reproducible, not secret
    rows = []
    for customer in range(80):
        day = date(2023, 1, 1) + timedelta(days=dice.randrange(500))
        while day <= date(2024, 12, 31):
            rows.append((f"c{customer}", day.isoformat(), int(dice.gammavariate(4, 20)) + 1))
            day += timedelta(days=int(dice.expovariate(1 / 45)) + 1)
            if dice.random() < 0.12:
                break
    connection, source = source_of(rows)
    found = equity(connection, source, as_of=date(2024, 12, 31), before=date(2023, 12, 31))
    bridge = found.bridge
    assert [part.kind for part in bridge.parts] == list(KINDS)
    assert bridge.start + sum(part.change for part in bridge.parts) == bridge.end == found.total
    won = {who for who, _day, _amount in rows} - {
        who for who, day, _amount in rows if day <= "2023-12-31"
    }
    by_kind = {part.kind: part for part in bridge.parts}
    assert by_kind["won"].customers == len(won)
    assert sum(part.customers for part in bridge.parts) == 80
    assert by_kind["won"].change > 0 > by_kind["lost"].change
    assert found.total == sum((Decimal(str(round(float(v), 2))) for v in found.value.scores.clv), Decimal(0)).quantize(Decimal("0.01"))  # fmt: skip
