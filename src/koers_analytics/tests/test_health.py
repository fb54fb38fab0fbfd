"""Is the health of customers what the rules say, and does the early warning tell the right ones?"""

import json
from datetime import date, timedelta
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from koers_analytics.customers.feedback import weighted_index
from koers_analytics.customers.health import PARTS, SIGNALS, HealthRules, health_table
from koers_analytics.customers.warning import (
    Choice,
    health_run,
    warning_totals,
    warnings,
)
from koers_analytics.filters import FactFilter
from koers_analytics.tables import CUSTOMER_HEALTH, CUSTOMER_HEALTH_RUN
from koers_analytics.tests.world import AT, company, facts, line, store, table

TODAY = date(2026, 7, 1)
SOURCE = "(SELECT company_id AS customer, order_date AS day, net_e4 AS amount_e4 FROM order_line WHERE company_id IS NOT NULL)"  # fmt: skip
ALL, RULES = FactFilter(), HealthRules()


def ago(days):
    return TODAY - timedelta(days=days)


def signals(*rows):
    types = {"int64": pa.int64(), "string": pa.string(), "date32": pa.date32()}
    return pa.Table.from_pylist(list(rows), schema=pa.schema([(n, types[t]) for n, t in SIGNALS.items()]))  # fmt: skip


def assessed(reading, *told, rules=RULES):
    found = health_table(reading.cursor(), SOURCE, signals(*told), as_of=TODAY, rules=rules)
    return {row["company_id"]: row for row in found.to_pylist()}


def bought(company_id, *days, net=100):
    return [line(company_id * 1000 + day, ago(day), company_id, net) for day in days]


def test_silence_is_measured_by_the_customers_own_rhythm(tmp_path):
    rows = bought(1, 120, 90, 60) + bought(2, 360, 210, 60) + bought(3, 92, 62)
    found = assessed(facts(tmp_path, rows))
    assert (found[1]["rhythm"], found[1]["silent"], found[1]["recency"]) == (30, 60, 0.5)
    assert (found[2]["rhythm"], found[2]["silent"], found[2]["recency"]) == (150, 60, 1)
    assert (found[3]["purchase_days"], found[3]["rhythm"], found[3]["recency"]) == (2, 30, None)
    assert (found[3]["score"], found[3]["coverage"], found[3]["risk"]) == (None, 0, None)


def test_the_trend_compares_the_same_months_a_year_before(tmp_path):
    old = [line(1, date(2024, 1, 1), 1, 5), line(2, date(2024, 12, 31), 2, 5), line(3, date(2025, 1, 2), 3, 5)]  # fmt: skip
    before = [line(10 + each, date(2025, 2, 1), each, 1_000) for each in (1, 2, 3)]
    now = [line(20, date(2026, 1, 1), 1, 7), line(21, date(2026, 1, 2), 1, 600), line(22, TODAY, 1, 150), line(23, TODAY, 2, 400)]  # fmt: skip
    found = assessed(facts(tmp_path, old + before + now))
    assert (found[1]["turnover_e4"], found[1]["turnover_before_e4"]) == (7_500_000, 10_000_000)
    assert (found[1]["trend"], found[2]["trend"]) == (0.5, 0)
    assert (found[3]["turnover_before_e4"], found[3]["trend"]) == (None, None)


def test_the_last_answer_counts_until_it_is_too_old(tmp_path):
    rows = [row for each in (1, 2, 3) for row in bought(each, 10)]
    told = [{"company_id": 1, "nps": 6, "nps_on": date(2025, 1, 2)}, {"company_id": 2, "nps": 6, "nps_on": date(2025, 1, 1)}, {"company_id": 3, "nps": 2, "nps_on": TODAY}]  # fmt: skip
    found = assessed(facts(tmp_path, rows), *told)
    assert [(found[each]["nps"], found[each]["feedback"]) for each in (1, 2, 3)] == [(6, 0.5), (None, None), (2, 0)]  # fmt: skip


