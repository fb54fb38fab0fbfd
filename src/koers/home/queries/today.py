"""What should this person see first?"""

from dataclasses import dataclass

from koers.core.actor import Actor
from koers.customers.models import Company
from koers.organisation.models import Organisation, Role

MANAGING = {Role.SALES_MANAGER, Role.MANAGEMENT_TEAM, Role.ADMINISTRATOR}


@dataclass(frozen=True, slots=True)
class Situation:
    """Whether there is anything yet, and whether it is the demo company."""

    has_customers: bool
    is_demo: bool
    manages: bool


def situation_of(actor: Actor) -> Situation:
    """What the home page depends on, in two queries."""
    organisation = Organisation.objects.first()
    return Situation(
        Company.objects.exists(),
        bool(organisation and organisation.is_demo),
        actor.role in MANAGING,
    )


def unpaired_or_unowned(actor: Actor) -> int:
    """Customers without an account manager, which somebody must take; only for who sees all."""
    if not actor.sees_all:
        return 0
    return Company.objects.filter(owner=None, deleted_at=None).count()
