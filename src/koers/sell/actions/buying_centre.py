"""How do people enter, move in and leave the buying centre of an opportunity?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from koers.core import audit
from koers.core.actor import Actor
from koers.core.errors import NotFoundError, RuleError
from koers.core.saving import save_changes
from koers.customers.models import Contact
from koers.customers.queries.choices import owners_visible_to
from koers.customers.queries.company import contacts_visible_to
from koers.organisation.models import User
from koers.organisation.policies import Right, require
from koers.sell.models import BuyingCentreMember, BuyingRole, Opportunity, Stance
from koers.sell.models.buying_centre import MOST_INFLUENCE
from koers.sell.queries.buying_centre import member_for
from koers.sell.queries.opportunity import opportunity_for


class BuyingCentreRefusedError(RuleError):
    """The person cannot be in the buying centre like this."""


@dataclass(frozen=True, slots=True)
class MemberValues:
    """What is known of a member; ``roles`` are keys of ``BuyingRole``."""

    roles: Sequence[str] = ()
    influence: int = 3
    stance: int = Stance.NEUTRAL
    interest: str = ""
    message: str = ""
    counterpart: User | None = None


@transaction.atomic
def add_member(
    *, actor: Actor, opportunity_id: int, contact: Contact, values: MemberValues, at: datetime
) -> BuyingCentreMember:
    """Put a contact of the customer in the buying centre; one who was taken out comes back with these values."""
    require(actor, Right.EDIT_CUSTOMERS)
    deal = opportunity_for(actor=actor, opportunity_id=opportunity_id)
    _check_contact(actor, deal, contact)
    wanted = _checked(actor, values)
    former = BuyingCentreMember.objects.filter(opportunity=deal, contact=contact).first()
    if former is not None and former.removed_at is None:
        raise BuyingCentreRefusedError(_("%(name)s is in the buying centre already.") % {"name": contact})  # fmt: skip
    if former is not None:
        changes = {**wanted, "removed_at": None}
        return save_changes(actor=actor, obj=former, version=former.version, values=changes, at=at)
    made = BuyingCentreMember.objects.create(opportunity=deal, contact=contact, **wanted)
    audit.record(actor=actor, at=at, verb="create", obj=made)
    return made


@transaction.atomic
def change_member(
    *, actor: Actor, opportunity_id: int, member_id: int, version: int, values: MemberValues, at: datetime
) -> BuyingCentreMember:  # fmt: skip
    """Change what is known of a member, unless somebody else changed the same since ``version``."""
    member = _member(actor, opportunity_id, member_id)
    return save_changes(actor=actor, obj=member, version=version, values=_checked(actor, values), at=at)  # fmt: skip


@transaction.atomic
def move_member(
    *, actor: Actor, opportunity_id: int, member_id: int, stance: int, at: datetime
) -> BuyingCentreMember:
    """Put a member at another stance on the map."""
    member = _member(actor, opportunity_id, member_id)
    if stance not in Stance.values:
        raise BuyingCentreRefusedError(_("A stance lies between opponent and supporter."))
    return save_changes(actor=actor, obj=member, version=member.version, values={"stance": stance}, at=at)  # fmt: skip


@transaction.atomic
def remove_member(*, actor: Actor, opportunity_id: int, member_id: int, at: datetime) -> BuyingCentreMember:  # fmt: skip
    """Take somebody out; what was known stays for when he or she comes back."""
    member = _member(actor, opportunity_id, member_id)
    return save_changes(actor=actor, obj=member, version=member.version, values={"removed_at": at}, at=at)  # fmt: skip


@transaction.atomic
def restore_member(*, actor: Actor, opportunity_id: int, member_id: int, at: datetime) -> BuyingCentreMember:  # fmt: skip
    """Put somebody back who was taken out."""
    member = _member(actor, opportunity_id, member_id, removed=True)
    return save_changes(actor=actor, obj=member, version=member.version, values={"removed_at": None}, at=at)  # fmt: skip


def _member(actor: Actor, opportunity_id: int, member_id: int, *, removed: bool = False) -> BuyingCentreMember:  # fmt: skip
    deal = opportunity_for(actor=actor, opportunity_id=opportunity_id)
    require(actor, Right.EDIT_CUSTOMERS)
    return member_for(opportunity=deal, member_id=member_id, removed=removed)


def _check_contact(actor: Actor, deal: Opportunity, contact: Contact) -> None:
    if not contacts_visible_to(actor).filter(pk=contact.pk).exists():
        raise NotFoundError(_("This contact does not exist."))
    if contact.company_id != deal.company_id:
        raise BuyingCentreRefusedError(
            _("%(name)s works for another company than the customer of this opportunity.") % {"name": contact}
        )  # fmt: skip


def _checked(actor: Actor, values: MemberValues) -> dict[str, object]:
    if not set(values.roles) <= set(BuyingRole.values):
        raise BuyingCentreRefusedError(_("There is no such role in a buying centre."))
    if not 1 <= values.influence <= MOST_INFLUENCE or values.stance not in Stance.values:
        raise BuyingCentreRefusedError(
            _("Influence lies between 1 and 5, stance between −2 and 2.")
        )
    other = values.counterpart
    if other and other.pk != actor.user_id and not owners_visible_to(actor).filter(pk=other.pk).exists():  # fmt: skip
        raise NotFoundError(_("This person does not exist."))
    return {
        "roles": [role for role in BuyingRole.values if role in values.roles],
        "influence": values.influence, "stance": int(values.stance), "interest": values.interest,
        "message": values.message, "counterpart": other,
    }  # fmt: skip
