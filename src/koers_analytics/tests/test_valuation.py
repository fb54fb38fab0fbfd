"""Valuation kept beside the facts, what to do next, and what is bought together."""

import random
from datetime import date, timedelta
from decimal import Decimal

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from scipy.stats import nbinom

from koers_analytics.customers.baskets import pairs, white_space
from koers_analytics.customers.next_best import (
    NextBestRules,
    next_best,
    next_best_counts,
    next_best_table,
)
from koers_analytics.customers.value.customer_value import customer_value
from koers_analytics.customers.value.purchase_interval import purchase_limits, quantile
from koers_analytics.customers.value.valuation import purchase_interval, valuation
from koers_analytics.customers.value.valued import (
    KINDS,
    RISKS,
    customer_where,
    value_bridge,
    value_groups,
    value_members,
    value_run,
    value_totals,
)
from koers_analytics.filters import FactFilter
from koers_analytics.tests.world import AT, company, facts, line, store

SOURCE = """(SELECT company_id AS customer, order_date AS day, net_e4 AS amount_e4 FROM order_line
    WHERE company_id IS NOT NULL AND net_e4 IS NOT NULL)"""
DAY = date(2026, 1, 1)
OWNERS = (7, 8)


def buying(seed=3, customers=60, years=3):
    """Customers with a rhythm and a day on which they leave, all from one seed."""
    rng = random.Random(seed)  # noqa: S311 -- a made-up past
    lines, order = [], 0
    for number in range(1, customers + 1):
        at = DAY - timedelta(days=rng.randint(400, years * 365))
        leaves = at + timedelta(days=rng.randint(60, 1500))
        rhythm, net = rng.choice((20, 45, 90)), rng.randint(50, 5000)
        while at < min(leaves, DAY):
            order += 1
            lines.append(line(order, at, number, net, cost_e4=net * 6_000))
            at += timedelta(days=max(1, round(rng.expovariate(1 / rhythm))))
    return lines


@pytest.fixture(scope="module")
def valued(tmp_path_factory):
    """A store whose customers are valued."""
    people = [{"person_id": key, "name": f"P{key}", "team_id": key * 10} for key in OWNERS]
    companies = [
        company(number, owner_id=OWNERS[number % 2], segment="Big" if number % 3 else "Small")
        for number in range(1, 61)
    ]
    found = store(tmp_path_factory.mktemp("facts"), buying(), company=companies, person=people)
    made = valuation(found.open().cursor(), SOURCE, as_of=DAY)
    with found.writer(at=AT, currency="EUR") as writer:
        writer.put_table("customer_value", made.customers, "1")
        writer.put_table("customer_value_run", made.run, "1")
        writer.put_table("next_best", made.next_best, "1")
    return found.open()


def test_the_interval_is_the_smallest_number_that_is_reached():
    shape, mean = np.array([0.5, 3.0, 40.0]), np.array([0.2, 2.5, 30.0])
    sure = np.ones(3)
    chance = shape / (shape + mean)
    for q in (0.1, 0.5, 0.9):
        assert quantile(q, sure, shape, chance).tolist() == nbinom.ppf(q, shape, chance).tolist()
    assert quantile(0.9, np.array([0.05]), shape[:1], chance[:1]).tolist() == [0]


def test_an_interval_holds_at_least_four_of_five_and_says_how_many_it_holds():
    shape, expected, alive = (
        np.array([0.4, 2.5, 30.0]),
        np.array([0.3, 4.0, 25.0]),
        np.array([0.3, 0.9, 1.0]),
    )
    found = purchase_limits(alive, expected, shape)
    chance = shape / (shape + expected / alive)
    cdf = [[0.0 if k < 0 else 1 - a + a * nbinom.cdf(k, s, c) for k in (low - 1, high)]
           for low, high, a, s, c in zip(found.low, found.high, alive, shape, chance, strict=True)]  # fmt: skip
    assert found.told == pytest.approx([upper - lower for lower, upper in cdf])
    assert found.told.min() >= 0.8


