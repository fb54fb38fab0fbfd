"""What lies in the bin that this person may take out?"""

from django.db.models import QuerySet

from koers.core.actor import Actor
from koers.customers.models import Company, Contact
from koers.customers.queries.company import companies_visible_to
from koers.organisation.policies import Right, may, require


def binned_companies(actor: Actor) -> QuerySet[Company]:
    """Companies in the bin, for who may put them there; nobody else finds any."""
    require(actor, Right.READ_CUSTOMERS)
    found = Company.objects.exclude(deleted_at=None).select_related("owner")
    if not may(actor, Right.REASSIGN_CUSTOMERS):
        return found.none()
    if actor.visible_people is None:
        return found
    return found.filter(owner_id__in=actor.visible_people)


def binned_contacts(actor: Actor) -> QuerySet[Contact]:
    """Contacts in the bin of companies that are not; those of a company come back with it."""
    found = Contact.objects.exclude(deleted_at=None).filter(company__in=companies_visible_to(actor))
    return found.select_related("company")
