"""Which deals do the tests of the sales figures talk about?"""

from datetime import date
from decimal import Decimal

from koers.customers.tests.factories import CompanyFactory
from koers.sell.models import StageChange
from koers.sell.tests.factories import OpportunityFactory, PipelineFactory, StageFactory


def make_deals(cast):
    """Ann wins two and loses one, one is open; Cora loses one; one more was won the year before."""
    pipeline = PipelineFactory(name="Projects")
    kinds = (("Lead", "open"), ("Offer", "open"), ("Won", "won"), ("Lost", "lost"))
    lead, offer, won, lost = (
        StageFactory(pipeline=pipeline, name=name, kind=kind, position=place)
        for place, (name, kind) in enumerate(kinds)
    )
    food, health = CompanyFactory(industry="Food", owner=cast.ann), CompanyFactory(industry="Health", owner=cast.cora)  # fmt: skip
    rows = (
        (food, cast.ann, [lead, offer, won], date(2026, 1, 1), date(2026, 1, 31), 1000, "EUR"),
        (food, cast.ann, [lead, won], date(2026, 2, 1), date(2026, 3, 13), 3000, "EUR"),
        (food, cast.ann, [lead, lost], date(2026, 2, 1), date(2026, 3, 3), 500, "EUR"),
        (food, cast.ann, [lead, offer], date(2026, 5, 1), None, 700, "USD"),
        (health, cast.cora, [lead, offer, lost], date(2026, 3, 1), date(2026, 3, 11), 900, "EUR"),
        (health, cast.cora, [won], date(2025, 3, 1), date(2025, 3, 11), 50, "EUR"),
    )
    for company, owner, path, opened, closed, amount, currency in rows:
        deal = OpportunityFactory(
            company=company, owner=owner, stage=path[-1], opened_on=opened, closed_on=closed, amount=Decimal(amount),
            currency=currency, lost_reason="Price" if path[-1] == lost else "",
        )  # fmt: skip
        for stage in path:
            StageChange.objects.create(opportunity=deal, stage=stage, day=closed if stage == path[-1] and closed else opened)  # fmt: skip
    return pipeline
