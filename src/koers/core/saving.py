"""How is an edited record saved without losing what somebody else saved meanwhile?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from koers.core import audit
from koers.core.actor import Actor
from koers.core.errors import NotFoundError, StaleVersionError
from koers.core.models import AuditEntry, VersionedRecord

Record = TypeVar("Record", bound=VersionedRecord)

UNKNOWN = object()


@dataclass(frozen=True, slots=True)
class Former:
    """A related record as the audit trail names it; it may be gone by now."""

    pk: int
    label: str


@transaction.atomic
def save_changes(
    *, actor: Actor, obj: Record, version: int, values: Mapping[str, Any], at: datetime
) -> Record:
    """Update the record if it still has the version the actor read; write the audit entry.

    ``values`` maps field names to new values; those equal to the stored ones are no change.
    Changes of others in *other* fields merge by themselves; a clash in the same field raises
    ``StaleVersionError`` with (what you read, what is stored now, what you want) per field.
    What was read comes from ``obj``; when the caller hands over the record as it is stored now,
    the audit trail tells what changed since ``version``.
    """
    stored = type(obj)._default_manager.select_for_update().filter(pk=obj.pk).order_by().first()
    if stored is None:
        raise NotFoundError(_("This record no longer exists."))
    wanted = {name: value for name, value in values.items() if getattr(stored, name) != value}
    if stored.version != version:
        read = (
            _changed_since(stored, version, wanted)
            if obj.version == stored.version
            else {name: getattr(obj, name) for name in wanted}
        )
        merged = {
            name for name, value in wanted.items() if name in read and _same(read[name], value)
        }
        wanted = {name: value for name, value in wanted.items() if name not in merged}
        _refuse_clashes(read=read, stored=stored, wanted=wanted, merged=merged)
    if not wanted:
        return stored
    changes = {name: audit.Change(getattr(stored, name), value) for name, value in wanted.items()}
    for name, value in wanted.items():
        setattr(stored, name, value)
    stored.version += 1
    stored.save(update_fields=[*wanted, "version"])
    audit.record(actor=actor, at=at, verb="change", obj=stored, changes=changes)
    return stored


def _changed_since(
    stored: VersionedRecord, version: int, wanted: Mapping[str, Any]
) -> dict[str, Any]:
    """The fields others changed since a version, with their value then.

    A version the trail does not explain (a bulk change) makes every wanted field doubtful, and
    a doubtful field is shown rather than overwritten.
    """
    newer = stored.version - version
    entries = AuditEntry.objects.filter(
        noun=stored._meta.model_name,
        object_id=stored.pk,
        verb="change",
    ).order_by("-id")[: max(newer, 0)]
    found: dict[str, Any] = {}
    trail = [entry.changes for entry in entries]
    for changes in trail:
        found |= {
            name: _read_value(stored, name, pair[0])
            for name, pair in changes.items()
            if name in wanted
        }
    if len(trail) == newer:
        return found
    return {name: found.get(name, UNKNOWN) for name in wanted}


def _read_value(stored: VersionedRecord, name: str, value: object) -> object:
    """An audited value as the record itself would hold it."""
    if isinstance(value, dict):
        return Former(value["id"], value["label"])
    field = stored._meta.get_field(name)
    return value if field.is_relation else field.to_python(value)  # type: ignore[union-attr]


def _same(read: object, value: object) -> bool:
    """Whether the user left the field as it was read."""
    if isinstance(read, Former):
        return read.pk == getattr(value, "pk", None)
    return read is not UNKNOWN and read == value


def _refuse_clashes(
    *,
    read: Mapping[str, Any],
    stored: VersionedRecord,
    wanted: Mapping[str, Any],
    merged: set[str],
) -> None:
    clashes = {
        name: (_for_people(read[name]), getattr(stored, name), value)
        for name, value in wanted.items()
        if name in read and not _same(read[name], getattr(stored, name))
    }
    if clashes:
        raise StaleVersionError(
            _("Somebody else changed this record while you were editing it."),
            clashes,
            {name: getattr(stored, name) for name in merged},
        )


def _for_people(read: object) -> object:
    if read is UNKNOWN:
        return None
    return read.label if isinstance(read, Former) else read
