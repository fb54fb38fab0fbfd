"""Is everybody paid by his plan for his own orders, seen by no one else, and frozen once closed?"""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from koers.analyse.actions.facts import refresh_now
from koers.core.errors import NotAllowedError, NotFoundError
from koers.core.models import AuditEntry, DataVersion
from koers.core.periods import Period, add_months
from koers.customers.tests.factories import CompanyFactory
from koers.organisation.tests.cast import acting
from koers.organisation.tests.counting import queries_of
from koers.plan.actions.pay import (
    PayRefusedError,
    add_pay_plan,
    answer_dispute,
    close_statement,
    dispute_statement,
    remove_pay_plan,
    split_order,
)
from koers.plan.figures.pay_statement import statement_at
from koers.plan.models import PayPlan, PayStatement
from koers.plan.queries.pay import pay_period, quota_over, statements_visible_to
from koers.plan.tests.factories import TargetFactory
from koers.sell.tests.factories import sale

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TODAY = timezone.localdate(NOW)
THIS = pay_period("month", TODAY)
LAST = Period(add_months(THIS.start, -1), THIS.start)
BEFORE = Period(add_months(THIS.start, -2), LAST.start)
PAGE = "/plan/pay/"


def plan_values(**more):
    return {
        "name": "Field", "role": "account_manager", "team": None, "person": None, "starts_on": add_months(THIS.start, -6), "period": "month",
        "measure": "turnover", "base": Decimal(3000), "quota_from": "none", "quota": None, "tier_by": "amount", "tiers": [["0", "0.05"], ["40000", "0.08"]],
        "accelerator": Decimal(1), "cap": None, "bonus": Decimal(0), "bonus_from": Decimal(1), "team_bonus": Decimal(0), "team_from": Decimal(1), "note": "",
    } | more  # fmt: skip


@pytest.fixture
def plan(cast):
    return add_pay_plan(actor=acting(cast.tom), values=plan_values(), at=NOW)


def refreshed():
    for part in ("company", "product", "person", "territory", "sbu", "target", "rate"):
        DataVersion.objects.get_or_create(part=part)
    refresh_now(today=TODAY, at=timezone.now())


@pytest.fixture
def sold(transactional_db, cast, plan):
    """Ann sold 30,000 and 20,000 the month before last, Cora 10,000."""
    customer = CompanyFactory(owner=cast.ann, name="Acme")
    orders = [sale(customer, BEFORE.start + timedelta(days=place), net, cost="6000", seller=seller)
              for place, (net, seller) in enumerate([("30000", cast.ann), ("20000", cast.ann), ("10000", cast.cora)])]  # fmt: skip
    refreshed()
    return orders


def of(person, seller, period=BEFORE, **more):
    return statement_at(actor=acting(person), seller_id=seller.pk, start=period.start, **more)


def close(cast, seller, period=BEFORE, there=None):
    seal = of(cast.tom, seller, period, there=there).seal
    return close_statement(actor=acting(cast.tom), seller_id=seller.pk, start=period.start, there=there, seal=seal, at=NOW)  # fmt: skip


def credit(order, net, on, seller):
    return sale(order.company, on, net, seller=seller, is_credit=True, credit_of=order)


def test_the_worked_example_is_paid_from_the_orders_of_the_month(sold, cast):
    found = of(cast.ann, cast.ann)
    assert (found.total, found.sales) == (5_800, 50_000)
    second = found.lines[2].line
    assert [(each.order_id, each.amount) for each in second.sources] == [(sold[1].pk, 10_000)]


def test_pay_is_seen_by_oneself_and_who_leads_and_by_no_colleague(sold, cast, client):
    close(cast, cast.ann)
    answers = {}
    for name in ("ann", "sam", "cora", "ben", "tom", "dirk", "adam", "ina", "mia"):
        client.force_login(getattr(cast, name))
        page, listed = client.get(f"{PAGE}{cast.ann.pk}/{BEFORE.start}/"), client.get(PAGE)
        panel = client.get(f"{PAGE}{cast.ann.pk}/{BEFORE.start}/lines/total/")
        answers[name] = (page.status_code, panel.status_code, "5,800" in listed.content.decode())
    hidden, closed = (404, 404, False), (403, 403, False)
    seen = dict.fromkeys(("ann", "ben", "tom", "dirk", "adam"), (200, 200, True))
    assert answers == seen | {"sam": hidden, "cora": hidden, "ina": closed, "mia": closed}


