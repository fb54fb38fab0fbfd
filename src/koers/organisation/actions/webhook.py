"""How is a receiver of changes added, tested, paused, resumed and taken away?"""

import base64
import secrets
from collections.abc import Collection
from contextlib import suppress
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from koers.core import audit
from koers.core.actor import Actor
from koers.core.errors import RuleError
from koers.core.models import AuditEntry
from koers.core.outbound import UnknownNameError, checked_address, destination
from koers.organisation.models import Webhook
from koers.organisation.policies import Right, require
from koers.organisation.queries.webhook import NOUNS, webhook_for

MOST = 20
SECRET_BYTES = 24


class WebhookRefusedError(RuleError):
    """The webhook cannot be made like this."""


@transaction.atomic
def add_webhook(
    *, actor: Actor, name: str, url: str, nouns: Collection[str], at: datetime
) -> Webhook:
    """Add a receiver that is told of every change from now on."""
    require(actor, Right.MANAGE_INSTALLATION)
    _check_address(url)
    chosen = [noun for noun in NOUNS if noun in nouns]
    if not chosen or len(chosen) != len(set(nouns)):
        raise WebhookRefusedError(_("Choose of which records changes are told."))
    if Webhook.objects.count() >= MOST:
        raise WebhookRefusedError(
            _("There are %(count)s webhooks already. Remove one first.") % {"count": MOST}
        )
    try:
        with transaction.atomic():
            webhook = Webhook.objects.create(
                name=name,
                url=url,
                secret=_new_secret(),
                nouns=chosen,
                created_by_id=actor.user_id,
                created_at=at,
                told_up_to=_newest_entry_id(),
                next_try_at=at,
            )
    except IntegrityError:
        raise WebhookRefusedError(_("There is a webhook called “%s” already.") % name) from None
    audit.record(
        actor=actor, at=at, verb="create", obj=webhook, changes={"url": audit.Change("", url)}
    )
    return webhook


@transaction.atomic
def remove_webhook(*, actor: Actor, webhook_id: int, at: datetime) -> None:
    """Take a receiver away; it is told nothing more."""
    webhook = webhook_for(actor=actor, webhook_id=webhook_id)
    audit.record(actor=actor, at=at, verb="delete", obj=webhook)
    webhook.delete()


@transaction.atomic
def renew_secret(*, actor: Actor, webhook_id: int, at: datetime) -> Webhook:
    """Sign with another secret from now on."""
    webhook = webhook_for(actor=actor, webhook_id=webhook_id)
    Webhook.objects.filter(pk=webhook.pk).update(secret=_new_secret())
    audit.record(actor=actor, at=at, verb="renew_secret", obj=webhook)
    webhook.refresh_from_db()
    return webhook


@transaction.atomic
def ask_test(*, actor: Actor, webhook_id: int, at: datetime) -> Webhook:
    """Have the worker call the receiver with an empty message."""
    webhook = webhook_for(actor=actor, webhook_id=webhook_id)
    if webhook.paused_at:
        raise WebhookRefusedError(_("This webhook is paused. Resume it first."))
    Webhook.objects.filter(pk=webhook.pk).update(test_asked=True, next_try_at=at)
    audit.record(actor=actor, at=at, verb="ask_test", obj=webhook)
    return webhook


@transaction.atomic
def pause_webhook(*, actor: Actor, webhook_id: int, at: datetime) -> Webhook:
    """Call the receiver no more; what changes meanwhile is told after it is resumed."""
    webhook = webhook_for(actor=actor, webhook_id=webhook_id)
    if Webhook.objects.filter(pk=webhook.pk, paused_at=None).update(paused_at=at):
        audit.record(actor=actor, at=at, verb="pause", obj=webhook)
    return webhook


@transaction.atomic
def resume_webhook(*, actor: Actor, webhook_id: int, skip: bool, at: datetime) -> Webhook:
    """Call the receiver again, from where it was or, with ``skip``, from now."""
    webhook = webhook_for(actor=actor, webhook_id=webhook_id)
    values: dict[str, object] = {
        "paused_at": None,
        "failures": 0,
        "failing_since": None,
        "next_try_at": at,
    }
    if skip:
        values |= {"told_up_to": _newest_entry_id(), "sending_up_to": None}
    Webhook.objects.filter(pk=webhook.pk).update(**values)
    audit.record(actor=actor, at=at, verb="resume_from_now" if skip else "resume", obj=webhook)
    return webhook


def pause_every_webhook(*, actor: Actor, at: datetime) -> int:
    """After a restore: another machine may still be telling the receivers. Returns how many paused."""
    paused = 0
    for webhook in Webhook.objects.filter(paused_at=None):
        with transaction.atomic():
            Webhook.objects.filter(pk=webhook.pk).update(paused_at=at)
            audit.record(actor=actor, at=at, verb="pause", obj=webhook)
        paused += 1
    return paused


def _check_address(url: str) -> None:
    """Refuse an internal address at once; a name nobody knows yet may be known when it is called."""
    with suppress(UnknownNameError):
        checked_address(destination(url))


def _new_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def _newest_entry_id() -> int:
    return int(AuditEntry.objects.aggregate(newest=Max("pk"))["newest"] or 0)
