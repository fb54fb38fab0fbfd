"""How healthy is the relation with each customer: a score of 0-100 from parts by stated rules?

Each part is 1 up to a bound and falls in a straight line to 0 at another (:class:`HealthRules`):

* ``recency``: days since the last purchase day over the customer's own rhythm (mean days between its
  purchase days); known from three purchase days on.
* ``trend``: turnover of the last months against the same months a year before; known where the
  customer bought before those months began and its turnover in them was above 0.
* ``feedback``: the last answer to "would you recommend us" (0-10), while it is not too old.
* ``contact``: days since somebody last spoke to the customer over what its visit norm asks (365 /
  visits a year), or over ``contact_days`` without a norm; known where a contact was ever written down.

score = 100 × Σ weight × part ÷ Σ weight, over the parts that are known: a part that is not known
leaves its weight to the others and ``coverage`` tells which share of the weights is known. The
weights and bounds are choices, not measurements. ``risk`` is 1 less the same mean over recency and
trend alone: how far the customer strays from its own buying, not a probability. Purchase days are
those of ``customer_table``; the day of measuring counts.
"""

from dataclasses import dataclass, field
from datetime import date

import duckdb
import pyarrow as pa

from koers_analytics.customers.value.customer_table import table_sql
from koers_analytics.tables import CUSTOMER_HEALTH

PARTS = ("recency", "trend", "feedback", "contact")
BUYING = ("recency", "trend")
LEAST_PURCHASES = 3
SILENT_BELOW = (
    0.02  # chance of still being a customer below which its own rhythm tells what it bought
)
SIGNALS = {
    "company_id": "int64",
    "phase": "string",
    "nps": "int64",
    "nps_on": "date32",
    "contact_on": "date32",
    "visits": "int64",  # norm a year; null without one
}


@dataclass(frozen=True, slots=True)
class HealthRules:
    """Weights of the parts, and where each part is 1 and where it is 0."""

    weights: dict[str, float] = field(
        default_factory=lambda: {"recency": 0.4, "trend": 0.3, "feedback": 0.15, "contact": 0.15}
    )
    recency: tuple[float, float] = (1.0, 3.0)  # times the customer's rhythm
    trend: tuple[float, float] = (0.0, -0.5)  # change of turnover
    feedback: tuple[float, float] = (9.0, 3.0)
    contact: tuple[float, float] = (1.0, 3.0)  # times the norm
    trend_months: int = 6
    feedback_months: int = 18
    contact_days: int = 90

    def __post_init__(self) -> None:
        """Refuse what gives no score.

        Raises
        ------
        ValueError
            Where the weights are not those of the parts, are below 0 or total nothing, or where a part is
            1 and 0 at the same bound.
        """
        if set(self.weights) != set(PARTS) or min(self.weights.values()) < 0 or sum(self.weights.values()) <= 0:  # fmt: skip
            raise ValueError("the weights of the parts must be 0 or more, and some above 0")
        if any(getattr(self, part)[0] == getattr(self, part)[1] for part in PARTS):
            raise ValueError("a part cannot be 1 and 0 at the same bound")


