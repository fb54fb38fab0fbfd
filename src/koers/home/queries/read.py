"""Who looked at which record? For who handles privacy."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db.models import Model, QuerySet

from koers.core.actor import Actor
from koers.core.models import RecordRead
from koers.core.reads import NOUNS
from koers.customers.models import Company, Contact
from koers.organisation.policies import Right, require
from koers.sell.models import Lead, Opportunity

MODELS: Mapping[str, type[Model]] = {
    "company": Company, "contact": Contact, "lead": Lead, "opportunity": Opportunity,
}  # fmt: skip
assert tuple(MODELS) == NOUNS  # noqa: S101 -- a mistake of the programmer


def reads_matching(*, actor: Actor, noun: str, ids: Collection[int], q: str) -> QuerySet[RecordRead]:  # fmt: skip
    """Reads of a kind of record, of some records where ids are given, by people whose name begins like this."""
    require(actor, Right.HANDLE_PRIVACY)
    found = RecordRead.objects.select_related("user")
    if noun:
        found = found.filter(noun=noun)
    if ids:
        found = found.filter(object_id__in=ids)
    return found.filter(user__full_name__istartswith=q) if q else found


def records_read(rows: Sequence[RecordRead]) -> dict[tuple[str, int], Any]:
    """The records behind some reads, those in the bin too; one query per kind of record."""
    wanted: dict[str, set[int]] = {}
    for row in rows:
        wanted.setdefault(row.noun, set()).add(row.object_id)
    return {
        (noun, record.pk): record
        for noun, ids in wanted.items() if noun in MODELS
        for record in MODELS[noun]._base_manager.filter(pk__in=ids)  # noqa: SLF001 -- the bin too
    }  # fmt: skip
