"""Who rose and who fell between two periods, and by how much?"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from koers_analytics.customers.pyramid import PyramidRule, classed_sql
from koers_analytics.facts import Facts
from koers_analytics.filters import FactFilter
from koers_analytics.result import amount_or_zero

KINDS = ("new", "risen", "equal", "fallen", "lost")


@dataclass(frozen=True, slots=True)
class Flow:
    """Customers that went from one class to another, with both turnovers."""

    before: str
    after: str
    customers: int
    turnover_before: Decimal
    turnover_after: Decimal


@dataclass(frozen=True, slots=True)
class MoveTotal:
    """All customers that moved in one way."""

    kind: str
    customers: int
    change: Decimal


@dataclass(frozen=True, slots=True)
class Mover:
    """One customer in both periods."""

    company_id: int
    name: str
    owner: str | None
    class_before: str
    class_after: str
    turnover_before: Decimal
    turnover_after: Decimal
    kind: str

    @property
    def change(self) -> Decimal:
        """Turnover now less turnover then."""
        return self.turnover_after - self.turnover_before


@dataclass(frozen=True, slots=True)
class Movement:
    """Flows between classes and totals per kind; the changes add up to after less before."""

    flows: tuple[Flow, ...]
    totals: tuple[MoveTotal, ...]
    turnover_before: Decimal
    turnover_after: Decimal


def _moves_sql(
    before: FactFilter, after: FactFilter, rule: PyramidRule
) -> tuple[str, list[object]]:
    sql_before, values_before = classed_sql(before, rule)
    sql_after, values_after = classed_sql(after, rule)
    sql = f"""
      SELECT coalesce(x.company_id, y.company_id) AS company_id, coalesce(x.name, y.name) AS name,
             coalesce(y.owner, x.owner) AS owner,
             coalesce(x.class, 'prospect') AS class_before, coalesce(y.class, 'prospect') AS class_after,
             coalesce(x.turnover, 0) AS t0, coalesce(y.turnover, 0) AS t1,
             CASE WHEN x.orders = 0 AND y.orders > 0 THEN 'new'
                  WHEN x.orders > 0 AND y.orders = 0 THEN 'lost'
                  WHEN t1 > t0 THEN 'risen' WHEN t1 < t0 THEN 'fallen' ELSE 'equal' END AS kind
      FROM ({sql_before}) x FULL JOIN ({sql_after}) y USING (company_id)"""
    return sql, [*values_before, *values_after]


def movement(facts: Facts, before: FactFilter, after: FactFilter, rule: PyramidRule) -> Movement:
    """Class to class flows and the bridge new + risen + fallen + lost between two periods."""
    sql, values = _moves_sql(before, after, rule)
    found = facts.rows(
        f"""WITH m AS MATERIALIZED ({sql})
            SELECT 'flow', class_before, class_after, count(*), sum(t0), sum(t1) FROM m GROUP BY ALL
            UNION ALL
            SELECT 'kind', kind, '', count(*), sum(t0), sum(t1) FROM m GROUP BY ALL
            ORDER BY 1, 2, 3""",
        values,
    )
    flows = tuple(
        Flow(row[1], row[2], row[3], amount_or_zero(row[4]), amount_or_zero(row[5]))
        for row in found
        if row[0] == "flow"
    )
    kinds = {row[1]: row for row in found if row[0] == "kind"}
    totals = tuple(_total(kind, kinds.get(kind)) for kind in KINDS)
    return Movement(
        flows,
        totals,
        sum((flow.turnover_before for flow in flows), Decimal(0)),
        sum((flow.turnover_after for flow in flows), Decimal(0)),
    )


def _total(kind: str, row: tuple[Any, ...] | None) -> MoveTotal:
    if row is None:
        return MoveTotal(kind, 0, Decimal(0))
    return MoveTotal(kind, row[3], amount_or_zero(row[5]) - amount_or_zero(row[4]))


def movers(
    facts: Facts,
    before: FactFilter,
    after: FactFilter,
    rule: PyramidRule,
    *,
    kinds: tuple[str, ...] = (),
    largest: str = "any",
    limit: int = 50,
    offset: int = 0,
) -> tuple[list[Mover], int]:
    """Customers with the largest changes: ``any`` direction, ``risen`` first or ``fallen`` first."""
    sql, values = _moves_sql(before, after, rule)
    order = {"any": "abs(t1 - t0) DESC", "risen": "t1 - t0 DESC", "fallen": "t1 - t0 ASC"}[largest]
    found = facts.rows(
        f"""SELECT *, count(*) OVER () FROM ({sql})
            WHERE (len(?::VARCHAR[]) = 0 AND t0 <> t1) OR list_contains(?::VARCHAR[], kind)
            ORDER BY {order}, company_id LIMIT ? OFFSET ?""",
        [*values, list(kinds), list(kinds), limit, offset],
    )
    rows = [
        Mover(
            row[0],
            row[1],
            row[2],
            row[3],
            row[4],
            amount_or_zero(row[5]),
            amount_or_zero(row[6]),
            row[7],
        )
        for row in found
    ]
    return rows, found[0][-1] if found else 0
