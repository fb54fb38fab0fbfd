"""What hangs on a record, which fields differ between two, and which merges may be undone?"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koers.core.actor import Actor
from koers.core.errors import NotFoundError
from koers.core.models import ExternalId
from koers.customers.models import Company, Contact, Merge
from koers.customers.queries.company import bare_name, companies_visible_to
from koers.organisation.policies import Right, require

Record = Company | Contact
FIELDS: dict[str, tuple[str, ...]] = {
    Merge.Noun.COMPANY: (
        "name", "owner", "segment", "territory", "business_unit", "industry", "city", "country", "phone", "email", "website",
        "registration_number", "vat_number", "employees", "customer_since", "notice_given_on", "notes",
    ),
    Merge.Noun.CONTACT: ("first_name", "last_name", "company", "job_title", "email", "phone", "mobile", "language", "notes"),
}  # fmt: skip
MOST_OFFERED = 20
KINDS = {
    "customers.Contact": gettext_lazy("Contacts"),
    "customers.Site": gettext_lazy("Addresses"),
    "customers.Company": gettext_lazy("Subsidiaries"),
    "sell.Order": gettext_lazy("Orders"),
    "sell.Opportunity": gettext_lazy("Opportunities"),
    "sell.Activity": gettext_lazy("Activities"),
    "sell.Activity_contacts": gettext_lazy("Activities"),
    "customers.Wallet": gettext_lazy("Purchases a year"),
}


def records_for(actor: Actor, noun: str) -> QuerySet[Any]:
    """The companies or contacts one may see and merge; needs the right to give customers away."""
    require(actor, Right.REASSIGN_CUSTOMERS)
    companies = companies_visible_to(actor)
    if noun == Merge.Noun.COMPANY:
        return companies
    return Contact.objects.filter(deleted_at=None, company__in=companies)


def two_records(
    *, actor: Actor, noun: str, kept_id: int, gone_id: int, lock: bool = False
) -> tuple[Record, Record]:
    """Both records, or as if they did not exist; ``lock`` holds the rows for the transaction."""
    rows = records_for(actor, noun).filter(pk__in=[kept_id, gone_id]).order_by("pk")
    found = {row.pk: row for row in (rows.select_for_update(of=("self",)) if lock else rows)}
    if len(found) != 2:
        raise NotFoundError(_("One of the two records does not exist any more."))
    return found[kept_id], found[gone_id]


def relations_to(model: type[models.Model]) -> Iterator[models.ForeignKey[Any, Any]]:
    """Every foreign key in the whole system that points to the model, also hidden ones and link tables."""
    for relation in model._meta.get_fields(include_hidden=True):
        if relation.auto_created and not relation.concrete and not relation.many_to_many:
            yield relation.field  # type: ignore[union-attr,misc]


def key_of(field: models.ForeignKey[Any, Any]) -> str:
    """The name of a relation in the journal, e.g. ``sell.Order.company``."""
    return f"{field.model._meta.label}.{field.name}"


def movable_rows(field: models.ForeignKey[Any, Any], *, kept_id: int, gone_id: int) -> list[Any]:
    """Keys of the rows that can follow; a row that would repeat one the kept record has stays behind."""
    every = field.model._base_manager.order_by("pk")  # noqa: SLF001 -- no row may be overlooked
    rows = every.filter(**{field.name: gone_id})
    if field.model is field.related_model:
        rows = rows.exclude(pk=kept_id)
    found = list(rows.values_list("pk", flat=True))
    for names in _unique_sets(field):
        taken = set(every.filter(**{field.name: kept_id}).values_list(*names, field.name))
        clashing = {
            pk for pk, *values in rows.values_list("pk", *names) if (*values, kept_id) in taken and None not in values
        }  # fmt: skip
        found = [pk for pk in found if pk not in clashing]
    return found


def _unique_sets(field: models.ForeignKey[Any, Any]) -> Iterator[list[str]]:
    meta = field.model._meta
    sets = [
        *(tuple(c.fields) for c in meta.constraints if isinstance(c, models.UniqueConstraint)),
        *meta.unique_together,
        *([(field.name,)] if field.unique else []),
    ]
    for names in sets:
        if field.name in names:
            yield [name for name in names if name != field.name]


def external_ids_of(noun: str, object_id: int) -> QuerySet[ExternalId]:
    """Under which ids other systems know the record; they follow it, so that the next import finds it."""
    return ExternalId.objects.filter(noun=noun, object_id=object_id).order_by("pk")


@dataclass(frozen=True, slots=True)
class FieldChoice:
    """A field in which the two differ; ``take_gone`` is the proposal."""

    name: str
    kept: object
    gone: object
    take_gone: bool


@dataclass(frozen=True, slots=True)
class MergePreview:
    """What a merge would do, before anything is written."""

    kept: Record
    gone: Record
    choices: list[FieldChoice]
    moving: list[tuple[str, int]]


def preview_of(*, actor: Actor, noun: str, kept_id: int, gone_id: int) -> MergePreview:
    """Fields that differ, with a proposal (what is filled wins), and how many rows move per kind."""
    kept, gone = two_records(actor=actor, noun=noun, kept_id=kept_id, gone_id=gone_id)
    moving: Counter[str] = Counter()
    for field in relations_to(type(kept)):
        label = KINDS.get(field.model._meta.label, _("Other records"))
        moving[str(label)] += len(movable_rows(field, kept_id=kept.pk, gone_id=gone.pk))
    counted = [(label, count) for label, count in moving.items() if count]
    return MergePreview(kept, gone, list(_differing(kept, gone, noun)), counted)


def _differing(kept: Record, gone: Record, noun: str) -> Iterator[FieldChoice]:
    for name in FIELDS[noun]:
        mine, theirs = getattr(kept, name), getattr(gone, name)
        if mine != theirs and theirs not in (None, ""):
            yield FieldChoice(name, mine, theirs, take_gone=mine in (None, ""))


def merge_candidates(
    *, actor: Actor, noun: str, record_id: int, q: str
) -> tuple[Record, list[Any]]:
    """The record, and others of its kind by the beginning of their name, else the likeliest twins."""
    rows = records_for(actor, noun)
    record = rows.filter(pk=record_id).first()
    if record is None:
        raise NotFoundError(_("This record no longer exists."))
    name = "name" if noun == Merge.Noun.COMPANY else "last_name"
    if q:
        terms = Q(**{f"{name}__istartswith": q})
    else:
        terms = Q(**{f"{name}__istartswith": bare_name(getattr(record, name)) or "\0"})
        if record.email:
            terms |= Q(email__iexact=record.email)
    related = "owner" if noun == Merge.Noun.COMPANY else "company"
    return record, list(
        rows.filter(terms).exclude(pk=record_id).select_related(related)[:MOST_OFFERED]
    )


def merge_for(*, actor: Actor, merge_id: int) -> Merge:
    """A merge into a record one may see, or as if it did not exist."""
    found = Merge.objects.filter(pk=merge_id).first()
    if found is None or not records_for(actor, found.noun).filter(pk=found.kept_id).exists():
        raise NotFoundError(_("This merge does not exist."))
    return found
