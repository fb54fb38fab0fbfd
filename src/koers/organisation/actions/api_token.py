"""How is a program given a key of its own, and how is it taken away?"""

import secrets
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from koers.core import audit
from koers.core.actor import Actor
from koers.core.errors import NotAllowedError, RuleError
from koers.organisation.models import ApiToken
from koers.organisation.queries.api_token import digest_of, own_token, own_tokens

PREFIX = "koers_"
SHOWN = 10
LONGEST = timedelta(days=366)
MOST = 20


class ApiTokenRefusedError(RuleError):
    """The token cannot be made like this."""


@transaction.atomic
def make_token(
    *, actor: Actor, name: str, scope: str, days: int, at: datetime
) -> tuple[ApiToken, str]:
    """Make a token for oneself; returns it with its secret, which is shown this once.

    ``days`` is how long it works, at most 366.
    """
    if actor.user_id is None:
        raise NotAllowedError(_("Only a person can have tokens."))
    if not 0 < days <= LONGEST.days:
        raise ApiTokenRefusedError(
            _("A token works for 1 to %(days)s days.") % {"days": LONGEST.days}
        )
    if own_tokens(actor).filter(expires_at__gt=at).count() >= MOST:
        raise ApiTokenRefusedError(
            _("You have %(count)s tokens already. Revoke one first.") % {"count": MOST}
        )
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user_id=actor.user_id,
        name=name,
        scope=scope,
        digest=digest_of(secret),
        beginning=secret[:SHOWN],
        created_at=at,
        expires_at=at + timedelta(days=days),
    )
    audit.record(actor=actor, at=at, verb="create", obj=token)
    return token, secret


@transaction.atomic
def revoke_token(*, actor: Actor, token_id: int, at: datetime) -> ApiToken:
    """End one's own token at once."""
    token = own_token(actor=actor, token_id=token_id)
    token.revoked_at = at
    token.save(update_fields=["revoked_at"])
    audit.record(actor=actor, at=at, verb="revoke", obj=token)
    return token


def mark_used(token: ApiToken, *, today: date) -> None:
    """Remember the day of use; one write a day, not one a call."""
    if token.last_used_on != today:
        ApiToken.objects.filter(pk=token.pk).update(last_used_on=today)
