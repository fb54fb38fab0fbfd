"""Do forecasts survive every kind of series, keep to their grid, and promise no more than they hold?"""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from koers_analytics.forecast.backtest import judge, origins_of
from koers_analytics.forecast.forecasting import beats_naive, forecast_many
from koers_analytics.forecast.grid import Grid, grid_of
from koers_analytics.forecast.intervals import calibrate
from koers_analytics.forecast.methods import fit_methods, is_intermittent, together
from koers_analytics.forecast.season import season_of
from koers_analytics.forecast.series_file import Series, SeriesFileError, read_series


def monthly(values, name="a"):
    return Series(name, Grid("M"), 2020 * 12, np.array(values, dtype=float))


def written(tmp_path, *rows, header="unique_id,ds,y"):
    path = tmp_path / "series.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("frequency", "last", "following"),
    [
        ("D", ["2026-02-27", "2026-02-28"], ["2026-03-01", "2026-03-02"]),
        ("W", ["2026-02-16", "2026-02-23"], ["2026-03-02", "2026-03-09"]),
        ("M", ["2026-10-01", "2026-11-01"], ["2026-12-01", "2027-01-01"]),
        ("M", ["2025-12-31", "2026-01-31"], ["2026-02-28", "2026-03-31"]),
        ("M", ["2026-01-15", "2026-02-15"], ["2026-03-15", "2026-04-15"]),
        ("Q", ["2026-06-30", "2026-09-30"], ["2026-12-31", "2027-03-31"]),
        ("Q", ["2026-02-01", "2026-05-01"], ["2026-08-01", "2026-11-01"]),
        ("Y", ["2023-12-31", "2024-12-31"], ["2025-12-31", "2026-12-31"]),
    ],
)
def test_moments_go_on_as_they_were_written(frequency, last, following):
    moments = [date.fromisoformat(text) for text in last]
    grid = grid_of(moments, frequency)
    end = grid.step_of(moments[-1])
    assert grid.step_of(moments[0]) == end - 1
    assert [str(grid.moment_of(end + k)) for k in (1, 2)] == following


def test_a_daily_file_without_weekends_runs_on_working_days(tmp_path):
    days = [date(2026, 1, 5) + timedelta(days=k) for k in range(28)]
    rows = [f"a,{day},{day.day}" for day in days if day.weekday() < 5]
    (series,) = read_series(written(tmp_path, *rows), "D").series
    assert (series.filled, series.grid.season_length, len(series.values)) == (0, 5, 20)
    assert [str(day) for day in series.following(2)] == ["2026-02-02", "2026-02-03"]


@pytest.mark.parametrize(
    ("fill", "values"),
    [("interpolate", [1, 2, 3, 4]), ("zero", [1, 0, 0, 4]), ("previous", [1, 1, 1, 4])],
)
def test_a_missing_month_and_an_empty_cell_are_filled_by_the_rule_asked(tmp_path, fill, values):
    path = written(
        tmp_path, "a,2026-04-01,4", "a,2026-01-01,1", "a,2026-02-01,", "a,2026-05-01,NaN"
    )
    read = read_series(path, "M", fill=fill)
    assert read.series[0].values.tolist() == values
    assert read.filled == 2


def test_semicolons_go_with_decimal_commas_and_a_series_without_values_is_named(tmp_path):
    path = written(tmp_path, "a;2026-01-01;1.234,5", "b;2026-01-01;", header="unique_id;ds;y")  # fmt: skip
    read = read_series(path, "M")
    assert (read.series[0].values.tolist(), read.empty) == ([1234.5], ["b"])


@pytest.mark.parametrize(
    ("rows", "frequency", "sentence"),
    [
        (["a,2026-01-01,x"], "M", "Row 1, column y: 'x' is not a number."),
        (["a,2026-01-01,1", "a,2026-02-01,inf"], "M", "Row 2, column y: 'inf' is not a number."),
        (["a,soon,1"], "M", "Row 1, column ds: 'soon' is no date (YYYY-MM-DD) and no whole number."),
        ([",2026-01-01,1"], "M", "Row 1, column unique_id: the cell is empty."),
        (["a,2026-01-01,1", "a,2026-01-01,2"], "M",
         "Row 2, column ds: 2026-01-01 occurs twice in series a; first in row 1."),
        (["a,2026-01-01,1", "a,2026-01-20,2"], "M",
         "Row 2, column ds: 2026-01-20 and row 1 are the same step of frequency M in series a."),
        (["a,2026-01-01,1", "a,2026-01-09,2"], "W",
         "Row 2, column ds: 2026-01-09 is not a whole number of weeks from the first moment (series a)."),
        (["a,2026-01-01,1", "a,7,2"], "M", "Row 2, column ds: '7' is not written like the moments above it."),
        (["a,2026-01-01"], "M", "Row 1 of series.csv has 2 cells; 3 are expected."),
        (["a,2026-01-01,1"], "H", "Frequency H is unknown; the frequencies are D, W, M, Q, Y."),
        (["a,2026-01-01,"], "M", "series.csv has no value in column y."),
        ([], "M", "series.csv has no rows."),
    ],
)  # fmt: skip
def test_a_file_is_refused_with_row_and_column(tmp_path, rows, frequency, sentence):
    with pytest.raises(SeriesFileError) as refusal:
        read_series(written(tmp_path, *rows), frequency)
    assert str(refusal.value) == sentence


