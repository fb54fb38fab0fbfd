"""What will be sold per month, in all and per part, by what was sold up to a month?"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np

from koers_analytics.economics.turnover import KEYS, Dimension
from koers_analytics.facts import Facts
from koers_analytics.filters import LINE_SOURCE, FactFilter
from koers_analytics.forecast.forecasting import Forecast
from koers_analytics.forecast.grid import Grid
from koers_analytics.forecast.hierarchy import forecast_tree
from koers_analytics.forecast.methods import NAIVES
from koers_analytics.forecast.series_file import Series
from koers_analytics.result import amount_or_zero

MONTHLY = Grid("M")
LEVELS = (80.0, 95.0)
CENT = Decimal("0.01")
FIRST_DAYS = 5
Months = dict[date, Decimal]


class NothingSoldError(ValueError):
    """Before the first month of the forecast nothing was sold."""


@dataclass(frozen=True, slots=True)
class MonthForecast:
    """A month's forecast with its 80 % and 95 % limits, in whole cents of the base currency."""

    month: date
    value: Decimal
    low_80: Decimal
    high_80: Decimal
    low_95: Decimal
    high_95: Decimal


@dataclass(frozen=True, slots=True)
class PartForecast:
    """The forecast of the total (``is_total``) or of one part; errors are mean absolute ones.

    ``error`` and ``naive_error`` come from the rolling-origin back-test on the series' own past;
    None where it is too short.
    """

    key: int | None
    label: str | None
    is_total: bool
    method: str
    error: float | None
    naive_error: float | None
    months: tuple[MonthForecast, ...]


def monthly_turnover(
    facts: Facts, flt: FactFilter, by: Dimension
) -> dict[int | None, tuple[str | None, Months]]:
    """Turnover per part and calendar month (first day), with the part's label; empty months are absent."""
    where, values = flt.where()
    key, label = KEYS[by]
    found = facts.rows(
        f"""SELECT {key}, any_value({label}), CAST(date_trunc('month', l.order_date) AS DATE) AS month, sum(l.net_e4)
            FROM {LINE_SOURCE} WHERE {where} AND l.net_e4 IS NOT NULL
            GROUP BY {key}, month ORDER BY month, 1 NULLS LAST""",
        values,
    )
    parts: dict[int | None, tuple[str | None, Months]] = {}
    for part, name, month, net in found:
        parts.setdefault(part, (name, {}))[1][month] = amount_or_zero(net)
    return parts


def forecast_turnover(
    facts: Facts, flt: FactFilter, by: Dimension, *, first_month: date, horizon: int
) -> list[PartForecast]:
    """Forecast ``horizon`` months from ``first_month`` on: the total first, then the parts.

    Only what was sold before ``first_month`` is used (``flt`` must not end later), without the month in
    which the data begin where they begin after its first five days. Every part is
    forecast by itself and all are reconciled, so that parts add up to the total to the cent.

    Raises
    ------
    NothingSoldError
        When nothing was sold before the first month.
    ValueError
        For a horizon the forecast refuses.
    """
    parts = _whole_months(monthly_turnover(facts, flt, by), _first_day(facts, flt))
    if not parts:
        raise NothingSoldError
    end = MONTHLY.step_of(first_month)
    series = [_series(str(key), months, end) for key, (_label, months) in parts.items()]
    found = forecast_tree(series, horizon=horizon, levels=LEVELS, workers=1)
    total, leaves = found[0], found[-len(series) :]
    return [
        _part(None, None, total, is_total=True),
        *(
            _part(key, label, one, is_total=False)
            for (key, (label, _months)), one in zip(parts.items(), leaves, strict=True)
        ),
    ]


def _first_day(facts: Facts, flt: FactFilter) -> date | None:
    where, values = flt.where()
    found: date | None = facts.rows(f"SELECT min(l.order_date) FROM {LINE_SOURCE} WHERE {where}", values)[0][0]  # fmt: skip
    return found


def _whole_months(
    parts: dict[int | None, tuple[str | None, Months]], first: date | None
) -> dict[int | None, tuple[str | None, Months]]:
    """Without the month in which the data begin, unless they begin in its first days."""
    if first is None or first.day <= FIRST_DAYS:
        return parts
    begun = first.replace(day=1)
    whole = {
        key: (label, {month: amount for month, amount in months.items() if month > begun})
        for key, (label, months) in parts.items()
    }
    kept = {key: found for key, found in whole.items() if found[1]}
    return kept or parts


def _series(name: str, months: Months, end: int) -> Series:
    """From the part's first month up to the end; a month without sales is one of zero."""
    first = MONTHLY.step_of(min(months))
    values = np.zeros(end - first)
    for month, amount in months.items():
        values[MONTHLY.step_of(month) - first] = float(amount)
    return Series(f"part {name}", MONTHLY, first, values, 0, (name,))


def _part(key: int | None, label: str | None, one: Forecast, *, is_total: bool) -> PartForecast:
    months = tuple(
        MonthForecast(
            month, _cents(one.values[step]), _cents(one.lows[80.0][step]), _cents(one.highs[80.0][step]),
            _cents(one.lows[95.0][step]), _cents(one.highs[95.0][step]),
        )
        for step, month in enumerate(one.series.following(len(one.values)))
        if isinstance(month, date)
    )  # fmt: skip
    naive = [one.back_test[name] for name in NAIVES if name in one.back_test]
    error = next(iter(one.back_test.values())) if one.back_test else None
    return PartForecast(key, label, is_total, one.method, error, min(naive) if naive else None, months)  # fmt: skip


def _cents(value: float) -> Decimal:
    return Decimal(round(float(value) * 100)) * CENT
