"""How is the last change of a record taken back, from what the audit trail says it was before?"""

from datetime import datetime
from typing import Any, TypeVar

from django.db import models, transaction
from django.utils.translation import gettext as _

from koers.core import audit
from koers.core.actor import Actor
from koers.core.errors import RuleError
from koers.core.models import AuditEntry, VersionedRecord
from koers.core.saving import save_changes

Record = TypeVar("Record", bound=VersionedRecord)


class UndoRefusedError(RuleError):
    """There is nothing of one's own to take back any more."""


@transaction.atomic
def undo_last_change(*, actor: Actor, obj: Record, at: datetime) -> Record:
    """Give the fields of the last change their former values; the trail shows both changes.

    Refused when somebody else made the last change, or when a field no longer holds what that
    change wrote.
    """
    entry = (
        AuditEntry.objects.filter(noun=obj._meta.model_name, object_id=obj.pk)
        .order_by("-id")
        .first()
    )
    if entry is None or entry.verb != "change" or entry.user_id != actor.user_id:
        raise UndoRefusedError(_("Something else happened to it since; it cannot be undone here."))
    now = {name: audit.plain(getattr(obj, name)) for name in entry.changes}
    if any(now[name] != after for name, (_before, after) in entry.changes.items()):
        raise UndoRefusedError(_("Something else happened to it since; it cannot be undone here."))
    values = {name: _value(obj, name, pair[0]) for name, pair in entry.changes.items()}
    return save_changes(actor=actor, obj=obj, version=obj.version, values=values, at=at)


def _value(obj: models.Model, name: str, before: object) -> object:
    """An audited value as the field holds it."""
    field = obj._meta.get_field(name)
    if not isinstance(before, dict):
        return field.to_python(before)  # type: ignore[union-attr]
    related: Any = field.related_model  # only relations are kept as a pair
    found = related._default_manager.filter(pk=before["id"]).first()
    if found is None:
        raise UndoRefusedError(_("%(name)s no longer exists.") % {"name": before["label"]})
    return found
