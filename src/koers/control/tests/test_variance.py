"""Can the difference between two periods be opened down to its customers, products and lines?"""

from datetime import date
from decimal import Decimal

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from koers.analyse.actions.facts import refresh_now
from koers.analyse.forms.period import UnknownPeriodError
from koers.catalogue.tests.factories import ProductFactory, ProductGroupFactory
from koers.control.forms.comparison import comparison_from, just_before
from koers.core.models import DataVersion
from koers.core.periods import Period
from koers.customers.tests.factories import CompanyFactory
from koers.sell.tests.factories import sale

PARTS = ("company", "product", "person", "territory", "sbu", "target", "rate")
pytestmark = pytest.mark.django_db(transaction=True)
TODAY = date(2026, 11, 23)
YEARS = "from=2026-01-01&to=2026-12-31&against_from=2025-01-01&against_to=2025-12-31"


@pytest.fixture
def sold(cast):
    """Ann's customer buys less of a pump at a higher price; Cora's customer leaves."""
    pump = ProductFactory(name="Pump", group=ProductGroupFactory(name="Pumps"))
    stays = CompanyFactory(name="Stays", owner=cast.ann)
    leaves = CompanyFactory(name="Leaves", owner=cast.cora)
    sale(
        stays,
        date(2025, 5, 1),
        "1000",
        cost="700",
        seller=cast.ann,
        product=pump,
        quantity=Decimal(10),
    )
    sale(
        leaves,
        date(2025, 5, 1),
        "300",
        cost="210",
        seller=cast.cora,
        product=pump,
        quantity=Decimal(3),
    )
    sale(
        stays,
        date(2026, 5, 1),
        "880",
        cost="560",
        seller=cast.ann,
        product=pump,
        quantity=Decimal(8),
    )
    for part in PARTS:
        DataVersion.objects.get_or_create(part=part)
    refresh_now(today=TODAY, at=timezone.now())
    return pump


@pytest.fixture
def get(client, sold):
    def ask(user, name, *args, query=YEARS):
        client.force_login(user)
        return client.get(f"{reverse(f'control:{name}', args=args)}?{query}")

    return ask


def used(row):
    return {str(name): value for name, value in row.effects.items() if value}


def test_the_bridge_splits_the_change_into_lost_customers_quantity_and_price(get, cast):
    total = get(cast.dirk, "variance").context["found"].total
    assert (total.before, total.after) == (1300, 880)
    assert used(total) == {"lost_customers": -300, "quantity": -200, "price": 80}


def test_the_contribution_has_an_effect_of_the_unit_cost(get, cast):
    answer = get(cast.dirk, "variance", query=f"{YEARS}&measure=contribution")
    assert used(answer.context["found"].total) == {
        "lost_customers": -90,
        "quantity": -60,
        "price": 80,
    }


def test_a_seller_sees_the_bridge_of_the_own_customers_only(get, cast):
    found = get(cast.ann, "variance", query=f"{YEARS}&by=seller").context["found"]
    assert [(row.label, used(row)) for row in found.rows] == [
        ("Ann de Boer", {"quantity": -200, "price": 80})
    ]


def test_an_effect_opens_the_customers_it_is_made_of(get, cast, sold):
    answer = get(cast.dirk, "variance_rows", query=f"{YEARS}&effect=lost_customers")
    assert [(row.label, value) for row, value, *_urls in answer.context["rows"]] == [
        ("Leaves", -300)
    ]
    answer = get(cast.dirk, "variance_rows", query=f"{YEARS}&effect=price&inside=group&key={sold.group_id}")  # fmt: skip
    (row, value, before, after) = answer.context["rows"][0]
    assert (row.label, value, row.price_before, row.price_after) == ("Pump", 80, 100, 110)
    for url, lines in ((before, 2), (after, 1)):
        assert answer.client.get(url).context["page"].total == lines


def test_the_panel_of_an_effect_names_the_formula_and_its_parts(get, cast):
    panel = get(cast.dirk, "variance_figure", "quantity").context["panel"]
    assert (panel.formula_id, panel.rows_count) == ("F9.17", 1)
    assert [value for _label, value in panel.parts[:2]] == ["10", "8"]


def test_a_role_that_may_not_see_costs_gets_no_contribution(get, cast):
    assert get(cast.ina, "variance", query=f"{YEARS}&measure=contribution").status_code == 403


@pytest.mark.parametrize("query", ["by=moon", "measure=luck", "against=never", "against_from=x"])
def test_what_the_page_does_not_know_is_refused(query):
    with pytest.raises(UnknownPeriodError):
        comparison_from(QueryDict(query), today=TODAY)


@pytest.mark.parametrize(
    ("period", "before"),
    [
        (Period(date(2026, 4, 1), date(2026, 7, 1)), Period(date(2026, 1, 1), date(2026, 4, 1))),
        (Period(date(2026, 4, 1), date(2026, 4, 11)), Period(date(2026, 3, 22), date(2026, 4, 1))),
    ],
)  # fmt: skip
def test_the_period_just_before_has_as_many_months_or_as_many_days(period, before):
    assert just_before(period) == before
