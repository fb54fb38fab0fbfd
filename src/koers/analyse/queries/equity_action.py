"""Which actions on a driver of customer equity may this person see?"""

from collections.abc import Mapping

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from koers.analyse.models import EquityAction
from koers.analyse.queries.equity_score import segment_for
from koers.core.actor import Actor
from koers.core.errors import NotFoundError
from koers.organisation.policies import Right, require


def equity_actions_visible_to(actor: Actor) -> QuerySet[EquityAction]:
    """All of them, for who leads people and may see margins: they are about the whole company."""
    require(actor, Right.SEE_TEAM)
    require(actor, Right.SEE_COST)
    return EquityAction.objects.select_related("segment", "made_by")


def equity_actions_matching(actor: Actor, *, q: str, choices: Mapping[str, str]) -> QuerySet[EquityAction]:  # fmt: skip
    """Actions whose name holds ``q``, by driver, segment and status."""
    found = equity_actions_visible_to(actor).order_by()
    if q:
        found = found.filter(name__icontains=q)
    for name in ("driver", "status"):
        if choices.get(name):
            found = found.filter(**{name: choices[name]})
    if choices.get("segment"):
        found = found.filter(segment=segment_for(choices["segment"]))
    return found


def equity_action_for(*, actor: Actor, action_id: int) -> EquityAction:
    """One of them."""
    found = equity_actions_visible_to(actor).filter(pk=action_id).first()
    if found is None:
        raise NotFoundError(_("This action does not exist."))
    return found
