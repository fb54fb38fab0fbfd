"""Are open deals counted in their month with their chance, and only for who may see them?"""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from koers.analyse.actions.facts import refresh_now
from koers.core.models import DataVersion
from koers.customers.tests.factories import CompanyFactory
from koers.organisation.tests.cast import acting
from koers.organisation.tests.counting import queries_of
from koers.plan.figures.pipeline_forecast import chances_of, deals_of, pipeline_of
from koers.plan.queries.pipeline_forecast import stage_records
from koers.plan.tests.factories import TargetFactory
from koers.sell.models import StageChange
from koers.sell.tests.factories import OpportunityFactory, PipelineFactory, StageFactory, sale

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = timezone.localdate()


@pytest.fixture
def world(cast):
    """Ann and Cora sell 70 every week for three years and have a target; each has open deals."""
    pipeline = PipelineFactory(name="Projects")
    offer = StageFactory(
        pipeline=pipeline, name="Offer", probability=Decimal("0.5"), forecast_category="commit"
    )
    gone = StageFactory(
        pipeline=pipeline,
        name="Asleep",
        probability=Decimal("0.1"),
        forecast_category="omitted",
        position=1,
    )
    for seller in (cast.ann, cast.cora):
        company = CompanyFactory(owner=seller)
        for week in range(1, 157):
            sale(company, TODAY - timedelta(days=7 * week), "70", seller=seller)
        TargetFactory(
            person=seller,
            period_start=TODAY - timedelta(days=30),
            period_end=TODAY + timedelta(days=28),
            amount=1000,
        )
        rows = (
            (offer, 1000, 3),
            (offer, 400, -5),
            (offer, None, 3),
            (gone, 9000, 3),
            (offer, 60, None),
        )
        for stage, amount, days in rows:
            OpportunityFactory(
                company=company,
                owner=seller,
                stage=stage,
                amount=amount,
                expected_close_on=None if days is None else TODAY + timedelta(days=days),
            )
    for part in ("company", "product", "person", "territory", "sbu", "target", "rate"):
        DataVersion.objects.get_or_create(part=part)
    refresh_now(today=TODAY, at=timezone.now())
    return cast


def open_deals(user, **more):
    return deals_of(actor=acting(user), today=TODAY, **{"by_record": False} | more)


def test_deals_stand_in_their_month_with_amount_times_chance_and_the_rest_is_told(world):
    found = pipeline_of(open_deals(world.tom), TODAY)
    assert (found.total.deals, found.total.amount, found.total.weighted) == (6, 2920, 1460)
    assert sum(row.amount for row in found.rows) == found.total.amount
    assert sum(row.weighted for row in found.rows) == found.total.weighted
    slots = {row.slot: (row.deals, row.amount) for row in found.rows if row.deals}
    assert (slots["overdue"], slots["none"]) == ((2, 800), (2, 120))
    assert (found.without_amount, found.omitted) == (2, 2)


def test_a_seller_sees_the_own_team_only(world):
    assert pipeline_of(open_deals(world.ann), TODAY).total.amount == 1460
    found = chances_of(actor=acting(world.ann), today=TODAY, level="seller", deals=open_deals(world.ann))  # fmt: skip
    assert [row.label for row in found.rows] == ["Ann de Boer"]


def test_the_chance_follows_from_sold_pace_and_deals(world):
    found = chances_of(actor=acting(world.tom), today=TODAY, level="seller", deals=open_deals(world.tom))  # fmt: skip
    ann = found.rows[0]
    assert (ann.label, ann.target, ann.weighted, ann.deals) == ("Ann de Boer", 1000, 700, 2)
    assert ann.rest == pytest.approx(Decimal(280), abs=1)
    assert ann.expected == ann.actual + ann.rest + ann.weighted
    assert ann.low <= ann.expected <= ann.high
    assert ann.chance == pytest.approx(0.5)
    assert found.total.target == sum(row.target for row in found.rows) == 2000
    teams = chances_of(actor=acting(world.tom), today=TODAY, level="team", deals=open_deals(world.tom))  # fmt: skip
    assert [row.label for row in teams.rows] == ["North", "South"]


def test_without_a_target_that_runs_there_is_no_chance(world):
    later = TODAY + timedelta(days=28)
    assert chances_of(actor=acting(world.tom), today=later, level="seller", deals=[]) is None


def test_a_stage_is_weighed_by_its_own_record_from_thirty_decided_deals_on(cast):
    pipeline = PipelineFactory(name="Projects")
    offer = StageFactory(pipeline=pipeline, name="Offer", probability=Decimal("0.5"))
    ends = [StageFactory(pipeline=pipeline, name=kind, kind=kind) for kind in ("won", "lost")]
    OpportunityFactory(owner=cast.ann, stage=offer, amount=100)
    for number in range(30):
        deal = OpportunityFactory(owner=cast.ann, stage=ends[number % 3 != 0], closed_on=date(2026, 1, 2))  # fmt: skip
        StageChange.objects.create(opportunity=deal, stage=offer, day=date(2026, 1, 1))
        if number == 28:
            assert open_deals(cast.tom, by_record=True)[0].chance == Decimal("0.5")
    record = stage_records(acting(cast.tom))[offer.pk]
    assert (record.won, record.decided) == (10, 30)
    assert open_deals(cast.tom, by_record=True)[0].weighted.quantize(Decimal("0.01")) == Decimal("33.33")  # fmt: skip


def test_every_amount_opens_as_many_deals_as_it_counts(world, client):
    client.force_login(world.tom, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(reverse("plan:pipeline_forecast"))
    assert page.status_code == 200
    for each in [*page.context["rows"], page.context["total"]]:
        shown = client.get(each["url"]).context["page"]
        assert len(shown.rows) == each["row"].deals
    for person in [*page.context["people"], page.context["whole"]]:
        assert len(client.get(person["url"]).context["page"].rows) == person["row"].deals
        assert client.get(person["figure_url"]).status_code == 200


@pytest.mark.parametrize("query", ["?per=moon", "?chances=luck", "?slot=soon", "?unit=x", "?category=closed"])  # fmt: skip
def test_what_is_no_choice_is_refused(client, cast, query):
    client.force_login(cast.tom, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(reverse("plan:pipeline_forecast") + query).status_code == 400


def test_the_list_of_deals_takes_as_many_queries_for_one_as_for_three(client, cast):
    client.force_login(cast.tom, backend="allauth.account.auth_backends.AuthenticationBackend")
    url, counts = reverse("plan:pipeline_forecast_deals"), []
    for more in (1, 2):
        OpportunityFactory.create_batch(more, owner=cast.ann, amount=5)
        counts.append(queries_of(client, url))
    assert counts[0] == counts[1]
