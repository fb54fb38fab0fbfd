"""In which phase of the customer life cycle is each customer, and since when (S2.19-25)?"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import pairwise

from koers_analytics.customers.wallet_volume import WALLET_MONTHS, fell_sql, volume_sql
from koers_analytics.facts import Facts
from koers_analytics.filters import FactFilter
from koers_analytics.result import amount_or_zero, share

PHASES = ("prospect", "start", "growth", "saturation", "revitalisation", "farewell")


@dataclass(frozen=True, slots=True)
class LifecycleRules:
    """The editable rules of domain 4.1; growth compares 12 months with the 12 before, as shares.

    ``wallet_fall``: a share of wallet (F5.6) that is lower by at least this than a year before puts
    a customer in revitalisation, unless its turnover grows: growth leads out of that phase. None
    leaves the rule out.
    """

    start_months: int = 6
    growth_above: Decimal = field(default=Decimal("0.05"))
    decline_below: Decimal = field(default=Decimal("-0.05"))
    flat_quarters: int = 2
    lost_months: int = 12
    wallet_fall: Decimal | None = field(default=Decimal("0.05"))
    wallet_months: int = WALLET_MONTHS


@dataclass(frozen=True, slots=True)
class PhaseCount:
    """One column of the life-cycle board."""

    phase: str
    customers: int
    turnover_12m: Decimal
    turnover_before: Decimal
    mean_days_in_phase: Decimal | None

    @property
    def change(self) -> Decimal:
        """Turnover of 12 months less that of the 12 before: what the phase gains or has at stake."""
        return self.turnover_12m - self.turnover_before


@dataclass(frozen=True, slots=True)
class PhaseMember:
    """A customer with its phase."""

    company_id: int
    name: str
    owner: str | None
    phase: str
    since: date | None
    turnover_12m: Decimal
    turnover_before: Decimal
    last_order_on: date | None

    @property
    def growth(self) -> Decimal | None:
        """Turnover growth over 12 months as a share."""
        return share(self.turnover_12m - self.turnover_before, self.turnover_before)


@dataclass(frozen=True, slots=True)
class PhaseFlow:
    """Customers that were in one phase at a date and in another at a later one."""

    before: str
    after: str
    customers: int
    turnover_12m: Decimal


@dataclass(frozen=True, slots=True)
class PhaseSpan:
    """A customer's stay in a phase; the current one has no end."""

    company_id: int
    phase: str
    start: date
    end: date | None


# Companies with an id from the first up to, but not including, the second.
Slice = tuple[int, int]
EVERYONE: Slice = (0, 2**63 - 1)


def company_slices(facts: Facts, size: int) -> list[Slice]:
    """Id ranges of ``size`` companies each that together hold every id, for work in bounded memory."""
    found = facts.rows(
        """SELECT company_id FROM (SELECT company_id, row_number() OVER (ORDER BY company_id) AS place FROM company)
           WHERE place > 1 AND (place - 1) % ? = 0 ORDER BY company_id""",
        [size],
    )
    edges = [EVERYONE[0], *(row[0] for row in found), EVERYONE[1]]
    return list(pairwise(edges))


