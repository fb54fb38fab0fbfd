"""What will the series in a file be?"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from koers.core.errors import RuleError


class ForecastRefusedError(RuleError):
    """The file cannot be read or forecast; says row and column."""


@dataclass(frozen=True, slots=True)
class ForecastAnswer:
    """What was read, what was written, and how the methods did on the series' own past."""

    series: int
    rows_read: int
    rows_written: int
    gaps_filled: int
    left_out: list[str]
    methods: dict[str, int]
    closer_than_naive: int
    back_tested: int
    back_test: dict[str, dict[str, float]]


def forecast_of_file(
    path: Path,
    out: Path,
    *,
    frequency: str,
    horizon: int,
    levels: Sequence[float],
    fill: str = "interpolate",
    hierarchy: Sequence[str] = (),
    workers: int | None = None,
) -> ForecastAnswer:
    """Forecast every series of a long-format file and write the answer beside it.

    With the columns of a ``hierarchy`` the sums above the series come first, and all add up to the cent.

    Raises
    ------
    ForecastRefusedError
        When the file, the frequency, the horizon or a level cannot be used.
    """
    from koers_analytics.forecast import forecasting, output, series_file  # noqa: PLC0415 -- slow import
    from koers_analytics.forecast import hierarchy as sums  # noqa: PLC0415 -- slow import

    try:
        read = series_file.read_series(path, frequency, fill=fill, group_columns=hierarchy)
        forecast = sums.forecast_tree if hierarchy else forecasting.forecast_many
        found = forecast(read.series, horizon=horizon, levels=levels, workers=workers)
        written = output.write_forecasts(
            out, found, levels, kind=read.kind, group_columns=hierarchy,
            decimals=2 if hierarchy else None,
        )  # fmt: skip
    except (ValueError, OSError) as error:
        raise ForecastRefusedError(str(error)) from error
    methods: dict[str, int] = {}
    for one in found:
        methods[one.method] = methods.get(one.method, 0) + 1
    closer, tested = forecasting.beats_naive(found)
    return ForecastAnswer(
        series=len(found),
        rows_read=read.rows,
        rows_written=written,
        gaps_filled=read.filled,
        left_out=read.empty,
        methods=methods,
        closer_than_naive=closer,
        back_tested=tested,
        back_test={one.series.unique_id: one.back_test for one in found},
    )
