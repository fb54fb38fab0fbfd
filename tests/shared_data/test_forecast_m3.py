"""Are 200 sales series of the M3 competition forecast more closely than by Theta and by Comb?"""

import csv
import gzip
from collections import defaultdict

import numpy as np
import pytest
from tests.beside import beside

from koers_analytics.forecast.forecasting import forecast_many
from koers_analytics.forecast.grid import Grid
from koers_analytics.forecast.methods import fit_methods
from koers_analytics.forecast.series_file import Series

GRIDS = {"MONTHLY": Grid("M", whole=True), "QUARTERLY": Grid("Q", whole=True), "YEARLY": Grid("Y", whole=True)}  # fmt: skip

pytestmark = [pytest.mark.shared_data, pytest.mark.slow]


def smape(actual, forecast):
    return float(200 * np.mean(np.abs(actual - forecast) / (np.abs(actual) + np.abs(forecast))))


@pytest.fixture(scope="module")
def parts():
    data = beside("m3")
    info = {row["series"]: row for row in csv.DictReader((data / "m3_sales_200_info.csv").open())}
    values = {"train": defaultdict(list), "test": defaultdict(list)}
    with gzip.open(data / "m3_sales_200.csv.gz", "rt") as stream:
        for row in csv.DictReader(stream):
            values[row["part"]][row["series"]].append(float(row["value"]))
    found = []
    for period, grid in GRIDS.items():
        names = [name for name in info if info[name]["period"] == period]
        series = [Series(name, grid, 1, np.array(values["train"][name])) for name in names]
        horizon = int(info[names[0]]["h"])
        answers = forecast_many(series, horizon=horizon, workers=2)
        found += [(one, np.array(values["test"][one.series.unique_id])) for one in answers]
    return found


def test_mean_smape_is_below_theta_and_comb(parts):
    from statsforecast import models

    own, theta, naive = [], [], []
    for answer, actual in parts:
        y, season = answer.series.values, answer.series.grid.season_length
        own.append(smape(actual, answer.values))
        theta.append(smape(actual, models.Theta(season).forecast(y=y, h=len(actual))["mean"]))
        said = fit_methods(y, season, len(actual)).forecasts
        naive.append(smape(actual, said.get("SeasonalNaive", said["Naive"])))
    assert len(own) == 200
    assert np.mean(naive) == pytest.approx(20.345, abs=0.001)
    assert np.mean(theta) == pytest.approx(16.90, abs=0.05)
    assert np.mean(own) < 16.3


def test_intervals_cover_within_three_points(parts):
    for level in (80, 95):
        inside = np.concatenate([(y >= f.lows[level]) & (y <= f.highs[level]) for f, y in parts])
        assert inside.mean() == pytest.approx(level / 100, abs=0.03)
