"""Which action items may this person see, which are due, and who works on an alarm?"""

from collections.abc import Collection, Mapping
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from koers.control.models import ActionItem
from koers.core.actor import Actor
from koers.core.errors import NotFoundError
from koers.organisation.models import User
from koers.organisation.policies import Right, may


def items_visible_to(actor: Actor) -> QuerySet[ActionItem]:
    """One's own, those one made, and those of the people one may see."""
    found = ActionItem.objects.select_related("owner", "company")
    if actor.sees_all and may(actor, Right.SEE_TEAM):
        return found
    people = actor.visible_people or frozenset()
    return found.filter(
        Q(owner_id__in=people) | Q(owner_id=actor.user_id) | Q(made_by_id=actor.user_id)
    )


def items_matching(
    actor: Actor, *, q: str, choices: Mapping[str, str], today: date
) -> QuerySet[ActionItem]:
    """Visible items whose title holds ``q``, by state, source and owner."""
    found = items_visible_to(actor)
    if q:
        found = found.filter(title__icontains=q)
    state = choices.get("state", "")
    if state == "overdue":
        found = found.filter(status=ActionItem.Status.OPEN, due_on__lt=today)
    elif state:
        found = found.filter(status=state)
    if choices.get("source"):
        found = found.filter(source=choices["source"])
    owner = choices.get("owner", "")
    return found.filter(owner_id=int(owner)) if owner.isdecimal() else found


def item_for(*, actor: Actor, item_id: int) -> ActionItem:
    """One action item, or as if it did not exist."""
    found = items_visible_to(actor).filter(pk=item_id).first()
    if found is None:
        raise NotFoundError(_("This action item does not exist."))
    return found


def due_items(actor: Actor, *, today: date, limit: int) -> tuple[list[ActionItem], int]:
    """The actor's own open items, the first due first, and how many there are."""
    found = items_visible_to(actor).filter(owner_id=actor.user_id, status=ActionItem.Status.OPEN)
    return list(found.order_by("due_on", "pk")[:limit]), found.count()


def open_items_by_key(actor: Actor, keys: Collection[str]) -> dict[str, ActionItem]:
    """The open item of each alarm, the newest where there are more."""
    found = items_visible_to(actor).filter(status=ActionItem.Status.OPEN, source_key__in=keys)
    return {item.source_key: item for item in found.order_by("pk")}


def owners_for(actor: Actor) -> QuerySet[User]:
    """Whom one may give an item: oneself, and for who leads people everybody he or she sees."""
    found = User.objects.filter(is_active=True).order_by("full_name")
    if not may(actor, Right.SEE_TEAM):
        return found.filter(Q(pk=actor.user_id))
    if actor.visible_people is None:
        return found
    return found.filter(Q(pk__in=actor.visible_people) | Q(pk=actor.user_id))
