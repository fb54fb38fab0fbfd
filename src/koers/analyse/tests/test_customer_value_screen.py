"""Is the value of customers shown to those who may see it, with what it rests on?"""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from koers.analyse.actions.customer_value import (
    ask_valuation_if_due,
    value_customers_task,
    value_now,
)
from koers.analyse.actions.facts import ask_refresh_if_stale, refresh_now
from koers.analyse.actions.rule_set import RulesRefusedError, change_rules
from koers.analyse.figures.customer_value import valuation_is_due
from koers.analyse.queries.rule_set import DEFAULTS
from koers.catalogue.tests.factories import ProductFactory, ProductGroupFactory
from koers.core.data_versions import mark_changed
from koers.core.models import DataVersion, Job
from koers.customers.tests.factories import CompanyFactory
from koers.organisation.tests.cast import acting
from koers.sell.tests.factories import sale

PARTS = ("company", "product", "person", "territory", "sbu", "target", "rate")
pytestmark = pytest.mark.django_db(transaction=True)
TODAY = date(2026, 11, 24)


@pytest.fixture
def sold(cast):
    """Twelve customers of Ann and Cora, from every week to every other month; the first fell silent."""
    product = ProductFactory(name="Pump", group=ProductGroupFactory(name="Pumps"))
    made = []
    for number in range(12):
        owner = cast.ann if number % 2 else cast.cora
        company = CompanyFactory(name=f"Customer {number:02}", owner=owner)
        made.append(company)
        step = 10 + 5 * number
        until = 400 if number == 0 else 0
        for days in range(700, until, -step):
            sale(company, TODAY - timedelta(days=days), "1000", cost="700", seller=owner, product=product)  # fmt: skip
    for part in PARTS:
        DataVersion.objects.get_or_create(part=part)
    refresh_now(today=TODAY, at=timezone.now())
    value_now(today=TODAY, at=timezone.now())
    return made


@pytest.fixture
def get(client, sold):
    def ask(user, name, *args, query=""):
        client.force_login(user)
        return client.get(reverse(f"analyse:{name}", args=args) + query)

    return ask


def test_a_manager_sees_all_and_a_seller_the_own_customers(get, cast):
    assert get(cast.dirk, "value").context["page"].total == 12
    own = get(cast.ann, "value").context
    assert own["page"].total == own["totals"].customers == 6
    assert {row.name for row in own["page"].rows} == {f"Customer {n:02}" for n in range(1, 12, 2)}
    assert get(cast.ann, "equity").context["bridge"].end == own["totals"].worth


def test_who_may_not_see_costs_sees_spending(get, cast):
    manager, marketing = get(cast.dirk, "value").context, get(cast.mia, "value").context
    assert (manager["by_spending"], marketing["by_spending"]) == (False, True)
    assert manager["totals"].worth < marketing["totals"].worth
    assert not get(cast.mia, "next_best").context["sees_gain"]
    assert get(cast.mia, "next_best", query="?action=let_go").status_code == 404


def test_the_silent_customer_is_the_one_to_win_back(get, cast, sold):
    rows = get(cast.dirk, "next_best", query="?action=win_back").context["rows"]
    assert [row.company_id for row, _action, _reason in rows] == [sold[0].pk]
    (_row, action, reason) = rows[0]
    assert action == "Win back"
    assert reason.startswith("Buys every 10 days, silent for ")
    panel = get(cast.dirk, "company_value", sold[0].pk).context
    assert panel["row"].company_id == sold[0].pk
    assert panel["todo"] == [(action, reason)]


def test_a_step_of_the_bridge_opens_its_customers(get, cast):
    for step, _word, _meaning, url in get(cast.dirk, "equity").context["steps"]:
        answer = get(cast.dirk, "value", query=url.partition("value/")[2])
        assert answer.context["page"].total == step.customers


def test_every_headline_can_be_opened(get, cast):
    for headline, formula in (("equity", "F9.13"), ("alive", "F9.20"), ("purchases", "F9.20"), ("top", "F2.5")):  # fmt: skip
        panel = get(cast.dirk, "value_figure", headline).context["panel"]
        assert (panel.formula_id, panel.rows_count) == (formula, 12)
    assert get(cast.dirk, "value_figure", "colour").status_code == 404


def test_unknown_groups_are_refused(get, cast):
    for name, query in (("value", "?kind=odd"), ("value", "?risk=odd"), ("next_best", "?action=odd"),
                        ("cross_sell", "?level=odd"), ("cohorts", "?step=odd"), ("cohorts", "?silence=1")):  # fmt: skip
        assert get(cast.dirk, name, query=query).status_code == 404, query


def test_cohorts_of_a_seller_hold_the_own_customers(get, cast):
    assert get(cast.dirk, "cohorts").context["found"]["customers"] == 12
    assert get(cast.ann, "cohorts").context["found"]["customers"] == 6
    panel = get(cast.dirk, "retention_figure").context["panel"]
    assert [value for _label, value in panel.parts] == ["12", "0", "11"]


def test_the_model_lays_itself_open(get, cast):
    context = get(cast.dirk, "value_trust").context
    assert [row["model"] for row in context["models"] if row["chosen"]] == [context["run"].model]
    assert len(context["models"]) == 3


