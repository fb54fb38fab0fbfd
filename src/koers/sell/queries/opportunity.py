"""Which opportunities may this person see?"""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from koers.core.actor import Actor
from koers.core.errors import NotFoundError
from koers.organisation.policies import Right, require
from koers.sell.models import Opportunity, StageKind


def opportunities_visible_to(actor: Actor) -> QuerySet[Opportunity]:
    """Opportunities of people and customers the actor sees."""
    require(actor, Right.READ_CUSTOMERS)
    found = Opportunity.objects.select_related("company", "owner", "product")
    if actor.visible_people is None:
        return found
    return found.filter(
        Q(owner_id__in=actor.visible_people) | Q(company__owner_id__in=actor.visible_people)
    )


def opportunity_for(*, actor: Actor, opportunity_id: int) -> Opportunity:
    """One opportunity, or as if it did not exist."""
    found = opportunities_visible_to(actor).filter(pk=opportunity_id).first()
    if found is None:
        raise NotFoundError(_("This opportunity does not exist."))
    return found


def decided_counts(actor: Actor) -> tuple[int, int]:
    """How many opportunities were won and lost; open ones are left out."""
    found = opportunities_visible_to(actor)
    return found.filter(stage_kind=StageKind.WON).count(), found.filter(
        stage_kind=StageKind.LOST
    ).count()
