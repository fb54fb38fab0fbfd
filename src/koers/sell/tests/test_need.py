"""Is what a customer wants kept with who said it and our answer, and does a new task ask for it?"""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.test import Client

from koers.catalogue.tests.factories import ProductFactory
from koers.core.errors import NotAllowedError, NotFoundError
from koers.core.models import AuditEntry
from koers.customers.tests.factories import CompanyFactory, ContactFactory
from koers.organisation.tests.cast import acting
from koers.sell.actions.activity import NextStep
from koers.sell.actions.need import (
    NeedRefusedError,
    NeedValues,
    add_need,
    remove_need,
    restore_need,
)
from koers.sell.actions.opportunity import OpportunityRefusedError, make_first_pipeline
from koers.sell.actions.stage_move import move_opportunity
from koers.sell.figures.need import fit_of
from koers.sell.models import BuyingCentreMember, Need
from koers.sell.queries.need import needs_of
from koers.sell.tests.factories import OpportunityFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
STEP = NextStep("Call", date(2026, 11, 30))


@pytest.fixture
def deal(cast):
    """An opportunity of Ann."""
    return OpportunityFactory(company=CompanyFactory(owner=cast.ann), owner=cast.ann)


def add(cast, deal, text="Less noise", *, by="ann", **more):
    return add_need(actor=acting(getattr(cast, by)), opportunity_id=deal.pk, values=NeedValues(text, **more), at=NOW)  # fmt: skip


def browser(user):
    client = Client()
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_the_fit_weighs_what_is_met_by_importance_and_leaves_out_what_was_taken_out(cast, deal):
    product = ProductFactory()
    add(cast, deal, importance=5, status="met", product=product)
    add(cast, deal, "Delivered before May", kind="expectation", importance=3, status="partly", answer="In June")  # fmt: skip
    last = add(cast, deal, "A lower price", kind="wish", importance=2)
    gone = add(cast, deal, "Gone", importance=5)
    ann = acting(cast.ann)
    remove_need(actor=ann, opportunity_id=deal.pk, need_id=gone.pk, at=NOW)
    found = fit_of(needs_of(deal))
    assert (found.met, found.importance, found.share) == (Decimal("6.5"), 10, Decimal("0.65"))
    restore_need(actor=ann, opportunity_id=deal.pk, need_id=gone.pk, at=NOW)
    assert [each.text for each in needs_of(deal)] == ["Less noise", "Gone", "Delivered before May", "A lower price"]  # fmt: skip
    assert [entry.verb for entry in AuditEntry.objects.filter(noun="need", object_id=gone.pk).order_by("id")] == ["create", "change", "change"]  # fmt: skip
    assert last.status == "not"


def test_what_cannot_be_so_is_refused_and_says_why(cast, deal):
    for wrong, why in (
        ({"text": " "}, "own words"), ({"importance": 6}, "between 1 and 5"), ({"kind": "whim"}, "Choose"),
        ({"status": "met"}, "With what"), ({"contact": ContactFactory()}, "another company"),
    ):  # fmt: skip
        with pytest.raises(NeedRefusedError, match=why):
            add(cast, deal, **{"text": "Less noise", **wrong})
    with pytest.raises(NotFoundError):
        add(cast, deal, by="cora")
    with pytest.raises(NotAllowedError):
        add(cast, deal, by="mia")
    assert not Need.objects.exists()


def test_a_new_task_asks_for_something_the_customer_wants_and_a_modified_rebuy_for_its_text(cast):
    stages = list(make_first_pipeline(actor=acting(cast.ben), at=NOW).stages.all())
    deals = {
        situation: OpportunityFactory(
            company=CompanyFactory(owner=cast.ann), owner=cast.ann, stage=stages[1], need="Noise", buying_situation=situation, selling_role="solution",
        )
        for situation in ("new_task", "modified")
    }  # fmt: skip
    for deal in deals.values():
        BuyingCentreMember.objects.create(
            opportunity=deal, contact=ContactFactory(company=deal.company), roles=["user", "influencer", "buyer", "decider"]
        )  # fmt: skip

    def move(deal):
        return move_opportunity(actor=acting(cast.ann), opportunity_id=deal.pk, stage_id=stages[2].pk, next_step=STEP, at=NOW)  # fmt: skip

    assert move(deals["modified"]).stage == stages[2]
    with pytest.raises(OpportunityRefusedError, match="asks for: At least one need, wish or expectation"):  # fmt: skip
        move(deals["new_task"])
    page = browser(cast.ann).get(f"/sell/opportunities/{deals['new_task'].pk}/move/{stages[2].pk}/")
    assert f"/sell/opportunities/{deals['new_task'].pk}/needs/" in page.content.decode()
    need = add(cast, deals["new_task"])
    remove_need(actor=acting(cast.ann), opportunity_id=need.opportunity_id, need_id=need.pk, at=NOW)
    with pytest.raises(OpportunityRefusedError, match="At least one need"):
        move(deals["new_task"])
    add(cast, deals["new_task"])
    assert move(deals["new_task"]).stage == stages[2]


def test_it_is_added_shown_changed_clashed_taken_out_and_put_back(cast, deal):
    ann, contact = browser(cast.ann), ContactFactory(company=deal.company)
    url = f"/sell/opportunities/{deal.pk}/needs/"
    body = {"text": "Less noise", "kind": "need", "importance": "4", "status": "met", "contact": contact.pk}  # fmt: skip
    refused = ann.post(url, body)
    assert (refused.status_code, list(refused.context["form"].errors)) == (400, ["answer"])
    assert "Less noise" in refused.content.decode()
    assert ann.post(url, body | {"answer": "A silent fan"}).status_code == 302
    need = Need.objects.get()
    assert (need.contact, need.answer, need.importance) == (contact, "A silent fan", 4)
    for page in (url, f"{url}?part=card", f"/sell/company/{deal.company_id}/opportunities/"):
        assert "Less noise" in ann.get(page).content.decode()
    panel = ann.get(f"{url}fit/").context["panel"]
    assert (panel.value, panel.rows_count, panel.rows_url) == ("100%", 1, url)
    own = f"{url}{need.pk}/"
    changed = body | {"answer": "A silent fan", "text": "Much less noise", "version": 1}
    assert ann.post(own, changed).status_code == 302
    assert ann.post(own, changed | {"text": "No noise"}).status_code == 409
    assert ann.post(f"{own}?step=remove").status_code == 302
    assert (needs_of(deal), ann.get(own).status_code) == ([], 404)
    assert ann.post(f"{own}?step=restore").status_code == 302
    assert [each.text for each in needs_of(deal)] == ["Much less noise"]
    assert browser(cast.cora).get(own).status_code == 404
    assert browser(cast.mia).post(url, body | {"answer": "x"}).status_code == 403


ASKED: dict[int, int] = {}


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_as_much_for_three_as_for_one(cast, deal, count, django_assert_max_num_queries):  # fmt: skip
    for _number in range(count):
        add(cast, deal, contact=ContactFactory(company=deal.company), product=ProductFactory())
    client = browser(cast.ann)
    with django_assert_max_num_queries(16) as asked:
        assert client.get(f"/sell/opportunities/{deal.pk}/needs/").status_code == 200
    ASKED[count] = len(asked)
    assert len(set(ASKED.values())) == 1
