"""Does every customer that ever bought get one score of each kind (F9.14)?"""

from datetime import date, timedelta

import pytest

from koers_analytics.customers.rfm import RfmBands, rfm, rfm_members
from koers_analytics.filters import FactFilter
from koers_analytics.tests.world import company, facts, line

TODAY = date(2026, 7, 1)
YEAR = FactFilter(start=date(2025, 7, 1), end=TODAY)


def scores(folder, rows):
    members, _count = rfm_members(facts(folder, rows, company=[company(1), company(2)]), YEAR, RfmBands())  # fmt: skip
    return [(each.recency, each.frequency, each.money) for each in members]


@pytest.mark.parametrize(
    ("days", "score"), [(1, 5), (30, 5), (31, 4), (90, 4), (91, 3), (180, 3), (181, 2), (365, 2), (366, 1)]
)  # fmt: skip
def test_recency_counts_days_since_the_last_order(tmp_path, days, score):
    assert scores(tmp_path, [line(1, TODAY - timedelta(days=days), 1, 5)])[0][0] == score


@pytest.mark.parametrize(("orders", "score"), [(1, 1), (2, 2), (3, 3), (5, 3), (6, 4), (11, 4), (12, 5)])  # fmt: skip
def test_frequency_counts_orders_of_the_year(tmp_path, orders, score):
    assert scores(tmp_path, [line(i, TODAY - timedelta(days=5), 1, 1) for i in range(orders)])[0][1] == score  # fmt: skip


@pytest.mark.parametrize(
    ("net", "score"), [(0, 1), (1, 2), (10_000, 2), (10_001, 3), (50_001, 4), (100_000, 4), (100_001, 5)]
)  # fmt: skip
def test_money_is_turnover_above_the_edge(tmp_path, net, score):
    assert scores(tmp_path, [line(1, TODAY - timedelta(days=5), 1, net)])[0][2] == score


def test_a_credit_note_is_no_order_yet_lowers_the_turnover(tmp_path):
    day = TODAY - timedelta(days=40)
    rows = [line(1, day, 1, 20_000), line(2, TODAY - timedelta(days=1), 1, -15_000, is_credit=True)]
    assert scores(tmp_path, rows) == [(4, 1, 2)]


def test_cells_hold_every_buyer_once(tmp_path):
    rows = [line(1, TODAY - timedelta(days=5), 1, 7), line(2, TODAY - timedelta(days=800), 2, 9)]
    cells = rfm(facts(tmp_path, rows, company=[company(1), company(2), company(3)]), YEAR, RfmBands())  # fmt: skip
    assert [(c.recency, c.frequency, c.money, c.customers, c.turnover) for c in cells] == [(5, 1, 2, 1, 7), (1, 1, 1, 1, 0)]  # fmt: skip


def test_rfm_needs_a_day_to_measure_at(tmp_path):
    with pytest.raises(ValueError, match="end"):
        rfm(facts(tmp_path, []), FactFilter(), RfmBands())
