"""Which customers give reason to worry, for what reason, and how much is at stake? Reads what is kept beside the facts.

A part of the health score of at most one half is a reason; so is a chance of still being a customer
below one half (the valuation's model). At stake is what the customer would bring in a year if it
stayed; the expected loss is that times the risk, by the model or by the customer's own buying. Customers
in farewell, or silent for over a year, are gone: they are to be won back, and no early warning.
"""

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from koers_analytics.customers.value.valued import customer_where
from koers_analytics.facts import Facts
from koers_analytics.filters import FactFilter
from koers_analytics.result import amount, amount_or_zero

WORRIES = 0.5  # a part up to here is a reason, a chance below it too
LONGEST_SILENCE = 365
GONE = "farewell"  # the phase of customers that are to be won back, not warned of
REASONS = {
    "recency": f"h.recency <= {WORRIES}",
    "trend": f"h.trend <= {WORRIES}",
    "feedback": f"h.feedback <= {WORRIES}",
    "contact": f"h.contact <= {WORRIES}",
    "model": f"h.p_alive < {WORRIES}",
}
RISKS = {"model": "1 - h.p_alive", "rule": "h.risk"}
ORDERS = {
    "name": "name", "score": "score", "risk": "risk", "model_risk": "1 - p_alive", "stake": "stake", "loss": "stake * chance",
}  # fmt: skip
COMPANIES = """customer_health h JOIN company c USING (company_id)
  LEFT JOIN person o ON o.person_id = c.owner_id LEFT JOIN territory t ON t.territory_id = c.territory_id
  LEFT JOIN sbu b ON b.sbu_id = coalesce(c.sbu_id, o.sbu_id)"""


@dataclass(frozen=True, slots=True)
class HealthRun:
    """On which day, and by which rules, health was measured."""

    as_of: date
    rule_version: int
    rules: dict[str, Any]


@dataclass(frozen=True, slots=True)
class CustomerHealth:
    """A customer's health with what it was made of; parts and risks 0-1, None where not known.

    ``stake`` is what it would bring in a year if it stayed, ``loss`` that times the risk asked for.
    """

    company_id: int
    name: str
    owner: str | None
    segment: str
    phase: str
    purchase_days: int
    silent: int
    rhythm: float | None
    turnover: Decimal
    turnover_before: Decimal | None
    nps: int | None
    nps_on: date | None
    contact_on: date | None
    contact_norm: float
    has_norm: bool
    p_alive: float | None
    recency: float | None
    trend: float | None
    feedback: float | None
    contact: float | None
    score: float | None
    coverage: float
    risk: float | None
    stake: Decimal | None
    loss: Decimal | None
    reasons: tuple[str, ...]

    @property
    def model_risk(self) -> float | None:
        """Chance that it is no customer any more, by the valuation's model."""
        return None if self.p_alive is None else 1 - self.p_alive

    @property
    def change(self) -> Decimal | None:
        """Change of turnover, as a share of that of the year before."""
        return self.turnover / self.turnover_before - 1 if self.turnover_before else None


@dataclass(frozen=True, slots=True)
class WarningTotals:
    """Sums over visible customers; money over a year, None where nobody's is known."""

    assessed: int  # customers with a score
    score: float | None  # their mean
    coverage: float | None
    listed: int
    stake: Decimal | None
    loss: Decimal | None
    unknown: int  # listed customers of whom stake or risk is not known
    reasons: dict[str, int]


@dataclass(frozen=True, slots=True)
class Choice:
    """Which customers: of a phase, with a reason; ``only_worries`` leaves out those without any."""

    phase: str = ""
    reason: str = ""
    risk: str = "model"
    only_worries: bool = True


def health_run(facts: Facts) -> HealthRun | None:
    """The last time health was measured, if ever."""
    rows = facts.rows("SELECT as_of, rule_version, rules FROM customer_health_run")
    return HealthRun(rows[0][0], rows[0][1], json.loads(rows[0][2])) if rows else None


