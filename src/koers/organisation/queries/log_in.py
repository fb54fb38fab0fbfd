"""Where is somebody logged in, and with what?"""

from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.utils.translation import gettext as _

from koers.core.actor import Actor
from koers.core.errors import NotFoundError
from koers.organisation.models import User


@dataclass(frozen=True, slots=True)
class LogIn:
    """One browser that is logged in; ``seen_at`` is kept to a quarter of an hour."""

    pk: int
    device: str
    user_agent: str
    ip: str
    began_at: datetime
    seen_at: datetime
    is_this: bool


def own_log_ins(actor: Actor, *, session_key: str | None) -> list[LogIn]:
    """The actor's own, this one first, then the last used; what ended or lost its password is swept away."""
    found = [
        LogIn(
            pk=each.pk,
            device=device_of(each.user_agent),
            user_agent=each.user_agent,
            ip=each.ip,
            began_at=each.created_at,
            seen_at=each.last_seen_at,
            is_this=each.session_key == session_key,
        )
        for each in UserSession.objects.purge_and_list(User(pk=actor.user_id or 0))
    ]
    return sorted(found, key=lambda each: (each.is_this, each.seen_at), reverse=True)


def own_log_in(*, actor: Actor, log_in_id: int) -> UserSession:
    """One of the actor's own, or as if it did not exist."""
    found = UserSession.objects.filter(user_id=actor.user_id or 0, pk=log_in_id).first()
    if found is None:
        raise NotFoundError(_("This log-in does not exist or has ended."))
    return found


def device_of(user_agent: str) -> str:
    """Browser and system in a person's words, from what the browser says of itself."""
    from ua_parser import parse  # its patterns take a quarter of a second to load

    said = parse(user_agent)
    browser = said.user_agent.family if said.user_agent else _("unknown browser")
    system = said.os.family if said.os else ""
    if not system:
        return browser
    return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