def test_four_of_five_customers_end_up_in_their_interval():
    """Buyers of whom the model's assumptions are true: their next year falls inside as promised."""
    rng = np.random.default_rng(11)
    rates, lines, later = rng.gamma(1.5, 1 / 60.0, 1500), [], []
    for number, rate in enumerate(rates, start=1):
        days = np.flatnonzero(rng.random(730 + 365) < rate)
        known = [0, *days[days < 730]]
        later.append(int((days >= 730).sum()))
        lines += [line(number * 1000 + i, DAY - timedelta(days=730 - int(d)), number, 100) for i, d in enumerate(known)]  # fmt: skip
    rows = pa.table({"customer": [r["company_id"] for r in lines], "day": [r["order_date"] for r in lines],
                     "amount_e4": [r["net_e4"] for r in lines]})  # fmt: skip
    connection = duckdb.connect()
    connection.register("bought", rows)
    found = customer_value(connection, "bought", as_of=DAY - timedelta(days=1))
    low, high = purchase_interval(found)
    inside = np.mean((np.array(later) >= low) & (np.array(later) <= high))
    assert 0.78 <= inside <= 0.95, inside


def test_sums_of_the_kept_values_are_those_of_the_analysis(valued):
    found = customer_value(valued.cursor(), SOURCE, as_of=DAY)
    totals = value_totals(valued, FactFilter(), by_spending=True)
    assert totals.customers == len(found.table) == 60
    assert abs(totals.worth - Decimal(float(found.scores.clv.sum()))) < Decimal("0.31")
    assert totals.purchases == pytest.approx(float(found.scores.expected_purchases.sum()))
    assert value_run(valued).model == found.model.name


def test_contribution_is_spending_times_the_margin_of_four_tenths(valued):
    spending = value_totals(valued, FactFilter(), by_spending=True).worth
    worth = value_totals(valued, FactFilter(), by_spending=False).worth
    assert abs(worth - spending * Decimal("0.4")) < Decimal("0.31")


def test_the_bridge_adds_up_and_opens_its_customers(valued):
    for by_spending in (True, False):
        bridge = value_bridge(valued, FactFilter(), by_spending=by_spending)
        assert bridge.start + sum(step.change for step in bridge.steps) == bridge.end
        assert bridge.end == value_totals(valued, FactFilter(), by_spending=by_spending).worth
        for step in bridge.steps:
            rows, count = value_members(valued, FactFilter(), by_spending=by_spending, kind=step.kind, limit=100)  # fmt: skip
            assert (count, sum(row.change for row in rows)) == (step.customers, step.change)
        assert {step.kind for step in bridge.steps} <= set(KINDS)


def test_groups_and_bands_add_up_to_the_whole(valued):
    total = value_totals(valued, FactFilter(), by_spending=False)
    for by in ("segment", "seller", "territory", "sbu"):
        groups = value_groups(valued, FactFilter(), by, by_spending=False)
        assert sum(g.worth for g in groups) == total.worth
        assert sum(g.customers for g in groups) == total.customers
    counts = [value_members(valued, FactFilter(), by_spending=False, risk=risk)[1] for risk in RISKS]  # fmt: skip
    assert sum(counts) == total.customers


def test_only_customers_of_visible_people_are_counted(valued):
    own = FactFilter(visible_people=frozenset({7}))
    rows, count = value_members(valued, own, by_spending=False, limit=100)
    assert {row.company_id % 2 for row in rows} == {0}
    assert count == 30
    assert value_totals(valued, own, by_spending=False).customers == 30
    todo, _count = next_best(valued, customer_where(own), limit=100)
    assert {row.company_id % 2 for row in todo} == {0}


def test_pages_follow_each_other_and_sort_both_ways(valued):
    everybody, _n = value_members(valued, FactFilter(), by_spending=False, limit=60, order="p_alive")  # fmt: skip
    second, count = value_members(valued, FactFilter(), by_spending=False, limit=20, offset=20, order="p_alive")  # fmt: skip
    assert (second, count) == (everybody[20:40], 60)
    upward, _n = value_members(valued, FactFilter(), by_spending=False, limit=1, order="p_alive", descending=False)  # fmt: skip
    assert upward[0].p_alive == min(row.p_alive for row in everybody)
    assert value_members(valued, FactFilter(), by_spending=False, limit=20, offset=80) == ([], 60)


