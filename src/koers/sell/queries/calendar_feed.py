"""Which activities stand in somebody's calendar feed?"""

from datetime import date, timedelta

from django.utils.translation import gettext as _

from koers.core.actor import Actor
from koers.core.errors import NotFoundError
from koers.organisation.queries.api_token import digest_of
from koers.sell.models import Activity, ActivityStatus, CalendarFeed
from koers.sell.queries.activity import activities_visible_to

KEPT_DAYS = 90
MOST = 2_000


def feed_for_secret(secret: str) -> CalendarFeed:
    """The feed an address means, of somebody who may still log in; otherwise as if it did not exist."""
    found = (
        CalendarFeed.objects.select_related("user")
        .filter(digest=digest_of(secret), user__is_active=True)
        .first()
    )
    if found is None:
        raise NotFoundError(_("This calendar does not exist, or its address was withdrawn."))
    return found


def own_feed(actor: Actor) -> CalendarFeed | None:
    """The actor's own feed."""
    return CalendarFeed.objects.filter(user_id=actor.user_id or 0).first()


def feed_activities(actor: Actor, *, today: date) -> list[Activity]:
    """The actor's own activities of the last ninety days and all to come; cancelled ones are left out."""
    found = activities_visible_to(actor).filter(
        owner_id=actor.user_id, day__gte=today - timedelta(days=KEPT_DAYS)
    )
    return list(found.exclude(status=ActivityStatus.CANCELLED).order_by("-day", "-pk")[:MOST])
