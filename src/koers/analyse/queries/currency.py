"""In which currency are figures shown?"""

from django.db.models import Count

from koers.organisation.queries.organisation import DEFAULT_CURRENCY, the_organisation
from koers.sell.models import Order


def reporting_currency() -> str:
    """The organisation's base currency; before one is set up, the currency most orders are in."""
    organisation = the_organisation()
    if organisation is not None:
        return organisation.base_currency
    most = (
        Order.objects.values("currency")
        .annotate(orders=Count("id"))
        .order_by("-orders", "currency")
        .first()
    )
    return str(most["currency"]) if most else DEFAULT_CURRENCY
