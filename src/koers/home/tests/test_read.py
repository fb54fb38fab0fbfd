"""Is it known who looked at a record: once an hour, by whoever saw it and nobody else?"""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from koers.core.errors import NotAllowedError
from koers.core.models import RecordRead
from koers.core.reads import NOUNS, PAGES, note_read
from koers.customers.tests.factories import CompanyFactory, ContactFactory
from koers.home.actions.person import export_held
from koers.home.actions.retention import let_go
from koers.home.queries.read import reads_matching
from koers.organisation.actions.api_token import make_token
from koers.organisation.tests.cast import acting
from koers.organisation.tests.counting import queries_of
from koers.sell.tests.factories import LeadFactory, OpportunityFactory

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def noted():
    return sorted(RecordRead.objects.values_list("user__full_name", "noun", "object_id", "channel"))


def test_each_page_of_a_record_notes_who_saw_it_and_a_hidden_one_does_not(cast, client):
    company = CompanyFactory(owner=cast.ann)
    contact, deal = ContactFactory(company=company), OpportunityFactory(company=company)
    lead, hidden = LeadFactory(owner=cast.ann), CompanyFactory(owner=cast.cora)
    client.force_login(cast.ann, BACKEND)
    seen = {"company": company, "contact": contact, "lead": lead, "opportunity": deal}
    for name, (noun, parameter) in PAGES.items():
        if not name.startswith(("api:", "home:")):
            assert client.get(reverse(name, kwargs={parameter: seen[noun].pk})).status_code == 200, name  # fmt: skip
    assert client.get(reverse("customers:company_detail", args=[hidden.pk])).status_code == 404
    client.post(reverse("customers:company_edit", args=[CompanyFactory(owner=cast.ann).pk]), {})
    client.get(reverse("customers:company_list"))
    assert noted() == sorted((cast.ann.full_name, noun, record.pk, "screen") for noun, record in seen.items())  # fmt: skip
    assert set(seen) == set(NOUNS)


def test_a_read_over_the_api_is_noted_as_such_and_a_list_is_not(cast, client):
    contact = ContactFactory(company__owner=cast.ann)
    _token, secret = make_token(actor=acting(cast.ann), name="Shop", scope="read", days=9, at=timezone.now())  # fmt: skip
    for path in (f"/api/v1/contacts/{contact.pk}", "/api/v1/contacts"):
        assert client.get(path, headers={"Authorization": f"Bearer {secret}"}).status_code == 200
    assert noted() == [(cast.ann.full_name, "contact", contact.pk, "api")]


def test_a_second_look_within_the_hour_writes_nothing_and_costs_one_query(cast, django_assert_num_queries):  # fmt: skip
    at = timezone.now().replace(minute=5)
    look = {"actor": acting(cast.ann), "noun": "company", "object_id": 7}
    assert note_read(**look, at=at)
    with django_assert_num_queries(1):
        assert not note_read(**look, at=at + timedelta(minutes=54))
    assert note_read(**look, at=at + timedelta(hours=1))
    assert note_read(**{**look, "actor": acting(cast.cora)}, at=at)
    assert RecordRead.objects.count() == 3


def test_who_handles_privacy_reads_the_list_and_the_person_page_with_it(cast, client):
    company = CompanyFactory(owner=cast.ann, name="Bakery")
    contact = ContactFactory(company=company, last_name="Vos")
    now = timezone.now()
    for number, user in enumerate((cast.ann, cast.cora)):
        note_read(actor=acting(user), noun="contact", object_id=contact.pk, at=now - timedelta(hours=number))  # fmt: skip
    for user in (cast.ann, cast.tom):
        with pytest.raises(NotAllowedError):
            reads_matching(actor=acting(user), noun="", ids=(), q="")
    client.force_login(cast.adam, BACKEND)
    url = reverse("home:read_list")
    page = client.get(f"{url}?noun=contact&id={contact.pk}")
    assert [str(line["who"]) for line in page.context["lines"]] == ["Ann de Boer", "Cora Visser"]
    assert [str(line["record"]) for line in page.context["lines"]] == ["Kim Vos", "Kim Vos"]
    assert client.get(f"{url}?noun=contact&id={contact.pk + 1}").context["lines"] == []
    assert client.get(f"{url}?id=x").context["lines"] == []
    assert [str(line["who"]) for line in client.get(f"{url}?q=cora").context["lines"]] == ["Cora Visser"]  # fmt: skip
    assert client.get(f"{url}?noun=order").status_code == 400
    two = queries_of(client, url)
    note_read(actor=acting(cast.sam), noun="contact", object_id=ContactFactory().pk, at=now)
    assert queries_of(client, url) == two
    person = client.get(reverse("home:person_detail", args=["contact", contact.pk]))
    assert [str(line["who"]) for line in person.context["reads"]] == ["Ann de Boer", "Cora Visser"]
    assert url in client.get(reverse("customers:company_detail", args=[company.pk])).content.decode()  # fmt: skip
    client.force_login(cast.tom, BACKEND)
    assert url not in client.get(reverse("customers:company_detail", args=[company.pk])).content.decode()  # fmt: skip


def test_reads_are_in_the_file_of_the_person_without_the_name_of_who_looked(cast):
    contact = ContactFactory()
    note_read(actor=acting(cast.ann), noun="contact", object_id=contact.pk, at=timezone.now())
    note_read(actor=acting(cast.ann), noun="company", object_id=contact.pk, at=timezone.now())
    _person, held = export_held(actor=acting(cast.adam), kind="contact", person_id=contact.pk, named=False, at=timezone.now())  # fmt: skip
    part = next(part for part in held.parts if part.model is RecordRead)
    row = RecordRead.objects.get(noun="contact")
    assert part.fields == ("user", "hour")
    assert part.rows == {row.pk: (cast.ann.pk, row.hour)}


def test_reads_go_after_their_own_term(cast):
    now = timezone.now()
    for days in (1, 370):
        note_read(actor=acting(cast.ann), noun="company", object_id=days, at=now - timedelta(days=days))  # fmt: skip
    let_go(actor=acting(cast.adam), at=now)
    assert list(RecordRead.objects.values_list("object_id", flat=True)) == [1]
