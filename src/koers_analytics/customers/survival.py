"""How long do customers stay, when most of them have not left yet?

Kaplan-Meier: the product over all days with departures of (1 - departures / customers at risk);
customers still buying are censored at the day they were last seen. Without a contract nobody
tells that he or she has left, so a departure is a rule: no purchase for ``silence`` days after the
last one, dated on that last purchase. The variance is Greenwood's, the interval that of the
log(-log) transformation (Kalbfleisch & Prentice), which stays between 0 and 1.
"""

from dataclasses import dataclass
from datetime import date
from math import exp, log, sqrt

from koers_analytics.customers.value.customer_table import DAY_SQL
from koers_analytics.engines.base import Connection

Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class SurvivalStep:
    """The curve from a day on: share (0-1) that stayed longer, with its 95 % interval."""

    days: int
    at_risk: int
    left: int
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Survival:
    """The whole curve; ``median_days`` is None where more than half stayed as long as one can see."""

    silence: int
    customers: int
    censored: int
    median_days: int | None
    steps: tuple[SurvivalStep, ...]

    def share_after(self, days: int) -> float:
        """Share that stayed longer than so many days."""
        share = 1.0
        for step in self.steps:
            if step.days > days:
                break
            share = step.share
        return share


def survival(connection: Connection, source: str, *, as_of: date, silence: int = 365) -> Survival:
    """Curve of the time between the first and the last purchase, ``as_of`` included.

    Raises
    ------
    ValueError
        For a silence of less than a day.
    """
    if silence < 1:
        raise ValueError("A customer has left after at least 1 day without a purchase.")
    daily = DAY_SQL.format(source=source, as_of=as_of.isoformat())
    rows = connection.execute(
        f"""SELECT date_diff('day', min(day), max(day)) AS stayed,
                   date_diff('day', max(day), DATE '{as_of.isoformat()}') >= {int(silence)} AS is_gone
            FROM ({daily}) WHERE bought > 0 OR credited = 0 GROUP BY customer"""
    ).fetchall()
    return kaplan_meier([(stayed, gone) for stayed, gone in rows], silence=silence)


def kaplan_meier(stays: list[tuple[int, bool]], *, silence: int = 365) -> Survival:
    """The curve of (days stayed, has left) pairs."""
    per_day: dict[int, list[int]] = {}
    for stayed, gone in stays:
        found = per_day.setdefault(stayed, [0, 0])
        found[0] += 1
        found[1] += gone
    at_risk, share, greenwood, steps = len(stays), 1.0, 0.0, []
    for days, (ended, left) in sorted(per_day.items()):
        if left:
            share *= 1 - left / at_risk
            greenwood += left / (at_risk * (at_risk - left)) if at_risk > left else 0.0
            steps.append(SurvivalStep(days, at_risk, left, share, *_interval(share, greenwood)))
        at_risk -= ended
    median = next((step.days for step in steps if step.share <= 0.5), None)
    censored = sum(not gone for _stayed, gone in stays)
    return Survival(silence, len(stays), censored, median, tuple(steps))


def _interval(share: float, greenwood: float) -> tuple[float, float]:
    if not 0 < share < 1:
        return share, share
    width = Z95 * sqrt(greenwood) / abs(log(share))
    return share ** exp(width), share ** exp(-width)