def test_gains_follow_the_stated_rules(valued):
    rules = NextBestRules()
    members = {row.company_id: row for row in value_members(valued, FactFilter(), by_spending=False, limit=100)[0]}  # fmt: skip
    seen, _count = next_best(valued, customer_where(FactFilter()), action="win_back", limit=100)
    assert seen
    for row in seen:
        member = members[row.company_id]
        assert row.p_alive < 0.5
        assert row.silent <= 730
        if row.p_alive < 0.02:
            stays = 365 / row.rhythm * float(member.spend_each) * 0.4
        else:
            stays = float(member.worth) / row.p_alive
        stake = stays * (1 - row.p_alive)
        assert row.stake == pytest.approx(stake, rel=0.02)
        assert row.gain == pytest.approx(row.stake * rules.win_back[1])
        assert row.per_hour == pytest.approx(row.gain / rules.win_back[0])
    counts = next_best_counts(valued, customer_where(FactFilter()))
    assert counts["win_back"][0] == len(seen)


def test_each_customer_comes_once_and_letting_go_is_never_first(valued):
    rows, count = next_best(valued, customer_where(FactFilter()), limit=100)
    assert len({row.company_id for row in rows}) == len(rows) == count
    others = [row for row in rows if row.action != "let_go"]
    assert rows[: len(others)] == others
    assert [row.per_hour for row in others] == sorted((r.per_hour for r in others), reverse=True)


def test_by_spending_the_order_says_nothing_of_margins(valued):
    everybody = customer_where(FactFilter())
    rows, _count = next_best(valued, everybody, by_spending=True, limit=100)
    assert rows
    assert "let_go" not in {row.action for row in rows}
    members = {row.company_id: row for row in value_members(valued, FactFilter(), by_spending=True, limit=100)[0]}  # fmt: skip
    kept = [row for row in rows if row.action == "keep"]
    for row in kept:
        stays = float(members[row.company_id].worth) / row.p_alive
        assert row.gain == pytest.approx(0.35 * (1 - row.p_alive) * stays, rel=0.02)
    assert [row.per_hour for row in rows] == sorted((r.per_hour for r in rows), reverse=True)
    assert next_best(valued, everybody, by_spending=True, action="let_go") == ([], 0)


def test_too_few_purchases_leave_a_reason_and_no_rows(tmp_path):
    found = facts(tmp_path, [line(1, date(2025, 5, 1), 1, 100)], company=[company(1)])
    made = valuation(found.cursor(), SOURCE, as_of=DAY)
    assert (made.customers.num_rows, made.next_best.num_rows) == (0, 0)
    assert made.run.to_pylist()[0]["why_not"]


@pytest.fixture
def peers(tmp_path):
    """48 customers of equal turnover; number 5 buys no taps and gets 40 % where others get 9.6 %."""
    lines, order = [], 0
    for number in range(1, 49):
        for month in range(1, 13):
            order += 1
            last = month == 12
            net, list_e4, discount_e4 = 900, 10_000_000, 1_000_000
            if number == 5:
                net = 1400 if last else 900
                list_e4, discount_e4 = (188_333_333, 75_333_333) if last else (0, 0)
            lines.append(line(order, date(2025, month, 3), number, net, list_e4=list_e4, discount_e4=discount_e4,
                              cost_e4=4_000_000, product_id=1))  # fmt: skip
        if number != 5:
            lines.append(line(order, date(2025, 12, 3), number, 500, product_id=2, place=1, cost_e4=2_000_000))  # fmt: skip
    products = [
        {"product_id": key, "name": name, "category_id": key, "category_name": name, "group_id": key, "group_name": name}
        for key, name in ((1, "Sinks"), (2, "Taps"))
    ]  # fmt: skip
    return store(tmp_path, lines, company=[company(n) for n in range(1, 49)], product=products).open()  # fmt: skip


