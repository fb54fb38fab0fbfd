"""Who are the customers, from the few big to the many small, and what effort do they take?"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from koers_analytics.facts import Facts
from koers_analytics.filters import LINE_SOURCE, FactFilter
from koers_analytics.result import amount, amount_or_zero, share


class PyramidMethod(StrEnum):
    """By rank (F2.4) or by turnover limits (F2.6)."""

    RANK = "rank"
    LIMITS = "limits"


@dataclass(frozen=True, slots=True)
class PyramidRule:
    """How customers are classed; ``cuts`` are shares of customers in basis points (100 = 1 %).

    ``limits`` are turnovers in the base currency: above the first A, above the second B, above
    the third C, the rest D.
    """

    method: PyramidMethod = PyramidMethod.RANK
    cuts: tuple[int, int, int] = (100, 500, 2000)
    limits: tuple[Decimal, Decimal, Decimal] = (Decimal(100_000), Decimal(50_000), Decimal(10_000))


@dataclass(frozen=True, slots=True)
class PyramidClass:
    """One layer: value (turnover, margin) beside effort (orders, lines, discount)."""

    name: str
    customers: int
    turnover: Decimal
    turnover_share: Decimal | None
    contribution: Decimal | None
    margin: Decimal | None
    orders: int
    orders_share: Decimal | None
    lines: int
    discount: Decimal
    discount_share: Decimal | None
    smallest: Decimal | None
    average: Decimal | None


@dataclass(frozen=True, slots=True)
class Pyramid:
    """All layers A-D, then inactive customers (bought before, not now) and prospects (never)."""

    classes: tuple[PyramidClass, ...]
    customers: int
    turnover: Decimal
    top_20_share: Decimal | None


@dataclass(frozen=True, slots=True)
class PyramidMember:
    """A customer with its class."""

    company_id: int
    name: str
    owner: str | None
    customer_class: str
    turnover: Decimal
    contribution: Decimal | None
    margin: Decimal | None
    orders: int


LAYERS = ("A", "B", "C", "D")
MEMBER_ORDERS = {
    "turnover": "turnover",
    "name": "name",
    "orders": "orders",
    "contribution": "contribution",
}


def classed_sql(flt: FactFilter, rule: PyramidRule) -> tuple[str, list[object]]:
    """SQL of every visible customer with its figures and class in the period.

    F2.4 in integers: with n customers that bought, class k reaches up to rank ceil(cut_k * n);
    equal turnovers share the higher class. Customers whose period nets to zero or less rank last.
    """
    where, values = flt.where()
    company_where, company_values = flt.company_where()
    ever = FactFilter(visible_people=flt.visible_people).where()
    klass = _rank_case(rule) if rule.method is PyramidMethod.RANK else _limit_case(rule)
    sql = f"""
      WITH bought AS (
        SELECT l.company_id, sum(l.net_e4) AS turnover, sum(l.cost_e4) AS cost,
               sum(l.net_e4) FILTER (l.cost_e4 IS NOT NULL) AS costed,
               count(DISTINCT l.order_id) AS orders, count(*) AS lines,
               coalesce(sum(l.discount_e4), 0) AS discount
        FROM {LINE_SOURCE} WHERE l.company_id IS NOT NULL AND {where} GROUP BY l.company_id),
      ranked AS (
        SELECT *, rank() OVER (ORDER BY turnover DESC) AS place, count(*) OVER () AS n FROM bought),
      ever AS (SELECT DISTINCT l.company_id FROM {LINE_SOURCE} WHERE {ever[0]})
      SELECT c.company_id, c.name, o.name AS owner,
             CASE WHEN r.company_id IS NULL THEN
                    CASE WHEN ever.company_id IS NULL THEN 'prospect' ELSE 'inactive' END
                  ELSE {klass} END AS class,
             coalesce(r.turnover, 0) AS turnover, r.costed - r.cost AS contribution, r.costed,
             coalesce(r.orders, 0) AS orders, coalesce(r.lines, 0) AS lines, coalesce(r.discount, 0) AS discount
      FROM company c LEFT JOIN ranked r USING (company_id) LEFT JOIN ever USING (company_id)
      LEFT JOIN person o ON o.person_id = c.owner_id
      WHERE ({company_where}) OR r.company_id IS NOT NULL"""
    return sql, [*values, *ever[1], *company_values]


def _rank_case(rule: PyramidRule) -> str:
    a, b, c = (int(cut) for cut in rule.cuts)
    # A customer belongs to a class when its place does not exceed ceil(cut * n), in whole numbers.
    reach = "(({cut} * r.n + 9999) // 10000)"
    return (
        f"CASE WHEN r.place <= {reach.format(cut=a)} THEN 'A' WHEN r.place <= {reach.format(cut=b)} THEN 'B'"
        f" WHEN r.place <= {reach.format(cut=c)} THEN 'C' ELSE 'D' END"
    )


def _limit_case(rule: PyramidRule) -> str:
    a, b, c = (int(limit * 10_000) for limit in rule.limits)
    return (
        f"CASE WHEN r.turnover > {a} THEN 'A' WHEN r.turnover > {b} THEN 'B'"
        f" WHEN r.turnover > {c} THEN 'C' ELSE 'D' END"
    )


def pyramid(facts: Facts, flt: FactFilter, rule: PyramidRule) -> Pyramid:
    """Class sizes and measured shares (F2.4, F2.5, F2.6); shares are measured, never assumed."""
    sql, values = classed_sql(flt, rule)
    found = facts.rows(
        f"""WITH k AS MATERIALIZED ({sql}),
             sales AS (SELECT turnover, row_number() OVER (ORDER BY turnover DESC, company_id) AS place,
                              count(*) OVER () AS n FROM k WHERE class IN ('A', 'B', 'C', 'D'))
            SELECT class, count(*), sum(turnover), sum(contribution), sum(costed), sum(orders), sum(lines),
                   sum(discount), min(turnover),
                   (SELECT sum(turnover) FROM sales WHERE place <= (n * 20 + 99) // 100) AS top
            FROM k GROUP BY class""",
        values,
    )
    by_class = {row[0]: row[1:] for row in found}
    totals = [sum((row[index] or 0) for row in found) for index in (1, 2, 5, 7)]
    names = (*LAYERS, "inactive", "prospect")
    classes = tuple(_class(name, by_class.get(name), totals) for name in names)
    top = found[0][-1] if found else None
    return Pyramid(classes, totals[0], amount_or_zero(totals[1]), share(top, totals[1]))


def _class(name: str, row: Sequence[Any] | None, totals: Sequence[int]) -> PyramidClass:
    if row is None:
        return PyramidClass(name, 0, Decimal(0), share(0, totals[1]), None, None, 0, share(0, totals[2]), 0,
                            Decimal(0), share(0, totals[3]), None, None)  # fmt: skip
    customers, turnover, contribution, costed, orders, lines, discount, smallest = row[:8]
    return PyramidClass(
        name=name,
        customers=customers,
        turnover=amount_or_zero(turnover),
        turnover_share=share(turnover, totals[1]),
        contribution=amount(contribution),
        margin=share(contribution, costed),
        orders=orders,
        orders_share=share(orders, totals[2]),
        lines=lines,
        discount=amount_or_zero(discount),
        discount_share=share(discount, totals[3]),
        smallest=amount(smallest),
        average=share(amount_or_zero(turnover), customers),
    )


def pyramid_members(
    facts: Facts,
    flt: FactFilter,
    rule: PyramidRule,
    *,
    classes: Sequence[str] = (),
    order: str = "turnover",
    descending: bool = True,
    limit: int = 50,
    offset: int = 0,
) -> tuple[list[PyramidMember], int]:
    """Customers of the chosen classes, and how many there are."""
    sql, values = classed_sql(flt, rule)
    direction = "DESC" if descending else "ASC"
    found = facts.rows(
        f"""SELECT company_id, name, owner, class, turnover, contribution, costed, orders, count(*) OVER ()
            FROM ({sql}) WHERE (? = 0 OR list_contains(?::VARCHAR[], class))
            ORDER BY {MEMBER_ORDERS[order]} {direction} NULLS LAST, company_id LIMIT ? OFFSET ?""",
        # the marks stand in the order of the text: those of the inner query first
        [*values, len(classes), list(classes), limit, offset],
    )
    members = [
        PyramidMember(
            row[0],
            row[1],
            row[2],
            row[3],
            amount_or_zero(row[4]),
            amount(row[5]),
            share(row[5], row[6]),
            row[7],
        )
        for row in found
    ]
    return members, found[0][-1] if found else 0


def class_of_each(
    facts: Facts, flt: FactFilter, rule: PyramidRule
) -> dict[int, tuple[str, int, int | None]]:
    """Class, turnover and contribution of every visible customer by id; amounts in ten-thousandths.

    Bare numbers, for a hundred thousand customers are classed at once.
    """
    sql, values = classed_sql(flt, rule)
    found = facts.rows(f"SELECT company_id, class, turnover, contribution FROM ({sql})", values)
    return {row[0]: (row[1], row[2], row[3]) for row in found}
