"""Is an opportunity kept with its next step, its gates and its dated history, and can one go back?"""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from koers.core.errors import NotAllowedError, NotFoundError, StaleVersionError
from koers.core.models import AuditEntry
from koers.core.undo import UndoRefusedError
from koers.customers.tests.factories import CompanyFactory
from koers.organisation.tests.cast import acting
from koers.sell.actions.activity import ActivityValues, NextStep, log_activity
from koers.sell.actions.opportunity import (
    OpportunityRefusedError,
    OpportunityValues,
    bin_opportunity,
    change_opportunity,
    create_opportunity,
    make_first_pipeline,
    restore_opportunity,
    undo_opportunity_change,
)
from koers.sell.actions.stage_move import Decision, move_opportunity
from koers.sell.models import Activity, Opportunity, Stage
from koers.sell.queries.opportunity import opportunities_visible_to
from koers.sell.queries.opportunity_board import board_of, totals_of
from koers.sell.queries.opportunity_signal import signals_of
from koers.sell.tests.factories import OpportunityFactory, PipelineFactory, StageFactory

NOW = datetime(2026, 11, 23, 11, tzinfo=UTC)
TODAY = date(2026, 11, 23)
STEP = NextStep("Call back", TODAY + timedelta(days=3), "call")


@pytest.fixture
def stages(db):
    pipeline = PipelineFactory(name="Projects")
    offered = StageFactory(pipeline=pipeline, name="Offer", position=1, probability=Decimal("0.5"),
                           expected_days=20, required_fields=["amount", "expected_close_on"])  # fmt: skip
    return {
        "first": StageFactory(pipeline=pipeline, name="First", position=0, probability=Decimal("0.1")),
        "offer": offered,
        "won": StageFactory(pipeline=pipeline, name="Won", position=2, kind="won", probability=Decimal(1)),
        "lost": StageFactory(pipeline=pipeline, name="Lost", position=3, kind="lost", probability=Decimal(0)),
    }  # fmt: skip


def opened(cast, stages, *, step=STEP, **more):
    company = more.pop("company", None) or CompanyFactory(owner=cast.ann)
    values = OpportunityValues(name="Kitchen", stage=stages["first"], company=company, **more)
    return create_opportunity(actor=acting(cast.ann), values=values, next_step=step, at=NOW)


def standings(deal):
    rows = deal.stage_changes.order_by("id")
    return [(row.day, row.stage.name, row.amount) for row in rows.select_related("stage")]


def browser(user):
    client = Client()
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_a_new_opportunity_has_owner_day_history_and_next_step(cast, stages):
    deal = opened(cast, stages, amount=Decimal("1200.50"))
    assert (deal.owner, deal.opened_on, deal.stage_kind, deal.currency) == (cast.ann, TODAY, "open", "EUR")  # fmt: skip
    assert standings(deal) == [(TODAY, "First", Decimal("1200.50"))]
    step = Activity.objects.get(opportunity=deal)
    assert (step.subject, step.day, step.owner, step.status, step.company) == (
        "Call back", STEP.day, cast.ann, "planned", deal.company,
    )  # fmt: skip


def test_without_a_next_step_nothing_is_opened(cast, stages):
    with pytest.raises(OpportunityRefusedError, match="what happens next"):
        opened(cast, stages, step=None)
    assert Opportunity.objects.count() == 0


def test_a_new_opportunity_begins_open_and_at_a_company_one_sees(cast, stages):
    values = OpportunityValues(name="Kitchen", stage=stages["won"])
    with pytest.raises(OpportunityRefusedError, match="open stage"):
        create_opportunity(actor=acting(cast.ann), values=values, next_step=STEP, at=NOW)
    with pytest.raises(NotFoundError):
        opened(cast, stages, company=CompanyFactory(owner=cast.cora))
    with pytest.raises(NotAllowedError):
        create_opportunity(actor=acting(cast.mia), values=values, next_step=STEP, at=NOW)
    assert Opportunity.objects.count() == 0


def test_without_a_customer_the_next_step_is_a_task(cast, stages):
    values = OpportunityValues(name="Kitchen", stage=stages["first"])
    deal = create_opportunity(actor=acting(cast.ann), values=values, next_step=STEP, at=NOW)
    assert deal.activities.get().kind == "task"


def test_inside_sales_opens_for_the_account_manager_of_the_company(cast, stages):
    company = CompanyFactory(owner=cast.ann)
    values = OpportunityValues(name="Kitchen", stage=stages["first"], company=company)
    deal = create_opportunity(actor=acting(cast.ina), values=values, next_step=STEP, at=NOW)
    assert deal.owner == cast.ann
    assert deal.activities.get().owner == cast.ann


