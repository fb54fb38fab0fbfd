"""Is a quote priced exactly, approved by the right person, frozen once sent and accepted once?"""

import threading
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from koers.catalogue.actions.discount_policy import set_limits
from koers.catalogue.actions.price_list import make_price_list, set_price
from koers.catalogue.tests.factories import ProductFactory
from koers.core.data_versions import current_versions
from koers.core.errors import NotAllowedError, NotFoundError
from koers.core.models import AuditEntry
from koers.customers.tests.factories import CompanyFactory
from koers.organisation.tests.cast import acting
from koers.sell.actions.numbering import next_number
from koers.sell.actions.quote import (
    QuoteChangedError,
    QuoteRefusedError,
    approve_quote,
    change_quote,
    decline_quote,
    return_quote,
    revise_quote,
    submit_quote,
)
from koers.sell.figures.discount_desk import desk_figures
from koers.sell.models import NumberSeries, Order, Quote
from koers.sell.models.vat import vat_rate
from koers.sell.queries.pricing import LineWish, PriceUnknownError, totals_of_lines
from koers.sell.queries.quote import offer_link, offer_of, quotes_visible_to
from koers.sell.tests.offering import HALF, NOW, TENTH, TODAY, accept, quote_of, sent, values


def test_totals_are_exact_and_vat_is_rounded_per_rate(cast, acme):
    odd = ProductFactory(list_price=Decimal("0.3333"), currency="EUR")
    quote = quote_of(
        cast.ann,
        acme,
        LineWish(odd, Decimal(10)),
        LineWish(odd, Decimal(7)),
        LineWish(odd, Decimal(1), vat_code="reduced"),
    )
    found = totals_of_lines(quote.lines.all())
    assert (found.net, found.vat, found.total) == (
        Decimal("5.99"),
        ((Decimal("0.21"), Decimal("5.66"), Decimal("1.19")), (Decimal("0.09"), Decimal("0.33"), Decimal("0.03"))),
        Decimal("7.21"),
    )  # fmt: skip


def test_vat_is_of_the_day_of_the_quote():
    assert [vat_rate("reduced", date(2018, 12, 31)), vat_rate("reduced", date(2019, 1, 1)), vat_rate("standard", date(2012, 9, 30))] == [
        Decimal("0.06"), Decimal("0.09"), Decimal("0.19"),
    ]  # fmt: skip


def test_a_price_list_gives_the_price_of_the_quantity_reached(cast, acme, pump):
    actor = acting(cast.tom)
    prices = make_price_list(actor=actor, name="2026", valid_from=TODAY, valid_until=None, at=NOW)
    for start, price in ((1, 95), (10, 90)):
        set_price(
            actor=actor,
            price_list_id=prices.pk,
            product=pump,
            from_quantity=Decimal(start),
            price=Decimal(price),
            at=NOW,
        )
    quote = quote_of(
        cast.ann,
        acme,
        *(LineWish(pump, Decimal(each)) for each in ("0.5", "9", "10", "11")),
        price_list=prices,
    )
    assert [line.unit_price for line in quote.lines.all()] == [
        Decimal(100),
        Decimal(95),
        Decimal(90),
        Decimal(90),
    ]


def test_a_product_without_a_price_is_refused_and_leaves_no_gap_in_the_numbers(cast, acme, pump):
    with pytest.raises(PriceUnknownError):
        quote_of(cast.ann, acme, LineWish(ProductFactory(list_price=None), Decimal(1)))
    assert [quote_of(cast.ann, acme, LineWish(pump, Decimal(1))).number for _ in range(2)] == [
        "Q2026-00001",
        "Q2026-00002",
    ]


@pytest.mark.django_db(transaction=True)
def test_numbers_given_out_at_once_have_no_gaps_and_no_doubles():
    found, failed = [], []

    def take(give_back):
        try:
            with transaction.atomic():
                number = next_number("T", 2026)
                if give_back:
                    transaction.set_rollback(True)
                else:
                    found.append(number)
        except (DatabaseError, RuntimeError) as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=(place % 4 == 0,)) for place in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (failed, sorted(found)) == ([], [f"T2026-{number:05}" for number in range(1, 19)])
    assert NumberSeries.objects.get(name="T2026").last == 18


def test_a_discount_within_the_limit_is_approved_at_once_and_above_it_waits(cast, acme, pump):
    set_limits(actor=acting(cast.tom), limits={"account_manager": TENTH}, at=NOW)
    found = []
    for share in (TENTH, Decimal("0.1001")):
        quote = quote_of(
            cast.ann, acme, LineWish(pump, Decimal(1)), LineWish(pump, Decimal(1), share)
        )
        found.append(submit_quote(actor=acting(cast.ann), quote_id=quote.pk, at=NOW).status)
    assert found == ["approved", "waiting"]


