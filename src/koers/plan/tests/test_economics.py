"""Does the economics desk start from our own numbers, take others, and keep what was decided on them?"""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from koers.analyse.actions.facts import refresh_now
from koers.catalogue.tests.factories import ProductFactory, ProductGroupFactory
from koers.core.models import AuditEntry, DataVersion
from koers.customers.tests.factories import CompanyFactory
from koers.organisation import policies
from koers.organisation.policies import Right
from koers.organisation.tests.cast import acting
from koers.plan.actions.economic_decision import DecisionRefusedError, keep_decision
from koers.plan.models import EconomicDecision
from koers.sell.models import Activity
from koers.sell.tests.factories import sale

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/plan/economics/"
BOOK = {"turnover": "500000", "orders": "10000", "share": "40", "fixed": "120000", "profit": "40000"}  # fmt: skip


@pytest.fixture
def sold(cast):
    """Ann sold 1,000 at a cost of 600 and 3,000 at 1,800 in two groups; Cora 500 at 400. Three visits."""
    today = timezone.localdate()
    day = today - timedelta(days=40)
    ovens, soap = ProductFactory(group=ProductGroupFactory(name="Ovens")), ProductFactory(group=ProductGroupFactory(name="Soap"))  # fmt: skip
    one, two = CompanyFactory(name="One", owner=cast.ann), CompanyFactory(name="Two", owner=cast.ann)  # fmt: skip
    other = CompanyFactory(name="Other", owner=cast.cora)
    sale(one, day, "1000", cost="600", seller=cast.ann, product=ovens)
    sale(two, day, "3000", cost="1800", seller=cast.ann, product=soap)
    sale(other, day, "500", cost="400", seller=cast.cora, product=soap)
    for company, owner, minutes in (
        (one, cast.ann, 60),
        (one, cast.ann, 30),
        (other, cast.cora, None),
    ):
        Activity.objects.create(kind="visit", status="done", subject="Visit", company=company, owner=owner, day=day, minutes=minutes)  # fmt: skip
    Activity.objects.create(kind="visit", status="planned", subject="Later", company=one, owner=cast.ann, day=day)  # fmt: skip
    refreshed()
    return cast, one, ovens.group


def refreshed():
    for part in ("company", "product", "person", "territory", "sbu", "target", "rate"):
        DataVersion.objects.get_or_create(part=part)
    refresh_now(today=timezone.localdate(), at=timezone.now())


def inputs(answer):
    return answer.context["asked"].inputs


def tiles(answer):
    return {str(label): value for label, value, _url in answer.context["tiles"]}


def test_the_desk_starts_from_the_facts_of_who_asks(sold, client):
    cast, _one, _group = sold
    client.force_login(cast.tom)
    assert inputs(client.get(PAGE)) == {
        "turnover": 4500, "orders": 3, "share": Decimal("0.3778"), "fixed": 3 * 80_000, "profit": 0,
    }  # fmt: skip
    client.force_login(cast.cora)
    found = inputs(client.get(PAGE))
    assert (found["turnover"], found["orders"], found["share"]) == (500, 1, Decimal("0.2"))


def test_a_choice_narrows_every_fact(sold, client):
    cast, one, group = sold
    client.force_login(cast.tom)
    for choice, expected in (
        ({"seller": cast.ann.pk}, (4000, 2, Decimal("0.4"), 2)), ({"company": one.pk}, (1000, 1, Decimal("0.4"), 2)),
        ({"company": f"One #{one.pk}"}, (1000, 1, Decimal("0.4"), 2)), ({"group": group.pk}, (1000, 1, Decimal("0.4"), None)),
        ({"seller": cast.cora.pk, "company": one.pk}, (0, 0, None, 0)),
    ):  # fmt: skip
        found = inputs(client.get(PAGE + "visit_cost/", choice))
        assert (found["turnover"], found["orders"], found["share"], found["visits"]) == expected


