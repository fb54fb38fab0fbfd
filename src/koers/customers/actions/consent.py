"""How is it written down what a contact said about being called and mailed, and struck out again?"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from koers.core import audit
from koers.core.actor import Actor
from koers.core.errors import RuleError
from koers.core.saving import save_changes
from koers.customers.actions.company import contact_for
from koers.customers.models import Consent
from koers.customers.queries.consent import consent_for
from koers.organisation.policies import Right, require


class ConsentRefusedError(RuleError):
    """The line cannot be written down like this."""


@transaction.atomic
def add_consent(
    *, actor: Actor, contact_id: int, values: Mapping[str, Any], today: date, at: datetime
) -> Consent:
    """Add a line to the ledger; ``values``: said, channel, purpose, said_on, proof."""
    require(actor, Right.EDIT_CUSTOMERS)
    contact = contact_for(actor=actor, contact_id=contact_id)
    if values["said_on"] > today:
        raise ConsentRefusedError(_("This day has not come yet."))
    if not str(values["proof"]).strip():
        raise ConsentRefusedError(_("Write down how it was said: who calls or mails must be able to prove it."))  # fmt: skip
    made = Consent.objects.create(contact=contact, made_by_id=actor.user_id, made_at=at, **values)
    audit.record(actor=actor, at=at, verb="create", obj=made)
    return made


@transaction.atomic
def strike_consent(*, actor: Actor, consent_id: int, at: datetime) -> Consent:
    """Strike out a line that was written down by mistake; it stays readable and counts no more."""
    require(actor, Right.EDIT_CUSTOMERS)
    return _mark(actor, consent_for(actor=actor, consent_id=consent_id), at, deleted_at=at)


@transaction.atomic
def restore_consent(*, actor: Actor, consent_id: int, at: datetime) -> Consent:
    """Let a struck-out line count again."""
    require(actor, Right.EDIT_CUSTOMERS)
    found = consent_for(actor=actor, consent_id=consent_id, struck=True)
    return _mark(actor, found, at, deleted_at=None)


def _mark(actor: Actor, found: Consent, at: datetime, **values: Any) -> Consent:
    return save_changes(actor=actor, obj=found, version=found.version, values=values, at=at)
