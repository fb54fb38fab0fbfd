"""What was each customer worth at the last valuation? Reads what is kept beside the facts."""

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from koers_analytics.facts import Facts
from koers_analytics.filters import FactFilter

# a customer belongs to its own business unit, or to that of its account manager
SOURCE = """customer_value v JOIN company c USING (company_id)
  LEFT JOIN person o ON o.person_id = c.owner_id LEFT JOIN territory t ON t.territory_id = c.territory_id
  LEFT JOIN sbu b ON b.sbu_id = coalesce(c.sbu_id, o.sbu_id)"""
GROUPS = {
    "segment": ("c.segment", "NULL::BIGINT"),
    "seller": ("o.name", "o.person_id"),
    "territory": ("t.name", "t.territory_id"),
    "sbu": ("b.name", "b.sbu_id"),
}
KINDS = ("won", "grown", "kept", "revalued", "shrunk", "lost")
RISKS = {"safe": (0.8, 1.01), "doubtful": (0.5, 0.8), "at_risk": (0.0, 0.5)}
ORDERS = {
    "worth": "worth", "p_alive": "v.p_alive", "purchases": "v.purchases", "name": "c.name",
    "change": "change", "silent": "silent",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ValueRun:
    """How and when all customers were valued; ``details`` as ``valuation.details`` makes them."""

    as_of: date
    before: date | None
    model: str
    why_not: str
    details: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ValueTotals:
    """Sums over visible customers; ``worth`` is contribution, or spending where asked so."""

    customers: int
    expected_alive: float
    purchases: float
    worth: Decimal | None
    at_risk: Decimal | None  # worth of customers whose chance lies below one half if they stayed
    top_20_share: Decimal | None


@dataclass(frozen=True, slots=True)
class ValueGroup:
    """Equity of a group of customers; segments have no key."""

    key: int | None
    name: str
    customers: int
    expected_alive: float
    worth: Decimal | None
    share: Decimal | None
    change: Decimal | None


@dataclass(frozen=True, slots=True)
class ValueStep:
    """A step of the bridge."""

    kind: str
    customers: int
    change: Decimal


@dataclass(frozen=True, slots=True)
class ValueBridge:
    """From the equity a year before to that now; ``start`` + all changes = ``end``."""

    before: date
    as_of: date
    start: Decimal
    steps: tuple[ValueStep, ...]
    end: Decimal


@dataclass(frozen=True, slots=True)
class ValuedCustomer:
    """A customer with what it is worth; money over the horizon, discounted."""

    company_id: int
    name: str
    owner: str | None
    p_alive: float
    purchases: float
    purchases_low: int
    purchases_high: int
    spend_each: Decimal
    worth: Decimal | None
    worth_low: Decimal | None
    worth_high: Decimal | None
    change: Decimal | None
    kind: str | None
    orders: int
    silent: int  # days since the last purchase
    rhythm: float | None  # mean days between purchases

    @property
    def risk(self) -> str:
        """Which band of RISKS the chance lies in."""
        return next(name for name, (low, high) in RISKS.items() if low <= self.p_alive < high)


def value_run(facts: Facts) -> ValueRun | None:
    """The last valuation, if there was one."""
    rows = facts.rows("SELECT as_of, before, model, why_not, details FROM customer_value_run")
    if not rows:
        return None
    as_of, before, model, why_not, details = rows[0]
    return ValueRun(as_of, before, model, why_not, json.loads(details))


def value_totals(facts: Facts, flt: FactFilter, *, by_spending: bool) -> ValueTotals:
    """Customer equity and what it rests on (F9.13 summed); the first fifth by F2.5, rounded up."""
    where, values = customer_where(flt)
    column = _column(by_spending)
    row = facts.rows(
        f"""WITH k AS (SELECT v.p_alive, v.purchases, {column} AS worth,
                              row_number() OVER (ORDER BY {column} DESC NULLS LAST) AS place, count(*) OVER () AS n
                       FROM {SOURCE} WHERE {where})
            SELECT count(*), coalesce(sum(p_alive), 0), coalesce(sum(purchases), 0), sum(worth)::BIGINT,
                   sum(worth / greatest(p_alive, 0.000001) * (1 - p_alive)) FILTER (p_alive < 0.5 AND p_alive > 0.01),
                   sum(worth) FILTER (place <= (n * 20 + 99) // 100)
            FROM k""",
        values,
    )[0]
    customers, alive, purchases, worth, at_risk, top = row
    share = Decimal(top) / Decimal(worth) if worth and worth > 0 else None
    return ValueTotals(customers, alive, purchases, _money(worth), _money(at_risk), share)


def value_groups(
    facts: Facts, flt: FactFilter, by: str, *, by_spending: bool
) -> tuple[ValueGroup, ...]:
    """Equity per group, the largest first; the groups add up to the whole.

    Raises
    ------
    KeyError
        For a group that is not in GROUPS.
    """
    where, values = customer_where(flt)
    name, key = GROUPS[by]
    rows = facts.rows(
        f"""SELECT {key}, coalesce({name}, ''), count(*), sum(v.p_alive), sum({_column(by_spending)})::BIGINT,
                   sum({_column(by_spending)} - {_before(by_spending)})::BIGINT
            FROM {SOURCE} WHERE {where} GROUP BY ALL ORDER BY 5 DESC NULLS LAST, 2""",
        values,
    )
    total = sum(row[4] or 0 for row in rows)
    return tuple(
        ValueGroup(group, label, customers, alive, _money(worth),
                   Decimal(worth) / Decimal(total) if worth is not None and total else None, _money(change))
        for group, label, customers, alive, worth, change in rows
    )  # fmt: skip


def value_bridge(facts: Facts, flt: FactFilter, *, by_spending: bool) -> ValueBridge | None:
    """Won, grown, kept, revalued, shrunk, lost; nothing where no customer was known a year before."""
    run = value_run(facts)
    if run is None or run.before is None:
        return None
    where, values = customer_where(flt)
    now, before = _column(by_spending), _before(by_spending)
    rows = facts.rows(
        f"""SELECT v.kind, count(*), sum({now} - {before})::BIGINT, sum({before})::BIGINT, sum({now})::BIGINT
            FROM {SOURCE} WHERE v.kind IS NOT NULL AND {where} GROUP BY ALL""",
        values,
    )
    found = {row[0]: row for row in rows}
    steps = tuple(
        ValueStep(kind, found[kind][1], _sum([found[kind][2]])) for kind in KINDS if kind in found
    )
    return ValueBridge(run.before, run.as_of, _sum([r[3] for r in rows]), steps, _sum([r[4] for r in rows]))  # fmt: skip


def value_members(
    facts: Facts, flt: FactFilter, *, by_spending: bool, kind: str = "", risk: str = "",
    order: str = "worth", descending: bool = True, limit: int = 50, offset: int = 0,
) -> tuple[list[ValuedCustomer], int]:  # fmt: skip
    """Valued customers, of a step of the bridge or a band of risk where asked, and how many."""
    where, values = customer_where(flt)
    terms, more = [where], list(values)
    if kind:
        terms.append("v.kind = ?")
        more.append(kind)
    if risk:
        terms.append("v.p_alive >= ? AND v.p_alive < ?")
        more += list(RISKS[risk])
    column = _column(by_spending)
    direction = "DESC" if descending else "ASC"
    rows = facts.rows(
        f"""SELECT c.company_id, c.name, o.name, v.p_alive, v.purchases, v.purchases_low, v.purchases_high,
                   v.spend_each, {column} AS worth, {column} - {_before(by_spending)} AS change, v.kind,
                   v.frequency + 1, v.age - v.recency AS silent,
                   CASE WHEN v.frequency > 0 THEN v.recency / v.frequency END, count(*) OVER ()
            FROM {SOURCE} WHERE {" AND ".join(terms)}
            ORDER BY {ORDERS[order]} {direction} NULLS LAST, c.company_id LIMIT ? OFFSET ?""",
        [*more, limit, offset],
    )
    if rows:
        return [_valued(row) for row in rows], rows[0][-1]
    if not offset:
        return [], 0
    total = facts.rows(f"SELECT count(*) FROM {SOURCE} WHERE {' AND '.join(terms)}", more)[0][0]
    return [], total


def _valued(row: tuple[Any, ...]) -> ValuedCustomer:
    (company_id, name, owner, p_alive, purchases, low, high, each, worth, change, kind, orders,
     silent, rhythm, _total) = row  # fmt: skip
    per_purchase = None if worth is None or not purchases else Decimal(worth) / Decimal(purchases)
    return ValuedCustomer(
        company_id, name, owner, p_alive, purchases, low, high, _cents(Decimal(each) * 100), _money(worth),
        None if per_purchase is None else _cents(per_purchase * low),
        None if per_purchase is None else _cents(per_purchase * high),
        _money(change), kind, orders, silent, rhythm,
    )  # fmt: skip


def customer_where(flt: FactFilter) -> tuple[str, list[object]]:
    """Condition on SOURCE: sellers and teams are those of the account manager; the period is not used."""
    terms, values = ["true"], []
    choices: list[tuple[str, Any]] = [
        ("c.owner_id", flt.seller_ids), ("o.team_id", flt.team_ids), ("c.company_id", flt.company_ids),
        ("c.territory_id", flt.territory_ids), ("b.sbu_id", flt.sbu_ids), ("c.segment", flt.segments),
    ]  # fmt: skip
    for column, chosen in choices:
        if chosen:
            terms.append(f"list_contains(?, {column})")
            values.append(sorted(chosen))
    if flt.visible_people is not None:
        terms.append("list_contains(?::BIGINT[], c.owner_id)")
        values.append(sorted(flt.visible_people))
    return " AND ".join(terms), values  # type: ignore[return-value]


def _column(by_spending: bool) -> str:  # noqa: FBT001 -- private
    return "v.spend_cents" if by_spending else "v.value_cents"


def _before(by_spending: bool) -> str:  # noqa: FBT001 -- private
    return "v.spend_before_cents" if by_spending else "v.value_before_cents"


def _sum(values: list[int | None]) -> Decimal:
    return _cents(Decimal(sum(value or 0 for value in values)))


def _money(value: float | None) -> Decimal | None:
    return None if value is None else _cents(Decimal(value))


def _cents(value: Decimal) -> Decimal:
    return (value / 100).quantize(Decimal("0.01"))
