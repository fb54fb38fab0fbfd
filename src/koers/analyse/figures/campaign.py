"""Whom could a campaign be for, and did it work?"""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from koers.analyse.figures.customer_value import next_best_of
from koers.analyse.figures.facts import open_facts
from koers.analyse.models import Campaign
from koers.analyse.queries.campaign import groups_of
from koers.core.actor import Actor
from koers.core.errors import NotFoundError
from koers.customers.models import Phase
from koers.customers.queries.company import companies_visible_to
from koers.organisation.policies import Right, may

if TYPE_CHECKING:
    from koers_analytics.customers.campaign_effect import CampaignEffect

MOST = 500
ACTIONS = ("win_back", "keep", "grow", "reprice", "let_go")


def candidates(*, actor: Actor, source: str) -> list[int]:
    """Companies of a phase ('phase:growth') or a next best action ('next:keep'), the first first.

    At most 500, all of them customers of people the actor sees. Those of a phase come by turnover
    of twelve months, then by the day of their last order.
    """
    kind, _mark, key = source.partition(":")
    visible = companies_visible_to(actor)
    if kind == "phase" and key in Phase.values:
        members = visible.filter(phase=key).order_by("-turnover_12m", "-last_order_on", "id")
        return list(members.values_list("pk", flat=True)[:MOST])
    if kind == "next" and key in ACTIONS:
        rows, _count = next_best_of(
            actor=actor, by_spending=not may(actor, Right.SEE_COST), action=key, limit=MOST
        )
        found = [row.company_id for row in rows]
        seen = set(visible.filter(pk__in=found).values_list("pk", flat=True))
        return [company for company in found if company in seen]
    raise NotFoundError(_("There is no such list of customers."))


def effect_of(campaign: Campaign, *, today: date) -> "CampaignEffect | None":
    """Change of turnover with and without the action so far; nothing on the first day."""
    from koers_analytics.customers.campaign_effect import campaign_effect  # noqa: PLC0415 -- slow import

    end = min(today, campaign.started_on + timedelta(days=campaign.measure_days))
    if end <= campaign.started_on:
        return None
    treated, control = groups_of(campaign)
    return campaign_effect(open_facts(), treated=treated, control=control, start=campaign.started_on, end=end)  # fmt: skip
