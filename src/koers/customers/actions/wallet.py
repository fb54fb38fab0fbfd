"""How is it written down, corrected and removed what a customer buys a year?"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from koers.core import audit
from koers.core.actor import Actor
from koers.core.data_versions import mark_changed
from koers.core.errors import RuleError
from koers.core.saving import save_changes
from koers.customers.models import Wallet
from koers.customers.queries.company import company_for
from koers.customers.queries.wallet import wallet_for
from koers.organisation.policies import Right, require


class WalletRefusedError(RuleError):
    """These purchases cannot be written down like this."""


@transaction.atomic
def add_wallet(
    *, actor: Actor, company_id: int, values: Mapping[str, Any], today: date, at: datetime
) -> Wallet:
    """Write down what a customer buys a year; ``values``: day, amount, currency, source, note."""
    require(actor, Right.EDIT_CUSTOMERS)
    company = company_for(actor=actor, company_id=company_id)
    _check(values, today)
    made = Wallet.objects.create(company=company, made_by_id=actor.user_id, **values)
    audit.record(actor=actor, at=at, verb="create", obj=made)
    mark_changed("wallet")
    return made


@transaction.atomic
def change_wallet(
    *, actor: Actor, wallet_id: int, version: int, values: Mapping[str, Any], today: date, at: datetime
) -> Wallet:  # fmt: skip
    """Correct a record, unless somebody else changed the same since ``version``."""
    require(actor, Right.EDIT_CUSTOMERS)
    found = wallet_for(actor=actor, wallet_id=wallet_id)
    _check({"day": found.day, "amount": found.amount, **values}, today)
    saved = save_changes(actor=actor, obj=found, version=version, values=values, at=at)
    mark_changed("wallet")
    return saved


@transaction.atomic
def delete_wallet(*, actor: Actor, wallet_id: int, at: datetime) -> Wallet:
    """Put a record in the bin; no share counts it any more."""
    require(actor, Right.EDIT_CUSTOMERS)
    return _bin(actor, wallet_for(actor=actor, wallet_id=wallet_id), at, deleted_at=at)


@transaction.atomic
def restore_wallet(*, actor: Actor, wallet_id: int, at: datetime) -> Wallet:
    """Take a record out of the bin."""
    require(actor, Right.EDIT_CUSTOMERS)
    found = wallet_for(actor=actor, wallet_id=wallet_id, deleted=True)
    return _bin(actor, found, at, deleted_at=None)


def _bin(actor: Actor, found: Wallet, at: datetime, **values: Any) -> Wallet:
    saved = save_changes(actor=actor, obj=found, version=found.version, values=values, at=at)
    mark_changed("wallet")
    return saved


def _check(values: Mapping[str, Any], today: date) -> None:
    if values["amount"] <= 0:
        raise WalletRefusedError(_("Purchases are more than 0; leave them out where nothing is known."))  # fmt: skip
    if values["day"] > today:
        raise WalletRefusedError(_("This day has not come yet."))
