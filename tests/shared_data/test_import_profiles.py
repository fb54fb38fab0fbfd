"""Do the ready profiles bring in the real data sets whole, once, and out again?"""

import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.db.models import Count, Sum
from django.utils import timezone
from tests.beside import beside

from koers.analyse.actions.facts import refresh_now
from koers.catalogue.models import Product
from koers.control.figures.selling import win_rates_of
from koers.control.figures.win_probability import learned_from
from koers.core.actor import Channel, system_actor
from koers.core.models import ImportRun
from koers.customers.models import Company
from koers.home.actions.import_execution import revert_import
from koers.home.actions.import_summary import Choices
from koers.home.actions.importing import run_import
from koers.organisation.models import Team, Territory, User
from koers.plan.figures.attainment import attainment_of
from koers.plan.models import Target
from koers.sell.models import Opportunity, Order, OrderLine

LOG = {
    "core_auditentry", "core_importrun", "core_importrejection", "core_importchange", "core_sourcesystem", "core_dataversion", "core_cache",
    "core_job", "django_migrations", "django_content_type", "auth_permission", "sqlite_sequence", "django_session",
}  # fmt: skip
pytestmark = [pytest.mark.shared_data, pytest.mark.slow]
ME = system_actor(Channel.COMMAND)


def bring_in(profile, **choices):
    summary = run_import(
        actor=ME,
        at=timezone.now(),
        files=[beside(profile)],
        profile=profile,
        choices=Choices(**choices),
    )
    return {step.kind: step for step in summary.steps}


def checksums():
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(set(connection.introspection.table_names(cursor)) - LOG):
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608 -- the database's own table names
            rows = sorted(repr(row) for row in cursor.fetchall())
            found[table] = (len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest())
    return found


@pytest.mark.django_db(transaction=True)
def test_adventureworks_comes_in_whole_once_and_out_again():
    before = checksums()
    first = bring_in("adventureworks")
    assert {kind: (step.created, step.updated, step.unchanged, step.rejected) for kind, step in first.items()} == {
        "territories": (11, 0, 0, 0), "people": (18, 0, 0, 0), "products": (504, 102, 0, 0), "companies": (701, 0, 0, 0),
        "orders": (30129, 0, 0, 0), "targets": (95, 0, 0, 0),
    }  # fmt: skip
    assert (Order.objects.count(), Company.objects.filter(owner=None).count()) == (
        1994,
        701 - first["orders"].notes["assign_owners"],
    )
    assert Team.objects.filter(lead__full_name="Stephen Jiang").exists()
    assert Territory.objects.get(name="Northwest").parent.parent.name == "North America"
    refresh_now(today=date(2012, 12, 1), at=timezone.now())
    shares = [round(row.share * 100, 1) for row in attainment_of(actor=ME, today=date(2012, 12, 1))]
    assert shares == [
        Decimal(text) for text in ("82.2", "86.6", "85.7", "82.0", "84.3", "81.4", "89.1", "83.8")
    ]
    after = checksums()
    second = bring_in("adventureworks")
    assert {
        kind: (step.created, step.updated, step.rejected) for kind, step in second.items()
    } == dict.fromkeys(first, (0, 0, 0))
    assert second["orders"].unchanged == 30129
    assert checksums() == after
    for run in ImportRun.objects.filter(kind="territories").order_by("-pk"):
        revert_import(actor=ME, run_id=run.pk, at=timezone.now())
    restored = checksums()
    changed = {table for table in before if restored[table] != before[table]} - {
        "analyse_phaseinterval",
        "analyse_classchange",
    }
    assert changed == set()
    assert (Company.objects.count(), User.objects.count(), Target.objects.count()) == (0, 0, 0)


