"""One valuation of all customers, kept beside the facts so that screens read it and never fit a model.

Per customer: the chance that it is still one, purchases and spending expected over the horizon with
an interval, contribution (spending times its margin), and its step of the bridge from a year before.
"""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from koers_analytics.customers.next_best import NextBestRules, next_best_table
from koers_analytics.customers.value.customer_value import CustomerValue
from koers_analytics.customers.value.equity import cents, equity
from koers_analytics.customers.value.fitting import Floats
from koers_analytics.customers.value.goodness import repeat_counts, tracking
from koers_analytics.customers.value.purchase_interval import HIGH, LOW, purchase_limits
from koers_analytics.tables import CUSTOMER_VALUE, CUSTOMER_VALUE_RUN, NEXT_BEST

YEAR = timedelta(days=365)
MARGIN_DAYS = 1096
MARGIN_SQL = """
  SELECT company_id AS customer, sum(net_e4) FILTER (cost_e4 IS NOT NULL)::DOUBLE AS costed,
         sum(cost_e4)::DOUBLE AS cost
  FROM order_line WHERE company_id IS NOT NULL AND order_date <= DATE '{until}' AND order_date > DATE '{after}'
  GROUP BY company_id"""


@dataclass(frozen=True, slots=True)
class Valuation:
    """What is kept: a row per customer, one row that says how it was made, and what to do next."""

    customers: pa.Table
    run: pa.Table
    next_best: pa.Table


def valuation(
    connection: duckdb.DuckDBPyConnection,
    source: str,
    *,
    as_of: date,
    rules: NextBestRules | None = None,
) -> Valuation:
    """Value every customer of the facts at the end of ``as_of`` over 365 days at 10 % a year.

    ``source`` has customer, day and amount_e4; ``connection`` must know ``order_line`` for margins.
    Where the purchases cannot tell a model, there are no rows and the run says why.
    """
    first = connection.execute(f"SELECT min(day) FROM {source}").fetchall()[0][0]
    before = as_of - YEAR if first is not None and first <= as_of - YEAR else None
    try:
        found = equity(connection, source, as_of=as_of, before=before)
    except ValueError as error:
        run = _run(as_of, None, "", str(error), {})
        return Valuation(_arrow(CUSTOMER_VALUE, {}), run, _arrow(NEXT_BEST, {}))
    value = found.value
    margins = _margins(connection, value.table.customer, as_of)
    spend = cents(value.scores.clv)
    low, high = purchase_interval(value)
    columns: dict[str, Any] = {
        "company_id": value.table.customer,
        "frequency": value.table.frequency,
        "recency": value.table.recency,
        "age": value.table.age,
        "monetary": value.table.monetary,
        "p_alive": value.scores.p_alive,
        "purchases": value.scores.expected_purchases,
        "purchases_low": low,
        "purchases_high": high,
        "spend_each": value.scores.expected_spend,
        "spend_cents": spend,
        "value_cents": _worth(spend, margins),
        "margin": margins,
    }
    if found.steps is not None:
        step = found.steps
        was = _in_order(step.customer, step.was, value.table.customer)
        columns |= {
            "spend_before_cents": was,
            "value_before_cents": _worth(was, margins),
            "kind": pa.array(
                _in_order(step.customer, np.asarray(step.kinds, dtype=object), value.table.customer)
            ),
        }
    customers = _arrow(CUSTOMER_VALUE, columns)
    todo = next_best_table(connection, customers, as_of=as_of, rules=rules or NextBestRules())
    made = {**details(value), "costs_known": margins is not None}
    run = _run(as_of, before, value.model.name, "", made)
    return Valuation(customers, run, _arrow(NEXT_BEST, {n: todo.column(n) for n in NEXT_BEST}))


