"""Do the five methods give the book's numbers, and each next seller less than the one before?"""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from koers_analytics.formula_sets.base import FormulaInputError
from koers_analytics.planning.team_size import (
    ClassEffort,
    TeamInputs,
    seller_contributions,
    team_sizes,
    utilisation,
    varied,
)

BOOK = TeamInputs(
    classes=(ClassEffort("A", 600, 10, 45, 900_000.0),), travel_minutes=30, waiting_minutes=15, hours_a_day=8, working_days=260,
    leave_days=33, sick_days=10, other_days=17, visits_a_day=5, standard_minutes=45, turnover=4_000_000, sales_share=0.05,
    seller_cost=80_000, visit_share=1,
)  # fmt: skip


def heads(inputs):
    return {each.method: (each.exact, each.heads) for each in team_sizes(inputs)}


def test_the_worked_examples_of_the_book():
    assert BOOK.days == 200
    assert heads(BOOK) == {
        "franke": (5.625, 6), "workload": (6.0, 6), "units": (6.0, 6), "percentage": (2.5, 2), "marginal": (6.0, 6),
    }  # fmt: skip
    assert utilisation(BOOK, 10) == (10_000, 6_000, 0.6)


def test_numerators_of_the_classes_are_added_before_they_are_divided():
    classes = (ClassEffort("A", 10, 24, 90, 0.0), ClassEffort("D", 100, 2, 30, 0.0))
    mixed = replace(BOOK, classes=classes)
    by_hand = (10 * 24 * (0.75 + 1.5) + 100 * 2 * (0.75 + 0.5)) / 1600
    assert heads(mixed)["franke"] == (pytest.approx(by_hand), 1)
    assert heads(mixed)["units"][0] == pytest.approx((240 * 2 + 200 * 30 / 45) / 1000)


def test_the_marginal_seller_stops_where_he_costs_more_than_he_brings():
    classes = (ClassEffort("A", 100, 16, 15, 200_000.0), ClassEffort("D", 300, 8, 15, 60_000.0))
    team = replace(BOOK, classes=classes)
    assert list(seller_contributions(team)) == pytest.approx([200_000, 40_000, 20_000])
    assert heads(team)["marginal"] == (1.0, 1)


def test_without_a_known_cost_the_marginal_method_gives_no_answer():
    unknown = replace(BOOK, classes=(ClassEffort("A", 600, 10, 45, None),))
    assert heads(unknown)["marginal"] == (None, None)


def test_no_seller_time_gives_no_answer_rather_than_a_number():
    assert heads(replace(BOOK, hours_a_day=0, visits_a_day=0, seller_cost=0))["franke"] == (
        None,
        None,
    )
    assert heads(replace(BOOK, visits_a_day=0))["workload"] == (None, None)
    assert heads(replace(BOOK, seller_cost=0))["percentage"] == (None, None)


def test_more_days_off_than_there_are_is_refused():
    with pytest.raises(FormulaInputError):
        team_sizes(replace(BOOK, leave_days=300))


def test_a_class_input_varies_in_all_classes():
    more = varied(BOOK, "visits", 1.2)
    assert [each.visits for each in more.classes] == [12]
    assert heads(more)["franke"][0] == pytest.approx(6.75)
    assert varied(BOOK, "turnover", 0.8).turnover == 3_200_000


def test_fewer_working_days_than_days_off_leave_no_selling_day():
    short = varied(replace(BOOK, working_days=70), "working_days", 0.8)
    assert (short.days, heads(short)["franke"]) == (0, (None, None))
    assert heads(short)["marginal"] == (0.0, 0)


def test_beyond_ten_thousand_sellers_the_marginal_method_gives_no_answer():
    tiny = replace(BOOK, hours_a_day=0.001, seller_cost=0)
    assert heads(tiny)["marginal"] == (None, None)


efforts = st.lists(
    st.builds(ClassEffort, st.just("A"), st.floats(0, 500), st.floats(0, 52), st.floats(5, 240), st.floats(0, 1e7)),
    min_size=1, max_size=5,
)  # fmt: skip


@given(efforts)
def test_each_next_seller_brings_no_more_and_together_they_bring_all(classes):
    team = replace(BOOK, classes=tuple(classes))
    brought = list(seller_contributions(team))
    visited = sum(each.contribution for each in classes if each.customers * each.visits > 0)
    assert sum(brought) == pytest.approx(visited, rel=1e-6, abs=1e-3)
    assert all(later <= earlier * (1 + 1e-9) + 1e-3 for earlier, later in zip(brought, brought[1:], strict=False))  # fmt: skip


@given(efforts, st.floats(1, 3))
def test_more_visits_never_need_fewer_sellers(classes, factor):
    team = replace(BOOK, classes=tuple(classes))
    before, after = heads(team), heads(varied(team, "visits", factor))
    assert all(after[name][1] >= before[name][1] for name in ("franke", "workload", "units"))
