"""Whom must somebody call, visit or decide on?"""

from datetime import date

from django.db.models import QuerySet

from koers.core.actor import Actor
from koers.customers.models import Company, Phase

PHASES = (Phase.START, Phase.REVITALISATION, Phase.FAREWELL)
SHOWN = 12


def attention_lists(actor: Actor, *, today: date) -> dict[str, list[Company]]:
    """Per phase that needs service: the customers that changed into it last, with their owner."""
    return {
        phase.value: list(_visible(actor).filter(phase=phase, phase_since__lte=today)[:SHOWN])
        for phase in PHASES
    }


def _visible(actor: Actor) -> QuerySet[Company]:
    found = (
        Company.objects.filter(deleted_at=None)
        .select_related("owner")
        .order_by("-phase_since", "-turnover_12m", "id")
    )
    return (
        found if actor.visible_people is None else found.filter(owner_id__in=actor.visible_people)
    )
