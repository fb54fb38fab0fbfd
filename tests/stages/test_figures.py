"""Do the figures on screen equal the sums in the database, part by part?"""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import F, Sum
from django.utils import timezone

from koers.analyse.actions.facts import classify, refresh_now
from koers.analyse.figures.customers import movement_of, pyramid_of
from koers.analyse.figures.facts import fact_store, open_facts, stale_parts
from koers.analyse.figures.turnover import turnover_of
from koers.analyse.models import ClassChange, PhaseInterval
from koers.catalogue.tests.factories import ProductFactory, ProductGroupFactory
from koers.core import formats
from koers.core.data_versions import current_versions, mark_changed
from koers.core.models import DataVersion
from koers.core.periods import last_twelve_months, year_before
from koers.customers.models import Company
from koers.customers.tests.factories import CompanyFactory
from koers.organisation.tests.cast import acting
from koers.plan.tests.factories import TargetFactory
from koers.sell.models import OrderLine
from koers.sell.tests.factories import sale

PARTS = ("company", "product", "person", "territory", "sbu", "target", "rate")


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def shop(transactional_db, cast, today):
    """Five customers: one large, one new, one shrinking, one lost, one who never bought."""
    product = ProductFactory(group=ProductGroupFactory())
    names = ("Large", "New", "Shrinking", "Lost", "Prospect")
    made = {name: CompanyFactory(name=name, owner=cast.ann) for name in names}
    sales = [
        ("Large", 30, "90000.55", "50000.10"), ("Large", 200, "10000", None), ("Large", 500, "80000", "40000"), ("Large", 560, "10", "5"),
        ("New", 20, "700.25", "500"), ("Shrinking", 60, "1000", "900"), ("Shrinking", 400, "5000", "3000"), ("Shrinking", 600, "4000", "3000"),
        ("Lost", 500, "2500", "1000"),
    ]  # fmt: skip
    for name, days, net, cost in sales:
        sale(made[name], today - timedelta(days=days), net, cost=cost, seller=cast.ann, product=product)  # fmt: skip
    sale(made["Large"], today - timedelta(days=10), "-500", cost="-250", seller=cast.ann, product=product, is_credit=True)  # fmt: skip
    sale(made["Large"], today - timedelta(days=10), "15", is_fee=True, seller=cast.ann)
    TargetFactory(person=cast.ann, period_start=today - timedelta(days=90), period_end=today + timedelta(days=90), amount=Decimal(200_000))  # fmt: skip
    for part in PARTS:
        DataVersion.objects.get_or_create(part=part)
    refresh_now(today=today, at=timezone.now())
    return made


def lines_since(today, days=None):
    period = last_twelve_months(today)
    start = period.start if days is None else today - timedelta(days=days)
    return OrderLine.objects.filter(is_fee=False, order__ordered_on__gte=start, order__ordered_on__lt=period.end)  # fmt: skip


def total(lines, field):
    return lines.aggregate(total=Sum(field))["total"] or Decimal(0)


def panel(client, user, url):
    client.force_login(user)
    answer = client.get(url)
    assert answer.status_code == 200
    found = answer.context["panel"]
    return found.value, dict(found.parts), found


def test_the_turnover_panel_adds_up_to_the_order_lines(shop, cast, client, today):
    value, parts, found = panel(client, cast.ann, "/analyse/figures/turnover/")
    lines = lines_since(today)
    assert value == formats.money(total(lines, "net"), "EUR")
    credit_notes = lines.filter(order__is_credit=True)
    assert parts["Credit notes"] == formats.money(total(credit_notes, "net"), "EUR")
    assert parts["Sales"] == formats.money(total(lines.exclude(order__is_credit=True), "net"), "EUR")  # fmt: skip
    assert (parts["Order lines"], found.rows_count) == (formats.number(lines.count(), 0), lines.count())  # fmt: skip


def test_the_margin_panel_shows_numerator_and_denominator_over_known_costs(shop, cast, client, today):  # fmt: skip
    value, parts, _found = panel(client, cast.ann, "/analyse/figures/margin/")
    costed = lines_since(today).exclude(cost=None)
    contribution = total(costed, F("net")) - total(costed, F("cost"))
    assert parts["Numerator: contribution"] == formats.money(contribution, "EUR")
    assert parts["Denominator: turnover with a known cost"] == formats.money(total(costed, "net"), "EUR")  # fmt: skip
    assert value == formats.share(contribution / total(costed, "net"))


def test_the_class_panel_shows_the_turnover_of_the_class_and_of_all(shop, cast, client, today):
    value, parts, _found = panel(client, cast.ann, "/analyse/figures/class/?class=A")
    lines = lines_since(today)
    large = lines.filter(order__company=shop["Large"])
    assert parts["Numerator: turnover of the class"] == formats.money(total(large, "net"), "EUR")
    assert parts["Denominator: turnover of all customers"] == formats.money(total(lines, "net"), "EUR")  # fmt: skip
    assert value == formats.share(total(large, "net") / total(lines, "net"))


def test_the_phase_panel_shows_two_years_of_its_customers(shop, cast, client, today):
    value, parts, _found = panel(client, cast.ann, "/analyse/figures/phase/?phase=revitalisation")
    lines = OrderLine.objects.filter(order__company=shop["Shrinking"])
    assert value == "1"
    assert parts["Turnover, 12 months"] == formats.money(Decimal(1000), "EUR")
    assert parts["The 12 months before"] == formats.money(total(lines, "net") - 1000, "EUR")


