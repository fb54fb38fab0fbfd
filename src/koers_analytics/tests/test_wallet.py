"""Is the share of wallet (F5.6) right, at any day, and does its fall lead to revitalisation?"""

from datetime import date
from decimal import Decimal

import pytest

from koers_analytics.customers.lifecycle import LifecycleRules, phase_history, phase_members
from koers_analytics.customers.wallet import (
    WalletRules,
    wallet_groups,
    wallet_shares,
    wallet_trend,
)
from koers_analytics.filters import FactFilter
from koers_analytics.tests.test_lifecycle import monthly, run_of
from koers_analytics.tests.world import company, facts, line

TODAY = date(2026, 7, 1)
ALL, RULES = FactFilter(), WalletRules()


def told(key, company_id, day, euros, currency="EUR"):
    return {"wallet_id": key, "company_id": company_id, "day": day, "amount_e4": euros * 10_000, "currency": currency}  # fmt: skip


def shares_of(reading, **more):
    found, count = wallet_shares(reading, ALL, RULES, as_of=TODAY, **more)
    return {each.company_id: each for each in found}, count


@pytest.mark.usefixtures("both_engines")
def test_the_share_is_our_turnover_of_twelve_months_over_what_the_customer_buys(tmp_path):
    rows = [line(1, date(2025, 7, 1), 1, 50_000), line(2, date(2026, 6, 30), 1, 10_000), line(3, date(2025, 6, 30), 1, 7), line(4, TODAY, 1, 9)]  # fmt: skip
    found, count = shares_of(facts(tmp_path, rows, company=[company(1), company(2)], wallet=[told(1, 1, date(2026, 1, 1), 240_000)]))  # fmt: skip
    assert (found[1].turnover, found[1].volume, found[1].share) == (60_000, 240_000, Decimal("0.25"))  # fmt: skip
    assert (found[1].room, found[1].is_over, found[1].turnover_before) == (180_000, False, 7)
    assert (found[2].share, found[2].room, found[2].change, count) == (None, None, None, 2)


@pytest.mark.usefixtures("both_engines")
def test_the_latest_record_counts_until_it_is_too_old(tmp_path):
    rows = [line(1, date(2026, 6, 1), each, 100) for each in (1, 2, 3)]
    wallets = [
        told(1, 1, date(2025, 1, 1), 1_000), told(2, 1, date(2026, 5, 1), 400), told(3, 1, date(2026, 5, 1), 500),
        told(4, 2, date(2024, 7, 1), 1_000), told(5, 3, date(2024, 7, 2), 1_000), told(6, 1, date(2026, 7, 2), 1),
    ]  # fmt: skip
    found, _count = shares_of(facts(tmp_path, rows, company=[company(each) for each in (1, 2, 3)], wallet=wallets))  # fmt: skip
    assert {key: each.share for key, each in found.items()} == {1: Decimal("0.2"), 2: None, 3: Decimal("0.1")}  # fmt: skip
    assert (found[1].day, found[1].volume_before) == (date(2026, 5, 1), 1_000)


@pytest.mark.usefixtures("both_engines")
def test_a_foreign_volume_is_converted_by_the_rate_of_its_day(tmp_path):
    rates = [{"currency": "USD", "date": day, "rate_e8": rate, "base": "EUR"} for day, rate in ((date(2026, 1, 1), 90_000_000), (date(2026, 3, 1), 10_000_000))]  # fmt: skip
    wallets = [told(1, 1, date(2026, 2, 1), 1_000, "USD"), told(2, 2, date(2026, 2, 1), 1_000, "GBP")]  # fmt: skip
    rows = [line(1, date(2026, 6, 1), 1, 450), line(2, date(2026, 6, 1), 2, 450)]
    found, _count = shares_of(facts(tmp_path, rows, company=[company(1), company(2)], wallet=wallets, rate=rates))  # fmt: skip
    assert (found[1].volume, found[1].share) == (900, Decimal("0.5"))
    assert (found[2].volume, found[2].share) == (None, None)


def test_more_than_the_customer_buys_is_shown_and_named_not_cut(tmp_path):
    rows = [line(1, date(2026, 6, 1), 1, 150), line(2, date(2026, 6, 1), 2, 50)]
    wallets = [told(1, 1, date(2026, 1, 1), 100), told(2, 2, date(2026, 1, 1), 100)]
    reading = facts(tmp_path, rows, company=[company(1), company(2)], wallet=wallets)
    over, count = shares_of(reading, state="over")
    assert (list(over), count) == ([1], 1)
    assert (over[1].share, over[1].room, over[1].is_over) == (Decimal("1.5"), -50, True)
    whole = wallet_groups(reading, ALL, RULES, as_of=TODAY)[0]
    assert (whole.share, whole.over, whole.known) == (1, 1, 2)


