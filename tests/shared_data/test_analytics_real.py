"""Does attainment over AdventureWorks' own quota dates give the shares that are known of it?"""

import csv
import gzip
import io
from datetime import date
from decimal import Decimal

import pytest
from tests.beside import beside

from koers_analytics.economics.turnover import Dimension, turnover
from koers_analytics.economics.variance import Effect, Measure, variance
from koers_analytics.filters import FactFilter
from koers_analytics.planning.attainment import Scope, attainment
from koers_analytics.tests.world import company, facts

KNOWN = [Decimal(text) for text in ("82.2", "86.6", "85.7", "82.0", "84.3", "81.4", "89.1", "83.8")]
LAST = date(2012, 12, 28)
pytestmark = pytest.mark.shared_data


@pytest.fixture(scope="module")
def folder():
    return beside("adventureworks")


def read(path):
    text = gzip.decompress(path.read_bytes()).decode("utf-8-sig", "replace")
    return list(csv.DictReader(io.StringIO(text)))


def day(text):
    return date.fromisoformat(text[:10])


def e4(text):
    return int(Decimal(text).quantize(Decimal("0.0001")).scaleb(4))


@pytest.fixture(scope="module")
def real(folder, tmp_path_factory):
    orders: dict[str, int] = {}
    lines = []
    for number, row in enumerate(read(folder / "FactResellerSales.csv.gz")):
        order_id = orders.setdefault(row["SalesOrderNumber"], len(orders) + 1)
        lines.append({
            "line_id": number, "order_id": order_id, "product_id": int(row["ProductKey"]), "order_number": row["SalesOrderNumber"], "order_date": day(row["OrderDate"]),
            "company_id": int(row["ResellerKey"]), "seller_id": int(row["EmployeeKey"]), "kind": "goods", "is_credit": False,
            "quantity_e4": int(row["OrderQuantity"]) * 10_000, "net_e4": e4(row["SalesAmount"]), "list_e4": e4(row["SalesAmount"]),
            "discount_e4": 0, "cost_e4": e4(row["TotalProductCost"]), "currency": "EUR",
        })  # fmt: skip
    quotas = read(folder / "FactSalesQuota.csv.gz")
    dates = sorted({day(row["Date"]) for row in quotas})
    ends = dict(zip(dates, [*dates[1:], LAST], strict=True))
    targets = [
        {"target_id": i, "person_id": int(row["EmployeeKey"]), "period_start": day(row["Date"]), "period_end": ends[day(row["Date"])],
         "amount_e4": e4(row["SalesAmountQuota"]), "currency": "EUR"}
        for i, row in enumerate(quotas) if ends[day(row["Date"])] > day(row["Date"])
    ]  # fmt: skip
    companies = [company(key) for key in {row["company_id"] for row in lines}]
    return facts(tmp_path_factory.mktemp("facts"), lines, company=companies, target=targets)


def test_attainment_from_quota_date_to_quota_date_is_as_known(real):
    found = attainment(real, FactFilter(), today=LAST)[: len(KNOWN)]
    assert [round(each.share * 100, 1) for each in found] == KNOWN


def test_the_sellers_of_a_period_add_up_to_its_total(real):
    for total in attainment(real, FactFilter(), today=LAST):
        parts = [each for each in attainment(real, FactFilter(), today=LAST, by=Scope.SELLER) if each.period_start == total.period_start]  # fmt: skip
        assert sum(each.target for each in parts) == total.target
        assert sum(each.actual for each in parts) <= total.actual


@pytest.mark.parametrize("measure", list(Measure))
@pytest.mark.parametrize("by", [Dimension.SELLER, Dimension.COMPANY, None])
def test_why_a_year_differs_from_the_one_before_adds_up_to_the_cent(real, measure, by):
    before = FactFilter(start=date(2011, 1, 1), end=date(2012, 1, 1))
    after = FactFilter(start=date(2012, 1, 1), end=date(2013, 1, 1))
    found = variance(real, before, after, by=by, measure=measure)
    ends = [turnover(real, flt).total for flt in (before, after)]
    known = [end.turnover if measure is Measure.TURNOVER else end.contribution for end in ends]
    assert [found.total.before, found.total.after] == known
    assert sum(found.total.effects.values()) == known[1] - known[0]
    for name in Effect:
        assert sum(row.effects[name] for row in found.rows) == found.total.effects[name]
