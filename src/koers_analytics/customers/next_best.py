"""Which customer is worth the next hour, for what, and why: ranked by expected contribution per hour.

Rules, each with stated assumptions (:class:`NextBestRules`); amounts are over the coming year:

* ``win_back``: the chance that it is still a customer lies below one half, and it has not been
  silent for over two years. What is at stake is what it would bring if it stayed, times the chance
  that it has left. What it would bring is what the model expects of it given that it stays; below a
  chance of 0.02, where the model is silent, its own rhythm and spending.
* ``keep``: silent for longer than twice its rhythm, or the chance lies below 0.8. The same stake.
* ``grow``: product categories that at least ``peer_share`` of its peers buy and it does not, at
  what those peers spend on them (median).
* ``reprice``: a larger discount than the median of its peers; the difference on its list value.

An action is told only where its expected gain pays for its hours. Peers are customers of the same segment and the same quarter of it by turnover of the year; with
fewer than ten of them nothing is said.
* ``let_go``: expected contribution below the cost of one visit; the hours are better spent elsewhere.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import duckdb
import pyarrow as pa

from koers_analytics.facts import Facts

ACTIONS = ("win_back", "keep", "grow", "reprice", "let_go")
LEAST_PEERS = 10
SILENT_BELOW = 0.02
LONGEST_SILENCE = 730
YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class NextBestRules:
    """Hours an action takes and the chance that it works (0-1); what an hour costs."""

    win_back: tuple[float, float] = (4.0, 0.15)
    keep: tuple[float, float] = (2.0, 0.35)
    grow: tuple[float, float] = (3.0, 0.20)
    reprice: tuple[float, float] = (2.0, 0.30)
    let_go: tuple[float, float] = (1.5, 1.0)
    hour_cost: float = 60.0
    peer_share: float = 0.30


@dataclass(frozen=True, slots=True)
class NextBest:
    """One thing to do for one customer; money in the base currency, ``gain`` expected over a year."""

    company_id: int
    name: str
    owner: str | None
    action: str
    gain: float
    hours: float
    per_hour: float
    p_alive: float
    silent: int
    rhythm: float | None
    stake: float
    what: str  # the category to sell, for grow
    peers: int
    peers_buying: int
    discount: float | None
    peers_discount: float | None


def next_best_table(
    connection: duckdb.DuckDBPyConnection, values: pa.Table, *, as_of: date, rules: NextBestRules
) -> pa.Table:
    """Every action that fits a customer, from the valuation's rows and the facts."""
    connection.register("valued_now", values)
    since = as_of - YEAR
    worth, keep, grow = _worth_of(values), rules.keep, rules.grow
    sql = f"""
      WITH v AS (
        SELECT v.company_id, p_alive, age - recency AS silent,
               CASE WHEN frequency > 0 THEN recency / frequency END AS rhythm, {worth} AS worth,
               CASE WHEN p_alive >= {SILENT_BELOW} THEN {worth} / p_alive
                    ELSE frequency * 365 / greatest(recency, 1) * spend_each * coalesce(margin, 1) END AS stays,
               coalesce(margin, 1) AS margin,
               coalesce(c.segment, '') AS segment
        FROM valued_now v JOIN company c USING (company_id)),
      year AS (
        SELECT l.company_id, coalesce(p.category_name, '') AS category, sum(l.net_e4) / 10000 AS net,
               sum(l.list_e4) / 10000 AS list, sum(l.discount_e4) / 10000 AS discount
        FROM order_line l LEFT JOIN product p USING (product_id)
        WHERE l.kind = 'goods' AND l.order_date > DATE '{since}' AND l.order_date <= DATE '{as_of}'
        GROUP BY ALL),
      active AS (
        SELECT company_id, segment || ' ' || ntile(4) OVER (PARTITION BY segment ORDER BY net DESC, company_id) AS segment
        FROM (SELECT company_id, sum(net) AS net FROM year GROUP BY company_id) JOIN v USING (company_id) WHERE net > 0),
      size AS (SELECT segment, count(*) AS peers FROM active GROUP BY segment),
      bought AS (
        SELECT segment, category, count(*) AS buying, median(year.net) AS typical
        FROM year JOIN active USING (company_id) WHERE year.net > 0 AND category <> '' GROUP BY ALL),
      space AS (
        SELECT a.company_id, b.category, b.typical, b.buying, s.peers
        FROM active a JOIN bought b USING (segment) JOIN size s USING (segment)
        LEFT JOIN year y ON y.company_id = a.company_id AND y.category = b.category AND y.net > 0
        WHERE y.company_id IS NULL AND s.peers >= {LEAST_PEERS} AND b.buying >= {float(rules.peer_share)} * s.peers),
      largest AS (SELECT *, row_number() OVER (PARTITION BY company_id ORDER BY typical DESC, category) AS place FROM space),
      given AS (
        SELECT company_id, segment, sum(discount) / sum(list) AS share, sum(list) AS list
        FROM year JOIN active USING (company_id) GROUP BY ALL HAVING sum(list) > 0),
      usual AS (SELECT segment, median(share) AS share, count(*) AS peers FROM given GROUP BY segment),
      found AS (
        SELECT company_id, 'win_back' AS action, {float(rules.win_back[1])} * (1 - p_alive) * stays AS gain,
               {float(rules.win_back[1])} * (1 - p_alive) * stays / nullif(margin, 0) AS spend_gain,
               {float(rules.win_back[0])} AS hours, (1 - p_alive) * stays AS stake, '' AS what,
               0 AS peers, 0 AS buying, NULL::DOUBLE AS discount, NULL::DOUBLE AS usual
        FROM v WHERE p_alive < 0.5 AND stays > 0 AND silent <= {LONGEST_SILENCE}
        UNION ALL
        SELECT company_id, 'keep', {float(keep[1])} * (1 - p_alive) * stays,
               {float(keep[1])} * (1 - p_alive) * stays / nullif(margin, 0), {float(keep[0])}, (1 - p_alive) * stays,
               '', 0, 0, NULL, NULL
        FROM v WHERE p_alive >= 0.5 AND worth > 0 AND (p_alive < 0.8 OR silent > 2 * rhythm)
        UNION ALL
        SELECT company_id, 'grow', {float(grow[1])} * p_alive * typical * margin,
               {float(grow[1])} * p_alive * typical, {float(grow[0])},
               typical * margin, category, peers, buying, NULL, NULL
        FROM largest JOIN v USING (company_id) WHERE place = 1 AND p_alive >= 0.5
        UNION ALL
        SELECT company_id, 'reprice', {float(rules.reprice[1])} * p_alive * (g.share - u.share) * g.list,
               {float(rules.reprice[1])} * p_alive * (g.share - u.share) * g.list,
               {float(rules.reprice[0])}, (g.share - u.share) * g.list, '', u.peers, 0, g.share, u.share
        FROM given g JOIN usual u USING (segment) JOIN v USING (company_id)
        WHERE g.share > u.share + 0.01 AND u.peers >= {LEAST_PEERS} AND p_alive >= 0.5
        UNION ALL
        SELECT company_id, 'let_go', {float(rules.hour_cost * rules.let_go[0])} - worth, NULL,
               {float(rules.let_go[0])}, worth, '', 0, 0, NULL, NULL
        FROM v WHERE worth < {float(rules.hour_cost * rules.let_go[0])} AND margin < 1)
      SELECT company_id, action, gain, spend_gain, hours, stake, what, peers::BIGINT AS peers, buying::BIGINT AS peers_buying,
             discount, usual AS peers_discount
      FROM found WHERE gain > CASE WHEN action = 'let_go' THEN 0 ELSE hours * {float(rules.hour_cost)} END
      ORDER BY company_id, action"""
    try:
        return connection.sql(sql).to_arrow_table()
    finally:
        connection.unregister("valued_now")


