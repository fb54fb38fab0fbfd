"""Is every customer in the phase the rules of domain 4.1 put it in, and since when?"""

import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from koers_analytics.customers.lifecycle import (
    PHASES,
    LifecycleRules,
    company_slices,
    phase_board,
    phase_flow,
    phase_history,
    phase_members,
)
from koers_analytics.filters import FactFilter
from koers_analytics.tests.world import company, facts, line

TODAY = date(2026, 7, 1)
RULES = LifecycleRules()
ALL = FactFilter()


def monthly(company_id, months):
    """One order in the middle of each (year, month): turnover."""
    return [line(company_id * 1000 + i, date(year, month, 15), company_id, net) for i, ((year, month), net) in enumerate(months.items())]  # fmt: skip


def run_of(first_year, first_month, nets):
    """Months in a row with these turnovers; None is a month without an order."""
    found = {}
    for i, net in enumerate(nets):
        year, month = divmod(first_year * 12 + first_month - 1 + i, 12)
        if net is not None:
            found[year, month + 1] = net
    return found


def phase_of(folder, rows, **more):
    members, _count = phase_members(facts(folder, rows, company=[company(1, **more)]), ALL, RULES, as_of=TODAY)  # fmt: skip
    return members[0].phase


def test_who_never_bought_is_a_prospect(tmp_path):
    assert phase_of(tmp_path, []) == "prospect"


@pytest.mark.parametrize(
    ("day", "phase"),
    [(date(2026, 6, 30), "start"), (date(2026, 1, 1), "start"), (date(2025, 12, 31), "revitalisation"), (date(2025, 7, 1), "revitalisation"), (date(2025, 6, 30), "farewell")],
)  # fmt: skip
def test_a_single_order_is_a_start_for_six_months_and_farewell_after_twelve(tmp_path, day, phase):
    assert phase_of(tmp_path, [line(1, day, 1, 100)]) == phase


@pytest.mark.usefixtures("both_engines")
def test_a_second_order_within_the_first_year_is_growth(tmp_path):
    assert phase_of(tmp_path, monthly(1, run_of(2026, 1, [100, 100]))) == "growth"


@pytest.mark.parametrize(
    ("now", "phase"), [(94, "revitalisation"), (106, "growth"), (100, "saturation")]
)
def test_growth_decline_and_a_flat_year_after_two_full_years(tmp_path, now, phase):
    rows = monthly(1, run_of(2023, 7, [100] * 24 + [now] * 12))
    assert phase_of(tmp_path, rows) == phase


def test_a_customer_in_revitalisation_stays_there_until_it_grows_again(tmp_path):
    shrunk_then_flat = [100] * 24 + [50] * 12 + [50] * 12
    assert phase_of(tmp_path, monthly(1, run_of(2022, 7, shrunk_then_flat))) == "revitalisation"


@pytest.mark.usefixtures("both_engines")
def test_a_flat_quarter_alone_does_not_end_growth(tmp_path):
    grown = [100] * 12 + [200] * 12 + [210] * 12
    reading = facts(tmp_path, monthly(1, run_of(2023, 7, grown)), company=[company(1)])
    spans = [span.phase for span in phase_history(reading, RULES, as_of=TODAY)]
    assert spans[:2] == ["start", "growth"]
    assert "revitalisation" not in spans


def test_notice_given_after_the_last_order_is_farewell(tmp_path):
    rows = monthly(1, run_of(2025, 7, [100] * 12))
    assert phase_of(tmp_path, rows, notice_given_on=date(2026, 6, 20)) == "farewell"


def test_an_order_after_the_notice_takes_it_back(tmp_path):
    rows = monthly(1, run_of(2025, 7, [100] * 12))
    assert phase_of(tmp_path, rows, notice_given_on=date(2026, 5, 1)) != "farewell"


@pytest.mark.usefixtures("both_engines")
def test_who_comes_back_after_a_year_starts_anew(tmp_path):
    rows = [line(1, date(2024, 1, 10), 1, 100), line(2, date(2024, 2, 10), 1, 100), line(3, date(2026, 5, 20), 1, 100)]  # fmt: skip
    reading = facts(tmp_path, rows, company=[company(1)])
    spans = [(span.phase, span.start, span.end) for span in phase_history(reading, RULES, as_of=TODAY)]  # fmt: skip
    assert [phase for phase, _start, _end in spans] == ["start", "growth", "farewell", "start"]
    assert [end for _phase, _start, end in spans[:-1]] == [start for _phase, start, _end in spans[1:]]  # fmt: skip
    assert spans[-1][2] is None


HISTORIES = st.lists(
    st.dictionaries(
        st.tuples(st.sampled_from([2023, 2024, 2025]), st.integers(1, 12)), st.integers(1, 500), max_size=12
    ),
    min_size=1,
    max_size=6,
)  # fmt: skip


@settings(max_examples=12, deadline=None)
@given(HISTORIES)
def test_every_customer_is_in_one_phase_and_its_history_has_no_gap(histories):
    rows = [each for i, months in enumerate(histories, start=1) for each in monthly(i, months)]
    with tempfile.TemporaryDirectory() as folder:
        reading = facts(Path(folder), rows, company=[company(i) for i in range(1, len(histories) + 1)])  # fmt: skip
        board = phase_board(reading, ALL, RULES, as_of=TODAY)
        spans = phase_history(reading, RULES, as_of=TODAY)
        flows = phase_flow(reading, ALL, RULES, before=date(2025, 7, 1), as_of=TODAY)
        reading.close()
    assert [each.phase for each in board] == list(PHASES)
    assert sum(each.customers for each in board) == sum(each.customers for each in flows) == len(histories)  # fmt: skip
    for who, months in enumerate(histories, start=1):
        own = [span for span in spans if span.company_id == who]
        assert bool(own) == bool(months)
        assert [one.end for one in own[:-1]] == [two.start for two in own[1:]]
        assert all(one.phase != two.phase for one, two in zip(own, own[1:], strict=False))
        assert [span.end for span in own[-1:]] == [None] * bool(own)


def test_slices_of_customers_together_give_what_all_at_once_give(tmp_path):
    lines = [
        row
        for key in (3, 4, 9, 12, 40)
        for row in monthly(key, run_of(2024, key % 12 + 1, [100 * key, None, 50, 70, None, key]))
    ]
    reading = facts(tmp_path, lines, company=[company(key) for key in (1, 3, 4, 9, 12, 40)])
    slices = company_slices(reading, 2)
    assert slices == [(0, 4), (4, 12), (12, 2**63 - 1)]
    spans = [span for each in slices for span in phase_history(reading, RULES, as_of=TODAY, companies=each)]  # fmt: skip
    assert spans == phase_history(reading, RULES, as_of=TODAY)
    assert len({span.company_id for span in spans}) == 5
    members = [
        member
        for each in slices
        for member in phase_members(reading, ALL, RULES, as_of=TODAY, limit=None, companies=each)[0]
    ]
    whole, count = phase_members(reading, ALL, RULES, as_of=TODAY, limit=None)
    assert count == 6
    assert {member.company_id: member for member in members} == {m.company_id: m for m in whole}


def test_without_customers_one_slice_holds_every_id(tmp_path):
    assert company_slices(facts(tmp_path, []), 10) == [(0, 2**63 - 1)]