def test_a_file_of_the_list_holds_every_customer(get, cast):
    for name in ("value", "next_best"):
        assert get(cast.ina, name, query="?export=csv").status_code == 403
    text = get(cast.dirk, "value", query="?export=csv").content.decode("utf-8-sig")
    assert len(text.splitlines()) == 13


def test_customers_are_valued_again_when_an_order_comes_or_a_rule_changes(sold, cast):
    assert not valuation_is_due(TODAY)
    sale(sold[0], TODAY - timedelta(days=1), "100", seller=cast.ann)
    mark_changed(f"order_line:{TODAY - timedelta(days=1):%Y-%m}")
    refresh_now(today=TODAY, at=timezone.now())
    assert valuation_is_due(TODAY)
    job = ask_valuation_if_due(today=TODAY, at=timezone.now())
    assert ask_valuation_if_due(today=TODAY, at=timezone.now()) == job
    value_now(today=TODAY, at=timezone.now())
    assert ask_valuation_if_due(today=TODAY, at=timezone.now()) is None
    values = DEFAULTS["next_best"] | {"hour_cost": "75"}
    change_rules(actor=acting(cast.tom), kind="next_best", values=values, at=timezone.now())
    assert valuation_is_due(TODAY)


def test_a_failed_valuation_is_not_tried_again_at_once(sold):
    now = timezone.now()
    tomorrow = TODAY + timedelta(days=1)
    Job.objects.create(task="value_customers", status=Job.Status.FAILED, asked_at=now, finished_at=now)  # fmt: skip
    assert ask_valuation_if_due(today=tomorrow, at=now) is None
    assert ask_valuation_if_due(today=tomorrow, at=now + timedelta(hours=2)) is not None


def test_a_valuation_that_takes_long_is_not_made_after_every_order(sold):
    now = timezone.now()
    tomorrow = TODAY + timedelta(days=1)
    Job.objects.create(
        task="value_customers", status=Job.Status.DONE, asked_at=now, started_at=now - timedelta(minutes=3), finished_at=now
    )  # fmt: skip
    assert ask_valuation_if_due(today=tomorrow, at=now + timedelta(minutes=29)) is None
    assert ask_valuation_if_due(today=tomorrow, at=now + timedelta(minutes=31)) is not None


def test_an_order_by_hand_reaches_the_facts_by_itself(sold, cast):
    now = timezone.now()
    assert ask_refresh_if_stale(at=now) is None
    sale(sold[0], TODAY - timedelta(days=1), "100", seller=cast.ann)
    mark_changed(f"order_line:{TODAY - timedelta(days=1):%Y-%m}")
    job = ask_refresh_if_stale(at=now)
    assert job.task == "refresh_facts"
    assert ask_refresh_if_stale(at=now) == job


def test_hours_of_nothing_and_chances_above_one_are_refused(sold, cast):
    for change in ({"keep": {"hours": "0", "chance": "0.5"}}, {"keep": {"hours": "1", "chance": "1.5"}}):  # fmt: skip
        with pytest.raises(RulesRefusedError):
            change_rules(actor=acting(cast.tom), kind="next_best", values=DEFAULTS["next_best"] | change, at=timezone.now())  # fmt: skip


def test_paging_sorting_and_files_keep_what_was_chosen(get, cast):
    for name, query, kept in (
        ("next_best", f"?action=grow&seller={cast.ann.pk}", f"action=grow&seller={cast.ann.pk}"),
        ("value", f"?risk=safe&kind=kept&seller={cast.ann.pk}", f"risk=safe&kind=kept&seller={cast.ann.pk}"),
        ("lines", f"?period=24m&seller={cast.ann.pk}&company=3", f"period=24m&seller={cast.ann.pk}&company=3"),
        ("pyramid_members", "?class=A&class=B&period=24m", "class=A&class=B&period=24m"),
        ("rfm", "?recency=5&frequency=4", "recency=5&frequency=4"),
    ):  # fmt: skip
        context = get(cast.dirk, name, query=query).context
        state = context["state"]
        assert state.query(page=2).partition("?")[2] == f"{kept}&page=2"
        assert all(kept in head.url for head in state.heads if head.url)
        if "csv_url" in context:
            assert context["csv_url"].partition("?")[2] == f"{kept}&export=csv"


def test_the_background_task_reports_how_many(sold, cast):
    from koers.core.jobs import JobContext

    job = Job.objects.create(task="value_customers", asked_at=timezone.now())
    assert value_customers_task(JobContext(job.pk, {}, None)) == {"customers": 12}


def test_the_rules_can_be_changed_on_screen(client, cast, sold):
    client.force_login(cast.tom)
    page = client.get(reverse("analyse:rule_set")).context["sets"][2]["form"]
    data = {f"next_best-{name}": value for name, value in page.initial.items() if name in page.fields}  # fmt: skip
    answer = client.post(reverse("analyse:rule_set"), data | {"kind": "next_best", "next_best-keep_hours": "2.5"})  # fmt: skip
    assert answer.status_code == 302
    assert client.get(reverse("analyse:rule_set")).context["sets"][2]["version"] == 1
