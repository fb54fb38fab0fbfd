"""Is a customer added, found, given away, thrown away and taken back by the rules?"""

import pytest
from django.utils import timezone

from koers.core.errors import NotAllowedError
from koers.core.models import AuditEntry, SavedView
from koers.customers.actions.company import (
    add_company,
    delete_company,
    restore_company,
)
from koers.customers.models import Company
from koers.customers.queries.company import alike, bare_name, companies_matching
from koers.customers.tests.factories import CompanyFactory, SegmentFactory
from koers.organisation.tests.cast import acting

NOW = timezone.now()


def row(company):
    """All columns but the version, which only ever rises."""
    return {name: value for name, value in Company.objects.filter(pk=company.pk).values()[0].items() if name != "version"}  # fmt: skip


def names(actor, q="", **choices):
    return [company.name for company in companies_matching(actor, q=q, choices=choices)]


def test_a_seller_becomes_the_owner_of_the_company_he_adds(cast):
    made = add_company(actor=acting(cast.ann), values={"name": "Acme"}, at=NOW)
    assert (made.owner_id, AuditEntry.objects.get().verb) == (cast.ann.pk, "create")


def test_marketing_may_read_and_not_add(cast):
    with pytest.raises(NotAllowedError):
        add_company(actor=acting(cast.mia), values={"name": "Acme"}, at=NOW)


def test_everyone_sees_the_customers_of_the_people_he_or_she_sees(cast):
    for owner in (cast.ann, cast.cora, None):
        CompanyFactory(name=f"of {owner}", owner=owner)
    ann, cora, none = "of Ann de Boer", "of Cora Visser", "of None"
    seen = {name: names(acting(getattr(cast, name))) for name in ("ann", "sam", "ben", "ina", "cora", "tom", "dirk", "mia", "adam")}  # fmt: skip
    assert seen == {
        "ann": [ann], "sam": [ann], "ben": [ann], "ina": [ann], "cora": [cora],
        "tom": [ann, cora, none], "dirk": [ann, cora, none], "mia": [ann, cora, none], "adam": [ann, cora, none],
    }  # fmt: skip


def test_a_search_finds_the_beginning_of_name_or_town_in_any_case(cast):
    CompanyFactory(name="Acme", city="Ede", owner=cast.ann)
    CompanyFactory(name="Big Acme", city="Breda", owner=cast.ann)
    CompanyFactory(name="Zed", city="Acmestad", owner=cast.ann)
    assert names(acting(cast.ann), q="aCm") == ["Acme", "Zed"]


@pytest.mark.parametrize("q", ["%", "_cme", "A%", "\\"])
def test_signs_with_a_meaning_in_sql_are_plain_letters_in_a_search(cast, q):
    CompanyFactory(name="Acme", owner=cast.ann)
    assert names(acting(cast.ann), q=q) == []


def test_delete_and_restore_leave_the_record_as_it_was(cast):
    company = CompanyFactory(name="Acme", city="Ede", owner=cast.ann, segment=SegmentFactory())
    before = row(company)
    delete_company(actor=acting(cast.ben), company_id=company.pk, at=NOW)
    assert names(acting(cast.ben)) == []
    restore_company(actor=acting(cast.ben), company_id=company.pk, at=NOW)
    assert row(company) == before


def test_an_account_manager_cannot_throw_a_company_away(cast):
    company = CompanyFactory(owner=cast.ann)
    with pytest.raises(NotAllowedError):
        delete_company(actor=acting(cast.ann), company_id=company.pk, at=NOW)


@pytest.mark.parametrize(
    ("name", "bare"),
    [("Acme B.V.", "acme"), ("ACME Holding BV", "acme"), ("Jansen, GmbH", "jansen"), ("B.V.", "")],
)
def test_a_name_is_compared_without_its_legal_form(name, bare):
    assert bare_name(name) == bare


@pytest.mark.parametrize(
    "twin",
    [
        {"name": "ACME Holding"},
        {"name": "Other", "registration_number": "12345678"},
        {"name": "Other", "vat_number": "NL000099998B57"},
        {"name": "Other", "email": "info@acme.nl"},
    ],
)
def test_a_company_that_may_exist_already_is_shown(cast, twin):
    known = CompanyFactory(name="Acme B.V.", owner=cast.ann, registration_number="12345678", vat_number="NL000099998B57", email="info@acme.nl")  # fmt: skip
    asked = {"registration_number": "", "vat_number": "", "email": ""} | twin
    assert alike(actor=acting(cast.ann), but=None, **asked) == [known]


