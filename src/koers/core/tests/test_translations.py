"""Is every text of Koers there in Dutch, and is nothing translated that is not shown?"""

import importlib.util
import io
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from django.conf import settings
from django.utils.translation import trans_real

SCRIPT = Path(settings.BASE_DIR) / "scripts" / "update_messages.py"
SPEC = importlib.util.spec_from_file_location("update_messages", SCRIPT)
assert SPEC is not None and SPEC.loader is not None
messages = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(messages)

DUTCH = messages.LOCALES / "nl" / "LC_MESSAGES" / "django.po"


def entries():
    return {messages.text_of(entry): entry for entry in messages.read_catalogue(DUTCH) if entry.id}


def forms(value):
    return [value] if isinstance(value, str) else list(value)


def test_every_text_shown_stands_in_the_dutch_catalogue():
    assert sorted(set(messages.collect()) - set(entries()), key=str) == []


def test_every_entry_has_a_dutch_text_in_every_form_and_none_is_fuzzy():
    assert messages.untranslated(messages.read_catalogue(DUTCH)) == []
    assert [text for text, entry in entries().items() if entry.fuzzy] == []


def test_the_catalogue_holds_no_text_that_is_not_shown():
    shown = set(messages.collect()) | messages.shown_by_allauth()
    assert sorted(set(entries()) - shown, key=str) == []


def test_a_translation_fills_in_the_same_values_as_the_text():
    wrong = [
        text.singular
        for text, entry in entries().items()
        if {frozenset(messages.placeholders(form)) for form in forms(entry.string)}
        != {frozenset(messages.placeholders(form)) for form in forms(entry.id)}
    ]
    assert wrong == []


def test_the_reader_is_always_addressed_as_u():
    informal = {"je", "jij", "jou", "jouw"}
    assert [
        form
        for entry in entries().values()
        for form in forms(entry.string)
        if informal & set(form.lower().replace(".", " ").replace(",", " ").split())
    ] == []


def test_texts_of_python_are_found_under_the_name_they_are_imported_by():
    source = (
        "from django.utils.translation import gettext as _, ngettext, pgettext_lazy as p\n"
        "_('One ' 'text'); p('place', 'Plan'); ngettext('a day', 'days', n); other('No')\n"
    )
    assert list(messages.texts_of_python(source)) == [
        messages.Text("One text"),
        messages.Text("Plan", None, "place"),
        messages.Text("a day", "days"),
    ]


def test_texts_of_a_template_are_found_in_tags_blocks_and_filters():
    source = (
        '{% translate "Plan" context "place" as title %}{{ x|default:_("None") }}'
        "{% include 'a.html' with title=_('20% off') %}"
        "{% blocktranslate trimmed count n=n %}\n  {{ n }} day\n  left"
        "{% plural %}{{ n }} days{% endblocktranslate %}"
    )
    assert list(messages.texts_of_template(source)) == [
        messages.Text("Plan", None, "place"),
        messages.Text("None"),
        messages.Text("20%% off"),
        messages.Text("%(n)s day left", "%(n)s days"),
    ]


@pytest.fixture
def compiled(tmp_path, settings, monkeypatch):
    """The committed catalogue, compiled for this test alone."""
    folder = tmp_path / "nl" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    stream = io.BytesIO()
    write_mo(stream, messages.read_catalogue(DUTCH))
    (folder / "django.mo").write_bytes(stream.getvalue())
    settings.LOCALE_PATHS = [tmp_path]
    monkeypatch.setattr(trans_real, "_translations", {})


@pytest.mark.django_db
@pytest.mark.usefixtures("compiled")
def test_the_log_in_page_is_dutch_for_a_browser_that_chose_dutch(client):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "nl"
    page = client.get("/account/login/").content.decode()
    assert '<html lang="nl"' in page
    assert "Welkom terug." in page
    assert "Een beheerder maakt accounts aan; registreren kan hier niet." in page
    assert "Welcome back." not in page


@pytest.mark.django_db
@pytest.mark.usefixtures("compiled")
def test_a_refused_log_in_addresses_the_dutch_reader_as_u(client):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "nl"
    answer = {"login": "nobody@fornuis.example", "password": "not-the-password"}
    page = client.post("/account/login/", answer).content.decode()
    assert "Het e-mailadres of wachtwoord dat u opgaf, klopt niet." in page
