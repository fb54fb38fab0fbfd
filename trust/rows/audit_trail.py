"""Row 16: is every change explained by the audit trail, and is every tampering with it found?"""

import random
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any
from unittest import mock

from django.db import models, transaction
from django.utils import timezone
from tests.stages.test_audit_seal import TAMPERINGS, without_triggers

from koers.core import audit, audit_seal
from koers.core.models import AuditEntry
from trust.row import Finding, Row
from trust.walk import Walk, rows_of

DERIVED = {"version"}


def unexplained(
    before: dict[Any, Any], after: dict[Any, Any], entries: list[AuditEntry]
) -> list[str]:
    """Records that changed, came or went without an entry that says so, value by value."""
    told: dict[tuple[str, int], list[AuditEntry]] = {}
    for entry in entries:
        told.setdefault((entry.noun, entry.object_id or 0), []).append(entry)
    wrong = []
    for key in before.keys() | after.keys():
        old, new = before.get(key), after.get(key)
        if old == new:
            continue
        found = told.get(key, [])
        if old is None or new is None:
            if not any(entry.verb == "create" for entry in found):
                wrong.append(f"{key} appeared or vanished")
            continue
        wrong += _fields_not_told(key, old, new, found)
    return wrong


def _fields_not_told(
    key: tuple[str, int], old: dict[str, Any], new: dict[str, Any], found: list[AuditEntry]
) -> list[str]:
    said: dict[str, list[Any]] = {}
    for entry in found:
        for name, (was, became) in entry.changes.items():
            first = said.setdefault(name, [was, became])
            first[1] = became
    return [
        f"{key} {name}"
        for name in old.keys() - DERIVED
        if old[name] != new[name] and _bare(said.get(name)) != [old[name], new[name]]
    ]


def _bare(pair: list[Any] | None) -> list[Any] | None:
    """Related records are told as id and label; the table holds the id."""
    if pair is None:
        return None
    return [value["id"] if isinstance(value, dict) else value for value in pair]


def plain_rows() -> dict[tuple[str, int], dict[str, Any]]:
    """Every watched record as the audit trail would write its values."""
    return {
        (noun, pk): {name: audit.plain(value) for name, value in values.items()}
        for (noun, pk), values in rows_of(Walk.MODELS).items()
    }


def walk(steps: int, *, seed: int, also: Callable[[int], None] | None = None) -> tuple[int, int]:
    """Random actions of the product; after each one every change must be explained.

    Returns how many records changed and how many of those were not explained.
    """
    path, changed, wrong = Walk(seed), 0, 0
    before, last = plain_rows(), AuditEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0  # fmt: skip
    for number in range(steps):
        path.step()
        if also:
            also(number)
        after = plain_rows()
        entries = list(AuditEntry.objects.filter(pk__gt=last).order_by("pk"))
        last = entries[-1].pk if entries else last
        changed += sum(before.get(key) != after.get(key) for key in before.keys() | after.keys())
        wrong += len(unexplained(before, after, entries))
        before = after
    return changed, wrong


def tampered(count: int) -> int:
    """How many of ``count`` tamperings the chain shows, with the digest kept elsewhere."""
    now = timezone.now()
    with mock.patch.object(audit_seal, "ENTRIES_PER_SEAL", 40):
        audit_seal.seal(at=now)
        head = audit_seal.read_chain().head
        ids = list(AuditEntry.objects.exclude(changes={}).values_list("pk", flat=True))
        dice, found = random.Random(4), 0
        for number in range(count):
            with transaction.atomic():
                without_triggers()
                TAMPERINGS[number % len(TAMPERINGS)](dice, ids)
                found += not audit_seal.read_chain(head=head).whole
                transaction.set_rollback(True)
        if not audit_seal.read_chain(head=head).whole:
            raise AssertionError("the chain was broken before anybody tampered")
    return found


def _check(short: bool, *, also: Callable[[int], None] | None = None, chain: Any = None) -> Finding:
    steps = 200 if short else 2000
    changed, wrong = walk(steps, seed=16, also=also)
    with chain or nullcontext():
        found = tampered(100)
    value = f"{steps} actions changed {changed} records, {wrong} changes unexplained; {found} of 100 tamperings found"
    return Finding(held=wrong == 0 and found == 100 and changed > steps / 2, value=value)


def measure(short: bool) -> Finding:
    """The product as it is."""
    return _check(short)


def skipped_event(short: bool) -> Finding:
    """A bulk change now and then that writes no entry."""
    dice = random.Random(5)

    def bulk(number: int) -> None:
        if number % 20 == 0:
            model: type[models.Model] = Walk.MODELS[0]
            some = dice.choice(list(model._default_manager.values_list("pk", flat=True)))
            model._default_manager.filter(pk=some).update(city=f"Nowhere {number}")

    return _check(short, also=bulk)


def chain_off(short: bool) -> Finding:
    """The digest is not compared, only the number of entries."""

    def counts_only(link: Any, _digest: str, found: int) -> str:
        return "" if found == link.entries else "another number"

    return _check(short, chain=mock.patch.object(audit_seal, "_difference", counts_only))


ROW = Row(
    number=16,
    name="Audit: every change explained, every tampering found",
    goal="0 changes unexplained; 100 of 100 tamperings found",
    measure=measure,
    controls={"bulk change without entry": skipped_event, "digests not compared": chain_off},
)