def warnings(
    facts: Facts, flt: FactFilter, choice: Choice, *, by_spending: bool, order: str = "loss",
    descending: bool = True, limit: int = 50, offset: int = 0,
) -> tuple[list[CustomerHealth], int]:  # fmt: skip
    """Customers of a choice, and how many there are; what is not known stands last.

    ``by_spending``: at stake is spending instead of contribution.

    Raises
    ------
    KeyError
        For a reason, risk or order that does not exist.
    """
    sql, values = _chosen(facts, flt, choice, by_spending=by_spending)
    rows = facts.rows(
        f"""SELECT company_id, name, owner, segment, phase, purchase_days, silent, rhythm, turnover_e4, turnover_before_e4,
                   nps, nps_on, contact_on, contact_norm, has_norm, p_alive, recency, trend, feedback, contact, score,
                   coverage, risk, stake, round(stake * chance)::BIGINT, {", ".join(f"is_{name}" for name in REASONS)},
                   count(*) OVER ()
            FROM ({sql}) ORDER BY {ORDERS[order]} {"DESC" if descending else "ASC"} NULLS LAST, stake DESC NULLS LAST, company_id
            LIMIT ? OFFSET ?""",
        [*values, limit, offset],
    )
    if rows or not offset:
        return [_health(row) for row in rows], rows[0][-1] if rows else 0
    return [], facts.rows(f"SELECT count(*) FROM ({sql})", values)[0][0]


def warning_totals(
    facts: Facts, flt: FactFilter, choice: Choice, *, by_spending: bool
) -> WarningTotals:
    """How many customers give reason to worry, what is at stake, and how healthy all are.

    Health is of all customers of the filter and phase; the rest of those the choice lists. ``reasons``
    counts listed customers per reason, whatever reason is chosen; one may have several.
    """
    every = Choice(choice.phase, "", choice.risk, only_worries=False)
    sql, values = _chosen(facts, flt, every, by_spending=by_spending)
    listed = f"worries AND {f'is_{choice.reason}' if choice.reason else 'true'}"
    counts = ", ".join(f"count(*) FILTER (worries AND is_{name})" for name in REASONS)
    row = facts.rows(
        f"""SELECT count(score), avg(score), avg(coverage) FILTER (score IS NOT NULL), count(*) FILTER ({listed}),
                   sum(stake) FILTER ({listed})::BIGINT, round(sum(stake * chance) FILTER ({listed}))::BIGINT,
                   count(*) FILTER ({listed} AND (stake IS NULL OR chance IS NULL)), {counts}
            FROM ({sql})""",
        values,
    )[0]
    assessed, score, coverage, number, stake, loss, unknown = row[:7]
    return WarningTotals(
        assessed, score, coverage, number, _cents(stake), _cents(loss), unknown, dict(zip(REASONS, row[7:], strict=True))
    )  # fmt: skip


def _chosen(
    facts: Facts, flt: FactFilter, choice: Choice, *, by_spending: bool
) -> tuple[str, list[object]]:
    """SQL of the customers of a choice, with a column per reason."""
    del facts
    where, values = customer_where(flt)
    terms, more = [where], list(values)
    if choice.phase:
        terms.append("h.phase = ?")
        more.append(choice.phase)
    flags = ", ".join(f"coalesce({rule}, false) AS is_{name}" for name, rule in REASONS.items())
    any_reason = " OR ".join(f"coalesce({rule}, false)" for rule in REASONS.values())
    worries = f"h.silent <= {LONGEST_SILENCE} AND h.phase <> '{GONE}' AND ({any_reason})"
    if choice.only_worries:
        terms.append(f"({worries})")
    if choice.reason:
        terms.append(f"({REASONS[choice.reason]})")
    stake = "h.stays_spend_cents" if by_spending else "h.stays_value_cents"
    sql = f"""SELECT h.*, c.name, o.name AS owner, coalesce(c.segment, '') AS segment, {stake} AS stake,
                     {RISKS[choice.risk]} AS chance, {flags}, {worries} AS worries
              FROM {COMPANIES} WHERE {" AND ".join(terms)}"""
    return sql, more


def _health(row: tuple[Any, ...]) -> CustomerHealth:
    told, stake, loss, flags = row[:23], row[23], row[24], row[25:-1]
    plain = list(told)
    plain[8], plain[9] = amount_or_zero(told[8]), amount(told[9])
    reasons = tuple(name for name, applies in zip(REASONS, flags, strict=True) if applies)
    return CustomerHealth(*(*plain, _cents(stake), _cents(loss), reasons))


def _cents(value: int | None) -> Decimal | None:
    return None if value is None else (Decimal(value) / 100).quantize(Decimal("0.01"))