def test_the_book_example_typed_in_gives_the_book_answers(sold, client):
    client.force_login(sold[0].tom)
    answer = client.get(PAGE, BOOK)
    assert tiles(answer) == {
        "Break-even turnover": "€300,000", "Break-even orders": "6,000", "Turnover for the wanted profit": "€400,000",
        "Orders for the wanted profit": "8,000", "Safety margin": "40.0%", "Result now": "€80,000",
    }  # fmt: skip
    assert "may fall by 40.0%" in answer.context["sentence"]
    assert {str(label): fact for label, _value, fact in answer.context["changed"]}["Turnover in the period"] == "€4,500"  # fmt: skip


CONCLUSIONS = (
    ("discount", {"share": "30", "discount": "5"}, "At a discount of 5.0% you must sell 20.0% more to earn the same."),
    ("discount", {"share": "5", "discount": "5"}, "no extra volume makes up for it"),
    ("price_rise", {"share": "30", "rise": "10"}, "25.0% of the volume may go"),
    ("cash_discount", {}, "costs 37.2% a year: dearer than money at 8.0%"),
    ("price", {"unit_cost": "60", "margin": "40"}, "a price of €100.00: 66.7% on top"),
    ("project", {"invest": "10000", "extra": "20000", "share": "25", "running": "1000"}, "less than the money costs: -€52.59"),
    ("visit_cost", {"cost": "90000", "visits": "800", "turnover": "400000", "share": "25"}, "A visit costs €112.50 and stands beside €125.00"),
    ("serving", {"turnover": "10000", "share": "30", "visits": "12", "visit_cost": "112.50", "orders": "20", "order_cost": "15"}, "serving takes €1,650: €1,350 is left"),
)  # fmt: skip


def test_each_calculator_says_its_conclusion_in_words(sold, client):
    client.force_login(sold[0].tom)
    for calculator, typed, words in CONCLUSIONS:
        answer = client.get(f"{PAGE}{calculator}/", typed)
        assert words in answer.context["sentence"].replace("−", "-")


def test_every_figure_opens_with_the_same_number(sold, client):
    client.force_login(sold[0].tom)
    for calculator in EconomicDecision.Calculator.values:
        answer = client.get(f"{PAGE}{calculator}/", {"seller": sold[0].ann.pk, "turnover": "9000", "vary": ""})  # fmt: skip
        cells = [(value, url) for _label, value, url in answer.context["tiles"]]
        cells += [cell for _label, line in answer.context["effects"] for cell in line]
        cells += [(row["fact"], row["fact_url"]) for row in answer.context["rows"] if row["fact"]]
        assert cells
        for value, url in cells:
            panel = client.get(url).context["panel"]
            assert (panel.value or "–") == value


def test_wrong_input_is_named_and_nothing_typed_is_lost(sold, client):
    client.force_login(sold[0].tom)
    answer = client.get(PAGE, {"turnover": "many", "share": "140", "fixed": "100"})
    assert answer.status_code == 400
    assert set(answer.context["asked"].form.errors) == {"turnover", "share"}  # fmt: skip
    page = answer.content.decode()
    assert 'value="many"' in page
    assert 'value="100"' in page
    assert client.get(PAGE + "cash_discount/", {"early": "30", "due": "30"}).status_code == 400
    assert client.get(PAGE, {"vary": "moon"}).status_code == 400
    assert client.get(PAGE + "discount/figures/extra_units/", {"discount": "x"}).status_code == 400
    assert client.get(PAGE + "discount/figures/extra_units/", {"step": "7"}).status_code == 400
    assert [client.get(PAGE + address).status_code for address in ("moon/", "discount/figures/moon/", "facts/moon/")] == [404] * 3  # fmt: skip
    assert client.get(PAGE, {"company": "Nobody at all"}).status_code == 400
    assert client.get(PAGE, {"group": "999999"}).status_code == 404


def test_a_customer_of_another_team_is_as_if_absent(sold, client):
    client.force_login(sold[0].cora)
    assert client.get(PAGE, {"company": sold[1].pk}).status_code == 404


