"""Does a stage let a deal in only with what its buying situation and selling role ask for, as set up?"""

from datetime import UTC, date, datetime

import pytest
from django.test import Client

from koers.core.errors import NotAllowedError, NotFoundError, StaleVersionError
from koers.core.models import AuditEntry
from koers.customers.tests.factories import CompanyFactory, ContactFactory
from koers.organisation.tests.cast import acting
from koers.sell.actions.activity import NextStep
from koers.sell.actions.buying_centre import MemberValues, add_member
from koers.sell.actions.opportunity import OpportunityRefusedError, make_first_pipeline
from koers.sell.actions.selling_template import fill_empty, set_template
from koers.sell.actions.stage_move import Decision, move_opportunity
from koers.sell.models import BuyingSituation, Opportunity, SellingRole, SellingTemplate, Stage
from koers.sell.queries.selling_template import asked_of, every_template, template_for
from koers.sell.tests.factories import OpportunityFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
STEP = NextStep("Call", date(2026, 11, 30))
ROLES = ("user", "influencer", "buyer", "decider")
USUAL = {"steps": "Listen", "channel": "visit", "centre_depth": "none", "needs_analysis": False, "all_blocks": False}  # fmt: skip


@pytest.fixture
def stages(cast):
    """The pipeline to begin with: its third stage, the offer, asks what the way of selling asks for."""
    pipeline = make_first_pipeline(actor=acting(cast.ben), at=NOW)
    return list(pipeline.stages.all())


def deal_of(cast, stage, situation="new_task", role="solution", **more):
    company = more.pop("company", None) or CompanyFactory(owner=cast.ann)
    return OpportunityFactory(
        company=company, owner=cast.ann, stage=stage, stage_kind=stage.kind, buying_situation=situation, selling_role=role, **more,
    )  # fmt: skip


def move(cast, deal, stage, **more):
    return move_opportunity(
        actor=acting(cast.ann),
        opportunity_id=deal.pk,
        stage_id=stage.pk,
        at=NOW,
        **{"next_step": STEP, **more},
    )


def meet(cast, deal, roles):
    contact = ContactFactory(company=deal.company)
    add_member(actor=acting(cast.ann), opportunity_id=deal.pk, contact=contact, values=MemberValues(roles=roles), at=NOW)  # fmt: skip


def test_there_is_a_usual_way_for_each_situation_and_role(cast):
    found = {(each.situation, each.role): each for each in every_template()}
    assert len(found) == len(BuyingSituation) * len(SellingRole) == 15
    assert all(each.step_list for each in found.values())
    told = {key: (each.needs_analysis, each.centre_depth, each.channel, each.all_blocks) for key, each in found.items()}  # fmt: skip
    assert told["new_task", "transactional"] == (True, "full", "inside", False)
    assert told["straight", "transactional"] == (False, "none", "online", False)
    assert told["modified", "consultative"] == (True, "decider", "visit", False)
    assert told["straight", "integrated"] == (True, "full", "team", True)
    assert [key for key, each in found.items() if each.all_blocks] == [(situation, "integrated") for situation in BuyingSituation.values]  # fmt: skip


def test_an_integrated_deal_passes_the_offer_only_with_all_four_blocks(cast, stages):
    deal = deal_of(cast, stages[1], "straight", "integrated")
    asked = "Segment or industry of the customer, Need, Buying process, Buying centre: User, Influencer, Buyer, Decider"  # fmt: skip
    for stage in (stages[2], stages[3]):
        with pytest.raises(OpportunityRefusedError, match=asked):
            move(cast, deal, stage)
    with pytest.raises(OpportunityRefusedError, match=asked):
        move(cast, deal, stages[4], decision=Decision(amount=10), next_step=None)
    deal.company.industry = "Bakery"
    deal.company.save()
    meet(cast, deal, ROLES[:2])
    with pytest.raises(OpportunityRefusedError, match="asks for: Buying process, Buying centre: Buyer, Decider"):  # fmt: skip
        move(cast, deal, stages[2], filled={"need": "Bread before seven"})
    assert Opportunity.objects.get(pk=deal.pk).need == ""
    meet(cast, deal, ROLES[2:])
    moved = move(cast, deal, stages[2], filled={"need": "Bread before seven", "buying_process": "In March"})  # fmt: skip
    assert (moved.stage, moved.need, moved.buying_process) == (stages[2], "Bread before seven", "In March")  # fmt: skip


def test_a_new_task_asks_for_the_need_and_everybody_and_a_routine_purchase_for_nothing(
    cast, stages
):
    with pytest.raises(OpportunityRefusedError, match="New task · Solution selling.* asks for: Need, At least one need, wish or expectation, Buying centre: User"):  # fmt: skip
        move(cast, deal_of(cast, stages[0]), stages[2])
    assert move(cast, deal_of(cast, stages[0], "straight", "transactional"), stages[2]).stage == stages[2]  # fmt: skip
    deal = deal_of(cast, stages[0], "modified", "solution", need="Another size")
    with pytest.raises(OpportunityRefusedError, match="asks for: Buying centre: who decides"):
        move(cast, deal, stages[2])
    meet(cast, deal, ["approver"])
    assert move(cast, deal, stages[2]).stage == stages[2]


def test_that_the_customer_said_yes_is_written_down_whatever_else_is_not_known(cast, stages):
    deal = deal_of(cast, stages[0])
    won = move(cast, deal, stages[4], decision=Decision(amount=10), next_step=None)
    assert won.stage == stages[4]


