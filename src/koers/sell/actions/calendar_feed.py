"""How does somebody give a calendar program the own activities, and stop it?"""

import secrets
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from koers.core import audit
from koers.core.actor import Actor
from koers.core.errors import NotAllowedError
from koers.organisation.policies import Right, require
from koers.organisation.queries.api_token import digest_of
from koers.sell.models import CalendarFeed


@transaction.atomic
def make_calendar_feed(*, actor: Actor, language: str, at: datetime) -> str:
    """Make the secret of an address for oneself, shown this once; one made before stops working.

    ``language`` is the code of the language its words are in.
    """
    require(actor, Right.READ_CUSTOMERS)
    if actor.user_id is None:
        raise NotAllowedError(_("Only a person has a calendar."))
    secret = secrets.token_urlsafe(32)
    feed, _made = CalendarFeed.objects.update_or_create(
        user_id=actor.user_id,
        defaults={
            "digest": digest_of(secret),
            "language": language,
            "created_at": at,
            "last_used_on": None,
        },
    )
    audit.record(actor=actor, at=at, verb="create", obj=feed)
    return secret


@transaction.atomic
def revoke_calendar_feed(*, actor: Actor, at: datetime) -> None:
    """Let one's own address stop at once; nothing where there is none."""
    feed = CalendarFeed.objects.filter(user_id=actor.user_id or 0).first()
    if feed is not None:
        audit.record(actor=actor, at=at, verb="revoke", obj=feed)
        feed.delete()


def mark_feed_used(feed: CalendarFeed, *, today: date) -> None:
    """Remember the day of use; one write a day, not one a call."""
    if feed.last_used_on != today:
        CalendarFeed.objects.filter(pk=feed.pk).update(last_used_on=today)
