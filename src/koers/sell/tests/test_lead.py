"""Is a lead kept, scored, given to the right person, and turned into a customer and back?"""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.test import Client

from koers.core.errors import NotAllowedError, NotFoundError, StaleVersionError
from koers.customers.models import Company, Contact
from koers.customers.queries.choices import owners_visible_to
from koers.customers.tests.factories import CompanyFactory, ContactFactory
from koers.organisation.tests.cast import acting
from koers.sell.actions.activity import NextStep
from koers.sell.actions.lead import (
    LeadRefusedError,
    add_lead,
    change_lead,
    disqualify_lead,
    take_up_lead,
)
from koers.sell.actions.lead_conversion import Conversion, convert_lead, undo_conversion
from koers.sell.actions.opportunity import OpportunityRefusedError, OpportunityValues
from koers.sell.models import Lead, Opportunity
from koers.sell.queries.lead import (
    companies_like,
    contacts_like,
    leads_like,
    leads_matching,
    leads_visible_to,
)
from koers.sell.queries.lead_score import points_of
from koers.sell.tests.factories import LeadFactory, OpportunityFactory, StageFactory, sale

NOW = datetime(2026, 11, 23, 11, tzinfo=UTC)
TODAY = date(2026, 11, 23)
STEP = NextStep("Visit", date(2026, 11, 30))
GOOD = {
    "company_name": "Acme B.V.", "first_name": "Jan", "last_name": "Smit", "job_title": "Inkoper", "email": "jan@acme.example",
    "phone": "0201234567", "need": "A new kitchen for the second location", "source": "reference",
}  # fmt: skip


def browser(user):
    client = Client()
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    return client


def counts():
    living = {"deleted_at": None}
    return tuple(
        model.objects.filter(**living).count() for model in (Company, Contact, Opportunity)
    )


def test_the_score_is_the_sum_of_reasons_one_can_read(cast):
    lead = add_lead(actor=acting(cast.ann), values=GOOD, at=NOW)
    assert (lead.score, [point.points for point in points_of(lead)]) == (
        100,
        [25, 25, 20, 15, 10, 5],
    )
    poor = add_lead(actor=acting(cast.ann), values={"last_name": "Smit", "email": "jan@gmail.com", "source": "list"}, at=NOW)  # fmt: skip
    assert poor.score == 0
    changed = change_lead(actor=acting(cast.ann), lead_id=poor.pk, version=1, values={"phone": "1"}, at=NOW)  # fmt: skip
    assert Lead.objects.get(pk=changed.pk).score == 10


def test_a_lead_of_a_known_company_goes_to_who_looks_after_it(cast):
    CompanyFactory(name="Acme", owner=cast.ann)
    lead = add_lead(actor=acting(cast.tom), values=GOOD, at=NOW)
    assert (lead.owner, lead.proposed_because) == (cast.ann, "looks after Acme")


def test_else_it_goes_to_who_has_the_fewest_open_leads(cast):
    names = [
        add_lead(actor=acting(cast.tom), values={"company_name": f"New {n}"}, at=NOW).owner
        for n in range(8)
    ]

    sellers = list(owners_visible_to(acting(cast.tom)).exclude(role="inside_sales").order_by("pk"))
    assert names[: len(sellers)] == sellers
    assert names[len(sellers)] == sellers[0]


def test_leads_are_seen_by_who_sees_the_owner(cast):
    LeadFactory(company_name="North", owner=cast.ann)
    LeadFactory(company_name="South", owner=cast.cora)
    LeadFactory(company_name="Nobody")
    seen = {
        name: sorted(leads_visible_to(acting(getattr(cast, name))).values_list("company_name", flat=True))
        for name in ("ann", "cora", "adam")
    }  # fmt: skip
    assert seen == {"ann": ["North"], "cora": ["South"], "adam": ["Nobody", "North", "South"]}
    with pytest.raises(NotAllowedError):
        add_lead(actor=acting(cast.mia), values=GOOD, at=NOW)


def test_a_lead_without_any_name_is_refused(cast):
    with pytest.raises(LeadRefusedError, match="which company or which person"):
        add_lead(actor=acting(cast.ann), values={"phone": "1"}, at=NOW)
    assert Lead.objects.count() == 0


def test_a_disqualified_lead_has_a_reason_and_can_be_taken_up_again(cast):
    lead = add_lead(actor=acting(cast.ann), values=GOOD, at=NOW)
    with pytest.raises(LeadRefusedError, match="why"):
        disqualify_lead(actor=acting(cast.ann), lead_id=lead.pk, reason=" ", at=NOW)
    gone = disqualify_lead(actor=acting(cast.ann), lead_id=lead.pk, reason="No budget", at=NOW)
    assert (gone.status, gone.disqualified_because, gone.decided_on) == ("disqualified", "No budget", TODAY)  # fmt: skip
    with pytest.raises(LeadRefusedError, match="already"):
        disqualify_lead(actor=acting(cast.ann), lead_id=lead.pk, reason="Again", at=NOW)
    back = take_up_lead(actor=acting(cast.ann), lead_id=lead.pk, at=NOW)
    assert (back.status, back.disqualified_because, back.decided_on) == ("working", "", None)


