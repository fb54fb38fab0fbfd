"""Is an order placed at the right price and cost, ordered again, and credited once?"""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from koers.catalogue.tests.factories import ProductCostFactory, ProductFactory
from koers.core.data_versions import current_versions
from koers.core.errors import NotAllowedError, NotFoundError
from koers.customers.tests.factories import CompanyFactory
from koers.organisation.tests.cast import acting
from koers.sell.actions.order import OrderRefusedError, credit_order, place_order
from koers.sell.models import Order
from koers.sell.queries.order import totals_of
from koers.sell.queries.pricing import LineWish

NOW = timezone.now()
TODAY = date(2026, 11, 23)


@pytest.fixture
def pump(db):
    product = ProductFactory(code="P-1", name="Pump", list_price=Decimal("100.00"), currency="EUR")
    for start, cost in ((date(2026, 1, 1), "70"), (date(2026, 11, 24), "80")):
        ProductCostFactory(product=product, cost=Decimal(cost), currency="EUR", valid_from=start)
    return product


def place(user, company, *wishes, **more):
    return place_order(
        **(
            {
                "actor": acting(user),
                "company_id": company.pk,
                "wishes": wishes,
                "ordered_on": TODAY,
                "at": NOW,
            }
            | more
        )
    )


def test_an_order_carries_the_cost_of_its_day_and_the_owner_of_the_customer(cast, pump):
    order = place(cast.ina, CompanyFactory(owner=cast.ann), LineWish(pump, Decimal("2.5")))
    line = order.lines.get()
    assert (order.seller, line.net, line.cost, totals_of(order).margin) == (
        cast.ann,
        Decimal(250),
        Decimal(175),
        Decimal("0.3"),
    )
    assert (
        place(
            cast.ann,
            order.company,
            LineWish(pump, Decimal(1)),
            ordered_on=TODAY + timedelta(days=1),
        )
        .lines.get()
        .cost
        == 80
    )


def test_an_order_tells_the_facts_of_its_month(cast, pump):
    before = current_versions().get("order_line:2026-11")
    place(cast.ann, CompanyFactory(owner=cast.ann), LineWish(pump, Decimal(1)))
    assert current_versions().get("order_line:2026-11") != before


def test_a_discount_above_ones_limit_takes_a_quote(cast, pump):
    company = CompanyFactory(owner=cast.ann)
    with pytest.raises(NotAllowedError):
        place(cast.ann, company, LineWish(pump, Decimal(1), Decimal("0.01")))
    assert (
        place(cast.tom, company, LineWish(pump, Decimal(1), Decimal("0.01"))).lines.get().net == 99
    )


def test_an_order_has_a_line_and_a_promise_after_its_day(cast, pump):
    company = CompanyFactory(owner=cast.ann)
    for wrong in ({"wishes": ()}, {"promised_on": TODAY - timedelta(days=1)}):
        with pytest.raises(OrderRefusedError):
            place(cast.ann, company, LineWish(pump, Decimal(1)), **wrong)
    assert Order.objects.count() == 0


def test_nobody_orders_for_a_customer_he_or_she_does_not_see(cast, pump):
    with pytest.raises(NotFoundError):
        place(cast.ann, CompanyFactory(owner=cast.cora), LineWish(pump, Decimal(1)))


def test_a_credit_note_takes_back_the_whole_order_once(cast, pump):
    order = place(cast.ann, CompanyFactory(owner=cast.ann), LineWish(pump, Decimal(2)))
    note = credit_order(actor=acting(cast.ann), order_id=order.pk, credited_on=TODAY, at=NOW)
    line = note.lines.get()
    assert (note.number, note.is_credit, note.credit_of, line.quantity, line.net, line.cost) == (
        "C2026-00001",
        True,
        order,
        -2,
        -200,
        -140,
    )
    for wrong in (order, note):
        with pytest.raises(OrderRefusedError):
            credit_order(actor=acting(cast.ann), order_id=wrong.pk, credited_on=TODAY, at=NOW)


def test_a_customer_orders_again_in_two_clicks(cast, pump):
    company = CompanyFactory(owner=cast.ann)
    place(cast.ann, company, LineWish(pump, Decimal(4)))
    client = Client()
    client.force_login(cast.ann, "allauth.account.auth_backends.AuthenticationBackend")
    url = f"/sell/company/{company.pk}/reorder/"
    page = client.get(url)
    forms = page.context["lines"], page.context["form"]
    body = {"line-TOTAL_FORMS": "4", "line-INITIAL_FORMS": "1"} | {
        bound.html_name: bound.value() or "" for form in [*forms[0], forms[1]] for bound in form
    }
    assert client.post(url, body).status_code == 302
    assert [order.lines.get().quantity for order in Order.objects.all()] == [4, 4]
