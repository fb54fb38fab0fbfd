"""Do proposals keep the rhythm, the days and the hours, and move only what must move?"""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from koers_analytics.planning.visit_calendar import (
    Appointment,
    Customer,
    Rules,
    Why,
    dues,
    plan_calendar,
    travel_minutes,
)

MONDAY = date(2026, 1, 5)
END = date(2026, 4, 6)
WORKING = frozenset({1, 2, 3, 4, 5})
UTRECHT, DE_BILT, GRONINGEN = (52.0907, 5.1214), (52.11, 5.18), (53.2194, 6.5665)
RULES = Rules(begins=540, capacity=480, travel=30, waiting=5)


def customer(key=1, visits=12, **more):
    return Customer(**({"key": key, "visits_a_year": visits, "minutes": 60, "weekdays": WORKING} | more))  # fmt: skip


def planned(customers, **more):
    return plan_calendar(customers, **({"first": MONDAY, "end": END, "rules": RULES} | more))


def days_of(calendar, key=1):
    return [each.day for each in calendar.placed if each.key == key]


def test_the_rhythm_goes_on_from_the_last_visit():
    found = list(dues(customer(last=date(2025, 12, 20)), first=MONDAY, end=END))
    assert [each.day for each in found] == [date(2026, 1, 19), date(2026, 2, 18), date(2026, 3, 20)]
    assert [(each.opens, each.closes) for each in found[:2]] == [
        (MONDAY, date(2026, 2, 3)),
        (date(2026, 2, 3), date(2026, 3, 5)),
    ]
    assert days_of(planned([customer(last=date(2025, 12, 20))])) == [
        date(2026, 1, 19), date(2026, 2, 18), date(2026, 3, 20),
    ]  # fmt: skip


def test_a_late_customer_is_due_at_once_and_then_in_rhythm():
    for last in (None, date(2025, 6, 1)):
        assert [each.day for each in dues(customer(visits=6, last=last), first=MONDAY, end=END)] == [
            MONDAY, MONDAY + timedelta(days=61),
        ]  # fmt: skip


def test_a_planned_visit_stands_for_the_one_that_is_due():
    due = dues(customer(last=date(2025, 12, 20), planned=(date(2026, 1, 22),)), first=MONDAY, end=END)  # fmt: skip
    assert [each.day for each in due] == [date(2026, 2, 21), date(2026, 3, 23)]


def test_a_visit_planned_before_the_quarter_carries_the_rhythm_into_it():
    due = dues(customer(last=date(2025, 10, 1), planned=(date(2025, 12, 20),)), first=MONDAY, end=END)  # fmt: skip
    assert [(each.day, each.late) for each in due] == [(date(2026, 1, 19), False), (date(2026, 2, 18), False), (date(2026, 3, 20), False)]  # fmt: skip


def test_days_that_are_closed_or_not_allowed_are_passed_over():
    off = frozenset(MONDAY + timedelta(days=number) for number in range(14))
    found = planned([customer(weekdays=frozenset({2}))], rules=replace(RULES, closed=off))
    assert days_of(found)[0] >= MONDAY + timedelta(days=14)
    assert {day.isoweekday() for day in days_of(found)} == {2}


def test_what_does_not_fit_says_why():
    saturday = customer(1, weekdays=frozenset({6}), visits=365)
    long = customer(2, visits=1, minutes=476)
    never = customer(3, visits=1, weekdays=frozenset())
    found = planned([long, never])
    assert {each.key: each.why for each in found.unplaced} == {2: Why.TOO_LONG, 3: Why.NO_DAY}
    busy = [Appointment(MONDAY + timedelta(days=n), 480, 540) for n in range(91)]
    assert {each.why for each in planned([customer()], appointments=busy).unplaced} == {Why.FULL}
    assert Counter(each.why for each in planned([saturday]).unplaced) == {Why.NO_DAY: 78}


def test_a_visit_takes_a_gap_between_appointments_with_travel_before_it():
    appointments = [Appointment(MONDAY, 60, 570), Appointment(MONDAY, 60, 780)]
    only_today = planned([customer()], end=MONDAY + timedelta(days=1), appointments=appointments)
    (visit,) = only_today.placed
    assert (visit.start, visit.around, visit.minutes) == (665, 35, 60)
    assert only_today.load == {MONDAY: 90 + 90 + 95}


def test_neighbours_are_visited_on_one_day():
    far = customer(1, visits=4, point=GRONINGEN)
    pair = [customer(2, visits=4, point=UTRECHT), customer(3, visits=4, point=DE_BILT)]
    found = planned([far, *pair])
    assert days_of(found, 2)[0] == days_of(found, 3)[0] != days_of(found, 1)[0]


def test_travel_is_the_drive_from_the_nearest_but_never_more_than_usual():
    assert travel_minutes(DE_BILT, [GRONINGEN, UTRECHT], RULES) == 10
    assert travel_minutes(GRONINGEN, [UTRECHT], RULES) == 30
    assert travel_minutes(None, [UTRECHT], RULES) == 30
    assert travel_minutes(UTRECHT, [], RULES) == 30


def test_a_cancelled_visit_moves_nothing_else():
    others = [customer(key, visits=12, last=MONDAY - timedelta(days=key)) for key in range(2, 40)]
    cancelled = customer(1, last=date(2025, 12, 20), planned=(date(2026, 1, 20),))
    appointment = Appointment(date(2026, 1, 20), 60, 540)
    before = planned([cancelled, *others], appointments=[appointment])
    after = planned([replace(cancelled, planned=()), *others], previous=before.placed)
    moved = {(each.key, each.day, each.start) for each in after.placed} ^ {(each.key, each.day, each.start) for each in before.placed}  # fmt: skip
    assert {key for key, _day, _start in moved} == {1}
    assert len(days_of(after)) == len(days_of(before)) + 1