def test_who_may_not_see_costs_gets_no_share_and_no_decisions(sold, client, monkeypatch):
    cast = sold[0]
    rights = policies.RIGHTS[cast.ann.role] - {Right.SEE_COST}
    monkeypatch.setitem(policies.RIGHTS, cast.ann.role, rights)
    client.force_login(cast.ann)
    answer = client.get(PAGE)
    assert inputs(answer)["share"] is None
    assert "keep/" not in answer.content.decode()
    assert inputs(client.get(PAGE + "price/")) == {"unit_cost": None, "margin": None, "vat": Decimal("0.21")}  # fmt: skip
    for address in ("facts/share/", "facts/unit_cost/", "decisions/", "discount/keep/?share=30"):
        assert client.get(PAGE + address).status_code == 403
    assert tiles(client.get(PAGE + "discount/", {"share": "30", "discount": "10"}))["Extra volume needed"] == "50.0%"  # fmt: skip


def kept(client, cast, **more):
    today = timezone.localdate()
    data = {"name": "Five per cent in spring", "decision": "No more than 5 %", "decided_by": cast.tom.pk, "decided_on": today.isoformat(),
            "review_on": (today + timedelta(days=90)).isoformat()} | more  # fmt: skip
    return client.post(f"{PAGE}discount/keep/?seller={cast.ann.pk}&discount=5&share=30", data)


def test_a_calculation_is_kept_with_its_facts_and_the_decision(sold, client):
    cast = sold[0]
    client.force_login(cast.tom)
    answer = kept(client, cast)
    made = EconomicDecision.objects.get()
    assert answer.url == f"{PAGE}decisions/{made.pk}/"
    assert made.inputs == {
        "turnover": {"value": "4000", "fact": "4000"}, "share": {"value": "0.3", "fact": "0.4000"}, "discount": {"value": "0.05", "fact": None},
    }  # fmt: skip
    assert made.results["extra_units"] == "0.2"
    assert (made.scope, made.scope_label, made.company) == ({"seller": cast.ann.pk}, "Ann de Boer", None)  # fmt: skip
    assert (made.decided_by, made.made_by_name, made.facts_as_of) == (cast.tom, "Tom Prins", timezone.localdate())  # fmt: skip
    assert AuditEntry.objects.filter(noun="economicdecision", verb="create").count() == 1


def test_afterwards_the_same_figure_stands_beside_what_it_was_then(sold, client):
    cast, one, _group = sold
    client.force_login(cast.tom)
    kept(client, cast)
    made = EconomicDecision.objects.get()
    sale(one, timezone.localdate() - timedelta(days=3), "2000", cost="1000", seller=cast.ann)
    refreshed()
    page = client.get(f"{PAGE}decisions/{made.pk}/")
    rows = {str(row["label"]): (row["used"], row["fact"], row["now"]) for row in page.context["inputs"]}  # fmt: skip
    assert rows == {
        "Turnover in the period": ("€4,000", "€4,000", "€6,000"), "Contribution share, %": ("30.0%", "40.0%", "43.3%"),
        "Discount, %": ("5.0%", "", ""),
    }  # fmt: skip
    answers = {str(row["label"]): (row["then"], row["now"]) for row in page.context["answers"]}
    assert answers["Extra volume needed"] == ("20.0%", "20.0%")
    assert answers["Given away if volume stays"] == ("€200.00", "€300.00")
    for row in page.context["answers"]:
        assert client.get(row["then_url"]).context["panel"].value == row["then"]
        assert client.get(row["now_url"]).context["panel"].value == row["now"]
    for row in page.context["inputs"]:
        if row["url"]:
            assert client.get(row["url"]).context["panel"].value == row["now"]


def test_what_became_of_it_is_written_down_and_can_be_taken_back(sold, client):
    cast = sold[0]
    client.force_login(cast.tom)
    kept(client, cast)
    made = EconomicDecision.objects.get()
    assert client.post(f"{PAGE}decisions/{made.pk}/review/", {"outcome": " "}).status_code == 400
    client.post(f"{PAGE}decisions/{made.pk}/review/", {"outcome": "Volume rose by 8 %"})
    made.refresh_from_db()
    assert (made.outcome, made.reviewed_on) == ("Volume rose by 8 %", timezone.localdate())
    assert "Volume rose by 8 %" in client.get(f"{PAGE}decisions/{made.pk}/").content.decode()
    client.post(f"{PAGE}decisions/{made.pk}/remove/")
    assert not EconomicDecision.objects.exists()


