"""Was the audit trail rewritten? A chain of digests over its entries, made by the worker.

The triggers refuse changes to whoever works through the database as Koers does; the owner of the
database can drop them. Then the chain shows what was touched, and a digest kept elsewhere (a mail,
a log of another machine) shows a chain that was made anew.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import OperationalError, connection, transaction
from django.db.models import Max

from koers.core.models import AuditEntry, AuditSeal

ENTRIES_PER_SEAL = 1000
LOCK_MILLISECONDS = 200
FIELDS = (
    "id", "at", "user_id", "actor_name", "channel", "verb", "noun", "object_id", "label",
    "changes", "import_run_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class BrokenSeal:
    """A range of entries that is no longer what was sealed."""

    first_entry_id: int
    last_entry_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What a reading of the whole chain found; ``head`` is the digest to keep elsewhere."""

    seals: int
    entries: int
    unsealed: int
    head: str
    broken: tuple[BrokenSeal, ...]

    @property
    def whole(self) -> bool:
        """Nothing sealed was changed, removed or slipped in."""
        return not self.broken


def seal(*, at: datetime) -> int:
    """Seal every entry written so far; returns how many. Safe to call from several workers."""
    settled = settled_entry_id()
    if settled is None:
        return 0
    sealed = 0
    while count := _seal_next(settled, at):
        sealed += count
    return sealed


def read_chain(*, head: str = "") -> ChainReport:
    """Compare every seal with the entries of its range.

    A ``head`` kept elsewhere must be one of the digests: if it is not, seals were cut off or the
    chain was written anew.
    """
    broken: list[BrokenSeal] = []
    previous, before, entries, seals, known = "", None, 0, 0, not head
    for link in AuditSeal.objects.iterator():
        digest, found = _digest(previous, before, link.last_entry_id)
        reason = _difference(link, digest, found)
        if reason:
            broken.append(BrokenSeal(link.first_entry_id, link.last_entry_id, reason))
        previous, before = link.digest, link.last_entry_id
        known = known or link.digest == head
        entries += link.entries
        seals += 1
    if not known:
        broken.append(
            BrokenSeal(before or 0, before or 0, "the digest kept elsewhere is not in the chain")
        )
    unsealed = AuditEntry.objects.filter(pk__gt=before or 0).count()
    return ChainReport(seals, entries, unsealed, previous, tuple(broken))


def _difference(link: AuditSeal, digest: str, found: int) -> str:
    if found != link.entries:
        return f"{link.entries} entries were sealed, {found} stand there"
    return "" if digest == link.digest else "an entry was changed"


def _seal_next(settled: int, at: datetime) -> int:
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("LOCK TABLE core_auditseal IN EXCLUSIVE MODE")
        last = AuditSeal.objects.last()
        after = last.last_entry_id if last else None
        waiting = AuditEntry.objects.filter(pk__lte=settled).order_by("pk")
        if after is not None:
            waiting = waiting.filter(pk__gt=after)
        ids = list(waiting.values_list("pk", flat=True)[:ENTRIES_PER_SEAL])
        if not ids:
            return 0
        digest, count = _digest(last.digest if last else "", after, ids[-1])
        AuditSeal.objects.create(
            sealed_at=at,
            first_entry_id=ids[0],
            last_entry_id=ids[-1],
            entries=count,
            digest=digest,
        )
        return count


def _digest(previous: str, after: int | None, last: int) -> tuple[str, int]:
    """Digest and number of the entries above ``after`` up to ``last``, the latter included."""
    sha, count = hashlib.sha256(previous.encode()), 0
    for line in _lines(after, last):
        sha.update(line)
        count += 1
    return sha.hexdigest(), count


def _lines(after: int | None, last: int) -> Iterator[bytes]:
    entries = AuditEntry.objects.filter(pk__lte=last).order_by("pk")
    if after is not None:
        entries = entries.filter(pk__gt=after)
    for values in entries.values_list(*FIELDS).iterator(chunk_size=ENTRIES_PER_SEAL):
        plain = [
            value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value
            for value in values
        ]
        yield json.dumps(plain, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def settled_entry_id() -> int | None:
    """The newest entry below which no open transaction can still add one; nothing while one writes.

    PostgreSQL hands out numbers before the commit; the lock is had only when no writer is under
    way, so that a lower number cannot appear afterwards. It is asked for briefly: whoever waits
    for it makes all later writers wait too. SQLite has one writer at a time.
    """
    try:
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute(f"SET LOCAL lock_timeout = {LOCK_MILLISECONDS}")
                    cursor.execute("LOCK TABLE core_auditentry IN SHARE MODE")
            newest = AuditEntry.objects.aggregate(newest=Max("pk"))["newest"]
    except OperationalError:
        return None
    return int(newest or 0)
