"""How far is each target (F2.11), over periods that run from one quota date to the next?"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from koers_analytics.facts import Facts
from koers_analytics.filters import LINE_SOURCE, FactFilter
from koers_analytics.result import Figure, amount_or_zero, share


class Scope(StrEnum):
    """What attainment may be divided by."""

    TOTAL = "total"
    SELLER = "seller"
    TEAM = "team"
    TERRITORY = "territory"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class Attainment:
    """Actual against target in one period; ``share`` is None without a target."""

    key: int | None
    label: str | None
    period_start: date
    period_end: date
    target: Decimal
    actual: Decimal
    elapsed: Decimal

    @property
    def share(self) -> Decimal | None:
        """Actual over target, as a share."""
        return share(self.actual, self.target)

    @property
    def gap(self) -> Decimal:
        """Actual less target."""
        return self.actual - self.target

    def figure(self) -> Figure:
        """The attainment with its numerator and denominator."""
        reason = "" if self.share is not None else "no_target"
        return Figure("F2.11", self.share, "share", self.actual, self.target, reason)


TARGET_KEYS = {
    Scope.SELLER: ("g.person_id", "s.name"),
    Scope.TEAM: ("s.team_id", "s.team_name"),
    Scope.TERRITORY: ("g.territory_id", "t.name"),
    Scope.GROUP: ("g.product_group_id", "p.name"),
}
LINE_KEYS = {
    Scope.SELLER: "l.seller_id",
    Scope.TEAM: "s.team_id",
    Scope.TERRITORY: "coalesce(l.territory_id, c.territory_id)",
    Scope.GROUP: "p.group_id",
}

# A target of a territory is met by what is sold anywhere below it in the tree.
MATCHES = {
    Scope.TOTAL: "true",
    Scope.TERRITORY: "l.key IN (SELECT id FROM below WHERE top = w.key)",
}


def attainment(
    facts: Facts,
    flt: FactFilter,
    *,
    today: date,
    by: Scope = Scope.TOTAL,
    start: date | None = None,
) -> list[Attainment]:
    """Attainment per target period, oldest first.

    Targets per person add up to teams and to the total; where no personal targets exist the total
    takes the territories' targets, else those per product group: kinds are never added together,
    for that would count the same turnover twice. The actual of the total is all visible turnover
    in the period. Currencies of targets must be the base currency; others are left out.
    """
    kind = _kind_column(facts, by)
    seen, seen_values = _visible_targets(flt)
    where, values = FactFilter(visible_people=flt.visible_people, sbu_ids=flt.sbu_ids, seller_ids=flt.seller_ids,
                               team_ids=flt.team_ids, include_fees=flt.include_fees).where()  # fmt: skip
    key, label = ("NULL::BIGINT", "NULL::VARCHAR") if by is Scope.TOTAL else TARGET_KEYS[by]
    found = facts.rows(
        f"""WITH RECURSIVE below AS (
              SELECT territory_id AS top, territory_id AS id FROM territory
              UNION ALL
              SELECT b.top, t.territory_id FROM below b JOIN territory t ON t.parent_id = b.id),
            w AS MATERIALIZED (
              SELECT {key} AS key, any_value({label}) AS label, g.period_start, g.period_end,
                     sum(g.amount_e4) AS target
              FROM target g LEFT JOIN person s ON s.person_id = g.person_id
              LEFT JOIN territory t ON t.territory_id = g.territory_id
              LEFT JOIN (SELECT DISTINCT group_id, group_name AS name FROM product) p ON p.group_id = g.product_group_id
              WHERE g.{kind} IS NOT NULL AND g.currency = ? AND ({seen}) AND g.period_end > coalesce(?::DATE, g.period_start)
              GROUP BY {key}, g.period_start, g.period_end),
            sold AS MATERIALIZED (
              SELECT l.order_date, {"NULL::BIGINT" if by is Scope.TOTAL else LINE_KEYS[by]} AS key, sum(l.net_e4) AS net
              FROM {LINE_SOURCE} WHERE {where} GROUP BY ALL)
            SELECT w.key, w.label, w.period_start, w.period_end, w.target,
                   coalesce((SELECT sum(net) FROM sold l WHERE l.order_date >= w.period_start
                             AND l.order_date < w.period_end AND {MATCHES.get(by, "l.key = w.key")}), 0)
            FROM w ORDER BY w.period_start, w.period_end, w.label, w.key""",
        [facts.manifest.currency, *seen_values, start, *values],
    )
    return [
        Attainment(row[0], row[1], row[2], row[3], amount_or_zero(row[4]), amount_or_zero(row[5]),
                   _elapsed(row[2], row[3], today))
        for row in found
    ]  # fmt: skip


def _kind_column(facts: Facts, by: Scope) -> str:
    chosen = {Scope.SELLER: "person_id", Scope.TEAM: "person_id", Scope.TERRITORY: "territory_id",
              Scope.GROUP: "product_group_id"}  # fmt: skip
    if by in chosen:
        return chosen[by]
    counts = facts.rows("SELECT count(person_id), count(territory_id) FROM target")[0]
    if counts[0]:
        return "person_id"
    return "territory_id" if counts[1] else "product_group_id"


def _visible_targets(flt: FactFilter) -> tuple[str, list[object]]:
    terms: list[str] = ["true"]
    values: list[object] = []
    if flt.visible_people is not None:
        terms.append("list_contains(?::BIGINT[], g.person_id)")
        values.append(sorted(flt.visible_people))
    if flt.seller_ids:
        terms.append("list_contains(?, g.person_id)")
        values.append(sorted(flt.seller_ids))
    if flt.team_ids:
        terms.append("list_contains(?, s.team_id)")
        values.append(sorted(flt.team_ids))
    if flt.sbu_ids:
        terms.append("list_contains(?, s.sbu_id)")
        values.append(sorted(flt.sbu_ids))
    return " AND ".join(terms), values


def _elapsed(start: date, end: date, today: date) -> Decimal:
    """Share of the period's days that have passed."""
    days = (min(max(today, start), end) - start).days
    return Decimal(days) / Decimal((end - start).days)
