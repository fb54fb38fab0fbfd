"""Who sells in the field?"""

from koers.core.actor import Actor
from koers.organisation.models import Role, User

FIELD_ROLES = (Role.ACCOUNT_MANAGER, Role.SALESPERSON)


def field_sellers(actor: Actor) -> int:
    """Account managers and salespeople who may log in, of the people the actor sees."""
    found = User.objects.filter(role__in=FIELD_ROLES, is_active=True)
    if actor.visible_people is not None:
        found = found.filter(pk__in=actor.visible_people)
    return found.count()
