"""Are many companies changed at once by the rules, and put back as they were?"""

import json

import pytest
from django.utils import timezone

from koers.core.errors import NotFoundError, StaleVersionError
from koers.core.models import AuditEntry
from koers.customers.actions import reassignment
from koers.customers.actions.company import change_company
from koers.customers.actions.reassignment import ReassignmentRefusedError, reassign
from koers.customers.models import Company
from koers.customers.queries.reassignment import preview_reassignment
from koers.customers.tests.factories import CompanyFactory, SegmentFactory
from koers.organisation.models import BusinessUnit, Territory
from koers.organisation.tests.cast import acting

NOW = timezone.now()


def row(company):
    """All columns but the version, which only ever rises."""
    return {name: value for name, value in Company.objects.filter(pk=company.pk).values()[0].items() if name != "version"}  # fmt: skip


def given(company):
    return Company.objects.values_list(*reassignment.FIELDS).get(pk=company.pk)


def test_reassign_and_undo_leave_the_records_as_they_were(cast, client):
    segment, territory = SegmentFactory(), Territory.objects.create(name="East")
    unit = BusinessUnit.objects.create(name="Service")
    companies = [CompanyFactory(owner=cast.ann), CompanyFactory(owner=cast.sam, segment=segment)]
    before = [row(company) for company in companies]
    client.force_login(cast.ben)
    body = {"id": [company.pk for company in companies], "owner_id": cast.ben.pk, "segment_id": segment.pk,
            "territory_id": territory.pk, "business_unit_id": unit.pk}  # fmt: skip
    assert client.post("/customers/reassign/", body).status_code == 302
    assert [given(each) for each in companies] == [(cast.ben.pk, segment.pk, territory.pk, unit.pk)] * 2  # fmt: skip
    assert client.post("/customers/reassign/undo/").status_code == 302
    assert [row(company) for company in companies] == before
    assert AuditEntry.objects.filter(verb="change").count() == 4


def test_the_audit_trail_of_a_bulk_change_names_only_what_changed(cast):
    segment = SegmentFactory()
    company = CompanyFactory(owner=cast.ann, segment=segment)
    reassign(actor=acting(cast.ben), company_ids=[company.pk], values={"owner_id": cast.sam.pk, "segment_id": segment.pk}, at=NOW)  # fmt: skip
    ann, sam = ({"id": each.pk, "label": each.full_name} for each in (cast.ann, cast.sam))
    assert AuditEntry.objects.get().changes == {"owner": [ann, sam]}


def test_a_form_that_was_open_meanwhile_does_not_overwrite_a_bulk_change(cast):
    first, second = SegmentFactory(), SegmentFactory()
    company = CompanyFactory(owner=cast.ann)
    reassign(actor=acting(cast.ben), company_ids=[company.pk], values={"segment_id": first.pk}, at=NOW)  # fmt: skip
    with pytest.raises(StaleVersionError) as clash:
        change_company(actor=acting(cast.ben), company_id=company.pk, version=1, values={"segment": second}, at=NOW)  # fmt: skip
    assert clash.value.clashes == {"segment": (None, first, second)}


def test_an_undo_leaves_a_company_somebody_changed_since_as_it_is(cast, client):
    first, second = CompanyFactory(owner=cast.ann), CompanyFactory(owner=cast.ann)
    client.force_login(cast.ben)
    client.post("/customers/reassign/", {"id": [first.pk, second.pk], "owner_id": cast.ben.pk})
    Company.objects.filter(pk=second.pk).update(owner=cast.sam)
    answer = client.post("/customers/reassign/undo/", follow=True)
    assert [row(first)["owner_id"], row(second)["owner_id"]] == [cast.ann.pk, cast.sam.pk]
    assert [str(each) for each in answer.context["messages"]][-1:] == ["The change of 1 company has been undone. 1 company has been changed since and stays as it is."]  # fmt: skip


def test_an_undo_is_done_once(cast, client):
    company = CompanyFactory(owner=cast.ann)
    client.force_login(cast.ben)
    client.post("/customers/reassign/", {"id": [company.pk], "owner_id": cast.ben.pk})
    client.post("/customers/reassign/undo/")
    answer = client.post("/customers/reassign/undo/", follow=True)
    assert [str(each) for each in answer.context["messages"]][-1] == "There is nothing to undo any more."  # fmt: skip


def test_all_of_the_filter_is_what_the_filter_finds_and_nothing_more(cast, client):
    inside = [CompanyFactory(owner=cast.ann, city="Ede") for _number in range(30)]
    outside = CompanyFactory(owner=cast.ann, city="Breda")
    foreign = CompanyFactory(owner=cast.cora, city="Ede")
    client.force_login(cast.ben)
    body = {"all": "1", "owner_id": cast.ben.pk}
    shown = client.post("/customers/reassign/preview/?q=ede", body).context["preview"]
    assert (shown.picked, shown.changing) == (30, 30)
    answer = client.post("/customers/reassign/?q=ede", body)
    assert answer.url == "/customers/?q=ede"
    assert {row(each)["owner_id"] for each in inside} == {cast.ben.pk}
    assert [row(outside)["owner_id"], row(foreign)["owner_id"]] == [cast.ann.pk, cast.cora.pk]