def test_two_people_who_change_the_same_field_see_both_values(cast):
    lead = add_lead(actor=acting(cast.ann), values=GOOD, at=NOW)
    change_lead(actor=acting(cast.tom), lead_id=lead.pk, version=1, values={"city": "Goes"}, at=NOW)
    with pytest.raises(StaleVersionError):
        change_lead(actor=acting(cast.ann), lead_id=lead.pk, version=1, values={"city": "Tiel"}, at=NOW)  # fmt: skip


def test_companies_and_contacts_that_are_alike_are_found_before_saving(cast):
    lead = add_lead(actor=acting(cast.ann), values=GOOD, at=NOW)
    by_name = CompanyFactory(name="ACME", owner=cast.ann)
    by_contact = CompanyFactory(name="Holding", owner=cast.ann)
    contact = ContactFactory(company=by_contact, last_name="Smit", email="JAN@acme.example")
    CompanyFactory(name="Acme", owner=cast.cora)
    assert companies_like(acting(cast.ann), lead) == [by_name, by_contact]
    assert contacts_like(acting(cast.ann), lead) == [contact]


def test_a_lead_without_a_company_is_like_none_by_name(cast):
    CompanyFactory(name="B.V.", owner=cast.ann)
    lead = add_lead(actor=acting(cast.ann), values={"last_name": "Smit"}, at=NOW)
    assert companies_like(acting(cast.ann), lead) == []


def test_a_lead_becomes_company_contact_and_opportunity_and_back(cast):
    stage = StageFactory()
    lead = add_lead(actor=acting(cast.ann), values=GOOD, at=NOW)
    conversion = Conversion(
        opportunity=OpportunityValues(name="Kitchen", stage=stage, amount=Decimal(9000)),
        next_step=STEP,
    )
    done = convert_lead(actor=acting(cast.ann), lead_id=lead.pk, conversion=conversion, at=NOW)
    assert counts() == (1, 1, 1)
    assert (done.status, done.made, done.decided_on) == ("converted", ["company", "contact", "opportunity"], TODAY)  # fmt: skip
    assert (done.company.name, done.company.owner, done.contact.email) == ("Acme B.V.", cast.ann, "jan@acme.example")  # fmt: skip
    assert (done.opportunity.company, done.opportunity.amount) == (done.company, Decimal(9000))
    with pytest.raises(LeadRefusedError, match="already"):
        convert_lead(actor=acting(cast.ann), lead_id=lead.pk, conversion=conversion, at=NOW)
    back = undo_conversion(actor=acting(cast.ann), lead_id=lead.pk, at=NOW)
    assert counts() == (0, 0, 0)
    assert (back.status, back.company, back.made) == ("working", None, [])
    assert list(done.opportunity.activities.values_list("status", flat=True)) == ["cancelled"]


def test_each_part_can_be_an_existing_record(cast):
    company = CompanyFactory(owner=cast.ann)
    contact = ContactFactory(company=company)
    deal = OpportunityFactory(company=company, owner=cast.ann)
    lead = add_lead(actor=acting(cast.ann), values=GOOD, at=NOW)
    conversion = Conversion(company_id=company.pk, contact_id=contact.pk, opportunity_id=deal.pk)
    done = convert_lead(actor=acting(cast.ann), lead_id=lead.pk, conversion=conversion, at=NOW)
    assert (done.company, done.contact, done.opportunity, done.made) == (company, contact, deal, [])
    assert counts() == (1, 1, 1)
    undo_conversion(actor=acting(cast.ann), lead_id=lead.pk, at=NOW)
    assert counts() == (1, 1, 1)


def test_what_cannot_be_converted_leaves_nothing_behind(cast):
    stage = StageFactory()
    other = ContactFactory(company=CompanyFactory(owner=cast.ann))
    lead = add_lead(actor=acting(cast.ann), values=GOOD, at=NOW)
    before = counts()
    deal = OpportunityValues(name="Kitchen", stage=stage)
    for conversion, refusal in (
        (Conversion(opportunity=deal), OpportunityRefusedError), (Conversion(contact_id=other.pk), LeadRefusedError),
        (Conversion(company_id=CompanyFactory(owner=cast.cora, deleted_at=NOW).pk), NotFoundError),
    ):  # fmt: skip
        with pytest.raises(refusal):
            convert_lead(actor=acting(cast.ann), lead_id=lead.pk, conversion=conversion, at=NOW)
    assert counts() == before
    assert Lead.objects.get().status == "new"


