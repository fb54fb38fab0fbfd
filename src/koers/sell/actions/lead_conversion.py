"""How does a lead become a company, a contact and an opportunity, and how is that taken back?"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from koers.core.actor import Actor
from koers.core.data_versions import mark_changed
from koers.core.saving import save_changes
from koers.customers.actions.company import (
    add_company,
    add_contact,
    contact_for,
    delete_contact,
)
from koers.customers.actions.consent import add_consent, strike_consent
from koers.customers.models import Company, Consent, Contact
from koers.customers.queries.company import company_for
from koers.organisation.policies import Right, require
from koers.sell.actions.activity import NextStep
from koers.sell.actions.lead import LeadRefusedError
from koers.sell.actions.opportunity import (
    OpportunityValues,
    bin_opportunity,
    create_opportunity,
)
from koers.sell.models import Activity, ActivityStatus, Opportunity
from koers.sell.models.lead import OPEN_LEADS, Lead, LeadStatus
from koers.sell.queries.lead import lead_for
from koers.sell.queries.opportunity import opportunity_for

CONSENT = "consent:"
"""Stands in ``made`` before the key of a line of the ledger."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """What a lead becomes: each an existing record, a new one, or (contact, opportunity) nothing.

    ``company_id`` None makes a new company; ``contact_id`` and ``opportunity_id`` count where given,
    else ``with_contact`` and ``opportunity`` say whether to make one.
    """

    company_id: int | None = None
    contact_id: int | None = None
    with_contact: bool = True
    opportunity_id: int | None = None
    opportunity: OpportunityValues | None = None
    next_step: NextStep | None = None


@transaction.atomic
def convert_lead(*, actor: Actor, lead_id: int, conversion: Conversion, at: datetime) -> Lead:
    """Make or link company, contact and opportunity in one go; the lead stays and points at them.

    Raises ``LeadRefusedError`` for a lead that is decided, or a contact or opportunity of another
    company; nothing is written then.
    """
    require(actor, Right.EDIT_CUSTOMERS)
    lead = lead_for(actor=actor, lead_id=lead_id)
    if lead.status not in OPEN_LEADS:
        raise LeadRefusedError(_("This lead has been decided already."))
    made: list[str] = []
    company = _company(actor, lead, conversion, made, at)
    contact = _contact(actor, lead, company, conversion, made, at)
    deal = _opportunity(actor, lead, company, conversion, made, at)
    if contact is not None and lead.consent_text:
        made.append(f"{CONSENT}{_consent(actor, lead, contact, at).pk}")
    values = {
        "status": LeadStatus.CONVERTED, "decided_on": timezone.localdate(at), "company": company, "contact": contact,
        "opportunity": deal, "made": made,
    }  # fmt: skip
    return save_changes(actor=actor, obj=lead, version=lead.version, values=values, at=at)


@transaction.atomic
def undo_conversion(*, actor: Actor, lead_id: int, at: datetime) -> Lead:
    """Put what the conversion made in the bin and the lead back in progress.

    Refused where the new company has got orders or other opportunities meanwhile: they would go too.
    """
    require(actor, Right.EDIT_CUSTOMERS)
    lead = lead_for(actor=actor, lead_id=lead_id)
    if lead.status != LeadStatus.CONVERTED:
        raise LeadRefusedError(_("This lead has not been converted."))
    if "company" in lead.made and lead.company is not None:
        _refuse_used(lead, lead.company)
    if "opportunity" in lead.made and lead.opportunity_id:
        planned = Activity.objects.filter(opportunity_id=lead.opportunity_id, status=ActivityStatus.PLANNED)  # fmt: skip
        for step in planned:
            values = {"status": ActivityStatus.CANCELLED}
            save_changes(actor=actor, obj=step, version=step.version, values=values, at=at)
        bin_opportunity(actor=actor, opportunity_id=lead.opportunity_id, at=at)
    _strike_consent(actor, lead, at)
    if "contact" in lead.made and lead.contact_id:
        delete_contact(actor=actor, contact_id=lead.contact_id, at=at)
    if "company" in lead.made and lead.company is not None:
        mark_changed("company")
        values_of_bin = {"deleted_at": at}
        save_changes(actor=actor, obj=lead.company, version=lead.company.version, values=values_of_bin, at=at)  # fmt: skip
    values_back: dict[str, object] = {
        "status": LeadStatus.WORKING, "decided_on": None, "company": None, "contact": None, "opportunity": None, "made": [],
    }  # fmt: skip
    return save_changes(actor=actor, obj=lead, version=lead.version, values=values_back, at=at)


def _company(
    actor: Actor, lead: Lead, conversion: Conversion, made: list[str], at: datetime
) -> Company:
    if conversion.company_id is not None:
        return company_for(actor=actor, company_id=conversion.company_id)
    made.append("company")
    values = {
        "name": lead.company_name or lead.person, "city": lead.city, "phone": lead.phone, "owner": lead.owner, "notes": lead.need,
        "email": "" if lead.last_name else lead.email,
    }  # fmt: skip
    return add_company(actor=actor, values=values, at=at)


def _contact(
    actor: Actor,
    lead: Lead,
    company: Company,
    conversion: Conversion,
    made: list[str],
    at: datetime,
) -> Contact | None:
    if conversion.contact_id is not None:
        contact = contact_for(actor=actor, contact_id=conversion.contact_id)
        if contact.company_id != company.pk:
            raise LeadRefusedError(_("This contact works for another company."))
        return contact
    if not conversion.with_contact or not lead.last_name:
        return None
    made.append("contact")
    names = ("first_name", "last_name", "job_title", "email", "phone")
    values = {name: getattr(lead, name) for name in names}
    return add_contact(actor=actor, company_id=company.pk, values=values, at=at)


def _consent(actor: Actor, lead: Lead, contact: Contact, at: datetime) -> Consent:
    """What was agreed on the web goes to the ledger with the sentence, the form and the moment as proof."""
    moment = timezone.localtime(lead.sent_at or at)
    proof = _("Web form %(form)s, %(moment)s: “%(sentence)s”") % {
        "form": lead.web_form or "–", "moment": moment.strftime("%Y-%m-%d %H:%M"), "sentence": lead.consent_text
    }  # fmt: skip
    values = {
        "said": Consent.Said.GIVEN, "channel": lead.consent_channel, "purpose": Consent.Purpose.OFFERS, "said_on": moment.date(),
        "proof": proof,
    }  # fmt: skip
    return add_consent(actor=actor, contact_id=contact.pk, values=values, today=timezone.localdate(at), at=at)  # fmt: skip


def _strike_consent(actor: Actor, lead: Lead, at: datetime) -> None:
    """Strike out the line the conversion wrote in the ledger, unless somebody did already."""
    keys = [int(word.removeprefix(CONSENT)) for word in lead.made if word.startswith(CONSENT)]
    for key in Consent.objects.filter(pk__in=keys, deleted_at=None).values_list("pk", flat=True):
        strike_consent(actor=actor, consent_id=key, at=at)


def _opportunity(
    actor: Actor,
    lead: Lead,
    company: Company,
    conversion: Conversion,
    made: list[str],
    at: datetime,
) -> Opportunity | None:
    if conversion.opportunity_id is not None:
        deal = opportunity_for(actor=actor, opportunity_id=conversion.opportunity_id)
        if deal.company_id != company.pk:
            raise LeadRefusedError(_("This opportunity is of another company."))
        return deal
    asked = conversion.opportunity
    if asked is None:
        return None
    made.append("opportunity")
    values = OpportunityValues(
        name=asked.name, stage=asked.stage, company=company, owner=asked.owner, product=asked.product, amount=asked.amount,
        currency=asked.currency, expected_close_on=asked.expected_close_on, need=asked.need or lead.need,
    )  # fmt: skip
    return create_opportunity(actor=actor, values=values, next_step=conversion.next_step, at=at)


def _refuse_used(lead: Lead, company: Company) -> None:
    others = company.opportunities.filter(deleted_at=None).exclude(pk=lead.opportunity_id or 0)
    if company.orders.exists() or others.exists():
        raise LeadRefusedError(
            _("%(company)s has orders or other opportunities by now; it cannot be undone any more.")
            % {"company": company.name}
        )
