"""Whom could a campaign be for, and did it work?"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from koers.analyse.figures.customer_value import next_best_of
from koers.analyse.figures.facts import open_facts
from koers.analyse.figures.health import warnings_of
from koers.analyse.models import Campaign
from koers.analyse.queries.campaign import groups_of
from koers.core.actor import Actor
from koers.core.errors import NotFoundError
from koers.customers.models import Company, Phase
from koers.customers.queries.company import companies_visible_to
from koers.organisation.policies import Right, may

if TYPE_CHECKING:
    from koers_analytics.customers.campaign_effect import CampaignEffect

MOST = 500
ACTIONS = ("win_back", "keep", "grow", "reprice", "let_go")
WORRIES = ("all", "recency", "trend", "feedback", "contact", "model")


def candidates(*, actor: Actor, source: str, chosen: Mapping[str, Any] | None = None) -> list[int]:
    """Companies of a phase ('phase:growth'), a next best action ('next:keep') or an early warning ('warning:trend').

    The first come first; ``chosen`` narrows an early warning, as ``warnings_of`` takes it. At most 500, all of them customers of people the actor sees. Those of a phase come by turnover
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
        return _seen(visible, [row.company_id for row in rows])
    if kind == "warning" and key in WORRIES:
        asked: dict[str, Any] = {"by_spending": not may(actor, Right.SEE_COST), **(chosen or {})}
        asked["reason"] = "" if key == "all" else key
        worries, _count = warnings_of(actor=actor, limit=MOST, **asked)
        return _seen(visible, [row.company_id for row in worries])
    raise NotFoundError(_("There is no such list of customers."))


def _seen(visible: QuerySet[Company], found: list[int]) -> list[int]:
    seen = set(visible.filter(pk__in=found).values_list("pk", flat=True))
    return [company for company in found if company in seen]


def effect_of(campaign: Campaign, *, today: date) -> "CampaignEffect | None":
    """Change of turnover with and without the action so far; nothing on the first day."""
    from koers_analytics.customers.campaign_effect import campaign_effect  # noqa: PLC0415 -- slow import

    end = min(today, campaign.started_on + timedelta(days=campaign.measure_days))
    if end <= campaign.started_on:
        return None
    treated, control = groups_of(campaign)
    return campaign_effect(open_facts(), treated=treated, control=control, start=campaign.started_on, end=end)  # fmt: skip
