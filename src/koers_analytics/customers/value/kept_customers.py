"""What comes back of a customer table that stays in the engine: groups for the models, not customers?

Customers with equal (frequency, recency, age) are one group: how many, and what they spent together.
Spending itself is learned from distinct (frequency, mean spent) with their counts; above
``EXACT_SPENDERS`` customers, means within one step of 1 % are together as their geometric mean. The
log-likelihood bends so little over a step that parameters move by less than 1e-4 of themselves.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from koers_analytics.customers.value.customer_table import (
    DAY_SQL,
    CustomerTable,
    table_of,
    table_sql,
)
from koers_analytics.customers.value.fitting import Floats
from koers_analytics.customers.value.histories import Histories
from koers_analytics.customers.value.spend import Spending, cap_of
from koers_analytics.engines.base import Connection
from koers_analytics.engines.kept import kept

EXACT_SPENDERS = 20_000
STEP = 0.01  # of the logarithm of an amount

TOTALS_SQL = """
  SELECT count(*) FILTER (frequency > 0 AND monetary > 0) AS spenders, sum(spent)::DOUBLE AS spent,
         sum(frequency + 1)::DOUBLE AS purchases,
         median(CASE WHEN monetary > 0 THEN ln(monetary) END) AS middle
  FROM {name}"""
DEVIATION_SQL = """
  SELECT median(abs(ln(monetary) - {middle})) AS deviation FROM {name} WHERE monetary > 0"""
GIANTS_SQL = "SELECT count(*) AS giants FROM {name} WHERE monetary > {cap}"
SPENDERS_SQL = """
  SELECT frequency, {mean} AS monetary, count(*)::DOUBLE AS customers
  FROM (SELECT frequency, least(monetary, {cap}) AS capped FROM {name} WHERE frequency > 0 AND monetary > 0)
  GROUP BY frequency, {step}"""
GROUPS_SQL = """
  SELECT frequency, recency, age, count(*)::INTEGER AS customers,
         count(*) FILTER (frequency > 0 AND monetary > 0)::INTEGER AS spenders,
         sum(CASE WHEN frequency > 0 AND monetary > 0 THEN least(monetary, {cap}) ELSE 0 END)::DOUBLE AS spent
  FROM {name} GROUP BY frequency, recency, age"""
LATER_SQL = """
  SELECT frequency, recency, age, coalesce(later, 0)::INTEGER AS later, count(*)::INTEGER AS customers
  FROM {name} LEFT JOIN
       (SELECT customer, count(*) AS later FROM ({days})
        WHERE (bought > 0 OR credited = 0) AND day > DATE '{as_of}' GROUP BY customer) AS l USING (customer)
  GROUP BY ALL"""


@dataclass(frozen=True, slots=True)
class CustomerGroups:
    """Groups of equal histories, in order; times in days, money in the unit of the log."""

    frequency: npt.NDArray[np.int32]
    recency: npt.NDArray[np.int32]
    age: npt.NDArray[np.int32]
    customers: Floats
    spenders: Floats  # those with a mean spent above 0
    spent: Floats  # their means added up, each at most the cap
    as_of: date

    def histories(self, unit_days: float = 7.0) -> Histories:
        """What the models of repeat buying learn from."""
        return _histories(self, self.customers, unit_days)


@dataclass(frozen=True, slots=True)
class LaterGroups:
    """Groups of equal histories that also bought equally often afterwards."""

    frequency: npt.NDArray[np.int32]
    recency: npt.NDArray[np.int32]
    age: npt.NDArray[np.int32]
    later: Floats  # purchase days after the day of measuring
    customers: Floats

    def histories(self, unit_days: float = 7.0) -> Histories:
        """Groups as the models know them; the same history may stand in several rows."""
        return _histories(self, self.customers, unit_days)


@dataclass(frozen=True, slots=True)
class KeptCustomers:
    """A customer table in the engine, known by a name."""

    connection: Connection
    name: str
    as_of: date

    def table(self) -> CustomerTable:
        """All customers, one row each, by customer."""
        found = self.connection.sql(f"SELECT * FROM {self.name} ORDER BY customer")
        return table_of(found.to_arrow_table(), self.as_of)

    def spending(self) -> Spending:
        """What must be known to learn spending."""
        totals = self._row(TOTALS_SQL)
        purchases = float(totals["purchases"] or 0)
        mean = float(totals["spent"]) / purchases if purchases else 0.0
        if totals["middle"] is None:
            nobody = np.zeros(0)
            return Spending(nobody, nobody, nobody, float("inf"), 0, mean)
        middle = float(totals["middle"])
        deviation = float(self._row(DEVIATION_SQL, middle=_double(middle))["deviation"])
        cap = cap_of(middle, deviation)
        giants = int(self._row(GIANTS_SQL, cap=_double(cap))["giants"])
        exact = totals["spenders"] <= EXACT_SPENDERS
        rows = self._rows(
            SPENDERS_SQL, cap=_double(cap),
            mean="capped" if exact else "exp(avg(ln(capped)))",
            step="capped" if exact else f"floor(ln(capped) / {_double(STEP)})",
        )  # fmt: skip
        frequency, monetary, customers = (
            _floats(rows, name) for name in ("frequency", "monetary", "customers")
        )
        return Spending(frequency, monetary, customers, cap, giants, mean)

    def groups(self, cap: float) -> CustomerGroups:
        """Equal histories together, and what they spent with each customer's mean at most ``cap``."""
        highest = _double(cap) if np.isfinite(cap) else "monetary"
        rows = self._rows(GROUPS_SQL, cap=highest)
        frequency, recency, age = (_whole(rows, name) for name in ("frequency", "recency", "age"))
        order = np.lexsort((age, recency, frequency))
        customers, spenders, spent = (
            _floats(rows, name)[order] for name in ("customers", "spenders", "spent")
        )
        return CustomerGroups(
            frequency[order], recency[order], age[order], customers, spenders, spent, self.as_of
        )

    def later_groups(self, source: str, *, until: date) -> LaterGroups:
        """Equal histories with as many purchase days after ``as_of``, up to and including ``until``."""
        days = DAY_SQL.format(source=source, as_of=until.isoformat())
        rows = self._rows(LATER_SQL, days=days, as_of=self.as_of.isoformat())
        frequency, recency, age = (_whole(rows, name) for name in ("frequency", "recency", "age"))
        later = _floats(rows, "later")
        order = np.lexsort((later, age, recency, frequency))
        return LaterGroups(
            frequency[order], recency[order], age[order], later[order], _floats(rows, "customers")[order]
        )  # fmt: skip

    def _rows(self, query: str, **more: str) -> pa.Table:
        return self.connection.sql(query.format(name=self.name, **more)).to_arrow_table()

    def _row(self, query: str, **more: str) -> dict[str, float]:
        found: dict[str, float] = self._rows(query, **more).to_pylist()[0]
        return found


@contextmanager
def kept_customers(connection: Connection, source: str, *, as_of: date) -> Iterator[KeptCustomers]:
    """Make the table of all customers that bought up to and including ``as_of``, and keep it for a while."""
    with kept(connection, table_sql(source, as_of)) as name:
        yield KeptCustomers(connection, name, as_of)


def _histories(groups: CustomerGroups | LaterGroups, customers: Floats, unit: float) -> Histories:
    return Histories(
        groups.frequency.astype(np.float64), groups.recency / unit, groups.age / unit, customers, unit
    )  # fmt: skip


def _floats(rows: pa.Table, name: str) -> Floats:
    return np.asarray(rows.column(name).to_numpy(), dtype=np.float64)


def _whole(rows: pa.Table, name: str) -> npt.NDArray[np.int32]:
    return np.asarray(rows.column(name).to_numpy(), dtype=np.int32)


def _double(value: float) -> str:
    """A number in SQL to its last digit."""
    return f"CAST('{value!r}' AS DOUBLE)"
