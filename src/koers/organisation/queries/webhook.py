"""Which receivers of changes are there, and what has one not been told yet?"""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from koers.core.actor import Actor
from koers.core.errors import NotFoundError
from koers.core.models import AuditEntry
from koers.organisation.models import Webhook, WebhookCall
from koers.organisation.policies import Right, require

NOUNS = (
    "company",
    "contact",
    "product",
    "lead",
    "opportunity",
    "activity",
    "quote",
    "order",
    "target",
    "importrun",
)
"""Kinds of which changes can be told. People, rules and budgets are not among them; an import is told as one."""
CHANGES_PER_MESSAGE = 200


def webhooks(*, actor: Actor) -> QuerySet[Webhook]:
    """All receivers; only who manages the installation sees them."""
    require(actor, Right.MANAGE_INSTALLATION)
    return Webhook.objects.all()


def webhook_for(*, actor: Actor, webhook_id: int) -> Webhook:
    """One receiver, or as if it did not exist."""
    found = webhooks(actor=actor).filter(pk=webhook_id).first()
    if found is None:
        raise NotFoundError(_("This webhook does not exist."))
    return found


def last_calls(*, actor: Actor, webhook: Webhook, number: int = 50) -> list[WebhookCall]:
    """The newest calls of a receiver."""
    require(actor, Right.MANAGE_INSTALLATION)
    return list(webhook.calls.all()[:number])


def due_webhooks(*, at: datetime, newest_entry_id: int) -> QuerySet[Webhook]:
    """Receivers to call now: something is new, or a test was asked; nobody else is calling them."""
    free = Q(leased_until=None) | Q(leased_until__lte=at)
    wanted = Q(test_asked=True) | Q(told_up_to__lt=newest_entry_id)
    return Webhook.objects.filter(free, wanted, paused_at=None, next_try_at__lte=at)


def untold_entries(webhook: Webhook, *, up_to: int) -> QuerySet[AuditEntry]:
    """Entries of the trail the receiver asked for and was not told, oldest first."""
    return AuditEntry.objects.filter(
        pk__gt=webhook.told_up_to, pk__lte=up_to, noun__in=webhook.nouns
    ).order_by("pk")
