"""Do customers that came together stay: cohorts by first purchase, and retention between two years."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa

from koers_analytics.customers.value.customer_table import DAY_SQL
from koers_analytics.engines.base import Connection
from koers_analytics.table_file import write_table

STEPS = {"month": 1, "quarter": 3, "year": 12}  # months


@dataclass(frozen=True, slots=True)
class CohortCell:
    """Customers of a cohort that bought in a later period; ``share`` (0-1) of all of the cohort.

    ``whole`` is false where the period had not ended on the day of measuring: the share may rise.
    """

    cohort: date
    period: int
    customers: int
    size: int
    spent: float
    whole: bool

    @property
    def share(self) -> float:
        """Customers that bought, of the cohort."""
        return self.customers / self.size


@dataclass(frozen=True, slots=True)
class Retention:
    """F5.1 between two stretches of time: of the customers of the first, how many bought again."""

    start: date
    end: date
    customers_start: int
    customers_new: int
    customers_end: int

    @property
    def share(self) -> float | None:
        """(E - N) / S, or nothing without customers at the start."""
        if not self.customers_start:
            return None
        return (self.customers_end - self.customers_new) / self.customers_start


def cohorts(
    connection: Connection, source: str, *, as_of: date, step: str = "month"
) -> list[CohortCell]:
    """Every cohort (by month, quarter or year of the first purchase) in every period since.

    Raises
    ------
    ValueError
        For another step.
    """
    if step not in STEPS:
        raise ValueError(f"Cohorts go by {', '.join(STEPS)}, not by {step}.")
    days = DAY_SQL.format(source=source, as_of=as_of.isoformat())
    rows = connection.execute(
        f"""WITH bought AS (
              SELECT customer, date_trunc('{step}', day)::DATE AS part, sum(bought + credited) AS spent
              FROM ({days}) WHERE bought > 0 OR credited = 0 GROUP BY ALL),
            opened AS (SELECT customer, min(part) AS cohort FROM bought GROUP BY customer),
            size AS (SELECT cohort, count(*) AS size FROM opened GROUP BY cohort),
            span AS (
              SELECT cohort, size, unnest(range(0, 1 + date_diff('{step}', cohort, DATE '{as_of.isoformat()}')::BIGINT)) AS k
              FROM size),
            seen AS (
              SELECT cohort, date_diff('{step}', cohort, part) AS k, count(*) AS n, sum(spent) AS spent
              FROM bought JOIN opened USING (customer) GROUP BY ALL)
            SELECT cohort, k, coalesce(n, 0), size, coalesce(spent, 0) / 10000,
                   (cohort + INTERVAL {STEPS[step]} MONTH * (k + 1))::DATE <= DATE '{as_of.isoformat()}' + 1
            FROM span LEFT JOIN seen USING (cohort, k) ORDER BY cohort, k"""
    ).fetchall()
    return [CohortCell(*row) for row in rows]


def mean_curve(cells: list[CohortCell]) -> list[tuple[int, float, int]]:
    """Per period since the first: share still buying over all cohorts that reached its end, and their size.

    A cohort that is too young for a period is left out of it (right-censored), not counted as lost.
    """
    found: dict[int, tuple[int, int]] = {}
    for cell in cells:
        if cell.whole:
            customers, size = found.get(cell.period, (0, 0))
            found[cell.period] = (customers + cell.customers, size + cell.size)
    return [(k, customers / size, size) for k, (customers, size) in sorted(found.items())]


def retention(connection: Connection, source: str, *, as_of: date, days: int = 365) -> Retention:
    """F5.1 with the customers of the ``days`` up to ``as_of`` beside those of the ``days`` before."""
    daily = DAY_SQL.format(source=source, as_of=as_of.isoformat())
    end = f"DATE '{as_of.isoformat()}'"
    row = connection.execute(
        f"""SELECT count(*) FILTER (before), count(*) FILTER (now AND NOT before), count(*) FILTER (now)
            FROM (SELECT customer, bool_or(day > {end} - {int(days)}) AS now,
                         bool_or(day <= {end} - {int(days)} AND day > {end} - {2 * int(days)}) AS before
                  FROM ({daily}) WHERE bought > 0 OR credited = 0 GROUP BY customer)"""
    ).fetchall()[0]
    begin = date.fromordinal(as_of.toordinal() - days)
    return Retention(begin, as_of, *row)


def write_cohorts(cells: list[CohortCell], path: Path) -> None:
    """Write every cell as Parquet or, by any other extension, as CSV."""
    names = ("cohort", "period", "customers", "size", "share", "spent", "whole")
    rows = pa.table({name: [getattr(cell, name) for cell in cells] for name in names})
    write_table(rows, path)
