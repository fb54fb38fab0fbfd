"""How do tests make orders and opportunities?"""

from datetime import date
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from koers.catalogue.tests.factories import ProductFactory
from koers.core.data_versions import mark_order_lines_changed
from koers.customers.tests.factories import CompanyFactory
from koers.sell.models import Lead, Opportunity, Order, OrderLine, Pipeline, Stage


class OrderFactory(DjangoModelFactory):
    class Meta:
        model = Order

    number = factory.Sequence(lambda n: f"O-{n:05}")
    company = factory.SubFactory(CompanyFactory)
    ordered_on = date(2026, 1, 15)
    currency = "EUR"


class OrderLineFactory(DjangoModelFactory):
    class Meta:
        model = OrderLine

    order = factory.SubFactory(OrderFactory)
    position = factory.Sequence(lambda n: str(n))
    product = factory.SubFactory(ProductFactory)
    quantity = Decimal(1)
    list_price = Decimal(100)
    net = Decimal(100)
    cost = Decimal(60)


class PipelineFactory(DjangoModelFactory):
    class Meta:
        model = Pipeline
        django_get_or_create = ("name",)

    name = "Sales"


class StageFactory(DjangoModelFactory):
    class Meta:
        model = Stage
        django_get_or_create = ("pipeline", "name")

    pipeline = factory.SubFactory(PipelineFactory)
    name = "Offer"
    probability = factory.LazyAttribute(
        lambda made: {"won": Decimal(1), "lost": Decimal(0)}.get(made.kind, Decimal("0.4"))
    )
    kind = "open"


class OpportunityFactory(DjangoModelFactory):
    class Meta:
        model = Opportunity

    name = factory.Sequence(lambda n: f"Opportunity {n}")
    company = factory.SubFactory(CompanyFactory)
    stage = factory.SubFactory(StageFactory)
    stage_kind = factory.SelfAttribute("stage.kind")
    currency = "EUR"


class LeadFactory(DjangoModelFactory):
    class Meta:
        model = Lead

    company_name = factory.Sequence(lambda n: f"Lead {n}")
    received_on = date(2026, 11, 1)
    currency = "EUR"


def sale(company, on: date, net: str, *, cost: str | None = None, **more) -> Order:
    """An order of one line, counted in the facts at their next refresh."""
    line = {
        name: more.pop(name)
        for name in ("product", "is_fee", "discount", "quantity")
        if name in more
    }
    order = OrderFactory(company=company, ordered_on=on, **more)
    OrderLineFactory(
        order=order,
        net=Decimal(net),
        list_price=None,
        cost=None if cost is None else Decimal(cost),
        **line,
    )
    mark_order_lines_changed([on])
    return order
