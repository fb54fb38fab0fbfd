"""Is the share of wallet shown to those who may see it, opened, and followed by the phases?"""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from koers.analyse.actions.facts import refresh_now
from koers.analyse.actions.rule_set import change_rules
from koers.analyse.figures.facts import stale_parts
from koers.analyse.queries.rule_set import DEFAULTS
from koers.core.models import DataVersion
from koers.customers.actions.wallet import add_wallet, delete_wallet
from koers.customers.models import Company, Wallet
from koers.customers.tests.factories import CompanyFactory, SegmentFactory
from koers.organisation.tests.cast import acting
from koers.sell.tests.factories import sale

PARTS = ("company", "product", "person", "territory", "sbu", "target", "rate")
pytestmark = pytest.mark.django_db(transaction=True)


def today():
    return timezone.localdate()


@pytest.fixture
def sold(cast):
    """Ann's baker buys 600 a year for three years, of 2,400 and of late 4,000; Cora's hotel 1,200 of 1,000."""
    bakers = SegmentFactory(name="Bakers")
    mine = CompanyFactory(name="Mine", owner=cast.ann, segment=bakers)
    far = CompanyFactory(name="Far", owner=cast.cora)
    CompanyFactory(name="Silent", owner=cast.ann)
    for number in range(36):
        sale(mine, today() - timedelta(days=15 + round(number * 30.4375)), "50", seller=cast.ann)
    sale(far, today() - timedelta(days=20), "1200", seller=cast.cora)
    for company, days, amount in ((mine, 500, 2_400), (mine, 30, 4_000), (far, 30, 1_000)):
        add_wallet(
            actor=acting(company.owner), company_id=company.pk, today=today(), at=timezone.now(),
            values={"day": today() - timedelta(days=days), "amount": Decimal(amount), "currency": "EUR", "source": "customer"},
        )  # fmt: skip
    for part in PARTS:
        DataVersion.objects.get_or_create(part=part)
    refresh_now(today=today(), at=timezone.now())
    return mine, far


@pytest.fixture
def get(client, sold):
    def ask(user, name, *args, query=""):
        client.force_login(user)
        return client.get(reverse(f"analyse:{name}", args=args) + query)

    return ask


def test_a_manager_sees_all_and_a_seller_the_own_customers(get, cast):
    everyone, own = get(cast.dirk, "wallet").context, get(cast.ann, "wallet").context
    assert [(row.name, row.share) for row in everyone["page"].rows] == [
        ("Mine", Decimal("0.15")), ("Far", Decimal("1.2")), ("Silent", None),
    ]  # fmt: skip
    assert (everyone["whole"].share, everyone["whole"].over, everyone["whole"].known) == (Decimal("0.36"), 1, 2)  # fmt: skip
    assert [row.name for row in own["page"].rows] == ["Mine", "Silent"]
    assert (own["whole"].share, own["whole"].over) == (Decimal("0.15"), 0)


def test_states_and_groups_lead_to_their_customers(get, cast):
    for state, names in (("known", ["Mine", "Far"]), ("unknown", ["Silent"]), ("over", ["Far"]), ("fallen", ["Mine"])):  # fmt: skip
        page = get(cast.dirk, "wallet", query=f"?state={state}").context["page"]
        assert ([row.name for row in page.rows], page.total) == (names, len(names)), state
    groups = dict(get(cast.dirk, "wallet").context["groups"])
    (row, url), *_rest = [pair for pair in groups["By segment"] if pair[0].name == "Bakers"]
    found = get(cast.dirk, "wallet", query=url.partition("wallet/")[2]).context
    assert (found["whole"].volume, [each.name for each in found["page"].rows]) == (row.volume, ["Mine"])  # fmt: skip
    assert get(cast.dirk, "wallet", query="?state=odd").status_code == 404


def test_what_lies_above_one_hundred_per_cent_is_shown_and_warned_of(get, cast):
    text = get(cast.dirk, "wallet").content.decode()
    assert "120.0%" in text
    assert ("above 100%<" in text, "100%%" in text) == (True, False)
    assert "1 customer is said to buy less in all" in text
    assert "is said to buy less in all" not in get(cast.ann, "wallet").content.decode()


