"""What do tests of quotes begin with: a pump, a customer, and a quote that was sent?"""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from koers.catalogue.tests.factories import ProductCostFactory, ProductFactory
from koers.customers.tests.factories import CompanyFactory
from koers.organisation.tests.cast import acting
from koers.sell.actions.quote import QuoteValues, accept_offer, make_quote, send_quote, submit_quote
from koers.sell.queries.pricing import LineWish
from koers.sell.queries.quote import offer_link

NOW = timezone.now()
TODAY = date(2026, 11, 23)
HALF = Decimal("0.5")
TENTH = Decimal("0.1")


def values(**more):
    return QuoteValues(
        **({"quoted_on": TODAY, "valid_until": TODAY + timedelta(days=30), "language": "nl"} | more)
    )


@pytest.fixture
def pump(db):
    product = ProductFactory(code="P-1", name="Pump", list_price=Decimal("100.00"), currency="EUR")
    ProductCostFactory(
        product=product, cost=Decimal("70.00"), currency="EUR", valid_from=date(2026, 1, 1)
    )
    return product


@pytest.fixture
def acme(cast):
    return CompanyFactory(name="Acme", owner=cast.ann)


def quote_of(user, company, *wishes, **more):
    return make_quote(
        actor=acting(user), company_id=company.pk, values=values(**more), wishes=wishes, at=NOW
    )


def sent(cast, company, pump, share=Decimal(0), **more):
    quote = quote_of(cast.tom, company, LineWish(pump, Decimal(3), share), **more)
    submit_quote(actor=acting(cast.tom), quote_id=quote.pk, at=NOW)
    return send_quote(actor=acting(cast.tom), quote_id=quote.pk, at=NOW, today=TODAY)


def accept(quote, **more):
    return accept_offer(
        **(
            {
                "secret": offer_link(quote),
                "name": "Kim",
                "address": "192.0.2.1",
                "at": NOW,
                "today": TODAY,
            }
            | more
        )
    )