def test_a_missing_column_is_named(tmp_path):
    with pytest.raises(SeriesFileError, match=r"has no column y; its columns are unique_id, ds, v"):
        read_series(written(tmp_path, "a,1,1", header="unique_id,ds,v"), "M")


SHAPES = {
    "one point": [5],
    "two points": [5, 7],
    "three points": [5, 7, 6],
    "constant": [7] * 30,
    "zeros": [0] * 30,
    "sporadic": [0, 0, 3, 0, 0, 0, 5, 0, 1, 0] * 4,
    "negative": [-5, 3, -8, 2, 9, -1] * 6,
    "falling to zero": [*range(40, 0, -1), 0, 0],
    "huge": [1e13 + k for k in range(30)],
    "tiny": [1e-9 * (k % 5 + 1) for k in range(40)],
    "one outlier": [10] * 20 + [1e6] + [10] * 20,
}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_kind_of_series_gets_finite_forecasts_within_nested_intervals(shape):
    (found,) = forecast_many([monthly(SHAPES[shape])], horizon=14)
    assert len(found.values) == 14
    assert np.isfinite(found.values).all()
    order = [found.lows[95], found.lows[80], found.values, found.highs[80], found.highs[95]]
    assert all((low <= high).all() for low, high in zip(order[:-1], order[1:], strict=True))
    if min(SHAPES[shape]) >= 0:
        assert found.lows[95].min() >= 0


def test_what_never_changes_is_forecast_without_doubt():
    (found,) = forecast_many([monthly([7] * 30)], horizon=3)
    assert (found.method, found.values.tolist(), found.lows[95].tolist()) == ("Constant", [7] * 3, [7] * 3)  # fmt: skip


def test_one_point_is_repeated_with_the_doubt_of_its_neighbours():
    rng = np.random.default_rng(1)
    others = [monthly(rng.normal(100, 10, 40), f"s{k}") for k in range(5)]
    found = forecast_many([*others, monthly([100])], horizon=2)[-1]
    usual = float(np.median([one.scale / one.series.values.mean() for one in forecast_many(others, horizon=2)]))  # fmt: skip
    assert found.values.tolist() == [100, 100]
    assert found.scale == pytest.approx(100 * usual)


def test_season_is_found_and_chance_is_not():
    rng = np.random.default_rng(2)
    factors = np.array([0.5, 0.8, 1.2, 1.5])
    indices = season_of(100 * np.tile(factors, 10) * rng.lognormal(0, 0.02, 40), 4).indices
    assert indices / indices.mean() == pytest.approx(factors, rel=0.05)
    assert season_of(rng.normal(100, 10, 60), 12).indices.tolist() == [1.0]


def test_a_yearly_wave_is_found_in_weeks_and_a_random_walk_has_hardly_any():
    rng = np.random.default_rng(10)
    weeks = np.arange(130)
    wave = 1 + 0.3 * np.sin(2 * np.pi * weeks / 52)
    found = season_of(100 * wave * rng.lognormal(0, 0.1, 130), 52).indices
    assert np.corrcoef(found, wave[:52])[0, 1] > 0.95
    assert season_of(100 * wave[:111], 52).indices.tolist() == [1.0]
    noise = season_of(100 * rng.lognormal(0, 0.1, 156), 52).indices
    assert np.log(noise).std() < 0.04


def test_season_of_series_with_zeros_is_added():
    y = np.tile([0.0, 10.0, 20.0, 30.0], 8)
    season = season_of(y, 4)
    assert not season.multiplicative
    assert season.indices - season.indices.mean() == pytest.approx([-15, -5, 5, 15], abs=0.5)


def test_the_ensemble_leaves_out_the_lowest_and_the_highest():
    said = [np.array([value]) for value in (1.0, 2.0, 3.0, 4.0, 100.0)]
    assert together(said).tolist() == [3.0]
    assert together(said[:3]).tolist() == [2.0]
    assert together(said[:2]).tolist() == [1.5]


