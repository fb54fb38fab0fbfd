"""What does each method say of a series, and what do they say together?"""

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from koers_analytics.forecast.season import season_of

Numbers = NDArray[np.float64]

ENSEMBLE = "Ensemble"
INTERMITTENT = "IntermittentEnsemble"
CONSTANT = "Constant"
NAIVE = "Naive"
SEASONAL_NAIVE = "SeasonalNaive"
NAIVES = (NAIVE, SEASONAL_NAIVE)

LONGEST_ETS_SEASON = 24
FEWEST = 4
ZEROS = 0.3
WILD = 20.0


@dataclass(frozen=True, slots=True)
class Fits:
    """What the methods say of the next steps.

    ``forecasts`` per method, the ensemble first; ``scale`` is the mean absolute one-step error within
    the series, ``errors`` these errors; ``form`` is the form of exponential smoothing found.
    """

    forecasts: dict[str, Numbers]
    scale: float
    errors: Numbers
    form: str = ""


def is_intermittent(y: Numbers) -> bool:
    """Whether demand is sporadic: nothing below 0, 30 % or more of the values 0, not all."""
    zeros = float((y == 0).mean())
    return bool((y >= 0).all()) and ZEROS <= zeros < 1


def fit_methods(y: Numbers, season_length: int, horizon: int, *, form: str = "") -> Fits:
    """All methods that suit the series, and their ensemble.

    Smooth series: ETS with damped trend (its form sought by AICc, or ``form`` taken over), dynamic
    optimised Theta, dynamic Theta, complex and damped exponential smoothing, the last four on the
    series without its shrunk season. The ensemble is their mean per step without the lowest and the
    highest. Sporadic series: Croston by Syntetos and Boylan, TSB, ADIDA and their mean. A series that
    never goes below 0 gets no forecast below 0.
    """
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        if len(y) == 0 or bool((y == y[0]).all()):
            return Fits({CONSTANT: np.full(horizon, y[0])}, 0.0, np.zeros(len(y)))
        fits = _sporadic(y, horizon) if is_intermittent(y) else _smooth(y, season_length, horizon, form)  # fmt: skip
    forecasts = {**fits.forecasts, **naives(y, season_length, horizon)}
    if (y >= 0).all():
        forecasts = {name: np.maximum(values, 0) for name, values in forecasts.items()}
    return Fits(forecasts, fits.scale, fits.errors, fits.form)


def naives(y: Numbers, season_length: int, horizon: int) -> dict[str, Numbers]:
    """The last value, and the value of the same place in the last season (F4.6's yardsticks)."""
    found = {NAIVE: np.full(horizon, y[-1])}
    if 1 < season_length <= len(y):
        found[SEASONAL_NAIVE] = y[len(y) - season_length + np.arange(horizon) % season_length]
    return found


def together(forecasts: list[Numbers]) -> Numbers:
    """Mean per step; of four or more without the lowest and the highest, of three the median."""
    sorted_ = np.sort(np.array(forecasts), axis=0)
    if len(sorted_) >= 3:
        sorted_ = sorted_[1:-1]
    return np.asarray(sorted_.mean(axis=0), dtype=np.float64)


def _smooth(y: Numbers, season_length: int, horizon: int, form: str) -> Fits:
    from statsforecast import models  # noqa: PLC0415 -- slow import

    season = season_of(y, season_length)
    plain = season.removed(y)
    errors = np.diff(plain)
    found: dict[str, Numbers] = {}

    def adjusted(model: object) -> Callable[[], Numbers]:
        return lambda: season.restored(_mean(model.forecast(y=plain, h=horizon)), len(y))  # type: ignore[attr-defined]

    def theta() -> Numbers:
        nonlocal errors
        said = models.DynamicOptimizedTheta(1).forecast(y=plain, h=horizon, fitted=True)
        errors = (plain - np.asarray(said["fitted"], dtype=np.float64))[1:]
        return season.restored(_mean(said), len(y))

    def smoothing() -> Numbers:
        nonlocal form
        values, form = _ets(y, plain, season_length, horizon, form)
        return values if _ets_season(y, season_length) else season.restored(values, len(y))

    wanted: dict[str, Callable[[], Numbers]] = {
        "ETS": smoothing,
        "DynamicOptimizedTheta": theta,
        "DynamicTheta": adjusted(models.DynamicTheta(1)),
        "CES": adjusted(models.AutoCES(1)),
        "DampedTrend": adjusted(models.AutoETS(1, model="AAN", damped=True)),
    }
    for name, method in wanted.items() if len(y) >= FEWEST else ():
        values = _tried(method)
        if values is not None and _sane(values, y):
            found[name] = values
    if len(found) < 2:
        found[NAIVE] = np.full(horizon, y[-1])
    errors = errors[np.isfinite(errors)]
    scale = float(np.abs(errors).mean()) if len(errors) else 0.0
    if len(y) < FEWEST:
        return Fits({NAIVE: found[NAIVE]}, scale, errors)
    return Fits({ENSEMBLE: together(list(found.values())), **found}, scale, errors, form)


def _ets_season(y: Numbers, season_length: int) -> bool:
    return 1 < season_length <= LONGEST_ETS_SEASON and len(y) > 2 * season_length + 1


def _ets(
    y: Numbers, plain: Numbers, season_length: int, horizon: int, form: str
) -> tuple[Numbers, str]:
    """ETS with a damped trend on the series itself, or without season where that is too long for it."""
    from statsforecast import models  # noqa: PLC0415 -- slow import

    own = _ets_season(y, season_length)
    length, values = (season_length, y) if own else (1, plain)
    positive = bool((values > 0).all())
    if not form or (not own and form[2] != "N") or (not positive and "M" in form[:3]):
        form = "ZZZ"
    model = models.AutoETS(length, model=form, damped=True).fit(values)
    forecast = _mean(model.predict(h=horizon))
    return forecast, str(model.model_["components"])[:3]


def _sporadic(y: Numbers, horizon: int) -> Fits:
    from statsforecast import models  # noqa: PLC0415 -- slow import

    found: dict[str, Numbers] = {}
    for name, model in {
        "CrostonSBA": models.CrostonSBA(),
        "TSB": models.TSB(0.1, 0.1),
        "ADIDA": models.ADIDA(),
    }.items():
        values = _tried(lambda model=model: _mean(model.forecast(y=y, h=horizon)))  # type: ignore[misc]
        if values is not None and _sane(values, y):
            found[name] = values
    if not found:
        found["Mean"] = np.full(horizon, y.mean())
    errors = y - y.mean()
    ensemble = np.asarray(np.mean(list(found.values()), axis=0), dtype=np.float64)
    return Fits({INTERMITTENT: ensemble, **found}, float(np.abs(errors).mean()), errors)


def _tried(method: Callable[[], Numbers]) -> Numbers | None:
    """A method's forecast; none where the library cannot fit it (too short, no form found)."""
    try:
        return method()
    except Exception:  # noqa: BLE001 -- the library raises bare Exception, IndexError, ZeroDivisionError
        return None


def _mean(said: dict[str, object]) -> Numbers:
    return np.asarray(said["mean"], dtype=np.float64)


def _sane(values: Numbers, y: Numbers) -> bool:
    """Whether all values are finite and none lies twenty times the series' own spread beyond it."""
    spread = float(y.max() - y.min())
    return bool(
        np.isfinite(values).all()
        and values.min() >= y.min() - WILD * spread
        and values.max() <= y.max() + WILD * spread
    )