def test_a_decision_that_says_too_little_is_refused_and_nothing_is_lost(sold, client):
    client.force_login(sold[0].tom)
    today = timezone.localdate()
    for more, words in (
        ({"decision": "  "}, "required"), ({"review_on": today.isoformat()}, "The control date lies after"),
        ({"decided_on": (today + timedelta(days=2)).isoformat()}, "not before"), ({"decided_by": "999999"}, "valid choice"),
    ):  # fmt: skip
        answer = kept(client, sold[0], **more)
        assert answer.status_code == 400
        assert words in answer.content.decode()
        assert "Five per cent in spring" in answer.content.decode()
    assert not EconomicDecision.objects.exists()


def decision(actor, **more):
    values = {
        "name": "Kept", "calculator": "discount", "period_name": "12m", "period_start": date(2025, 1, 1), "period_end": date(2026, 1, 1),
        "inputs": {"turnover": {"value": "10", "fact": "10"}, "share": {"value": "0.3", "fact": "0.3"}, "discount": {"value": "0.1", "fact": None}},
        "results": {"extra_units": "0.5"}, "currency": "EUR", "facts_as_of": date(2026, 1, 1), "decision": "Do it", "decided_by_id": actor.user_id,
        "decided_on": date(2026, 1, 1), "review_on": date(2026, 4, 1),
    }  # fmt: skip
    return keep_decision(actor=actor, values=values | more, at=timezone.now())


def test_a_decision_is_for_who_took_it_and_who_leads_them(sold, client):
    cast = sold[0]
    made = decision(acting(cast.ann))
    seen = {}
    for name in ("ann", "sam", "cora", "ben", "tom", "dirk"):
        client.force_login(getattr(cast, name))
        seen[name] = client.get(f"{PAGE}decisions/{made.pk}/").status_code
    assert seen == {"ann": 200, "sam": 404, "cora": 404, "ben": 200, "tom": 200, "dirk": 200}
    client.force_login(cast.dirk)
    assert client.post(f"{PAGE}decisions/{made.pk}/review/", {"outcome": "x"}).status_code == 403


def test_a_decision_made_on_fewer_customers_is_compared_on_those(sold, client):
    cast = sold[0]
    made = decision(acting(cast.ann))
    client.force_login(cast.tom)
    page = client.get(f"{PAGE}decisions/{made.pk}/")
    assert page.context["is_narrowed"]
    assert page.context["inputs"][0]["now"] == "€4,000"


def test_the_list_filters_by_control_date_and_asks_a_fixed_number_of_questions(sold, client):
    cast = sold[0]
    client.force_login(cast.tom)
    decision(acting(cast.tom))
    counts = []
    for _more in range(2):
        with CaptureQueriesContext(connection) as found:
            client.get(PAGE + "decisions/")
        counts.append(len(found))
        decision(acting(cast.tom), name="Future", review_on=date(2099, 1, 1))
        decision(acting(cast.tom), name="Future too", review_on=date(2099, 1, 1))
    assert counts[0] == counts[1]
    due = client.get(PAGE + "decisions/", {"state": "due"})
    assert [row.name for row, _is_due in due.context["rows"]] == ["Kept"]


def test_the_database_refuses_what_must_never_be(cast):
    made = decision(acting(cast.tom))
    for broken in (
        {"review_on": date(2026, 1, 1)}, {"period_end": date(2025, 1, 1)}, {"outcome": "Well"}, {"calculator": "moon"}, {"decision": ""},
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            EconomicDecision.objects.filter(pk=made.pk).update(**broken)


def test_nobody_decides_in_the_name_of_whom_he_or_she_does_not_see(cast):
    with pytest.raises(Exception, match="does not exist"):
        decision(acting(cast.ann), decided_by_id=cast.cora.pk)
    with pytest.raises(DecisionRefusedError):
        decision(acting(cast.ann), decided_by_id=None)
