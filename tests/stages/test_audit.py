"""Does the audit trail tell who changed what, and does nobody get to rewrite it?"""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from koers.core import audit
from koers.core.actor import Channel, system_actor
from koers.core.models import AuditEntry
from koers.customers.tests.factories import CompanyFactory
from koers.organisation.tests.cast import acting


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
