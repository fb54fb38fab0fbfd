"""May a contact be called or mailed, and is each thing he said kept with its proof?"""

from datetime import date, timedelta
from itertools import product

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from koers.core.errors import NotAllowedError, NotFoundError
from koers.core.models import AuditEntry
from koers.customers.actions.consent import (
    ConsentRefusedError,
    add_consent,
    restore_consent,
    strike_consent,
)
from koers.customers.models import Consent
from koers.customers.queries.consent import may_call, may_mail, reach_of, verdicts_of
from koers.customers.queries.contact_rules import Party, party_of
from koers.customers.tests.factories import CompanyFactory, ContactFactory
from koers.organisation.tests.cast import acting

pytestmark = pytest.mark.django_db
BEFORE_2021, BEFORE, SINCE = date(2021, 6, 30), date(2026, 6, 30), date(2026, 7, 1)
GIVEN = date(2021, 1, 1)
# Who (legal person or not, customer or not, consent or not) may be called on a day, as the law has it.
CALLS = {
    BEFORE_2021: lambda legal, customer, consent: True,
    BEFORE: lambda legal, customer, consent: legal or customer or consent,
    SINCE: lambda legal, customer, consent: legal or consent,
}


def line(contact, said, channel="all", on=GIVEN, **more):
    return Consent.objects.create(contact=contact, said=said, channel=channel, said_on=on, proof="Letter", made_at=timezone.now(), **more)  # fmt: skip


@pytest.mark.parametrize(
    ("day", "legal", "customer", "consent"),
    list(product(CALLS, (True, False), (True, False), (True, False))),
)
def test_who_may_be_called_and_mailed_follows_the_rule_of_the_day(day, legal, customer, consent):
    name = "Kade B.V." if legal else "Bakker Kade"
    company = CompanyFactory(name=name, first_order_on=GIVEN if customer else None)
    contact = ContactFactory(company=company)
    if consent:
        line(contact, "given")
    assert may_call(contact, day).allowed is CALLS[day](legal, customer, consent)
    assert may_mail(contact, day).allowed is (customer or consent)


def test_a_customer_may_be_called_the_day_before_the_rule_and_no_longer_on_it():
    contact = ContactFactory(company=CompanyFactory(name="Bakker Kade", first_order_on=GIVEN))
    assert may_call(contact, BEFORE).reason.startswith("Yes: a customer since")
    verdict = may_call(contact, SINCE)
    assert (verdict.allowed, "2026" in verdict.reason, "consent" in verdict.reason) == (False, True, True)  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "allowed"),
    [
        ([("given", "all", 1)], True),
        ([("given", "all", 1), ("withdrawn", "all", 2)], False),
        ([("withdrawn", "all", 1), ("given", "all", 2)], True),
        ([("given", "all", 1), ("objected", "mail", 2)], True),
        ([("given", "all", 1), ("objected", "phone", 2)], False),
        ([("objected", "all", 1), ("given", "phone", 2)], True),
        ([("given", "phone", 1), ("restricted", "all", 2), ("given", "phone", 3)], False),
        ([("given", "phone", 1), ("restricted", "all", 2), ("lifted", "all", 3)], True),
        ([("given", "mail", 1)], False),
        ([("given", "all", 40)], False),
    ],
)
def test_the_latest_word_on_the_channel_holds_and_a_restriction_until_it_is_lifted(lines, allowed):
    contact = ContactFactory(company=CompanyFactory(name="Bakker Kade"))
    for said, channel, after in lines:
        line(contact, said, channel, SINCE + timedelta(days=after))
    assert may_call(contact, SINCE + timedelta(days=30)).allowed is allowed


@pytest.mark.parametrize("said", ["objected", "withdrawn", "restricted"])
def test_even_a_customer_who_is_a_legal_person_is_left_alone_after_a_no(said):
    contact = ContactFactory(company=CompanyFactory(name="Kade B.V.", first_order_on=GIVEN))
    line(contact, said, on=SINCE)
    assert (may_call(contact, SINCE).allowed, may_mail(contact, SINCE).allowed) == (False, False)
    assert may_call(contact, SINCE - timedelta(days=1)).allowed


def test_consent_to_research_is_no_consent_to_offers():
    contact = ContactFactory(company=CompanyFactory(name="Bakker Kade"))
    line(contact, "given", purpose="research")
    assert not may_call(contact, SINCE).allowed


