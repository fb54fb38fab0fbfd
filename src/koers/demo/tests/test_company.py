"""Is the demo company the same every time, and believable?"""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import holidays
import pytest
from django.db.models import Count, F, Max, Min, Sum
from django.utils import timezone

from koers.analyse.actions.facts import refresh_now
from koers.catalogue.models import Product, ProductCost
from koers.core.actor import Channel, system_actor
from koers.customers.models import Company, CustomerClass, Phase
from koers.demo.company import load_demo
from koers.demo.range import SLIPPING_UNIT
from koers.demo.removal import remove_demo
from koers.demo.tests.natural import checksums
from koers.organisation.models import BusinessUnit, Pairing, Role, User
from koers.plan.figures.attainment import attainment_of
from koers.plan.models import Target
from koers.sell.models import Order, OrderLine

TODAY = date(2026, 11, 23)
SMALL = 120


def load(customers=SMALL, today=TODAY):
    return load_demo(today=today, at=timezone.now(), customers=customers)


@pytest.mark.django_db
def test_the_same_seed_and_day_give_the_same_company():
    load()
    first = checksums()
    remove_demo(at=timezone.now())
    load()
    assert checksums() == first


@pytest.mark.django_db
def test_order_numbers_have_no_gaps_and_orders_stand_on_working_days():
    load()
    free = holidays.country_holidays("NL", years=range(2023, 2027))
    by_year: dict[int, list[int]] = {}
    for number, day in Order.objects.values_list("number", "ordered_on"):
        year, serial = number.split("-")
        assert int(year) == day.year
        assert day.weekday() < 5 and day not in free and day < TODAY
        by_year.setdefault(day.year, []).append(int(serial))
    assert sorted(by_year) == [2023, 2024, 2025, 2026]
    for serials in by_year.values():
        assert sorted(serials) == list(range(1, len(serials) + 1))


@pytest.mark.django_db
def test_a_credit_note_is_negative_and_tied_to_an_order_of_the_same_customer():
    load()
    notes = Order.objects.filter(is_credit=True)
    assert notes.count() > 10
    assert notes.filter(credit_of=None).count() == 0
    assert notes.exclude(company_id=F("credit_of__company_id")).count() == 0
    assert OrderLine.objects.filter(order__is_credit=True, net__gt=0).count() == 0


