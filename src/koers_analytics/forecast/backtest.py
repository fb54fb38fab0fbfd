"""How did each method do on the series' own past, and does one clearly beat the ensemble?"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from koers_analytics.forecast.methods import Fits, fit_methods, is_intermittent

Numbers = NDArray[np.float64]

CLEARLY = 0.7
ORIGINS_TO_CHOOSE = 2
SHORTEST = 5


@dataclass(frozen=True, slots=True)
class Origin:
    """A forecast made as if the series ended at ``end``: errors (actual − forecast) per method."""

    end: int
    scale: float
    errors: dict[str, Numbers]


@dataclass(frozen=True, slots=True)
class Judged:
    """A series with its forecast, the method chosen, and how the methods did in the back-test."""

    method: str
    forecast: Numbers
    fits: Fits
    origins: tuple[Origin, ...]
    intermittent: bool

    @property
    def mean_absolute_errors(self) -> dict[str, float]:
        """Mean absolute error per method over all origins and steps (MAD of F4.6)."""
        return {
            name: float(np.mean(np.abs(np.concatenate([o.errors[name] for o in self.origins]))))
            for name in self._everywhere()
        }

    def _everywhere(self) -> list[str]:
        if not self.origins:
            return []
        return [
            name
            for name in self.fits.forecasts
            if all(name in origin.errors for origin in self.origins)
        ]

    def calibration_errors(self) -> list[tuple[float, Numbers]]:
        """Scale and errors of the method that was chosen, or of the leading one, per origin."""
        found = []
        for origin in self.origins:
            name = self.method if self.method in origin.errors else next(iter(origin.errors))
            found.append((origin.scale, origin.errors[name]))
        return found


def origins_of(length: int, season_length: int, horizon: int, count: int) -> list[int]:
    """Where the past is cut: the last whole horizon first, then a third of a horizon earlier each.

    A series too short for that is cut where two seasons (four values without season) remain.
    """
    least = 2 * season_length + 1 if season_length > 1 else SHORTEST
    if length < least + 2:
        least = SHORTEST
    if length <= least:
        return []
    step = max(1, horizon // 3)
    ends = [max(least, length - horizon) - k * step for k in range(count)]
    return [end for end in ends if end >= least]


def judge(y: Numbers, season_length: int, horizon: int, origins: int) -> Judged:
    """Fit, back-test at rolling origins and choose.

    The ensemble is kept unless one method (a naive one included) was at least 30 % more accurate in
    mean absolute error over two origins or more, and more accurate at each: on short pasts a smaller
    lead is chance, and choosing by it loses accuracy. Sporadic demand is judged by the root of the mean
    squared error: the least absolute error there goes to whoever says that nothing is sold.
    """
    tested: list[Origin] = []
    form = ""
    for end in sorted(origins_of(len(y), season_length, horizon, origins)):
        fits = fit_methods(y[:end], season_length, horizon, form=form)
        form = fits.form
        actual = y[end : end + horizon]
        errors = {name: actual - values[: len(actual)] for name, values in fits.forecasts.items()}
        tested.append(Origin(end, fits.scale, errors))
    whole = fit_methods(y, season_length, horizon)
    intermittent = is_intermittent(y)
    method = _chosen(whole, tested, _root_mean_square if intermittent else _mean_absolute)
    return Judged(method, whole.forecasts[method], whole, tuple(tested), intermittent)


def _mean_absolute(errors: Numbers) -> float:
    return float(np.abs(errors).mean())


def _root_mean_square(errors: Numbers) -> float:
    return float(np.sqrt((errors**2).mean()))


def _chosen(fits: Fits, tested: list[Origin], size: Callable[[Numbers], float]) -> str:
    leading = next(iter(fits.forecasts))
    if len(tested) < ORIGINS_TO_CHOOSE or any(leading not in origin.errors for origin in tested):
        return leading
    own = np.array([size(origin.errors[leading]) for origin in tested])
    best, lead = leading, CLEARLY
    for name in fits.forecasts:
        if name == leading or any(name not in origin.errors for origin in tested):
            continue
        other = np.array([size(origin.errors[name]) for origin in tested])
        share = float(other.mean() / own.mean()) if own.mean() > 0 else 1.0
        if share <= lead and bool((other < own).all()):
            best, lead = name, share
    return best
