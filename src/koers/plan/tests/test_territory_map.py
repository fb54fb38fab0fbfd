"""Do territories show what they ask, bring and cost, to those who may know?"""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from koers.customers.models import Company
from koers.customers.tests.factories import CompanyFactory, SiteFactory
from koers.organisation.models import Territory
from koers.organisation.tests.cast import acting
from koers.organisation.tests.counting import queries_of
from koers.plan.actions.visit_norm import NormSetValues, NormValues, set_norms
from koers.sell.models import Activity

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TODAY = timezone.localdate(NOW)
URL = "/plan/territories/"


@pytest.fixture
def world(cast):
    """North carries itself, South loses; Ann works in both, and one customer lies nowhere."""
    set_norms(actor=acting(cast.tom), values=NormSetValues(TODAY - timedelta(days=400), 25, 5, "", [NormValues("A", "", 10, 60, Decimal(1), "12345")]), at=NOW)  # fmt: skip
    north, south = Territory.objects.create(name="North"), Territory.objects.create(name="South")
    made = {
        "rich": CompanyFactory(name="Rich", owner=cast.ann, territory=north, customer_class="A"),
        "poor": CompanyFactory(name="Poor", owner=cast.ann, territory=south, customer_class="A"),
        "loose": CompanyFactory(name="Loose", owner=cast.cora, customer_class="D"),
    }
    for name, turnover, contribution in (("rich", 400_000, 100_000), ("poor", 50_000, 10_000), ("loose", 10, None)):  # fmt: skip
        Company.objects.filter(pk=made[name].pk).update(turnover_12m=turnover, contribution_12m=contribution)  # fmt: skip
    for name, latitude in (("rich", 53.2), ("poor", 50.9)):
        SiteFactory(company=made[name], latitude=latitude, longitude=5.9)
    Activity.objects.create(kind="visit", status="done", subject="Visit", day=TODAY - timedelta(days=9), company=made["rich"], owner=cast.ann)  # fmt: skip
    return made


def rows(page):
    return {row.name: row.figures for row in page.context["rows"]}


def test_a_territory_below_break_even_stands_out(world, cast, client):
    client.force_login(cast.tom)
    page = client.get(URL, {"seller_cost": "90000"})
    found = rows(page)
    assert list(found) == ["North", "South", "Without a territory"]
    assert [found[name].cost for name in ("North", "South")] == [45_000, 45_000]
    assert [found[name].break_even for name in ("North", "South")] == [180_000, 225_000]
    assert [found[name].loses for name in found] == [False, True, None]
    assert [row.name for row in page.context["losing"]] == ["South"]
    assert (found["North"].hours, found["North"].coverage) == (15, 0.1)
    text = page.content.decode()
    assert text.count("is-losing") == 1
    assert "2!" in text


def test_each_figure_opens_with_its_parts(world, cast, client):
    client.force_login(cast.tom)
    key = Territory.objects.get(name="South").pk
    for name in ("hours", "turnover", "coverage", "cost", "result"):
        page = client.get(f"{URL}figures/{name}/", {"key": key})
        assert page.status_code == 200
        assert "Poor" in page.content.decode()
    assert "€225,000" in client.get(f"{URL}figures/result/", {"key": key, "seller_cost": "90000"}).content.decode()  # fmt: skip
    assert client.get(f"{URL}figures/result/", {"key": "none"}).status_code == 200
    assert client.get(f"{URL}balance/").status_code == 200
    assert client.get(f"{URL}figures/other/", {"key": key}).status_code == 404
    assert client.get(f"{URL}figures/hours/", {"key": 999_999}).status_code == 404


def test_colours_follow_the_measure_and_a_wrong_one_is_named(world, cast, client):
    client.force_login(cast.tom)
    tones = {by: [area.tone for area in client.get(URL, {"by": by}).context["drawing"].areas] for by in ("territory", "turnover", "result")}  # fmt: skip
    assert tones == {
        "territory": ["area-1", "area-2"],
        "turnover": ["area-step-3", "area-step-2"],
        "result": ["area-good", "area-bad"],
    }
    page = client.get(URL, {"by": "colour"})
    assert (page.status_code, list(page.context["form"].errors)) == (400, ["by"])
    page = client.get(URL, {"seller_cost": "0"})
    assert (page.status_code, list(page.context["form"].errors)) == (400, ["seller_cost"])


def test_without_coordinates_the_table_stands_alone(world, cast, client):
    client.force_login(cast.tom)
    for company in world.values():
        company.sites.all().delete()
    page = client.get(URL)
    assert page.context["drawing"] is None
    assert list(rows(page)) == ["North", "South", "Without a territory"]


def test_sellers_do_not_see_what_colleagues_cost(world, cast, client):
    client.force_login(cast.ann)
    for url in (URL, f"{URL}balance/", f"{URL}figures/hours/?key=none"):
        assert client.get(url).status_code == 403


def test_more_territories_ask_no_more_queries(world, cast, client):
    client.force_login(cast.tom)
    three = queries_of(client, URL)
    world["rich"].delete()
    world["poor"].delete()
    assert queries_of(client, URL) == three
