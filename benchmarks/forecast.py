"""How close do forecasts come, how honest are their intervals, how long do they take, beside peers?

``python benchmarks/forecast.py [FOLDER]`` reads the M3 sales series (``m3_sales_200.csv.gz`` with its info
file) and prints per frequency sMAPE (mean of series and over all points), MASE and coverage of 80 and 95 %
intervals, beside plain AutoETS, Theta, Comb (mean of simple, Holt's and damped smoothing) and the seasonal
naive forecast in the same run; then seconds for 1,000 monthly series. The exit code tells whether all
limits hold. Without the folder only the speed is measured, on made series.
"""

import csv
import gzip
import os
import sys
import time
import warnings
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from koers_analytics.forecast.forecasting import forecast_many
from koers_analytics.forecast.grid import Grid
from koers_analytics.forecast.season import season_of
from koers_analytics.forecast.series_file import Series

PERIODS = {"MONTHLY": "M", "QUARTERLY": "Q", "YEARLY": "Y"}
LEVELS = (80, 95)
SECONDS, POINTS = 60.0, 0.03
OWN, ETS, THETA, COMB, NAIVE = "Koers", "AutoETS", "Theta", "Comb", "seasonal naive"


@dataclass
class Score:
    """Errors and coverage of one forecaster."""

    smape: list[np.ndarray] = field(default_factory=list)
    mase: list[float] = field(default_factory=list)
    inside: dict[int, list[np.ndarray]] = field(
        default_factory=lambda: {level: [] for level in LEVELS}
    )
    seconds: float = 0.0

    def add(self, past, actual, season, values, limits=None):
        """Count one series."""
        self.smape.append(200 * np.abs(actual - values) / (np.abs(actual) + np.abs(values)))
        step = season if len(past) > season else 1
        self.mase.append(
            float(np.mean(np.abs(actual - values)) / np.mean(np.abs(past[step:] - past[:-step])))
        )
        for level, (low, high) in (limits or {}).items():
            self.inside[level].append((actual >= low) & (actual <= high))

    def row(self):
        """What is printed, and checked."""
        shares = [np.concatenate(i).mean() if i else None for i in self.inside.values()]
        return [
            np.mean([e.mean() for e in self.smape]),
            np.concatenate(self.smape).mean(),
            np.mean(self.mase),
            *shares,
        ]


def peers(past, season, horizon):
    """Forecasts of the peers, with AutoETS's own limits."""
    from statsforecast import models

    ets = models.AutoETS(season).forecast(y=past, h=horizon, level=list(LEVELS))
    yield ETS, ets["mean"], {level: (ets[f"lo-{level}"], ets[f"hi-{level}"]) for level in LEVELS}
    yield THETA, models.Theta(season).forecast(y=past, h=horizon)["mean"], None
    found = season_of(past, season)
    plain = found.removed(past)
    three = [
        models.AutoETS(1, model=model, damped=damped).forecast(y=plain, h=horizon)["mean"]
        for model, damped in (("ANN", None), ("AAN", False), ("AAN", True))
    ]
    yield COMB, found.restored(np.mean(three, axis=0), len(past)), None
    yield NAIVE, models.SeasonalNaive(season).forecast(y=past, h=horizon)["mean"], None


def read(folder):
    """Training series with what came after them, per frequency."""
    info = {row["series"]: row for row in csv.DictReader((folder / "m3_sales_200_info.csv").open())}
    parts = {"train": defaultdict(list), "test": defaultdict(list)}
    with gzip.open(folder / "m3_sales_200.csv.gz", "rt") as stream:
        for row in csv.DictReader(stream):
            parts[row["part"]][row["series"]].append(float(row["value"]))
    for period, frequency in PERIODS.items():
        names = [name for name in info if info[name]["period"] == period]
        series = [
            Series(n, Grid(frequency, whole=True), 1, np.array(parts["train"][n])) for n in names
        ]
        yield period, series, [np.array(parts["test"][name]) for name in names]


