"""How is the way of selling set up per buying situation and role, and told for deals without one?"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from koers.core import audit
from koers.core.actor import Actor
from koers.core.errors import NotFoundError
from koers.core.saving import save_changes
from koers.organisation.policies import Right, require
from koers.sell.actions.approach import fill_approaches
from koers.sell.models import BuyingSituation, Opportunity, SellingRole, SellingTemplate
from koers.sell.queries.selling_template import usual_template

FIELDS = ("steps", "channel", "centre_depth", "needs_analysis", "all_blocks")


@transaction.atomic
def set_template(
    *,
    actor: Actor,
    situation: str,
    role: str,
    version: int,
    values: Mapping[str, Any],
    at: datetime,
) -> SellingTemplate:
    """Change how we sell in a situation and role; the usual way is written down first, so that the trail shows both."""
    require(actor, Right.EDIT_RULES)
    if situation not in BuyingSituation.values or role not in SellingRole.values:
        raise NotFoundError(_("There is no such buying situation or selling role."))
    unknown = set(values) - set(FIELDS)
    assert not unknown, unknown  # noqa: S101 -- a mistake of the caller
    usual = usual_template(situation, role)
    kept, is_new = SellingTemplate.objects.get_or_create(
        situation=situation, role=role, defaults={name: getattr(usual, name) for name in FIELDS}
    )
    if is_new:
        audit.record(actor=actor, at=at, verb="create", obj=kept)
    return save_changes(actor=actor, obj=kept, version=version, values=values, at=at)


@transaction.atomic
def fill_empty(*, actor: Actor, at: datetime) -> int:
    """Propose a situation and role for every deal without one; how many got one."""
    require(actor, Right.EDIT_RULES)
    deals = Opportunity.objects.filter(buying_situation="", deleted_at=None)
    return fill_approaches(
        deals.select_related("company", "product__group").order_by("pk"),
        today=timezone.localdate(at),
    )