def _points_sql(
    facts: Facts, rules: LifecycleRules, as_of: date, companies: Slice = EVERYONE
) -> tuple[str, list[object]]:
    """SQL of company, point, phase: at the first of every month since its first order, and at as_of.

    A spell is a row of orders without a gap of ``lost_months``; its first order puts a customer
    (back) in the start phase. Between the thresholds a customer keeps its phase until it has been
    flat for two quarters, and one in revitalisation only leaves it by growth or loss.
    """
    lost, start = int(rules.lost_months), int(rules.start_months)
    wait = 3 * (int(rules.flat_quarters) - 1)
    up, down = f"{rules.growth_above:f}::DOUBLE", f"{rules.decline_below:f}::DOUBLE"
    volume, joins, fell = _wallet(facts, rules)
    growth = "CASE WHEN {b} > 0 THEN ({a} - {b}) / {b}::DOUBLE WHEN {a} > 0 THEN 9e9 END"
    names = "company_id, point, t12, p12, t12_then, p12_then, last_on, spell_on, in_spell"
    sql = f"""
      WITH sold AS (
        SELECT * FROM order_line
        WHERE company_id >= ? AND company_id < ? AND kind = 'goods' AND order_date < ?),
      orders AS (
        SELECT company_id, order_date AS d, count(DISTINCT order_id) AS k
        FROM sold WHERE NOT is_credit GROUP BY ALL),
      gaps AS (
        SELECT *, coalesce(d >= lag(d) OVER w + INTERVAL {lost} MONTH, true) AS opens
        FROM orders WINDOW w AS (PARTITION BY company_id ORDER BY d)),
      spells AS (
        SELECT *, last_value(CASE WHEN opens THEN d END IGNORE NULLS) OVER w AS spell_on,
               sum(CAST(opens AS INT)) OVER w AS spell
        FROM gaps WINDOW w AS (PARTITION BY company_id ORDER BY d ROWS UNBOUNDED PRECEDING)),
      counted AS (
        SELECT *, sum(k) OVER (PARTITION BY company_id, spell ORDER BY d) AS in_spell FROM spells),
      monthly_orders AS (
        SELECT company_id, date_trunc('month', d)::DATE AS month, max(d) AS last_on,
               max_by(spell_on, d) AS spell_on, max_by(in_spell, d) AS in_spell
        FROM counted GROUP BY ALL),
      monthly_sales AS (
        SELECT company_id, date_trunc('month', order_date)::DATE AS month, sum(net_e4) AS net FROM sold GROUP BY ALL),
      bounds AS (
        SELECT company_id, date_trunc('month', min(d))::DATE AS first FROM orders GROUP BY ALL),
      grid AS (
        SELECT company_id, moment::DATE AS month FROM (
          SELECT company_id, unnest(generate_series(first, date_trunc('month', ?::DATE) - INTERVAL 1 MONTH,
                                                    INTERVAL 1 MONTH)) AS moment FROM bounds)),
      filled AS (
        SELECT g.company_id, g.month, coalesce(s.net, 0) AS net, o.last_on, o.spell_on, o.in_spell
        FROM grid g LEFT JOIN monthly_sales s USING (company_id, month)
        LEFT JOIN monthly_orders o USING (company_id, month)),
      rolling AS (
        SELECT company_id, (month + INTERVAL 1 MONTH)::DATE AS point,
               sum(net) OVER (w ROWS 11 PRECEDING) AS t12,
               sum(net) OVER (w ROWS BETWEEN 23 PRECEDING AND 12 PRECEDING) AS p12,
               sum(net) OVER (w ROWS BETWEEN {11 + wait} PRECEDING AND {wait} PRECEDING) AS t12_then,
               sum(net) OVER (w ROWS BETWEEN {23 + wait} PRECEDING AND {12 + wait} PRECEDING) AS p12_then,
               last_value(last_on IGNORE NULLS) OVER (w ROWS UNBOUNDED PRECEDING) AS last_on,
               last_value(spell_on IGNORE NULLS) OVER (w ROWS UNBOUNDED PRECEDING) AS spell_on,
               last_value(in_spell IGNORE NULLS) OVER (w ROWS UNBOUNDED PRECEDING) AS in_spell
        FROM filled WINDOW w AS (PARTITION BY company_id ORDER BY month)),
      today AS (
        SELECT company_id, ?::DATE AS point, {_window(0, 12)} AS t12, {_window(12, 24)} AS p12,
               {_window(wait, 12 + wait)} AS t12_then, {_window(12 + wait, 24 + wait)} AS p12_then
        FROM (SELECT *, ?::DATE AS today FROM sold) GROUP BY ALL),
      today_full AS (
        SELECT t.*, max(c.d) AS last_on, max_by(c.spell_on, c.d) AS spell_on, max_by(c.in_spell, c.d) AS in_spell
        FROM today t JOIN counted c USING (company_id) GROUP BY ALL),
      measured AS (
        SELECT {names} FROM rolling WHERE point < ?::DATE UNION ALL SELECT {names} FROM today_full),
      {volume}
      judged AS (
        SELECT m.*, {growth.format(a="t12", b="p12")} AS g, {growth.format(a="t12_then", b="p12_then")} AS g_then,
               CASE WHEN c.notice_given_on < point AND c.notice_given_on >= last_on
                      OR last_on < point - INTERVAL {lost} MONTH THEN 'farewell'
                    WHEN in_spell = 1 AND point <= spell_on + INTERVAL {start} MONTH THEN 'start'
                    WHEN in_spell = 1 THEN 'revitalisation'
                    WHEN g < {down} THEN 'revitalisation'
                    WHEN g > {up} THEN 'growth'
                    WHEN {fell} THEN 'revitalisation' END AS hard,
               g BETWEEN {down} AND {up} AND g_then BETWEEN {down} AND {up} AS flat
        FROM measured m JOIN company c USING (company_id) {joins}),
      held AS (
        SELECT *, last_value(hard IGNORE NULLS) OVER w AS holds,
               max(CASE WHEN hard IS NOT NULL THEN point END) OVER w AS hard_on,
               max(CASE WHEN flat AND hard IS NULL THEN point END) OVER w AS flat_on
        FROM judged WINDOW w AS (PARTITION BY company_id ORDER BY point ROWS UNBOUNDED PRECEDING))
      SELECT company_id, point, t12, p12, last_on,
             CASE WHEN hard IS NOT NULL THEN hard
                  WHEN holds = 'revitalisation' THEN 'revitalisation'
                  WHEN flat_on > hard_on OR (hard_on IS NULL AND flat_on IS NOT NULL) THEN 'saturation'
                  ELSE 'growth' END AS phase
      FROM held"""
    return sql, [*companies, as_of, as_of, as_of, as_of, as_of]