def test_a_conversion_that_has_been_sold_to_stays(cast):
    lead = add_lead(actor=acting(cast.ann), values=GOOD, at=NOW)
    done = convert_lead(actor=acting(cast.ann), lead_id=lead.pk, conversion=Conversion(), at=NOW)
    sale(done.company, TODAY, "100")
    with pytest.raises(LeadRefusedError, match="has orders"):
        undo_conversion(actor=acting(cast.ann), lead_id=lead.pk, at=NOW)
    assert counts() == (1, 1, 0)


@pytest.mark.parametrize("leads", [1, 3])
def test_the_list_asks_the_database_the_same_number_of_times(cast, leads, django_assert_max_num_queries):  # fmt: skip
    LeadFactory.create_batch(leads, owner=cast.ann)
    client = browser(cast.tom)
    client.get("/sell/leads/")
    with django_assert_max_num_queries(14):
        assert client.get("/sell/leads/").content.count(b"row-link") == leads


def test_the_list_is_filtered_by_status_source_and_owner(cast):
    LeadFactory(company_name="One", owner=cast.ann, source="fair")
    LeadFactory(company_name="Two", owner=cast.ann, status="converted")
    LeadFactory(company_name="Three", owner=cast.cora)

    def found(q="", **choices):
        rows = leads_matching(acting(cast.adam), q=q, choices=choices)
        return sorted(rows.values_list("company_name", flat=True))

    assert found(status="open") == ["One", "Three"]
    assert found(status="converted") == ["Two"]
    assert found(source="fair") == ["One"]
    assert found(owner=str(cast.cora.pk)) == ["Three"]
    assert found("t") == ["Three", "Two"]


def test_the_pages_write_down_convert_and_take_back(cast):
    client = browser(cast.ann)
    StageFactory()
    data = GOOD | {"received_on": "2026-11-20", "cost": "12.50"}
    assert client.post("/sell/leads/new/", data | {"company_name": "", "last_name": ""}).status_code == 400  # fmt: skip
    client.post("/sell/leads/new/", data)
    lead = Lead.objects.get()
    assert (lead.cost, lead.owner) == (Decimal("12.50"), cast.ann)
    url = f"/sell/leads/{lead.pk}/"
    assert b"Inkoper" in client.get(url).content
    CompanyFactory(name="Acme", owner=cast.ann)
    page = client.get(f"{url}convert/").content.decode()
    assert "1 company is like this lead" in page
    chosen = {"company_choice": "new", "contact_choice": "new", "opportunity_choice": "new", "name": "Kitchen"}  # fmt: skip
    refused = client.post(f"{url}convert/", chosen)
    assert (refused.status_code, counts()) == (400, (1, 0, 0))
    stage = StageFactory()
    client.post(f"{url}convert/", chosen | {"stage": stage.pk, "next_step": "Visit", "next_on": "2026-12-01"})  # fmt: skip
    assert counts() == (2, 1, 1)
    client.post(f"{url}unconvert/")
    assert counts() == (1, 0, 0)
    client.post(f"{url}disqualify/", {"reason": "No budget"})
    assert Lead.objects.get().status == "disqualified"


def test_a_lead_is_like_one_with_its_address_company_or_full_name_that_one_may_see(cast):
    one = LeadFactory(company_name="Acme B.V.", owner=cast.ann)
    two = LeadFactory(company_name="Else", email="Jan@acme.example", owner=cast.ann, received_on=TODAY)  # fmt: skip
    person = LeadFactory(company_name="", first_name="Jan", last_name="Smit", owner=cast.ann)
    LeadFactory(company_name="Acme Toys", owner=cast.ann)
    LeadFactory(company_name="Acme", owner=cast.cora)

    def like(actor=cast.ann, **values):
        return leads_like(acting(actor), Lead(**values))

    assert like(company_name="acme", email="jan@acme.example") == [two, one]
    assert like(first_name="jan", last_name="SMIT") == [person]
    assert like(first_name="Piet", last_name="Smit") == []
    assert like(cast.cora, company_name="Else") == []
    assert leads_like(acting(cast.ann), person) == []


def test_what_may_be_known_already_is_shown_before_a_lead_is_kept(cast):
    client = browser(cast.ann)
    LeadFactory(company_name="Acme", owner=cast.ann)
    CompanyFactory(name="Acme", owner=cast.ann, city="Goes")
    data = GOOD | {"received_on": "2026-11-20"}
    page = client.post("/sell/leads/new/", data)
    assert (page.status_code, Lead.objects.count()) == (200, 1)
    assert "This may be a lead or company you have already" in page.content.decode()
    assert b"Goes" in page.content
    assert page.content.count(b'name="confirmed"') == 1
    client.post("/sell/leads/new/", data | {"confirmed": "on"})
    assert Lead.objects.filter(company_name="Acme B.V.").count() == 1
    made = Lead.objects.get(company_name="Acme B.V.")
    assert b"May be the same lead" in client.get(f"/sell/leads/{made.pk}/").content