def test_only_who_may_give_the_discount_may_approve_it(cast, acme, pump):
    set_limits(
        actor=acting(cast.tom),
        limits={"account_manager": TENTH, "salesperson": TENTH, "sales_manager": HALF},
        at=NOW,
    )
    quote = quote_of(cast.ann, acme, LineWish(pump, Decimal(1), HALF))
    submit_quote(actor=acting(cast.ann), quote_id=quote.pk, at=NOW)
    for user in (cast.ann, cast.sam, cast.mia):
        with pytest.raises(NotAllowedError):
            approve_quote(actor=acting(user), quote_id=quote.pk, at=NOW)
    approved = approve_quote(actor=acting(cast.ben), quote_id=quote.pk, at=NOW)
    assert (approved.status, approved.approved_by_id) == ("approved", cast.ben.pk)


def test_changing_a_price_after_approval_asks_for_approval_again(cast, acme, pump):
    quote = quote_of(cast.tom, acme, LineWish(pump, Decimal(1)))
    submit_quote(actor=acting(cast.tom), quote_id=quote.pk, at=NOW)
    with pytest.raises(QuoteRefusedError):
        change_quote(
            actor=acting(cast.tom),
            quote_id=quote.pk,
            version=2,
            values=values(),
            wishes=[LineWish(pump, Decimal(1), HALF)],
            at=NOW,
        )
    draft = return_quote(actor=acting(cast.tom), quote_id=quote.pk, at=NOW)
    change_quote(
        actor=acting(cast.ann),
        quote_id=quote.pk,
        version=draft.version,
        values=values(),
        wishes=[LineWish(pump, Decimal(1), HALF)],
        at=NOW,
    )
    assert submit_quote(actor=acting(cast.ann), quote_id=quote.pk, at=NOW).status == "waiting"


def test_the_second_of_two_editors_is_told_and_overwrites_nothing(cast, acme, pump):
    quote = quote_of(cast.ann, acme, LineWish(pump, Decimal(1)))
    change_quote(
        actor=acting(cast.sam),
        quote_id=quote.pk,
        version=1,
        values=values(note="Sam"),
        wishes=[LineWish(pump, Decimal(2))],
        at=NOW,
    )
    with pytest.raises(QuoteChangedError):
        change_quote(
            actor=acting(cast.ann),
            quote_id=quote.pk,
            version=1,
            values=values(note="Ann"),
            wishes=[],
            at=NOW,
        )
    quote.refresh_from_db()
    assert (quote.note, quote.lines.get().quantity) == ("Sam", Decimal(2))


def test_a_sent_version_is_frozen_and_a_revision_stops_its_link(cast, acme, pump):
    quote = sent(cast, acme, pump)
    secret = offer_link(quote)
    for refused in (return_quote, submit_quote):
        with pytest.raises(QuoteRefusedError):
            refused(actor=acting(cast.tom), quote_id=quote.pk, at=NOW)
    fresh = revise_quote(actor=acting(cast.tom), quote_id=quote.pk, at=NOW)
    assert (str(fresh), fresh.status, fresh.lines.count(), quote.lines.count()) == (
        f"{quote.number}-2",
        "draft",
        1,
        1,
    )
    with pytest.raises(NotFoundError):
        offer_of(secret)


def test_acceptance_makes_an_order_with_the_cost_of_the_day_and_tells_the_facts(cast, acme, pump):
    quote = sent(cast, acme, pump, TENTH, promised_on=TODAY + timedelta(days=14))
    before = current_versions().get("order_line:2026-11")
    done = accept(quote)
    line = done.order.lines.get()
    assert (line.quantity, line.list_price, line.discount, line.net, line.cost) == tuple(
        Decimal(each) for each in (3, 100, 30, 270, 210)
    )
    order = done.order
    assert (
        order.number,
        order.company_id,
        order.seller_id,
        order.ordered_on,
        order.promised_on,
    ) == ("O2026-00001", acme.pk, cast.tom.pk, TODAY, TODAY + timedelta(days=14))
    assert current_versions()["order_line:2026-11"] != before
    entry = AuditEntry.objects.filter(noun="quote", object_id=quote.pk).order_by("-pk").first()
    assert (entry.actor_name, entry.changes["answered_by"], entry.changes["answered_from"]) == (
        "Kim (Acme)",
        ["", "Kim"],
        ["", "192.0.2.1"],
    )


def test_a_quote_is_accepted_once(cast, acme, pump):
    quote = sent(cast, acme, pump)
    accept(quote)
    with pytest.raises(QuoteRefusedError):
        accept(quote)
    assert Order.objects.count() == 1


def test_a_quote_can_be_accepted_on_its_last_day_and_not_after(cast, acme, pump):
    late, last = (sent(cast, acme, pump, valid_until=TODAY) for _ in range(2))
    with pytest.raises(QuoteRefusedError):
        accept(late, today=TODAY + timedelta(days=1))
    assert accept(last, today=TODAY).status == "accepted"


