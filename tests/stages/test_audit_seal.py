"""Does the chain of seals find every tampering with the audit trail?"""

import json
import random
from importlib import import_module

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from koers.config.console import main
from koers.core import audit
from koers.core.audit_seal import read_chain, seal
from koers.core.models import AuditEntry, AuditSeal
from koers.customers.tests.factories import CompanyFactory
from koers.organisation.tests.cast import acting

NOW = timezone.now()
pytestmark = pytest.mark.django_db


def entries(cast, count):
    """``count`` changes of one company, each another."""
    company = CompanyFactory(name="Acme")
    values = [
        audit.entry_values(
            actor=acting(cast.ann),
            at=NOW,
            verb="change",
            obj=company,
            changes={"city": audit.Change(str(number), str(number + 1))},
        )
        for number in range(count)
    ]
    audit.record_many(values)


def without_triggers():
    """What the owner of the database can do, and Koers cannot."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            rows = cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in rows.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
        else:
            cursor.execute("ALTER TABLE core_auditentry DISABLE TRIGGER USER")
            cursor.execute("ALTER TABLE core_auditseal DISABLE TRIGGER USER")


def run(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_sealing_covers_each_entry_once_and_twice_does_nothing(cast):
    entries(cast, 2500)
    assert seal(at=NOW) == AuditEntry.objects.count()
    assert seal(at=NOW) == 0
    entries(cast, 3)
    assert seal(at=NOW) == 3
    report = read_chain()
    assert (report.entries, report.unsealed, report.whole) == (AuditEntry.objects.count(), 0, True)
    assert report.head == AuditSeal.objects.last().digest


def test_entries_written_since_are_told_as_not_sealed_yet(cast):
    entries(cast, 5)
    seal(at=NOW)
    entries(cast, 2)
    assert read_chain().unsealed == 2


def edit(dice, ids):
    field = dice.choice(["actor_name", "verb", "label", "noun", "channel"])
    run(f"UPDATE core_auditentry SET {field} = 'x' WHERE id = %s", dice.choice(ids))  # noqa: S608 -- our own words


def edit_changes(dice, ids):
    run("UPDATE core_auditentry SET changes = '{}' WHERE id = %s", dice.choice(ids))


def remove(dice, ids):
    run("DELETE FROM core_auditentry WHERE id = %s", dice.choice(ids))


def replace(dice, ids):
    """Remove one and slip in a copy under another number: the count stays the same."""
    victim = dice.choice(ids)
    run(
        "INSERT INTO core_auditentry (id, at, user_id, actor_name, channel, verb, noun, object_id,"
        " label, changes, import_run_id) SELECT -id, at, user_id, actor_name, channel, verb, noun,"
        " object_id, label, changes, import_run_id FROM core_auditentry WHERE id = %s",
        victim,
    )
    run("DELETE FROM core_auditentry WHERE id = %s", victim)


def cut_tail(dice, ids):
    start = dice.choice(ids)
    run("DELETE FROM core_auditentry WHERE id >= %s", start)
    run("DELETE FROM core_auditseal WHERE last_entry_id >= %s", start)


def seal_anew(dice, ids):
    edit(dice, ids)
    run("DELETE FROM core_auditseal")
    seal(at=NOW)


TAMPERINGS = (edit, edit_changes, remove, replace, cut_tail, seal_anew)


def test_a_hundred_of_a_hundred_tamperings_are_found(cast, monkeypatch):
    monkeypatch.setattr("koers.core.audit_seal.ENTRIES_PER_SEAL", 40)
    entries(cast, 300)
    seal(at=NOW)
    head, ids = read_chain().head, list(AuditEntry.objects.values_list("pk", flat=True))
    dice, found = random.Random(4), 0
    for number in range(100):
        with transaction.atomic():
            without_triggers()
            TAMPERINGS[number % len(TAMPERINGS)](dice, ids)
            found += not read_chain(head=head).whole
            transaction.set_rollback(True)
        assert read_chain(head=head).whole
    assert found == 100


@pytest.mark.parametrize("statement", ["UPDATE core_auditseal SET digest = 'x'", "DELETE FROM core_auditseal"])  # fmt: skip
def test_the_database_refuses_to_change_a_seal(cast, statement):
    entries(cast, 1)
    seal(at=NOW)
    with pytest.raises(DatabaseError, match="cannot be"), transaction.atomic():
        run(statement)


def test_the_command_names_the_broken_range_and_fails(cast, capsys):
    entries(cast, 5)
    seal(at=NOW)
    assert main(["check", "--audit", "--json"]) == 0
    head = json.loads(capsys.readouterr().out)["head"]
    victim = AuditEntry.objects.order_by("-pk").first().pk
    without_triggers()
    run("UPDATE core_auditentry SET actor_name = 'Nobody' WHERE id = %s", victim)
    assert main(["check", "--audit", "--head", head, "--json"]) == 1
    broken = json.loads(capsys.readouterr().out)["broken"]
    first = AuditSeal.objects.get().first_entry_id
    assert broken == [{"first_entry_id": first, "last_entry_id": victim, "reason": "an entry was changed"}]  # fmt: skip


def test_the_migration_names_every_trigger_the_tests_put_back():
    triggers = import_module("koers.core.migrations.0005_audit_seals_are_append_only").SQLITE
    assert all(f"CREATE TRIGGER {name} " in statement for name, statement in triggers.items())
