"""Is attainment actual over target, over the target's own period?"""

from datetime import date
from decimal import Decimal

import pytest

from koers_analytics.filters import FactFilter
from koers_analytics.planning.attainment import Scope, attainment
from koers_analytics.tests.world import company, facts, line

Q1, Q2, Q3 = date(2026, 1, 1), date(2026, 4, 1), date(2026, 7, 1)


def target(key, person, start=Q1, end=Q2, amount=1000, **more):
    return {"target_id": key, "person_id": person, "period_start": start, "period_end": end, "amount_e4": amount * 10_000, "currency": "EUR"} | more  # fmt: skip


PEOPLE = [{"person_id": 7, "name": "Ann", "team_id": 1, "team_name": "North"}, {"person_id": 8, "name": "Sam", "team_id": 1, "team_name": "North"}]  # fmt: skip
LINES = [
    line(1, Q1, 1, 300, seller_id=7), line(2, date(2026, 3, 31), 1, 200, seller_id=8), line(3, Q2, 1, 999, seller_id=7),
    line(4, date(2026, 2, 1), 1, -50, seller_id=7, is_credit=True), line(5, date(2026, 2, 1), 1, 8, seller_id=7, kind="fee"),
]  # fmt: skip


def found(folder, targets, *, by=Scope.TOTAL, today=Q2, flt=None, lines=LINES):
    reading = facts(folder, lines, person=PEOPLE, company=[company(1)], target=targets)
    rows = attainment(reading, flt or FactFilter(), today=today, by=by)
    return [(row.label, row.period_start, row.target, row.actual, row.share) for row in rows]


def test_each_seller_is_measured_from_quota_date_up_to_the_next(tmp_path):
    assert found(tmp_path, [target(1, 7), target(2, 8, amount=400), target(3, 7, Q2, Q3)], by=Scope.SELLER) == [
        ("Ann", Q1, 1000, 250, Decimal("0.25")), ("Sam", Q1, 400, 200, Decimal("0.5")), ("Ann", Q2, 1000, 999, Decimal("0.999")),
    ]  # fmt: skip


def test_a_team_and_the_total_divide_the_sums_and_never_average_shares(tmp_path):
    targets = [target(1, 7), target(2, 8, amount=500)]
    assert found(tmp_path / "a", targets, by=Scope.TEAM) == [("North", Q1, 1500, 450, Decimal("0.3"))]  # fmt: skip
    assert found(tmp_path / "b", targets) == [(None, Q1, 1500, 450, Decimal("0.3"))]


def test_a_target_of_nothing_has_no_attainment(tmp_path):
    reading = facts(tmp_path, LINES, person=PEOPLE, target=[target(1, 7, amount=0)])
    figure = attainment(reading, FactFilter(), today=Q2)[0].figure()
    assert (figure.value, figure.denominator, figure.reason_empty) == (None, 0, "no_target")


def test_a_target_without_sales_is_zero_and_not_missing(tmp_path):
    assert found(tmp_path, [target(1, 7)], lines=[]) == [(None, Q1, 1000, 0, 0)]


def test_targets_in_another_currency_are_left_out(tmp_path):
    assert found(tmp_path, [target(1, 7, currency="USD")]) == []


def test_one_sees_targets_of_visible_people_only(tmp_path):
    seen = FactFilter(visible_people=frozenset({8}))
    assert found(tmp_path, [target(1, 7), target(2, 8)], by=Scope.SELLER, flt=seen) == [("Sam", Q1, 1000, 200, Decimal("0.2"))]  # fmt: skip


@pytest.mark.parametrize(("today", "elapsed"), [(date(2025, 1, 1), 0), (Q1, 0), (date(2026, 2, 15), Decimal(45) / 90), (Q2, 1), (Q3, 1)])  # fmt: skip
def test_the_part_of_the_period_that_has_passed_is_counted_in_days(tmp_path, today, elapsed):
    reading = facts(tmp_path, [], person=PEOPLE, target=[target(1, 7)])
    assert attainment(reading, FactFilter(), today=today)[0].elapsed == elapsed


def test_a_target_of_a_territory_is_met_by_what_is_sold_anywhere_below_it(tmp_path):
    tree = [
        {"territory_id": 1, "name": "Country", "parent_id": None, "top_name": "Country"},
        {"territory_id": 2, "name": "North", "parent_id": 1, "top_name": "Country"},
        {"territory_id": 3, "name": "Drenthe", "parent_id": 2, "top_name": "Country"},
        {"territory_id": 4, "name": "South", "parent_id": 1, "top_name": "Country"},
    ]
    lines = [
        line(1, Q1, 1, 300, territory_id=3),
        line(2, Q1, 1, 40, territory_id=2),
        line(3, Q1, 1, 5, territory_id=4),
    ]
    targets = [target(key, None, territory_id=key) for key in (1, 2, 3, 4)]
    reading = facts(tmp_path, lines, territory=tree, company=[company(1)], target=targets)
    rows = attainment(reading, FactFilter(), today=Q2, by=Scope.TERRITORY)
    assert [(row.label, row.actual) for row in rows] == [
        ("Country", 345), ("Drenthe", 300), ("North", 340), ("South", 5),
    ]  # fmt: skip
