"""What does a customer want from an opportunity, and what of it is still open?"""

from collections.abc import Sequence

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.utils.translation import gettext as _

from koers.core.errors import NotFoundError
from koers.customers.models import Contact
from koers.sell.models import Need, NeedStatus, Opportunity

SHOWN_AT_COMPANY = 6


def needs_of(opportunity: Opportunity) -> list[Need]:
    """The most important first; the caller has checked that the opportunity is visible."""
    found = Need.objects.filter(opportunity=opportunity, removed_at=None)
    return list(found.select_related("contact", "product"))


def need_for(*, opportunity: Opportunity, need_id: int, removed: bool = False) -> Need:
    """One need of this opportunity, or as if it did not exist."""
    found = Need.objects.select_related("contact", "product").filter(
        pk=need_id, opportunity=opportunity, removed_at__isnull=not removed
    )
    need = found.first()
    if need is None:
        raise NotFoundError(_("This need does not exist."))
    return need


def has_needs(opportunity: Opportunity) -> bool:
    """Whether anything was written down of what the customer wants."""
    return Need.objects.filter(opportunity=opportunity, removed_at=None).exists()


def needs_in(opportunities: QuerySet[Opportunity]) -> tuple[list[Need], int]:
    """Of some opportunities, what is not met first and then the most important; a few, and how many there are."""
    open_first = Case(
        When(status=NeedStatus.NOT, then=Value(0)), When(status=NeedStatus.PARTLY, then=Value(1)),
        default=Value(2), output_field=IntegerField(),
    )  # fmt: skip
    found = Need.objects.filter(
        opportunity__in=opportunities.order_by().values("pk"), removed_at=None
    )
    shown = found.select_related("opportunity", "contact").order_by(open_first, "-importance", "pk")
    return list(shown[:SHOWN_AT_COMPANY]), found.count()


def speakers(opportunity: Opportunity) -> QuerySet[Contact]:
    """Who at the customer may have said it."""
    if opportunity.company_id is None:
        return Contact.objects.none()
    return Contact.objects.filter(company=opportunity.company_id, deleted_at=None)


def said_by(needs: Sequence[Need]) -> int:
    """How many different people said what they want."""
    return len({each.contact_id for each in needs if each.contact_id})
