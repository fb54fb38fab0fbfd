"""How are two records made one, and how are they made two again?"""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.utils.translation import gettext as _

from koers.core import audit
from koers.core.actor import Actor
from koers.core.data_versions import mark_changed
from koers.core.errors import RuleError
from koers.core.models import ExternalId
from koers.customers.models import Company, Contact, Merge
from koers.customers.queries.merge import (
    FIELDS,
    Record,
    external_ids_of,
    key_of,
    merge_for,
    movable_rows,
    relations_to,
    two_records,
)
from koers.customers.signals import orders_may_have_moved

EXTERNAL = "external"
AT_ONCE = 500
MODELS: dict[str, type[Company] | type[Contact]] = {"company": Company, "contact": Contact}


class MergeRefusedError(RuleError):
    """These two records cannot be merged, or not be parted again."""


@transaction.atomic
def merge_records(
    *, actor: Actor, noun: str, kept_id: int, gone_id: int, take: Collection[str], at: datetime
) -> Merge:
    """Make two companies or two contacts one: fields in ``take`` come from the one that goes.

    Every row that points to the one that goes is moved, then it is put in the bin. A row that would
    repeat one the kept record has already (a class stamped on the same day) stays with the record in
    the bin. What changed is kept in the journal, so that ``undo_merge`` restores it exactly.
    Raises ``NotFoundError`` when one of the two is hidden or gone, ``MergeRefusedError`` for the
    same record twice or an unknown field.
    """
    if kept_id == gone_id or set(take) - set(FIELDS[noun]):
        raise MergeRefusedError(_("Choose two different records."))
    kept, gone = two_records(actor=actor, noun=noun, kept_id=kept_id, gone_id=gone_id, lock=True)
    wanted = {_column(kept, name): getattr(gone, _column(gone, name)) for name in take}
    if isinstance(kept, Company) and isinstance(gone, Company):
        wanted["parent_id"] = _parent_after(kept, gone)
    changed = {name: value for name, value in wanted.items() if getattr(kept, name) != value}
    changes = {name: audit.Change(getattr(kept, name), value) for name, value in changed.items()}
    _write(kept, changed)
    moved = _move_all(kept, gone, noun)
    _write(gone, {"deleted_at": at})
    merge = Merge.objects.create(
        noun=noun, kept_id=kept.pk, gone_id=gone.pk, gone_label=str(gone), at=at, by_id=actor.user_id,
        journal={
            "fields": {name: [audit.plain(c.before), audit.plain(c.after)] for name, c in changes.items()},
            "moved": moved,
        },
    )  # fmt: skip
    audit.record(actor=actor, at=at, verb="merge", obj=kept, changes=changes | {"merged": audit.Change(None, gone)})  # fmt: skip
    audit.record(actor=actor, at=at, verb="merged", obj=gone, changes={"into": audit.Change(None, kept)})  # fmt: skip
    _tell(kept)
    return merge


@transaction.atomic
def undo_merge(*, actor: Actor, merge_id: int, at: datetime) -> Record:
    """Make the two records of a merge two again; returns the one that was in the bin.

    Rows that were moved on since stay where they are now, and rows added since stay with the kept
    record. Refused when a taken-over field was edited meanwhile, or a later merge has to be undone
    first.
    """
    merge = merge_for(actor=actor, merge_id=merge_id)
    taken = Merge.objects.filter(pk=merge.pk, undone_at=None).update(undone_at=at)
    if not taken:
        raise MergeRefusedError(_("This merge has been undone already."))
    if Merge.objects.filter(noun=merge.noun, undone_at=None, pk__gt=merge.pk, kept_id__in=[merge.kept_id, merge.gone_id]).exists():  # fmt: skip
        raise MergeRefusedError(_("Undo the later merge of this record first."))
    model = MODELS[merge.noun]
    kept = model._default_manager.select_for_update(of=("self",)).get(pk=merge.kept_id)
    gone = model._default_manager.select_for_update(of=("self",)).filter(pk=merge.gone_id).first()
    if gone is None or gone.deleted_at != merge.at:
        raise MergeRefusedError(_("The merged record is no longer in the bin as it was."))
    _refuse_edited(kept, merge)
    _write(gone, {"deleted_at": None})
    for key, ids in merge.journal["moved"].items():
        _move_back(key, ids, kept_id=kept.pk, gone_id=gone.pk)
    before = {name: _read(kept, name, pair[0]) for name, pair in merge.journal["fields"].items()}
    changes = {name: audit.Change(getattr(kept, name), value) for name, value in before.items()}
    _write(kept, before)
    audit.record(actor=actor, at=at, verb="unmerge", obj=kept, changes=changes)
    audit.record(actor=actor, at=at, verb="unmerge", obj=gone)
    _tell(kept, gone)
    return gone


