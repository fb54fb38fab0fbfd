"""How does a creating call that is sent twice create once?"""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from koers.core.errors import RuleError
from koers.core.models import IdempotentRequest

LONGEST_KEY = 120
KEPT = timedelta(days=7)


class KeyUsedOtherwiseError(RuleError):
    """The key came with another call before."""

    status = 409


def answer_once(
    *, user_id: int, key: str, call: bytes, at: datetime, do: Callable[[], dict[str, Any]]
) -> dict[str, Any]:
    """Do it and keep the answer, both or neither; the same call with the same key gets that answer.

    ``call`` is what the call asked, byte for byte: the same key with another call is refused. A
    second call at the same moment waits for the first by the database's own constraint.
    """
    fingerprint = hashlib.sha256(call).hexdigest()
    try:
        with transaction.atomic():
            request = IdempotentRequest.objects.create(
                user_id=user_id, key=key, fingerprint=fingerprint, at=at
            )
            answer = do()
            request.answer = answer
            request.save(update_fields=["answer"])
            return answer
    except IntegrityError:
        known = IdempotentRequest.objects.filter(user_id=user_id, key=key).first()
        if known is None:
            raise
    if known.fingerprint != fingerprint:
        raise KeyUsedOtherwiseError(
            _("This Idempotency-Key was used for another call. Take a new key for each call.")
        )
    return dict(known.answer)


def forget_old_answers(*, at: datetime) -> int:
    """Remove answers older than a week."""
    return IdempotentRequest.objects.filter(at__lt=at - KEPT).delete()[0]
