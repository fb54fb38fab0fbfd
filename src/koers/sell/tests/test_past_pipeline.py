"""Is the pipeline of a past day what it was that day, and does the bridge open its deals?"""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from koers.core.models import ExchangeRate
from koers.customers.tests.factories import CompanyFactory
from koers.organisation.tests.cast import acting
from koers.sell.figures.past_pipeline import compared_pipelines
from koers.sell.models import StageChange
from koers.sell.queries.past_pipeline import PastScope
from koers.sell.tests.factories import OpportunityFactory, PipelineFactory, StageFactory

FIRST, LAST = date(2026, 9, 30), date(2026, 10, 31)
BEFORE, BETWEEN, LATER = date(2026, 9, 1), date(2026, 10, 10), date(2026, 11, 5)


@pytest.fixture
def stages(db):
    pipeline = PipelineFactory(name="Projects")
    return {
        name: StageFactory(pipeline=pipeline, name=name, kind=kind, position=place, probability=Decimal(share))
        for place, (name, kind, share) in enumerate(
            [("First", "open", "0.1"), ("Offer", "open", "0.5"), ("Won", "won", "1"), ("Lost", "lost", "0")]
        )
    }  # fmt: skip


@pytest.fixture
def deal(cast, stages):
    """Makes a deal from its history: (day, stage, amount[, more]) in order."""

    def make(*history, owner=None, **more):
        owner = owner or cast.ann
        stage = stages[history[-1][1]]
        made = OpportunityFactory(
            stage=stage, owner=owner, company=CompanyFactory(owner=owner),
            opened_on=more.pop("opened_on", history[0][0]), **more,
        )  # fmt: skip
        for day, name, amount, *rest in history:
            values = {"owner": owner, **(rest[0] if rest else {})}
            StageChange.objects.create(opportunity=made, day=day, stage=stages[name], amount=amount, **values)  # fmt: skip
        return made

    return make


def compared(person, *, before=FIRST, after=LAST, **scope):
    return compared_pipelines(actor=acting(person), scope=PastScope(**scope), before=before, after=after, base="EUR")  # fmt: skip


def effects(found):
    return {effect.value: (level.deals, level.amount) for effect, level in found.bridge.effects.items()}  # fmt: skip


def browser(user):
    client = Client()
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_the_bridge_leads_from_a_past_day_to_another(cast, deal):
    deal((BEFORE, "First", 100), (BETWEEN, "Offer", 130))
    deal((BEFORE, "Offer", 200), (BETWEEN, "Won", 250))
    deal((BEFORE, "Offer", 40), (BETWEEN, "Lost", 40), (LATER, "Offer", 45))
    deal((BEFORE, "First", 70), (BEFORE, "Lost", 70), (BETWEEN, "First", 60))
    deal((BETWEEN, "First", 11))
    deal((BETWEEN, "First", 500), (BETWEEN, "Won", 500))
    deal((BEFORE, "First", 30), (LATER, "Won", 90))
    deal((LATER, "First", 999))
    found = compared(cast.mia)
    assert effects(found) == {
        "new": (1, 11), "reopened": (1, 60), "grew": (1, 30), "lost": (1, -40), "won": (1, -200), "unchanged": (1, 0),
    }  # fmt: skip
    assert (found.bridge.before.amount, found.bridge.after.amount) == (370, 231)
    rows = [(row.stage.name, row.before.deals, row.before.amount, row.before.weighted, row.after.deals, row.after.amount) for row in found.stages]  # fmt: skip
    assert rows == [
        ("First", 2, 130, Decimal("13.00"), 3, 101), ("Offer", 2, 240, Decimal("120.00"), 1, 130),
    ]  # fmt: skip
    assert (found.weighted_before, found.past.without_history, found.past.unconverted) == (133, 0, 0)  # fmt: skip


def test_a_change_on_the_day_itself_counts_and_the_last_of_a_day_wins(cast, deal):
    deal((FIRST, "First", 10), (FIRST, "Offer", 20), (FIRST + timedelta(days=1), "Won", 30))
    found = compared(cast.mia)
    assert [(row.stage.name, row.before.amount) for row in found.stages] == [("First", 0), ("Offer", 20)]  # fmt: skip


def test_with_a_limit_deals_slip_and_are_pulled_in(cast, deal):
    soon, late = {"expected_close_on": date(2026, 12, 1)}, {"expected_close_on": date(2027, 2, 1)}
    deal((BEFORE, "First", 10, soon), (BETWEEN, "First", 12, late))
    deal((BEFORE, "First", 20, late), (BETWEEN, "First", 25, soon))
    deal((BEFORE, "First", 40, soon), (BETWEEN, "Won", 40, late))
    deal((BEFORE, "First", 80), (BETWEEN, "Offer", 80))
    found = compared(cast.mia, closing_before=date(2027, 1, 1))
    assert effects(found) == {"pulled_in": (1, 25), "slipped": (1, -10), "won": (1, -40)}
    on_the_limit = compared(cast.mia, closing_before=date(2026, 12, 1))
    assert effects(on_the_limit) == {}


def test_a_deal_that_changes_hands_is_handed_over_and_taken_over(cast, deal):
    deal((BEFORE, "First", 10), (BETWEEN, "First", 15, {"owner": cast.sam}))
    assert effects(compared(cast.mia, owner_ids=frozenset({cast.ann.pk}))) == {"handed_over": (1, -10)}  # fmt: skip
    assert effects(compared(cast.mia, owner_ids=frozenset({cast.sam.pk}))) == {"taken_over": (1, 15)}  # fmt: skip
    assert effects(compared(cast.mia)) == {"grew": (1, 5)}


