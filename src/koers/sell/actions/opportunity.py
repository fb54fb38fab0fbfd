"""How is an opportunity added, changed, put in the bin, and how does its history grow?"""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from koers.catalogue.models import Product
from koers.core import audit
from koers.core.actor import Actor
from koers.core.errors import NotFoundError, RuleError
from koers.core.saving import save_changes
from koers.core.undo import undo_last_change
from koers.customers.models import Company
from koers.customers.queries.choices import owners_visible_to
from koers.customers.queries.company import company_for
from koers.organisation.models import User
from koers.organisation.policies import Right, require
from koers.organisation.queries.organisation import base_currency
from koers.sell.actions.activity import ActivityValues, NextStep, plan_activity
from koers.sell.models import (
    ActivityKind,
    ForecastCategory,
    GateField,
    Opportunity,
    Pipeline,
    Stage,
    StageChange,
    StageKind,
)
from koers.sell.queries.buying_situation import proposed_values
from koers.sell.queries.opportunity import binned_opportunity_for, opportunity_for
from koers.sell.queries.stage_gate import missing_fields

STANDING = ("stage_id", "amount", "expected_close_on", "owner_id")
CHANGEABLE = ("name", "company", "owner", "product", "amount", "currency", "expected_close_on",
              "competitor", "lost_reason", "need", "buying_process")  # fmt: skip
TELLING = frozenset(
    {"company", "product", "competitor", "currency"}
)  # what a buying situation is read from


class OpportunityRefusedError(RuleError):
    """The opportunity cannot be kept like this."""


@dataclass(frozen=True, slots=True)
class OpportunityValues:
    """What a new opportunity says; without a currency it is in the organisation's own."""

    name: str
    stage: Stage
    company: Company | None = None
    owner: User | None = None
    product: Product | None = None
    amount: Decimal | None = None
    currency: str = ""
    expected_close_on: date | None = None
    competitor: str = ""
    need: str = ""
    buying_process: str = ""


@transaction.atomic
def create_opportunity(
    *, actor: Actor, values: OpportunityValues, next_step: NextStep | None, at: datetime
) -> Opportunity:
    """Open an opportunity in a stage, with the step that comes next (S1.21: never without one).

    Raises ``OpportunityRefusedError`` for a decided stage, a missing next step, or a field the
    stage asks for; ``NotFoundError`` for a company or person the actor does not see.
    """
    require(actor, Right.EDIT_CUSTOMERS)
    stage = values.stage
    if stage.kind != StageKind.OPEN:
        raise OpportunityRefusedError(_("A new opportunity begins in an open stage."))
    if values.company is not None:
        company_for(actor=actor, company_id=values.company.pk)
    _check_owner(actor, values.owner)
    check_gate(stage, {name: getattr(values, name) for name in CHANGEABLE if hasattr(values, name)})
    if next_step is None:
        raise OpportunityRefusedError(_("Say what happens next, and when."))
    made = Opportunity(
        name=values.name, company=values.company, stage=stage, stage_kind=stage.kind, product=values.product,
        owner_id=values.owner.pk if values.owner else _usual_owner(actor, values.company), amount=values.amount,
        currency=values.currency or base_currency(), opened_on=timezone.localdate(at),
        expected_close_on=values.expected_close_on, competitor=values.competitor, need=values.need, buying_process=values.buying_process,
    )  # fmt: skip
    for name, proposed in proposed_values(made, today=timezone.localdate(at)).items():
        setattr(made, name, proposed)
    made.save(force_insert=True)
    audit.record(actor=actor, at=at, verb="create", obj=made)
    write_standing(made, timezone.localdate(at))
    plan_next_step(actor=actor, opportunity=made, step=next_step, at=at)
    return made


@transaction.atomic
def make_first_pipeline(*, actor: Actor, at: datetime) -> Pipeline:
    """Stages to begin with where nobody set up any; their names are in the reader's language.

    The chances are a start, to be replaced by what one's own deals show.
    """
    require(actor, Right.EDIT_CUSTOMERS)
    known = Pipeline.objects.filter(stages__kind=StageKind.OPEN).first()
    if known is not None:
        return known
    made = Pipeline.objects.create(name=_("Sales"))
    for position, (name, kind, share, days, category) in enumerate(first_stages()):
        Stage.objects.create(
            pipeline=made, name=name, kind=kind, probability=Decimal(share), expected_days=days,
            forecast_category=category, position=position, required_fields=first_gate(category),
        )  # fmt: skip
    audit.record(actor=actor, at=at, verb="create", obj=made)
    return made


def first_stages() -> tuple[tuple[str, str, str, int | None, str], ...]:
    """Name, kind, probability, usual days and forecast category of the stages to begin with."""
    category = ForecastCategory
    return (
        (_("Qualification"), StageKind.OPEN, "0.1", 14, category.PIPELINE),
        (_("Needs analysis"), StageKind.OPEN, "0.25", 21, category.PIPELINE),
        (_("Offer"), StageKind.OPEN, "0.5", 21, category.BEST_CASE),
        (_("Negotiation"), StageKind.OPEN, "0.75", 14, category.COMMIT),
        (_("Won"), StageKind.WON, "1", None, category.CLOSED),
        (_("Lost"), StageKind.LOST, "0", None, category.CLOSED),
    )  # fmt: skip


def first_gate(category: str) -> list[str]:
    """What a stage to begin with asks for: before an offer, what the buying situation and role ask for (S1.16)."""
    return [GateField.APPROACH.value] if category == ForecastCategory.BEST_CASE else []


