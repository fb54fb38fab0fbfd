"""Who calls the API, how far may the call go, and who am I?"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router, Schema
from ninja.security import HttpBearer

from koers.core.actor import Actor, Channel
from koers.core.errors import NotAllowedError
from koers.core.idempotency import LONGEST_KEY, KeyUsedOtherwiseError, answer_once
from koers.organisation.actions.api_token import mark_used
from koers.organisation.models import ApiToken
from koers.organisation.queries.actor import actor_for
from koers.organisation.queries.api_token import token_for_secret

READING = {"GET", "HEAD", "OPTIONS"}
router = Router(tags=["me"])


class TokenAuth(HttpBearer):
    """A token in the header only, never in the address; read-only tokens write nothing."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        """The token, or nothing when it is unknown, expired, revoked or its person left."""
        now = timezone.now()
        found = token_for_secret(token, at=now)
        if found is None:
            return None
        if request.method not in READING and found.scope != ApiToken.Scope.WRITE:
            raise NotAllowedError(_("This token may only read."))
        mark_used(found, today=timezone.localdate(now))
        request.koers_actor = actor_for(found.user, Channel.API)  # type: ignore[attr-defined]
        return found


def caller(request: HttpRequest) -> Actor:
    """The person the token belongs to, with the role he or she has now."""
    actor: Actor = request.koers_actor  # type: ignore[attr-defined]
    return actor


def once(request: HttpRequest, do: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Do it once per Idempotency-Key, or simply do it where the call carries none."""
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        return do()
    if len(key) > LONGEST_KEY:
        raise KeyUsedOtherwiseError(
            _("An Idempotency-Key has at most %(length)s characters.") % {"length": LONGEST_KEY}
        )
    user_id = caller(request).user_id
    assert user_id is not None  # noqa: S101 -- a token belongs to a person
    call = f"{request.method} {request.get_full_path()}\n".encode() + request.body
    return answer_once(user_id=user_id, key=key, call=call, at=timezone.now(), do=do)


class Me(Schema):
    """The person behind the token."""

    id: int
    name: str
    role: str


@router.get("/me", response=Me, url_name="me")
def me(request: HttpRequest) -> dict[str, Any]:
    """Who am I, and in which role?"""
    actor = caller(request)
    return {"id": actor.user_id, "name": actor.name, "role": actor.role}
