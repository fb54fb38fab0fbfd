"""What was sold, and what did it bring, by any one or two dimensions?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from koers_analytics.facts import Facts
from koers_analytics.filters import LINE_SOURCE, FactFilter
from koers_analytics.result import Figure, amount, amount_or_zero, share


class Dimension(StrEnum):
    """What turnover may be divided by."""

    YEAR = "year"
    QUARTER = "quarter"
    MONTH = "month"
    WEEK = "week"
    COMPANY = "company"
    SELLER = "seller"
    TEAM = "team"
    PRODUCT = "product"
    GROUP = "group"
    CATEGORY = "category"
    TERRITORY = "territory"
    SBU = "sbu"
    SEGMENT = "segment"
    COUNTRY = "country"


KEYS: dict[Dimension, tuple[str, str]] = {
    Dimension.YEAR: ("strftime(l.order_date, '%Y')", "strftime(l.order_date, '%Y')"),
    Dimension.QUARTER: (
        "strftime(l.order_date, '%Y') || '-Q' || quarter(l.order_date)",
        "strftime(l.order_date, '%Y') || '-Q' || quarter(l.order_date)",
    ),
    Dimension.MONTH: ("strftime(l.order_date, '%Y-%m')", "strftime(l.order_date, '%Y-%m')"),
    Dimension.WEEK: ("strftime(l.order_date, '%G-W%V')", "strftime(l.order_date, '%G-W%V')"),
    Dimension.COMPANY: ("l.company_id", "c.name"),
    Dimension.SELLER: ("l.seller_id", "s.name"),
    Dimension.TEAM: ("s.team_id", "s.team_name"),
    Dimension.PRODUCT: ("l.product_id", "p.name"),
    Dimension.GROUP: ("p.group_id", "p.group_name"),
    Dimension.CATEGORY: ("p.category_id", "p.category_name"),
    Dimension.TERRITORY: ("t.territory_id", "t.name"),
    Dimension.SBU: ("b.sbu_id", "b.name"),
    Dimension.SEGMENT: ("nullif(c.segment, '')", "nullif(c.segment, '')"),
    Dimension.COUNTRY: ("nullif(c.country, '')", "nullif(c.country, '')"),
}
CALENDAR = (Dimension.YEAR, Dimension.QUARTER, Dimension.MONTH, Dimension.WEEK)
MEASURES = """
  coalesce(sum(l.net_e4), 0) AS turnover,
  sum(l.cost_e4) AS cost,
  coalesce(sum(l.net_e4) FILTER (l.cost_e4 IS NOT NULL), 0) AS costed,
  coalesce(sum(l.list_e4), 0) AS list_value,
  coalesce(sum(l.discount_e4), 0) AS discount,
  coalesce(sum(l.quantity_e4), 0) AS quantity,
  count(*) AS lines,
  count(DISTINCT l.order_id) AS orders,
  count(DISTINCT l.company_id) AS customers"""
ORDERS = {
    "turnover": "turnover",
    "contribution": "costed - cost",
    "margin": "(costed - cost) / nullif(costed, 0)::DOUBLE",
    "lines": "lines",
    "orders": "orders",
    "customers": "customers",
    "discount": "discount / nullif(list_value, 0)::DOUBLE",
    "label": "label_0",
    "key": "key_0",
}


class UnknownOrderError(ValueError):
    """The rows cannot be sorted by this column."""


@dataclass(frozen=True, slots=True)
class Measures:
    """Figures of a group of lines, in the base currency; shares 0-1."""

    turnover: Decimal
    cost: Decimal | None
    costed_turnover: Decimal
    discount: Decimal
    list_value: Decimal
    quantity: Decimal
    lines: int
    orders: int
    customers: int

    @property
    def contribution(self) -> Decimal | None:
        """Turnover less cost, over the lines whose cost is known."""
        return None if self.cost is None else self.costed_turnover - self.cost

    @property
    def margin(self) -> Decimal | None:
        """Profit margin (F2.7) as a share, over the lines whose cost is known."""
        return share(self.contribution, self.costed_turnover)

    @property
    def discount_share(self) -> Decimal | None:
        """Discount given as a share of list value."""
        return share(self.discount, self.list_value)

    @property
    def cost_known_share(self) -> Decimal | None:
        """How much of the turnover has a known cost."""
        return share(self.costed_turnover, self.turnover)

    def margin_figure(self) -> Figure:
        """Margin with its numerator and denominator (F2.7)."""
        reason = (
            "" if self.margin is not None else "no_cost" if self.cost is None else "no_turnover"
        )
        return Figure("F2.7", self.margin, "share", self.contribution, self.costed_turnover, reason)


@dataclass(frozen=True, slots=True)
class TurnoverRow:
    """One group: its keys and labels (None where the attribute is unknown) and its figures."""

    keys: tuple[Any, ...]
    labels: tuple[str | None, ...]
    measures: Measures


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Lines the figure does not count, or counts without all attributes."""

    fee_lines: int
    fee_amount: Decimal
    lines_without_customer: int
    amount_without_customer: Decimal
    credit_lines: int
    credit_amount: Decimal
    lines_without_rate: int