@transaction.atomic
def change_opportunity(
    *, actor: Actor, opportunity_id: int, version: int, values: Mapping[str, Any], at: datetime
) -> Opportunity:
    """Change what an opportunity says, unless somebody else changed the same fields since ``version``.

    A field its stage asks for cannot be emptied.
    """
    require(actor, Right.EDIT_CUSTOMERS)
    deal = opportunity_for(actor=actor, opportunity_id=opportunity_id)
    unknown = set(values) - set(CHANGEABLE)
    assert not unknown, unknown  # noqa: S101 -- a mistake of the caller
    company = values.get("company")
    if company is not None and company.pk != deal.company_id:
        company_for(actor=actor, company_id=company.pk)
    owner = values.get("owner")
    if owner is not None and owner.pk != deal.owner_id:
        _check_owner(actor, owner)
    emptied = {name: value for name, value in values.items() if value in (None, "")}
    check_gate(deal.stage, dict.fromkeys(CHANGEABLE, "kept") | emptied)
    values = with_proposal(deal, values, timezone.localdate(at))
    saved = save_changes(actor=actor, obj=deal, version=version, values=values, at=at)
    write_standing(saved, timezone.localdate(at))
    return saved


@transaction.atomic
def undo_opportunity_change(*, actor: Actor, opportunity_id: int, at: datetime) -> Opportunity:
    """Take back one's own last change or move; a standing it undoes leaves the history."""
    require(actor, Right.EDIT_CUSTOMERS)
    deal = opportunity_for(actor=actor, opportunity_id=opportunity_id)
    saved = undo_last_change(actor=actor, obj=deal, at=at)
    last = list(saved.stage_changes.order_by("-id")[:2])
    if len(last) == 2 and _standing_of(last[1]) == _standing_of(saved):
        last[0].delete()
    else:
        write_standing(saved, timezone.localdate(at))
    return saved


@transaction.atomic
def bin_opportunity(*, actor: Actor, opportunity_id: int, at: datetime) -> Opportunity:
    """Put it in the bin; its history and activities stay with it."""
    require(actor, Right.EDIT_CUSTOMERS)
    deal = opportunity_for(actor=actor, opportunity_id=opportunity_id)
    return save_changes(
        actor=actor, obj=deal, version=deal.version, values={"deleted_at": at}, at=at
    )


@transaction.atomic
def restore_opportunity(*, actor: Actor, opportunity_id: int, at: datetime) -> Opportunity:
    """Take it out of the bin."""
    require(actor, Right.EDIT_CUSTOMERS)
    deal = binned_opportunity_for(actor=actor, opportunity_id=opportunity_id)
    return save_changes(
        actor=actor, obj=deal, version=deal.version, values={"deleted_at": None}, at=at
    )


def with_proposal(deal: Opportunity, values: Mapping[str, Any], today: date) -> Mapping[str, Any]:
    """The values, with the buying situation and role proposed anew where what they are read from changes.

    A decided deal keeps what it was taken for, unless it turns out to be about another product or customer.
    """
    telling = TELLING if deal.stage_kind == StageKind.OPEN else TELLING - {"competitor", "currency"}
    changed = {name for name in telling & set(values) if getattr(deal, name) != values[name]}
    if not changed:
        return values
    then = copy(deal)
    for name in changed:
        setattr(then, name, values[name])
    return {**values, **proposed_values(then, today=today)}


def plan_next_step(*, actor: Actor, opportunity: Opportunity, step: NextStep, at: datetime) -> None:
    """Plan what happens next for whoever owns the opportunity; without a customer it is a task."""
    kind = step.kind if opportunity.company_id else ActivityKind.TASK
    values = ActivityValues(
        kind=kind, subject=step.subject, company=opportunity.company, opportunity=opportunity, day=step.day
    )  # fmt: skip
    made = plan_activity(actor=actor, values=values, at=at)
    if opportunity.owner_id and opportunity.owner_id != made.owner_id:
        made.owner_id = opportunity.owner_id
        made.save(update_fields=["owner"])


def check_gate(stage: Stage, given: Mapping[str, object]) -> None:
    """Refuse what lacks a field the stage asks for, naming every one of them."""
    missing = missing_fields(stage, given)
    if missing:
        raise OpportunityRefusedError(
            _("The stage “%(stage)s” asks for: %(fields)s.")
            % {"stage": stage.name, "fields": ", ".join(str(label) for _name, label in missing)}
        )


def write_standing(deal: Opportunity, day: date) -> None:
    """Add how the deal stands from a day on; a second change of the same stage that day replaces the first."""
    last = deal.stage_changes.order_by("-id").first()
    if last is not None and _standing_of(last) == _standing_of(deal):
        return
    values = {name: getattr(deal, name) for name in STANDING}
    if last is not None and last.day == day and last.stage_id == deal.stage_id:
        StageChange.objects.filter(pk=last.pk).update(**values)
        return
    StageChange.objects.create(opportunity=deal, day=day, **values)


def _standing_of(record: Opportunity | StageChange) -> tuple[Any, ...]:
    return tuple(getattr(record, name) for name in STANDING)


def _usual_owner(actor: Actor, company: Company | None) -> int | None:
    """Who looks after the company; else the actor, where he or she sells."""
    if company is not None and company.owner_id:
        return company.owner_id
    sells = actor.user_id and owners_visible_to(actor).filter(pk=actor.user_id).exists()
    return actor.user_id if sells else None


def _check_owner(actor: Actor, owner: User | None) -> None:
    if owner is not None and not owners_visible_to(actor).filter(pk=owner.pk).exists():
        raise NotFoundError(_("This person does not exist."))