def test_a_contact_is_due_by_the_norm_of_the_customer_or_the_usual_days(tmp_path):
    rows = [row for each in (1, 2, 3, 4) for row in bought(each, 10)]
    told = [{"company_id": 1, "contact_on": ago(73), "visits": 10}, {"company_id": 2, "contact_on": ago(90)}, {"company_id": 3, "contact_on": ago(180), "visits": 0}]  # fmt: skip
    found = assessed(facts(tmp_path, rows), *told)
    assert [(found[each]["contact_norm"], found[each]["has_norm"]) for each in (1, 2, 3, 4)] == [(36.5, True), (90, False), (90, False), (90, False)]  # fmt: skip
    assert [found[each]["contact"] for each in (1, 2, 3, 4)] == [0.5, 1, 0.5, None]


def test_what_is_not_known_leaves_its_weight_to_the_others(tmp_path):
    reading = facts(tmp_path, bought(1, 120, 90, 60))
    told = {"company_id": 1, "nps": 9, "nps_on": TODAY}
    row = assessed(reading, told)[1]
    assert row["score"] == pytest.approx(100 * (0.4 * 0.5 + 0.15 * 1) / 0.55)
    assert (row["coverage"], row["risk"]) == (pytest.approx(0.55), 0.5)
    weights = {"recency": 0, "trend": 1, "feedback": 3, "contact": 0}
    row = assessed(reading, told, rules=HealthRules(weights=weights))[1]
    assert (row["score"], row["coverage"], row["risk"]) == (100, 0.75, None)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.integers(0, 900), min_size=1, max_size=6, unique=True), st.none() | st.integers(0, 10),
    st.none() | st.integers(0, 800), st.lists(st.integers(0, 10), min_size=4, max_size=4).filter(any),
)  # fmt: skip
def test_the_score_is_the_weighted_mean_of_its_parts(tmp_path_factory, days, nps, gap, numbers):
    weights = {name: number / sum(numbers) for name, number in zip(PARTS, numbers, strict=True)}
    told = {"company_id": 1, "nps": nps, "nps_on": None if nps is None else TODAY, "contact_on": None if gap is None else ago(gap)}  # fmt: skip
    reading = facts(tmp_path_factory.mktemp("facts"), bought(1, *days))
    row = assessed(reading, told, rules=HealthRules(weights=weights))[1]
    parts = {name: row[name] for name in PARTS}
    assert all(part is None or 0 <= part <= 1 for part in parts.values())
    expected = weighted_index(weights, parts)
    assert row["score"] == (None if expected is None else pytest.approx(100 * expected, abs=1e-9))
    assert row["coverage"] == pytest.approx(sum(weights[name] for name in PARTS if parts[name] is not None))  # fmt: skip
    reading.close()


def test_a_longer_silence_never_makes_healthier(tmp_path):
    last = 2.0
    for number, silent in enumerate((0, 30, 45, 60, 75, 90, 200)):
        days = (silent + 60, silent + 30, silent)
        row = assessed(facts(tmp_path / str(number), bought(1, *days)))[1]
        assert row["recency"] <= last
        last = row["recency"]
    assert last == 0


@pytest.mark.parametrize("wrong", [{"weights": {"recency": 1.0}}, {"weights": dict.fromkeys(PARTS, 0.0)}, {"recency": (3.0, 3.0)}])  # fmt: skip
def test_rules_that_give_no_score_are_refused(wrong):
    with pytest.raises(ValueError, match="part"):
        HealthRules(**wrong)


def kept(tmp_path, *rows):
    """Facts with health as it is kept; C1 to C9 with owner and segment by their number."""
    people = [{"person_id": 1, "name": "Ann"}, {"person_id": 2, "name": "Cora"}]
    companies = [company(n, owner_id=1 + n % 2, segment="Bakers" if n < 3 else "Hotels") for n in range(1, 10)]  # fmt: skip
    made = store(tmp_path, bought(1, 10), company=companies, person=people)
    usual = {"phase": "growth", "purchase_days": 5, "silent": 10, "rhythm": 10.0, "turnover_e4": 0, "contact_norm": 90.0, "has_norm": False, "coverage": 1.0}  # fmt: skip
    with made.writer(at=AT, currency="EUR") as writer:
        writer.put_table("customer_health", table(CUSTOMER_HEALTH, [usual | row for row in rows]), "1")  # fmt: skip
        run = {"as_of": TODAY, "rule_version": 2, "rules": json.dumps({"contact_days": 90})}
        writer.put_table("customer_health_run", table(CUSTOMER_HEALTH_RUN, [run]), "1")
    return made.open()


