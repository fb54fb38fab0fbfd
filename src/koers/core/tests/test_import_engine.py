"""Does a name in a file meet the record it means, and does one process alone work on an import?"""

import multiprocessing

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from koers.core.imports.holding import ImportBusyError, held, is_held
from koers.core.imports.lookups import MOST_ACCENTS, shape, spellings
from koers.core.imports.plan import DuplicateRule, ImportPlan

NAMES = st.text(st.sampled_from("abcABC éÉüÜßøØ-&"), min_size=1, max_size=9)


def ascii_lower(name):
    """LOWER as SQLite knows it."""
    return "".join(letter.lower() if letter.isascii() else letter for letter in name)


@given(NAMES, st.lists(st.booleans(), min_size=9, max_size=9))
def test_any_capitals_of_a_name_are_met_by_a_lower_that_knows_ascii_only(name, capitals):
    varied = "".join(
        letter.upper() if up and len(letter.upper()) == 1 else letter.lower()
        for letter, up in zip(name, capitals, strict=False)
    )
    accents = sum(not letter.isascii() for letter in name)
    if accents <= MOST_ACCENTS:
        assert ascii_lower(varied) in spellings(name)


@given(NAMES)
def test_the_tried_spellings_stay_few_and_mean_the_same_name(name):
    assert len(spellings(name)) <= 2**MOST_ACCENTS + 2
    assert {way.casefold() for way in spellings(name)} == {name.casefold()}


def test_a_lower_that_knows_all_letters_is_met_too():
    assert {"café ünlü", "cafÉ ÜnlÜ"} <= spellings("CAFÉ ÜNLÜ")


@pytest.mark.django_db
def test_the_spellings_cover_what_this_database_makes_of_a_name():
    with connection.cursor() as cursor:
        cursor.execute("SELECT lower('Van der Één')")
        assert cursor.fetchone()[0] in spellings("VAN DER ÉÉN")


def test_a_shape_has_no_capitals_spaces_and_signs():
    assert {shape("GTX Pro"), shape("GTXPro"), shape("gtx-pro.")} == {"gtxpro"}


def test_a_plan_comes_back_from_storage_as_it_was():
    plan = ImportPlan("orders", {"Klant": "customer"}, decimal=",", rule=DuplicateRule.UPDATE)
    assert ImportPlan.from_json(plan.as_json()) == plan


def test_an_import_is_worked_on_by_one_at_a_time_and_let_go_of_afterwards(settings):
    with held(7):
        assert (is_held(7), is_held(8)) == (True, False)
        with pytest.raises(ImportBusyError), held(7):
            pass
    assert is_held(7) is False
    with held(7):
        assert is_held(7)


def hold_for_ever(folder, ready):
    from django.conf import settings

    settings.MEDIA_ROOT = folder
    with held(9):
        ready.set()
        multiprocessing.Event().wait()


def test_a_killed_process_lets_go_of_its_import(settings):
    fork = multiprocessing.get_context("fork")
    ready = fork.Event()
    child = fork.Process(target=hold_for_ever, args=(settings.MEDIA_ROOT, ready))
    child.start()
    assert ready.wait(20)
    assert is_held(9)
    child.kill()
    child.join()
    assert is_held(9) is False
