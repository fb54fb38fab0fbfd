"""Is a product added and changed by the rules, and its cost kept per day?"""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from koers.catalogue.actions.product import ProductRefusedError, add_product, set_cost
from koers.catalogue.models import Product, ProductCost
from koers.catalogue.tests.factories import ProductFactory
from koers.core.errors import NotAllowedError
from koers.core.models import AuditEntry
from koers.organisation.tests.cast import acting

NOW = timezone.now()


def test_a_code_is_used_once(cast):
    values = {"code": "P-1", "name": "Pump", "currency": "EUR"}
    add_product(actor=acting(cast.ben), values=values, at=NOW)
    with pytest.raises(ProductRefusedError):
        add_product(actor=acting(cast.ben), values=values, at=NOW)


def test_an_account_manager_reads_products_and_changes_none(cast):
    with pytest.raises(NotAllowedError):
        add_product(actor=acting(cast.ann), values={"code": "P", "name": "P"}, at=NOW)


def test_a_second_cost_of_the_same_day_replaces_the_first(cast):
    product = ProductFactory()
    for cost in ("60", "61.5"):
        set_cost(actor=acting(cast.ben), product_id=product.pk, valid_from=date(2026, 1, 1), cost=Decimal(cost), at=NOW)  # fmt: skip
    assert [each.cost for each in ProductCost.objects.all()] == [Decimal("61.5")]
    assert AuditEntry.objects.first().changes == {"cost": ["60.0000", "61.5"]}


def test_a_clash_on_the_product_form_shows_three_values_and_goes_on(cast, client):
    product = ProductFactory(name="Pump")
    url = f"/products/{product.pk}/edit/"
    client.force_login(cast.ben)
    form = client.get(url).context["form"]
    body = {bound.name: bound.value() for bound in form if bound.value() is not None}
    assert client.post(url, body | {"name": "Valve"}).status_code == 302
    clash = client.post(url, body | {"name": "Hose", "unit": "m"})
    assert clash.status_code == 409
    assert [(each["name"], each["read"], each["stored"], each["wanted"]) for each in clash.context["clashes"]] == [("name", "Pump", "Valve", "Hose")]  # fmt: skip
    again = {bound.name: bound.value() for bound in clash.context["form"] if bound.value()}
    assert client.post(url, again | {"keep_name": "stored"}).status_code == 302
    found = Product.objects.get()
    assert (found.name, found.unit) == ("Valve", "m")


def test_a_product_code_of_another_product_is_refused_on_change(cast, client):
    one, two = ProductFactory(code="A"), ProductFactory(code="B")
    client.force_login(cast.ben)
    body = {"code": one.code, "name": "x", "kind": "goods", "is_active": "on"}
    assert client.post(f"/products/{two.pk}/edit/", body).status_code == 400
    assert Product.objects.get(pk=two.pk).code == "B"