def test_a_declined_quote_has_no_link_and_can_be_revised(cast, acme, pump):
    quote = sent(cast, acme, pump)
    secret = offer_link(quote)
    decline_quote(actor=acting(cast.tom), quote_id=quote.pk, at=NOW)
    with pytest.raises(NotFoundError):
        accept(quote, secret=secret)
    assert revise_quote(actor=acting(cast.tom), quote_id=quote.pk, at=NOW).revision == 2


def test_a_guessed_or_altered_link_finds_nothing(cast, acme, pump):
    secret = offer_link(sent(cast, acme, pump))
    for wrong in ("", "x", "1.a~b", secret[:-1], secret.replace(".", ".x", 1), "9" * 30 + secret):
        with pytest.raises(NotFoundError):
            offer_of(wrong)
    assert offer_link(quote_of(cast.ann, acme, LineWish(pump, Decimal(1)))) == ""


def test_a_customer_accepts_on_the_page_without_a_log_in(cast, acme, pump):
    today = timezone.localdate()
    quote = sent(
        cast, acme, pump, quoted_on=TODAY, valid_until=max(today, TODAY) + timedelta(days=9)
    )
    url = f"/sell/offer/{offer_link(quote)}/"
    client = Client()
    page = client.get(url)
    refused = client.post(url, {"name": "Kim"})
    answer = client.post(url, {"name": "Kim", "agreed": "on"})
    again = client.post(url, {"name": "Kim", "agreed": "on"})
    quote.refresh_from_db()
    assert (
        page.status_code,
        refused.status_code,
        answer.status_code,
        again.status_code,
        quote.status,
    ) == (200, 400, 302, 400, "accepted")
    assert "70.00" not in page.content.decode()


def test_the_desk_shows_f9_5_on_the_books_example():
    found = desk_figures(gross=Decimal(1000), net=Decimal(900), cost=Decimal(700))
    assert (found.contribution_before, found.contribution_after) == (
        Decimal("0.3"),
        Decimal(200) / 900,
    )
    assert (found.extra_units, found.extra_turnover) == (pytest.approx(0.5), pytest.approx(0.35))


@pytest.mark.parametrize("cost", [None, Decimal(950), Decimal(1000)])
def test_the_desk_is_silent_where_cost_is_unknown_or_the_margin_gone(cost):
    assert desk_figures(gross=Decimal(1000), net=Decimal(900), cost=cost).extra_units is None


def test_quotes_are_seen_by_who_sees_the_customer_or_the_maker(cast, acme, pump):
    quote_of(cast.ann, acme, LineWish(pump, Decimal(1)))
    quote_of(cast.tom, CompanyFactory(owner=cast.cora), LineWish(pump, Decimal(1)))
    assert {name: quotes_visible_to(acting(getattr(cast, name))).count() for name in ("ann", "ina", "cora", "tom", "mia")} == {
        "ann": 1, "ina": 1, "cora": 1, "tom": 2, "mia": 2,
    }  # fmt: skip


def test_inside_sales_sees_no_cost_and_no_extra_volume_on_the_quote(cast, acme, pump):
    quote = quote_of(cast.ann, acme, LineWish(pump, Decimal(1), TENTH))
    shown = {}
    for user in (cast.ann, cast.ina):
        client = Client()
        client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
        text = client.get(f"/sell/quotes/{quote.pk}/").content.decode()
        shown[user.role] = ("50.0%" in text, "Contribution" in text)
    assert shown == {"account_manager": (True, True), "inside_sales": (False, False)}


def test_a_quote_is_written_on_the_form_with_its_lines(cast, acme, pump):
    client = Client()
    client.force_login(cast.ann, "allauth.account.auth_backends.AuthenticationBackend")
    body = {
        "company": f"#{acme.pk}", "quoted_on": "2026-11-23", "valid_until": "2026-12-23", "language": "en", "line-TOTAL_FORMS": "2",
        "line-INITIAL_FORMS": "0", "line-0-product": "P-1 · Pump", "line-0-quantity": "2", "line-0-discount": "5", "line-0-vat_code": "standard",
        "line-0-bundle": "Kitchen", "line-1-product": "", "line-1-vat_code": "standard",
    }  # fmt: skip
    assert client.post("/sell/quotes/new/", body | {"line-1-quantity": "1"}).status_code == 400
    assert client.post("/sell/quotes/new/", body).status_code == 302
    line = Quote.objects.get().lines.get()
    assert (line.product, line.quantity, line.discount_share, line.net, line.bundle) == (
        pump,
        2,
        Decimal("0.05"),
        Decimal(190),
        "Kitchen",
    )


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_much_for_three_rows_as_for_one(
    cast, acme, pump, count, django_assert_max_num_queries
):
    for _ in range(count):
        quote_of(cast.ann, acme, LineWish(pump, Decimal(1)))
    client = Client()
    client.force_login(cast.ann, "allauth.account.auth_backends.AuthenticationBackend")
    with django_assert_max_num_queries(12) as asked:
        assert client.get("/sell/quotes/").status_code == 200
    ASKED[count] = len(asked)
    assert len(set(ASKED.values())) == 1


ASKED: dict[int, int] = {}
