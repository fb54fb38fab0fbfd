"""How much discount may somebody give, and who may approve more?"""

from decimal import Decimal

from koers.catalogue.models import DiscountPolicy
from koers.core.actor import Actor
from koers.organisation.models import Role

ALL = Decimal(1)
UNLIMITED = frozenset({Role.SALES_MANAGER, Role.ADMINISTRATOR})
SELLING = (Role.SALES_MANAGER, Role.ACCOUNT_MANAGER, Role.SALESPERSON, Role.INSIDE_SALES)


def limit_of(actor: Actor) -> Decimal:
    """Largest discount share the actor gives without asking.

    Where no limit was set, a sales manager and the administrator give any and others none.
    """
    stored = DiscountPolicy.objects.filter(role=actor.role).values_list("limit", flat=True).first()
    if stored is not None:
        return stored
    return ALL if actor.role in UNLIMITED else Decimal(0)


def limits() -> dict[str, Decimal]:
    """The limit of each selling role."""
    stored = dict(DiscountPolicy.objects.values_list("role", "limit"))
    return {
        role.value: stored.get(role.value, ALL if role in UNLIMITED else Decimal(0))
        for role in SELLING
    }
