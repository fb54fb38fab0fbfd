"""How is a log-in in another browser ended?"""

from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from koers.core import audit
from koers.core.actor import Actor
from koers.core.errors import NotAllowedError
from koers.organisation.actions.user import guard_administrators, person_to_change
from koers.organisation.models import User
from koers.organisation.policies import Right, require
from koers.organisation.queries.log_in import own_log_in

SEEN = "seen_at"
KEPT_TO = timedelta(minutes=15)


@transaction.atomic
def end_log_in(*, actor: Actor, log_in_id: int, at: datetime) -> None:
    """End one of one's own; its browser is asked to log in at its next click."""
    chosen = own_log_in(actor=actor, log_in_id=log_in_id)
    _end(actor=actor, user=chosen.user, chosen=UserSession.objects.filter(pk=chosen.pk), at=at)


@transaction.atomic
def end_other_log_ins(*, actor: Actor, session_key: str | None, at: datetime) -> int:
    """End all of one's own but this one; how many."""
    if actor.user_id is None:
        raise NotAllowedError(_("Only a person can be logged in."))
    user = User.objects.get(pk=actor.user_id)
    others = UserSession.objects.filter(user=user).exclude(session_key=session_key or "")
    return _end(actor=actor, user=user, chosen=others, at=at)


@transaction.atomic
def log_out_user(*, actor: Actor, user_id: int, at: datetime) -> int:
    """End every log-in of somebody, as after a stolen telephone; how many. Tokens are left alone."""
    require(actor, Right.MANAGE_PEOPLE)
    user = person_to_change(actor, user_id)
    guard_administrators(actor, user.role)
    return _end(actor=actor, user=user, chosen=UserSession.objects.filter(user=user), at=at)


def _end(*, actor: Actor, user: User, chosen: QuerySet[UserSession], at: datetime) -> int:
    found = list(chosen)
    for each in found:
        each.end()
    if found:
        audit.record(actor=actor, at=at, verb="log_out", obj=user)
    return len(found)


def mark_seen(session: SessionBase, *, at: datetime) -> None:
    """Remember that a browser is in use; one write a quarter of an hour, not one a page."""
    seen = session.get(SEEN)
    if seen is not None and at.timestamp() - seen >= KEPT_TO.total_seconds():
        session[SEEN] = at.timestamp()
        UserSession.objects.filter(session_key=session.session_key).update(last_seen_at=at)
