"""What will each of many series be, within which limits, and by which method?"""

import multiprocessing
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from koers_analytics.forecast.backtest import Judged, judge
from koers_analytics.forecast.intervals import Calibration, calibrate
from koers_analytics.forecast.methods import NAIVES
from koers_analytics.forecast.series_file import Series

Numbers = NDArray[np.float64]

MANY, VERY_MANY = 400, 2_000
WORTH_A_PROCESS = 100
SCALE_OF_ONE_POINT = 0.3
LONGEST_HORIZON = 10_000


@dataclass(frozen=True, slots=True)
class Forecast:
    """The next steps of one series: a value, limits per level (percent), the method.

    ``back_test`` is the mean absolute error per method at the rolling origins, the chosen one first,
    naive ones beside; empty where the series is too short.
    """

    series: Series
    method: str
    values: Numbers
    lows: dict[float, Numbers]
    highs: dict[float, Numbers]
    back_test: dict[str, float]
    scale: float
    errors: Numbers


def forecast_many(
    series: Sequence[Series],
    *,
    horizon: int,
    levels: Sequence[float] = (80, 95),
    workers: int | None = None,
) -> list[Forecast]:
    """Forecast every series over the next ``horizon`` steps, with intervals at ``levels`` percent.

    Three rolling origins per series, two above 400 series, one above 2,000. Intervals are scaled
    conformal: see ``intervals.calibrate``. Works in ``workers`` processes (one per core).

    Raises
    ------
    ValueError
        For a horizon below 1 or above 10,000, a level outside 0-100, or no series.
    """
    _check(series, horizon, levels)
    origins = 3 if len(series) <= MANY else 2 if len(series) <= VERY_MANY else 1
    judged = _judge_all(series, horizon, origins, workers or os.cpu_count() or 1)
    kinds = [(one.grid.season_length, found.intermittent) for one, found in zip(series, judged, strict=True)]  # fmt: skip
    calibrations = {
        kind: calibrate([found.calibration_errors() for found, own in zip(judged, kinds, strict=True) if own == kind])
        for kind in set(kinds)
    }  # fmt: skip
    usual = _usual_scale(series, judged)
    return [
        _forecast(one, found, calibrations[kind], levels, usual)
        for one, found, kind in zip(series, judged, kinds, strict=True)
    ]


def _check(series: Sequence[Series], horizon: int, levels: Sequence[float]) -> None:
    if not series:
        raise ValueError("There is no series to forecast.")
    if not 1 <= horizon <= LONGEST_HORIZON:
        raise ValueError(f"The horizon must lie between 1 and {LONGEST_HORIZON:,}, not {horizon}.")
    wrong = [level for level in levels if not 0 < level < 100]
    if wrong:
        raise ValueError(f"A level must lie between 0 and 100 percent, not {wrong[0]:g}.")


def _judge_all(series: Sequence[Series], horizon: int, origins: int, workers: int) -> list[Judged]:
    one = partial(_judge_one, horizon=horizon, origins=origins)
    tasks = [(each.values, each.grid.season_length) for each in series]
    if workers == 1 or len(tasks) < WORTH_A_PROCESS:
        return [one(task) for task in tasks]
    context = multiprocessing.get_context("spawn")
    chunk = max(1, min(20, len(tasks) // (4 * workers)))
    with ProcessPoolExecutor(
        min(workers, len(tasks)), mp_context=context, initializer=_one_thread
    ) as pool:
        return list(pool.map(one, tasks, chunksize=chunk))


def _one_thread() -> None:
    """A process per core: threads inside one would only wait for each other."""
    from threadpoolctl import threadpool_limits  # noqa: PLC0415 -- only in a process of its own

    threadpool_limits(1)


def _judge_one(task: tuple[Numbers, int], *, horizon: int, origins: int) -> Judged:
    return judge(task[0], task[1], horizon, origins)


def _usual_scale(series: Sequence[Series], judged: Sequence[Judged]) -> float:
    """Scale over level of a middling series; for series of one point, which have none."""
    shares = [
        found.fits.scale / level
        for one, found in zip(series, judged, strict=True)
        if found.fits.scale > 0 and (level := float(np.abs(one.values).mean())) > 0
    ]
    return float(np.median(shares)) if shares else SCALE_OF_ONE_POINT


def _forecast(
    series: Series, judged: Judged, calibration: Calibration, levels: Sequence[float], usual: float
) -> Forecast:
    values, scale = judged.forecast, judged.fits.scale
    if len(series.values) == 1:
        scale = usual * abs(float(series.values[0]))
    floor = 0.0 if bool((series.values >= 0).all()) else -np.inf
    lows, highs = {}, {}
    for level in levels:
        half = calibration.half_widths(scale, len(values), level / 100)
        lows[level] = np.maximum(values - half, floor)
        highs[level] = values + half
    errors = judged.mean_absolute_errors
    shown = {name: errors[name] for name in (judged.method, *errors) if name in errors}
    return Forecast(
        series, judged.method, values, lows, highs, shown, scale, judged.fits.errors
    )  # fmt: skip


def beats_naive(forecasts: Sequence[Forecast]) -> tuple[int, int]:
    """Of how many series with a back-test the forecast was closer than the best naive one."""
    tested = [f for f in forecasts if f.back_test and any(n in f.back_test for n in NAIVES)]
    better = sum(
        next(iter(f.back_test.values())) <= min(f.back_test[n] for n in NAIVES if n in f.back_test)
        for f in tested
    )
    return better, len(tested)
