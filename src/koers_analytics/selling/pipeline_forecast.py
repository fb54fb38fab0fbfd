"""What may the open deals bring (F4.7), and how likely is it that a target is made?"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum

import numpy as np
from numpy.typing import NDArray

from koers_analytics.forecast.run_rate import RunRate

Numbers = NDArray[np.float64]
EXACT_UP_TO = 12
STEPS = 4_000


@dataclass(frozen=True, slots=True)
class OpenDeal:
    """An open deal: its amount in whole currency units (0 or more), and its chance to be won (0-1)."""

    amount: float
    chance: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """Turnover at the end of a period: mean, limits, and the chance (0-1) to reach the target."""

    mean: float
    low: float
    high: float
    chance: float


def weighted(deals: Sequence[OpenDeal]) -> float:
    """Sum of amount times chance (F4.7)."""
    return fsum(deal.amount * deal.chance for deal in deals)


def sums_of(deals: Sequence[OpenDeal]) -> tuple[Numbers, Numbers]:
    """What all deals together may bring, and how likely each sum is; deals are won independently.

    Up to twelve deals: every combination, exactly. Above: convolution on a grid of 4,000 steps, each
    amount split over its two nearest steps, so that the mean stays exact.
    """
    real = [deal for deal in deals if deal.amount > 0 and deal.chance > 0]
    if len(real) <= EXACT_UP_TO:
        values, odds = np.zeros(1), np.ones(1)
        for deal in real:
            values = np.concatenate((values, values + deal.amount))
            odds = np.concatenate((odds * (1 - deal.chance), odds * deal.chance))
        return values, odds
    step = fsum(deal.amount for deal in real) / STEPS
    odds = np.zeros(STEPS + len(real) + 1)
    odds[0] = 1.0
    for deal in real:
        whole, rest = divmod(deal.amount / step, 1)
        place = int(whole)
        won = np.zeros_like(odds)
        won[place:] += odds[: len(odds) - place] * (1 - rest)
        won[place + 1 :] += odds[: len(odds) - place - 1] * rest
        odds = odds * (1 - deal.chance) + won * deal.chance
    return np.arange(len(odds), dtype=np.float64) * float(step), odds


def outcome(
    *,
    target: float,
    actual: float,
    rest: RunRate,
    deals: Sequence[OpenDeal],
    level: float = 0.8,
) -> Outcome:
    """Where a period ends: what was sold, what the pace brings, and the open deals that are won.

    ``level`` is the share of outcomes between the limits. The errors of the pace and the results of
    the deals are taken as independent; so are the deals of each other.
    """
    sums, odds = sums_of(deals)
    start = actual + rest.expected
    values = (start + rest.errors[:, None] + sums[None, :]).ravel()
    weights = np.repeat(1 / len(rest.errors), len(rest.errors))[:, None] * odds[None, :]
    flat = weights.ravel()
    order = np.argsort(values, kind="stable")
    running = np.cumsum(flat[order])
    low, high = (
        float(values[order][min(int(np.searchsorted(running, edge)), len(values) - 1)])
        for edge in ((1 - level) / 2, (1 + level) / 2)
    )
    reached = float(flat[values >= target - 1e-9].sum())
    return Outcome(start + weighted(deals), low, high, min(max(reached, 0.0), 1.0))