@pytest.mark.django_db(transaction=True)
def test_online_retail_keeps_credits_fees_twins_and_lines_without_a_customer():
    first = bring_in("online_retail")["orders"]
    assert (first.created, first.rejected) == (320705, 0)
    assert first.notes == {
        "company_created_on_the_way": 3360, "product_created_on_the_way": 3680, "orders_created": 16459, "credit_notes": 2554,
        "lines_equal_to_another_of_the_order": 2484, "tie_credits": 1989,
    }  # fmt: skip
    lines = OrderLine.objects.all()
    assert lines.filter(order__company=None).count() == 88652
    assert lines.filter(order__is_credit=True).count() == 5847
    fees = lines.filter(is_fee=True).values_list("product__code").annotate(n=Count("pk"))
    assert dict(fees) == {
        "POST": 750, "DOT": 556, "M": 367, "C2": 84, "S": 55, "D": 54, "AMAZONFEE": 25, "BANK CHARGES": 23, "B": 3, "PADS": 2,
        "CRUK": 1,
    }  # fmt: skip
    assert lines.filter(list_price=0).count() == 1797
    sold = lines.filter(quantity__gt=0, list_price__gt=0).exclude(order__company=None)
    assert sold.values("order__company").distinct().count() == 3317
    assert (Product.objects.count(), Order.objects.filter(is_credit=True).count()) == (3680, 2554)
    after = checksums()
    second = bring_in("online_retail")["orders"]
    assert checksums() == after
    assert (second.created, second.updated, second.unchanged, second.rejected) == (0, 0, 320705, 0)


@pytest.mark.django_db
def test_superstore_gives_its_known_sales_and_profit():
    bring_in("superstore")
    total = OrderLine.objects.aggregate(net=Sum("net"), cost=Sum("cost"))
    assert total["net"].quantize(Decimal("0.01")) == Decimal("2297200.86")
    assert (total["net"] - total["cost"]).quantize(Decimal("0.01")) == Decimal("286397.02")


@pytest.mark.django_db
def test_maven_crm_mends_the_misspelt_product_and_reports_deals_without_an_account():
    steps = bring_in("maven_crm")
    assert (steps["people"].created, steps["companies"].created, steps["companies"].rejected) == (
        35,
        85,
        0,
    )
    deals = steps["opportunities"]
    assert (deals.created, deals.rejected) == (8800, 0)
    assert deals.notes["opportunities_without_company"] == 1425
    assert deals.notes["product_matched_by_similar_name"] == 1
    won, lost = (
        Opportunity.objects.filter(stage_kind="won"),
        Opportunity.objects.filter(stage_kind="lost"),
    )
    assert won.aggregate(total=Sum("amount"))["total"] == Decimal(10005534)
    assert round(Decimal(won.count()) / (won.count() + lost.count()) * 100, 2) == Decimal("63.15")
    rates = win_rates_of(actor=ME, period=None, by="product")
    assert (rates.total.won, rates.total.decided, len(rates.rows)) == (4238, 6711, 7)
    assert [row.label for row in rates.rows if row.differs] == []
    assert [row.label for row in rates.rows if row.is_few] == ["GTK 500"]
    learned = learned_from(actor=ME)
    assert (learned.verdict, learned.learned_from, learned.judged_on) == ("no signal", 5032, 1679)
    assert 0.45 < learned.auc_interval.low < 0.5 < learned.auc_interval.high < 0.57
    assert "amount" in [each.column for each in learned.excluded]
    assert learned.chances == {}


@pytest.mark.django_db
def test_a_rehearsal_writes_nothing():
    before = checksums()
    steps = bring_in("adventureworks", dry_run=True)
    assert steps["orders"].created == 30129
    assert checksums() == before
    assert ImportRun.objects.count() == 0


@pytest.mark.django_db
def test_a_rehearsal_that_is_refused_leaves_no_import_behind(tmp_path, monkeypatch):
    path = tmp_path / "companies.csv"
    path.write_text("name;city\nVan Dam;Breda\n")
    monkeypatch.setattr("koers.core.imports.engine.read_chunks", _broken)
    with pytest.raises(OSError, match="disk"):
        run_import(
            actor=ME,
            at=timezone.now(),
            kind="companies",
            files=[path],
            choices=Choices(dry_run=True),
        )
    assert ImportRun.objects.count() == 0


