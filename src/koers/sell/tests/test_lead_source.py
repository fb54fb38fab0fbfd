"""What do leads of a source cost, how many are converted, and do the figures open their rows?"""

from decimal import Decimal

import pytest
from django.test import Client

from koers.organisation.tests.cast import acting
from koers.organisation.tests.counting import queries_of
from koers.sell.figures.lead_source import lead_sources
from koers.sell.tests.factories import LeadFactory

pytestmark = pytest.mark.django_db


def browser(user):
    client = Client()
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    return client


def fair_leads(owner):
    """Five leads of a fair: two converted, one disqualified, two open; one has no cost."""
    for status, cost in (("converted", 100), ("converted", 50), ("disqualified", 50), ("new", 101), ("working", None)):  # fmt: skip
        LeadFactory(owner=owner, source="fair", status=status, cost=cost and Decimal(cost))


def of(actor, source):
    rows, total = lead_sources(actor)
    return {row.count.source: row for row in rows}.get(source) if source else total


def test_open_leads_are_not_in_the_rate_and_its_interval_is_wilsons(cast):
    fair_leads(cast.ann)
    found = of(acting(cast.ann), "fair")
    counts = (found.count.leads, found.count.open, found.count.converted, found.count.disqualified)
    assert counts == (5, 2, 2, 1)
    assert found.rate == 2 / 3
    assert (round(found.interval.low, 4), round(found.interval.high, 4)) == (0.2077, 0.9385)
    assert found.is_few is True


def test_a_lead_without_a_cost_does_not_make_the_others_cheaper(cast):
    fair_leads(cast.ann)
    found = of(acting(cast.ann), "fair")
    assert [(each.per_lead, each.per_converted) for each in found.costs] == [(Decimal("75.25"), Decimal("150.50"))]  # fmt: skip
    assert found.count.without_cost == 1


def test_costs_in_two_currencies_are_not_added(cast):
    LeadFactory(owner=cast.ann, source="list", cost=Decimal(10), currency="EUR")
    LeadFactory(owner=cast.ann, source="list", cost=Decimal(30), currency="USD")
    LeadFactory(owner=cast.ann, source="fair", cost=Decimal(20), currency="EUR")
    total = of(acting(cast.ann), "")
    found = [(each.known.currency, each.known.cost, each.known.leads, each.per_lead, each.per_converted) for each in total.costs]  # fmt: skip
    assert found == [("EUR", Decimal(30), 2, Decimal("15.00"), None), ("USD", Decimal(30), 1, Decimal("30.00"), None)]  # fmt: skip


def test_a_source_without_decided_leads_has_no_rate(cast):
    LeadFactory(owner=cast.ann, source="website")
    found = of(acting(cast.ann), "website")
    assert (found.rate, found.interval, found.is_few, found.costs) == (None, None, False, ())


def test_leads_of_others_are_not_counted(cast):
    fair_leads(cast.cora)
    LeadFactory(owner=cast.ann, source="fair")
    assert of(acting(cast.ann), "fair").count.leads == 1
    assert of(acting(cast.adam), "fair").count.leads == 6


def test_every_count_opens_a_list_of_as_many_rows(cast):
    fair_leads(cast.ann)
    LeadFactory(owner=cast.ann, source="website", status="converted")
    client = browser(cast.ann)
    for query, rows in (
        ("source=fair", 5), ("source=fair&status=open", 2), ("source=fair&status=converted", 2),
        ("source=fair&status=disqualified", 1), ("source=&status=converted", 3),
    ):  # fmt: skip
        assert client.get(f"/sell/leads/?{query}").content.count(b"row-link") == rows, query
        address = f"?{query}".replace("&", "&amp;").encode()
        assert address in client.get("/sell/leads/sources/").content, query


def test_the_panels_show_the_parts_and_lead_to_the_rows(cast):
    fair_leads(cast.ann)
    client = browser(cast.ann)
    rate = client.get("/sell/leads/sources/rate/?source=fair").content.decode()
    assert "66.7%" in rate
    assert "?source=fair&amp;status=converted" in rate
    cost = client.get("/sell/leads/sources/cost/?source=fair&currency=EUR").content.decode()
    assert "€75.25" in cost
    assert "Leads without a cost are left out: 1." in cost


@pytest.mark.parametrize("query", ["rate/?source=list", "cost/?source=list", "cost/?source=fair&currency=USD"])  # fmt: skip
def test_a_source_or_currency_without_leads_is_not_found(cast, query):
    fair_leads(cast.ann)
    assert browser(cast.ann).get(f"/sell/leads/sources/{query}").status_code == 404


def test_the_page_asks_the_database_the_same_number_of_times(cast):
    client = browser(cast.ann)
    client.get("/sell/leads/sources/")
    LeadFactory(owner=cast.ann, source="fair", cost=Decimal(5))
    one = queries_of(client, "/sell/leads/sources/")
    for source in ("website", "list", "reference"):
        LeadFactory(owner=cast.ann, source=source, cost=Decimal(5), currency="USD")
    assert queries_of(client, "/sell/leads/sources/") == one
