"""Is the demo company there, whole or half, and what of one's own stands in it?"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Model, Q
from django.utils.translation import gettext as _

from koers.core.actor import Channel
from koers.core.audit_words import noun_label
from koers.core.errors import RuleError
from koers.core.models import AuditEntry, ImportRun, SavedView
from koers.demo.tables import tables_to_empty
from koers.demo.world import DOMAIN
from koers.organisation.models import Organisation

STARTED, FINISHED, REMOVED = "start_demo", "load_demo", "remove_demo"
HOLDING_NOTHING = (
    ImportRun.Status.REVERTED,
    ImportRun.Status.REFUSED,
    ImportRun.Status.DRAFT,
    ImportRun.Status.CHECKING,
    ImportRun.Status.CHECKED,
)


class NotADemoError(RuleError):
    """The database holds a real organisation, or the demo company cannot go as it is now."""


class OwnWorkError(NotADemoError):
    """The demo company holds work of one's own; ``counts`` says how much, by noun."""

    def __init__(self, counts: dict[str, int]) -> None:
        self.counts = counts
        listed = ", ".join(f"{noun_label(noun, count)}: {count}" for noun, count in counts.items())
        super().__init__(
            _(
                "Since the demo company was loaded, work of your own was done in it (%(counts)s). Nothing was removed."
            )
            % {"counts": listed}
        )


class DemoState(StrEnum):
    """How much of the demo company is there."""

    ABSENT = "absent"
    HALF = "half"
    WHOLE = "whole"


def demo_state() -> DemoState:
    """Whether the demo company is absent, was cut off while being loaded, or is whole.

    It is whole when the audit trail holds the end of a load after the last removal.
    """
    if not Organisation.objects.filter(is_demo=True).exists():
        return DemoState.ABSENT
    return DemoState.WHOLE if _latest(FINISHED) > _latest(STARTED, REMOVED) else DemoState.HALF


def own_work() -> dict[str, int]:
    """Records by noun that people or imports added or changed and that removal would take along.

    Records brought in by an import are counted as that import. What removal leaves alone is not
    counted: people of one's own with their saved views, rules, rates.
    """
    models = {str(model._meta.model_name): model for model in tables_to_empty()}
    found = {noun: _touched(noun, model) for noun, model in models.items()}
    imports = ImportRun.objects.exclude(status__in=HOLDING_NOTHING).filter(
        Q(created__gt=0) | Q(updated__gt=0)
    )
    views = SavedView.objects.filter(owner__email__endswith=f"@{DOMAIN}")
    found |= {"importrun": imports.count(), "savedview": views.count()}
    return {noun: count for noun, count in found.items() if count}


def highest_ids() -> dict[str, int]:
    """The highest id of each table, by noun, so that what comes later can be told from the demo's."""
    return {
        str(model._meta.model_name): model._default_manager.order_by("-pk").values_list("pk", flat=True).first() or 0
        for model in tables_to_empty()
    }  # fmt: skip


def _touched(noun: str, model: type[Model]) -> int:
    """Records of a noun touched by people, and those without audit entry made after the load."""
    since = AuditEntry.objects.filter(verb=FINISHED).order_by("-pk").first()
    begun = _latest(STARTED) or (since.pk if since else 0)
    entries = AuditEntry.objects.filter(
        pk__gt=begun, noun=noun, verb__in=("create", "change"), import_run_id=None
    ).exclude(Q(channel=Channel.DEMO.value) | Q(channel=Channel.JOB.value, user=None))
    terms = Q(pk__in=entries.values("object_id"))
    highest: dict[str, Any] = since.changes.get("highest_ids", [None, {}])[1] if since else {}
    if demo_state() is DemoState.WHOLE and noun in highest and noun in UNAUDITED:
        terms |= Q(pk__gt=highest[noun])
    found = model._default_manager.filter(terms)
    if any(field.name == "import_run" for field in model._meta.concrete_fields):
        found = found.filter(import_run=None)
    return found.count()


# Made by hand or on the way of something else, at times without an entry of their own.
UNAUDITED = frozenset(
    ("team", "territory", "businessunit", "site", "productgroup", "segment", "pairing")
)


def _latest(*verbs: str) -> int:
    found = AuditEntry.objects.filter(verb__in=verbs).order_by("-pk")
    return found.values_list("pk", flat=True).first() or 0


@contextmanager
def alone() -> Iterator[None]:
    """Load or remove the demo company alone; the operating system lets go when the process ends."""
    path = Path(settings.MEDIA_ROOT) / "demo.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise NotADemoError(
                _("The demo company is being loaded or removed at this moment.")
            ) from error
        yield
