"""How is an action on a driver of customer equity kept with its outcome, changed, decided on and removed?"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from koers.analyse.figures.equity_action import (
    ActionRefusedError,
    fields_of,
    outcome_of,
    results_of,
)
from koers.analyse.models import EquityAction
from koers.analyse.queries.currency import reporting_currency
from koers.analyse.queries.equity_action import equity_action_for
from koers.core import audit
from koers.core.actor import Actor
from koers.core.saving import save_changes
from koers.organisation.policies import Right, require


@transaction.atomic
def keep_equity_action(*, actor: Actor, values: Mapping[str, Any], at: datetime) -> EquityAction:
    """Keep an action; its outcome is computed from its inputs in the same breath."""
    require(actor, Right.EDIT_RULES)
    _check(values)
    made = EquityAction.objects.create(
        **values, **results_of(outcome_of(values)), currency=reporting_currency(), made_at=at, made_by_id=actor.user_id
    )  # fmt: skip
    audit.record(actor=actor, at=at, verb="create", obj=made)
    return made


@transaction.atomic
def change_equity_action(
    *, actor: Actor, action_id: int, version: int, values: Mapping[str, Any], at: datetime
) -> EquityAction:
    """Change inputs, unless it was decided on: then they stay as they were decided."""
    require(actor, Right.EDIT_RULES)
    found = equity_action_for(actor=actor, action_id=action_id)
    if found.status != EquityAction.Status.CONSIDERED:
        raise ActionRefusedError(_("This action has been decided on; its inputs stay as they were. Consider it again first."))  # fmt: skip
    _check(values)
    changed = save_changes(actor=actor, obj=found, version=version, values=values, at=at)
    results = results_of(outcome_of(fields_of(changed)))
    return save_changes(actor=actor, obj=changed, version=changed.version, values=results, at=at)


@transaction.atomic
def decide_equity_action(
    *, actor: Actor, action_id: int, version: int, status: str, decision: str, at: datetime
) -> EquityAction:
    """Choose or reject an action with a reason, or consider it again."""
    require(actor, Right.EDIT_RULES)
    found = equity_action_for(actor=actor, action_id=action_id)
    is_decided = status != EquityAction.Status.CONSIDERED
    if is_decided and not decision.strip():
        raise ActionRefusedError(_("Say what was decided, and why."))
    values = {
        "status": status, "decision": decision.strip(), "decided_on": timezone.localdate(at) if is_decided else None,
    }  # fmt: skip
    return save_changes(actor=actor, obj=found, version=version, values=values, at=at)


@transaction.atomic
def remove_equity_action(*, actor: Actor, action_id: int, at: datetime) -> None:
    """Take an action away that should not have been kept."""
    require(actor, Right.EDIT_RULES)
    found = equity_action_for(actor=actor, action_id=action_id)
    audit.record(actor=actor, at=at, verb="delete", obj=found)
    found.delete()


def _check(values: Mapping[str, Any]) -> None:
    if values["cost"] <= 0:
        raise ActionRefusedError(_("The cost is more than 0; without a cost there is no return on it."))  # fmt: skip
    for name, what in (("change", _("The change of the score")), ("effect", _("The effect of a point"))):  # fmt: skip
        if name == "effect" and values.get("learned"):
            continue
        points = [values.get(f"{name}_{at}") for at in ("low", "likely", "high")]
        if None in points or not points[0] <= points[1] <= points[2]:  # type: ignore[operator]
            raise ActionRefusedError(_("%(what)s: low, most likely and high stand in this order.") % {"what": what})  # fmt: skip
