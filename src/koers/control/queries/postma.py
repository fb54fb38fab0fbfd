"""Who stands on the Postma board, and on how many days did they make how many visits?"""

from collections.abc import Mapping

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from koers.core.actor import Actor
from koers.core.errors import NotFoundError
from koers.core.periods import Period
from koers.organisation.models import User
from koers.plan.queries.economic_decision import visits_of
from koers.plan.queries.seller import FIELD_ROLES


def sellers_on_board(actor: Actor) -> QuerySet[User]:
    """Account managers and salespeople who may log in, of the people one sees."""
    found = User.objects.filter(role__in=FIELD_ROLES, is_active=True).select_related("team")
    if actor.visible_people is not None:
        found = found.filter(pk__in=actor.visible_people)
    return found.order_by("full_name", "pk")


def seller_for(*, actor: Actor, user_id: int) -> User:
    """One seller of the board, or as if he or she did not exist."""
    found = sellers_on_board(actor).filter(pk=user_id).first()
    if found is None:
        raise NotFoundError(_("This person does not exist."))
    return found


def visits_per_seller(
    actor: Actor, *, period: Period, chosen: Mapping[str, int]
) -> dict[int, tuple[int, int]]:
    """Per seller the days with a visit done, and the visits."""
    found = visits_of(actor, period=period, chosen=chosen).exclude(owner=None).order_by()
    rows = found.values("owner_id").annotate(days=Count("day", distinct=True), visits=Count("pk"))
    return {row["owner_id"]: (row["days"], row["visits"]) for row in rows}
