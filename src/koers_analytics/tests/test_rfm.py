"""Does every customer that ever bought get one score of each kind (F9.14)?"""

from datetime import date, timedelta

import pytest

from koers_analytics.customers.rfm import RfmBands, rfm, rfm_members
from koers_analytics.filters import FactFilter
from koers_analytics.tests.world import company, facts, line

pytestmark = pytest.mark.usefixtures("both_engines")

TODAY = date(2026, 7, 1)
YEAR = FactFilter(start=date(2025, 7, 1), end=TODAY)


def scores(folder, rows):
    companies = [company(key) for key in range(1, 10)]
    members, _count = rfm_members(facts(folder, rows, company=companies), YEAR, RfmBands())
    return {each.company_id: (each.recency, each.frequency, each.money) for each in members}


def test_recency_counts_days_since_the_last_order(tmp_path):
    edges = {1: 5, 30: 5, 31: 4, 90: 4, 91: 3, 180: 3, 181: 2, 365: 2, 366: 1}
    rows = [line(i, TODAY - timedelta(days=days), i, 5) for i, days in enumerate(edges, start=1)]
    found = scores(tmp_path, rows)
    assert [found[i][0] for i in range(1, 10)] == list(edges.values())


def test_frequency_counts_orders_of_the_year(tmp_path):
    edges = {1: 1, 2: 2, 3: 3, 5: 3, 6: 4, 11: 4, 12: 5}
    rows = [
        line(100 * i + n, TODAY - timedelta(days=5), i, 1)
        for i, orders in enumerate(edges, start=1)
        for n in range(orders)
    ]
    found = scores(tmp_path, rows)
    assert [found[i][1] for i in range(1, 8)] == list(edges.values())


def test_money_is_turnover_above_the_edge(tmp_path):
    edges = {0: 1, 1: 2, 10_000: 2, 10_001: 3, 50_001: 4, 100_000: 4, 100_001: 5}
    rows = [line(i, TODAY - timedelta(days=5), i, net) for i, net in enumerate(edges, start=1)]
    found = scores(tmp_path, rows)
    assert [found[i][2] for i in range(1, 8)] == list(edges.values())


def test_a_credit_note_is_no_order_yet_lowers_the_turnover(tmp_path):
    day = TODAY - timedelta(days=40)
    rows = [line(1, day, 1, 20_000), line(2, TODAY - timedelta(days=1), 1, -15_000, is_credit=True)]
    assert scores(tmp_path, rows) == {1: (4, 1, 2)}


def test_cells_hold_every_buyer_once(tmp_path):
    rows = [line(1, TODAY - timedelta(days=5), 1, 7), line(2, TODAY - timedelta(days=800), 2, 9)]
    cells = rfm(facts(tmp_path, rows, company=[company(1), company(2), company(3)]), YEAR, RfmBands())  # fmt: skip
    assert [(c.recency, c.frequency, c.money, c.customers, c.turnover) for c in cells] == [(5, 1, 2, 1, 7), (1, 1, 1, 1, 0)]  # fmt: skip


def test_rfm_needs_a_day_to_measure_at(tmp_path):
    with pytest.raises(ValueError, match="end"):
        rfm(facts(tmp_path, []), FactFilter(), RfmBands())
