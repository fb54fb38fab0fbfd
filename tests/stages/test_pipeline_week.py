"""Does what changed in a week add up to the cent on every level, and does every step open its deals?"""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from koers.customers.tests.factories import CompanyFactory
from koers.organisation.models import BusinessUnit
from koers.organisation.tests.cast import acting
from koers.plan.figures.pipeline_week import week_of
from koers.plan.queries.call_period import quarter_period
from koers.plan.views.pipeline_week import week_words
from koers.sell.models import StageChange
from koers.sell.tests.factories import OpportunityFactory, PipelineFactory, StageFactory

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
LONG_AGO, LATELY = TODAY - timedelta(days=30), TODAY - timedelta(days=2)
IN_TIME = quarter_period(TODAY).period.last_day
LATE = IN_TIME + timedelta(days=20)


@pytest.fixture
def deal(cast):
    pipeline = PipelineFactory(name="Projects")
    stages = {
        kind: StageFactory(pipeline=pipeline, name=kind, kind=kind, position=place)
        for place, kind in enumerate(("open", "won", "lost"))
    }

    def make(*history):
        """(day, kind, amount, expected, owner) in order."""
        _day, kind, amount, expected, owner = history[-1]
        made = OpportunityFactory(
            stage=stages[kind], owner=owner, company=CompanyFactory(owner=owner), amount=amount, expected_close_on=expected,
            opened_on=history[0][0], closed_on=None if kind == "open" else history[-1][0],
        )  # fmt: skip
        for day, then, worth, due, whose in history:
            StageChange.objects.create(opportunity=made, day=day, stage=stages[then], amount=worth, expected_close_on=due, owner=whose)  # fmt: skip

    return make


@pytest.fixture
def week(cast, deal):
    """One of each kind with Ann, one that went from Ann to Cora, and one of Cora's that stood still."""
    ann, cora = cast.ann, cast.cora
    deal((LATELY, "open", 11, IN_TIME, ann))
    deal((LONG_AGO, "open", Decimal("200.25"), IN_TIME, ann), (LATELY, "won", 250, None, ann))
    deal((LONG_AGO, "open", 40, IN_TIME, ann), (LATELY, "lost", 40, None, ann))
    deal((LONG_AGO, "open", 70, LATE, ann), (LATELY, "open", 75, IN_TIME, ann))
    deal((LONG_AGO, "open", 90, IN_TIME, ann), (LATELY, "open", 95, LATE, ann))
    deal((LONG_AGO, "open", 100, IN_TIME, ann), (LATELY, "open", Decimal("130.10"), IN_TIME, ann))
    deal((LONG_AGO, "open", 60, IN_TIME, ann), (LATELY, "open", 50, IN_TIME, ann))
    deal((LONG_AGO, "open", 500, IN_TIME, ann), (LATELY, "open", 500, IN_TIME, cora))
    deal((LONG_AGO, "open", 9, IN_TIME, cora))
    deal((LONG_AGO, "open", 7000, LATE, cora))
    return cast


def effects(row):
    return {effect.value: level.amount for effect, level in row.bridge.effects.items() if level.amount}  # fmt: skip


def of(user, level):
    return week_of(actor=acting(user), today=TODAY, level=level, base="EUR")


def test_every_step_of_the_week_is_told_and_every_row_adds_up(week):
    found = of(week.tom, "seller")
    ann, cora = found.rows
    shared = {"new": 11, "won": Decimal("-200.25"), "lost": -40, "pulled_in": 75, "slipped": -90, "grew": Decimal("30.10"), "shrunk": -10}  # fmt: skip
    assert (ann.label, effects(ann)) == ("Ann de Boer", shared | {"handed_over": -500})
    assert (cora.label, effects(cora)) == ("Cora Visser", {"taken_over": 500})
    assert effects(found.total) == shared
    for level in ("seller", "team"):
        rows = of(week.tom, level)
        for row in (*rows.rows, rows.total):
            assert row.bridge.before.amount + sum(effects(row).values()) == row.bridge.after.amount
        for day in ("before", "after"):
            assert sum(getattr(row.bridge, day).amount for row in rows.rows) == getattr(rows.total.bridge, day).amount  # fmt: skip
    assert (found.total.bridge.before.amount, found.total.bridge.after.amount) == (Decimal("999.25"), Decimal("775.10"))  # fmt: skip


def test_a_seller_sees_the_week_of_the_own_team_alone(week):
    assert [row.label for row in of(week.cora, "team").rows] == ["South"]
    assert week_words(acting(week.sam), "seller", TODAY)["total"]["before"].amount == Decimal("490.25")  # fmt: skip


def test_every_step_opens_its_deals_on_every_level(week, client):
    unit = BusinessUnit.objects.create(name="Kitchens")
    for person in (week.ann, week.cora):
        person.business_unit = unit
        person.save()
    client.force_login(week.tom, backend="allauth.account.auth_backends.AuthenticationBackend")
    for level in ("seller", "team", "sbu"):
        words = week_words(acting(week.tom), level, TODAY)
        assert words["rows"]
        for row in (*words["rows"], words["total"]):
            for part in ("before", "after"):
                assert client.get(row[f"{part}_url"]).context["total"] == row[part].amount
            for _label, amount, url in row["cells"]:
                if url:
                    assert client.get(url).context["total"] == amount


def test_the_week_takes_as_many_queries_for_one_deal_as_for_three(cast, deal):
    counts = []
    for owners in ((cast.ann,), (cast.cora, cast.sam)):
        for owner in owners:
            deal((LATELY, "open", 11, IN_TIME, owner))
        actor = acting(cast.tom)
        with CaptureQueriesContext(connection) as seen:
            week_words(actor, "team", TODAY)
        counts.append(len(seen))
    assert counts[0] == counts[1]
