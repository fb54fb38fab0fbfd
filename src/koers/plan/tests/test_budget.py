"""Is a budget spread to the cent around locked months, and changed only while it is a draft?"""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from koers.analyse.actions.facts import refresh_now
from koers.core.errors import NotAllowedError, NotFoundError
from koers.core.models import DataVersion
from koers.core.periods import add_months
from koers.customers.tests.factories import CompanyFactory
from koers.organisation.tests.cast import acting
from koers.plan.actions.budget import (
    MonthValue,
    change_part,
    copy_budget,
    make_budget,
    move_budget,
    propose_part,
    spread_budget,
)
from koers.plan.figures.budget import BudgetRefusedError, standings_of
from koers.plan.models import Budget, BudgetCell, BudgetPart
from koers.plan.queries.budget import totals_of
from koers.sell.tests.factories import sale

pytestmark = pytest.mark.django_db(transaction=True)
FIRST, TODAY = date(2026, 1, 1), date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def sold(cast):
    """In each month from 2025 on Ann sells 300 and Cora 100, a quarter of it contribution."""
    for seller, amount in ((cast.ann, 300), (cast.cora, 100)):
        company = CompanyFactory(name=f"Customer of {seller}", owner=seller)
        for step in range(22):
            sale(
                company,
                add_months(date(2025, 1, 2), step),
                str(amount),
                cost=str(amount * 3 // 4),
                seller=seller,
            )
    for part in ("company", "product", "person", "territory", "sbu", "target", "rate"):
        DataVersion.objects.get_or_create(part=part)
    refresh_now(today=TODAY, at=timezone.now())
    return cast


@pytest.fixture
def budget(sold):
    return make_budget(
        actor=acting(sold.tom), name="2026", division="seller", first_month=FIRST, at=NOW
    )


def spread(user, budget, rule, amount):
    return spread_budget(
        actor=acting(user), budget_id=budget.pk, rule=rule, amount=Decimal(amount), at=NOW
    )


def years(user, budget):
    return {
        each.part.label: (each.turnover, each.cost)
        for each in totals_of(actor=acting(user), budget=budget)
    }


def part_of(budget, user):
    return BudgetPart.objects.get(budget=budget, key=user.pk)


def test_an_amount_is_spread_by_what_was_sold_in_each_month_with_the_cost_of_the_part(sold, budget):
    spread(sold.tom, budget, "history", "9600.01")
    assert years(sold.tom, budget) == {
        "Ann de Boer": (Decimal("7200.01"), Decimal("5400.01")),
        "Cora Visser": (Decimal(2400), Decimal(1800)),
    }
    assert sum(BudgetCell.objects.values_list("turnover", flat=True)) == Decimal("9600.01")


def test_growth_raises_every_month_and_equally_forgets_the_past(sold, budget):
    spread(sold.tom, budget, "growth", "0.1")
    assert set(part_of(budget, sold.ann).cells.values_list("turnover", flat=True)) == {330}
    spread(sold.tom, budget, "equal", "2400")
    assert set(BudgetCell.objects.values_list("turnover", flat=True)) == {100}


def test_a_locked_month_keeps_its_amount_when_the_budget_is_spread_again(sold, budget):
    part = part_of(budget, sold.cora)
    change_part(
        actor=acting(sold.tom),
        part_id=part.pk,
        months={FIRST: MonthValue(Decimal(999), is_locked=True)},
        at=NOW,
    )
    spread(sold.tom, budget, "history", "4800")
    assert (part.cells.get(month=FIRST).turnover, part.cells.get(month=FIRST).cost) == (
        999,
        Decimal("749.25"),
    )
    assert sum(BudgetCell.objects.values_list("turnover", flat=True)) == 4800
    with pytest.raises(BudgetRefusedError):
        spread(sold.tom, budget, "history", "998")


def test_what_parts_propose_stands_beside_with_the_gap(sold, budget):
    spread(sold.tom, budget, "growth", "0")
    propose_part(
        actor=acting(sold.ann), part_id=part_of(budget, sold.ann).pk, amount=Decimal(3500), at=NOW
    )
    gaps = {each.part.label: each.gap for each in totals_of(actor=acting(sold.tom), budget=budget)}
    assert gaps == {"Ann de Boer": 100, "Cora Visser": None}
    assert years(sold.tom, budget)["Ann de Boer"][0] == 3600


def test_sellers_see_and_propose_for_their_own_part_only(sold, budget):
    assert list(years(sold.ann, budget)) == ["Ann de Boer"]
    with pytest.raises(NotFoundError):
        propose_part(
            actor=acting(sold.ann), part_id=part_of(budget, sold.cora).pk, amount=Decimal(1), at=NOW
        )
    with pytest.raises(NotAllowedError):
        propose_part(
            actor=acting(sold.sam), part_id=part_of(budget, sold.ann).pk, amount=Decimal(1), at=NOW
        )
    with pytest.raises(NotAllowedError):
        spread(sold.ann, budget, "equal", "1")


def test_a_budget_goes_from_draft_to_frozen_and_is_changed_as_a_draft_only(sold, budget):
    tom, dirk = acting(sold.tom), acting(sold.dirk)
    with pytest.raises(NotAllowedError):
        move_budget(actor=dirk, budget_id=budget.pk, step="submit", at=NOW)
    move_budget(actor=tom, budget_id=budget.pk, step="submit", at=NOW)
    with pytest.raises(BudgetRefusedError):
        spread(sold.tom, budget, "equal", "1")
    move_budget(actor=dirk, budget_id=budget.pk, step="return", at=NOW)
    spread(sold.tom, budget, "equal", "1")
    for actor, step in ((tom, "submit"), (dirk, "approve"), (dirk, "freeze")):
        budget = move_budget(actor=actor, budget_id=budget.pk, step=step, at=NOW)
    assert (budget.status, budget.decided_by_name) == ("frozen", "Dirk Mulder")
    with pytest.raises(BudgetRefusedError):
        move_budget(actor=tom, budget_id=budget.pk, step="approve", at=NOW)


def test_a_new_version_is_a_draft_with_the_same_cells(sold, budget):
    spread(sold.tom, budget, "equal", "100.01")
    copy = copy_budget(actor=acting(sold.tom), budget_id=budget.pk, name="2026 b", at=NOW)
    assert (copy.status, years(sold.tom, copy)) == (Budget.Status.DRAFT, years(sold.tom, budget))


def test_the_months_that_are_over_stand_against_budget_and_last_year(sold, budget):
    spread(sold.tom, budget, "growth", "0.5")
    ann, cora = standings_of(actor=acting(sold.tom), budget=budget, today=TODAY)
    assert (ann.actual, ann.budget, ann.gap, ann.last_year, ann.forecast) == (
        3000,
        4500,
        -1500,
        3000,
        None,
    )
    assert cora.attainment == Decimal(1000) / Decimal(1500)
    assert standings_of(actor=acting(sold.tom), budget=budget, today=FIRST) == []


def test_an_attainment_opens_with_its_parts_and_the_order_lines_behind_it(sold, budget, client):
    spread(sold.tom, budget, "growth", "0.5")
    client.force_login(sold.tom)
    page = client.get(reverse("plan:budget_figure", args=[budget.pk]), {"part": sold.ann.pk})
    panel = page.context["panel"]
    assert (panel.formula_id, panel.value, panel.parts[0][1]) == ("F2.11", "66.7%", "€3,000.00")
    assert client.get(panel.rows_url).context["page"].total == 10


def test_without_a_sale_in_the_year_before_there_is_nothing_to_budget(sold):
    with pytest.raises(BudgetRefusedError):
        make_budget(
            actor=acting(sold.tom), name="x", division="sbu", first_month=date(2020, 1, 1), at=NOW
        )


def test_the_pages_take_a_budget_from_draft_to_approval(sold, client):
    client.force_login(sold.tom)
    client.post(
        reverse("plan:budget_create"),
        {"name": "2026", "division": "seller", "first_month": "2026-01-01"},
    )
    budget = Budget.objects.get()
    client.post(reverse("plan:budget_spread", args=[budget.pk]), {"rule": "growth", "amount": "10"})
    page = client.get(reverse("plan:budget_detail", args=[budget.pk]))
    assert page.context["sum"] | {"cost": 0} == {
        "before": 4800,
        "turnover": 5280,
        "proposed": None,
        "contribution": 1320,
        "gap": None,
        "cost": 0,
    }
    refused = client.post(
        reverse("plan:budget_spread", args=[budget.pk]), {"rule": "history", "amount": "-1"}
    )
    assert (refused.status_code, list(refused.context["form"].errors)) == (400, ["amount"])
    part = part_of(budget, sold.ann)
    form = client.get(reverse("plan:budget_part", args=[part.pk])).context["form"]
    values = {each.html_name: "12.50" for _month, each, _lock in form.rows} | {
        "lock-2026-03-01": "on"
    }
    client.post(reverse("plan:budget_part", args=[part.pk]), values)
    assert list(part.cells.filter(is_locked=True).values_list("month", "turnover")) == [
        (date(2026, 3, 1), Decimal("12.5"))
    ]
    client.post(reverse("plan:budget_move", args=[budget.pk]), {"step": "submit"})
    budget.refresh_from_db()
    assert budget.status == "submitted"
