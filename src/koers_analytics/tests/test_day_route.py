"""Is the order of a day the shortest that keeps its windows, and are its times right?"""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from koers_analytics.planning.day_route import (
    Call,
    DayRules,
    in_order,
    nearest_neighbour,
    shortest_day,
)

UTRECHT, ROTTERDAM, AMSTERDAM = (52.0907, 5.1214), (51.9244, 4.4777), (52.3676, 4.9041)
RULES = DayRules(start=UTRECHT, begins=510, ends=1050, lunch_minutes=0)


def call(key, point, minutes=60, earliest=510, latest=1050):
    return Call(key, point, minutes, earliest, latest)


def shortest_of_all(calls, rules):
    """Kilometres of the shortest feasible order, by trying every order and every place for lunch."""
    found = [
        in_order(order, rules, ate_after=after)
        for order in itertools.permutations(calls)
        for after in [None, *range(len(calls) + 1)]
    ]
    return min((each.km for each in found if each.feasible), default=None)


def test_times_and_kilometres_of_one_visit_are_those_by_hand():
    found = shortest_day([call(1, ROTTERDAM)], RULES)
    way = RULES.km(UTRECHT, ROTTERDAM)
    assert way == pytest.approx(1.3 * 47.73, abs=0.1)
    (halt,) = found.halts
    assert halt.arrives == halt.starts == 510 + RULES.minutes(way) == 510 + 75
    assert (halt.leaves, found.km) == (halt.starts + 60, pytest.approx(2 * way))
    assert found.back == halt.leaves + 75
    assert (found.feasible, found.proven, found.lunch) == (True, True, None)


def test_an_agreed_time_goes_before_the_shortest_way():
    first_rotterdam = [call(1, ROTTERDAM, earliest=600, latest=600), call(2, AMSTERDAM)]
    assert [each.key for each in shortest_day(first_rotterdam, RULES).halts] == [1, 2]
    first_amsterdam = [call(1, ROTTERDAM), call(2, AMSTERDAM, earliest=600, latest=600)]
    assert [each.key for each in shortest_day(first_amsterdam, RULES).halts] == [2, 1]
    assert shortest_day(first_amsterdam, RULES).halts[0].starts == 600


def test_two_agreed_times_that_clash_have_no_order():
    clash = [call(1, ROTTERDAM, earliest=600, latest=600), call(2, AMSTERDAM, earliest=610, latest=610)]  # fmt: skip
    assert shortest_day(clash, RULES) is None
    kept = in_order(clash, RULES)
    assert not kept.feasible
    assert kept.halts[1].late > 0


def test_lunch_lies_in_its_window_and_moves_what_comes_after():
    rules = DayRules(start=UTRECHT, begins=510, ends=1050)
    near = [call(key, (52.09 + key / 1000, 5.12), minutes=100) for key in range(1, 5)]
    found = shortest_day(near, rules)
    assert rules.lunch_from <= found.lunch <= rules.lunch_latest
    assert found.back == 510 + 400 + 30 + 5 * 5
    morning = shortest_day(near[:1], rules)
    assert morning.lunch is None


def test_a_day_without_visits_is_no_kilometres():
    found = shortest_day([], RULES)
    assert (found.km, found.halts, found.feasible) == (0, (), True)
    with pytest.raises(ValueError, match="twice"):
        shortest_day([call(1, UTRECHT), call(1, ROTTERDAM)], RULES)


def test_many_visits_are_searched_and_all_made():
    calls = [call(key, (52 + key % 4 / 20, 5 + key % 5 / 20), minutes=10) for key in range(12)]
    found = shortest_day(calls, DayRules(start=UTRECHT))
    assert sorted(each.key for each in found.halts) == list(range(12))
    assert found.feasible
    assert not found.proven
    assert found.km <= nearest_neighbour(calls, RULES) + 1e-6


CALLS = st.lists(
    st.tuples(
        st.floats(51.8, 52.4), st.floats(4.4, 5.6), st.integers(10, 90), st.none() | st.integers(510, 900)
    ),
    max_size=5,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(CALLS, st.sampled_from([0, 30]))
def test_no_order_that_keeps_the_windows_is_shorter(drawn, lunch):
    rules = DayRules(start=UTRECHT, lunch_minutes=lunch)
    calls = [
        call(key, (latitude, longitude), minutes, *((510, 1050) if agreed is None else (agreed, agreed + 30)))
        for key, (latitude, longitude, minutes, agreed) in enumerate(drawn)
    ]  # fmt: skip
    found, least = shortest_day(calls, rules), shortest_of_all(calls, rules)
    if found is None:
        assert least is None
        return
    assert found.feasible
    assert found.km == pytest.approx(least, abs=1e-6)
    assert sorted(each.key for each in found.halts) == [each.key for each in calls]
    if not any(agreed for *_rest, agreed in drawn):
        assert found.km <= nearest_neighbour(calls, rules) + 1e-6
