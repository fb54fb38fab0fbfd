"""Is a buying situation told from the orders, shown with its evidence, and overruled only with a reason?"""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.test import Client

from koers.catalogue.models import ProductGroup
from koers.catalogue.tests.factories import ProductFactory
from koers.core.errors import NotFoundError
from koers.core.models import AuditEntry
from koers.customers.models import Company
from koers.customers.tests.factories import CompanyFactory
from koers.organisation.tests.cast import acting
from koers.sell.actions.activity import NextStep
from koers.sell.actions.approach import (
    Approach,
    ApproachRefusedError,
    fill_approaches,
    set_approach,
)
from koers.sell.actions.opportunity import (
    OpportunityValues,
    change_opportunity,
    create_opportunity,
    undo_opportunity_change,
)
from koers.sell.actions.stage_move import Decision, move_opportunity
from koers.sell.models import Opportunity, Order, Quote, QuoteLine
from koers.sell.queries.buying_situation import proposal_for
from koers.sell.queries.opportunity import opportunities_matching
from koers.sell.tests.factories import (
    OpportunityFactory,
    OrderFactory,
    OrderLineFactory,
    StageFactory,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
TODAY = date(2026, 11, 24)


@pytest.fixture
def ovens(cast):
    """Ann's customer, two ovens of one group, and a deal about the first, opened today."""
    group = ProductGroup.objects.create(name="Ovens")
    oven = ProductFactory(name="Oven", group=group, list_price=Decimal(100), currency="EUR")
    other = ProductFactory(name="Large oven", group=group, currency="EUR")
    company = CompanyFactory(name="Kade", owner=cast.ann)
    return company, oven, other


def deal_of(cast, company, product, **more):
    values = {"owner": cast.ann, "currency": "EUR", "opened_on": TODAY, **more}
    return OpportunityFactory(company=company, product=product, **values)


def ordered(company, product, day, **more):
    order = OrderFactory(company=company, ordered_on=day, seller=company.owner, **{k: more.pop(k) for k in ("is_credit", "currency") if k in more})  # fmt: skip
    return OrderLineFactory(order=order, product=product, **more)


def told(cast, deal, user=None):
    return proposal_for(actor=acting(user or cast.ann), deal=deal, today=TODAY)


def test_without_an_earlier_order_for_the_group_it_is_a_new_task(cast, ovens):
    company, oven, _other = ovens
    ordered(
        company, ProductFactory(group=ProductGroup.objects.create(name="Fridges")), date(2026, 5, 1)
    )
    found = told(cast, deal_of(cast, company, oven))
    assert (found.situation, found.role, found.earlier) == ("new_task", "solution", ())
    assert found.because == "no earlier order for Ovens"


def test_the_same_product_on_the_same_terms_within_24_months_is_a_straight_rebuy(cast, ovens):
    company, oven, _other = ovens
    line = ordered(company, oven, date(2024, 11, 24), quantity=2, net=180)
    found = told(cast, deal_of(cast, company, oven))
    assert (found.situation, found.role, found.changes) == ("straight", "transactional", ())
    assert [(each.number, each.day, each.price) for each in found.earlier] == [(line.order.number, date(2024, 11, 24), 90)]  # fmt: skip


def test_a_day_over_24_months_is_a_modified_rebuy_that_says_so(cast, ovens):
    company, oven, _other = ovens
    ordered(company, oven, date(2024, 11, 23))
    found = told(cast, deal_of(cast, company, oven))
    assert found.situation == "modified"
    assert [(each.what, each.before, each.now) for each in found.changes] == [("last order", "23 Nov 2024", "24 Nov 2026")]  # fmt: skip


def test_another_product_of_the_group_is_a_modified_rebuy(cast, ovens):
    company, oven, other = ovens
    ordered(company, other, date(2026, 5, 1))
    found = told(cast, deal_of(cast, company, oven))
    assert found.situation == "modified"
    assert [(each.what, each.before, each.now) for each in found.changes] == [("product", "Large oven", "Oven")]  # fmt: skip


@pytest.mark.parametrize(("before", "situation"), [("95.24", "straight"), ("95.23", "modified"), ("105.27", "modified"), ("105.26", "straight")])  # fmt: skip
def test_a_list_price_more_than_a_twentieth_away_is_a_change(cast, ovens, before, situation):
    company, oven, _other = ovens
    ordered(company, oven, date(2026, 5, 1), list_price=Decimal(before))
    assert told(cast, deal_of(cast, company, oven)).situation == situation


def test_what_the_quote_asks_goes_before_the_list_price(cast, ovens):
    company, oven, _other = ovens
    ordered(company, oven, date(2026, 5, 1), list_price=50, quantity=2, net=160)
    deal = deal_of(cast, company, oven)
    quote = Quote.objects.create(
        number="Q-1", company=company, owner=cast.ann, opportunity=deal, currency="EUR", quoted_on=TODAY, valid_until=TODAY,
    )  # fmt: skip
    line = QuoteLine.objects.create(
        quote=quote, position=1, product=oven, quantity=3, unit_price=100, discount_share=Decimal("0.2"), net=240, vat_rate=Decimal("0.21"),
    )  # fmt: skip
    assert told(cast, deal).situation == "straight"
    QuoteLine.objects.filter(pk=line.pk).update(net=300)
    changes = told(cast, deal).changes
    assert [(each.what, each.before, each.now) for each in changes] == [("price per unit", "€80.00", "€100.00")]  # fmt: skip


def test_a_competitor_in_play_is_a_change_but_not_once_it_was_lost_to_him(cast, ovens):
    company, oven, _other = ovens
    ordered(company, oven, date(2026, 5, 1))
    deal = create_opportunity(
        actor=acting(cast.ann), next_step=NextStep("Call", TODAY), at=NOW,
        values=OpportunityValues(name="Oven", stage=StageFactory(), company=company, product=oven),
    )  # fmt: skip
    assert deal.buying_situation == "straight"
    moved = change_opportunity(
        actor=acting(cast.ann),
        opportunity_id=deal.pk,
        version=deal.version,
        values={"competitor": "Rival"},
        at=NOW,
    )
    assert (moved.buying_situation, moved.selling_role) == ("modified", "solution")
    back = undo_opportunity_change(actor=acting(cast.ann), opportunity_id=deal.pk, at=NOW)
    assert (back.buying_situation, back.selling_role, back.competitor) == ("straight", "transactional", "")  # fmt: skip
    lost = move_opportunity(
        actor=acting(cast.ann), opportunity_id=deal.pk, stage_id=StageFactory(kind="lost", name="Lost").pk, at=NOW,
        decision=Decision(lost_reason="Price", competitor="Rival"),
    )  # fmt: skip
    assert (lost.competitor, lost.buying_situation) == ("Rival", "straight")


def test_credits_fees_and_orders_after_the_deal_was_opened_do_not_count(cast, ovens):
    company, oven, _other = ovens
    ordered(company, oven, date(2026, 5, 1), is_credit=True)
    ordered(company, oven, date(2026, 5, 2), is_fee=True)
    ordered(company, oven, TODAY)
    ordered(CompanyFactory(owner=cast.ann), oven, date(2026, 5, 3))
    assert told(cast, deal_of(cast, company, oven)).situation == "new_task"


def test_without_a_product_only_a_customer_who_never_ordered_is_sure(cast, ovens):
    company, oven, _other = ovens
    assert told(cast, deal_of(cast, company, None)).situation == "new_task"
    assert told(cast, deal_of(cast, None, None)).situation == "new_task"
    ordered(company, oven, date(2026, 5, 1))
    found = told(cast, deal_of(cast, company, None))
    assert (found.situation, found.role) == ("", "")
    assert "say which product" in found.because


def test_an_a_customer_gets_the_role_in_which_the_relation_comes_first(cast, ovens):
    company, oven, other = ovens
    Company.objects.filter(pk=company.pk).update(customer_class="A")
    company.refresh_from_db()
    deal = deal_of(cast, company, oven)
    assert told(cast, deal).role == "strategic"
    line = ordered(company, other, date(2026, 5, 1))
    assert told(cast, deal).role == "consultative"
    ordered(company, oven, date(2026, 5, 1))
    assert told(cast, deal).role == "transactional"
    Order.objects.filter(pk=line.order_id).delete()
    assert told(cast, deal).role == "transactional"


def test_orders_the_reader_may_not_see_are_counted_not_shown(cast, ovens):
    _company, oven, other = ovens
    foreign = CompanyFactory(owner=cast.cora)
    ordered(foreign, other, date(2026, 5, 1))
    deal = deal_of(cast, foreign, oven)
    found = told(cast, deal)
    assert (found.situation, found.earlier, found.hidden) == ("modified", (), 1)
    assert [(each.what, each.before) for each in found.changes] == [("product", "")]
    assert len(told(cast, deal, cast.cora).earlier) == 1


def test_overruling_asks_for_a_reason_and_stands_in_the_trail(cast, ovens):
    company, oven, _other = ovens
    ordered(company, oven, date(2026, 5, 1))
    deal = deal_of(cast, company, oven)
    fill_approaches([deal], today=TODAY)
    deal.refresh_from_db()

    def overrule(**more):
        return set_approach(
            actor=acting(cast.ann), opportunity_id=deal.pk, version=Opportunity.objects.get(pk=deal.pk).version, at=NOW,
            approach=Approach(**{"situation": "new_task", "role": "solution", **more}),
        )  # fmt: skip

    with pytest.raises(ApproachRefusedError, match="another buying situation"):
        overrule(situation_because="  ")
    with pytest.raises(ApproachRefusedError, match="another selling role"):
        overrule(situation_because="New kitchen", role="integrated")
    saved = overrule(situation_because=" New kitchen ")
    assert (saved.buying_situation, saved.situation_because, saved.selling_role, saved.role_because) == (
        "new_task", "New kitchen", "solution", "",
    )  # fmt: skip
    entry = AuditEntry.objects.filter(noun="opportunity", verb="change").latest("pk")
    assert entry.changes["situation_because"] == ["", "New kitchen"]
    assert entry.changes["buying_situation"] == ["straight", "new_task"]
    kept = change_opportunity(
        actor=acting(cast.ann),
        opportunity_id=deal.pk,
        version=saved.version,
        values={"competitor": "Rival"},
        at=NOW,
    )
    assert kept.buying_situation == "new_task"
    with pytest.raises(NotFoundError):
        set_approach(
            actor=acting(cast.cora), opportunity_id=deal.pk, version=1, approach=Approach("straight", "solution"), at=NOW,
        )  # fmt: skip
    back = overrule(situation="modified", situation_because="", role="solution", role_because="")
    assert (back.buying_situation, back.situation_because) == ("modified", "")


def test_many_deals_are_filled_in_and_those_that_have_one_are_left_alone(cast, ovens):
    company, oven, _other = ovens
    ordered(company, oven, date(2026, 5, 1))
    deals = [deal_of(cast, company, oven), deal_of(cast, company, None), deal_of(cast, CompanyFactory(), oven),
             deal_of(cast, company, oven, buying_situation="new_task", situation_because="x")]  # fmt: skip
    assert fill_approaches(deals, today=TODAY) == 2
    found = Opportunity.objects.order_by("pk").values_list(
        "buying_situation", "selling_role", "version"
    )
    assert list(found) == [("straight", "transactional", 1), ("", "", 1), ("new_task", "solution", 1), ("new_task", "", 1)]  # fmt: skip


def test_the_list_filters_by_situation_and_role(cast, ovens):
    company, oven, _other = ovens
    won, lost = StageFactory(kind="won", name="Won"), StageFactory(kind="lost", name="Lost")
    for stage, situation in (
        (won, "straight"),
        (won, "straight"),
        (lost, "straight"),
        (lost, "new_task"),
    ):
        deal_of(cast, company, oven, stage=stage, stage_kind=stage.kind, closed_on=TODAY, buying_situation=situation, selling_role="solution")  # fmt: skip
    actor = acting(cast.ann)
    assert opportunities_matching(actor, q="", choices={"situation": "straight"}).count() == 3
    assert opportunities_matching(actor, q="", choices={"role": "none"}).count() == 0


def browser(user):
    client = Client()
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_the_page_shows_the_orders_and_orders_again_in_two_clicks(
    cast, ovens, django_assert_max_num_queries
):
    company, oven, other = ovens
    line = ordered(company, oven, date(2026, 5, 1), quantity=2, net=180)
    ordered(company, other, date(2026, 6, 1))
    deal = deal_of(cast, company, oven)
    fill_approaches([deal], today=TODAY)
    page = browser(cast.ann).get(f"/sell/opportunities/{deal.pk}/approach/card/").content.decode()
    again = f"/sell/company/{company.pk}/reorder/?order={line.order_id}"
    assert "Straight rebuy" in page
    assert "the same product on the same terms" in page
    assert again in page
    assert "Large oven" in page
    form = browser(cast.ann).get(again).content.decode()
    assert str(oven.code) in form or "Oven" in form
    assert "Large oven" not in form


def test_a_refused_overruling_keeps_what_was_typed_and_names_the_field(cast, ovens):
    company, oven, _other = ovens
    deal = deal_of(cast, company, oven, buying_situation="new_task", selling_role="solution")
    url = f"/sell/opportunities/{deal.pk}/approach/"
    answer = browser(cast.ann).post(
        url, {"situation": "straight", "role": "integrated", "role_because": "Build team"}
    )
    assert answer.status_code == 400
    assert "Say why it is another buying situation than proposed." in answer.content.decode()
    assert "Build team" in answer.content.decode()
    answer = browser(cast.ann).post(
        url, {"situation": "straight", "situation_because": "Rebuy of the lease", "role": "integrated", "role_because": "Build team"},
    )  # fmt: skip
    assert answer.status_code == 302
    deal.refresh_from_db()
    assert (deal.buying_situation, deal.selling_role, deal.role_because) == ("straight", "integrated", "Build team")  # fmt: skip


def test_when_the_orders_point_elsewhere_by_now_one_click_follows_them(cast, ovens):
    company, oven, _other = ovens
    deal = deal_of(cast, company, oven, buying_situation="new_task", selling_role="solution")
    ordered(company, oven, date(2026, 5, 1))
    page = browser(cast.ann).get(f"/sell/opportunities/{deal.pk}/approach/card/").content.decode()
    assert "The orders now point to “Straight rebuy”" in page
    data = {"situation": "straight", "role": "transactional", "role_because": "", "version": 1}
    assert (
        browser(cast.ann).post(f"/sell/opportunities/{deal.pk}/approach/", data).status_code == 302
    )
    deal.refresh_from_db()
    assert (deal.buying_situation, deal.situation_because) == ("straight", "")
