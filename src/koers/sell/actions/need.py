"""How is what a customer wants from an opportunity written down, answered, taken out and put back?"""

from dataclasses import dataclass, fields
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from koers.catalogue.models import Product
from koers.core import audit
from koers.core.actor import Actor
from koers.core.errors import RuleError
from koers.core.saving import save_changes
from koers.customers.models import Contact
from koers.organisation.policies import Right, require
from koers.sell.models import Need, NeedKind, NeedStatus, Opportunity
from koers.sell.models.need import MOST_IMPORTANT
from koers.sell.queries.need import need_for, speakers
from koers.sell.queries.opportunity import opportunity_for


class NeedRefusedError(RuleError):
    """It cannot be written down like this."""


@dataclass(frozen=True, slots=True)
class NeedValues:
    """What the customer wants, who said it, how much it matters (1-5), and our answer."""

    text: str
    kind: str = NeedKind.NEED
    contact: Contact | None = None
    importance: int = 3
    product: Product | None = None
    answer: str = ""
    status: str = NeedStatus.NOT


@transaction.atomic
def add_need(*, actor: Actor, opportunity_id: int, values: NeedValues, at: datetime) -> Need:
    """Write down what the customer wants."""
    deal = opportunity_for(actor=actor, opportunity_id=opportunity_id)
    require(actor, Right.EDIT_CUSTOMERS)
    made = Need.objects.create(opportunity=deal, **_checked(deal, values))
    audit.record(actor=actor, at=at, verb="create", obj=made)
    return made


@transaction.atomic
def change_need(
    *, actor: Actor, opportunity_id: int, need_id: int, version: int, values: NeedValues, at: datetime
) -> Need:  # fmt: skip
    """Change it, unless somebody else changed the same since ``version``."""
    need = _need(actor, opportunity_id, need_id)
    wanted = _checked(need.opportunity, values)
    return save_changes(actor=actor, obj=need, version=version, values=wanted, at=at)


@transaction.atomic
def remove_need(*, actor: Actor, opportunity_id: int, need_id: int, at: datetime) -> Need:
    """Take it out; it can be put back."""
    need = _need(actor, opportunity_id, need_id)
    return save_changes(actor=actor, obj=need, version=need.version, values={"removed_at": at}, at=at)  # fmt: skip


@transaction.atomic
def restore_need(*, actor: Actor, opportunity_id: int, need_id: int, at: datetime) -> Need:
    """Put back what was taken out."""
    need = _need(actor, opportunity_id, need_id, removed=True)
    return save_changes(actor=actor, obj=need, version=need.version, values={"removed_at": None}, at=at)  # fmt: skip


def _need(actor: Actor, opportunity_id: int, need_id: int, *, removed: bool = False) -> Need:
    deal = opportunity_for(actor=actor, opportunity_id=opportunity_id)
    require(actor, Right.EDIT_CUSTOMERS)
    return need_for(opportunity=deal, need_id=need_id, removed=removed)


def _checked(deal: Opportunity, values: NeedValues) -> dict[str, object]:
    if not values.text.strip():
        raise NeedRefusedError(_("Say what the customer wants, in the customer's own words."))
    if not 1 <= values.importance <= MOST_IMPORTANT:
        raise NeedRefusedError(_("Importance lies between 1 and 5."))
    if values.kind not in NeedKind.values or values.status not in NeedStatus.values:
        raise NeedRefusedError(_("Choose need, wish or expectation, and how far it is met."))
    if values.contact is not None and not speakers(deal).filter(pk=values.contact.pk).exists():
        raise NeedRefusedError(
            _("%(name)s works for another company than the customer of this opportunity.") % {"name": values.contact}
        )  # fmt: skip
    if values.status != NeedStatus.NOT and not (values.answer.strip() or values.product):
        raise NeedRefusedError(_("With what is it met? Name a product, or say it in words."))
    return {each.name: getattr(values, each.name) for each in fields(values)}