def undo_merge_of(*, actor: Actor, noun: str, gone_id: int, at: datetime) -> Record | None:
    """Undo the merge that put a record in the bin; nothing where none did.

    Taken out of the bin alone it would come back without its orders and contacts.
    """
    merge = Merge.objects.filter(noun=noun, gone_id=gone_id, undone_at=None).first()
    return None if merge is None else undo_merge(actor=actor, merge_id=merge.pk, at=at)


def _column(record: Record, name: str) -> str:
    return str(record._meta.get_field(name).attname)  # type: ignore[union-attr]


def _read(record: Record, column: str, value: object) -> Any:
    field = next(field for field in record._meta.concrete_fields if field.attname == column)
    return value if field.is_relation else field.to_python(value)


def _write(record: Record, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(record, name, value)
    record.version += 1
    record.save(update_fields=[*values, "version"])


def _refuse_edited(kept: Record, merge: Merge) -> None:
    edited = [
        name
        for name, pair in merge.journal["fields"].items()
        if getattr(kept, name) != _read(kept, name, pair[1])
    ]
    if edited:
        raise MergeRefusedError(
            _("These fields were changed after the merge: %(fields)s.")
            % {"fields": ", ".join(edited)}
        )


def _parent_after(kept: Company, gone: Company) -> int | None:
    """The kept company's parent; never the one that goes, nor a company below the kept one."""
    below_gone = gone.pk in _ancestors(kept.parent_id)
    settled = kept.parent_id is not None or kept.pk in _ancestors(gone.parent_id)
    if settled and not below_gone:
        return kept.parent_id
    return gone.parent_id


def _ancestors(company_id: int | None) -> set[int]:
    found: set[int] = set()
    while company_id is not None and company_id not in found:
        found.add(company_id)
        company_id = Company.objects.filter(pk=company_id).values_list("parent_id", flat=True).first()  # fmt: skip
    return found


def _move_all(kept: Record, gone: Record, noun: str) -> dict[str, list[Any]]:
    moved: dict[str, list[Any]] = {}
    for field in relations_to(type(kept)):
        ids = movable_rows(field, kept_id=kept.pk, gone_id=gone.pk)
        if ids:
            moved[key_of(field)] = ids
            _repoint(field.model, field.attname, ids, gone.pk, kept.pk)
    ids = list(external_ids_of(noun, gone.pk).values_list("pk", flat=True))
    if ids:
        moved[EXTERNAL] = ids
        _repoint(ExternalId, "object_id", ids, gone.pk, kept.pk)
    return moved


def _move_back(key: str, ids: list[Any], *, kept_id: int, gone_id: int) -> None:
    if key == EXTERNAL:
        _repoint(ExternalId, "object_id", ids, kept_id, gone_id)
        return
    label, name = key.rsplit(".", 1)
    model = apps.get_model(label)
    _repoint(model, model._meta.get_field(name).attname, ids, kept_id, gone_id)


def _repoint(model: type[models.Model], column: str, ids: list[Any], old: int, new: int) -> None:
    for part in _parts(ids):
        rows = model._base_manager.filter(pk__in=part, **{column: old})  # noqa: SLF001 -- rows of any kind
        rows.update(**{column: new})


def _parts(ids: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]


def _tell(*records: Record) -> None:
    if isinstance(records[0], Company):
        mark_changed("company", "wallet")
        orders_may_have_moved.send(Company, company_ids=[record.pk for record in records])
