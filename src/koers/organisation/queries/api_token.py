"""Whose token is this, and which tokens has somebody?"""

import hashlib
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from koers.core.actor import Actor
from koers.core.errors import NotFoundError
from koers.organisation.models import ApiToken


def digest_of(secret: str) -> str:
    """What is stored in place of the secret; 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def token_for_secret(secret: str, *, at: datetime) -> ApiToken | None:
    """The token, if it is not revoked or expired and its person may still log in."""
    return (
        ApiToken.objects.select_related("user")
        .filter(digest=digest_of(secret), revoked_at=None, expires_at__gt=at, user__is_active=True)
        .first()
    )


def own_tokens(actor: Actor) -> QuerySet[ApiToken]:
    """The actor's own tokens that were not revoked; nobody sees another's."""
    return ApiToken.objects.filter(user_id=actor.user_id or 0, revoked_at=None)


def own_token(*, actor: Actor, token_id: int) -> ApiToken:
    """One of the actor's own tokens, or as if it did not exist."""
    found = own_tokens(actor).filter(pk=token_id).first()
    if found is None:
        raise NotFoundError(_("This token does not exist."))
    return found
