"""How is an activity planned for many customers at once, with a control group, and stopped?"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext as _

from koers.analyse.models import Campaign, CampaignMember
from koers.analyse.queries.campaign import campaign_for
from koers.core import audit
from koers.core.actor import Actor
from koers.core.errors import NotFoundError, RuleError
from koers.core.saving import save_changes
from koers.customers.queries.company import companies_visible_to
from koers.customers.queries.consent import reach_of
from koers.organisation.policies import Right, require
from koers.sell.actions.activity_batch import cancel_planned, plan_for_companies

MOST_CUSTOMERS = 500


class CampaignRefusedError(RuleError):
    """The campaign cannot be made like this."""


@dataclass(frozen=True, slots=True)
class CampaignValues:
    """What a campaign says; ``control_share`` 0-1 of its customers are left alone."""

    name: str
    source: str
    kind: str
    subject: str
    due_on: date
    measure_days: int
    control_share: Decimal


@transaction.atomic
def start_campaign(
    *,
    actor: Actor,
    values: CampaignValues,
    company_ids: Sequence[int],
    today: date,
    at: datetime,
) -> Campaign:
    """Draw the control group and plan the activity for the account managers of the others.

    A call or mail leaves out the customers where nobody may be reached so, before the draw.
    """
    require(actor, Right.EDIT_CUSTOMERS)
    if actor.user_id is None:
        raise NotFoundError(_("A campaign is started by a person."))
    _check(values, len(company_ids), today)
    companies = {c.pk: c for c in companies_visible_to(actor).filter(pk__in=company_ids).select_related("owner")}  # fmt: skip
    if len(companies) < len(set(company_ids)):
        raise NotFoundError(_("One of these companies does not exist."))
    reach = reach_of(companies.values(), values.kind, values.due_on)
    companies = {key: company for key, company in companies.items() if reach[key].verdict.allowed}
    if not companies:
        raise CampaignRefusedError(_("None of these customers may be reached so; choose another kind of activity."))  # fmt: skip
    campaign = Campaign.objects.create(
        name=values.name, source=values.source, kind=values.kind, subject=values.subject, due_on=values.due_on,
        started_on=today, measure_days=values.measure_days, control_share=values.control_share, made_by_id=actor.user_id,
    )  # fmt: skip
    control = drawn(companies, values.control_share, salt=f"campaign {campaign.pk}")
    treated = [company for key, company in companies.items() if key not in control]
    made = plan_for_companies(
        actor=actor, companies=treated, kind=values.kind, subject=values.subject, day=values.due_on, at=at,
        contacts={key: found.contact_ids for key, found in reach.items()},
    )  # fmt: skip
    CampaignMember.objects.bulk_create(
        CampaignMember(campaign=campaign, company=company, is_control=key in control, activity=made.get(key))
        for key, company in companies.items()
    )  # fmt: skip
    audit.record(actor=actor, at=at, verb="create", obj=campaign)
    return campaign


@transaction.atomic
def stop_campaign(*, actor: Actor, campaign_id: int, version: int, at: datetime) -> int:
    """Cancel what is still planned; what was done stays and is measured. Returns how many."""
    require(actor, Right.EDIT_CUSTOMERS)
    campaign = campaign_for(actor=actor, campaign_id=campaign_id)
    if campaign.stopped_at is not None:
        raise CampaignRefusedError(_("This campaign has been stopped already."))
    save_changes(actor=actor, obj=campaign, version=version, values={"stopped_at": at}, at=at)
    activities = CampaignMember.objects.filter(campaign=campaign, activity__isnull=False)
    return cancel_planned(actor=actor, activity_ids=list(activities.values_list("activity_id", flat=True)), at=at)  # fmt: skip


def drawn(company_ids: Collection[int], share: Decimal, *, salt: str) -> set[int]:
    """The control group: a lot drawn by a fingerprint, so that the same draw can be shown again."""
    size = int(len(company_ids) * share)
    order = sorted(company_ids, key=lambda key: sha256(f"{salt} {key}".encode()).hexdigest())
    return set(order[:size])


def _check(values: CampaignValues, customers: int, today: date) -> None:
    if not customers:
        raise CampaignRefusedError(_("There is no customer to act on; choose another list."))
    if customers > MOST_CUSTOMERS:
        raise CampaignRefusedError(
            _("At most %(most)s customers in a campaign; these are %(count)s.")
            % {"most": MOST_CUSTOMERS, "count": customers}
        )
    if values.due_on < today:
        raise CampaignRefusedError(_("The activity is due on %(day)s, which has passed; choose a later day.") % {"day": values.due_on.isoformat()})  # fmt: skip
    if not 0 <= values.control_share <= Decimal("0.5"):
        raise CampaignRefusedError(_("The control group is at most half of the customers."))