def test_the_plan_of_a_person_is_hidden_from_who_does_not_lead_him(cast, client):
    made = add_pay_plan(actor=acting(cast.tom), values=plan_values(name="Cora alone", role="", person=cast.cora), at=NOW)  # fmt: skip
    client.force_login(cast.ben)
    assert client.get(f"{PAGE}plans/{made.pk}/").status_code == 404
    assert "Cora alone" not in client.get(f"{PAGE}plans/").content.decode()
    assert {key for entry in AuditEntry.objects.filter(noun="payplan") for key in entry.changes} == {"starts_on"}  # fmt: skip


def test_a_closed_statement_is_frozen_and_a_later_credit_note_is_a_correction(sold, cast):
    stored = close(cast, cast.ann)
    credit(sold[1], "-20000", TODAY - timedelta(days=1), cast.ann)
    refreshed()
    again = of(cast.ann, cast.ann)
    assert (again.total, again.is_intact, again.closed) == (5_800, True, stored)
    next_one = of(cast.ann, cast.ann, LAST)
    assert [(each.line.kind.value, each.line.amount, each.corrects) for each in next_one.lines] == [
        ("base", 3000, None), ("correction", -1_300, stored.pk)
    ]  # fmt: skip
    assert [source.amount for source in next_one.lines[1].line.sources] == [-20_000]
    close(cast, cast.ann, LAST)
    assert [each.line.kind.value for each in of(cast.ann, cast.ann, THIS).lines] == ["base"]
    credit(sold[0], "-30000", TODAY - timedelta(days=1), cast.ann)
    refreshed()
    assert of(cast.ann, cast.ann, THIS).lines[-1].line.amount == -1_500


def test_what_was_stored_and_then_tampered_with_is_told(sold, cast, client):
    stored = close(cast, cast.ann)
    PayStatement.objects.filter(pk=stored.pk).update(sales=1)
    client.force_login(cast.ann)
    page = client.get(f"{PAGE}{cast.ann.pk}/{BEFORE.start}/")
    assert "no longer matches the seal" in page.content.decode()


def test_closing_asks_for_a_period_that_is_over_as_it_was_read_by_somebody_else(sold, cast):
    tom = acting(cast.tom)
    with pytest.raises(PayRefusedError, match="over"):
        close(cast, cast.ann, THIS)
    with pytest.raises(PayRefusedError, match="changed since"):
        close_statement(actor=tom, seller_id=cast.ann.pk, start=BEFORE.start, there=None, seal="other", at=NOW)  # fmt: skip
    with pytest.raises(NotAllowedError):
        close_statement(actor=acting(cast.ann), seller_id=cast.ann.pk, start=BEFORE.start, there=None, seal="", at=NOW)  # fmt: skip
    with pytest.raises(NotFoundError):
        close_statement(actor=acting(cast.ben), seller_id=cast.cora.pk, start=BEFORE.start, there=None, seal="", at=NOW)  # fmt: skip
    close(cast, cast.ann)
    with pytest.raises(PayRefusedError, match="closed"):
        close(cast, cast.ann)


def test_a_dispute_and_its_answer_stay_in_the_trail(sold, cast, client):
    stored = close(cast, cast.ann)
    address = f"{PAGE}{cast.ann.pk}/{BEFORE.start}/"
    client.force_login(cast.ann)
    assert client.post(address, {"step": "dispute", "text": "An order is missing"}).status_code == 302  # fmt: skip
    with pytest.raises(PayRefusedError, match="not been answered"):
        dispute_statement(actor=acting(cast.ann), statement_id=stored.pk, text="Again", at=NOW)
    with pytest.raises(NotAllowedError):
        answer_dispute(actor=acting(cast.ann), statement_id=stored.pk, answer="Yes", at=NOW)
    with pytest.raises(NotFoundError):
        dispute_statement(actor=acting(cast.sam), statement_id=stored.pk, text="Mine?", at=NOW)
    client.force_login(cast.ben)
    assert [row.pk for row in client.get(f"{PAGE}?dispute=open").context["page"].rows] == [stored.pk]  # fmt: skip
    assert client.post(address, {"step": "answer", "answer": "It was Sam's"}).status_code == 302
    trail = [(entry.verb, entry.actor_name, entry.changes.get("text") or entry.changes.get("answer")) for entry in AuditEntry.objects.filter(noun="paydispute").order_by("id")]  # fmt: skip
    assert trail == [("create", "Ann de Boer", [None, "An order is missing"]), ("change", "Ben Smit", ["", "It was Sam's"])]  # fmt: skip
    with pytest.raises(PayRefusedError, match="no dispute"):
        answer_dispute(actor=acting(cast.ben), statement_id=stored.pk, answer="Yes", at=NOW)