def test_a_stage_names_every_field_it_asks_for(cast, stages):
    deal = opened(cast, stages)
    with pytest.raises(OpportunityRefusedError, match="Amount, Expected close date"):
        move_opportunity(actor=acting(cast.ann), opportunity_id=deal.pk, stage_id=stages["offer"].pk, at=NOW)  # fmt: skip
    filled = {"amount": Decimal(900), "expected_close_on": TODAY + timedelta(days=30)}
    moved = move_opportunity(
        actor=acting(cast.ann), opportunity_id=deal.pk, stage_id=stages["offer"].pk, filled=filled, at=NOW + timedelta(days=2)
    )  # fmt: skip
    assert (moved.stage.name, moved.amount) == ("Offer", Decimal(900))
    assert standings(deal) == [(TODAY, "First", None), (TODAY + timedelta(days=2), "Offer", Decimal(900))]  # fmt: skip
    with pytest.raises(OpportunityRefusedError, match="Amount"):
        change_opportunity(actor=acting(cast.ann), opportunity_id=deal.pk, version=moved.version, values={"amount": None}, at=NOW)  # fmt: skip


def test_an_open_stage_needs_something_planned(cast, stages):
    deal = opened(cast, stages)
    Activity.objects.filter(opportunity=deal).update(status="done")
    stages["offer"].required_fields = []
    stages["offer"].save()
    with pytest.raises(OpportunityRefusedError, match="what happens next"):
        move_opportunity(actor=acting(cast.ann), opportunity_id=deal.pk, stage_id=stages["offer"].pk, at=NOW)  # fmt: skip
    move_opportunity(actor=acting(cast.ann), opportunity_id=deal.pk, stage_id=stages["offer"].pk, next_step=STEP, at=NOW)  # fmt: skip
    assert deal.activities.filter(status="planned").count() == 1


def test_won_needs_an_amount_and_lost_a_reason(cast, stages):
    deal = opened(cast, stages)
    for stage, words in (("won", "how much"), ("lost", "why")):
        with pytest.raises(OpportunityRefusedError, match=words):
            move_opportunity(actor=acting(cast.ann), opportunity_id=deal.pk, stage_id=stages[stage].pk, at=NOW)  # fmt: skip
    lost = move_opportunity(
        actor=acting(cast.ann), opportunity_id=deal.pk, stage_id=stages["lost"].pk,
        decision=Decision(lost_reason="Price", competitor="Rival"), at=NOW,
    )  # fmt: skip
    assert (lost.stage_kind, lost.closed_on, lost.lost_reason, lost.competitor) == ("lost", TODAY, "Price", "Rival")  # fmt: skip
    again = move_opportunity(
        actor=acting(cast.ann), opportunity_id=deal.pk, stage_id=stages["first"].pk, at=NOW + timedelta(days=1)
    )  # fmt: skip
    assert (again.stage_kind, again.closed_on, again.lost_reason) == ("open", None, "")
    won = move_opportunity(
        actor=acting(cast.ann), opportunity_id=deal.pk, stage_id=stages["won"].pk, decision=Decision(amount=Decimal(800)),
        at=NOW + timedelta(days=2),
    )  # fmt: skip
    assert (won.stage_kind, won.amount, won.closed_on) == ("won", Decimal(800), TODAY + timedelta(days=2))  # fmt: skip
    assert [name for _day, name, _amount in standings(deal)] == ["First", "Lost", "First", "Won"]


def test_undo_gives_back_every_field_and_takes_the_move_out_of_the_history(cast, stages):
    deal = opened(cast, stages, amount=Decimal(500))
    before = Opportunity.objects.filter(pk=deal.pk).values().get()
    move_opportunity(
        actor=acting(cast.ann), opportunity_id=deal.pk, stage_id=stages["lost"].pk, decision=Decision(lost_reason="Price"), at=NOW
    )  # fmt: skip
    undo_opportunity_change(actor=acting(cast.ann), opportunity_id=deal.pk, at=NOW)
    after = Opportunity.objects.filter(pk=deal.pk).values().get()
    assert after | {"version": before["version"]} == before
    assert after["version"] == before["version"] + 2
    assert standings(deal) == [(TODAY, "First", Decimal(500))]


