"""Does low health tell beforehand who will not buy? Measured on purchases it had not seen, beside plain silence."""

from datetime import date, timedelta

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from scipy.stats import rankdata
from tests.beside import SHARED, beside

from koers_analytics.customers.health import SIGNALS, HealthRules, health_table
from koers_analytics.customers.value.valuation import valuation
from koers_analytics.tables import SMALL_TABLES, empty_select

ONLINE_RETAIL = SHARED / "online_retail" / "online_retail.csv.gz"
RESELLERS = SHARED / "adventureworks" / "FactResellerSales.csv.gz"
SOURCE = "(SELECT company_id AS customer, order_date AS day, net_e4 AS amount_e4 FROM order_line WHERE list_e4 <> 0)"  # fmt: skip
READ = {
    ONLINE_RETAIL: """SELECT CustomerID::DOUBLE::BIGINT AS company_id, InvoiceDate::DATE AS order_date, UnitPrice::DOUBLE AS price,
        UnitPrice::DOUBLE * Quantity::DOUBLE AS net FROM read_csv('{}', all_varchar = true) WHERE CustomerID <> ''""",
    RESELLERS: """SELECT ResellerKey AS company_id, OrderDate::DATE AS order_date, SalesAmount AS price, SalesAmount AS net
        FROM read_csv('{}')""",
}  # fmt: skip
HORIZON = timedelta(days=90)

pytestmark = pytest.mark.shared_data


def sold(path):
    beside(path.relative_to(SHARED))
    connection = duckdb.connect()
    connection.execute(
        f"""CREATE TABLE order_line AS SELECT company_id::BIGINT AS company_id, order_date, round(net * 10000)::BIGINT AS net_e4,
                   round(price * 10000)::BIGINT AS list_e4, NULL::BIGINT AS cost_e4, 0::BIGINT AS discount_e4, 'goods' AS kind,
                   NULL::BIGINT AS product_id FROM ({READ[path].format(path)})"""  # noqa: S608 -- a path of this test
    )
    for name, columns in SMALL_TABLES.items():
        if name != "customer_value":
            connection.execute(f"CREATE VIEW {name} AS {empty_select(columns)}")
    return connection


def area(gone, score):
    """Chance that a customer that did not buy stands before one that did (AUC), ties counted half."""
    place, lost = rankdata(score)[gone].sum(), int(gone.sum())
    return float((place - lost * (lost + 1) / 2) / (lost * (len(gone) - lost)))


def told(path, cut):
    """Over customers with a score: how many, how many did not buy in the 90 days after, and each area."""
    connection = sold(path)
    connection.register("customer_value", valuation(connection.cursor(), SOURCE, as_of=cut).customers)  # fmt: skip
    types = {"int64": pa.int64(), "string": pa.string(), "date32": pa.date32()}
    nothing = pa.table({name: pa.array([], types[kind]) for name, kind in SIGNALS.items()})
    connection.register("health", health_table(connection, SOURCE, nothing, as_of=cut, rules=HealthRules()))  # fmt: skip
    found = connection.execute(
        f"""SELECT h.score, h.silent, h.p_alive, h.trend IS NOT NULL AS has_trend, b.company_id IS NULL AS gone
            FROM health h LEFT JOIN (SELECT DISTINCT company_id FROM order_line WHERE net_e4 > 0 AND order_date > DATE '{cut}'
              AND order_date <= DATE '{cut + HORIZON}') b USING (company_id) WHERE h.score IS NOT NULL"""  # noqa: S608 -- days of this test
    ).fetchnumpy()
    gone = np.asarray(found["gone"], dtype=bool)
    areas = area(gone, -found["score"]), area(gone, found["silent"]), area(gone, -found["p_alive"])
    return (len(gone), int(gone.sum()), int(found["has_trend"].sum())), areas


def test_where_only_silence_is_known_health_tells_less_than_days_of_silence_on_online_retail():
    counts, (health, silence, model) = told(ONLINE_RETAIL, date(2011, 6, 2))
    assert counts == (766, 152, 0)
    assert [health, silence, model] == pytest.approx([0.580, 0.620, 0.555], abs=0.002)


def test_with_a_trend_beside_it_health_tells_more_than_silence_on_resellers():
    counts, (health, silence, model) = told(RESELLERS, date(2012, 8, 30))
    assert counts == (356, 85, 110)
    assert [health, silence, model] == pytest.approx([0.856, 0.845, 0.843], abs=0.002)