@dataclass(frozen=True, slots=True)
class TurnoverTable:
    """Groups of one page, the number of groups in all, and the total re-divided."""

    rows: tuple[TurnoverRow, ...]
    groups: int
    total: Measures
    left_out: LeftOut


def turnover(
    facts: Facts,
    flt: FactFilter,
    *,
    by: Sequence[Dimension] = (),
    order: str = "turnover",
    descending: bool = True,
    limit: int | None = None,
    offset: int = 0,
) -> TurnoverTable:
    """Turnover, contribution and margin by none, one or two dimensions.

    Credit notes count as negative turnover; lines without a known cost count in turnover but not
    in the margin, whose denominator is the turnover that has a cost.
    """
    if order not in ORDERS:
        raise UnknownOrderError(order)
    where, values = flt.where()
    total = _measures(facts.rows(f"SELECT {MEASURES} FROM {LINE_SOURCE} WHERE {where}", values)[0])
    if not by:
        return TurnoverTable((), 0, total, left_out(facts, flt))
    keys = ", ".join(
        f"{KEYS[dim][0]} AS key_{i}, any_value({KEYS[dim][1]}) AS label_{i}"
        for i, dim in enumerate(by)
    )
    groups = ", ".join(KEYS[dim][0] for dim in by)
    grouped = f"SELECT {keys}, {MEASURES} FROM {LINE_SOURCE} WHERE {where} GROUP BY {groups}"
    direction = "DESC" if descending else "ASC"
    page = f" LIMIT {int(limit)} OFFSET {int(offset)}" if limit is not None else ""
    tie = ", ".join(f"key_{i}" for i in range(len(by)))
    found = facts.rows(
        f"SELECT *, count(*) OVER () FROM ({grouped}) ORDER BY {ORDERS[order]} {direction} NULLS LAST, {tie}{page}",
        values,
    )
    width = 2 * len(by)
    rows = tuple(
        TurnoverRow(row[0:width:2], row[1:width:2], _measures(row[width:-1])) for row in found
    )
    return TurnoverTable(rows, found[0][-1] if found else 0, total, left_out(facts, flt))


def left_out(facts: Facts, flt: FactFilter) -> LeftOut:
    """What the reader should know about lines of the same choice that are not plain sales."""
    where, values = flt.where(fees=True)
    row = facts.rows(
        f"""SELECT count(*) FILTER (l.kind = 'fee'), sum(l.net_e4) FILTER (l.kind = 'fee'),
                   count(*) FILTER (l.company_id IS NULL AND l.kind = 'goods'),
                   sum(l.net_e4) FILTER (l.company_id IS NULL AND l.kind = 'goods'),
                   count(*) FILTER (l.is_credit AND l.kind = 'goods'),
                   sum(l.net_e4) FILTER (l.is_credit AND l.kind = 'goods'),
                   count(*) FILTER (l.net_e4 IS NULL)
            FROM {LINE_SOURCE} WHERE {where}""",
        values,
    )[0]
    return LeftOut(
        row[0],
        amount_or_zero(row[1]),
        row[2],
        amount_or_zero(row[3]),
        row[4],
        amount_or_zero(row[5]),
        row[6],
    )


@dataclass(frozen=True, slots=True)
class FactLine:
    """A row behind a figure."""

    order_id: int
    order_number: str
    order_date: date
    company_id: int | None
    company: str | None
    product: str | None
    seller: str | None
    quantity: Decimal
    net: Decimal | None
    cost: Decimal | None


LINE_ORDERS = {"date": "l.order_date", "net": "l.net_e4", "company": "c.name", "product": "p.name"}


def lines(
    facts: Facts,
    flt: FactFilter,
    *,
    order: str = "date",
    descending: bool = True,
    limit: int = 50,
    offset: int = 0,
) -> tuple[list[FactLine], int]:
    """The order lines behind a figure, and how many there are."""
    if order not in LINE_ORDERS:
        raise UnknownOrderError(order)
    where, values = flt.where()
    count = facts.rows(f"SELECT count(*) FROM {LINE_SOURCE} WHERE {where}", values)[0][0]
    direction = "DESC" if descending else "ASC"
    found = facts.rows(
        f"""SELECT l.order_id, l.order_number, l.order_date, l.company_id, c.name, p.name, s.name,
                   l.quantity_e4, l.net_e4, l.cost_e4
            FROM {LINE_SOURCE} WHERE {where}
            ORDER BY {LINE_ORDERS[order]} {direction} NULLS LAST, l.line_id LIMIT ? OFFSET ?""",
        [*values, limit, offset],
    )
    return [
        FactLine(*(*row[:7], amount_or_zero(row[7]), amount(row[8]), amount(row[9])))
        for row in found
    ], count


def _measures(row: Sequence[Any]) -> Measures:
    turnover_e4, cost, costed, list_value, discount, quantity, line_count, orders, customers = row
    return Measures(
        amount_or_zero(turnover_e4),
        amount(cost),
        amount_or_zero(costed),
        amount_or_zero(discount),
        amount_or_zero(list_value),
        amount_or_zero(quantity),
        line_count,
        orders,
        customers,
    )
