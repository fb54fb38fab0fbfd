"""How is a decision of the economics desk kept, looked at again, and taken back?"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from koers.core import audit
from koers.core.actor import Actor
from koers.core.errors import NotAllowedError, NotFoundError, RuleError
from koers.core.saving import save_changes
from koers.customers.queries.company import company_for
from koers.organisation.models import User
from koers.organisation.policies import Right, may, require
from koers.plan.models import EconomicDecision
from koers.plan.queries.economic_decision import deciders_for, decision_for


class DecisionRefusedError(RuleError):
    """The decision cannot be kept like this."""


@transaction.atomic
def keep_decision(*, actor: Actor, values: Mapping[str, Any], at: datetime) -> EconomicDecision:
    """Keep a calculation with what was decided on it, by whom, and when to look at it again."""
    require(actor, Right.READ_TARGETS)
    require(actor, Right.SEE_COST)
    made = EconomicDecision(
        **values, made_at=at, made_by_id=actor.user_id, made_by_name=actor.name
    )  # fmt: skip
    made.decision = made.decision.strip()
    if not made.decision:
        raise DecisionRefusedError(_("Say what was decided."))
    if made.decided_on > timezone.localdate(at):
        raise DecisionRefusedError(_("A decision is kept on the day itself or later, not before."))
    if made.review_on <= made.decided_on:
        raise DecisionRefusedError(_("The control date lies after the day of the decision."))
    _check_decider(actor, made.decided_by)
    if made.company is not None:
        company_for(actor=actor, company_id=made.company.pk)
    made.save(force_insert=True)
    audit.record(actor=actor, at=at, verb="create", obj=made)
    return made


@transaction.atomic
def review_decision(
    *, actor: Actor, decision_id: int, outcome: str, at: datetime
) -> EconomicDecision:
    """Say what became of it; a later look replaces the words, and the trail keeps the former ones."""
    found = _own(actor, decision_id)
    if not outcome.strip():
        raise DecisionRefusedError(_("Say what became of it."))
    values = {"outcome": outcome.strip(), "reviewed_on": timezone.localdate(at)}
    return save_changes(actor=actor, obj=found, version=found.version, values=values, at=at)


@transaction.atomic
def remove_decision(*, actor: Actor, decision_id: int, at: datetime) -> None:
    """Take a decision back that should not have been kept."""
    found = _own(actor, decision_id)
    audit.record(actor=actor, at=at, verb="delete", obj=found)
    found.delete()


def may_change(actor: Actor, decision: EconomicDecision) -> bool:
    """Who made it, who decided it, and who sets targets."""
    own = actor.user_id is not None and actor.user_id in (decision.made_by_id, decision.decided_by_id)  # fmt: skip
    return own or may(actor, Right.EDIT_TARGETS)


def _own(actor: Actor, decision_id: int) -> EconomicDecision:
    found = decision_for(actor=actor, decision_id=decision_id)
    if not may_change(actor, found):
        raise NotAllowedError(_("Only who made or took the decision, and a sales manager, may change it."))  # fmt: skip
    return found


def _check_decider(actor: Actor, decider: User | None) -> None:
    if decider is None:
        raise DecisionRefusedError(_("Say who decided."))
    if not deciders_for(actor).filter(pk=decider.pk).exists():
        raise NotFoundError(_("This person does not exist."))