def _worth_of(values: pa.Table) -> str:
    known = values.column("value_cents").null_count < values.num_rows
    return "value_cents / 100" if known else "spend_cents / 100"


def next_best(
    facts: Facts, where: tuple[str, list[object]], *, by_spending: bool = False, action: str = "",
    limit: int = 50, offset: int = 0,
) -> tuple[list[NextBest], int]:  # fmt: skip
    """What to do first: the best action of each visible customer, or all of one action.

    ``where`` comes from ``valued.customer_where``. To let go is never the best of a customer for
    whom something else would pay for its hours. ``by_spending`` ranks by spending and leaves out
    what only the cost can tell, so that the order says nothing of margins.
    """
    narrowed, values = where
    gain = "spend_gain" if by_spending else "gain"
    chosen = "n.action = ?" if action else "n.place = 1"
    rows = facts.rows(
        f"""WITH n AS (
              SELECT *, {gain} AS ranked, {gain} / hours AS per_hour,
                     row_number() OVER (PARTITION BY company_id ORDER BY action = 'let_go', {gain} / hours DESC) AS place
              FROM next_best WHERE {gain} IS NOT NULL)
            SELECT c.company_id, c.name, o.name, n.action, n.ranked, n.hours, n.per_hour, v.p_alive, v.age - v.recency,
                   CASE WHEN v.frequency > 0 THEN v.recency / v.frequency END, n.stake, n.what, n.peers,
                   n.peers_buying, n.discount, n.peers_discount, count(*) OVER ()
            FROM n JOIN customer_value v USING (company_id) JOIN company c USING (company_id)
            LEFT JOIN person o ON o.person_id = c.owner_id LEFT JOIN sbu b ON b.sbu_id = coalesce(c.sbu_id, o.sbu_id)
            WHERE {narrowed} AND {chosen}
            ORDER BY n.action = 'let_go', n.per_hour DESC, c.company_id LIMIT ? OFFSET ?""",
        [*values, *([action] if action else []), limit, offset],
    )
    return [NextBest(*row[:-1]) for row in rows], rows[0][-1] if rows else 0


def next_best_counts(facts: Facts, where: tuple[str, list[object]]) -> dict[str, tuple[int, float]]:
    """Per action: for how many visible customers it fits, and the gain expected of all."""
    narrowed, values = where
    rows = facts.rows(
        f"""SELECT n.action, count(*), sum(n.gain) FROM next_best n JOIN company c USING (company_id)
            LEFT JOIN person o ON o.person_id = c.owner_id LEFT JOIN sbu b ON b.sbu_id = coalesce(c.sbu_id, o.sbu_id)
            WHERE {narrowed} GROUP BY n.action""",
        values,
    )
    return {action: (count, gain) for action, count, gain in rows}
