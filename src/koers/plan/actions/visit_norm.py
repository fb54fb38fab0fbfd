"""How are visit norms set for a date on, changed before they begin, and set aside for one customer?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from koers.core import audit
from koers.core.actor import Actor
from koers.core.errors import NotFoundError, RuleError, StaleVersionError
from koers.core.saving import save_changes
from koers.core.undo import undo_last_change
from koers.customers.queries.company import company_for
from koers.organisation.policies import Right, require
from koers.plan.models import VisitException, VisitNorm, VisitNormSet
from koers.plan.queries.visit_norm import exception_of, norm_set_for

HEAD = ("starts_on", "travel_minutes", "waiting_minutes", "note")
EXCEPTION = ("visits", "minutes", "weekdays", "reason", "starts_on", "ends_on")


class VisitNormRefusedError(RuleError):
    """The norms cannot be kept like this."""


@dataclass(frozen=True, slots=True)
class NormValues:
    """What holds for a class; for a class in one phase where ``phase`` is given."""

    customer_class: str
    phase: str
    visits: int
    minutes: int
    unit: Decimal
    weekdays: str

    @property
    def name(self) -> str:
        """Which norm it is, as the trail of changes names it."""
        return f"{self.customer_class} {self.phase}".strip()

    @property
    def words(self) -> str:
        """What it says, in one line of the trail of changes."""
        return f"{self.visits} × {self.minutes} min, {self.unit:.2f}, {self.weekdays}"


@dataclass(frozen=True, slots=True)
class NormSetValues:
    """A version of the norms with its first day."""

    starts_on: date
    travel_minutes: int
    waiting_minutes: int
    note: str
    norms: Sequence[NormValues]


@transaction.atomic
def set_norms(*, actor: Actor, values: NormSetValues, at: datetime) -> VisitNormSet:
    """Put norms in force from a day on; those of before keep the days up to it."""
    require(actor, Right.EDIT_TARGETS)
    _check(values, but=None, today=timezone.localdate(at))
    made = VisitNormSet.objects.create(
        **{name: getattr(values, name) for name in HEAD}, made_at=at, made_by_id=actor.user_id, made_by_name=actor.name
    )  # fmt: skip
    _write(made, values.norms)
    audit.record(actor=actor, at=at, verb="create", obj=made, changes=_changes([], values.norms))
    return made


@transaction.atomic
def change_norms(
    *, actor: Actor, norm_set_id: int, version: int, values: NormSetValues, at: datetime
) -> VisitNormSet:
    """Change norms that have not been in force for a day yet."""
    require(actor, Right.EDIT_TARGETS)
    found = _not_begun(actor, norm_set_id, at)
    if found.version != version:
        raise StaleVersionError(_("Somebody else changed this record while you were editing it."), {}, {})  # fmt: skip
    _check(values, but=found.pk, today=timezone.localdate(at))
    changes = _changes([_values(each) for each in found.norms.all()], values.norms)
    head = {name: getattr(values, name) for name in HEAD}
    saved = save_changes(actor=actor, obj=found, version=version, values=head, at=at)
    if changes:
        _write(saved, values.norms)
        VisitNormSet.objects.filter(pk=saved.pk).update(version=saved.version + 1)
        audit.record(actor=actor, at=at, verb="change", obj=saved, changes=changes)
        saved.refresh_from_db()
    return saved


@transaction.atomic
def remove_norms(*, actor: Actor, norm_set_id: int, at: datetime) -> None:
    """Take back norms that have not been in force for a day yet."""
    require(actor, Right.EDIT_TARGETS)
    found = _not_begun(actor, norm_set_id, at)
    gone = _changes([_values(each) for each in found.norms.all()], [])
    audit.record(actor=actor, at=at, verb="delete", obj=found, changes=gone)
    found.delete()


@transaction.atomic
def set_exception(
    *, actor: Actor, company_id: int, version: int | None, values: dict[str, Any], at: datetime
) -> VisitException:
    """Set the norm aside for a customer one sees, with the reason; ``version`` is that of one known."""
    require(actor, Right.READ_TARGETS)
    require(actor, Right.EDIT_CUSTOMERS)
    company = company_for(actor=actor, company_id=company_id)
    _check_exception(values)
    given = {name: values[name] for name in EXCEPTION}
    known = VisitException.objects.select_for_update().filter(company=company).first()
    if known is not None:
        return save_changes(actor=actor, obj=known, version=version or 0, values=given, at=at)
    made = VisitException.objects.create(company=company, **given)
    changes = {name: audit.Change(None, value) for name, value in given.items() if value}
    audit.record(actor=actor, at=at, verb="create", obj=made, changes=changes)
    return made


@transaction.atomic
def remove_exception(*, actor: Actor, company_id: int, at: datetime) -> None:
    """Let the norm hold again; the audit trail keeps what the exception said."""
    require(actor, Right.READ_TARGETS)
    require(actor, Right.EDIT_CUSTOMERS)
    company = company_for(actor=actor, company_id=company_id)
    found = exception_of(company)
    if found is None:
        raise NotFoundError(_("This customer has no exception."))
    values = {name: getattr(found, name) for name in EXCEPTION}
    changes = {name: audit.Change(value, None) for name, value in values.items() if value}
    audit.record(actor=actor, at=at, verb="delete", obj=found, changes=changes)
    found.delete()


def undo_exception(*, actor: Actor, company_id: int, at: datetime) -> VisitException:
    """Take back one's own last change of a customer's exception."""
    require(actor, Right.READ_TARGETS)
    require(actor, Right.EDIT_CUSTOMERS)
    company = company_for(actor=actor, company_id=company_id)
    found = exception_of(company)
    if found is None:
        raise NotFoundError(_("This customer has no exception."))
    return undo_last_change(actor=actor, obj=found, at=at)


def _not_begun(actor: Actor, norm_set_id: int, at: datetime) -> VisitNormSet:
    norm_set_for(actor=actor, norm_set_id=norm_set_id)
    found = VisitNormSet.objects.select_for_update().get(pk=norm_set_id)
    if found.starts_on < timezone.localdate(at):
        raise VisitNormRefusedError(
            _("These norms have been in force; set new ones from a later day on instead.")
        )
    return found


def _check(values: NormSetValues, *, but: int | None, today: date) -> None:
    if not values.norms:
        raise VisitNormRefusedError(_("Give at least one class a norm."))
    others = VisitNormSet.objects.exclude(pk=but or 0)
    if others.filter(starts_on=values.starts_on).exists():
        raise VisitNormRefusedError(_("Other norms start on this day already."))
    if others.exists() and values.starts_on < today:
        raise VisitNormRefusedError(
            _("Norms start today or later: what held in the past is not changed any more.")
        )


def _check_exception(values: dict[str, Any]) -> None:
    if not str(values["reason"]).strip():
        raise VisitNormRefusedError(_("Give the reason for the exception."))
    if values["visits"] is None and values["minutes"] is None and not values["weekdays"]:
        raise VisitNormRefusedError(_("Say what is different: visits, minutes or days."))
    if values["ends_on"] is not None and values["ends_on"] <= values["starts_on"]:
        raise VisitNormRefusedError(_("A period must end after it starts."))


def _write(norm_set: VisitNormSet, norms: Sequence[NormValues]) -> None:
    norm_set.norms.all().delete()
    VisitNorm.objects.bulk_create(
        VisitNorm(
            norm_set=norm_set, customer_class=each.customer_class, phase=each.phase, visits=each.visits,
            minutes=each.minutes, unit=each.unit, weekdays=each.weekdays,
        )
        for each in norms
    )  # fmt: skip


def _values(norm: VisitNorm) -> NormValues:
    return NormValues(
        norm.customer_class, norm.phase, norm.visits, norm.minutes, norm.unit, norm.weekdays
    )


def _changes(before: Sequence[NormValues], after: Sequence[NormValues]) -> dict[str, audit.Change]:
    then, now = ({each.name: each.words for each in norms} for norms in (before, after))
    return {
        name: audit.Change(then.get(name), now.get(name))
        for name in sorted(then.keys() | now.keys())
        if then.get(name) != now.get(name)
    }
