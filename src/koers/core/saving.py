"""How is an edited record saved without losing what somebody else saved meanwhile?"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from koers.core import audit
from koers.core.actor import Actor
from koers.core.errors import NotFoundError, StaleVersionError
from koers.core.models import VersionedRecord

Record = TypeVar("Record", bound=VersionedRecord)


@transaction.atomic
def save_changes(
    *, actor: Actor, obj: Record, version: int, values: Mapping[str, Any], at: datetime
) -> Record:
    """Update the record if it still has the version the actor read; write the audit entry.

    ``values`` maps field names to new values; those equal to the stored ones are no change.
    Changes of others in *other* fields merge by themselves; a clash in the same field raises
    ``StaleVersionError`` with (what you read, what is stored now, what you want) per field.
    """
    stored = type(obj)._default_manager.select_for_update().filter(pk=obj.pk).first()
    if stored is None:
        raise NotFoundError(_("This record no longer exists."))
    wanted = {name: value for name, value in values.items() if getattr(stored, name) != value}
    if stored.version != version:
        _refuse_clashes(read=obj, stored=stored, wanted=wanted)
    if not wanted:
        return stored
    changes = {name: audit.Change(getattr(stored, name), value) for name, value in wanted.items()}
    for name, value in wanted.items():
        setattr(stored, name, value)
    stored.version += 1
    stored.save(update_fields=[*wanted, "version"])
    audit.record(actor=actor, at=at, verb="change", obj=stored, changes=changes)
    return stored


def _refuse_clashes(*, read: Record, stored: Record, wanted: Mapping[str, Any]) -> None:
    clashes = {
        name: (getattr(read, name), getattr(stored, name), value)
        for name, value in wanted.items()
        if getattr(read, name) != getattr(stored, name)
    }
    if clashes:
        raise StaleVersionError(
            _("Somebody else changed this record while you were editing it."), clashes
        )