def accuracy(folder):
    """Print per frequency and for all; answer the scores of all."""
    total = defaultdict(Score)
    for period, series, actuals in read(folder):
        scores = defaultdict(Score)
        horizon, season = len(actuals[0]), series[0].grid.season_length
        begin = time.perf_counter()
        for one, actual in zip(forecast_many(series, horizon=horizon), actuals, strict=True):
            limits = {level: (one.lows[level], one.highs[level]) for level in LEVELS}
            for score in (scores[OWN], total[OWN]):
                score.add(one.series.values, actual, season, one.values, limits)
        scores[OWN].seconds = time.perf_counter() - begin
        for one, actual in zip(series, actuals, strict=True):
            for name, values, limits in peers(one.values, season, horizon):
                for score in (scores[name], total[name]):
                    score.add(one.values, actual, season, values, limits)
        show(f"{period} ({len(series)})", scores)
    show("ALL", total)
    return total


def show(title, scores):
    """One table."""
    print(f"\n{title:18}{'sMAPE':>9}{'points':>9}{'MASE':>8}{'80 %':>8}{'95 %':>8}")
    for name, score in scores.items():
        smape, points, mase, *shares = score.row()
        cells = "".join(
            f"{'–' if share is None else format(100 * share, '.1f'):>8}" for share in shares
        )
        print(f"{name:18}{smape:9.3f}{points:9.3f}{mase:8.3f}{cells}")


def made_series(count):
    """Monthly series of 60 to 132 points with trend, season and noise, from a fixed seed."""
    rng = np.random.default_rng(11)
    series = []
    for number in range(count):
        length = int(rng.integers(60, 133))
        t = np.arange(length)
        season = 1 + rng.uniform(0, 0.4) * np.sin(2 * np.pi * (t + rng.integers(12)) / 12)
        level = (
            rng.lognormal(6, 1)
            * (1 + rng.normal(0, 0.004)) ** t
            * np.exp(np.cumsum(rng.normal(0, 0.03, length)))
        )
        series.append(
            Series(
                f"s{number}",
                Grid("M", whole=True),
                1,
                level * season * rng.lognormal(0, 0.1, length),
            )
        )
    return series


def speed():
    """Seconds for 1,000 monthly series with intervals, on two processes; AutoETS per 1,000 beside it."""
    from statsforecast import models

    series = made_series(1000)
    begin = time.perf_counter()
    forecast_many(series, horizon=18, workers=2)
    own = time.perf_counter() - begin
    begin = time.process_time()
    for one in series[:50]:
        models.AutoETS(12).forecast(y=one.values, h=18, level=list(LEVELS))
    peer = (time.process_time() - begin) * 20 / 2
    print(
        f"\n1,000 monthly series, 18 ahead, 2 processes: {own:.1f} s (limit {SECONDS:.0f});"
        f" plain AutoETS without back-test: {peer:.1f} s (50 series, scaled to 1,000 on two cores)"
    )
    return own <= SECONDS


def main():
    """Measure and judge."""
    warnings.simplefilter("ignore")
    shared = Path(
        os.environ.get("KOERS_SHARED_DATA", Path(__file__).parents[1] / ".." / "shared" / "data")
    )
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else shared / "m3"
    held = speed()
    if not (folder / "m3_sales_200.csv.gz").exists():
        print(f"No M3 series in {folder}: accuracy is not measured.")
        return 0 if held else 1
    scores = accuracy(folder)
    own = scores[OWN].row()
    for name in (ETS, THETA, COMB, NAIVE):
        other = scores[name].row()
        held &= own[0] < other[0] and own[1] < other[1]
    held &= all(
        abs(share - level / 100) <= POINTS for share, level in zip(own[3:], LEVELS, strict=True)
    )
    print("\nAll limits hold." if held else "\nA limit is passed.")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
