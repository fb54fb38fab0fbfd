"""Which part of what a customer buys does it buy from us (share of wallet, F5.6)?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from koers_analytics.customers.value.valued import customer_where
from koers_analytics.customers.wallet_volume import WALLET_MONTHS, fell_sql, volume_sql
from koers_analytics.facts import Facts
from koers_analytics.filters import FactFilter
from koers_analytics.result import amount, amount_or_zero, share

COMPANIES = """company c LEFT JOIN person o ON o.person_id = c.owner_id
  LEFT JOIN territory t ON t.territory_id = c.territory_id
  LEFT JOIN sbu b ON b.sbu_id = coalesce(c.sbu_id, o.sbu_id)"""
STATES = ("known", "unknown", "over", "fallen")
ORDERS = {
    "name": "name", "turnover": "turnover", "volume": "volume", "share": "turnover / volume::DOUBLE",
    "change": "turnover / volume::DOUBLE - turnover_before / volume_before::DOUBLE",
    "room": "volume - turnover", "day": "day",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class WalletRules:
    """How long a record holds, and which fall of the share is one; both are life-cycle rules."""

    months: int = WALLET_MONTHS
    fall: Decimal | None = Decimal("0.05")


@dataclass(frozen=True, slots=True)
class WalletShare:
    """A customer's share of wallet at a day and a year before; money in the base currency."""

    company_id: int
    name: str
    owner: str | None
    turnover: Decimal  # of the 12 months before the day
    volume: Decimal | None  # purchases a year from all suppliers; None: not known
    day: date | None  # on which the volume was known
    turnover_before: Decimal
    volume_before: Decimal | None
    fell: bool

    @property
    def share(self) -> Decimal | None:
        """F5.6; None where the volume is not known."""
        return share(self.turnover, self.volume)

    @property
    def share_before(self) -> Decimal | None:
        """F5.6 a year before, by what was known then."""
        return share(self.turnover_before, self.volume_before)

    @property
    def change(self) -> Decimal | None:
        """Change of the share in a year."""
        now, before = self.share, self.share_before
        return None if now is None or before is None else now - before

    @property
    def room(self) -> Decimal | None:
        """What the customer buys a year elsewhere; below 0 where the volume must be wrong."""
        return None if self.volume is None else self.volume - self.turnover

    @property
    def is_over(self) -> bool:
        """Whether we sold more than the customer is said to buy."""
        return self.volume is not None and self.turnover > self.volume


@dataclass(frozen=True, slots=True)
class WalletGroup:
    """Share of wallet of a group of customers: sums over those whose volume is known."""

    key: int | None
    name: str
    customers: int  # with turnover or a known volume
    known: int
    turnover: Decimal  # of those whose volume is known
    volume: Decimal
    turnover_all: Decimal
    over: int
    fallen: int

    @property
    def share(self) -> Decimal | None:
        """F5.6 of the group: Σ turnover over Σ purchases; None where no volume is known."""
        return share(self.turnover, self.volume)

    @property
    def covered(self) -> Decimal | None:
        """Which part of our turnover comes from customers whose volume is known."""
        return share(self.turnover, self.turnover_all)


@dataclass(frozen=True, slots=True)
class WalletPoint:
    """Share of wallet at a day, over the customers whose volume was known then."""

    day: date
    known: int
    turnover: Decimal
    volume: Decimal

    @property
    def share(self) -> Decimal | None:
        """F5.6; None where nothing was known."""
        return share(self.turnover, self.volume)


def _shares_sql(
    facts: Facts, flt: FactFilter, rules: WalletRules, as_of: date
) -> tuple[str, list[object]]:
    where, values = customer_where(flt)
    fell = "false"
    if rules.fall is not None:
        fell = fell_sql("turnover", "volume", "turnover_before", "volume_before", rules.fall)
    sql = f"""
      WITH known AS ({volume_sql(facts, rules.months)}),
      today AS (SELECT ?::DATE AS today),
      sold AS (
        SELECT company_id,
               coalesce(sum(net_e4) FILTER (order_date >= today - INTERVAL 12 MONTH), 0) AS now,
               coalesce(sum(net_e4) FILTER (order_date < today - INTERVAL 12 MONTH), 0) AS before
        FROM order_line, today
        WHERE kind = 'goods' AND order_date < today AND order_date >= today - INTERVAL 24 MONTH GROUP BY ALL),
      each AS (
        SELECT c.company_id, c.name, o.name AS owner, coalesce(s.now, 0) AS turnover, v.volume, v.day,
               coalesce(s.before, 0) AS turnover_before, y.volume AS volume_before,
               c.segment, o.person_id, t.territory_id, t.name AS territory, b.sbu_id, b.name AS sbu
        FROM {COMPANIES} CROSS JOIN today LEFT JOIN sold s ON s.company_id = c.company_id
        LEFT JOIN known v ON v.company_id = c.company_id AND today >= v.start AND today < v.finish
        LEFT JOIN known y ON y.company_id = c.company_id AND today - INTERVAL 12 MONTH >= y.start
          AND today - INTERVAL 12 MONTH < y.finish
        WHERE {where})
      SELECT *, {fell} AS fell FROM each"""
    return sql, [as_of, *values]


