"""How is the buying situation or selling role of an opportunity overruled, and filled in for many?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from koers.core.actor import Actor
from koers.core.errors import RuleError
from koers.core.saving import save_changes
from koers.organisation.policies import Right, require
from koers.sell.models import BuyingSituation, Opportunity, SellingRole
from koers.sell.queries.buying_situation import (
    proposal_for,
    proposed_values,
    role_for,
    without_orders,
)
from koers.sell.queries.opportunity import opportunity_for

AT_ONCE = 400


class ApproachRefusedError(RuleError):
    """The situation or role cannot be set like this."""


@dataclass(frozen=True, slots=True)
class Approach:
    """What somebody takes it for; a reason is needed where that is not what is proposed."""

    situation: str
    role: str
    situation_because: str = ""
    role_because: str = ""


@transaction.atomic
def set_approach(
    *, actor: Actor, opportunity_id: int, version: int, approach: Approach, at: datetime
) -> Opportunity:
    """Say which buying situation and selling role it is; what differs from the proposal needs a reason.

    Choosing what is proposed takes an overruling back: from then on the orders tell again.
    """
    require(actor, Right.EDIT_CUSTOMERS)
    deal = opportunity_for(actor=actor, opportunity_id=opportunity_id)
    if approach.situation not in BuyingSituation.values or approach.role not in SellingRole.values:
        raise ApproachRefusedError(_("Choose a buying situation and a selling role."))
    proposed = proposal_for(actor=actor, deal=deal, today=timezone.localdate(at)).situation
    fitting, _because = role_for(approach.situation, deal.company)
    values = {
        "buying_situation": approach.situation, "selling_role": approach.role,
        "situation_because": _reason(approach.situation, proposed, approach.situation_because, _("Say why it is another buying situation than proposed.")),
        "role_because": _reason(approach.role, fitting, approach.role_because, _("Say why it is another selling role than proposed.")),
    }  # fmt: skip
    return save_changes(actor=actor, obj=deal, version=version, values=values, at=at)


def fill_approaches(deals: Iterable[Opportunity], *, today: date) -> int:
    """Write the proposal in deals without a situation, inside the caller's transaction; how many got one.

    The deals come with company and product; this is no change somebody made, so versions stay.
    """
    waiting = [deal for deal in deals if not deal.buying_situation]
    filled = 0
    for first in range(0, len(waiting), AT_ONCE):
        part = waiting[first : first + AT_ONCE]
        new = without_orders(part)
        for deal in part:
            if deal.company_id in new:
                values = {"buying_situation": BuyingSituation.NEW_TASK.value}
                if not deal.role_because:
                    values["selling_role"] = str(
                        role_for(BuyingSituation.NEW_TASK, deal.company)[0]
                    )
            else:
                values = proposed_values(deal, today=today)
            for name, value in values.items():
                setattr(deal, name, value)
            filled += bool(deal.buying_situation)
        Opportunity.objects.bulk_update(part, ["buying_situation", "selling_role"])
    return filled


def _reason(chosen: str, proposed: str, because: str, asking: str) -> str:
    if chosen == proposed:
        return ""
    if not because.strip():
        raise ApproachRefusedError(asking)
    return because.strip()
