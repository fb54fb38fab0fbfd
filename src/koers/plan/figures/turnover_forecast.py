"""What will be sold per month, and how good were the forecasts that were given?"""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from koers.analyse.figures.cache import kept_per_facts
from koers.analyse.figures.facts import open_facts, visible_filter
from koers.core.actor import Actor
from koers.core.periods import add_months
from koers.plan.figures.forecast import ForecastRefusedError
from koers.plan.models import ForecastRun
from koers.plan.queries.forecast import ForecastPart, parts_of_runs

if TYPE_CHECKING:
    from koers_analytics.forecast.accuracy import Accuracy, Given
    from koers_analytics.forecast.turnover_forecast import PartForecast

Months = dict[date, Decimal]
HORIZONS = ((1, 1), (2, 3), (4, 6), (7, 12), (13, 24))
NOTHING = Decimal(0)


def computed_forecast(
    *, actor: Actor, division: str, first_month: date, horizon: int
) -> "list[PartForecast]":
    """Forecast what the actor may see, from what was sold before the first month.

    Raises
    ------
    ForecastRefusedError
        When nothing was sold before it.
    """
    from koers_analytics.economics.turnover import Dimension  # noqa: PLC0415 -- slow import
    from koers_analytics.forecast import turnover_forecast  # noqa: PLC0415 -- slow import

    try:
        return turnover_forecast.forecast_turnover(
            open_facts(), visible_filter(actor, end=first_month), Dimension(division),
            first_month=first_month, horizon=horizon,
        )  # fmt: skip
    except turnover_forecast.NothingSoldError as error:
        raise ForecastRefusedError(_("Nothing was sold before this month.")) from error
    except ValueError as error:
        raise ForecastRefusedError(str(error)) from error


@kept_per_facts
def months_sold(*, actor: Actor, division: str) -> dict[int | None, Months]:
    """Turnover per month of every part the actor may see."""
    from koers_analytics.economics.turnover import Dimension  # noqa: PLC0415 -- slow import
    from koers_analytics.forecast.turnover_forecast import monthly_turnover  # noqa: PLC0415 -- slow import

    found = monthly_turnover(open_facts(), visible_filter(actor), Dimension(division))
    return {key: months for key, (_label, months) in found.items()}


def months_of(sold: dict[int | None, Months], part: ForecastPart) -> Months:
    """What was sold per month of the total or of one part."""
    if not part.series.is_total:
        return sold.get(part.series.key, {})
    whole: Months = {}
    for months in sold.values():
        for month, amount in months.items():
            whole[month] = whole.get(month, NOTHING) + amount
    return whole


def accuracy_of(
    *, actor: Actor, runs: list[ForecastRun], known_until: date
) -> "dict[str, dict[str, Accuracy]]":
    """Errors of the months that are over, per level ('total' or a division) and per months ahead.

    ``known_until``: months that end after this day are not counted. The key 'all' holds all horizons.
    """
    from koers_analytics.forecast.accuracy import accuracy  # noqa: PLC0415 -- slow import

    given: dict[str, dict[str, list[Given]]] = {}
    parts = parts_of_runs(actor=actor, runs=runs)
    known = {
        name: months_sold(actor=actor, division=name) for name in {run.division for run in runs}
    }
    for run in runs:
        sold = known[run.division]
        for part in parts[run.pk]:
            level = "total" if part.series.is_total else run.division
            for bucket, row in _given(run, part, months_of(sold, part), known_until):
                rows = given.setdefault(level, {})
                rows.setdefault(bucket, []).append(row)
                rows.setdefault("all", []).append(row)
    return {
        level: {bucket: accuracy(rows) for bucket, rows in sorted(buckets.items())}
        for level, buckets in given.items()
    }


def _given(
    run: ForecastRun, part: ForecastPart, months: Months, known_until: date
) -> "list[tuple[str, Given]]":
    from koers_analytics.forecast.accuracy import Given  # noqa: PLC0415 -- slow import

    found = []
    for each in part.months:
        month, point = each.point.month, each.point
        if add_months(month, 1) > known_until:
            continue
        actual = months.get(month, NOTHING)
        ahead = (month.year - run.first_month.year) * 12 + month.month - run.first_month.month + 1
        row = Given(
            actual=actual, value=point.value, final=each.final, naive=months.get(add_months(month, -12), NOTHING),
            inside_80=point.low_80 <= actual <= point.high_80, is_changed=each.is_changed,
        )  # fmt: skip
        found.append((bucket_of(ahead), row))
    return found


def bucket_of(ahead: int) -> str:
    """Months ahead in the groups the accuracy page shows, e.g. '02-03'."""
    low, high = next((one for one in HORIZONS if one[0] <= ahead <= one[1]), HORIZONS[-1])
    return f"{low:02}" if low == high else f"{low:02}-{high:02}"
