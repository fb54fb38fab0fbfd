"""Which campaigns may this person see, and how are they getting on?"""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from koers.analyse.models import Campaign, CampaignMember
from koers.core.actor import Actor
from koers.core.errors import NotFoundError
from koers.customers.queries.company import companies_visible_to
from koers.customers.queries.consent import reach_of
from koers.organisation.policies import Right, require
from koers.sell.models import ActivityStatus

AT_ONCE = 500


def campaigns_visible_to(actor: Actor) -> QuerySet[Campaign]:
    """Campaigns of the people the actor sees, with how much of the work is done."""
    require(actor, Right.READ_CUSTOMERS)
    found = Campaign.objects.select_related("made_by").annotate(
        treated=Count("members", filter=Q(members__is_control=False)),
        control=Count("members", filter=Q(members__is_control=True)),
        done=Count("members", filter=Q(members__activity__status=ActivityStatus.DONE)),
    )
    if actor.visible_people is None:
        return found
    return found.filter(made_by_id__in={*actor.visible_people, actor.user_id})


def campaign_for(*, actor: Actor, campaign_id: int) -> Campaign:
    """A campaign the actor may see."""
    found = campaigns_visible_to(actor).filter(pk=campaign_id).first()
    if found is None:
        raise NotFoundError(_("This campaign does not exist."))
    return found


def members_of(actor: Actor, campaign: Campaign) -> QuerySet[CampaignMember]:
    """The campaign's customers the actor may see, with the work on them."""
    return CampaignMember.objects.filter(
        campaign=campaign, company__in=companies_visible_to(actor)
    ).select_related("company", "company__owner", "activity")


def groups_of(campaign: Campaign) -> tuple[list[int], list[int]]:
    """Companies that got the action, and the control group."""
    rows = CampaignMember.objects.filter(campaign=campaign).values_list("company_id", "is_control")
    treated = [company for company, is_control in rows if not is_control]
    return treated, [company for company, is_control in rows if is_control]


def unreachable(
    *, actor: Actor, company_ids: Sequence[int], kind: str, on: date
) -> list[tuple[str, int]]:
    """Why customers would be left out of a campaign of calls or mails, and how many for each reason."""
    reasons: Counter[str] = Counter()
    for start in range(0, len(company_ids), AT_ONCE):
        part = companies_visible_to(actor).filter(pk__in=company_ids[start : start + AT_ONCE])
        for reach in reach_of(part, kind, on).values():
            if not reach.verdict.allowed:
                reasons[reach.verdict.reason] += 1
    return reasons.most_common()
