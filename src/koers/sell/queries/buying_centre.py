"""Who is in the buying centre of an opportunity, when were they last met, and who is missing?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from koers.core.actor import Actor
from koers.core.errors import NotFoundError
from koers.customers.models import Contact
from koers.customers.queries.company import contacts_visible_to
from koers.sell.models import (
    Activity,
    ActivityStatus,
    BuyingCentreMember,
    BuyingRole,
    Opportunity,
    Stance,
)
from koers.sell.models.buying_centre import NEEDED


@dataclass(frozen=True, slots=True)
class Met:
    """A member with the day of the last contact we logged; None where there was none."""

    member: BuyingCentreMember
    last_contact: date | None

    @property
    def is_against(self) -> bool:
        """Whether he or she would rather not buy from us."""
        return self.member.stance < Stance.NEUTRAL


@dataclass(frozen=True, slots=True)
class BuyingCentre:
    """All members, the most influential first, and what is missing."""

    members: tuple[Met, ...]

    @property
    def not_met(self) -> list[Met]:
        """Members without a logged contact."""
        return [each for each in self.members if each.last_contact is None]

    @property
    def against(self) -> list[Met]:
        """Members with doubts or against us."""
        return [each for each in self.members if each.is_against]

    @property
    def same_message(self) -> list[list[Met]]:
        """Members who are told the same, apart from capitals and spaces, per message (S1.20)."""
        told: dict[str, list[Met]] = {}
        for each in self.members:
            told.setdefault(" ".join(each.member.message.casefold().split()), []).append(each)
        return [people for message, people in told.items() if message and len(people) > 1]

    @property
    def missing_roles(self) -> list[str]:
        """Roles every buying centre has and that nobody plays here yet, in words."""
        played = {role for each in self.members for role in each.member.roles}
        return [str(BuyingRole(role).label) for role in NEEDED if role not in played]

    def at(self, stance: int) -> list[Met]:
        """Members with this stance."""
        return [each for each in self.members if each.member.stance == stance]


def buying_centre_of(opportunity: Opportunity) -> BuyingCentre:
    """The members with their last contact; the caller has checked that the opportunity is visible."""
    members = list(
        BuyingCentreMember.objects.filter(opportunity=opportunity, removed_at=None, contact__deleted_at=None)
        .select_related("contact", "counterpart")
    )  # fmt: skip
    days = last_contacts([member.contact_id for member in members])
    return BuyingCentre(tuple(Met(member, days.get(member.contact_id)) for member in members))


def last_contacts(contact_ids: Sequence[int]) -> dict[int, date]:
    """Per contact the last day of an activity that was done with him or her."""
    rows = (
        Activity.objects.filter(status=ActivityStatus.DONE, contacts__in=contact_ids)
        .values("contacts")
        .annotate(last=Max("day"))
        .values_list("contacts", "last")
    )
    return dict(rows)


def member_for(*, opportunity: Opportunity, member_id: int, removed: bool = False) -> BuyingCentreMember:  # fmt: skip
    """A member of this opportunity, or as if it did not exist."""
    found = BuyingCentreMember.objects.select_related("contact", "counterpart").filter(
        pk=member_id, opportunity=opportunity, removed_at__isnull=not removed
    )  # fmt: skip
    member = found.first()
    if member is None:
        raise NotFoundError(_("This person is not in the buying centre."))
    return member


def contacts_to_add(actor: Actor, opportunity: Opportunity) -> QuerySet[Contact]:
    """Contacts of the customer that are not in the buying centre yet."""
    inside = BuyingCentreMember.objects.filter(opportunity=opportunity, removed_at=None)
    if opportunity.company is None:
        return Contact.objects.none()
    return contacts_visible_to(actor).filter(company=opportunity.company).exclude(pk__in=inside.values("contact"))  # fmt: skip