def test_groups_add_up_and_leave_out_whom_we_do_not_know(tmp_path):
    rows = [line(1, date(2026, 6, 1), 1, 100), line(2, date(2026, 6, 1), 2, 300), line(3, date(2026, 6, 1), 3, 600)]  # fmt: skip
    companies = [company(1, segment="Bakers", sbu_id=5), company(2, segment="Bakers"), company(3, segment="Hotels"), company(4)]  # fmt: skip
    wallets = [told(1, 1, date(2026, 1, 1), 400), told(2, 3, date(2026, 1, 1), 1_200)]
    reading = facts(tmp_path, rows, company=companies, wallet=wallets, sbu=[{"sbu_id": 5, "name": "Ovens"}])  # fmt: skip
    groups = {each.name: each for each in wallet_groups(reading, ALL, RULES, as_of=TODAY, by="segment")}  # fmt: skip
    assert {name: each.share for name, each in groups.items()} == {"Bakers": Decimal("0.25"), "Hotels": Decimal("0.5"), "": None}  # fmt: skip
    assert (groups["Bakers"].customers, groups["Bakers"].known, groups["Bakers"].covered) == (2, 1, Decimal("0.25"))  # fmt: skip
    assert groups[""].customers == 0
    whole = wallet_groups(reading, ALL, RULES, as_of=TODAY)[0]
    assert (whole.turnover, whole.volume, whole.turnover_all, whole.covered) == (700, 1_600, 1_000, Decimal("0.7"))  # fmt: skip
    assert sum(each.volume for each in groups.values()) == whole.volume
    units = wallet_groups(reading, ALL, RULES, as_of=TODAY, by="sbu")
    assert [(each.name, each.key, each.known) for each in units] == [("", None, 1), ("Ovens", 5, 1)]
    none = wallet_groups(facts(tmp_path / "none", []), ALL, RULES, as_of=TODAY)
    assert [(each.known, each.share) for each in none] == [(0, None)]


@pytest.mark.usefixtures("both_engines")
def test_the_trend_asks_each_day_what_was_known_then(tmp_path):
    rows = [line(1, date(2025, 3, 1), 1, 100), line(2, date(2026, 3, 1), 1, 50), line(3, date(2026, 3, 1), 2, 50)]  # fmt: skip
    wallets = [told(1, 1, date(2025, 1, 1), 200), told(2, 1, date(2026, 4, 1), 250), told(3, 2, date(2026, 4, 1), 250)]  # fmt: skip
    reading = facts(tmp_path, rows, company=[company(1), company(2)], wallet=wallets)
    days = [date(2024, 7, 1), date(2025, 7, 1), TODAY]
    found = [(each.day, each.known, each.share) for each in wallet_trend(reading, ALL, RULES, days=days)]  # fmt: skip
    assert found == [(days[0], 0, None), (days[1], 1, Decimal("0.5")), (TODAY, 2, Decimal("0.2"))]
    one = wallet_trend(reading, FactFilter(company_ids=(2,)), RULES, days=days)
    assert [each.share for each in one] == [None, None, Decimal("0.2")]


def steady(folder, *, now=100, volumes, rules=None):
    """A customer that bought 100 a month for two years and ``now`` after, with what it was said to buy."""
    rows = monthly(1, run_of(2023, 7, [100] * 24 + [now] * 12))
    wallets = [told(key, 1, day, euros) for key, (day, euros) in enumerate(volumes)]
    reading = facts(folder, rows, company=[company(1)], wallet=wallets)
    chosen = rules or LifecycleRules()
    return phase_members(reading, ALL, chosen, as_of=TODAY)[0][0].phase, reading


A_YEAR_AGO, NOW = date(2025, 6, 1), date(2026, 6, 15)


@pytest.mark.usefixtures("both_engines")
@pytest.mark.parametrize(
    ("now", "volumes", "phase"),
    [
        (100, [(A_YEAR_AGO, 4_000), (NOW, 4_800)], "revitalisation"),  # 30 % to 25 %: 5 points
        (100, [(A_YEAR_AGO, 4_000), (NOW, 4_790)], "saturation"),  # 30 % to 25.05 %
        (120, [(A_YEAR_AGO, 2_000), (NOW, 3_000)], "growth"),  # from 60 to 48 %, but grew 20 %
        (120, [(A_YEAR_AGO, 2_000)], "growth"),  # the volume of then still holds: 60 to 72 %
        (100, [(NOW, 4_800)], "saturation"),  # not known a year ago
        (100, [(A_YEAR_AGO, 1_000), (NOW, 4_800)], "saturation"),  # 120 % cannot be right
    ],
)
def test_a_share_that_falls_five_points_leads_to_revitalisation(tmp_path, now, volumes, phase):
    assert steady(tmp_path, now=now, volumes=volumes)[0] == phase


@pytest.mark.parametrize(
    ("told_on", "rules", "phase"),
    [
        (A_YEAR_AGO, LifecycleRules(wallet_fall=Decimal("0.01")), "revitalisation"),
        (A_YEAR_AGO, LifecycleRules(wallet_fall=Decimal("0.06")), "saturation"),
        (A_YEAR_AGO, LifecycleRules(wallet_fall=None), "saturation"),
        (date(2024, 6, 1), LifecycleRules(), "revitalisation"),
        (date(2024, 6, 1), LifecycleRules(wallet_months=12), "saturation"),  # too old a year ago
    ],
)
def test_the_limit_of_the_fall_is_a_rule_that_can_be_left_out(tmp_path, told_on, rules, phase):
    assert steady(tmp_path, volumes=[(told_on, 4_000), (NOW, 4_800)], rules=rules)[0] == phase


def test_the_history_says_since_when_the_share_had_fallen(tmp_path):
    _phase, reading = steady(tmp_path, volumes=[(date(2024, 6, 1), 2_000), (date(2026, 1, 20), 4_000)])  # fmt: skip
    spans = phase_history(reading, LifecycleRules(), as_of=TODAY)
    assert (spans[-1].phase, spans[-1].start) == ("revitalisation", date(2026, 2, 1))
    fallen, _count = shares_of(reading, state="fallen")
    assert fallen[1].change == Decimal("-0.3")