def _state(state: str) -> str:
    return {
        "": "true", "known": "volume IS NOT NULL", "unknown": "volume IS NULL", "over": "turnover > volume", "fallen": "fell",
    }[state]  # fmt: skip


def wallet_shares(
    facts: Facts, flt: FactFilter, rules: WalletRules, *, as_of: date, state: str = "",
    order: str = "room", descending: bool = True, limit: int = 50, offset: int = 0,
) -> tuple[list[WalletShare], int]:  # fmt: skip
    """Customers with their share of wallet, and how many there are; unknown ones stand last.

    ``state``: one of STATES, or all. Turnover is of goods, net of credits, in the 12 months before
    ``as_of`` (excluded); the volume is the latest one told on or before ``as_of``.

    Raises
    ------
    KeyError
        For a state that is not in STATES, or an order that is not in ORDERS.
    """
    sql, values = _shares_sql(facts, flt, rules, as_of)
    found = f"FROM ({sql}) WHERE {_state(state)}"
    rows = facts.rows(
        f"""SELECT company_id, name, owner, turnover, volume, day, turnover_before, volume_before, fell, count(*) OVER ()
            {found} ORDER BY {ORDERS[order]} {"DESC" if descending else "ASC"} NULLS LAST, turnover DESC, company_id
            LIMIT ? OFFSET ?""",
        [*values, limit, offset],
    )
    shares = [
        WalletShare(key, name, owner, amount_or_zero(now), amount(volume), day, amount_or_zero(before), amount(then), fell)
        for key, name, owner, now, volume, day, before, then, fell, _count in rows
    ]  # fmt: skip
    if rows or not offset:
        return shares, rows[0][-1] if rows else 0
    return shares, facts.rows(f"SELECT count(*) {found}", values)[0][0]


def wallet_groups(
    facts: Facts, flt: FactFilter, rules: WalletRules, *, as_of: date, by: str = ""
) -> list[WalletGroup]:
    """Share of wallet of all customers together, or per segment, seller, territory or business unit."""
    sql, values = _shares_sql(facts, flt, rules, as_of)
    label, number = {
        "": ("''", "NULL::BIGINT"), "segment": ("segment", "NULL::BIGINT"), "seller": ("owner", "person_id"),
        "territory": ("territory", "territory_id"), "sbu": ("sbu", "sbu_id"),
    }[by]  # fmt: skip
    rows = facts.rows(
        f"""SELECT {number}, coalesce({label}, ''), count(*) FILTER (volume IS NOT NULL OR turnover <> 0), count(volume),
                   coalesce(sum(turnover) FILTER (volume IS NOT NULL), 0), coalesce(sum(volume), 0), coalesce(sum(turnover), 0),
                   count(*) FILTER (turnover > volume), count(*) FILTER (fell)
            FROM ({sql}) GROUP BY 1, 2 ORDER BY 7 DESC, 2""",
        values,
    )
    return [
        WalletGroup(key, name, customers, known, amount_or_zero(net), amount_or_zero(volume), amount_or_zero(everyone), over, fallen)
        for key, name, customers, known, net, volume, everyone, over, fallen in rows
    ] or [WalletGroup(None, "", 0, 0, Decimal(0), Decimal(0), Decimal(0), 0, 0)][: not by]  # fmt: skip


def wallet_trend(
    facts: Facts, flt: FactFilter, rules: WalletRules, *, days: Sequence[date]
) -> list[WalletPoint]:
    """Share of wallet at each of the days, each over the 12 months before it.

    The customers differ from day to day with what was known; ``known`` says how many there were.
    """
    where, values = customer_where(flt)
    marks = ", ".join("(?::DATE)" for _day in days)
    rows = facts.rows(
        f"""WITH known AS ({volume_sql(facts, rules.months)}),
            asked AS (SELECT DISTINCT d AS asked FROM (VALUES {marks}) AS x(d)),
            held AS (
              SELECT a.asked, c.company_id, v.volume
              FROM {COMPANIES} CROSS JOIN asked a
              JOIN known v ON v.company_id = c.company_id AND a.asked >= v.start AND a.asked < v.finish
              WHERE v.volume IS NOT NULL AND {where}),
            sold AS (
              SELECT h.asked, h.company_id, sum(l.net_e4) AS net FROM held h
              JOIN order_line l ON l.company_id = h.company_id AND l.kind = 'goods'
                AND l.order_date < h.asked AND l.order_date >= h.asked - INTERVAL 12 MONTH
              GROUP BY ALL)
            SELECT a.asked, count(h.company_id), sum(s.net), sum(h.volume)
            FROM asked a LEFT JOIN held h ON h.asked = a.asked
            LEFT JOIN sold s ON s.asked = h.asked AND s.company_id = h.company_id
            GROUP BY a.asked ORDER BY a.asked""",
        [*days, *values],
    )
    return [WalletPoint(day, known, amount_or_zero(net), amount_or_zero(volume)) for day, known, net, volume in rows]  # fmt: skip
