"""How does each person do on the two figures of an account manager (S2.39, S2.40, S2.44)?"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from koers.analyse.figures.turnover import turnover_of
from koers.core.actor import Actor
from koers.core.periods import last_twelve_months, year_before
from koers.plan.figures.attainment import attainment_of


@dataclass(frozen=True, slots=True)
class Scorecard:
    """Twelve months of one seller beside the twelve before; shares 0-1."""

    person_id: int
    name: str
    turnover: Decimal
    growth: Decimal | None
    margin: Decimal | None
    margin_change: Decimal | None
    discount_share: Decimal | None
    customers: int
    attainment: Decimal | None
    elapsed: Decimal | None


def scorecards(*, actor: Actor, today: date) -> list[Scorecard]:
    """One card per seller with turnover; attainment is that of the running period."""
    period = last_twelve_months(today)
    now = turnover_of(actor=actor, period=period, by=["seller"])
    before = {
        row.keys[0]: row.measures
        for row in turnover_of(actor=actor, period=year_before(period), by=["seller"]).rows
    }
    running = {
        each.key: each
        for each in attainment_of(actor=actor, today=today, by="seller")
        if each.period_start <= today < each.period_end
    }
    return [
        _card(row, before.get(row.keys[0]), running.get(row.keys[0]))
        for row in now.rows
        if row.keys[0] is not None
    ]


def _card(row: Any, before: Any, running: Any) -> Scorecard:
    margin = row.measures.margin
    earlier = before.margin if before else None
    growth = (
        (row.measures.turnover - before.turnover) / before.turnover
        if before and before.turnover
        else None
    )
    return Scorecard(
        row.keys[0], row.labels[0] or "–", row.measures.turnover, growth, margin, None if margin is None or earlier is None else margin - earlier,
        row.measures.discount_share, row.measures.customers, running.share if running else None, running.elapsed if running else None,
    )  # fmt: skip
