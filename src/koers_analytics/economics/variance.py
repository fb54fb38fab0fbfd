"""Why does what was sold differ from what was sold before: price, volume, mix, customers, rates?

One reference carries everything: the mean price of a product over the lines of the period before
(kept customers only). A line is worth its quantity at that price, so every effect is a sum over
lines, and the effects of any division add up to those of the whole.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

from koers_analytics.economics.turnover import KEYS, Dimension
from koers_analytics.facts import Facts
from koers_analytics.filters import LINE_SOURCE, FactFilter
from koers_analytics.result import amount_or_zero

CENT = Decimal("0.01")


class Measure(StrEnum):
    """What is compared."""

    TURNOVER = "turnover"
    CONTRIBUTION = "contribution"


class Effect(StrEnum):
    """A reason of the difference; in this order they lead from before to after."""

    NEW_CUSTOMERS = "new_customers"
    LOST_CUSTOMERS = "lost_customers"
    PRODUCTS_ADDED = "products_added"
    PRODUCTS_DROPPED = "products_dropped"
    QUANTITY = "quantity"
    MIX = "mix"
    PRICE = "price"
    COST = "cost"
    EXCHANGE_RATE = "exchange_rate"
    NOT_COMPARABLE = "not_comparable"


SPREAD = (Effect.QUANTITY, Effect.MIX, Effect.COST)
CURRENCY_KEY = ("l.currency", "l.currency")


@dataclass(frozen=True, slots=True)
class VarianceRow:
    """One group: before and after, and the effects between them, in the base currency.

    ``quantity_before``, ``quantity_after``, ``value_before`` and ``value_after`` are those of the
    comparable lines alone: their quotient is the price that is compared (at rates of before).
    """

    key: Any
    label: str | None
    before: Decimal
    after: Decimal
    effects: dict[str, Decimal]
    quantity_before: Decimal
    quantity_after: Decimal
    value_before: Decimal
    value_after: Decimal

    @property
    def change(self) -> Decimal:
        """After less before; the effects add up to it."""
        return self.after - self.before

    @property
    def volume(self) -> Decimal:
        """Volume variance (F9.16): quantity and mix (F9.17) together."""
        return self.effects[Effect.QUANTITY] + self.effects[Effect.MIX]

    @property
    def price_before(self) -> Decimal | None:
        """Mean price of a unit of the comparable lines before."""
        return self.value_before / self.quantity_before if self.quantity_before > 0 else None

    @property
    def price_after(self) -> Decimal | None:
        """Mean price of a unit of the comparable lines after, at the exchange rates of before."""
        return self.value_after / self.quantity_after if self.quantity_after > 0 else None


@dataclass(frozen=True, slots=True)
class Variance:
    """Rows by size of their change, and the whole; effects add up both ways, to the cent."""

    rows: tuple[VarianceRow, ...]
    total: VarianceRow
    lines_without_cost: int


@dataclass(frozen=True, slots=True)
class Within:
    """One group of another division; its customers and products stay judged by the whole."""

    dimension: Dimension
    key: Any


def variance(
    facts: Facts,
    before: FactFilter,
    after: FactFilter,
    *,
    by: Dimension | None = None,
    measure: Measure = Measure.TURNOVER,
    within: Within | None = None,
) -> Variance:
    """Split the difference between two periods into its effects (F9.16, F9.17).

    In this order: exchange rate (what was sold now, less the same at each currency's mean rate of
    before); customers who only bought now or only before; products that kept customers added or
    dropped; for products sold in both periods quantity (all units at the shares of before), mix
    (other shares) and price. ``CONTRIBUTION`` counts lines with a known cost and adds the effect of
    the unit cost. Lines without a product or with a quantity of zero or less in a period are not
    comparable. ``by`` None divides by currency. Amounts to a ten-thousandth of the base currency;
    quantity, mix and cost are rounded to the cent and price takes the rest.
    """
    raw = _rows(facts, before, after, KEYS[by] if by else CURRENCY_KEY, measure, within)
    raw.sort(key=lambda row: (-abs(row.change), str(row.label), str(row.key)))
    whole = _sum(raw)
    if within:
        outer = variance(facts, before, after, by=within.dimension, measure=measure)
        same = next((row for row in outer.rows if row.key == within.key), None)
        total = same or _rounded(whole, whole.effects)
    else:
        total = _rounded(whole, {each: _cents(whole.effects[each]) for each in SPREAD})
    shares = {
        each: _spread([row.effects[each] for row in raw], total.effects[each]) for each in SPREAD
    }
    rows = tuple(
        _rounded(row, {each: shares[each][place] for each in SPREAD})
        for place, row in enumerate(raw)
    )
    return Variance(rows, total, _without_cost(facts, before, after) if measure == "contribution" else 0)  # fmt: skip


def _rows(
    facts: Facts,
    before: FactFilter,
    after: FactFilter,
    key: tuple[str, str],
    measure: Measure,
    within: Within | None,
) -> list[VarianceRow]:
    sql, values = _lines_sql(before, after, key, measure, within)
    slice_sql = "WHERE inside IS NOT DISTINCT FROM ?" if within else ""
    found = facts.rows(
        f"""WITH {sql},
            summed AS (
              SELECT key, any_value(label) AS label, period, state,
                     sum(net - cost) AS worth, sum(held - held_cost) AS held_worth,
                     sum(held) AS held, sum(held_cost) AS held_cost, sum(q) AS q,
                     sum(ref) AS ref, sum(ref_cost) AS ref_cost
              FROM judged {slice_sql} GROUP BY key, period, state)
            SELECT key, any_value(label),
                   {_total("worth", "period = 0")}, {_total("worth", "period = 1")},
                   {_total("worth - held_worth", "period = 1")},
                   {_total("held_worth", "state = 'new'")}, {_total("worth", "state = 'lost'")},
                   {_total("held_worth", "state = 'added'")}, {_total("worth", "state = 'dropped'")},
                   {_total("held_worth", "state = 'odd' AND period = 1")}, {_total("worth", "state = 'odd' AND period = 0")},
                   {_total("q", "state = 'same' AND period = 0")}, {_total("q", "state = 'same' AND period = 1")},
                   {_total("held", "state = 'same' AND period = 0")}, {_total("held", "state = 'same' AND period = 1")},
                   {_total("held_cost", "state = 'same' AND period = 0")}, {_total("held_cost", "state = 'same' AND period = 1")},
                   {_total("ref", "period = 0")}, {_total("ref", "period = 1")},
                   {_total("ref_cost", "period = 0")}, {_total("ref_cost", "period = 1")},
                   (SELECT coalesce(sum(q) FILTER (period = 1), 0) FROM judged WHERE state = 'same'),
                   (SELECT coalesce(sum(q) FILTER (period = 0), 0) FROM judged WHERE state = 'same')
            FROM summed GROUP BY key""",
        [*values, *([within.key] if within else [])],
    )
    return [_row(row) for row in found]


def _total(column: str, condition: str) -> str:
    return f"coalesce(sum({column}) FILTER ({condition}), 0)"


def _lines_sql(
    before: FactFilter,
    after: FactFilter,
    key: tuple[str, str],
    measure: Measure,
    within: Within | None,
) -> tuple[str, list[object]]:
    costed = measure is Measure.CONTRIBUTION
    inside = KEYS[within.dimension][0] if within else "NULL"
    parts, values = [], []
    for period, flt in enumerate((before, after)):
        where, found = flt.where()
        parts.append(
            f"""SELECT {period} AS period, {key[0]} AS key, {key[1]} AS label, {inside} AS inside,
                       coalesce(l.company_id, -1) AS company, l.product_id AS product,
                       l.quantity_e4 AS q, l.net_e4 AS net, {"l.cost_e4" if costed else "0::BIGINT"} AS cost,
                       l.currency, l.rate_e8
                FROM {LINE_SOURCE}
                WHERE {where} AND l.net_e4 IS NOT NULL {"AND l.cost_e4 IS NOT NULL" if costed else ""}"""
        )
        values += found
    sql = f"""
      line AS MATERIALIZED ({" UNION ALL ".join(parts)}),
      usual AS (
        SELECT currency, sum(net)::DOUBLE / nullif(sum(net::DOUBLE / rate_e8), 0) AS rate
        FROM line WHERE period = 0 AND rate_e8 > 0 GROUP BY currency),
      at_rate AS MATERIALIZED (
        SELECT line.*,
               CASE WHEN period = 1 AND usual.rate > 0 AND rate_e8 > 0 THEN CAST(round(net * usual.rate / rate_e8) AS BIGINT) ELSE net END AS held,
               CASE WHEN period = 1 AND usual.rate > 0 AND rate_e8 > 0 THEN CAST(round(cost * usual.rate / rate_e8) AS BIGINT) ELSE cost END AS held_cost
        FROM line LEFT JOIN usual USING (currency)),
      buyer AS (
        SELECT company, bool_or(period = 0) AS bought, bool_or(period = 1) AS buys FROM line GROUP BY company),
      sold AS MATERIALIZED (
        SELECT product, count(*) FILTER (period = 0) AS n0, count(*) FILTER (period = 1) AS n1,
               sum(q) FILTER (period = 0) AS q0, sum(q) FILTER (period = 1) AS q1,
               sum(net) FILTER (period = 0) AS net0, sum(cost) FILTER (period = 0) AS cost0
        FROM line JOIN buyer USING (company) WHERE bought AND buys AND product IS NOT NULL GROUP BY product),
      stated AS MATERIALIZED (
        SELECT a.*, s.q0, s.net0, s.cost0,
               CASE WHEN NOT b.bought THEN 'new' WHEN NOT b.buys THEN 'lost' WHEN a.product IS NULL THEN 'odd'
                    WHEN s.n0 = 0 THEN 'added' WHEN s.n1 = 0 THEN 'dropped'
                    WHEN s.q0 > 0 AND s.q1 > 0 THEN 'same' ELSE 'odd' END AS state
        FROM at_rate a JOIN buyer b USING (company) LEFT JOIN sold s USING (product)),
      judged AS MATERIALIZED (
        SELECT *, CASE WHEN state = 'same' THEN CAST(round(q::DOUBLE * net0 * 10000 / q0) AS HUGEINT) END AS ref,
                  CASE WHEN state = 'same' THEN CAST(round(q::DOUBLE * cost0 * 10000 / q0) AS HUGEINT) END AS ref_cost
        FROM stated)"""
    return sql, values


def _row(row: Sequence[Any]) -> VarianceRow:
    key, label, before, after, rates, new, lost, added, dropped, odd1, odd0 = row[:11]
    q0, q1, net0, net1, cost0, cost1, ref0, ref1, ref_cost0, ref_cost1, all1, all0 = row[11:]
    worth0, worth1 = _e8(ref0 - ref_cost0), _e8(ref1 - ref_cost1)
    quantity = worth0 * (Decimal(all1) - all0) / all0 if all0 else Decimal(0)
    money = amount_or_zero
    effects: dict[str, Decimal] = {
        Effect.NEW_CUSTOMERS: money(new), Effect.LOST_CUSTOMERS: -money(lost), Effect.PRODUCTS_ADDED: money(added),
        Effect.PRODUCTS_DROPPED: -money(dropped), Effect.QUANTITY: quantity, Effect.MIX: worth1 - worth0 - quantity,
        Effect.PRICE: (money(net1) - _e8(ref1)) - (money(net0) - _e8(ref0)),
        Effect.COST: (money(cost0) - _e8(ref_cost0)) - (money(cost1) - _e8(ref_cost1)),
        Effect.EXCHANGE_RATE: money(rates), Effect.NOT_COMPARABLE: money(odd1) - money(odd0),
    }  # fmt: skip
    return VarianceRow(key, label, money(before), money(after), effects, money(q0), money(q1),
                       money(net0), money(net1))  # fmt: skip


def _e8(value: int) -> Decimal:
    return Decimal(int(value)).scaleb(-8)


def _cents(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP) + 0


def _sum(rows: Sequence[VarianceRow]) -> VarianceRow:
    def over(name: str) -> Decimal:
        return sum((getattr(row, name) for row in rows), Decimal(0))

    effects: dict[str, Decimal] = {
        each: sum((row.effects[each] for row in rows), Decimal(0)) for each in Effect
    }
    return VarianceRow(None, None, over("before"), over("after"), effects, over("quantity_before"),
                       over("quantity_after"), over("value_before"), over("value_after"))  # fmt: skip


def _rounded(row: VarianceRow, cents: Mapping[str, Decimal]) -> VarianceRow:
    """The same row with whole cents where ``cents`` says so, and the price effect as the rest."""
    effects: dict[str, Decimal] = {
        each: cents.get(each, value) for each, value in row.effects.items()
    }
    others = sum(value for each, value in effects.items() if each is not Effect.PRICE)
    effects[Effect.PRICE] = row.change - others + 0
    return VarianceRow(row.key, row.label, row.before, row.after, effects, row.quantity_before,
                       row.quantity_after, row.value_before, row.value_after)  # fmt: skip


def _spread(values: Sequence[Decimal], total: Decimal) -> list[Decimal]:
    """The values in whole cents that add up to ``total``: the largest remainders are raised."""
    whole = [value.quantize(CENT, ROUND_FLOOR) for value in values]
    if not whole:
        return []
    missing = int((total - sum(whole)) / CENT)
    order = sorted(range(len(values)), key=lambda place: (whole[place] - values[place], place))
    for step in range(abs(missing)):
        place = order[step % len(order)] if missing > 0 else order[-1 - step % len(order)]
        whole[place] += CENT if missing > 0 else -CENT
    return [value + 0 for value in whole]


def _without_cost(facts: Facts, before: FactFilter, after: FactFilter) -> int:
    count = 0
    for flt in (before, after):
        where, values = flt.where()
        count += facts.rows(
            f"SELECT count(*) FROM {LINE_SOURCE} WHERE {where} AND l.net_e4 IS NOT NULL AND l.cost_e4 IS NULL",
            values,
        )[0][0]
    return count
