"""How is a lead written down, changed, given to somebody, disqualified and taken up again?"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from koers.core import audit
from koers.core.actor import Actor
from koers.core.errors import NotFoundError, RuleError
from koers.core.saving import save_changes
from koers.customers.queries.choices import owners_visible_to
from koers.organisation.models import User
from koers.organisation.policies import Right, require
from koers.organisation.queries.organisation import base_currency
from koers.sell.models.lead import UNDECIDED, Lead, LeadStatus
from koers.sell.queries.lead import lead_for, proposed_owner
from koers.sell.queries.lead_score import score_of

FIELDS = ("company_name", "first_name", "last_name", "job_title", "email", "phone", "city", "need", "source", "source_detail",
          "cost", "received_on", "owner")  # fmt: skip


class LeadRefusedError(RuleError):
    """The lead cannot be kept like this."""


@transaction.atomic
def add_lead(*, actor: Actor, values: Mapping[str, Any], at: datetime) -> Lead:
    """Write a lead down; without an owner it goes to whom ``proposed_owner`` names, with the reason."""
    require(actor, Right.EDIT_CUSTOMERS)
    lead = Lead(**{"received_on": timezone.localdate(at), "currency": base_currency(), **values})
    _check_name(lead)
    if lead.owner_id is None:
        lead.owner, lead.proposed_because = proposed_owner(actor, lead)
    else:
        _check_owner(actor, lead.owner)
    lead.score = score_of(lead)
    lead.save(force_insert=True)
    audit.record(actor=actor, at=at, verb="create", obj=lead)
    return lead


@transaction.atomic
def change_lead(
    *, actor: Actor, lead_id: int, version: int, values: Mapping[str, Any], at: datetime
) -> Lead:
    """Change what a lead says, unless somebody else changed the same fields since ``version``."""
    require(actor, Right.EDIT_CUSTOMERS)
    lead = lead_for(actor=actor, lead_id=lead_id)
    unknown = set(values) - set(FIELDS)
    assert not unknown, unknown  # noqa: S101 -- a mistake of the caller
    changes = dict(values)
    owner = changes.get("owner", lead.owner)
    if owner != lead.owner:
        _check_owner(actor, owner)
        changes["proposed_because"] = ""
    saved = save_changes(actor=actor, obj=lead, version=version, values=changes, at=at)
    _check_name(saved)
    Lead.objects.filter(pk=saved.pk).update(score=score_of(saved))
    return saved


@transaction.atomic
def take_up_lead(*, actor: Actor, lead_id: int, at: datetime) -> Lead:
    """Begin to work on it, or take up again one that was disqualified.

    A suspect one is taken for real by it: it becomes new, and goes to whom the rule names.
    """
    require(actor, Right.EDIT_CUSTOMERS)
    lead = lead_for(actor=actor, lead_id=lead_id)
    if lead.status == LeadStatus.CONVERTED:
        raise LeadRefusedError(_("This lead has been converted; undo that first."))
    if lead.status == LeadStatus.SUSPECT:
        owner, because = proposed_owner(actor, lead)
        real = {"status": LeadStatus.NEW, "suspect_because": "", "owner": owner, "proposed_because": because}  # fmt: skip
        return save_changes(actor=actor, obj=lead, version=lead.version, values=real, at=at)
    values = {"status": LeadStatus.WORKING, "disqualified_because": "", "decided_on": None}
    return save_changes(actor=actor, obj=lead, version=lead.version, values=values, at=at)


@transaction.atomic
def disqualify_lead(*, actor: Actor, lead_id: int, reason: str, at: datetime) -> Lead:
    """Say why it will not become a customer; it stays, for the figures and for later."""
    require(actor, Right.EDIT_CUSTOMERS)
    lead = lead_for(actor=actor, lead_id=lead_id)
    if lead.status not in UNDECIDED:
        raise LeadRefusedError(_("This lead has been decided already."))
    if not reason.strip():
        raise LeadRefusedError(_("Say why it will not become a customer."))
    values = {
        "status": LeadStatus.DISQUALIFIED, "disqualified_because": reason.strip(), "decided_on": timezone.localdate(at),
    }  # fmt: skip
    return save_changes(actor=actor, obj=lead, version=lead.version, values=values, at=at)


def _check_name(lead: Lead) -> None:
    if not lead.company_name and not lead.last_name:
        raise LeadRefusedError(_("Say which company or which person it is."))


def _check_owner(actor: Actor, owner: User | None) -> None:
    if owner is not None and not owners_visible_to(actor).filter(pk=owner.pk).exists():
        raise NotFoundError(_("This person does not exist."))
