"""Does the audit trail tell who changed what, and does nobody get to rewrite it?"""

from datetime import date
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.utils import timezone, translation

from koers.core import audit, audit_words
from koers.core.actor import Channel, system_actor
from koers.core.field_words import FIELDS
from koers.core.models import AuditEntry
from koers.customers.tests.factories import CompanyFactory
from koers.organisation.tests.cast import acting

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def entry(cast, **changes):
    return audit.record(
        actor=acting(cast.ann),
        at=timezone.now(),
        verb="change",
        obj=CompanyFactory(name="Acme"),
        changes={name: audit.Change(*pair) for name, pair in changes.items()},
    )


def test_an_entry_says_who_what_when_from_what_to_what_and_through_which_channel(cast):
    written = AuditEntry.objects.get(pk=entry(cast, city=("Ede", "Delft")).pk)
    assert (written.actor_name, written.verb, written.noun, written.label, written.channel) == (
        "Ann de Boer",
        "change",
        "company",
        "Acme",
        "screen",
    )
    assert written.changes == {"city": ["Ede", "Delft"]}


def test_values_are_kept_exactly(cast):
    written = entry(
        cast,
        amount=(Decimal("0.1000"), None),
        day=(None, date(2026, 1, 2)),
        owner=(cast.ann, cast.sam),
    )
    written.refresh_from_db()
    assert written.changes == {
        "amount": ["0.1000", None],
        "day": [None, "2026-01-02"],
        "owner": [
            {"id": cast.ann.pk, "label": "Ann de Boer"},
            {"id": cast.sam.pk, "label": "Sam Jansen"},
        ],
    }


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE core_auditentry SET actor_name = 'Nobody'",
        "DELETE FROM core_auditentry",
    ],
)
def test_the_database_refuses_to_alter_or_remove_an_entry(cast, statement):
    entry(cast, city=("Ede", "Delft"))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert AuditEntry.objects.get().actor_name == "Ann de Boer"


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL knows TRUNCATE")
@pytest.mark.parametrize("table", ["core_auditentry", "core_auditseal"])
@pytest.mark.django_db(transaction=True)
def test_the_database_refuses_to_truncate_the_trail(table):
    with pytest.raises(DatabaseError, match="audit"), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {table}")


def test_an_entry_outlives_the_person(cast):
    written = entry(cast, city=("Ede", "Delft"))
    key = cast.ann.pk
    cast.ann.delete()
    written.refresh_from_db()
    assert (written.user_id, written.actor_name) == (key, "Ann de Boer")


def test_many_entries_are_written_like_one(cast):
    company = CompanyFactory()
    values = audit.entry_values(
        actor=system_actor(Channel.JOB), at=timezone.now(), verb="create", obj=company
    )
    audit.record_many([values, values])
    assert list(AuditEntry.objects.values_list("channel", "object_id")) == [("job", company.pk)] * 2


def test_every_door_has_a_name_in_both_languages():
    for language in ("en", "nl"):
        with translation.override(language):
            assert set(audit_words.CHANNELS) == {channel.value for channel in Channel}
    with translation.override("nl"):
        assert audit_words.channel_label("command") == "opdrachtregel"
        assert audit_words.noun_label("company", 2) == "relaties"


@pytest.mark.parametrize(
    ("verb", "changes", "words"),
    [
        ("create", {}, "toegevoegd"),
        ("change", {"city": ["Ede", "Delft"]}, "gewijzigd"),
        ("change", {"deleted_at": [None, "2026-01-02"]}, "in de prullenbak gezet"),
        ("change", {"deleted_at": ["2026-01-02", None]}, "uit de prullenbak gehaald"),
        ("import_done", {}, "geïmporteerd"),
        ("some_new_verb", {}, "some new verb"),
    ],
)
def test_what_was_done_is_said_in_the_readers_language(verb, changes, words):
    with translation.override("nl"):
        assert audit_words.entry_label(AuditEntry(verb=verb, changes=changes)) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [(None, "–"), ("", "–"), ({"id": 3, "label": "Ann"}, "Ann"), ({"order": 4}, "…"), (0, "0")],
)
def test_an_audited_value_reads_as_a_person_would_say_it(value, words):
    assert audit_words.value_label(value) == words


@pytest.mark.parametrize(
    ("noun", "changes", "words"),
    [
        ("quote", {"status": ["draft", "sent"]}, ("status", "Concept", "Verstuurd")),
        ("company", {"city": ["Ede", ""]}, ("plaats", "Ede", "–")),
        ("user", {"is_active": [True, False]}, ("actief", "ja", "nee")),
        ("stage", {"required_fields": [[], ["a", "b"]]}, ("verplichte velden", "–", "a, b")),
        (
            "activity",
            {"done_at": [None, "2026-07-31T16:38:35.366437+00:00"]},
            ("gedaan op", "–", "31 jul 2026, 18:38"),
        ),
        (
            "opportunity",
            {"expected_close_on": ["2026-03-01", "2026-04-02"]},
            ("verwachte sluiting", "1 mrt 2026", "2 apr 2026"),
        ),
        ("opportunity", {"closed_on": [None, "spring"]}, ("gesloten op", "–", "spring")),
        ("gone_model", {"some_field": [None, 2]}, ("some field", "–", "2")),
    ],
)
def test_a_change_is_told_in_words_for_its_field_and_its_choices(noun, changes, words):
    with translation.override("nl"):
        assert audit_words.change_words(AuditEntry(noun=noun, changes=changes)) == [words]


def test_every_field_a_person_changes_has_a_word():
    """Fields of every kind the trail names, less those that only the program writes."""
    kept_by_program = {"importrun", "savedview", "calendarfeed", "numberseries", "ruleset"}
    written_by_program = {
        *("id", "version", "import_run", "last_login", "key", "made", "decided_on", "only"),
        *("is_demo", "answered_at", "answered_by", "answered_from", "nonce", "revision"),
        *("customer_class", "phase", "phase_since", "turnover_12m", "contribution_12m"),
        *("first_order_on", "last_order_on", "figures_as_of", "made_at", "made_by", "made_by_name"),
        *("decided_at", "decided_by_name", "bundle", "division", "fingerprint", "horizon"),
        *("covers_all", "job_id", "source_key", "source_url"),
        *("told_up_to", "sending_up_to", "test_asked", "failures", "failing_since", "next_try_at"),
        *("leased_until",),
    }
    without = {
        f"{model._meta.model_name}.{field.name}"
        for model in apps.get_models()
        if model._meta.model_name in audit_words.NOUNS.keys() - kept_by_program
        for field in model._meta.concrete_fields
        if field.name not in written_by_program and field.name not in FIELDS
    }
    assert without == set()


def test_the_audit_screen_speaks_the_readers_language(cast, client):
    written = entry(cast, city=("Ede", "Delft"), owner=(None, cast.sam))
    client.force_login(cast.of_role["administrator"], BACKEND)
    page = client.get("/organisation/audit/", headers={"accept-language": "nl"}).content.decode()
    assert f">{written.label}</a>" in page
    for words in (">gewijzigd<", ">relatie<", ">scherm<", "eigenaar: – → Sam Jansen"):
        assert words in page
    assert ">change<" not in page