def test_the_attainment_panel_divides_actual_by_target(shop, cast, client, today):
    start = (today - timedelta(days=90)).isoformat()
    value, parts, _found = panel(client, cast.ann, f"/plan/attainment/figure/?by=seller&key={cast.ann.pk}&start={start}")  # fmt: skip
    actual = total(lines_since(today, days=90), "net")
    assert parts["Numerator: actual"] == formats.money(actual, "EUR")
    assert parts["Denominator: target"] == formats.money(Decimal(200_000), "EUR")
    assert value == formats.share(actual / 200_000)


def test_a_figure_of_what_one_may_not_see_is_zero_and_not_a_hint(shop, cast, client):
    value, _parts, found = panel(client, cast.cora, "/analyse/figures/turnover/")
    assert (value, found.rows_count) == (formats.money(Decimal(0), "EUR"), 0)


def test_class_phase_and_figures_are_stamped_on_the_companies(shop):
    found = {each.name: each for each in Company.objects.all()}
    assert {name: (each.customer_class, each.phase) for name, each in found.items()} == {
        "Large": ("A", "growth"),
        "New": ("D", "start"),
        "Shrinking": ("D", "revitalisation"),
        "Lost": ("inactive", "farewell"),
        "Prospect": ("prospect", "prospect"),
    }
    assert (found["Large"].turnover_12m, found["Large"].contribution_12m) == (Decimal("99500.55"), Decimal("39750.45"))  # fmt: skip
    assert [found[name].turnover_12m for name in ("New", "Shrinking", "Lost", "Prospect")] == [Decimal("700.25"), 1000, 0, 0]  # fmt: skip


def test_the_histories_are_dated_and_a_second_analysis_changes_nothing(shop, today):
    spans = list(PhaseInterval.objects.filter(company=shop["Lost"]).values_list("phase", flat=True))
    assert (spans[0], spans[-1]) == ("start", "farewell")
    assert PhaseInterval.objects.filter(company=shop["Prospect"]).count() == 0
    before = (ClassChange.objects.count(), list(PhaseInterval.objects.values_list("company", "phase", "start", "end")))  # fmt: skip
    assert classify(today=today, at=timezone.now()) == 0
    assert (ClassChange.objects.count(), list(PhaseInterval.objects.values_list("company", "phase", "start", "end"))) == before  # fmt: skip


def test_classing_in_small_parts_gives_what_classing_at_once_gives(shop, today, monkeypatch):
    names = ("name", "customer_class", "phase", "phase_since", "turnover_12m", "contribution_12m", "last_order_on")  # fmt: skip
    spans = list(PhaseInterval.objects.order_by("company", "start").values_list("company", "phase", "start", "end"))  # fmt: skip
    at_once = set(Company.objects.values_list(*names))
    Company.objects.update(customer_class="", phase="", turnover_12m=0)
    monkeypatch.setattr("koers.analyse.actions.facts.AT_ONCE", 2)
    assert classify(today=today, at=timezone.now()) == 5
    assert set(Company.objects.values_list(*names)) == at_once
    assert list(PhaseInterval.objects.order_by("company", "start").values_list("company", "phase", "start", "end")) == spans  # fmt: skip


def test_the_history_of_a_company_in_the_bin_goes(shop, today):
    assert PhaseInterval.objects.filter(company=shop["Lost"]).exists()
    Company.objects.filter(pk=shop["Lost"].pk).update(deleted_at=timezone.now())
    mark_changed("company")
    refresh_now(today=today, at=timezone.now())
    assert not PhaseInterval.objects.filter(company=shop["Lost"]).exists()
    assert PhaseInterval.objects.filter(company=shop["Large"]).exists()


def test_movement_between_two_years_adds_up_to_their_difference(shop, cast, today):
    after = last_twelve_months(today)
    actor = acting(cast.ann)
    found = movement_of(actor=actor, before=year_before(after), after=after)
    change = sum(each.change for each in found.totals)
    assert change == found.turnover_after - found.turnover_before
    assert found.turnover_after == turnover_of(actor=actor, period=after).total.turnover
    assert sum(each.customers for each in found.totals) == sum(each.customers for each in found.flows) == 5  # fmt: skip


def test_the_classes_of_the_pyramid_hold_every_customer_once(shop, cast, today):
    found = pyramid_of(actor=acting(cast.ann), period=last_twelve_months(today))
    assert sum(each.customers for each in found.classes) == found.customers == 5


def test_a_refresh_writes_only_what_changed(shop, cast, today):
    before = fact_store().manifest().parts
    assert (stale_parts(), refresh_now(today=today, at=timezone.now()).parts) == ([], 0)
    day = today - timedelta(days=30)
    sale(shop["New"], day, "1", seller=cast.ann)
    mark_changed("person")
    month = f"order_line:{day:%Y-%m}"
    assert stale_parts() == ["person", month]
    refresh_now(today=today, at=timezone.now())
    after = fact_store().manifest().parts
    assert {name for name in after if after[name] != before.get(name)} == {"person", month}


def test_what_does_not_become_facts_leaves_them_fresh(shop, cast, today):
    mark_changed("feedback")
    assert current_versions()["feedback"] == "1"
    assert stale_parts() == []
    assert refresh_now(today=today, at=timezone.now()).parts == 0
    mark_changed("feedback", "target")
    assert stale_parts() == ["target"]


def test_a_reader_keeps_the_old_facts_until_the_new_ones_are_whole(shop, cast, today):
    reading = open_facts()
    sql = "SELECT sum(net_e4) FROM order_line WHERE kind = 'goods'"
    before = reading.rows(sql)
    sale(shop["New"], today - timedelta(days=30), "1", seller=cast.ann)
    with fact_store().writer(at=timezone.now(), currency="EUR"):
        assert open_facts().rows(sql) == before
    refresh_now(today=today, at=timezone.now())
    assert (reading.rows(sql), open_facts().rows(sql)) == (before, [(before[0][0] + 10_000,)])