def test_a_divided_order_pays_both_and_no_more_than_once(sold, cast):
    shares = [(cast.ann.pk, Decimal("0.6")), (cast.cora.pk, Decimal("0.4"))]
    split_order(actor=acting(cast.tom), order_id=sold[0].pk, shares=shares, at=NOW)
    assert (of(cast.tom, cast.ann).sales, of(cast.tom, cast.cora).sales) == (38_000, 22_000)
    with pytest.raises(PayRefusedError, match="100%"):
        split_order(actor=acting(cast.tom), order_id=sold[0].pk, shares=[(cast.ann.pk, Decimal("0.6")), (cast.cora.pk, Decimal("0.3"))], at=NOW)  # fmt: skip
    with pytest.raises(NotFoundError):
        split_order(actor=acting(cast.ben), order_id=sold[0].pk, shares=shares, at=NOW)
    split_order(actor=acting(cast.tom), order_id=sold[0].pk, shares=[], at=NOW)
    assert of(cast.tom, cast.ann).sales == 50_000


def test_part_of_a_period_pays_its_days(sold, cast):
    there = (BEFORE.start, BEFORE.start + timedelta(days=BEFORE.days // 2))
    found = of(cast.tom, cast.ann, there=there)
    assert found.lines[0].line.amount == (Decimal(3000) * (BEFORE.days // 2) / BEFORE.days).quantize(Decimal("0.01"))  # fmt: skip
    with pytest.raises(Exception, match="outside the period"):
        of(cast.tom, cast.ann, there=(BEFORE.start, BEFORE.end + timedelta(days=1)))
    assert close(cast, cast.ann, there=there).total == found.total
    again = of(cast.tom, cast.ann)
    assert (again.total, again.is_intact) == (found.total, True)


def test_the_narrowest_and_latest_plan_holds_and_never_from_the_middle_of_a_period(plan, cast):
    tom = acting(cast.tom)
    own = add_pay_plan(actor=tom, values=plan_values(name="Ann", role="", person=cast.ann, base=Decimal(1)), at=NOW)  # fmt: skip
    add_pay_plan(actor=tom, values=plan_values(name="North", role="", team=cast.north, base=Decimal(2)), at=NOW)  # fmt: skip
    refreshed()
    assert [of(cast.tom, seller).terms.base for seller in (cast.ann, cast.sam, cast.cora)] == [1, 2, 3000]  # fmt: skip
    for wrong in (
        {"name": "Same day"}, {"starts_on": THIS.start + timedelta(days=1)}, {"period": "year", "starts_on": date(TODAY.year, 2, 1)},
    ):  # fmt: skip
        with pytest.raises(PayRefusedError):
            add_pay_plan(actor=tom, values=plan_values(**wrong), at=NOW)
    remove_pay_plan(actor=tom, plan_id=own.pk, at=NOW)
    assert of(cast.tom, cast.ann).terms.base == 2
    with pytest.raises(NotAllowedError):
        add_pay_plan(actor=acting(cast.dirk), values=plan_values(name="X"), at=NOW)


def test_a_plan_that_paid_somebody_stays(sold, cast, plan):
    close(cast, cast.ann)
    with pytest.raises(PayRefusedError, match="was paid"):
        remove_pay_plan(actor=acting(cast.tom), plan_id=plan.pk, at=NOW)
    with pytest.raises(PayRefusedError, match="has been closed"):
        add_pay_plan(actor=acting(cast.tom), values=plan_values(starts_on=BEFORE.start), at=NOW)


def test_a_target_counts_for_the_days_inside_the_period(cast):
    target = TargetFactory(person=cast.ann, period_start=date(2026, 1, 1), period_end=date(2026, 3, 2), amount=60)  # fmt: skip
    assert quota_over([target], Period(date(2026, 2, 1), date(2026, 3, 1))) == 28
    assert quota_over([target], Period(date(2026, 4, 1), date(2026, 5, 1))) is None


@pytest.mark.parametrize("values", [{"team_id": None, "role": ""}, {"base": -1}, {"quota_from": "fixed"}, {"quota_from": "targets", "measure": "contribution"}])  # fmt: skip
def test_the_database_refuses_what_may_never_be(plan, values):
    with pytest.raises(IntegrityError), transaction.atomic():
        PayPlan.objects.filter(pk=plan.pk).update(**values)


def test_a_plan_is_entered_in_percentages_and_bad_input_names_its_field(cast, client):
    client.force_login(cast.tom)
    posted = {
        "name": "Field", "who": f"team:{cast.north.pk}", "starts_on": THIS.end.isoformat(), "period": "month", "measure": "contribution", "base": "2,500",
        "quota_from": "targets", "tier_by": "attainment", "rate_1": "2", "start_2": "80", "rate_2": "7.5", "start_3": "60", "rate_3": "9", "accelerator": "1.5",
        "bonus": "500", "bonus_from": "110",
    }  # fmt: skip
    answer = client.post(f"{PAGE}plans/new/", posted)
    assert (answer.status_code, set(answer.context["form"].errors)) == (400, {"start_3", "quota_from"})  # fmt: skip
    answer = client.post(f"{PAGE}plans/new/", posted | {"start_3": "100", "measure": "turnover"})
    made = PayPlan.objects.get()
    assert (made.tiers, made.base, made.bonus_from) == ([["0", "0.02"], ["0.8", "0.075"], ["1", "0.09"]], 2500, Decimal("1.1"))  # fmt: skip
    page = client.get(answer.url).content.decode()
    assert "from 80% to 100%" in page
    copied = client.get(f"{PAGE}plans/new/?copy={made.pk}").context["form"]
    assert (copied["start_2"].value(), copied["who"].value()) == ("80", f"team:{cast.north.pk}")  # fmt: skip


def test_the_simulator_tells_what_the_terms_would_have_cost_and_who_wins(sold, cast, plan, client):
    client.force_login(cast.tom)
    same = client.get(f"{PAGE}simulator/?plan={plan.pk}&count=3").context["found"]
    assert (same.paid, same.paid_now, same.turnover) == (3 * 6000 + 2800 + 500, 3 * 6000 + 2800 + 500, 60_000)  # fmt: skip
    terms = {"plan": plan.pk, "count": "3", "period": "month", "measure": "turnover", "base": "3000", "quota_from": "none", "tier_by": "amount", "rate_1": "6", "accelerator": "1"}  # fmt: skip
    answer = client.get(f"{PAGE}simulator/", terms)
    found = answer.context["found"]
    assert {row.seller: row.difference for row in found.rows} == {cast.ann: 200, cast.cora: 100}
    assert found.cost == Decimal(18_000 + 3_600) / 60_000
    assert (found.spread.lowest, found.spread.highest) == (9_600, 12_000)
    assert [each.paid for each in found.sensitivity] == [20_880, 21_240, 21_600, 21_960, 22_320]
    for _row, url in answer.context["rows"]:
        assert client.get(url).context["panel"].value in ("+€200", "+€100")
    for name in ("cost", "paid", "spread", "change", "sales-0.8"):
        assert client.get(answer.context["asked"].url(name)).status_code == 200
    assert client.get(answer.context["asked"].url("moon")).status_code == 404
    wrong = client.get(f"{PAGE}simulator/", terms | {"rate_1": "many"})
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (400, ["rate_1"])


def test_every_line_opens_and_leaves_as_pdf_and_workbook(sold, cast, client):
    stored = close(cast, cast.ann)
    client.force_login(cast.ann)
    answer = client.get(f"{PAGE}{cast.ann.pk}/{BEFORE.start}/")
    panels = [client.get(url).context["panel"] for _line, url in answer.context["lines"]]
    assert [panel.value for panel in panels] == ["€3,000.00", "€2,000.00", "€800.00"]
    assert [row[3:] for row in panels[1].rows] == [["€30,000.00", "€1,500.00"], ["€10,000.00", "€500.00"]]  # fmt: skip
    for name in ("sold", "attainment"):
        assert client.get(f"{PAGE}{cast.ann.pk}/{BEFORE.start}/lines/{name}/").status_code == 200
    assert client.get(f"{PAGE}{cast.ann.pk}/{BEFORE.start}/?export=pdf").content.startswith(b"%PDF")
    assert client.get(f"{PAGE}{cast.ann.pk}/{BEFORE.start}/?export=xlsx").content.startswith(b"PK")
    assert statements_visible_to(acting(cast.ann)).get() == stored


def test_the_list_takes_the_same_queries_whatever_the_number_of_statements(sold, cast, client):
    client.force_login(cast.tom)
    close(cast, cast.ann)
    one = queries_of(client, PAGE)
    close(cast, cast.cora)
    close(cast, cast.ann, LAST)
    assert queries_of(client, PAGE) == one
