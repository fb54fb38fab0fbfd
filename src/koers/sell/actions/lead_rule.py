"""How is it set up to whom new leads go?"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from koers.core import audit
from koers.core.actor import Actor
from koers.core.saving import save_changes
from koers.organisation.policies import Right, require
from koers.sell.models import LeadRule

FIELDS = ("turn", "by_territory")


@transaction.atomic
def set_lead_rule(
    *, actor: Actor, version: int, values: Mapping[str, Any], at: datetime
) -> LeadRule:
    """Change how leads are given out; leads that are somebody's already stay so."""
    require(actor, Right.EDIT_RULES)
    unknown = set(values) - set(FIELDS)
    assert not unknown, unknown  # noqa: S101 -- a mistake of the caller
    kept, is_new = LeadRule.objects.get_or_create(only=True)
    if is_new:
        audit.record(actor=actor, at=at, verb="create", obj=kept)
    return save_changes(actor=actor, obj=kept, version=version, values=values, at=at)
