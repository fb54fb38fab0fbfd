"""How is a receiver told what changed: signed, in order, at least once, and again when it fails?

A message lists changes without their values: who may see those asks the API. It is signed as the
Standard Webhooks specification says, and its id stays the same when it is sent again.
"""

import base64
import hashlib
import hmac
import json
import random
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.urls import NoReverseMatch, reverse

from koers.core import audit, outbound
from koers.core.actor import Channel, system_actor
from koers.core.audit_seal import settled_entry_id
from koers.core.models import AuditEntry
from koers.core.outbound import Answer
from koers.organisation.models import Webhook, WebhookCall
from koers.organisation.queries.webhook import CHANGES_PER_MESSAGE, due_webhooks, untold_entries

LEASE = timedelta(seconds=60)
GIVES_UP_AFTER = timedelta(days=3)
GONE = 410
KEPT_CALLS = 200
WAITS = (5, 30, 120, 600, 1800, 7200, 21600)
"""Seconds until the next try, the last one again and again; up to a tenth longer by lot."""
Post = Callable[[str, bytes, Mapping[str, str]], Answer]


def call_due_webhooks(*, at: Callable[[], datetime], post: Post = outbound.post) -> int:
    """Call every receiver that is due once; returns how many calls were made."""
    newest = AuditEntry.objects.aggregate(newest=Max("pk"))["newest"] or 0
    due = list(due_webhooks(at=at(), newest_entry_id=newest).values_list("pk", flat=True))
    if not due:
        return 0
    settled = settled_entry_id()
    if settled is None:
        return 0
    return sum(_call(webhook_id, settled, at, post) for webhook_id in due)


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """Sign as Standard Webhooks, version 1: HMAC-SHA256 of id, time and body, joined by points."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def _call(webhook_id: int, settled: int, at: Callable[[], datetime], post: Post) -> int:
    webhook = _leased(webhook_id, settled, at())
    if webhook is None:
        return 0
    until = webhook.sending_up_to
    entries = [] if until is None else list(untold_entries(webhook, up_to=until))
    if until is not None and not entries:
        _settle(webhook)
    if not entries and not webhook.test_asked:
        Webhook.objects.filter(pk=webhook.pk).update(leased_until=None)
        return 0
    moment = at()
    body = _body(entries, moment)
    message_id = f"{webhook.pk}-{until}" if entries else f"{webhook.pk}-test-{moment:%Y%m%d%H%M%S}"
    stamp = int(moment.timestamp())
    answer = post(
        webhook.url,
        body,
        {
            "Content-Type": "application/json",
            "webhook-id": message_id,
            "webhook-timestamp": str(stamp),
            "webhook-signature": signature(webhook.secret, message_id, stamp, body),
        },
    )
    _keep(webhook, message_id, len(entries), answer, at())
    return 1


@transaction.atomic
def _leased(webhook_id: int, settled: int, at: datetime) -> Webhook | None:
    """The receiver with its message fixed, or nothing when another worker calls it."""
    due = due_webhooks(at=at, newest_entry_id=2**62).filter(pk=webhook_id)
    if not due.update(leased_until=at + LEASE):
        return None
    webhook = Webhook.objects.get(pk=webhook_id)
    if webhook.sending_up_to is None and webhook.told_up_to < settled:
        waiting = untold_entries(webhook, up_to=settled).values_list("pk", flat=True)
        ids = list(waiting[:CHANGES_PER_MESSAGE])
        webhook.sending_up_to = ids[-1] if len(ids) == CHANGES_PER_MESSAGE else settled
        webhook.save(update_fields=["sending_up_to"])
    return webhook


def _body(entries: list[AuditEntry], at: datetime) -> bytes:
    changes = [
        {
            "id": entry.pk,
            "at": entry.at.isoformat(),
            "noun": entry.noun,
            "record": entry.object_id,
            "verb": entry.verb,
            "fields": sorted(entry.changes),
            "channel": entry.channel,
            "path": _path(entry),
        }
        for entry in entries
    ]
    kind = "changes" if entries else "test"
    told = {"type": kind, "timestamp": at.isoformat(), "data": {"changes": changes}}
    return json.dumps(told, separators=(",", ":")).encode()


def _path(entry: AuditEntry) -> str | None:
    try:
        return reverse(f"api:{entry.noun}", args=[entry.object_id])
    except NoReverseMatch:
        return None


def _settle(webhook: Webhook) -> None:
    """The message was taken, or none of it was asked for: the receiver knows all up to its end."""
    Webhook.objects.filter(pk=webhook.pk).update(
        told_up_to=webhook.sending_up_to,
        sending_up_to=None,
        failures=0,
        failing_since=None,
    )


@transaction.atomic
def _keep(webhook: Webhook, message_id: str, changes: int, answer: Answer, at: datetime) -> None:
    """Write down what the receiver said, and when it is called again; nothing if it was taken away."""
    if not Webhook.objects.filter(pk=webhook.pk).update(leased_until=None):
        return
    WebhookCall.objects.create(
        webhook=webhook,
        at=at,
        message_id=message_id,
        changes=changes,
        status=answer.status,
        failure=answer.failure or "",
        milliseconds=answer.milliseconds,
    )
    oldest = WebhookCall.objects.filter(webhook=webhook).values_list("pk", flat=True)[KEPT_CALLS:]
    WebhookCall.objects.filter(pk__in=list(oldest)).delete()
    if not changes:
        Webhook.objects.filter(pk=webhook.pk).update(test_asked=False)
    elif answer.is_taken:
        _settle(webhook)
    else:
        _wait(webhook, answer, at)


def _wait(webhook: Webhook, answer: Answer, at: datetime) -> None:
    since = webhook.failing_since or at
    seconds = WAITS[min(webhook.failures, len(WAITS) - 1)]
    wait = timedelta(seconds=seconds * random.uniform(1, 1.1))  # noqa: S311 -- spreads the tries, guards nothing
    Webhook.objects.filter(pk=webhook.pk).update(
        failures=webhook.failures + 1,
        failing_since=since,
        next_try_at=at + wait,
    )
    if answer.status == GONE or at - since >= GIVES_UP_AFTER:
        Webhook.objects.filter(pk=webhook.pk, paused_at=None).update(paused_at=at)
        audit.record(actor=system_actor(Channel.JOB), at=at, verb="pause", obj=webhook)