def health_table(
    connection: duckdb.DuckDBPyConnection, source: str, signals: pa.Table, *, as_of: date, rules: HealthRules
) -> pa.Table:  # fmt: skip
    """One row per customer that ever bought, at the end of ``as_of``; columns as CUSTOMER_HEALTH.

    ``source`` has customer, day and amount_e4; ``connection`` knows ``order_line`` and
    ``customer_value`` (without rows where no model could be told); ``signals`` as SIGNALS. What a
    customer would bring in a year if it stayed is the valuation's expectation over its chance of
    still being one (``next_best`` uses the same), null without a valuation.
    """
    connection.register("health_signals", signals)
    months = int(rules.trend_months)
    sql = f"""
      WITH today AS (SELECT DATE '{as_of}' AS d),
      bought AS (SELECT customer AS company_id, frequency, recency AS span, age FROM ({table_sql(source, as_of)})),
      sold AS (
        SELECT company_id,
               coalesce(sum(net_e4) FILTER (order_date > d - INTERVAL {months} MONTH), 0)::BIGINT AS turnover_e4,
               coalesce(sum(net_e4) FILTER (order_date <= d - INTERVAL 12 MONTH), 0)::BIGINT AS before_e4
        FROM order_line, today
        WHERE kind = 'goods' AND order_date <= d AND order_date > d - INTERVAL {12 + months} MONTH GROUP BY company_id),
      worth AS (
        SELECT company_id, p_alive, margin,
               CASE WHEN p_alive >= {SILENT_BELOW} THEN spend_cents / p_alive
                    ELSE 100 * frequency * 365 / greatest(recency, 1) * spend_each END AS stays
        FROM customer_value),
      known AS (
        SELECT b.company_id, coalesce(s.phase, '') AS phase, b.frequency + 1 AS purchase_days, b.age - b.span AS silent,
               CASE WHEN b.frequency > 0 THEN b.span / b.frequency::DOUBLE END AS rhythm,
               coalesce(o.turnover_e4, 0) AS turnover_e4, coalesce(o.before_e4, 0) AS turnover_before_e4,
               d - b.age::INTEGER <= d - INTERVAL {12 + months} MONTH AND coalesce(o.before_e4, 0) > 0 AS compares,
               s.nps, s.nps_on, s.nps_on > d - INTERVAL {int(rules.feedback_months)} MONTH AS heard, s.contact_on,
               CASE WHEN s.visits > 0 THEN 365 / s.visits::DOUBLE ELSE {int(rules.contact_days)} END AS contact_norm,
               coalesce(s.visits > 0, false) AS has_norm, w.p_alive, round(w.stays)::BIGINT AS stays_spend_cents,
               round(w.stays * w.margin)::BIGINT AS stays_value_cents, d
        FROM bought b CROSS JOIN today LEFT JOIN sold o USING (company_id) LEFT JOIN worth w USING (company_id)
        LEFT JOIN health_signals s USING (company_id)),
      part AS (
        SELECT *,
          CASE WHEN purchase_days >= {LEAST_PURCHASES} AND rhythm > 0 THEN {_line("silent / rhythm", rules.recency)} END AS recency,
          CASE WHEN compares THEN {_line("turnover_e4 / turnover_before_e4::DOUBLE - 1", rules.trend)} END AS trend,
          CASE WHEN heard THEN {_line("nps::DOUBLE", rules.feedback)} END AS feedback,
          CASE WHEN contact_on IS NOT NULL THEN {_line("date_diff('day', contact_on, d) / contact_norm", rules.contact)} END AS contact
        FROM known)
      SELECT company_id, phase, purchase_days, silent, rhythm, turnover_e4,
             CASE WHEN compares THEN turnover_before_e4 END AS turnover_before_e4,
             CASE WHEN heard THEN nps END AS nps, CASE WHEN heard THEN nps_on END AS nps_on, contact_on, contact_norm, has_norm,
             p_alive, stays_spend_cents, stays_value_cents, recency, trend, feedback, contact,
             100 * {_mean(PARTS, rules)} AS score, {_whole(PARTS, rules)} / {sum(rules.weights.values())!r}::DOUBLE AS coverage,
             1 - {_mean(BUYING, rules)} AS risk
      FROM part ORDER BY company_id"""
    try:
        found = connection.sql(sql).to_arrow_table()
    finally:
        connection.unregister("health_signals")
    return found.select(list(CUSTOMER_HEALTH)).cast(_SCHEMA)


def _line(value: str, bounds: tuple[float, float]) -> str:
    full, none = (float(each) for each in bounds)
    return f"least(1.0, greatest(0.0, (({value}) - {none!r}) / ({full!r} - {none!r})))"


def _mean(names: tuple[str, ...], rules: HealthRules) -> str:
    """Weighted mean of the known parts; null where none is known."""
    total = " + ".join(f"{rules.weights[name]!r}::DOUBLE * coalesce({name}, 0)" for name in names)
    return f"(({total}) / nullif({_whole(names, rules)}, 0))"


def _whole(names: tuple[str, ...], rules: HealthRules) -> str:
    return "(" + " + ".join(f"CASE WHEN {name} IS NULL THEN 0 ELSE {rules.weights[name]!r}::DOUBLE END" for name in names) + ")"  # fmt: skip


_ARROW = {
    "BIGINT": pa.int64(), "INTEGER": pa.int32(), "DOUBLE": pa.float64(), "VARCHAR": pa.string(), "DATE": pa.date32(), "BOOLEAN": pa.bool_(),
}  # fmt: skip
_SCHEMA = pa.schema([(name, _ARROW[kind]) for name, kind in CUSTOMER_HEALTH.items()])
