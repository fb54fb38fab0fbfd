"""Who may write down what a customer buys a year, and is each change kept?"""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from koers.core.data_versions import current_versions
from koers.core.errors import NotAllowedError, NotFoundError, StaleVersionError
from koers.core.models import AuditEntry
from koers.customers.actions.merge import merge_records, undo_merge
from koers.customers.actions.wallet import (
    WalletRefusedError,
    add_wallet,
    change_wallet,
    delete_wallet,
    restore_wallet,
)
from koers.customers.models import Wallet
from koers.customers.queries.wallet import wallets_of
from koers.customers.tests.factories import CompanyFactory
from koers.organisation.tests.cast import acting

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)
VALUES = {"day": TODAY, "amount": Decimal(240_000), "currency": "EUR", "source": "customer", "note": "Buyer said so"}  # fmt: skip


@pytest.fixture
def company(cast):
    return CompanyFactory(name="Kade", owner=cast.ann)


def add(user, company, **changes):
    return add_wallet(actor=acting(user), company_id=company.pk, values=VALUES | changes, today=TODAY, at=timezone.now())  # fmt: skip


def test_a_record_says_how_much_when_by_whom_and_from_which_source(cast, company):
    made = add(cast.ann, company)
    found = Wallet.objects.values_list("company", "day", "amount", "currency", "source", "made_by")
    assert found.get() == (company.pk, TODAY, 240_000, "EUR", "customer", cast.ann.pk)
    entry = AuditEntry.objects.get(noun="wallet", object_id=made.pk)
    assert (entry.verb, entry.user_id) == ("create", cast.ann.pk)
    assert current_versions()["wallet"] == "1"


@pytest.mark.parametrize("amount", [0, -1])
def test_purchases_of_nothing_are_refused_twice(cast, company, amount):
    with pytest.raises(WalletRefusedError):
        add(cast.ann, company, amount=Decimal(amount))
    with pytest.raises(IntegrityError), transaction.atomic():
        Wallet.objects.create(company=company, day=TODAY, amount=amount, currency="EUR", source="report")  # fmt: skip


def test_a_day_to_come_is_refused(cast, company):
    with pytest.raises(WalletRefusedError):
        add(cast.ann, company, day=TODAY + timedelta(days=1))


def test_another_seller_and_a_role_that_only_reads_write_nothing(cast, company):
    with pytest.raises(NotFoundError):
        add(cast.cora, company)
    with pytest.raises(NotAllowedError):
        add(cast.mia, company)
    made = add(cast.ann, company)
    with pytest.raises(NotFoundError):
        delete_wallet(actor=acting(cast.cora), wallet_id=made.pk, at=timezone.now())
    assert Wallet.objects.get().deleted_at is None


def test_two_who_correct_the_same_are_told_apart(cast, company):
    made = add(cast.ann, company)
    ask = {"actor": acting(cast.ann), "wallet_id": made.pk, "version": 1, "today": TODAY, "at": timezone.now()}  # fmt: skip
    change_wallet(**ask, values={"amount": Decimal(250_000)})
    with pytest.raises(StaleVersionError):
        change_wallet(**ask, values={"amount": Decimal(260_000)})
    with pytest.raises(WalletRefusedError):
        change_wallet(**ask | {"version": 2}, values={"amount": Decimal(0)})
    assert Wallet.objects.get().amount == 250_000


def test_a_record_in_the_bin_is_not_shown_and_comes_back(cast, company):
    made = add(cast.ann, company)
    actor = acting(cast.ann)
    delete_wallet(actor=actor, wallet_id=made.pk, at=timezone.now())
    assert list(wallets_of(actor, company)) == []
    restore_wallet(actor=actor, wallet_id=made.pk, at=timezone.now())
    assert list(wallets_of(actor, company)) == [made]
    assert current_versions()["wallet"] == "3"


def test_the_records_follow_their_company_when_two_are_merged_and_back(cast, company):
    twin = CompanyFactory(name="Kade BV", owner=cast.ann)
    made = add(cast.ann, twin)
    before = current_versions()["wallet"]
    merge = merge_records(actor=acting(cast.tom), noun="company", kept_id=company.pk, gone_id=twin.pk, take=(), at=timezone.now())  # fmt: skip
    made.refresh_from_db()
    assert (made.company_id, current_versions()["wallet"]) != (twin.pk, before)
    undo_merge(actor=acting(cast.tom), merge_id=merge.pk, at=timezone.now())
    made.refresh_from_db()
    assert made.company_id == twin.pk


def test_the_form_takes_a_dutch_amount_and_refuses_nonsense(cast, company, client):
    client.force_login(cast.ann)
    url = reverse("customers:wallet_create", args=[company.pk])
    typed = {"amount": "240.000,50", "currency": "eur", "day": "2026-11-01", "source": "tender"}
    answer = client.post(url, typed, headers={"accept-language": "nl"})
    assert answer.status_code == 302
    assert Wallet.objects.values_list("amount", "currency", "source").get() == (Decimal("240000.5"), "EUR", "tender")  # fmt: skip
    for wrong in ({"amount": "nul"}, {"amount": "0"}, {"currency": "euro"}, {"day": "2999-01-01"}, {"source": "gossip"}):  # fmt: skip
        assert client.post(url, typed | wrong).status_code == 400, wrong
    assert Wallet.objects.count() == 1
