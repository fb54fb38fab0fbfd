"""How does every change reach the audit trail?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models

from koers.core.actor import Actor
from koers.core.models import AuditEntry

LABEL_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Change:
    """From what to what; both in a form JSON can hold."""

    before: object
    after: object


def record(
    *,
    actor: Actor,
    at: datetime,
    verb: str,
    obj: models.Model,
    changes: Mapping[str, Change] | None = None,
    import_run_id: int | None = None,
) -> AuditEntry:
    """Write one entry in the transaction of the change itself, so that neither exists alone."""
    return AuditEntry.objects.create(
        **entry_values(
            actor=actor, at=at, verb=verb, obj=obj, changes=changes, import_run_id=import_run_id
        )
    )


def record_many(entries: list[dict[str, Any]]) -> None:
    """Write the entries of a bulk change; values come from ``entry_values``."""
    AuditEntry.objects.bulk_create([AuditEntry(**values) for values in entries], batch_size=500)


def entry_values(
    *,
    actor: Actor,
    at: datetime,
    verb: str,
    obj: models.Model,
    changes: Mapping[str, Change] | None = None,
    import_run_id: int | None = None,
) -> dict[str, Any]:
    """Field values of an entry, for single and bulk writing alike."""
    return {
        "at": at,
        "user_id": actor.user_id,
        "actor_name": actor.name,
        "channel": actor.channel.value,
        "verb": verb,
        "noun": obj._meta.model_name or "",
        "object_id": obj.pk,
        "label": str(obj)[:LABEL_LENGTH],
        "changes": {
            name: [plain(change.before), plain(change.after)]
            for name, change in (changes or {}).items()
        },
        "import_run_id": import_run_id,
    }


def plain(value: object) -> object:
    """Put a field value into a form JSON can hold, exactly."""
    if isinstance(value, models.Model):
        return {"id": value.pk, "label": str(value)}
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return value