@pytest.mark.django_db
def test_the_team_has_fourteen_sellers_three_units_and_one_unpaired_account_manager():
    load()
    sellers = User.objects.filter(role__in=[Role.ACCOUNT_MANAGER, Role.SALESPERSON])
    assert sellers.count() == 14
    assert BusinessUnit.objects.count() == 3
    managers = User.objects.filter(role=Role.ACCOUNT_MANAGER)
    assert managers.exclude(pk__in=Pairing.objects.values("account_manager")).count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_every_class_and_phase_is_there_and_few_customers_bring_much():
    load(customers=900)
    refresh_now(today=TODAY, at=timezone.now())
    assert set(Company.objects.values_list("customer_class", flat=True)) == set(
        CustomerClass.values
    )
    assert set(Company.objects.values_list("phase", flat=True)) == set(Phase.values)
    turnovers = sorted(
        Company.objects.exclude(turnover_12m=0).values_list("turnover_12m", flat=True), reverse=True
    )
    top = sum(turnovers[: len(turnovers) // 5]) / sum(turnovers)
    assert 0.65 < top < 0.9
    actor = system_actor(Channel.COMMAND)
    finished = [row for row in attainment_of(actor=actor, today=TODAY) if row.period_end <= TODAY]
    assert len(finished) == 11
    assert all(0.75 < row.share < 1.2 for row in finished)
    for scope, count in (("territory", 4), ("group", 11)):
        rows = [
            row
            for row in attainment_of(actor=actor, today=TODAY, by=scope)
            if row.period_end <= TODAY
        ]
        assert len(rows) == 11 * count
        in_reach = [row for row in rows if 0.6 < row.share < 1.5]
        assert len(in_reach) > 0.9 * len(rows)
    per_company = Order.objects.values("company").annotate(
        orders=Count("id"), net=Sum("lines__net")
    )
    assert per_company.count() > 800


@pytest.mark.django_db
@pytest.mark.parametrize("today", [TODAY, date(2026, 3, 31), date(2027, 7, 1)])
def test_every_line_costs_what_its_product_cost_on_that_day(today):
    load(customers=40, today=today)
    dated = {}
    for product, valid_from, cost in ProductCost.objects.order_by("valid_from").values_list(
        "product_id", "valid_from", "cost"
    ):
        dated.setdefault(product, []).append((valid_from, cost))
    checked = slipped = 0
    for line in OrderLine.objects.filter(is_fee=False).select_related("order", "product__group"):
        valid = [pair for pair in dated[line.product_id] if pair[0] <= line.order.ordered_on]
        assert line.cost == valid[-1][1] * line.quantity
        checked += 1
        slipped += valid[-1][0].month != 1
    assert checked > 500
    assert slipped > 10


@pytest.mark.django_db
def test_costs_of_the_slipping_unit_rise_nine_per_cent_at_once():
    load(customers=1)
    rises = Counter()
    for product in Product.objects.exclude(group=None).select_related("group__parent"):
        costs = list(product.costs.order_by("valid_from").values_list("valid_from", "cost"))
        jumps = [
            day for (_, before), (day, after) in zip(costs, costs[1:], strict=False)
            if Decimal("1.085") < after / before < Decimal("1.095")
        ]  # fmt: skip
        rises[product.group.parent.name, tuple(jumps)] += 1
        assert product.list_price > costs[-1][1]
    assert {(unit, days) for unit, days in rises if days} == {
        (SLIPPING_UNIT, (date(2026, 6, 1),)),
    }
    assert {unit for unit, days in rises if not days} == {"Keukentechniek", "Service"}


@pytest.mark.django_db
def test_list_prices_change_on_new_years_day_and_the_last_is_that_of_the_product():
    load(customers=40)
    per_year = (
        OrderLine.objects.filter(is_fee=False)
        .values("product", year=F("order__ordered_on__year"))
        .annotate(low=Min("list_price"), high=Max("list_price"))
    )
    assert all(row["low"] == row["high"] for row in per_year)
    this_year = OrderLine.objects.filter(is_fee=False, order__ordered_on__year=2026)
    assert this_year.exclude(list_price=F("product__list_price")).count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("today", [date(2026, 11, 2), date(2027, 1, 2), date(2027, 5, 1)])
def test_a_month_that_has_no_working_day_yet_has_no_orders(today):
    load(customers=60, today=today)
    free = holidays.country_holidays("NL", years=range(2023, 2028))
    days = set(Order.objects.values_list("ordered_on", flat=True))
    assert [day for day in days if day.weekday() >= 5 or day in free or day >= today] == []
    assert max(days) >= today - timedelta(days=5)


@pytest.mark.django_db
def test_some_customers_leave_for_over_a_year_and_come_back():
    load(customers=300)
    returned = 0
    for company in Company.objects.exclude(customer_since=None):
        days = sorted(set(company.orders.filter(is_credit=False).values_list("ordered_on", flat=True)))  # fmt: skip
        gaps = [later - day for day, later in zip(days, days[1:], strict=False)]
        returned += any(gap >= timedelta(days=365) for gap in gaps)
    assert 8 < returned < 40


@pytest.mark.django_db
def test_some_companies_are_groups_with_subsidiaries_in_the_same_trade():
    load(customers=600)
    heads = Company.objects.annotate(below=Count("subsidiaries")).filter(below__gt=0)
    assert heads.count() > 5
    assert heads.aggregate(most=Max("below"))["most"] <= 6
    assert heads.exclude(parent=None).count() == 0
    below = Company.objects.exclude(parent=None)
    assert below.exclude(segment=F("parent__segment")).count() == 0
    assert below.count() > 20
    names = list(Company.objects.values_list("name", flat=True))
    assert len(names) == len(set(names))


@pytest.mark.django_db
def test_targets_of_rayons_and_product_groups_follow_what_is_sold_there():
    load(customers=300)
    for scope, sold_by in (
        ({"territory__isnull": False}, "territory__children"),
        ({"product_group__isnull": False}, None),
    ):
        wanted = Target.objects.filter(period_end__lte=TODAY, **scope)
        assert wanted.count() > 40
        near = 0
        for target in wanted:
            lines = OrderLine.objects.filter(
                is_fee=False,
                order__ordered_on__gte=target.period_start,
                order__ordered_on__lt=target.period_end,
            )
            lines = (
                lines.filter(order__territory__parent=target.territory)
                if sold_by
                else lines.filter(product__group=target.product_group)
            )
            sold = lines.aggregate(net=Sum("net"))["net"] or 0
            near += abs(sold - target.amount) <= max(target.amount * Decimal("0.4"), 30_000)
        assert near > 0.85 * wanted.count()
