"""How recently, how often and for how much did each customer buy (F9.14)?"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from koers_analytics.facts import Facts
from koers_analytics.filters import LINE_SOURCE, FactFilter
from koers_analytics.result import amount_or_zero


@dataclass(frozen=True, slots=True)
class RfmBands:
    """Edges of the five bands; days up to, orders from, turnover above."""

    days: tuple[int, int, int, int] = (30, 90, 180, 365)
    orders: tuple[int, int, int, int] = (12, 6, 3, 2)
    turnover: tuple[Decimal, Decimal, Decimal, Decimal] = (
        Decimal(100_000),
        Decimal(50_000),
        Decimal(10_000),
        Decimal(0),
    )


@dataclass(frozen=True, slots=True)
class RfmCell:
    """Customers with one combination of scores."""

    recency: int
    frequency: int
    money: int
    customers: int
    turnover: Decimal


@dataclass(frozen=True, slots=True)
class RfmMember:
    """A customer with the three values and the three scores."""

    company_id: int
    name: str
    days: int
    orders: int
    turnover: Decimal
    recency: int
    frequency: int
    money: int


def _scored_sql(flt: FactFilter, bands: RfmBands) -> tuple[str, list[object]]:
    """Days since the last order ever; orders and turnover within the filter's period."""
    where, values = flt.where()
    until = FactFilter(end=flt.end, visible_people=flt.visible_people, seller_ids=flt.seller_ids,
                       segments=flt.segments, territory_ids=flt.territory_ids, sbu_ids=flt.sbu_ids)  # fmt: skip
    last_where, last_values = until.where()
    d, f = (tuple(int(x) for x in edges) for edges in (bands.days, bands.orders))
    m = tuple(int(edge * 10_000) for edge in bands.turnover)
    sql = f"""
      WITH latest AS (
        SELECT l.company_id, max(l.order_date) AS last_on FROM {LINE_SOURCE}
        WHERE l.company_id IS NOT NULL AND NOT l.is_credit AND {last_where} GROUP BY l.company_id),
      year AS (
        SELECT l.company_id, count(DISTINCT l.order_id) FILTER (NOT l.is_credit) AS orders, sum(l.net_e4) AS turnover
        FROM {LINE_SOURCE} WHERE l.company_id IS NOT NULL AND {where} GROUP BY l.company_id)
      SELECT c.company_id, c.name, date_diff('day', latest.last_on, ?::DATE) AS days,
             coalesce(year.orders, 0) AS orders, coalesce(year.turnover, 0) AS turnover,
             CASE WHEN days <= {d[0]} THEN 5 WHEN days <= {d[1]} THEN 4 WHEN days <= {d[2]} THEN 3
                  WHEN days <= {d[3]} THEN 2 ELSE 1 END AS r,
             CASE WHEN orders >= {f[0]} THEN 5 WHEN orders >= {f[1]} THEN 4 WHEN orders >= {f[2]} THEN 3
                  WHEN orders >= {f[3]} THEN 2 ELSE 1 END AS f,
             CASE WHEN turnover > {m[0]} THEN 5 WHEN turnover > {m[1]} THEN 4 WHEN turnover > {m[2]} THEN 3
                  WHEN turnover > {m[3]} THEN 2 ELSE 1 END AS m
      FROM latest JOIN company c USING (company_id) LEFT JOIN year USING (company_id)"""
    return sql, [*last_values, *values, flt.end]


def rfm(facts: Facts, flt: FactFilter, bands: RfmBands) -> list[RfmCell]:
    """How many customers have each combination; the filter's end is 'today', its start a year before."""
    _need_end(flt)
    sql, values = _scored_sql(flt, bands)
    found = facts.rows(
        f"SELECT r, f, m, count(*), sum(turnover) FROM ({sql}) GROUP BY ALL ORDER BY r DESC, f DESC, m DESC",
        values,
    )
    return [RfmCell(*(*row[:4], amount_or_zero(row[4]))) for row in found]


def rfm_members(
    facts: Facts,
    flt: FactFilter,
    bands: RfmBands,
    *,
    recency: int | None = None,
    frequency: int | None = None,
    money: int | None = None,
    limit: int = 50,
    offset: int = 0,
) -> tuple[list[RfmMember], int]:
    """Customers with the given scores, largest turnover first."""
    _need_end(flt)
    sql, values = _scored_sql(flt, bands)
    found = facts.rows(
        f"""SELECT company_id, name, days, orders, turnover, r, f, m, count(*) OVER () FROM ({sql})
            WHERE r = coalesce(?, r) AND f = coalesce(?, f) AND m = coalesce(?, m)
            ORDER BY turnover DESC, company_id LIMIT ? OFFSET ?""",
        [*values, recency, frequency, money, limit, offset],
    )
    members = [RfmMember(*(*row[:4], amount_or_zero(row[4]), *row[5:8])) for row in found]
    return members, found[0][-1] if found else 0


def _need_end(flt: FactFilter) -> date:
    if flt.end is None:
        message = "RFM needs the day it is measured at: set the filter's end."
        raise ValueError(message)
    return flt.end