def _wallet(facts: Facts, rules: LifecycleRules) -> tuple[str, str, str]:
    """A table, joins and a condition: did the share of wallet fall in the year before the point?"""
    if rules.wallet_fall is None:
        return "", "", "false"
    joins = """
        LEFT JOIN volume v ON v.company_id = m.company_id AND m.point >= v.start AND m.point < v.finish
        LEFT JOIN volume y ON y.company_id = m.company_id AND m.point - INTERVAL 12 MONTH >= y.start
          AND m.point - INTERVAL 12 MONTH < y.finish"""
    fell = fell_sql("t12", "v.volume", "p12", "y.volume", rules.wallet_fall)
    return f"volume AS ({volume_sql(facts, rules.wallet_months)}),", joins, fell


def _window(near: int, far: int) -> str:
    return (
        f"coalesce(sum(net_e4) FILTER (order_date >= today - INTERVAL {far} MONTH"
        f" AND order_date < today - INTERVAL {near} MONTH), 0)"
    )


def _spans_sql(
    facts: Facts, rules: LifecycleRules, as_of: date, companies: Slice
) -> tuple[str, list[object]]:
    points, values = _points_sql(facts, rules, as_of, companies)
    sql = f"""
      WITH p AS MATERIALIZED ({points}),
      changed AS (
        SELECT *, phase IS DISTINCT FROM lag(phase) OVER (PARTITION BY company_id ORDER BY point) AS opens FROM p)
      SELECT company_id, phase, point AS start, lead(point) OVER (PARTITION BY company_id ORDER BY point) AS finish
      FROM changed WHERE opens"""
    return sql, values


def phase_history(
    facts: Facts, rules: LifecycleRules, *, as_of: date, companies: Slice = EVERYONE
) -> list[PhaseSpan]:
    """Every customer's dated phases since the first order; prospects have no history."""
    sql, values = _spans_sql(facts, rules, as_of, companies)
    return [PhaseSpan(*row) for row in facts.rows(f"{sql} ORDER BY company_id, start", values)]


