"""What do calls come to once each caller's own record is heeded (F4.8), and where may deals end?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np

from koers_analytics.selling.pipeline_forecast import OpenDeal, sums_of

CENT = Decimal("0.01")
FEWEST_PERIODS = 6


@dataclass(frozen=True, slots=True)
class PastCall:
    """A period that is over: what was called for it, and what was won in it, in one currency."""

    start: date
    end: date
    called: Decimal
    won: Decimal

    @property
    def ratio(self) -> Decimal | None:
        """Won over called; None where nothing was called."""
        return self.won / self.called if self.called > 0 else None


@dataclass(frozen=True, slots=True)
class BiasFactor:
    """How a caller's past calls compare with what was won.

    ``mean`` is the mean of won/called over ``periods`` (None without any); ``low`` and ``high`` the
    least and the greatest of these ratios; ``pooled`` all won over all called. ``without_call`` are
    periods in which nothing (or zero) was called: they have no ratio.
    """

    mean: Decimal | None
    periods: int
    without_call: int
    low: Decimal | None
    high: Decimal | None
    pooled: Decimal | None

    @property
    def is_used(self) -> bool:
        """Whether there are periods enough (six) to go by."""
        return self.mean is not None and self.periods >= FEWEST_PERIODS

    @property
    def factor(self) -> Decimal:
        """By what a call is multiplied: the mean, or one while there are too few periods."""
        return self.mean if self.is_used and self.mean is not None else Decimal(1)


def bias_factor(past: Sequence[PastCall]) -> BiasFactor:
    """Mean of won/called over past periods (F4.8); not shrunk, but unused below six periods."""
    ratios = [each.ratio for each in past if each.ratio is not None]
    if not ratios:
        return BiasFactor(None, 0, len(past), None, None, None)
    counted = [each for each in past if each.called > 0]
    pooled = sum((each.won for each in counted), Decimal(0)) / sum((each.called for each in counted), Decimal(0))  # fmt: skip
    return BiasFactor(
        sum(ratios, Decimal(0)) / len(ratios), len(ratios), len(past) - len(ratios), min(ratios), max(ratios), pooled,
    )  # fmt: skip


def composite(calls: Iterable[tuple[Decimal, BiasFactor]]) -> Decimal:
    """Sum of calls, each times its caller's factor (F4.8), rounded to the cent call by call."""
    return sum(((called * bias.factor).quantize(CENT) for called, bias in calls), Decimal(0))


def deal_interval(deals: Sequence[OpenDeal], level: float = 0.8) -> tuple[float, float]:
    """Limits between which the sum of the deals that are won falls in the share ``level`` of outcomes.

    Every deal is won or lost by its chance, independently; see ``sums_of`` for how sums are counted.
    """
    values, odds = sums_of(deals)
    order = np.argsort(values, kind="stable")
    running = np.cumsum(odds[order])
    low, high = (
        float(values[order][min(int(np.searchsorted(running, edge - 1e-12)), len(values) - 1)])
        for edge in ((1 - level) / 2, (1 + level) / 2)
    )
    return low, high
