"""How is a key success factor set, changed, measured, controlled, removed and restored?"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from koers.core import audit
from koers.core.actor import Actor
from koers.core.errors import NotAllowedError, NotFoundError, RuleError
from koers.core.saving import save_changes
from koers.organisation.policies import Right, require
from koers.organisation.queries.organisation import base_currency
from koers.plan.models import FactorMeasurement, Goal, KeySuccessFactor
from koers.plan.queries.goal import goals_visible_to, owners_for_goals
from koers.plan.queries.key_success_factor import factor_for, may_control_factor

FIELDS = ("title", "detail", "factor_class", "owner", "goal", "unit", "figure", "bound", "threshold", "start_value", "ambition", "step", "control_on")  # fmt: skip
Unit = KeySuccessFactor.Unit
FIGURE_UNITS = {"turnover": "money", "contribution": "money", "margin": "share", "new_customers": "number", "visits": "number"}  # fmt: skip


class FactorRefusedError(RuleError):
    """The key success factor contradicts itself."""


@transaction.atomic
def set_factor(*, actor: Actor, values: Mapping[str, Any], at: datetime) -> KeySuccessFactor:
    """Set a factor; ``values`` holds the fields of ``FIELDS``."""
    require(actor, Right.EDIT_TARGETS)
    factor = KeySuccessFactor(**values, made_at=at, made_by_id=actor.user_id, made_by_name=actor.name)  # fmt: skip
    factor.currency = base_currency() if factor.unit == Unit.MONEY else ""
    _check(actor, factor, before=None)
    factor.save(force_insert=True)
    audit.record(actor=actor, at=at, verb="create", obj=factor)
    return factor


@transaction.atomic
def change_factor(
    *, actor: Actor, factor_id: int, version: int, values: Mapping[str, Any], at: datetime
) -> KeySuccessFactor:
    """Change a factor, unless somebody else changed the same since ``version``."""
    factor = factor_for(actor=actor, factor_id=factor_id)
    require(actor, Right.EDIT_TARGETS)
    unknown = set(values) - set(FIELDS)
    assert not unknown, unknown  # noqa: S101 -- a mistake of the caller
    changed = factor_for(actor=actor, factor_id=factor_id)
    for name, value in values.items():
        setattr(changed, name, value)
    changed.currency = (factor.currency or base_currency()) if changed.unit == Unit.MONEY else ""
    _check(actor, changed, before=factor)
    wanted = {**values, "currency": changed.currency, "bound": changed.bound, "threshold": changed.threshold, "ambition": changed.ambition}  # fmt: skip
    return save_changes(actor=actor, obj=factor, version=version, values=wanted, at=at)


@transaction.atomic
def move_factor(
    *, actor: Actor, factor_id: int, version: int, step: str, control_on: date, today: date, at: datetime
) -> KeySuccessFactor:  # fmt: skip
    """Go to a step of the cycle, and say when it is looked at next."""
    factor = _controllable(actor, factor_id)
    if step not in Goal.Step.values:
        raise FactorRefusedError(_("There is no such step."))
    if control_on < today:
        raise FactorRefusedError(_("The next control date has passed; choose today or a later day."))  # fmt: skip
    values = {"step": step, "control_on": control_on}
    return save_changes(actor=actor, obj=factor, version=version, values=values, at=at)


@transaction.atomic
def measure_factor(
    *, actor: Actor, factor_id: int, day: date, value: Decimal, note: str, today: date, at: datetime
) -> FactorMeasurement:  # fmt: skip
    """Write down how a factor stands; a second value of the same day takes the place of the first."""
    factor = _controllable(actor, factor_id)
    if factor.figure:
        raise FactorRefusedError(_("Koers measures this factor itself, from “%(figure)s”.") % {"figure": factor.get_figure_display()})  # fmt: skip
    if day > today:
        raise FactorRefusedError(_("This day has not come yet."))
    before = FactorMeasurement.objects.filter(factor=factor, day=day).first()
    made, _is_new = FactorMeasurement.objects.update_or_create(
        factor=factor, day=day,
        defaults={"value": value, "note": note, "made_at": at, "made_by_id": actor.user_id, "made_by_name": actor.name},
    )  # fmt: skip
    changes = {"value": audit.Change(before.value if before else None, made.value)}
    audit.record(actor=actor, at=at, verb="change" if before else "create", obj=made, changes=changes)  # fmt: skip
    return made


@transaction.atomic
def remove_factor(*, actor: Actor, factor_id: int, at: datetime) -> KeySuccessFactor:
    """Remove a factor; it can be restored."""
    factor = factor_for(actor=actor, factor_id=factor_id)
    require(actor, Right.EDIT_TARGETS)
    return save_changes(actor=actor, obj=factor, version=factor.version, values={"deleted_at": at}, at=at)  # fmt: skip


@transaction.atomic
def restore_factor(*, actor: Actor, factor_id: int, at: datetime) -> KeySuccessFactor:
    """Bring a removed factor back."""
    factor = factor_for(actor=actor, factor_id=factor_id, deleted=True)
    require(actor, Right.EDIT_TARGETS)
    return save_changes(actor=actor, obj=factor, version=factor.version, values={"deleted_at": None}, at=at)  # fmt: skip


def _controllable(actor: Actor, factor_id: int) -> KeySuccessFactor:
    factor = factor_for(actor=actor, factor_id=factor_id)
    require_factor_control(actor, factor)
    return factor


def require_factor_control(actor: Actor, factor: KeySuccessFactor) -> None:
    """Refuse unless the actor owns the factor or sets targets."""
    if not may_control_factor(actor, factor):
        raise NotAllowedError(_("Only its owner and a sales manager may do this."))


def _check(actor: Actor, factor: KeySuccessFactor, *, before: KeySuccessFactor | None) -> None:
    if factor.owner_id is None:
        raise FactorRefusedError(_("Say who owns it."))
    was = before.owner_id if before else None
    if factor.owner_id != was and not owners_for_goals(actor).filter(pk=factor.owner_id).exists():
        raise NotFoundError(_("This person does not exist."))
    linked = before.goal_id if before else None
    if factor.goal_id not in (None, linked) and not goals_visible_to(actor).filter(pk=factor.goal_id).exists():  # fmt: skip
        raise NotFoundError(_("This goal does not exist."))
    if factor.figure and FIGURE_UNITS[factor.figure] != factor.unit:
        raise FactorRefusedError(_("“%(figure)s” is not measured in this unit.") % {"figure": factor.get_figure_display()})  # fmt: skip
    if factor.is_hygiene:
        if factor.threshold is None or not factor.bound:
            raise FactorRefusedError(_("A hygiene factor has a threshold: at least, or at most, so much."))  # fmt: skip
        factor.ambition = None
    else:
        if factor.ambition is None or factor.ambition == factor.start_value:
            raise FactorRefusedError(_("A visionary factor has an ambition that differs from where it starts."))  # fmt: skip
        factor.threshold, factor.bound = None, ""