def test_a_day_off_moves_the_visits_of_that_day_alone():
    customers = [customer(key, visits=12, last=MONDAY - timedelta(days=key)) for key in range(1, 40)]  # fmt: skip
    before = planned(customers)
    off = before.placed[7].day
    after = planned(customers, rules=replace(RULES, closed=frozenset({off})), previous=before.placed)  # fmt: skip
    still = [each for each in before.placed if each.day != off]
    assert set(still) <= set(after.placed)
    assert after.kept == len(still)
    assert off not in {each.day for each in after.placed}


def test_a_visit_moved_by_hand_moves_alone_and_stays_in_its_stretch():
    customers = [customer(key, visits=12, last=MONDAY - timedelta(days=key)) for key in range(1, 40)]  # fmt: skip
    before = planned(customers)
    moved = before.placed[7]
    others = [each for each in before.placed if each != moved]
    later = moved.day + timedelta(days=7)
    after = planned(customers, previous=others, pinned={(moved.key, moved.due): later})
    assert set(others) <= set(after.placed)
    assert [each.day for each in after.placed if (each.key, each.due) == (moved.key, moved.due)] == [later]  # fmt: skip
    refused = planned(customers, previous=others, pinned={(moved.key, moved.due): moved.due + timedelta(days=20)})  # fmt: skip
    assert [(each.key, each.why) for each in refused.unplaced] == [(moved.key, Why.NO_DAY)]


def test_a_wrong_question_is_refused():
    with pytest.raises(ValueError, match="twice"):
        planned([customer(), customer()])
    with pytest.raises(ValueError, match="one day"):
        planned([], rules=replace(RULES, capacity=1000))


POINTS = st.none() | st.tuples(st.floats(50.8, 53.4), st.floats(3.4, 7.1))
DAYS = st.dates(MONDAY - timedelta(days=200), END - timedelta(days=1))
CUSTOMERS = st.lists(
    st.builds(
        Customer,
        key=st.integers(1, 10_000),
        visits_a_year=st.integers(0, 60),
        minutes=st.integers(15, 500),
        weekdays=st.frozensets(st.integers(1, 7)),
        last=st.none() | st.dates(MONDAY - timedelta(days=500), MONDAY),
        planned=st.lists(DAYS, max_size=2).map(tuple),
        point=POINTS,
    ),
    max_size=25,
    unique_by=lambda each: each.key,
)
APPOINTMENTS = st.lists(
    st.builds(
        Appointment,
        day=DAYS,
        minutes=st.integers(5, 300),
        start=st.none() | st.integers(540, 900),
        point=POINTS,
        travels=st.booleans(),
    ),
    max_size=12,
)
CLOSED = st.frozensets(DAYS, max_size=20)


@settings(max_examples=80, deadline=None)
@given(CUSTOMERS, APPOINTMENTS, CLOSED)
def test_whatever_is_asked_the_rules_hold(customers, appointments, closed):
    rules = replace(RULES, closed=closed)
    found = planned(customers, appointments=appointments, rules=rules)
    by_key = {each.key: each for each in customers}
    for each in found.placed:
        assert each.day not in closed
        assert MONDAY <= each.day < END
        assert each.day.isoweekday() in by_key[each.key].weekdays
        assert rules.begins <= each.start - each.around
        assert each.start + each.minutes <= rules.begins + rules.capacity
    assert max(Counter((each.key, each.day) for each in found.placed).values(), default=1) == 1
    of_day: dict = {}
    for each in found.placed:
        of_day.setdefault(each.day, []).append((each.start - each.around, each.start + each.minutes))  # fmt: skip
    for stretches in of_day.values():
        stretches.sort()
        assert all(before[1] <= after[0] for before, after in zip(stretches, stretches[1:], strict=False))  # fmt: skip
        timed = [(each.start, each.start + each.minutes) for each in appointments if each.start is not None and each.day in of_day and of_day[each.day] is stretches]  # fmt: skip
        assert all(a[1] <= b[0] or a[0] >= b[1] for a in stretches for b in timed)
    for day, minutes in found.load.items():
        assert minutes <= rules.capacity or day not in of_day
    asked = [(due.customer.key, due.day) for each in customers for due in dues(each, first=MONDAY, end=END)]  # fmt: skip
    answered = [(each.key, each.due) for each in (*found.placed, *found.unplaced)]
    assert sorted(answered) == sorted(asked)


@settings(max_examples=60, deadline=None)
@given(CUSTOMERS, APPOINTMENTS, CLOSED)
def test_the_same_question_again_moves_nothing(customers, appointments, closed):
    rules = replace(RULES, closed=closed)
    first = planned(customers, appointments=appointments, rules=rules)
    again = planned(customers, appointments=appointments, rules=rules, previous=first.placed)
    assert set(first.placed) == set(again.placed)
    assert again.kept == len(first.placed)


@settings(max_examples=60, deadline=None)
@given(CUSTOMERS, APPOINTMENTS, st.data())
def test_who_leaves_the_plan_moves_nobody(customers, appointments, data):
    first = planned(customers, appointments=appointments)
    gone = data.draw(st.sampled_from([each.key for each in customers] or [0]))
    left = [each for each in customers if each.key != gone]
    again = planned(left, appointments=appointments, previous=first.placed)
    assert {each for each in first.placed if each.key != gone} <= set(again.placed)
