"""Do lists take the same number of queries with one row as with three?"""

from datetime import date

import pytest
from django.utils import timezone

from koers.catalogue.tests.factories import ProductFactory, ProductGroupFactory
from koers.core import audit
from koers.core.models import ImportRun, Job
from koers.customers.tests.factories import CompanyFactory, ContactFactory, SegmentFactory
from koers.organisation.tests.cast import acting
from koers.organisation.tests.counting import queries_of
from koers.organisation.tests.factories import TeamFactory, TerritoryFactory, UserFactory
from koers.plan.models import Budget, ForecastRun, ForecastSeries
from koers.plan.tests.factories import TargetFactory
from koers.sell.tests.factories import OpportunityFactory, OrderFactory

MOST_QUERIES = 20


def company(cast, number):
    CompanyFactory(owner=cast.ann, segment=SegmentFactory(), territory=TerritoryFactory())


def contact(cast, number):
    ContactFactory(company__owner=cast.ann)


def order(cast, number):
    OrderFactory(company__owner=cast.ann, seller=cast.sam)


def opportunity(cast, number):
    OpportunityFactory(company__owner=cast.ann, owner=cast.sam, product=ProductFactory())


def product(cast, number):
    ProductFactory(group=ProductGroupFactory(parent=ProductGroupFactory()))


def target(cast, number):
    TargetFactory(person=cast.ann, period_start=date(2020 + number, 1, 1), period_end=date(2021 + number, 1, 1))  # fmt: skip


def forecast(cast, number):
    month = date(2027, number, 1)
    run = ForecastRun.objects.create(division="seller", first_month=month, horizon=1, currency="EUR", covers_all=True, made_at=timezone.now(), made_by_name="Tom")  # fmt: skip
    ForecastSeries.objects.create(run=run, is_total=True, method="naive").points.create(
        month=month, value=5, low_80=4, high_80=6, low_95=3, high_95=7
    )


def budget(cast, number):
    Budget.objects.create(name=f"Budget {number}", division="sbu", first_month=date(2027, number, 1), currency="EUR", made_at=timezone.now(), made_by_name="Tom")  # fmt: skip


def person(cast, number):
    UserFactory(team=TeamFactory(lead=cast.ann), territory=TerritoryFactory())


def audit_entry(cast, number):
    audit.record(actor=acting(cast.ann), at=timezone.now(), verb="change", obj=cast.sam)


def import_run(cast, number):
    ImportRun.objects.create(kind="companies", file_name="x.csv", created_at=timezone.now(), started_by=cast.ann)  # fmt: skip


def job(cast, number):
    Job.objects.create(task="refresh_facts", asked_by=cast.ann, asked_at=timezone.now())


@pytest.mark.parametrize(
    ("url", "make"),
    [
        ("/customers/", company),
        ("/customers/contacts/", contact),
        ("/sell/orders/", order),
        ("/sell/opportunities/", opportunity),
        ("/products/", product),
        ("/plan/targets/", target),
        ("/plan/forecasts/", forecast),
        ("/plan/budgets/", budget),
        ("/organisation/people/", person),
        ("/organisation/teams/", person),
        ("/organisation/audit/", audit_entry),
        ("/import/", import_run),
        ("/jobs/", job),
    ],
)
def test_a_list_takes_as_many_queries_for_three_rows_as_for_one(cast, client, url, make):
    client.force_login(cast.adam)
    make(cast, 1)
    with_one = queries_of(client, url)
    make(cast, 2)
    make(cast, 3)
    assert queries_of(client, url) == with_one
    assert with_one <= MOST_QUERIES