def test_each_share_opens_with_its_parts(get, cast, sold):
    panel = get(cast.dirk, "wallet_figure").context["panel"]
    assert (panel.formula_id, panel.value, panel.rows_count) == ("F5.6", "36.0%", 2)
    assert [value for _label, value in panel.parts] == ["€1,800.00", "€5,000.00", "2 of 2", "100.0%"]  # fmt: skip
    fell = get(cast.dirk, "wallet_figure", query="?state=fallen").context["panel"]
    assert (fell.value, fell.rows_count, fell.rows) == ("1", 1, [("Mine", "15.0%", "25.0%", "−10.0 pts")])  # fmt: skip
    own = get(cast.ann, "company_wallet_figure", sold[0].pk).context["panel"]
    assert (own.value, [value for _label, value in own.parts][:4]) == ("15.0%", ["€600.00", "€4,000.00", "€3,400.00", "25.0%"])  # fmt: skip
    assert [row[1] for row in own.rows] == ["€4,000.00", "€2,400.00"]
    assert get(cast.ann, "company_wallet_figure", sold[1].pk).status_code == 404


def test_a_customer_of_whom_nothing_is_known_has_no_share(get, cast):
    silent = Company.objects.get(name="Silent")
    panel = get(cast.ann, "company_wallet_figure", silent.pk).context["panel"]
    assert panel.value is None
    assert "nothing is divided by a guess" in panel.notes[0]
    page = get(cast.ann, "company_wallet", silent.pk)
    assert "Not known what it buys a year" in page.content.decode()


def test_the_page_of_a_customer_shows_share_and_records(get, cast, sold):
    page = get(cast.ann, "company_wallet", sold[0].pk)
    assert [(record.amount, share) for record, share in page.context["records"]] == [(4_000, Decimal("0.15")), (2_400, Decimal("0.25"))]  # fmt: skip
    assert page.context["row"].change == Decimal("-0.1")
    assert get(cast.ann, "company_wallet", sold[1].pk).status_code == 404
    assert "wallets/new/" not in get(cast.dirk, "company_wallet", sold[0].pk).content.decode()


def test_a_share_that_fell_put_the_customer_in_revitalisation_until_the_rule_is_left_out(cast, sold):  # fmt: skip
    mine = sold[0]
    mine.refresh_from_db()
    assert mine.phase == "revitalisation"
    rules = DEFAULTS["lifecycle"] | {"wallet_fall": None}
    change_rules(actor=acting(cast.ben), kind="lifecycle", values=rules, at=timezone.now())
    refresh_now(today=today(), at=timezone.now(), rebuild=True)
    mine.refresh_from_db()
    assert mine.phase == "saturation"


def test_the_rule_is_changed_on_screen_and_may_be_empty(client, cast, sold):
    client.force_login(cast.ben)
    page = client.get(reverse("analyse:rule_set")).context["sets"][1]["form"]
    data = {f"lifecycle-{name}": value for name, value in page.initial.items()} | {"kind": "lifecycle"}  # fmt: skip
    assert data["lifecycle-wallet_fall"] == 5
    for typed, kept in (("7.5", "0.075"), ("", None)):
        answer = client.post(reverse("analyse:rule_set"), data | {"lifecycle-wallet_fall": typed})
        assert answer.status_code == 302
        form = client.get(reverse("analyse:rule_set")).context["sets"][1]["form"]
        assert form.initial["wallet_fall"] == (None if kept is None else Decimal(kept) * 100)
    assert client.post(reverse("analyse:rule_set"), data | {"lifecycle-wallet_fall": "-1"}).status_code == 400  # fmt: skip


def test_a_record_makes_the_facts_stale_and_one_in_the_bin_does_not_count(get, cast, sold):
    assert stale_parts() == []
    latest = Wallet.objects.filter(company=sold[0]).first()
    delete_wallet(actor=acting(cast.ann), wallet_id=latest.pk, at=timezone.now())
    assert stale_parts() == ["wallet"]
    refresh_now(today=today(), at=timezone.now())
    row = get(cast.ann, "wallet", query="?state=known").context["page"].rows[0]
    assert (row.volume, row.share) == (2_400, Decimal("0.25"))


def test_a_file_of_the_list_is_for_who_may_take_one(get, cast):
    assert get(cast.ina, "wallet", query="?export=csv").status_code == 403
    text = get(cast.dirk, "wallet", query="?export=csv").content.decode("utf-8-sig")
    assert len(text.splitlines()) == 4


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_as_many_queries_for_one_as_for_three(cast, client, count, django_assert_num_queries):  # fmt: skip
    for number in range(count):
        company = CompanyFactory(owner=cast.ann)
        sale(company, today() - timedelta(days=9), "5", seller=cast.ann, number=f"N{number}")
    for part in PARTS:
        DataVersion.objects.get_or_create(part=part)
    refresh_now(today=today(), at=timezone.now())
    client.force_login(cast.ann)
    client.get(reverse("analyse:rfm"))
    with django_assert_num_queries(LIST_QUERIES):
        page = client.get(reverse("analyse:wallet"))
    assert page.context["page"].total == count


LIST_QUERIES = 27