def test_who_is_past_the_stage_already_is_lost_or_has_no_situation_is_not_asked(cast, stages):
    assert move(cast, deal_of(cast, stages[3]), stages[2]).stage == stages[2]
    assert move(cast, deal_of(cast, stages[2]), stages[3]).stage == stages[3]
    lost = move(cast, deal_of(cast, stages[0]), stages[5], decision=Decision(lost_reason="Price"), next_step=None)  # fmt: skip
    assert lost.stage == stages[5]
    assert move(cast, deal_of(cast, stages[0], "", ""), stages[2]).stage == stages[2]
    assert move(cast, deal_of(cast, stages[0]), stages[1]).stage == stages[1]
    Stage.objects.filter(pk=stages[2].pk).update(required_fields=[])
    assert move(cast, deal_of(cast, stages[0]), stages[3]).stage == stages[3]


def test_what_a_manager_sets_up_is_what_the_stage_asks(cast, stages):
    deal = deal_of(cast, stages[0])
    set_template(actor=acting(cast.ben), situation="new_task", role="solution", version=1, values=USUAL, at=NOW)  # fmt: skip
    assert move(cast, deal, stages[2]).stage == stages[2]
    kept = SellingTemplate.objects.get()
    changed = AuditEntry.objects.get(noun="sellingtemplate", verb="change").changes
    assert (changed["needs_analysis"], changed["centre_depth"]) == ([True, False], ["full", "none"])
    assert template_for("new_task", "solution").step_list == ["Listen"]
    with pytest.raises(StaleVersionError):
        set_template(actor=acting(cast.ben), situation="new_task", role="solution", version=1, values=USUAL | {"channel": "inside", "steps": "Ask"}, at=NOW)  # fmt: skip
    assert kept.version == 2


def test_only_who_may_change_rules_sets_ways_up_and_only_ways_there_are(cast):
    with pytest.raises(NotAllowedError):
        set_template(actor=acting(cast.ann), situation="new_task", role="solution", version=1, values=USUAL, at=NOW)  # fmt: skip
    with pytest.raises(NotAllowedError):
        fill_empty(actor=acting(cast.ann), at=NOW)
    with pytest.raises(NotFoundError):
        set_template(actor=acting(cast.ben), situation="never", role="solution", version=1, values=USUAL, at=NOW)  # fmt: skip
    assert not SellingTemplate.objects.exists()


def test_deals_without_a_situation_get_one_but_those_in_the_bin_do_not(cast, stages):
    deal_of(cast, stages[0], "", "")
    deal_of(cast, stages[0], "", "", deleted_at=NOW)
    assert fill_empty(actor=acting(cast.ben), at=NOW) == 1
    assert list(Opportunity.objects.order_by("pk").values_list("buying_situation", flat=True)) == ["new_task", ""]  # fmt: skip


def test_what_is_asked_is_told_with_whether_it_is_there(cast, stages):
    deal = deal_of(cast, stages[0], need="Bread")
    asked = asked_of(deal, template_for("new_task", "solution"))
    assert [(each.field, each.is_there, each.place) for each in asked] == [("need", True, ""), ("", False, "needs"), ("", False, "centre")]  # fmt: skip
    meet(cast, deal, ROLES)
    deal.needs.create(text="Warm bread")
    assert all(each.is_there for each in asked_of(deal, template_for("new_task", "solution")))


def browser(user):
    client = Client()
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_the_page_asks_for_the_need_and_leads_to_the_buying_centre(cast, stages):
    deal, ann = deal_of(cast, stages[1]), browser(cast.ann)
    url = f"/sell/opportunities/{deal.pk}/move/{stages[2].pk}/"
    dropped = ann.post(f"/sell/opportunities/{deal.pk}/move/", {"stage": stages[2].pk})
    assert (dropped.status_code, dropped.url) == (302, url)
    page = ann.get(url).content.decode()
    assert 'name="need"' in page
    assert f"/sell/opportunities/{deal.pk}/buying-centre/" in page
    data = {
        "need": "Bread before seven",
        "next_step": "Call",
        "next_on": "2026-11-30",
        "next_kind": "call",
    }
    refused = ann.post(url, data)
    assert refused.status_code == 400
    assert "Bread before seven" in refused.content.decode()
    meet(cast, deal, ROLES)
    deal.needs.create(text="Warm bread")
    assert ann.post(url, data).status_code == 302
    assert Opportunity.objects.get(pk=deal.pk).stage == stages[2]


def test_ways_of_selling_are_seen_changed_and_clash(cast):
    ben = browser(cast.ben)
    deal = OpportunityFactory(buying_situation="", company=CompanyFactory(owner=cast.ann))
    page = ben.get("/sell/ways/").content.decode()
    assert page.count("/sell/ways/new_task/") == 5
    assert "1 opportunity has no buying situation yet." in page
    assert ben.post("/sell/ways/fill/").status_code == 302
    deal.refresh_from_db()
    assert deal.buying_situation == "new_task"
    url = "/sell/ways/new_task/solution/"
    data = {"steps": "Listen\nAsk", "channel": "visit", "centre_depth": "decider", "version": "1"}
    assert ben.post(url, data | {"channel": "carrier pigeon"}).status_code == 400
    assert ben.post(url, data).status_code == 302
    assert SellingTemplate.objects.get().step_list == ["Listen", "Ask"]
    assert ben.post(url, data | {"steps": "Mine"}).status_code == 409
    assert ben.get("/sell/ways/new_task/nobody/").status_code == 404
    assert browser(cast.ann).get(url).status_code == 403
