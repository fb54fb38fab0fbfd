"""How are the days a seller has in a year set, and absences entered and taken away?"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from koers.core import audit
from koers.core.actor import Actor
from koers.core.errors import NotAllowedError, RuleError
from koers.core.saving import save_changes
from koers.organisation.policies import Right, require
from koers.plan.models import Absence, SellerYear
from koers.plan.queries.seller_year import absence_for, may_change_year, seller_with_a_year

FIELDS = ("weekdays", "hours_a_day", "leave_days", "sick_days", "other_days")
FIRST_YEAR, LAST_YEAR = 2000, 2100
LONGEST = 366


class SellerYearRefusedError(RuleError):
    """The year or the absence cannot be kept like this."""


@transaction.atomic
def set_seller_year(
    *, actor: Actor, person_id: int, year: int, values: Mapping[str, Any], version: int | None, at: datetime
) -> SellerYear:  # fmt: skip
    """Say how many days and hours somebody has in a year; ``version`` is that of what is known."""
    _check_right(actor, person_id)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise SellerYearRefusedError(_("This year is too far away."))
    if not values["weekdays"]:
        raise SellerYearRefusedError(_("Choose at least one working day of the week."))
    given = {name: values[name] for name in FIELDS}
    known = SellerYear.objects.select_for_update().filter(person=person_id, year=year).first()
    if known is not None:
        return save_changes(actor=actor, obj=known, version=version or known.version, values=given, at=at)  # fmt: skip
    made = SellerYear.objects.create(person_id=person_id, year=year, **given)
    changes = {name: audit.Change(None, value) for name, value in given.items()}
    audit.record(actor=actor, at=at, verb="create", obj=made, changes=changes)
    return made


@transaction.atomic
def add_absence(
    *, actor: Actor, person_id: int, kind: str, starts_on: date, ends_on: date, at: datetime
) -> Absence:
    """Enter days on which somebody visits nobody; ``ends_on`` is excluded."""
    _check_right(actor, person_id)
    if kind not in Absence.Kind.values:
        raise SellerYearRefusedError(_("“%(value)s” is no choice here.") % {"value": kind[:40]})
    if not starts_on < ends_on or (ends_on - starts_on).days > LONGEST:
        raise SellerYearRefusedError(_("The last day cannot lie before the first, nor a year after it."))  # fmt: skip
    if not FIRST_YEAR <= starts_on.year <= LAST_YEAR:
        raise SellerYearRefusedError(_("This year is too far away."))
    made = Absence.objects.create(
        person_id=person_id, kind=kind, starts_on=starts_on, ends_on=ends_on
    )
    changes = {"kind": audit.Change(None, kind), "starts_on": audit.Change(None, starts_on), "ends_on": audit.Change(None, ends_on)}  # fmt: skip
    audit.record(actor=actor, at=at, verb="create", obj=made, changes=changes)
    return made


@transaction.atomic
def remove_absence(*, actor: Actor, absence_id: int, at: datetime) -> dict[str, Any]:
    """Take an absence away; returns what it said, so that it can be entered again."""
    require(actor, Right.READ_TARGETS)
    found = absence_for(actor=actor, absence_id=absence_id)
    _check_right(actor, found.person_id)
    said = {name: getattr(found, name) for name in ("person_id", "kind", "starts_on", "ends_on")}
    changes = {name: audit.Change(said[name], None) for name in ("kind", "starts_on", "ends_on")}
    audit.record(actor=actor, at=at, verb="delete", obj=found, changes=changes)
    found.delete()
    return said


def _check_right(actor: Actor, person_id: int) -> None:
    require(actor, Right.READ_TARGETS)
    seller_with_a_year(actor=actor, person_id=person_id)
    if not may_change_year(actor, person_id):
        raise NotAllowedError(_("Your role does not allow this."))