def test_the_preview_counts_what_changes_and_writes_nothing(cast, client):
    segment = SegmentFactory(name="Hotels")
    companies = [CompanyFactory(owner=cast.ann), CompanyFactory(owner=cast.sam), CompanyFactory(owner=cast.sam, segment=segment)]  # fmt: skip
    foreign = CompanyFactory(owner=cast.cora)
    ids = [each.pk for each in [*companies, foreign]]
    values = {"owner_id": cast.sam.pk, "segment_id": segment.pk}
    preview = preview_reassignment(actor=acting(cast.ben), company_ids=ids, values=values)
    assert (preview.picked, preview.changing, preview.unchanged) == (3, 2, 1)
    assert [(each.becomes, each.now, each.others) for each in preview.fields] == [
        (cast.sam.full_name, [(cast.sam.full_name, 2), (cast.ann.full_name, 1)], 0),
        ("Hotels", [("none", 2), ("Hotels", 1)], 0),
    ]
    client.force_login(cast.ben)
    page = client.post("/customers/reassign/preview/", {"id": ids, **values}).content.decode()
    assert "3 companies are selected." in page and "Change 2 companies" in page
    assert AuditEntry.objects.count() == 0


def test_a_field_can_be_cleared_for_many(cast, client):
    company = CompanyFactory(owner=cast.ann, segment=SegmentFactory())
    client.force_login(cast.ben)
    client.post("/customers/reassign/", {"id": [company.pk], "segment_id": "none"})
    assert row(company)["segment_id"] is None
    client.post("/customers/reassign/undo/")
    assert row(company)["segment_id"] == company.segment_id


def test_who_does_not_see_unowned_customers_cannot_lose_them_from_sight(cast):
    company = CompanyFactory(owner=cast.ann)
    with pytest.raises(ReassignmentRefusedError):
        reassign(actor=acting(cast.ben), company_ids=[company.pk], values={"owner_id": None}, at=NOW)  # fmt: skip
    reassign(actor=acting(cast.adam), company_ids=[company.pk], values={"owner_id": None}, at=NOW)
    assert row(company)["owner_id"] is None


def test_more_than_ten_thousand_at_once_is_refused(cast, client, monkeypatch):
    assert reassignment.MOST_AT_ONCE == 10_000
    company = CompanyFactory(owner=cast.ann)
    with pytest.raises(ReassignmentRefusedError):
        reassign(actor=acting(cast.ben), company_ids=range(10_001), values={"owner_id": cast.ben.pk}, at=NOW)  # fmt: skip
    monkeypatch.setattr("koers.customers.views.reassignment.MOST_AT_ONCE", 0)
    client.force_login(cast.ben)
    assert client.post("/customers/reassign/", {"all": "1", "owner_id": cast.ben.pk}).status_code == 400  # fmt: skip
    assert row(company)["owner_id"] == cast.ann.pk


def test_reassign_leaves_companies_one_may_not_see_alone(cast):
    foreign = CompanyFactory(owner=cast.cora)
    assert reassign(actor=acting(cast.ben), company_ids=[foreign.pk], values={"owner_id": cast.ben.pk}, at=NOW) == []  # fmt: skip
    assert row(foreign)["owner_id"] == cast.cora.pk


def test_reassign_to_somebody_one_may_not_see_is_refused(cast):
    mine = CompanyFactory(owner=cast.ann)
    with pytest.raises(NotFoundError):
        reassign(actor=acting(cast.ben), company_ids=[mine.pk], values={"owner_id": cast.cora.pk}, at=NOW)  # fmt: skip


@pytest.mark.parametrize("values", [{}, {"name": 1}, {"segment_id": 10**9}, {"territory_id": 10**9}])  # fmt: skip
def test_reassign_changes_owner_segment_territory_or_unit_to_one_that_exists(cast, values):
    with pytest.raises(ReassignmentRefusedError):
        reassign(actor=acting(cast.ben), company_ids=[1], values=values, at=NOW)


def test_a_reassign_that_changes_nothing_writes_nothing(cast):
    mine = CompanyFactory(owner=cast.ann)
    assert reassign(actor=acting(cast.ben), company_ids=[mine.pk], values={"owner_id": cast.ann.pk}, at=NOW) == []  # fmt: skip
    assert (Company.objects.get(pk=mine.pk).version, AuditEntry.objects.count()) == (1, 0)


def test_a_broken_undo_is_no_way_to_change_owners_without_the_right(cast, client):
    company = CompanyFactory(owner=cast.ann)
    client.force_login(cast.ann)
    session = client.session
    session["undo_reassign"] = json.dumps({"given": {"owner_id": cast.ann.pk}, "former": [[{"owner_id": cast.sam.pk}, [company.pk]]]})  # fmt: skip
    session.save()
    assert client.post("/customers/reassign/undo/").status_code == 403
    assert row(company)["owner_id"] == cast.ann.pk


@pytest.mark.parametrize("size", [1, 3])
def test_a_bulk_change_takes_as_many_queries_for_one_as_for_three(cast, size, django_assert_num_queries):  # fmt: skip
    actor = acting(cast.ben)
    ids = [CompanyFactory(owner=cast.ann).pk for _number in range(size)]
    with django_assert_num_queries(12):
        reassign(actor=actor, company_ids=ids, values={"owner_id": cast.ben.pk}, at=NOW)
