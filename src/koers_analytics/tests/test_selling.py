"""Win rates with intervals, funnel forward and backward, cycle time and velocity."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from koers_analytics.selling.funnel import Reached, contacts_per_yes, funnel, needed_for
from koers_analytics.selling.proportions import chance_of_difference, holm, jeffreys, wilson
from koers_analytics.selling.speed import CycleTime, cycle_time, velocity
from koers_analytics.selling.win_rate import Counted, win_rates


def test_wilson_gives_the_published_numbers():
    # Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3
    for successes, trials, low, high in (
        (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718),
    ):  # fmt: skip
        found = wilson(successes, trials)
        assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_jeffreys_is_the_quantile_of_its_beta():
    found = jeffreys(1, 29)
    from scipy.stats import beta

    assert beta(1.5, 28.5).cdf([found.low, found.high]) == pytest.approx([0.025, 0.975])
    assert (jeffreys(0, 9).low, jeffreys(9, 9).high, jeffreys(0, 0)) == (0.0, 1.0, None)


@given(st.integers(0, 400), st.integers(0, 400), st.sampled_from([0.8, 0.95, 0.99]))
def test_an_interval_holds_its_share_and_mirrors(successes, failures, level):
    trials = successes + failures
    found, mirrored = wilson(successes, trials, level), wilson(failures, trials, level)
    if not trials:
        assert found is None
        return
    assert 0 <= found.low <= successes / trials <= found.high <= 1
    assert found.low == pytest.approx(1 - mirrored.high, abs=1e-12)


def test_wilson_keeps_its_promise_on_average():
    from math import comb

    shares = [place / 200 for place in range(1, 200)]
    covered = [
        sum(comb(20, k) * p**k * (1 - p) ** (20 - k) for k in range(21) if wilson(k, 20).low <= p <= wilson(k, 20).high)
        for p in shares
    ]  # fmt: skip
    assert 0.945 < sum(covered) / len(covered) < 0.96


def test_impossible_counts_are_refused():
    with pytest.raises(ValueError, match="impossible"):
        wilson(3, 2)


def test_holm_gives_the_worked_numbers():
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])


def test_the_test_of_two_shares_gives_the_worked_number():
    # 100 of 200 against 80 of 200: z = 0.1 / sqrt(.45 × .55 / 100) = 2.0101
    assert chance_of_difference(100, 200, 80, 200) == pytest.approx(0.0444, abs=5e-5)
    assert chance_of_difference(0, 0, 5, 9) == 1.0


def test_win_rates_divide_won_by_decided_and_leave_open_out():
    found = win_rates([Counted(1, "Fair", 6, 4, open=9), Counted(2, "Web", 30, 60)])
    assert [(row.label, row.rate, row.decided, row.is_few) for row in found.rows] == [
        ("Web", 30 / 90, 90, False), ("Fair", 0.6, 10, True),
    ]  # fmt: skip
    assert (found.total.won, found.total.decided, found.total.open) == (36, 100, 9)
    assert found.total.rate == pytest.approx(0.36)
    assert not any(row.differs for row in found.rows)


def test_a_group_that_differs_is_said_to_differ():
    found = win_rates([Counted(1, "A", 90, 10), Counted(2, "B", 50, 50), Counted(3, "C", 70, 30)])
    assert [(row.label, row.differs) for row in found.rows] == [("A", True), ("B", True), ("C", False)]  # fmt: skip


def test_a_column_filled_in_after_the_result_is_found():
    reasons = [Counted("", "", won=40, lost=0, open=20), Counted("price", "Price", won=0, lost=30)]
    sources = [Counted("", "", won=4, lost=3, open=2), Counted("fair", "Fair", won=36, lost=27, open=18)]  # fmt: skip
    assert (win_rates(reasons).after_result, win_rates(sources).after_result) == (True, False)


def test_the_funnel_counts_deals_beyond_a_stage_as_having_passed_it():
    cells = [Reached(0, "lost", 5), Reached(0, "open", 2), Reached(1, "lost", 3), Reached(1, "won", 4), Reached(2, "won", 6)]  # fmt: skip
    found = funnel(["Lead", "Offer", "Deal"], cells)
    assert [(s.reached, s.went_on, s.lost_here, s.still_here) for s in found.steps] == [
        (20, 13, 5, 2), (13, 10, 3, 0), (10, 10, 0, 0),
    ]  # fmt: skip
    assert (found.won, found.lost, found.open) == (10, 8, 2)
    assert found.through == pytest.approx(13 / 18 * 10 / 13)


@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["open", "won", "lost"]), st.integers(0, 50)), max_size=20))  # fmt: skip
def test_no_deal_is_lost_from_the_funnel(cells):
    found = funnel("abcd", [Reached(*cell) for cell in cells])
    assert found.won + found.lost + found.open == sum(deals for _stage, _kind, deals in cells)
    assert found.steps[0].reached == found.won + found.lost + found.open
    for before, after in zip(found.steps, found.steps[1:], strict=False):
        assert before.went_on == after.reached
    assert found.steps[-1].went_on == found.won


def test_the_funnel_backward_gives_the_books_numbers():
    # F2.9: 150,000 at 3,750 each; win .4, quote .5, appointment .25
    stages = ["Prospect", "Appointment", "Quote"]
    cells = [Reached(0, "lost", 75), Reached(1, "lost", 12), Reached(1, "open", 3), Reached(2, "lost", 6), Reached(2, "won", 4)]  # fmt: skip
    found = funnel(stages, cells)
    assert [round(step.conversion, 6) for step in found.steps] == [0.25, round(10 / 22, 6), 0.4]
    found = funnel(stages, [Reached(0, "lost", 60), Reached(1, "lost", 10), Reached(2, "lost", 6), Reached(2, "won", 4)])  # fmt: skip
    needed = needed_for(150_000, 3_750, found)
    assert [(each.label, each.deals) for each in needed] == [
        ("", 40), ("Quote", pytest.approx(100)), ("Appointment", pytest.approx(200)), ("Prospect", pytest.approx(800)),
    ]  # fmt: skip


def test_no_number_of_deals_helps_where_nothing_passes():
    found = funnel(["Lead", "Offer"], [Reached(0, "lost", 3)])
    assert (found.through, needed_for(100, 10, found)[1:], needed_for(100, None, found)) == (None, [], [])  # fmt: skip


def test_contacts_per_yes_gives_the_books_numbers():
    assert contacts_per_yes(0.2, 10) == pytest.approx((5, 4, 0.8926258176))
    assert contacts_per_yes(None, 10) == (None, None, None)


def test_cycle_time_counts_each_deal_and_leaves_wrong_dates_out():
    assert cycle_time({10: 1, 20: 2, 30: 1, -5: 7}) == CycleTime(4, 20.0, 10, 20, 20)
    assert cycle_time({}) == CycleTime(0, None, None, None, None)


def test_velocity_gives_the_books_number():
    assert velocity(open_deals=50, rate=0.2, mean_won=10_000, days=60) == pytest.approx(1666.6666667)  # fmt: skip
    assert velocity(open_deals=50, rate=0.2, mean_won=10_000, days=0) is None
