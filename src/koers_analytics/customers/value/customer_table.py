"""From lines of purchases to one row per customer: frequency, recency, age and mean spend.

Rules
-----
* Purchases are counted per day: all lines of a customer on a day are one purchase.
* A purchase day has a line with a positive amount, or nothing but lines of 0. Credits and returns
  (negative amounts) never make or undo a purchase day; they lower what a customer spent on all its
  days by the same share, at most to 0. Lines known to be gifts (a price of 0) are left out before.
* ``frequency`` counts purchase days after the first. ``recency`` is the days from the first to
  the last, ``age`` the days from the first to ``as_of``; that day itself counts.
* ``monetary`` is the mean spent on a repeat purchase day, after credits; 0 without repeat purchases.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from koers_analytics.customers.value.fitting import Floats
from koers_analytics.customers.value.histories import Histories
from koers_analytics.customers.value.spend import Spending, spending_of
from koers_analytics.engines.base import Connection

# Amounts are whole ten-thousandths; a source has the columns customer, day and amount_e4. Sums of a
# sign are filtered, not chosen line by line: credits are few, and what is filtered away costs nothing.
DAY_SQL = """
  SELECT customer, day, coalesce(sum(amount_e4::DOUBLE) FILTER (amount_e4 > 0), 0) AS bought,
         coalesce(sum(amount_e4::DOUBLE) FILTER (amount_e4 < 0), 0) AS credited
  FROM {source} WHERE day <= DATE '{as_of}' GROUP BY customer, day"""

TABLE_SQL = """
  SELECT customer, (purchases - 1)::INTEGER AS frequency, date_diff('day', first_day, last_day)::INTEGER AS recency,
         date_diff('day', first_day, DATE '{as_of}')::INTEGER AS age,
         CASE WHEN purchases > 1 THEN (bought - first_bought) * least(greatest(1 + credited / greatest(bought, 1), 0), 1)
              / (purchases - 1)::DOUBLE / 10000::DOUBLE ELSE 0::DOUBLE END AS monetary,
         greatest(bought + credited, 0::DOUBLE) / 10000::DOUBLE AS spent
  FROM (SELECT customer, count(purchase) AS purchases, min(purchase) AS first_day, max(purchase) AS last_day,
               sum(bought) AS bought, arg_min(bought, purchase) AS first_bought,
               coalesce(sum(credited) FILTER (credited < 0), 0) AS credited
        FROM (SELECT *, CASE WHEN bought > 0 OR credited = 0 THEN day END AS purchase FROM ({days}))
        GROUP BY customer) AS customers
  WHERE purchases > 0"""


@dataclass(frozen=True, slots=True)
class CustomerTable:
    """One row per customer; times in days, money in the unit of the log."""

    customer: pa.ChunkedArray
    frequency: npt.NDArray[np.int32]
    recency: npt.NDArray[np.int32]
    age: npt.NDArray[np.int32]
    monetary: Floats
    spent: Floats  # everything, after credits
    as_of: date

    def __len__(self) -> int:
        """How many customers."""
        return len(self.age)

    def histories(self, unit_days: float = 7.0) -> Histories:
        """What the models of repeat buying learn from, one row per customer."""
        return Histories(
            self.frequency.astype(np.float64),
            self.recency / unit_days,
            self.age / unit_days,
            np.ones(len(self)),
            unit_days,
        )

    def spending(self) -> Spending:
        """What must be known to learn spending."""
        return spending_of(self.frequency.astype(np.float64), self.monetary, self.spent)


def table_sql(source: str, as_of: date) -> str:
    """SQL of the customer table over ``source`` (a table, or a query in brackets)."""
    days = DAY_SQL.format(source=source, as_of=as_of.isoformat())
    return TABLE_SQL.format(days=days, as_of=as_of.isoformat())


def customer_table(connection: Connection, source: str, *, as_of: date) -> CustomerTable:
    """Make the table of all customers that bought up to and including ``as_of``, by customer."""
    found = connection.sql(
        f"SELECT * FROM ({table_sql(source, as_of)}) ORDER BY customer"
    ).to_arrow_table()
    return table_of(found, as_of)


def table_of(found: pa.Table, as_of: date) -> CustomerTable:
    """The rows of ``table_sql`` as arrays."""
    return CustomerTable(
        customer=found.column("customer"),
        frequency=found.column("frequency").to_numpy(),
        recency=found.column("recency").to_numpy(),
        age=found.column("age").to_numpy(),
        monetary=found.column("monetary").to_numpy(),
        spent=found.column("spent").to_numpy(),
        as_of=as_of,
    )


@dataclass(frozen=True, slots=True)
class PurchaseTimes:
    """When customers known at ``split`` came, and when they bought again; days as ordinals."""

    first_days: npt.NDArray[np.int64]
    first_counts: Floats
    repeat_days: npt.NDArray[np.int64]
    repeat_counts: Floats
    split: date
    until: date


def purchase_times(
    connection: Connection, source: str, *, split: date, until: date
) -> PurchaseTimes:
    """Counts per day of first and repeat purchases up to ``until``, of customers known at ``split``."""
    days = DAY_SQL.format(source=source, as_of=until.isoformat())
    known = f"""WITH purchase AS MATERIALIZED (SELECT customer, day FROM ({days}) WHERE bought > 0 OR credited = 0),
        known AS (SELECT customer, min(day) AS first FROM purchase GROUP BY customer
                  HAVING min(day) <= DATE '{split.isoformat()}')"""
    found = connection.execute(
        f"""{known} SELECT day = first AS opens, date_diff('day', DATE '0001-01-01', day) + 1 AS ordinal, count(*) AS n
            FROM purchase JOIN known USING (customer) GROUP BY ALL ORDER BY ALL"""
    ).fetchnumpy()
    opens = np.asarray(found["opens"], dtype=bool)
    ordinal, count = np.asarray(found["ordinal"]), np.asarray(found["n"], dtype=np.float64)
    return PurchaseTimes(ordinal[opens], count[opens], ordinal[~opens], count[~opens], split, until)
