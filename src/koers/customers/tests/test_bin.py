"""Does what was put in the bin stay findable, and come back for who may take it out?"""

import pytest
from django.urls import reverse
from django.utils import timezone

from koers.core.errors import NotAllowedError, NotFoundError
from koers.core.models import AuditEntry
from koers.customers.actions.company import delete_contact, restore_contact
from koers.customers.models import Contact
from koers.customers.queries.bin import binned_companies, binned_contacts
from koers.customers.tests.factories import CompanyFactory, ContactFactory
from koers.organisation.tests.cast import acting
from koers.organisation.tests.counting import queries_of

NOW = timezone.now()
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def in_bin(name, owner):
    return CompanyFactory(name=name, owner=owner, deleted_at=NOW)


def names(rows):
    return sorted(str(row) for row in rows)


def test_a_contact_goes_into_the_bin_and_comes_back_and_the_trail_says_so(cast):
    contact = ContactFactory(company=CompanyFactory(owner=cast.ann), last_name="Bos")
    delete_contact(actor=acting(cast.ann), contact_id=contact.pk, at=NOW)
    assert Contact.objects.get().deleted_at == NOW
    assert names(binned_contacts(acting(cast.ann))) == [str(contact)]
    restore_contact(actor=acting(cast.ann), contact_id=contact.pk, at=NOW)
    assert Contact.objects.get().deleted_at is None
    assert binned_contacts(acting(cast.ann)).count() == 0
    trail = [list(entry.changes) for entry in AuditEntry.objects.filter(noun="contact")]
    assert trail == [["deleted_at"], ["deleted_at"]]


def test_a_stranger_neither_bins_nor_restores_a_contact(cast):
    contact = ContactFactory(company=CompanyFactory(owner=cast.ann))
    with pytest.raises(NotFoundError):
        delete_contact(actor=acting(cast.cora), contact_id=contact.pk, at=NOW)
    delete_contact(actor=acting(cast.ann), contact_id=contact.pk, at=NOW)
    with pytest.raises(NotFoundError):
        restore_contact(actor=acting(cast.cora), contact_id=contact.pk, at=NOW)
    with pytest.raises(NotAllowedError):
        restore_contact(actor=acting(cast.mia), contact_id=contact.pk, at=NOW)
    assert Contact.objects.get().deleted_at == NOW


def test_a_contact_of_a_company_in_the_bin_comes_back_with_the_company_only(cast):
    contact = ContactFactory(company=in_bin("Gone", cast.ann), deleted_at=NOW)
    assert binned_contacts(acting(cast.tom)).count() == 0
    with pytest.raises(NotFoundError):
        restore_contact(actor=acting(cast.tom), contact_id=contact.pk, at=NOW)


def test_only_who_may_put_companies_in_the_bin_finds_them_there(cast):
    in_bin("Anns", cast.ann)
    in_bin("Coras", cast.cora)
    CompanyFactory(name="Alive", owner=cast.ann)
    found = {who: names(binned_companies(acting(getattr(cast, who)))) for who in ("ann", "ben", "tom", "mia")}  # fmt: skip
    assert found == {"ann": [], "ben": ["Anns"], "tom": ["Anns", "Coras"], "mia": []}


def test_the_list_of_the_bin_shows_both_kinds_with_a_way_back(cast, client):
    gone = in_bin("Gone", cast.ann)
    contact = ContactFactory(company=CompanyFactory(owner=cast.ann), last_name="Bos", deleted_at=NOW)  # fmt: skip
    client.force_login(cast.tom, BACKEND)
    page = client.get(reverse("customers:bin_list")).content.decode()
    assert reverse("customers:company_restore", args=[gone.pk]) in page
    page = client.get(reverse("customers:bin_list"), {"kind": "contacts"}).content.decode()
    back = reverse("customers:contact_restore", args=[contact.pk])
    assert back in page
    assert client.post(back).status_code == 302
    assert Contact.objects.get(pk=contact.pk).deleted_at is None


@pytest.mark.parametrize("kind", ["", "contacts"])
def test_the_bin_asks_as_many_questions_for_three_as_for_one(cast, client, kind):
    def fill():
        in_bin("Gone", cast.ann)
        ContactFactory(company=CompanyFactory(owner=cast.ann), deleted_at=NOW)

    client.force_login(cast.tom, BACKEND)
    address = reverse("customers:bin_list") + f"?kind={kind}"
    fill()
    one = queries_of(client, address)
    fill()
    fill()
    assert queries_of(client, address) == one