def _broken(*args, **kwargs):
    raise OSError("the disk is gone")


def start_import(data_dir, *more):
    command = [sys.executable, "-m", "koers.config", "import", *more]
    return subprocess.Popen(
        command,
        env={**os.environ, "KOERS_DATA_DIR": str(data_dir), "KOERS_DATABASE_URL": ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def run_koers(data_dir, *words):
    env = {**os.environ, "KOERS_DATA_DIR": str(data_dir), "KOERS_DATABASE_URL": ""}
    return subprocess.run(
        [sys.executable, "-m", "koers.config", *words],
        env=env,
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def sql(data_dir, query):
    import sqlite3

    with sqlite3.connect(Path(data_dir) / "koers.sqlite3") as con:
        return con.execute(query).fetchall()


ROWS, KILLS, EARLY_KILLS = 80_000, 6, 2
COMPANIES = "SELECT name, version FROM customers_company ORDER BY 1"
PRODUCTS = "SELECT code, name, version FROM catalogue_product ORDER BY 1"
LINES = "SELECT o.number, o.ordered_on, l.position, l.quantity, l.net, l.discount, l.fingerprint FROM sell_orderline l JOIN sell_order o ON o.id = l.order_id ORDER BY 1, 3"


def wait_for_progress(data_dir, child, *, beyond):
    """Wait until a chunk more is in; the import must not be over by then."""
    while sql(data_dir, "SELECT coalesce(max(cursor), 0) FROM core_importrun")[0][0] <= beyond:
        assert child.poll() is None
        time.sleep(0.02)


def test_a_killed_import_goes_on_where_it_was_and_ends_like_one_left_alone(tmp_path):
    """SIGKILL at moments spread over the run; after each the cursor equals the lines in the table."""
    file = tmp_path / "orders.csv"
    with file.open("w") as out:
        out.write("order number;order date;customer;product;quantity;price\n")
        for row in range(ROWS):
            out.write(
                f"N{row // 4};{1 + row % 28:02d}-{1 + row % 12:02d}-2024;K{row % 700};P{row % 90};{1 + row % 5};{row % 97},{row % 10}0\n"
            )
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    for place in (whole, cut):
        place.mkdir()
        run_koers(place, "migrate", "--quiet", "--no-static")
    started = time.perf_counter()
    run_koers(whole, "import", "orders", str(file), "--no-facts")
    duration = time.perf_counter() - started
    dice, cursors = random.Random(7), []
    child = start_import(cut, "orders", str(file), "--no-facts")
    while len(cursors) < KILLS:
        if len(cursors) >= EARLY_KILLS:
            wait_for_progress(cut, child, beyond=cursors[-1])
        time.sleep(dice.uniform(0, 0.05) * duration)
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        runs = sql(cut, "SELECT id, cursor, status FROM core_importrun ORDER BY id DESC LIMIT 1")
        run_id, cursor, status = runs[0] if runs else (0, 0, "")
        cursors.append(cursor)
        assert sql(cut, "SELECT count(*) FROM sell_orderline") == [(cursor,)]
        more = ("--resume", str(run_id)) if status == "running" else ("orders", str(file))
        child = start_import(cut, *more, "--no-facts")
    out, errors = child.communicate()
    assert (child.returncode, errors) == (0, b""), out
    assert len({cursor for cursor in cursors if 0 < cursor < ROWS}) >= KILLS - EARLY_KILLS - 1
    assert sql(cut, "SELECT count(*), max(status) FROM core_importrun WHERE status != 'draft'") == [
        (1, "done")
    ]
    for query in (LINES, COMPANIES, PRODUCTS):
        assert sql(cut, query) == sql(whole, query)
