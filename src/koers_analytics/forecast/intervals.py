"""How wide must an interval be to hold the share of outcomes it promises?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

PRIOR_SERIES = 8.0
PRIOR_GROWTH = 0.35
PRIOR_FREEDOM = 5
PRIOR_SCALE = 1.2
MOST = 0.999


@dataclass(frozen=True, slots=True)
class Calibration:
    """Half widths in units of a series' scale: ``width(level)`` × ahead ** ``growth``."""

    growth: float
    residuals: Numbers
    weights: Numbers
    series: int

    def width(self, level: float) -> float:
        """Half width one step ahead that holds a share ``level`` (0-1) of the pooled errors.

        The share asked is raised by 1/N of it as in split conformal prediction, N being the number of
        series (errors of one series are not independent) and those of the prior, in the part that was
        observed.
        """
        count = self.series + PRIOR_SERIES
        share = min(MOST, level * (1 + self.series / count**2))
        position = np.cumsum(self.weights) / self.weights.sum()
        return float(self.residuals[min(int(np.searchsorted(position, share)), len(position) - 1)])

    def half_widths(self, scale: float, horizon: int, level: float) -> Numbers:
        """Half widths of the steps 1..horizon, in the unit of the series."""
        ahead = np.arange(1, horizon + 1, dtype=np.float64)
        return scale * self.width(level) * ahead**self.growth


def calibrate(series: Iterable[Sequence[tuple[float, Numbers]]]) -> Calibration:
    """Pool the back-test errors of series of like frequency and kind (scaled conformal prediction).

    Each series gives pairs of scale and errors per origin. Errors are divided by the scale and by the
    growth with the horizon (a power of it); each series counts once. Eight series' worth of a Student
    t with 5 degrees of freedom, growing with ahead ** 0.35, stands in for what a small pool cannot
    tell: with many series it weighs nothing, with one or none it is what there is.
    """
    pooled = [scaled for one in series if (scaled := [errors / scale for scale, errors in one if scale > 0 and len(errors)])]  # fmt: skip
    growth = _growth([errors for one in pooled for errors in one], len(pooled))
    residuals, weights = [_prior()], [np.full(len(_prior()), PRIOR_SERIES / len(_prior()))]
    for one in pooled:
        flat = np.concatenate(
            [np.abs(e) / np.arange(1, len(e) + 1, dtype=np.float64) ** growth for e in one]
        )
        residuals.append(flat)
        weights.append(np.full(len(flat), 1 / len(flat)))
    together, weight = np.concatenate(residuals), np.concatenate(weights)
    order = np.argsort(together)
    return Calibration(growth, together[order], weight[order], len(pooled))


def _prior() -> Numbers:
    from scipy.stats import t  # noqa: PLC0415 -- slow import

    shares = (np.arange(400) + 0.5) / 400
    return np.asarray(PRIOR_SCALE * t.ppf((1 + shares) / 2, PRIOR_FREEDOM), dtype=np.float64)


def _growth(errors: Sequence[Numbers], series: int) -> float:
    """The power of the horizon with which errors grow, between 0 and 1."""
    longest = max((len(one) for one in errors), default=0)
    if longest < 2 or not series:
        return PRIOR_GROWTH
    sums, counts = np.zeros(longest), np.zeros(longest)
    for one in errors:
        # a single wild series must not set the growth of all: errors count up to ten scales
        sums[: len(one)] += np.minimum(np.abs(one), 10)
        counts[: len(one)] += 1
    kept = sums > 0
    if kept.sum() < 2:
        return PRIOR_GROWTH
    ahead = np.log(np.arange(1, longest + 1)[kept])
    size = np.log(sums[kept] / counts[kept])
    weight = counts[kept]
    middle = float((weight * ahead).sum() / weight.sum())
    slope = float((weight * (ahead - middle) * size).sum() / (weight * (ahead - middle) ** 2).sum())
    blended = (series * slope + PRIOR_SERIES * PRIOR_GROWTH) / (series + PRIOR_SERIES)
    return min(1.0, max(0.0, blended))
