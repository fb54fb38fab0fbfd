"""Which owners, segments, territories and business units may be chosen?"""

from django.db.models import QuerySet

from koers.core.actor import Actor
from koers.customers.models import Segment
from koers.organisation.models import BusinessUnit, Territory, User
from koers.organisation.models.user import SELLING_ROLES


def owners_visible_to(actor: Actor) -> QuerySet[User]:
    """People who may own a customer, as far as the actor sees them."""
    found = User.objects.filter(role__in=SELLING_ROLES, is_active=True).order_by("full_name")
    return found if actor.visible_people is None else found.filter(pk__in=actor.visible_people)


def owner_choices(actor: Actor) -> list[tuple[str, str]]:
    """Owners as choices of a list; 'none' only for who sees unowned customers."""
    people = [
        (str(key), name) for key, name in owners_visible_to(actor).values_list("pk", "full_name")
    ]
    return [("none", "–"), *people] if actor.sees_all else people


def segment_choices() -> list[tuple[str, str]]:
    """Segments as choices of a list."""
    return [(str(key), name) for key, name in Segment.objects.values_list("pk", "name")]


def territory_choices() -> list[tuple[str, str]]:
    """Territories as choices of a list."""
    return [(str(key), name) for key, name in Territory.objects.values_list("pk", "name")]


def unit_choices() -> list[tuple[str, str]]:
    """Business units as choices of a list."""
    return [(str(key), name) for key, name in BusinessUnit.objects.values_list("pk", "name")]
