"""What does a request of a logged-in user carry?"""

from typing import TYPE_CHECKING, cast

from django.http import HttpRequest

from koers.core.actor import Actor, Channel
from koers.organisation.models import User
from koers.organisation.queries.actor import actor_for

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails


class UserRequest(HttpRequest):
    """A request behind the log-in."""

    user: User
    htmx: "HtmxDetails"


def actor_of(request: HttpRequest) -> Actor:
    """The acting user, looked up once per request."""
    known: Actor | None = getattr(request, "koers_actor", None)
    if known is None:
        known = actor_for(cast("User", request.user), Channel.SCREEN)
        request.koers_actor = known  # type: ignore[attr-defined]
    return known