def values_of(customers):
    """Rows of a valuation in which all are alike."""
    columns = {"frequency": 11, "recency": 334, "age": 363, "p_alive": 0.9, "value_cents": 500_000, "spend_cents": 1_000_000, "margin": 0.5, "spend_each": 100.0}  # fmt: skip
    made = {"company_id": pa.array(range(1, customers + 1), pa.int64())}
    return pa.table(made | {name: [value] * customers for name, value in columns.items()})


def test_what_peers_buy_and_what_a_discount_costs_is_said_with_its_amounts(peers):
    found = next_best_table(
        peers.cursor(), values_of(48), as_of=DAY, rules=NextBestRules(hour_cost=1.0)
    )
    grow, reprice = found.to_pylist()
    assert (grow["company_id"], grow["action"], grow["what"], grow["peers"], grow["peers_buying"]) == (5, "grow", "Taps", 12, 11)  # fmt: skip
    assert (grow["stake"], grow["gain"]) == (pytest.approx(250), pytest.approx(0.2 * 0.9 * 250))
    assert (reprice["company_id"], reprice["action"]) == (5, "reprice")
    assert (reprice["discount"], reprice["peers_discount"]) == (pytest.approx(0.4), pytest.approx(1200 / 12500))  # fmt: skip
    stake = (0.4 - 0.096) * 18833.3333
    assert reprice["stake"] == pytest.approx(stake, rel=1e-6)
    assert reprice["gain"] == pytest.approx(0.3 * 0.9 * stake, rel=1e-6)


def test_an_action_that_does_not_pay_for_its_hours_is_not_told(peers):
    for hour_cost, actions in ((14.9, ["grow", "reprice"]), (15.1, ["reprice"]), (1000.0, [])):
        rules = NextBestRules(hour_cost=hour_cost, let_go=(0.001, 1.0))
        found = next_best_table(peers.cursor(), values_of(48), as_of=DAY, rules=rules)
        assert found.column("action").to_pylist() == actions, hour_cost


def test_with_few_peers_nothing_is_said(peers):
    few = next_best_table(peers.cursor(), values_of(30), as_of=DAY, rules=NextBestRules())
    assert few.num_rows == 0


def test_white_space_shows_who_buys_what(peers):
    space = white_space(peers, FactFilter(), most_customers=48)
    assert [(name, share) for _key, name, share in space.items] == [("Sinks", 1.0), ("Taps", 47 / 48)]  # fmt: skip
    row = [c for c, _name in space.customers].index(5)
    assert space.bought[row] == (Decimal("11300.0000"), None)
    assert white_space(peers, FactFilter(), customers=[11]).customers == ((11, "C11"),)


def test_pairs_count_orders_and_their_lift(tmp_path):
    """Twenty orders: ten with both, five with the first alone, five with neither."""
    lines = []
    for order in range(1, 21):
        held = (1, 2) if order <= 10 else (1,) if order <= 15 else (3,)
        lines += [line(order, date(2025, 5, order), 1, 100, product_id=p, place=p) for p in held]
    products = [{"product_id": p, "name": f"P{p}", "group_id": p, "group_name": f"G{p}"} for p in (1, 2, 3)]  # fmt: skip
    found = facts(tmp_path, lines, company=[company(1)], product=products)
    first, second = pairs(found, FactFilter(), level="product")
    counted = {(p.first, p.second): (p.orders_both, p.orders_first, p.orders_second, p.orders) for p in (first, second)}  # fmt: skip
    assert counted == {("P1", "P2"): (10, 15, 10, 20), ("P2", "P1"): (10, 10, 15, 20)}
    assert (first.lift, second.lift) == (4 / 3, 4 / 3)
    assert first.lift_low < first.lift
    assert pairs(found, FactFilter(), level="product", least_orders=11) == []
    with pytest.raises(KeyError):
        pairs(found, FactFilter(), level="colour")
