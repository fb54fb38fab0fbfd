"""How does an opportunity go to another stage, and how is it won, lost or opened again?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from koers.core.actor import Actor
from koers.core.errors import NotFoundError
from koers.core.saving import save_changes
from koers.customers.models import Company
from koers.customers.queries.company import company_for
from koers.organisation.policies import Right, require
from koers.sell.actions.activity import NextStep
from koers.sell.actions.opportunity import (
    OpportunityRefusedError,
    check_gate,
    plan_next_step,
    with_proposal,
    write_standing,
)
from koers.sell.models import GATE_FIELDS, Opportunity, Stage, StageKind
from koers.sell.queries.opportunity import has_next_step, opportunity_for
from koers.sell.queries.stage_gate import lacking_of


@dataclass(frozen=True, slots=True)
class Decision:
    """How a deal ended: what it was sold for, or why and to whom it was lost."""

    amount: Decimal | None = None
    lost_reason: str = ""
    competitor: str = ""


NO_DECISION = Decision()


@transaction.atomic
def move_opportunity(
    *,
    actor: Actor,
    opportunity_id: int,
    stage_id: int,
    at: datetime,
    version: int | None = None,
    filled: Mapping[str, object] | None = None,
    decision: Decision = NO_DECISION,
    next_step: NextStep | None = None,
) -> Opportunity:
    """Put a deal in another stage of its pipeline; the day of ``at`` enters its history.

    An open stage needs a planned next step (S1.21), a won one an amount, a lost one a reason, and
    any stage the fields it asks for, which ``filled`` may bring; ``OpportunityRefusedError`` names what is missing. From a
    decided stage to an open one opens the deal again.
    """
    require(actor, Right.EDIT_CUSTOMERS)
    deal = opportunity_for(actor=actor, opportunity_id=opportunity_id)
    stage = Stage.objects.filter(pk=stage_id, pipeline_id=deal.stage.pipeline_id).first()
    if stage is None:
        raise NotFoundError(_("This stage does not exist in the pipeline of the opportunity."))
    if stage.pk == deal.stage_id:
        return deal
    values: dict[str, object] = {"stage": stage, "stage_kind": stage.kind}
    values |= {name: value for name, value in (filled or {}).items() if name in GATE_FIELDS}
    _check_company(actor, values.get("company"))
    values |= _decided(deal, stage, decision, at)
    check_gate(stage, {name: values.get(name, getattr(deal, name)) for name in GATE_FIELDS})
    _check_approach(deal, stage, values)
    if stage.kind == StageKind.OPEN:
        _need_next_step(deal, next_step)
    saved = save_changes(
        actor=actor, obj=deal, version=version or deal.version, at=at,
        values=values if stage.kind != StageKind.OPEN else with_proposal(deal, values, timezone.localdate(at)),
    )  # fmt: skip
    write_standing(saved, timezone.localdate(at))
    if next_step is not None:
        plan_next_step(actor=actor, opportunity=saved, step=next_step, at=at)
    return saved


def _decided(
    deal: Opportunity, stage: Stage, decision: Decision, at: datetime
) -> dict[str, object]:
    """The fields that tell how the deal ended, empty again where it is open."""
    if stage.kind == StageKind.OPEN:
        return {"closed_on": None, "lost_reason": ""}
    values: dict[str, object] = {"closed_on": timezone.localdate(at), "lost_reason": ""}
    if decision.competitor:
        values["competitor"] = decision.competitor
    if stage.kind == StageKind.LOST:
        if not decision.lost_reason:
            raise OpportunityRefusedError(_("Say why it was lost."))
        return values | {"lost_reason": decision.lost_reason}
    if decision.amount is not None:
        values["amount"] = decision.amount
    elif deal.amount is None:
        raise OpportunityRefusedError(_("Say for how much it was won."))
    return values


def _check_company(actor: Actor, company: object) -> None:
    if isinstance(company, Company):
        company_for(actor=actor, company_id=company.pk)


def _need_next_step(deal: Opportunity, given: NextStep | None) -> None:
    if given is None and not has_next_step(deal):
        raise OpportunityRefusedError(_("Say what happens next, and when."))


def _check_approach(deal: Opportunity, stage: Stage, values: Mapping[str, object]) -> None:
    """Refuse what lacks something the template of its buying situation and role asks for."""
    given = {name: values[name] for name in ("need", "buying_process", "company") if name in values}
    lacking = lacking_of(deal, stage, given)
    if lacking:
        raise OpportunityRefusedError(
            _("“%(situation)s · %(role)s” asks for: %(fields)s.")
            % {
                "situation": deal.get_buying_situation_display(), "role": deal.get_selling_role_display(),
                "fields": ", ".join(str(each.label) for each in lacking),
            }
        )  # fmt: skip
