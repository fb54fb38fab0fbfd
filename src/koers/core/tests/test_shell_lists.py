"""Does a list read its address safely, and does a page cost the same however many rows there are?"""

from datetime import UTC, datetime

import pytest
from django.test import RequestFactory
from django.utils import translation

from koers.core.models import Job
from koers.core.tables import (
    Column,
    Filter,
    ListState,
    UnknownListSettingError,
    page_of,
)

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
COLUMNS = (
    Column("task", "Task", "task"),
    Column("done", "Done", "progress_total", numeric=True),
    Column("worker", "Worker", "worker", visible_by_default=False),
    Column("words", "Words"),
)
FILTERS = (Filter("status", "Status", (("waiting", "Waiting"), ("done", "Done"))),)


def state_of(address):
    with translation.override("en"):
        return ListState.from_request(
            RequestFactory().get(address), columns=COLUMNS, default_sort="-done", filters=FILTERS
        )


def make_jobs(*totals):
    return [
        Job.objects.create(task=f"task {number}", progress_total=total, asked_at=AT)
        for number, total in enumerate(totals)
    ]


@pytest.mark.parametrize(
    "address",
    [
        "/?sort=password",
        "/?sort=words",
        "/?page=0",
        "/?page=x",
        "/?size=7",
        "/?status=lost",
        "/?columns=secret",
    ],
)
def test_an_unknown_setting_is_refused(address):
    with pytest.raises(UnknownListSettingError):
        state_of(address)


def test_the_address_of_a_list_keeps_what_differs_from_the_usual():
    state = state_of("/jobs/?status=done&sort=task&page=3&size=50")
    assert state.query(page=4) == "/jobs/?status=done&sort=task&size=50&page=4"
    assert state.cleared == "/jobs/?sort=task&size=50"


def test_a_sort_link_turns_the_order_of_its_own_column():
    heads = {head.column.name: head for head in state_of("/").heads}
    assert heads["done"].aria_sort == "descending"
    assert heads["done"].url == "/?sort=done"
    assert heads["task"].url == "/?sort=task"
    assert heads["words"].url == ""


def test_the_column_chooser_turns_one_column_and_keeps_the_first():
    state = state_of("/?columns=worker")
    assert state.visible == ("task", "worker")
    choices = {choice.column.name: choice.url for choice in state.column_choices}
    assert choices == {
        "done": "/?columns=task%2Cdone%2Cworker",
        "worker": "/?columns=task",
        "words": "/?columns=task%2Cworker%2Cwords",
    }


def test_a_filter_in_use_shows_as_a_chip_that_removes_it():
    chips = state_of("/?status=done&q=nightly").chips
    assert [(chip.label, chip.value, chip.remove) for chip in chips] == [
        ("Search", "nightly", "/?status=done"),
        ("Status", "Done", "/?q=nightly"),
    ]


@pytest.mark.django_db
def test_rows_without_a_value_come_last_in_both_directions():
    small, none, large = make_jobs(1, None, 9)
    assert page_of(Job.objects.all(), state_of("/?sort=done")).rows == [small, large, none]
    assert page_of(Job.objects.all(), state_of("/?sort=-done")).rows == [large, small, none]


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 3, 60])
def test_a_page_costs_three_queries(number, django_assert_num_queries):
    make_jobs(*range(number))
    with django_assert_num_queries(3):
        page = page_of(Job.objects.all(), state_of("/"))
    assert (len(page.rows), page.total, page.total_is_exact) == (min(number, 25), number, True)


@pytest.mark.django_db
def test_the_last_page_has_no_next():
    make_jobs(*range(60))
    page = page_of(Job.objects.all(), state_of("/?page=3"))
    assert (page.first, page.last, page.next_url, page.previous_url) == (51, 60, "", "/?page=2")


@pytest.mark.django_db
def test_a_long_list_says_more_than_until_asked_to_count(monkeypatch):
    monkeypatch.setattr("koers.core.tables.COUNTED_AT_MOST", 40)
    make_jobs(*range(60))
    page = page_of(Job.objects.all(), state_of("/"))
    assert (page.total, page.total_is_exact, page.exact_url) == (40, False, "/?count=exact")
    counted = page_of(Job.objects.all(), state_of("/?count=exact"))
    assert (counted.total, counted.total_is_exact) == (60, True)