WORRYING = (
    {"company_id": 1, "recency": 0.5, "risk": 0.5, "p_alive": 0.9, "score": 50.0, "stays_spend_cents": 100_000, "stays_value_cents": 40_000},
    {"company_id": 2, "feedback": 0.0, "p_alive": 0.4, "score": 20.0, "stays_spend_cents": 50_000, "stays_value_cents": 30_000, "phase": "start"},
    {"company_id": 3, "recency": 0.51, "trend": 0.6, "p_alive": 0.5, "score": 60.0, "stays_spend_cents": 900_000},
    {"company_id": 4, "recency": 0.0, "p_alive": 0.1, "score": 0.0, "silent": 366, "stays_spend_cents": 800_000},
    {"company_id": 6, "recency": 0.0, "p_alive": 0.1, "score": 5.0, "phase": "farewell", "stays_spend_cents": 700_000},
    {"company_id": 5, "contact": 0.5, "score": None, "coverage": 0.0},
)  # fmt: skip


def test_the_most_at_stake_times_risk_comes_first_with_its_reasons(tmp_path):
    rows, count = warnings(kept(tmp_path, *WORRYING), ALL, Choice(), by_spending=True)
    assert count == 3
    assert [(row.company_id, row.reasons, row.stake, row.loss) for row in rows] == [
        (2, ("feedback", "model"), 500, 300), (1, ("recency",), 1000, 100), (5, ("contact",), None, None),
    ]  # fmt: skip
    by_rule, _count = warnings(kept(tmp_path / "b", *WORRYING), ALL, Choice(risk="rule"), by_spending=False)  # fmt: skip
    assert [(row.company_id, row.loss) for row in by_rule] == [(1, 200), (2, None), (5, None)]


def test_choices_narrow_the_list_and_totals_follow(tmp_path):
    reading = kept(tmp_path, *WORRYING)
    totals = warning_totals(reading, ALL, Choice(), by_spending=True)
    assert (totals.assessed, totals.score, totals.listed, totals.unknown) == (5, 27.0, 3, 1)
    assert (totals.stake, totals.loss) == (Decimal(1500), Decimal(400))
    assert totals.reasons == {"recency": 1, "trend": 0, "feedback": 1, "contact": 1, "model": 1}
    for choice, flt, wanted in (
        (Choice(reason="model"), ALL, [2]), (Choice(phase="start"), ALL, [2]), (Choice(phase="growth"), ALL, [1, 5]),
        (Choice(), FactFilter(segments=("Hotels",)), [5]), (Choice(), FactFilter(visible_people=frozenset({1})), [2]),
        (Choice(only_worries=False), ALL, [4, 6, 3, 2, 1, 5]), (Choice(), FactFilter(visible_people=frozenset()), []),
    ):  # fmt: skip
        rows, count = warnings(reading, flt, choice, by_spending=True)
        assert ([row.company_id for row in rows], count) == (wanted, len(wanted)), choice
        found = warning_totals(reading, flt, choice, by_spending=True)
        assert found.listed == len(wanted) - 3 * (not choice.only_worries)


def test_pages_follow_each_other_and_a_page_too_far_tells_how_many_there_are(tmp_path):
    reading = kept(tmp_path, *WORRYING)
    pages = [warnings(reading, ALL, Choice(), by_spending=True, limit=1, offset=n) for n in range(4)]  # fmt: skip
    assert [([row.company_id for row in rows], count) for rows, count in pages] == [([2], 3), ([1], 3), ([5], 3), ([], 3)]  # fmt: skip
    worst, _count = warnings(reading, ALL, Choice(), by_spending=True, order="score", descending=False)  # fmt: skip
    assert [row.company_id for row in worst] == [2, 1, 5]


def test_without_health_there_is_no_run_and_no_warning(tmp_path):
    reading = facts(tmp_path, bought(1, 10), company=[company(1)])
    assert (health_run(reading), warnings(reading, ALL, Choice(), by_spending=True)) == (None, ([], 0))  # fmt: skip
    assert warning_totals(reading, ALL, Choice(), by_spending=True).listed == 0
    run = health_run(kept(tmp_path / "b", *WORRYING))
    assert (run.as_of, run.rule_version, run.rules) == (TODAY, 2, {"contact_days": 90})