def test_a_company_of_another_team_is_not_shown_as_a_twin(cast):
    CompanyFactory(name="Acme", owner=cast.cora)
    asked = {"name": "Acme", "registration_number": "", "vat_number": "", "email": ""}
    assert alike(actor=acting(cast.ann), but=None, **asked) == []


def test_the_form_warns_of_a_twin_and_adds_it_when_confirmed(cast, client):
    CompanyFactory(name="Acme B.V.", owner=cast.ann)
    client.force_login(cast.ann)
    warned = client.post("/customers/new/", {"name": "Acme"})
    assert (warned.status_code, len(warned.context["twins"]), Company.objects.count()) == (200, 1, 1)  # fmt: skip
    # a second field of the name, sent empty after the button's, would win over it
    assert warned.content.count(b'name="confirmed"') == 1
    assert client.post("/customers/new/", {"name": "Acme", "confirmed": "on"}).status_code == 302
    assert Company.objects.count() == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"vat_number": "NL000099998B58"},
        {"registration_number": "123"},
        {"name": ""},
        {"email": "x"},
    ],
)
def test_the_form_refuses_what_cannot_be_right(cast, client, wrong):
    client.force_login(cast.ann)
    answer = client.post("/customers/new/", {"name": "Acme"} | wrong)
    assert (answer.status_code, list(answer.context["form"].errors)) == (400, list(wrong))
    assert Company.objects.count() == 0


def filled(answer):
    """What the browser posts when nothing is touched."""
    return {bound.name: getattr(bound.value(), "pk", bound.value()) for bound in answer.context["form"] if bound.value() not in (None, "")}  # fmt: skip


def test_a_clash_on_the_company_form_shows_three_values_and_loses_nothing(cast, client):
    company = CompanyFactory(name="Acme", city="Ede", owner=cast.ann)
    client.force_login(cast.ann)
    mine = filled(client.get(f"/customers/{company.pk}/edit/"))
    assert client.post(f"/customers/{company.pk}/edit/", mine | {"city": "Delft", "phone": "1"}).status_code == 302  # fmt: skip
    clash = client.post(f"/customers/{company.pk}/edit/", mine | {"city": "Breda", "notes": "Call"})
    assert clash.status_code == 409
    rows = [(each["name"], each["read"], each["stored"], each["wanted"]) for each in clash.context["clashes"]]  # fmt: skip
    assert rows == [("city", "Ede", "Delft", "Breda")]
    assert (row(company)["city"], row(company)["notes"]) == ("Delft", "")
    again = filled(clash) | {"keep_city": "mine"}
    assert client.post(f"/customers/{company.pk}/edit/", again).status_code == 302
    found = row(company)
    assert (found["city"], found["phone"], found["notes"]) == ("Breda", "1", "Call")


def test_the_export_holds_the_rows_and_columns_that_are_shown(cast, client):
    CompanyFactory(name="=Acme", city="Ede", owner=cast.ann)
    CompanyFactory(name="Big", city="Delft", owner=cast.ann)
    CompanyFactory(name="Foreign", city="Ede", owner=cast.cora)
    client.force_login(cast.ann)
    answer = client.get("/customers/?columns=name,city&q=ede&export=csv")
    assert answer.content.decode("utf-8-sig") == "Company;City\r\n'=Acme;Ede\r\n"


def test_inside_sales_may_not_export(cast, client):
    client.force_login(cast.ina)
    assert client.get("/customers/?export=csv").status_code == 403


def views_of(client):
    return [view.name for view in client.get("/customers/").context["saved_views"]]


def test_a_private_view_is_its_owners_and_a_shared_one_everybodys(cast, client):
    client.force_login(cast.ann)
    client.post("/customers/views/save/", {"name": "mine", "query": "class=A"})
    client.post("/customers/views/save/", {"name": "ours", "query": "class=B", "shared": "on"})
    assert views_of(client) == ["mine", "ours"]
    client.force_login(cast.cora)
    assert views_of(client) == ["ours"]
    key = SavedView.objects.get(name="ours").pk
    assert client.post(f"/customers/views/{key}/drop/").status_code == 404
    client.force_login(cast.ann)
    assert client.post(f"/customers/views/{key}/drop/").status_code == 302
    assert views_of(client) == ["mine"]


def test_saving_a_view_again_replaces_it(cast, client):
    client.force_login(cast.ann)
    for query in ("class=A", "class=B"):
        client.post("/customers/views/save/", {"name": "mine", "query": query})
    assert [view.query for view in SavedView.objects.all()] == ["class=B"]
