"""What is bought together, and what does a customer not buy yet (white space)?"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from koers_analytics.facts import Facts
from koers_analytics.filters import LINE_SOURCE, FactFilter
from koers_analytics.result import amount
from koers_analytics.selling.proportions import wilson

LEVELS = {
    "category": ("p.category_id", "p.category_name"),
    "group": ("p.group_id", "p.group_name"),
    "product": ("p.product_id", "p.name"),
}
MOST_ITEMS = 300
LEAST_ORDERS = 10


@dataclass(frozen=True, slots=True)
class Pair:
    """Orders with ``first`` that hold ``second`` too.

    ``confidence`` = orders_both / orders_first; ``lift`` = confidence over the share of all orders
    that hold ``second``; ``lift_low`` the same with the lower end of the 95 % Wilson interval: above
    1 the pair is more than chance.
    """

    first_id: int
    first: str
    second_id: int
    second: str
    orders_both: int
    orders_first: int
    orders_second: int
    orders: int

    @property
    def confidence(self) -> float:
        """Share of the orders with the first that hold the second."""
        return self.orders_both / self.orders_first

    @property
    def base(self) -> float:
        """Share of all orders that hold the second."""
        return self.orders_second / self.orders

    @property
    def lift(self) -> float:
        """How many times as often as in all orders."""
        return self.confidence / self.base

    @property
    def lift_low(self) -> float:
        """Lower end of the interval of the lift."""
        interval = wilson(self.orders_both, self.orders_first)
        return (interval.low if interval else 0.0) / self.base


@dataclass(frozen=True, slots=True)
class Space:
    """Customers against products: ``bought[row][column]`` in the period, None for nothing."""

    customers: tuple[tuple[int, str], ...]
    items: tuple[tuple[int, str, float], ...]  # id, name, share of all customers that buy it
    bought: tuple[tuple[Decimal | None, ...], ...]


def pairs(
    facts: Facts, flt: FactFilter, *, level: str = "group", least_orders: int = LEAST_ORDERS, limit: int = 100
) -> list[Pair]:  # fmt: skip
    """Pairs bought together in at least ``least_orders`` orders, the surest lift first.

    Sales orders only; among the 300 items in most orders. Raises ``KeyError`` for an unknown level.
    """
    key, name = LEVELS[level]
    where, values = flt.where()
    rows = facts.rows(
        f"""WITH item AS MATERIALIZED (
              SELECT DISTINCT l.order_id, {key} AS id, {name} AS name FROM {LINE_SOURCE}
              WHERE {where} AND NOT l.is_credit AND l.quantity_e4 > 0 AND {key} IS NOT NULL AND {name} <> ''),
            total AS (SELECT count(DISTINCT order_id) AS n FROM item),
            size AS (SELECT id, any_value(name) AS name, count(*) AS n FROM item GROUP BY id
                     ORDER BY n DESC, id LIMIT {MOST_ITEMS}),
            kept AS MATERIALIZED (SELECT order_id, id FROM item SEMI JOIN size USING (id)),
            both_in AS (
              SELECT a.id AS first, b.id AS second, count(*) AS n FROM kept a JOIN kept b USING (order_id)
              WHERE a.id <> b.id GROUP BY ALL HAVING count(*) >= {int(least_orders)})
            SELECT f.id, f.name, s.id, s.name, t.n, f.n, s.n, total.n
            FROM both_in t JOIN size f ON f.id = t.first JOIN size s ON s.id = t.second, total""",
        values,
    )
    found = [Pair(*row) for row in rows]
    return sorted(found, key=lambda p: (-p.lift_low, -p.orders_both, p.first_id, p.second_id))[
        :limit
    ]


def white_space(
    facts: Facts, flt: FactFilter, *, level: str = "category", customers: Sequence[int] = (),
    most_customers: int = 25, most_items: int = 12,
) -> Space:  # fmt: skip
    """Largest customers (or those asked for) against the items most customers buy."""
    key, name = LEVELS[level]
    where, values = flt.where()
    first = "list_contains(?, company)" if customers else "true"
    rows = facts.rows(
        f"""WITH cell AS MATERIALIZED (
              SELECT l.company_id AS company, any_value(c.name) AS customer, {key} AS item,
                     any_value({name}) AS label, sum(l.net_e4)::BIGINT AS net
              FROM {LINE_SOURCE}
              WHERE {where} AND l.company_id IS NOT NULL AND {key} IS NOT NULL AND {name} <> ''
              GROUP BY l.company_id, {key} HAVING sum(l.net_e4) > 0),
            asked AS (
              SELECT company, any_value(customer) AS customer, sum(net) AS spent FROM cell WHERE {first}
              GROUP BY company ORDER BY spent DESC, company LIMIT {int(most_customers)}),
            item AS (
              SELECT item, any_value(label) AS label, count(*) AS buyers,
                     count(*) / (SELECT count(DISTINCT company) FROM cell) AS share
              FROM cell GROUP BY item ORDER BY buyers DESC, item LIMIT {int(most_items)})
            SELECT a.company, a.customer, a.spent, i.item, i.label, i.share, i.buyers, c.net
            FROM asked a CROSS JOIN item i LEFT JOIN cell c ON c.company = a.company AND c.item = i.item
            ORDER BY a.spent DESC, a.company, i.buyers DESC, i.item""",
        [*values, *([sorted(customers)] if customers else [])],
    )
    names = {row[0]: str(row[1]) for row in rows}
    items = {row[3]: (row[3], row[4], row[5]) for row in rows}
    cell = {(row[0], row[3]): amount(row[7]) for row in rows}
    return Space(
        customers=tuple(names.items()),
        items=tuple(items.values()),
        bought=tuple(tuple(cell[company, item] for item in items) for company in names),
    )