def test_only_ones_own_last_change_is_undone(cast, stages):
    deal = opened(cast, stages, amount=Decimal(500))
    with pytest.raises(UndoRefusedError):
        undo_opportunity_change(actor=acting(cast.ann), opportunity_id=deal.pk, at=NOW)
    change_opportunity(actor=acting(cast.tom), opportunity_id=deal.pk, version=deal.version, values={"name": "Oven"}, at=NOW)  # fmt: skip
    with pytest.raises(UndoRefusedError):
        undo_opportunity_change(actor=acting(cast.ann), opportunity_id=deal.pk, at=NOW)
    assert Opportunity.objects.get().name == "Oven"


def test_two_people_who_change_the_same_field_see_both_values(cast, stages):
    deal = opened(cast, stages, amount=Decimal(500))
    change_opportunity(actor=acting(cast.tom), opportunity_id=deal.pk, version=1, values={"amount": Decimal(600)}, at=NOW)  # fmt: skip
    with pytest.raises(StaleVersionError) as clash:
        change_opportunity(actor=acting(cast.ann), opportunity_id=deal.pk, version=1, values={"amount": Decimal(700)}, at=NOW)  # fmt: skip
    assert clash.value.clashes["amount"] == (Decimal(500), Decimal(600), Decimal(700))
    assert standings(deal) == [(TODAY, "First", Decimal(600))]


def test_the_bin_hides_and_gives_back(cast, stages):
    deal = opened(cast, stages)
    bin_opportunity(actor=acting(cast.ann), opportunity_id=deal.pk, at=NOW)
    assert list(opportunities_visible_to(acting(cast.ann))) == []
    with pytest.raises(NotFoundError):
        restore_opportunity(actor=acting(cast.cora), opportunity_id=deal.pk, at=NOW)
    restore_opportunity(actor=acting(cast.ann), opportunity_id=deal.pk, at=NOW)
    assert list(opportunities_visible_to(acting(cast.ann))) == [deal]
    assert list(
        AuditEntry.objects.filter(noun="opportunity").order_by("id").values_list("verb", flat=True)
    ) == ["create", "change", "change"]


def test_a_stage_of_another_pipeline_does_not_exist_for_it(cast, stages):
    deal = opened(cast, stages)
    other = StageFactory(pipeline=PipelineFactory(name="Other"), name="Offer")
    with pytest.raises(NotFoundError):
        move_opportunity(actor=acting(cast.ann), opportunity_id=deal.pk, stage_id=other.pk, at=NOW)


def test_an_opportunity_cools_after_the_norm_and_says_why(cast, stages):
    deal = opened(cast, stages, expected_close_on=TODAY + timedelta(days=10))
    later = TODAY + timedelta(days=22)
    found = signals_of([Opportunity.objects.get()], today=later)[deal.pk]
    assert found.is_cooling
    assert found.days_in_stage == 22
    assert found.warnings == (
        "Next step was due on 26 Nov 2026", "22 days without contact", "Should have closed on 3 Dec 2026",
    )  # fmt: skip
    values = ActivityValues(kind="visit", subject="Visit", company=deal.company, opportunity=deal, day=later)  # fmt: skip
    log_activity(actor=acting(cast.ann), values=values, at=NOW)
    assert not signals_of([Opportunity.objects.get()], today=later)[deal.pk].is_cooling


def test_a_missed_call_and_a_task_are_no_contact(cast, stages):
    deal = opened(cast, stages)
    for kind, outcome in (("call", "not_reached"), ("task", "")):
        values = ActivityValues(kind=kind, subject="x", company=deal.company, opportunity=deal, day=TODAY, outcome=outcome)  # fmt: skip
        log_activity(actor=acting(cast.ann), values=values, at=NOW)
    assert signals_of([Opportunity.objects.get()], today=TODAY)[deal.pk].last_contact_on is None


def test_columns_add_up_and_are_weighted(cast, stages):
    for amount, stage in ((1000, "first"), (500, "first"), (300, "offer"), (200, "won")):
        OpportunityFactory(
            owner=cast.ann, stage=stages[stage], amount=Decimal(amount), closed_on=TODAY if stage == "won" else None
        )  # fmt: skip
    OpportunityFactory(owner=cast.ann, stage=stages["offer"], amount=Decimal(10), currency="USD")
    OpportunityFactory(owner=cast.ann, stage=stages["won"], amount=Decimal(9), closed_on=TODAY - timedelta(days=31))  # fmt: skip
    elsewhere = StageFactory(
        pipeline=PipelineFactory(name="Other"), kind="won", probability=Decimal(1)
    )
    OpportunityFactory(owner=cast.ann, stage=elsewhere, amount=Decimal(7), closed_on=TODAY)
    columns = board_of(acting(cast.tom), pipeline=stages["first"].pipeline, choices={}, today=TODAY, base="EUR")  # fmt: skip
    assert [(c.stage.name, c.count, c.amount, c.weighted, c.unconverted) for c in columns] == [
        ("First", 2, Decimal(1500), Decimal("150.00"), 0), ("Offer", 2, Decimal(300), Decimal("150.00"), 1),
        ("Won", 1, Decimal(200), Decimal("200.00"), 0), ("Lost", 0, Decimal(0), Decimal("0.00"), 0),
    ]  # fmt: skip
    assert totals_of(columns) == {
        "count": 4,
        "amount": Decimal(1800),
        "weighted": Decimal("300.00"),
    }