def test_one_pipeline_alone(cast, deal, stages):
    other = PipelineFactory(name="Other")
    deal((BEFORE, "First", 10))
    assert effects(compared(cast.mia, pipeline_id=other.pk)) == {}
    assert effects(compared(cast.mia, pipeline_id=stages["First"].pipeline_id)) == {"unchanged": (1, 0)}  # fmt: skip


def test_a_standing_of_an_unknown_day_counts_from_the_day_the_deal_was_opened(cast, deal):
    deal((None, "First", 10), opened_on=BEFORE)
    deal((None, "First", 20), opened_on=BETWEEN)
    deal((None, "Offer", 40), opened_on=None)
    found = compared(cast.mia)
    assert effects(found) == {"new": (1, 20), "unchanged": (1, 0)}
    assert found.past.without_history == 1


def test_deals_whose_history_begins_later_are_counted_apart(cast, deal):
    deal((BETWEEN, "Won", 10), opened_on=BEFORE, closed_on=BETWEEN)
    deal((BEFORE, "Won", 10), opened_on=BEFORE, closed_on=BEFORE)
    found = compared(cast.mia)
    assert (effects(found), found.past.without_history) == ({}, 1)


def test_both_days_are_at_the_rate_of_the_last(cast, deal):
    for day, rate in ((BEFORE, 2), (BETWEEN, 3), (LATER, 9)):
        ExchangeRate.objects.create(base="EUR", currency="USD", valid_on=day, rate_e8=rate * 10**8)
    deal((BEFORE, "First", 10), (BETWEEN, "Offer", 11), currency="USD")
    deal((BEFORE, "First", 10), currency="XAU")
    found = compared(cast.mia)
    assert effects(found) == {"grew": (1, 3), "unchanged": (1, 0)}
    assert (found.bridge.before.amount, found.past.unconverted) == (30, 1)


def test_deals_in_the_bin_and_those_of_others_stay_out(cast, deal):
    deal((BEFORE, "First", 10), owner=cast.cora)
    deal((BEFORE, "First", 20), deleted_at=timezone.now())
    deal((BEFORE, "First", 40))
    assert compared(cast.ann).bridge.before.amount == 40


@pytest.mark.parametrize("part", ["before", "after", "new", "won", "lost", "unchanged"])
def test_each_bar_opens_deals_that_add_up_to_it(cast, deal, part):
    deal((BEFORE, "First", 100), (BETWEEN, "Lost", 100))
    won = deal((BEFORE, "Offer", 200), (BETWEEN, "Won", 250))
    deal((BETWEEN, "First", 11))
    deal((BEFORE, "First", 5))
    total = {"before": 305, "after": 16, "new": 11, "won": -200, "lost": -100, "unchanged": 0}[part]
    client = browser(cast.mia)
    page = client.get(reverse("sell:past_pipeline_deals"), {"day": FIRST, "until": LAST, "part": part})  # fmt: skip
    assert page.context["total"] == total
    shown = [row for _deal, row, _past in page.context["rows"]]
    assert sum(getattr(row, part) if part in ("before", "after") else row.change for row in shown) == total  # fmt: skip
    if part == "won":
        assert [each.pk for each, _row, _past in page.context["rows"]] == [won.pk]


def test_a_stage_opens_the_deals_it_held_that_day(cast, deal, stages):
    deal((BEFORE, "First", 100), (BETWEEN, "Offer", 100))
    deal((BEFORE, "Offer", 5))
    asked = {"day": FIRST, "until": LAST, "stage": stages["Offer"].pk}
    client, url = browser(cast.mia), reverse("sell:past_pipeline_deals")
    assert client.get(url, asked | {"part": "before"}).context["total"] == 5
    assert client.get(url, asked | {"part": "after"}).context["total"] == 105
    assert client.get(url, asked | {"stage": stages["Won"].pk}).status_code == 400
    assert client.get(url, asked | {"part": "nonsense"}).status_code == 400


def test_wrong_days_are_refused_beside_their_field(cast, deal):
    deal((BEFORE, "First", 100))
    client, url = browser(cast.mia), reverse("sell:past_pipeline")
    tomorrow = timezone.localdate() + timedelta(days=1)
    for asked, field in (
        ({"until": tomorrow.isoformat()}, "until"),
        ({"day": LAST, "until": FIRST}, "day"),
        ({"day": "never"}, "day"),
        ({"owner": str(cast.mia.pk + 999)}, "owner"),
    ):
        page = client.get(url, asked)
        assert (page.status_code, list(page.context["form"].errors)) == (200, [field])
        assert "found" not in page.context


def test_a_team_is_its_people_and_those_of_the_teams_below(cast, deal):
    deal((BEFORE, "First", 10))
    deal((BEFORE, "First", 20), owner=cast.cora)
    deal((BEFORE, "First", 40), owner=cast.dirk)
    client, url = browser(cast.mia), reverse("sell:past_pipeline")
    found = {}
    for team in (cast.north, cast.root):
        page = client.get(url, {"day": FIRST, "until": LAST, "team": team.pk})
        found[team.name] = page.context["found"].bridge.before.amount
    assert found == {"North": 10, "Sales": 30}


def test_queries_stay_as_many_with_more_deals(cast, deal):
    client, counts = browser(cast.mia), []
    for more in (1, 2):
        for _time in range(more):
            deal((BEFORE, "First", 10), (BETWEEN, "Offer", 20))
        for name in ("sell:past_pipeline", "sell:past_pipeline_deals"):
            client.get(reverse(name), {"day": FIRST, "until": LAST})
            with CaptureQueriesContext(connection) as queries:
                client.get(reverse(name), {"day": FIRST, "until": LAST})
            counts.append(len(queries))
    assert counts[:2] == counts[2:]
