"""How do forecasts leave: as CSV or Parquet in the long format they came in?"""

import csv
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

from koers_analytics.forecast.forecasting import Forecast


def columns_of(levels: Sequence[float], group_columns: Sequence[str] = ()) -> list[str]:
    """unique_id, ds, forecast, lo-80, hi-80, …, method; columns of a hierarchy behind them."""
    limits = [f"{side}-{level:g}" for level in levels for side in ("lo", "hi")]
    return ["unique_id", "ds", "forecast", *limits, "method", *group_columns]


def rows_of(forecasts: Sequence[Forecast], levels: Sequence[float]) -> Iterator[list[object]]:
    """One row per series and step."""
    for one in forecasts:
        moments = one.series.following(len(one.values))
        for ahead, moment in enumerate(moments):
            limits = [
                float(side[level][ahead]) for level in levels for side in (one.lows, one.highs)
            ]
            yield [
                one.series.unique_id, moment, float(one.values[ahead]), *limits, one.method,
                *one.series.groups,
            ]  # fmt: skip


def write_forecasts(
    path: Path,
    forecasts: Sequence[Forecast],
    levels: Sequence[float],
    *,
    kind: str = "date",
    group_columns: Sequence[str] = (),
    decimals: int | None = None,
) -> int:
    """Write the forecasts; Parquet by the file's name, else CSV. Answers the number of rows."""
    header = columns_of(levels, group_columns)
    rows = list(rows_of(forecasts, levels))
    if path.suffix.lower() in {".parquet", ".pq"}:
        _write_parquet(path, header, rows, kind)
        return len(rows)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header)
        for row in rows:
            writer.writerow([_cell(cell, decimals) for cell in row])
    return len(rows)


def _cell(cell: object, decimals: int | None) -> object:
    if isinstance(cell, float):
        return f"{cell:.{decimals}f}" if decimals is not None else f"{cell:.12g}"
    return cell.isoformat() if isinstance(cell, date) else cell


def _write_parquet(path: Path, header: list[str], rows: list[list[object]], kind: str) -> None:
    import pyarrow as pa  # noqa: PLC0415 -- only for Parquet
    from pyarrow import parquet as pq  # noqa: PLC0415 -- only for Parquet

    columns = [list(column) for column in zip(*rows, strict=True)]
    if kind == "timestamp":
        columns[1] = [datetime(m.year, m.month, m.day) for m in columns[1] if isinstance(m, date)]  # noqa: DTZ001 -- as the file has it
    pq.write_table(pa.table(dict(zip(header, columns, strict=True))), path)