@pytest.mark.parametrize("deals", [1, 3])
def test_the_board_asks_the_database_the_same_number_of_times(cast, stages, deals, django_assert_num_queries):  # fmt: skip
    for _number in range(deals):
        OpportunityFactory(owner=cast.ann, stage=stages["first"])
    actor = acting(cast.tom)
    with django_assert_num_queries(11):
        columns = board_of(actor, pipeline=stages["first"].pipeline, choices={}, today=TODAY, base="EUR")  # fmt: skip
        assert [str(card.deal.company) and str(card.deal.owner) for card in columns[0].cards] == ["Ann de Boer"] * deals  # fmt: skip


def test_a_column_shows_its_first_cards_by_expected_close_date(cast, stages):
    for days in (9, 3, 5, None):
        OpportunityFactory(
            name=str(days), owner=cast.ann, stage=stages["first"], expected_close_on=days and TODAY + timedelta(days=days)
        )  # fmt: skip
    columns = board_of(acting(cast.tom), pipeline=stages["first"].pipeline, choices={}, today=TODAY, base="EUR", shown=3)  # fmt: skip
    assert [card.deal.name for card in columns[0].cards] == ["3", "5", "9"]
    assert columns[0].left == 1


def test_a_first_pipeline_is_made_once(cast):
    first = make_first_pipeline(actor=acting(cast.ann), at=NOW)
    assert make_first_pipeline(actor=acting(cast.tom), at=NOW) == first
    assert list(Stage.objects.values_list("kind", flat=True)) == ["open"] * 4 + ["won", "lost"]


def test_the_pages_open_move_ask_and_undo(cast, stages):
    company = CompanyFactory(owner=cast.ann, name="Acme")
    client = browser(cast.ann)
    page = client.get(f"/sell/opportunities/new/?company={company.pk}")
    assert page.status_code == 200
    data = {
        "name": "Kitchen", "company": f"Acme #{company.pk}", "stage": stages["first"].pk, "amount": "1,200.50", "owner": cast.ann.pk,
        "next_step": "Call", "next_on": "2026-12-01", "next_kind": "call",
    }  # fmt: skip
    refused = client.post("/sell/opportunities/new/", data | {"next_on": ""})
    assert refused.status_code == 400
    client.post("/sell/opportunities/new/", data)
    deal = Opportunity.objects.get()
    assert deal.amount == Decimal("1200.50")
    drop = reverse("sell:opportunity_drop", args=[deal.pk])
    asked = client.post(drop, {"stage": stages["lost"].pk}, headers={"X-Koers-Background": "1"})
    form_url = reverse("sell:opportunity_move", args=[deal.pk, stages["lost"].pk])
    assert (asked.status_code, asked.content.decode()) == (422, f"{form_url}?next=board")
    assert client.post(form_url, {"lost_reason": ""}).status_code == 400
    client.post(form_url, {"lost_reason": "Price", "competitor": "Rival"})
    deal.refresh_from_db()
    assert (deal.stage.name, deal.lost_reason) == ("Lost", "Price")
    client.post(reverse("sell:opportunity_undo", args=[deal.pk]))
    deal.refresh_from_db()
    assert (deal.stage.name, deal.lost_reason) == ("First", "")
    assert client.get("/sell/opportunities/board/").status_code == 200
    assert client.get(f"/sell/opportunities/{deal.pk}/").status_code == 200
    client.post(reverse("sell:opportunity_bin", args=[deal.pk]))
    assert b"Kitchen" in client.get("/sell/opportunities/bin/").content
    client.post(reverse("sell:opportunity_restore", args=[deal.pk]))
    listed = client.get(f"/sell/company/{company.pk}/opportunities/")
    assert b"Kitchen" in listed.content