def _current_sql(
    facts: Facts, flt: FactFilter, rules: LifecycleRules, as_of: date, companies: Slice = EVERYONE
) -> tuple[str, list[object]]:
    """SQL of every visible customer's phase at ``as_of`` with its since-date."""
    points, values = _points_sql(facts, rules, as_of, companies)
    where, where_values = flt.company_where()
    sql = f"""
      WITH p AS MATERIALIZED ({points}),
      changed AS (
        SELECT *, phase IS DISTINCT FROM lag(phase) OVER (PARTITION BY company_id ORDER BY point) AS opens FROM p),
      latest AS (
        SELECT company_id, max_by(phase, point) AS phase, max(CASE WHEN opens THEN point END) AS since,
               max_by(t12, point) AS t12, max_by(p12, point) AS p12, max(last_on) AS last_on
        FROM changed GROUP BY company_id)
      SELECT c.company_id, c.name, o.name AS owner, coalesce(latest.phase, 'prospect') AS phase, latest.since,
             coalesce(latest.t12, 0) AS t12, coalesce(latest.p12, 0) AS p12, latest.last_on
      FROM company c LEFT JOIN latest USING (company_id) LEFT JOIN person o ON o.person_id = c.owner_id
      WHERE c.company_id >= ? AND c.company_id < ? AND {where}"""
    return sql, [*values, *companies, *where_values]


def phase_board(
    facts: Facts, flt: FactFilter, rules: LifecycleRules, *, as_of: date
) -> list[PhaseCount]:
    """Customers, turnover and mean time in phase for each of the six phases."""
    sql, values = _current_sql(facts, flt, rules, as_of)
    found = facts.rows(
        f"""SELECT phase, count(*), sum(t12), sum(p12), sum(date_diff('day', since, ?::DATE)), count(since)
            FROM ({sql}) GROUP BY phase""",
        [as_of, *values],
    )
    rows = {row[0]: row for row in found}
    board = []
    for phase in PHASES:
        _, customers, now, before, days, dated = rows.get(phase, (phase, 0, 0, 0, None, 0))
        board.append(
            PhaseCount(
                phase, customers, amount_or_zero(now), amount_or_zero(before), share(days, dated)
            )
        )
    return board


def phase_members(
    facts: Facts,
    flt: FactFilter,
    rules: LifecycleRules,
    *,
    as_of: date,
    phase: str = "",
    limit: int | None = 50,
    offset: int = 0,
    companies: Slice = EVERYONE,
) -> tuple[list[PhaseMember], int]:
    """Customers in a phase (all when empty), the largest turnover at stake first."""
    sql, values = _current_sql(facts, flt, rules, as_of, companies)
    page = "" if limit is None else f" LIMIT {int(limit)} OFFSET {int(offset)}"
    found = facts.rows(
        f"""SELECT *, count(*) OVER () FROM ({sql}) WHERE ? IN ('', phase)
            ORDER BY greatest(t12, p12) DESC, company_id{page}""",
        [*values, phase],
    )
    members = [
        PhaseMember(*(*row[:5], amount_or_zero(row[5]), amount_or_zero(row[6]), row[7]))
        for row in found
    ]
    return members, found[0][-1] if found else 0


def phase_flow(
    facts: Facts, flt: FactFilter, rules: LifecycleRules, *, before: date, as_of: date
) -> list[PhaseFlow]:
    """From phase to phase between two dates, measured at the first of the month of ``before``."""
    points, values = _points_sql(facts, rules, as_of)
    where, where_values = flt.company_where()
    found = facts.rows(
        f"""WITH p AS MATERIALIZED ({points}),
            x AS (SELECT company_id, max_by(phase, point) AS phase FROM p WHERE point <= ? GROUP BY company_id),
            y AS (SELECT company_id, max_by(phase, point) AS phase, max_by(t12, point) AS t12 FROM p GROUP BY company_id)
            SELECT coalesce(x.phase, 'prospect'), coalesce(y.phase, 'prospect'), count(*), sum(coalesce(y.t12, 0))
            FROM company c LEFT JOIN x USING (company_id) LEFT JOIN y USING (company_id)
            WHERE {where} GROUP BY ALL ORDER BY 1, 2""",
        [*values, before, *where_values],
    )
    return [PhaseFlow(row[0], row[1], row[2], amount_or_zero(row[3])) for row in found]
