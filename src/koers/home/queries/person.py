"""Who is the person that asks what is held about him, and under which records do we know him?"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from koers.core.actor import Actor
from koers.core.errors import NotFoundError
from koers.core.models import ExternalId
from koers.core.privacy.erasure import Step, steps_of
from koers.core.privacy.held import Held, held_on
from koers.core.privacy.labels import Category, Kind
from koers.core.privacy.registry import labels_of, own_record
from koers.customers.models import Merge
from koers.organisation.policies import Right, require

MOST_OFFERED = 20


@dataclass(frozen=True)
class Person:
    """One person with all records that are his, merged-away ones included."""

    kind: Kind
    record: Any
    ids: tuple[int, ...]
    names: tuple[str, ...]
    sources: tuple[str, ...]

    def __str__(self) -> str:
        return str(self.record)


def person_for(*, actor: Actor, kind: str, person_id: int) -> Person:
    """The person behind a record, also when it lies in the bin; or as if it did not exist."""
    require(actor, Right.HANDLE_PRIVACY)
    if kind not in set(Kind):
        raise NotFoundError(_("This person does not exist."))
    model = own_record(Kind(kind))
    ids = _same_records(kind, person_id)
    records = {row.pk: row for row in model._base_manager.filter(pk__in=ids)}  # noqa: SLF001 -- the bin is held too
    if person_id not in records:
        raise NotFoundError(_("This person does not exist."))
    names = dict.fromkeys(text for row in records.values() for text in _names_of(row))
    return Person(Kind(kind), records[person_id], tuple(sorted(ids)), tuple(names), tuple(_sources(kind, records)))  # fmt: skip


def held_on_person(*, actor: Actor, person: Person, with_values: bool = True) -> Held:
    """Every row the labels lead to; needs the right to handle privacy."""
    require(actor, Right.HANDLE_PRIVACY)
    return held_on(person.kind, person.ids, person.names, with_values=with_values)


def records_of(person: Person) -> list[Any]:
    """All records that are the person's."""
    return list(own_record(person.kind)._base_manager.filter(pk__in=person.ids).order_by("pk"))  # noqa: SLF001 -- the bin is held too


def erasure_of_person(*, actor: Actor, person: Person, today: date) -> list[Step]:
    """What an erasure would do to each part; nothing is written."""
    require(actor, Right.HANDLE_PRIVACY)
    held = held_on(person.kind, person.ids, ())
    return steps_of(held, person.kind, today=today)


def people_called(*, actor: Actor, q: str) -> list[tuple[Kind, list[Any]]]:
    """Per kind the records whose name or e-mail begins like this, at most twenty each."""
    require(actor, Right.HANDLE_PRIVACY)
    found: list[tuple[Kind, list[Any]]] = []
    for kind in Kind:
        model = own_record(kind)
        labels = labels_of(model)
        words = Q()
        for name in (*labels.names(Category.NAME), "email"):
            words |= Q(**{f"{name}__istartswith": q})
        rows = model._base_manager.filter(words).order_by("pk")  # noqa: SLF001 -- the bin is held too
        if "company" in labels.fields:
            rows = rows.select_related("company")
        if q and (first := list(rows[:MOST_OFFERED])):
            found.append((kind, first))
    return found


def _same_records(kind: str, person_id: int) -> set[int]:
    """The record and those that became one with it by a merge that stands."""
    ids = {person_id}
    while True:
        merges = Merge.objects.filter(noun=kind, undone_at=None)
        pairs = merges.filter(Q(kept_id__in=ids) | Q(gone_id__in=ids)).values_list("kept_id", "gone_id")  # fmt: skip
        more = {each for pair in pairs for each in pair} - ids
        if not more:
            return ids
        ids |= more


def _names_of(row: Any) -> Iterator[str]:
    yield str(row)
    for name in labels_of(type(row)).names(Category.REACH):
        if value := getattr(row, name):
            yield str(value)


def _sources(kind: str, records: dict[int, Any]) -> Iterator[str]:
    for row in records.values():
        if run := getattr(row, "import_run", None):
            yield _("Import of %(file)s") % {"file": run.file_name}
    systems = ExternalId.objects.filter(noun=kind, object_id__in=records).order_by("pk")
    for name in dict.fromkeys(systems.values_list("source__name", flat=True)):
        yield str(name)
