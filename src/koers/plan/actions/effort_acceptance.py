"""How does a division of visits come into force as exceptions to the norms, and how is that taken back?"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from koers.core import audit
from koers.core.actor import Actor
from koers.core.errors import RuleError
from koers.organisation.policies import Right, require
from koers.plan.models import EffortLine, EffortRun, VisitException
from koers.plan.queries.effort import lines_of, run_for

KEPT = ("visits", "minutes", "weekdays", "reason", "starts_on", "ends_on")


class AcceptanceRefusedError(RuleError):
    """The division cannot come into force, or be taken back, like this."""


@dataclass(frozen=True, slots=True)
class TakenBack:
    """Customers whose norm or former exception holds again, and those somebody changed since."""

    restored: int
    left: int


@transaction.atomic
def accept_run(*, actor: Actor, run_id: int, starts_on: date, ends_on: date, at: datetime) -> int:
    """Make the best number of visits an exception of each customer whose norm differs, for a time.

    An exception a customer has is replaced, and remembered; its minutes and days stay. Returns how
    many customers got another number.
    """
    run = _to_change(actor, run_id)
    if run.accepted_at is not None:
        raise AcceptanceRefusedError(_("This division is in force already."))
    if ends_on <= starts_on:
        raise AcceptanceRefusedError(_("The last day cannot lie before the first."))
    wanted: Any = lines_of(actor, run).exclude(best=F("norm")).filter(Q(norm__isnull=False) | Q(best__gt=0))  # fmt: skip
    lines = list(wanted.order_by("pk"))
    if not lines:
        raise AcceptanceRefusedError(_("The norms hold the best division already; there is nothing to change."))  # fmt: skip
    known = {each.company_id: each for each in VisitException.objects.select_for_update().filter(company__in=[line.company_id for line in lines])}  # fmt: skip
    reason = _("Best division of visits, calculated on %(day)s") % {"day": f"{run.made_at:%d-%m-%Y}"}  # fmt: skip
    entries = []
    for line in lines:
        exception = known.get(line.company_id)
        line.former = {name: audit.plain(getattr(exception, name)) for name in KEPT} if exception else None  # fmt: skip
        values = {"visits": line.best, "reason": reason, "starts_on": starts_on, "ends_on": ends_on}
        if exception is None:
            exception = VisitException(company=line.company, **values)
            changes = {name: audit.Change(None, value) for name, value in values.items()}
            exception.save()
            verb = "create"
        else:
            changes = _set(exception, values)
            verb = "change"
        line.written_version = exception.version
        entries.append(audit.entry_values(actor=actor, at=at, verb=verb, obj=exception, changes=changes))  # fmt: skip
    EffortLine.objects.bulk_update(lines, ["former", "written_version"], batch_size=500)
    audit.record_many(entries)
    _mark(actor, run, at, starts_on, ends_on)
    return len(lines)


@transaction.atomic
def take_back_run(*, actor: Actor, run_id: int, at: datetime) -> TakenBack:
    """Give every customer its norm or former exception again, but those changed by hand since."""
    run = _to_change(actor, run_id)
    if run.accepted_at is None:
        raise AcceptanceRefusedError(_("This division is not in force."))
    lines = list(lines_of(actor, run).filter(written_version__isnull=False).order_by("pk"))
    known = {each.company_id: each for each in VisitException.objects.select_for_update().filter(company__in=[line.company_id for line in lines])}  # fmt: skip
    entries, restored = [], 0
    for line in lines:
        exception = known.get(line.company_id)
        untouched = exception is not None and exception.version == line.written_version
        former, line.former, line.written_version = line.former, None, None
        if exception is None or not untouched:
            continue
        restored += 1
        if former is None:
            gone = {name: audit.Change(value, None) for name in KEPT if (value := getattr(exception, name))}  # fmt: skip
            entries.append(audit.entry_values(actor=actor, at=at, verb="delete", obj=exception, changes=gone))  # fmt: skip
            exception.delete()
            continue
        changes = _set(exception, {name: _as_stored(name, value) for name, value in former.items()})
        entries.append(audit.entry_values(actor=actor, at=at, verb="change", obj=exception, changes=changes))  # fmt: skip
    EffortLine.objects.bulk_update(lines, ["former", "written_version"], batch_size=500)
    audit.record_many(entries)
    _mark(actor, run, None, None, None, at=at)
    return TakenBack(restored, len(lines) - restored)


def _to_change(actor: Actor, run_id: int) -> EffortRun:
    require(actor, Right.READ_TARGETS)
    require(actor, Right.EDIT_CUSTOMERS)
    run_for(actor=actor, run_id=run_id)
    return EffortRun.objects.select_for_update().get(pk=run_id)


def _as_stored(name: str, value: Any) -> Any:
    """A remembered value as the field holds it."""
    field: Any = VisitException._meta.get_field(name)
    return field.to_python(value)


def _set(exception: VisitException, values: dict[str, Any]) -> dict[str, audit.Change]:
    """Write what differs, under a new version."""
    changes = {
        name: audit.Change(getattr(exception, name), value)
        for name, value in values.items()
        if getattr(exception, name) != value
    }
    for name, value in values.items():
        setattr(exception, name, value)
    exception.version += 1
    exception.save(update_fields=[*values, "version"])
    return changes


def _mark(
    actor: Actor, run: EffortRun, accepted_at: datetime | None, starts_on: date | None, ends_on: date | None, *, at: datetime | None = None,
) -> None:  # fmt: skip
    changes = {
        "starts_on": audit.Change(run.starts_on, starts_on),
        "ends_on": audit.Change(run.ends_on, ends_on),
    }
    is_in_force = accepted_at is not None
    run.accepted_at, run.starts_on, run.ends_on = accepted_at, starts_on, ends_on
    run.accepted_by_id = actor.user_id if is_in_force else None
    run.accepted_by_name = actor.name if is_in_force else ""
    run.save(update_fields=["accepted_at", "starts_on", "ends_on", "accepted_by", "accepted_by_name"])  # fmt: skip
    audit.record(actor=actor, at=accepted_at or at or run.made_at, verb="change", obj=run, changes=changes)  # fmt: skip
