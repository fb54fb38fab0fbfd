"""How do tests make products and product groups?"""

from datetime import date
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from koers.catalogue.models import Product, ProductCost, ProductGroup


class ProductGroupFactory(DjangoModelFactory):
    class Meta:
        model = ProductGroup

    name = factory.Sequence(lambda n: f"Group {n}")


class ProductFactory(DjangoModelFactory):
    class Meta:
        model = Product

    code = factory.Sequence(lambda n: f"P-{n:04}")
    name = factory.Sequence(lambda n: f"Product {n}")
    list_price = Decimal("100")
    currency = "EUR"


class ProductCostFactory(DjangoModelFactory):
    class Meta:
        model = ProductCost

    product = factory.SubFactory(ProductFactory)
    valid_from = date(2020, 1, 1)
    cost = Decimal("60")
    currency = "EUR"
