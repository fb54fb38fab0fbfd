"""Is the demo company the same every time, believable, and removable?"""

import hashlib
from datetime import date

import holidays
import pytest
from django.db import connection
from django.db.models import Count, F, Sum
from django.utils import timezone

from koers.analyse.actions.facts import refresh_now
from koers.core import audit
from koers.core.actor import Channel, system_actor
from koers.core.models import AuditEntry
from koers.customers.models import Company, CustomerClass, Phase
from koers.demo.company import NotADemoError, load_demo, remove_demo
from koers.organisation.models import BusinessUnit, Organisation, Pairing, Role, User
from koers.plan.figures.attainment import attainment_of
from koers.sell.models import Order, OrderLine

TODAY = date(2026, 11, 23)
IGNORED = {
    "core_auditentry",
    "core_dataversion",
    "django_migrations",
    "django_content_type",
    "auth_permission",
    "sqlite_sequence",
}
SMALL = 120


def load(customers=SMALL):
    return load_demo(today=TODAY, at=timezone.now(), customers=customers)


def checksums():
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(set(connection.introspection.table_names(cursor)) - IGNORED):
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608 -- the database's own table names
            columns = (
                [column.name for column in cursor.description]
                if connection.vendor == "postgresql"
                else [column[0] for column in cursor.description]
            )
            skip = {
                place
                for place, name in enumerate(columns)
                if name in {"password", "id"} or name.endswith("_id")
            }
            rows = sorted(
                repr([value for place, value in enumerate(row) if place not in skip])
                for row in cursor.fetchall()
            )
            found[table] = (len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest())
    return found


@pytest.mark.django_db
def test_the_same_seed_and_day_give_the_same_company():
    load()
    first = checksums()
    remove_demo(at=timezone.now())
    load()
    assert checksums() == first


@pytest.mark.django_db
def test_removal_leaves_the_tables_as_they_were():
    before = checksums()
    load()
    remove_demo(at=timezone.now())
    assert checksums() == before


@pytest.mark.django_db
def test_a_real_organisation_is_never_touched():
    Organisation.objects.create(name="Echt B.V.")
    with pytest.raises(NotADemoError):
        remove_demo(at=timezone.now())
    Company.objects.create(name="Echte klant")
    with pytest.raises(NotADemoError):
        load()
    assert Company.objects.count() == 1


@pytest.mark.django_db
def test_records_of_ones_own_keep_the_demo_from_being_removed():
    load()
    company = Company.objects.create(name="Zelf toegevoegd")
    audit.record(actor=system_actor(Channel.SCREEN), at=timezone.now(), verb="create", obj=company)
    with pytest.raises(NotADemoError):
        remove_demo(at=timezone.now())
    assert Company.objects.filter(pk=company.pk).exists()
    assert AuditEntry.objects.filter(verb="remove_demo").count() == 0


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
    per_company = Order.objects.values("company").annotate(
        orders=Count("id"), net=Sum("lines__net")
    )
    assert per_company.count() > 800
