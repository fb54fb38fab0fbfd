"""Who works here, and who lacks a partner?"""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from koers.core.actor import Actor
from koers.core.errors import NotFoundError
from koers.core.models import AuditEntry
from koers.organisation.models import Pairing, Role, Team, Territory, User
from koers.organisation.policies import Right, require


def people_visible_to(actor: Actor) -> QuerySet[User]:
    """Everyone the actor may see, with team, territory and unit."""
    require(actor, Right.SEE_TEAM)
    found = User.objects.select_related("team", "territory", "business_unit")
    return found if actor.visible_people is None else found.filter(pk__in=actor.visible_people)


def person_for(*, actor: Actor, user_id: int) -> User:
    """One person, or as if he or she did not exist."""
    found = people_visible_to(actor).filter(pk=user_id).first()
    if found is None:
        raise NotFoundError(_("This person does not exist."))
    return found


def teams() -> QuerySet[Team]:
    """The team tree, with leads."""
    return Team.objects.select_related("parent", "lead", "business_unit").order_by(
        "parent__name", "name"
    )


def territories() -> QuerySet[Territory]:
    """The territory tree."""
    return Territory.objects.select_related("parent").order_by("parent__name", "name")


def pairings() -> QuerySet[Pairing]:
    """Which inside rep supports whom."""
    return Pairing.objects.select_related("inside_rep", "account_manager").order_by(
        "account_manager__full_name"
    )


def unpaired_account_managers() -> QuerySet[User]:
    """Account managers nobody inside supports (S2.45): a warning, not a fault."""
    return User.objects.filter(role=Role.ACCOUNT_MANAGER, is_active=True, inside_reps=None)


def audit_entries(actor: Actor) -> QuerySet[AuditEntry]:
    """The audit trail, for who may read it."""
    require(actor, Right.SEE_AUDIT)
    return AuditEntry.objects.all()