def purchase_interval(
    found: CustomerValue, *, low: float = LOW, high: float = HIGH
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Between how many purchases a customer makes over the horizon, four times in five."""
    table, scores = found.table, found.scores
    groups, place = table.histories(found.model.unit_days_).grouped()
    example = np.zeros(len(groups.age), dtype=np.intp)
    example[place] = np.arange(len(table))
    shape = found.model.parameters_["r"] + groups.frequency
    limits = purchase_limits(
        scores.p_alive[example], scores.expected_purchases[example], shape, low=low, high=high
    )
    return limits.low[place], limits.high[place]


def details(found: CustomerValue) -> dict[str, Any]:
    """How the valuation was made, as plain data: model, errors, hold-out, actual beside expected."""
    held = found.holdout
    model = found.model
    counts = repeat_counts(model, found.groups.histories(model.unit_days_))
    fitted = next((m for m in held.fitted if m.name == model.name), None) if held else None
    return {
        "parameters": model.parameters_,
        "log_likelihood": model.log_likelihood_,
        "at_bound": bool(model.at_bound_),
        "converged": bool(model.converged_),
        "horizon_days": found.settings.horizon_days,
        "discount": found.settings.discount,
        "giants": found.spend.giants,
        "spend_model": found.spend.model is not None,
        "no_holdout": found.no_holdout,
        "counts": [[row.repeats, row.actual, round(row.expected, 1)] for row in counts],
        "holdout": None if held is None else {
            "split": held.split.isoformat(), "until": held.until.isoformat(),
            "models": [{name: getattr(score, name) for name in score.__slots__} for score in held.scores],
            "curve": [] if fitted is None else [
                [point.day.isoformat(), point.actual, round(point.expected, 1)] for point in tracking(fitted, held.times)
            ],
        },
    }  # fmt: skip


def _margins(
    connection: duckdb.DuckDBPyConnection, customer: pa.ChunkedArray, as_of: date
) -> Floats | None:
    """Share of spending that is contribution, per customer; nothing where no line has a cost.

    Over three years; drawn to the mean of all with the weight of one mean customer, so that a
    single order does not decide.
    """
    after = as_of - timedelta(days=MARGIN_DAYS)
    rows = connection.sql(MARGIN_SQL.format(until=as_of, after=after)).to_arrow_table()
    costed = np.asarray(rows.column("costed").fill_null(0).to_numpy(), dtype=np.float64)
    cost = np.asarray(rows.column("cost").fill_null(0).to_numpy(), dtype=np.float64)
    if not len(costed) or costed.sum() <= 0:
        return None
    everybody = float((costed.sum() - cost.sum()) / costed.sum())
    weight = max(float(costed.sum() / max((costed > 0).sum(), 1)), 1.0)
    own = (np.maximum(costed, 0) - cost + everybody * weight) / (np.maximum(costed, 0) + weight)
    found = _in_order(rows.column("customer"), np.clip(own, -1.0, 1.0), customer, absent=everybody)
    return np.asarray(found, dtype=np.float64)


def _in_order(keys: Any, values: Any, wanted: pa.ChunkedArray, *, absent: float = 0) -> Any:
    """Values by key, in the order of ``wanted``."""
    names, order = np.asarray(keys.to_numpy()), np.argsort(np.asarray(keys.to_numpy()))
    asked = np.asarray(wanted.to_numpy())
    if not len(names):
        return np.full(len(asked), absent)
    place = np.minimum(np.searchsorted(names[order], asked), len(names) - 1)
    hit = names[order][place] == asked
    return np.where(hit, np.asarray(values)[order][place], absent)


def _worth(spend: npt.NDArray[np.int64], margins: Floats | None) -> npt.NDArray[np.int64] | None:
    return None if margins is None else np.floor(spend * margins + 0.5).astype(np.int64)


def _run(
    as_of: date, before: date | None, model: str, why_not: str, made: dict[str, Any]
) -> pa.Table:
    return _arrow(CUSTOMER_VALUE_RUN, {
        "as_of": [as_of], "before": [before], "model": [model], "why_not": [why_not], "details": [json.dumps(made)],
    })  # fmt: skip


ARROW = {
    "BIGINT": pa.int64(),
    "INTEGER": pa.int32(),
    "DOUBLE": pa.float64(),
    "VARCHAR": pa.string(),
    "DATE": pa.date32(),
}


def _arrow(columns: dict[str, str], values: dict[str, Any]) -> pa.Table:
    """A table of exactly these columns; absent ones are null."""
    rows = len(next(iter(values.values()))) if values else 0
    made: list[Any] = []
    for name, kind in columns.items():
        found = values.get(name)
        if found is None:
            made.append(pa.nulls(rows, ARROW[kind]))
        elif isinstance(found, (pa.ChunkedArray, pa.Array)):
            made.append(found.cast(ARROW[kind]))
        else:
            made.append(pa.array(found, type=ARROW[kind]))
    return pa.table(made, names=list(columns))
