"""Does the month on one page tell the same on screen, on paper and in the workbook?"""

import io
import re
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from koers.analyse.actions.facts import refresh_now
from koers.control.figures.month_report import month_report
from koers.core.models import DataVersion
from koers.customers.tests.factories import CompanyFactory
from koers.organisation.tests.cast import acting
from koers.plan.models import Budget
from koers.plan.tests.factories import TargetFactory
from koers.sell.tests.factories import sale

pytestmark = pytest.mark.django_db(transaction=True)
MONTH, TODAY = date(2026, 10, 1), date(2026, 11, 23)


@pytest.fixture
def sold(cast):
    """October: 900 against 600 a year before; the year so far 1,000 against 600."""
    company = CompanyFactory(name="Maas", owner=cast.ann)
    for day, net, cost in (
        (date(2025, 10, 5), "600", "300"),
        (date(2026, 3, 5), "100", "80"),
        (date(2026, 10, 5), "900", "630"),
    ):
        sale(company, day, net, cost=cost, seller=cast.ann)
    TargetFactory(
        person=cast.ann,
        period_start=date(2026, 7, 1),
        period_end=date(2027, 1, 1),
        amount=Decimal(1200),
        currency="EUR",
    )
    budget = Budget.objects.create(
        name="B",
        division="seller",
        first_month=date(2026, 1, 1),
        currency="EUR",
        status="approved",
        made_at=timezone.now(),
        made_by_name="Tom",
    )
    part = budget.parts.create(key=cast.ann.pk, label="Ann", cost_share="0.5")
    for month, amount in ((date(2026, 1, 1), 800), (date(2026, 11, 1), 5000)):
        part.cells.create(month=month, turnover=amount)
    for name in ("company", "product", "person", "territory", "sbu", "target", "rate"):
        DataVersion.objects.get_or_create(part=name)
    refresh_now(today=TODAY, at=timezone.now())
    return cast


def test_the_report_holds_month_year_goals_effects_and_movers(sold):
    found = month_report(actor=acting(sold.dirk), month=MONTH, today=TODAY)
    assert [(each.turnover, each.before, each.change) for each in found.sold] == [
        (900, 600, Decimal("0.5")),
        (1000, 600, Decimal(400) / Decimal(600)),
    ]
    assert [(each.name or each.label, each.goal, each.actual) for each in found.goals] == [
        ("target", 1200, 900),
        ("B", 800, 1000),
    ]
    assert sum(found.effects.values()) == 300
    assert [(each.name, each.before, each.after) for each in found.movers] == [("Maas", 600, 1000)]


def test_the_page_and_the_workbook_tell_the_same(sold, client):
    client.force_login(sold.dirk)
    url = reverse("control:month_report")
    tables = client.get(url, {"month": "2026-10"}).context["tables"]
    content = client.get(url, {"month": "2026-10", "file": "xlsx"}).content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    shown = [cell.value for table in tables for row in table.rows for cell in row[1:]]
    assert [row[3] for row in rows[1:]] == [
        "" if value is None else pytest.approx(float(value)) for value in shown
    ]
    assert [row[0] for row in rows[1:]] == [
        table.title for table in tables for row in table.rows for _cell in row[1:]
    ]


def test_the_paper_is_one_page(sold, client):
    client.force_login(sold.dirk)
    answer = client.get(reverse("control:month_report"), {"month": "2026-10", "file": "pdf"})
    assert (answer.status_code, answer["Content-Type"], answer.content[:5]) == (
        200,
        "application/pdf",
        b"%PDF-",
    )
    assert re.findall(rb"/Count (\d+)", answer.content) == [b"1"]


def test_a_month_that_is_none_is_refused(sold, client):
    client.force_login(sold.dirk)
    assert client.get(reverse("control:month_report"), {"month": "moon"}).status_code == 400