def test_back_test_sees_nothing_behind_its_origin():
    rng = np.random.default_rng(3)
    y = rng.lognormal(3, 0.3, 60)
    changed = y.copy()
    changed[54:] *= 50
    first = judge(y, 12, 6, 1).origins[0]
    other = judge(changed, 12, 6, 1).origins[0]
    assert first.end == other.end == 54
    assert {name: (y[54:] - e).round(6).tolist() for name, e in first.errors.items()} == {
        name: (changed[54:] - e).round(6).tolist() for name, e in other.errors.items()
    }


@pytest.mark.parametrize(
    ("length", "season", "horizon", "origins"),
    [(100, 12, 18, [82, 76, 70]), (40, 12, 18, [25]), (14, 1, 6, [8, 6]), (6, 1, 6, [5]), (5, 1, 6, [])],
)  # fmt: skip
def test_origins_roll_back_from_the_last_whole_horizon(length, season, horizon, origins):
    assert origins_of(length, season, horizon, 3) == origins


def test_a_pure_repetition_is_repeated():
    rng = np.random.default_rng(4)
    pattern = rng.permutation(np.arange(-30.0, 30.0, 5.0)) ** 3 / 100
    judged = judge(np.tile(pattern, 8), 12, 12, 3)
    assert judged.forecast == pytest.approx(pattern, abs=0.01)


def test_sporadic_demand_gets_the_methods_made_for_it():
    y = np.array(SHAPES["sporadic"], dtype=float)
    assert is_intermittent(y)
    fits = fit_methods(y, 12, 6)
    assert list(fits.forecasts)[:4] == ["IntermittentEnsemble", "CrostonSBA", "TSB", "ADIDA"]
    assert not is_intermittent(np.array([1.0, 0.0, -2.0, 0.0]))


def test_sporadic_demand_is_not_forecast_as_nothing_because_most_days_sell_nothing():
    rng = np.random.default_rng(12)
    y = rng.binomial(1, 0.2, 120) * rng.integers(3, 9, 120)
    y[[-1, -19, -25, -31]] = 0
    judged = judge(y.astype(float), 12, 18, 3)
    errors = judged.mean_absolute_errors
    assert errors["Naive"] < 0.7 * errors["IntermittentEnsemble"]
    assert judged.method == "IntermittentEnsemble"
    assert judged.forecast.mean() == pytest.approx(y.mean(), rel=0.5)


def test_intervals_of_random_walks_and_noise_hold_what_they_promise():
    rng = np.random.default_rng(5)
    past = [np.abs(300 + rng.normal(0, 10, 72)) for _ in range(60)]
    past += [1000 + np.cumsum(rng.normal(0, 10, 72)) for _ in range(60)]
    found = forecast_many([monthly(y[:60], f"s{k}") for k, y in enumerate(past)], horizon=12, workers=1)  # fmt: skip
    for level in (80, 95):
        inside = [((y[60:] >= f.lows[level]) & (y[60:] <= f.highs[level])).mean() for y, f in zip(past, found, strict=True)]  # fmt: skip
        assert np.mean(inside) == pytest.approx(level / 100, abs=0.05)


def test_without_any_back_test_the_prior_sets_the_width():
    alone = calibrate([[]])
    assert (alone.growth, round(alone.width(0.8), 2), round(alone.width(0.95), 2)) == (0.35, 1.78, 3.11)  # fmt: skip
    errors = np.ones(6)
    assert calibrate([[(1.0, errors)]] * 1000).width(0.8) == pytest.approx(1.0, abs=0.01)


def test_two_processes_answer_what_one_does():
    rng = np.random.default_rng(6)
    series = [monthly(rng.lognormal(3, 0.2, 20), f"s{k}") for k in range(101)]
    one, two = (forecast_many(series, horizon=3, workers=workers) for workers in (1, 2))
    assert [f.values.tolist() for f in one] == [f.values.tolist() for f in two]
    assert beats_naive(one) == beats_naive(two)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.floats(-1e6, 1e6, allow_nan=False), min_size=1, max_size=40),
    st.sampled_from(["D", "W", "M", "Q", "Y"]),
)
def test_no_series_breaks_the_forecast(values, frequency):
    series = Series("a", Grid(frequency, whole=True), 1, np.array(values))
    (found,) = forecast_many([series], horizon=5, workers=1)
    assert np.isfinite(found.values).all()
    assert (found.lows[95] <= found.values).all()
    assert (found.values <= found.highs[95]).all()


@pytest.mark.parametrize(("horizon", "levels"), [(0, [80]), (10_001, [80]), (3, [0]), (3, [100])])
def test_a_horizon_or_level_that_means_nothing_is_refused(horizon, levels):
    with pytest.raises(ValueError, match="must lie between"):
        forecast_many([monthly([1, 2])], horizon=horizon, levels=levels)