@pytest.mark.parametrize(
    ("name", "party"),
    [
        ("Kade B.V.", Party.LEGAL), ("Kade bv", Party.LEGAL), ("Nord GmbH", Party.LEGAL), ("Stichting Zorg", Party.LEGAL),
        ("Kade V.O.F.", Party.NATURAL), ("Bakker Jansen", Party.NATURAL), ("Abva", Party.NATURAL), ("", Party.NATURAL),
    ],
)  # fmt: skip
def test_a_company_is_a_legal_person_only_when_its_name_says_so(name, party):
    assert party_of(name) is party


def test_a_contact_without_a_company_needs_to_have_consented():
    assert not may_call(ContactFactory(company=None), SINCE).allowed


def test_a_line_needs_a_proof_and_a_day_that_has_come(cast):
    contact = ContactFactory(company=CompanyFactory(owner=cast.ann))
    values = {"said": "given", "channel": "phone", "purpose": "offers", "said_on": SINCE, "proof": "By phone"}  # fmt: skip
    ask = {"actor": acting(cast.ann), "contact_id": contact.pk, "today": SINCE, "at": timezone.now()}  # fmt: skip
    for wrong in ({"proof": "  "}, {"said_on": SINCE + timedelta(days=1)}):
        with pytest.raises(ConsentRefusedError):
            add_consent(values=values | wrong, **ask)
    with pytest.raises(IntegrityError), transaction.atomic():
        Consent.objects.create(contact=contact, said="given", channel="all", said_on=SINCE, proof="", made_at=timezone.now())  # fmt: skip
    made = add_consent(values=values, **ask)
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.noun, entry.object_id, made.made_by_id) == ("create", "consent", made.pk, cast.ann.pk)  # fmt: skip


def test_a_line_is_struck_out_and_counts_again_when_restored(cast):
    contact = ContactFactory(company=CompanyFactory(name="Bakker Kade", owner=cast.ann))
    made = line(contact, "given")
    actor, at = acting(cast.ann), timezone.now()
    strike_consent(actor=actor, consent_id=made.pk, at=at)
    assert not may_call(contact, SINCE).allowed
    with pytest.raises(NotFoundError):
        strike_consent(actor=actor, consent_id=made.pk, at=at)
    restore_consent(actor=actor, consent_id=made.pk, at=at)
    assert may_call(contact, SINCE).allowed


def test_another_seller_and_a_role_that_only_reads_write_nothing(cast):
    made = line(ContactFactory(company=CompanyFactory(owner=cast.ann)), "given")
    for user, error in ((cast.cora, NotFoundError), (cast.mia, NotAllowedError)):
        with pytest.raises(error):
            strike_consent(actor=acting(user), consent_id=made.pk, at=timezone.now())
    assert Consent.objects.get().deleted_at is None


def test_of_a_company_those_are_reached_who_may_be():
    open_one = CompanyFactory(name="Bakker Kade")
    yes, no = ContactFactory(company=open_one), ContactFactory(company=open_one)
    line(yes, "given")
    closed = CompanyFactory(name="Kade B.V.")
    line(ContactFactory(company=closed), "objected")
    empty = CompanyFactory(name="Haven N.V.")
    found = reach_of([open_one, closed, empty], "call", SINCE)
    assert [(found[c.pk].verdict.allowed, found[c.pk].contact_ids) for c in (open_one, closed, empty)] == [
        (True, (yes.pk,)), (False, ()), (True, ()),
    ]  # fmt: skip
    assert "objects" in found[closed.pk].verdict.reason
    assert all(each.verdict.allowed for each in reach_of([closed], "visit", SINCE).values())
    assert no.pk not in found[open_one.pk].contact_ids


def test_many_verdicts_take_one_query():
    contacts = [ContactFactory() for _number in range(5)]
    with CaptureQueriesContext(connection) as queries:
        verdicts_of(contacts, Consent.Channel.PHONE, SINCE)
    assert len(queries) == 1


def test_the_contact_page_shows_the_verdicts_and_the_ledger(cast, client):
    contact = ContactFactory(company=CompanyFactory(name="Bakker Kade", owner=cast.ann))
    client.force_login(cast.ann, "allauth.account.auth_backends.AuthenticationBackend")
    url = reverse("customers:consent_create", args=[contact.pk])
    bad = client.post(url, {"said": "given", "channel": "phone", "purpose": "offers", "said_on": "2999-01-01", "proof": "Fair"})  # fmt: skip
    assert (bad.status_code, "Fair" in bad.content.decode()) == (400, True)
    client.post(url, {"said": "given", "channel": "phone", "purpose": "offers", "said_on": "2026-01-01", "proof": "At the fair"})  # fmt: skip
    page = client.get(reverse("customers:contact_edit", args=[contact.pk])).content.decode()
    assert ("At the fair" in page, "Yes: gave consent on" in page, "No: no consent, and not a customer." in page) == (True,) * 3  # fmt: skip
