"""How is the limit of a role's discount set?"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from koers.catalogue.models import DiscountPolicy
from koers.catalogue.queries.discount_policy import SELLING
from koers.core import audit
from koers.core.actor import Actor
from koers.core.errors import RuleError
from koers.organisation.policies import Right, require


class DiscountPolicyRefusedError(RuleError):
    """The limit is no share, or the role sells nothing."""


@transaction.atomic
def set_limits(*, actor: Actor, limits: Mapping[str, Decimal], at: datetime) -> None:
    """Set the largest discount share (0-1) that roles give without asking."""
    require(actor, Right.EDIT_RULES)
    for role, limit in limits.items():
        if role not in {each.value for each in SELLING} or not 0 <= limit <= 1:
            raise DiscountPolicyRefusedError(_("A limit lies between 0 and 100%."))
        stored = DiscountPolicy.objects.filter(role=role).first()
        before = None if stored is None else stored.limit
        if before == limit:
            continue
        saved, _created = DiscountPolicy.objects.update_or_create(
            role=role, defaults={"limit": limit}
        )
        changes = {"limit": audit.Change(before, limit)}
        audit.record(actor=actor, at=at, verb="change", obj=saved, changes=changes)
