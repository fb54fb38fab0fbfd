"""Which value do customers have, from a file of orders or from the facts? Needs no Django set-up."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from koers_analytics.customers.value.customer_value import FittedValue
    from koers_analytics.customers.value.repeat_buying import RepeatBuyingModel
    from koers_analytics.facts import Facts
    from koers_analytics.order_file import OrderFile

FACT_SOURCE = """(SELECT company_id AS customer, order_date AS day, net_e4 AS amount_e4 FROM order_line
    WHERE company_id IS NOT NULL AND net_e4 IS NOT NULL AND (list_e4 IS NULL OR list_e4 <> 0))"""


class RefusedFile(Exception):  # noqa: N818 -- a refusal, as elsewhere
    """The purchases cannot be analysed; the sentence says why."""


def refuse_place(out: Path) -> None:
    """``ValueError`` for a table's file that tells no kind, or lies in no folder that is there."""
    from koers_analytics.table_file import refuse_place as refuse  # noqa: PLC0415 -- slow import

    refuse(out)


@dataclass(frozen=True, slots=True)
class OpenOrders:
    """A file of orders while it is read: what figures need of it, and how it was read."""

    connection: Any
    source: str
    first_day: date
    last_day: date
    read: dict[str, Any]
    file: "OrderFile"
    engine: str = "duckdb"

    def last_day_by(self, today: date) -> date:
        """The last day with an order that is not after ``today``; later ones are told under ``read``.

        Raises
        ------
        RefusedFile
            When all orders lie after ``today``.
        """
        if self.last_day <= today:
            return self.last_day
        later, last = self.file.connection.execute(
            "SELECT count(*) FILTER (day > ?), max(day) FILTER (day <= ?) FROM line", [today, today]
        ).fetchall()[0]
        if last is None:
            raise RefusedFile(
                f"All orders lie after today ({today}): from {self.first_day} to {self.last_day}."
                " Name the last day that counts with --as-of."
            )
        self.read["rows_after_today"] = later
        return last  # type: ignore[no-any-return]

    def facts(self) -> "Facts":
        """The orders in the shape of the facts."""
        from koers_analytics.file_facts import FileFacts  # noqa: PLC0415 -- slow import

        found = FileFacts(self.file)
        if self.engine != "spark":
            return found
        from koers_analytics.engines.spark_facts import spark_facts_of  # noqa: PLC0415 -- optional

        return spark_facts_of(found, self.connection)


@contextmanager
def orders_of_file(
    path: Path,
    mapping: Mapping[str, str],
    *,
    fee_codes: Collection[str] = (),
    engine: str = "duckdb",
) -> Iterator[OpenOrders]:
    """Read a CSV or Parquet file of orders; ``RefusedFile`` says what cannot be read, and where.

    The file itself is read by the embedded engine; with ``engine`` spark its lines go on to Spark.
    """
    from koers_analytics.engines.choice import EngineMissingError  # noqa: PLC0415 -- slow import
    from koers_analytics.order_cells import OrderFileError  # noqa: PLC0415 -- slow import
    from koers_analytics.order_file import open_order_file, plain_reading  # noqa: PLC0415 -- slow import

    try:
        with open_order_file(path, mapping, fee_codes=fee_codes) as file:
            reading = file.reading
            connection: Any = file.connection
            if engine == "spark":
                from koers_analytics.engines.spark_facts import spark_lines_of  # noqa: PLC0415 -- optional

                connection = spark_lines_of(file)
            yield OpenOrders(
                connection, file.source, reading.first_day, reading.last_day, plain_reading(reading), file, engine,
            )  # fmt: skip
            if engine == "spark":
                connection.close()
    except (OrderFileError, EngineMissingError) as error:
        raise RefusedFile(str(error)) from error


def value_of_file(
    path: Path, mapping: Mapping[str, str], *, as_of: date | None, horizon: int,
    holdout: date | None, model: str | None, out: Path | None, engine: str = "duckdb",
    today: date = date.max,
) -> dict[str, Any]:  # fmt: skip
    """Customer value (F9.20) of a CSV or Parquet file, up to and including ``as_of``.

    Without ``as_of`` the last day with an order counts, at most ``today``.

    Raises
    ------
    RefusedFile
        When the file cannot be read or its purchases cannot tell a model.
    """
    with orders_of_file(path, mapping, engine=engine) as orders:
        day = as_of or orders.last_day_by(today)
        try:
            answer = _value(orders.connection, orders.source, day, horizon, holdout, model, out)
        except ValueError as error:
            raise RefusedFile(str(error)) from error
        return {**answer, "read": orders.read}


def value_of_facts(
    facts: "Facts", *, as_of: date, horizon: int, holdout: date | None, model: str | None,
    out: Path | None,
) -> dict[str, Any]:  # fmt: skip
    """Customer value (F9.20) of all orders of the installation, up to and including ``as_of``.

    Raises
    ------
    RefusedFile
        When the purchases cannot tell a model.
    """
    try:
        return _value(facts.cursor(), FACT_SOURCE, as_of, horizon, holdout, model, out)
    except ValueError as error:
        raise RefusedFile(str(error)) from error


def _value(
    connection: Any, source: str, as_of: date, horizon: int,
    holdout: date | None, model: str | None, out: Path | None,
) -> dict[str, Any]:  # fmt: skip
    from koers_analytics.customers.value.customer_value import (  # noqa: PLC0415 -- slow import
        MODELS,
        ValueSettings,
        customer_value,
        fitted_value,
        write_values,
    )

    settings = ValueSettings(horizon_days=horizon)
    names = [model] if model else list(MODELS)
    if out is None:
        return _answer(fitted_value(connection, source, as_of=as_of, settings=settings,
                                    holdout=holdout, names=names), horizon)  # fmt: skip
    found = customer_value(connection, source, as_of=as_of, settings=settings,
                           holdout=holdout, names=names)  # fmt: skip
    write_values(found, out)
    return _answer(found, horizon)


def _answer(found: "FittedValue", horizon: int) -> dict[str, Any]:
    spend, totals = found.spend, found.totals
    held = found.holdout
    return {
        "model": found.model.name,
        **plain_model(found.model),
        "as_of": found.as_of,
        "horizon_days": horizon,
        "table_units": {"recency": "day", "age": "day"},
        "discount_a_year": found.settings.discount,
        "margin": found.settings.margin,
        "expected_purchases": totals.expected_purchases,
        "expected_alive": totals.expected_alive,
        "customer_equity": totals.equity,
        "others": [{"model": other.name, **plain_model(other)} for other in found.others],
        "spend_model": None if spend.model is None else {
            "model": spend.model.name, "parameters": spend.model.parameters_,
            "standard_errors": spend.model.standard_errors_,
            "log_likelihood": spend.model.log_likelihood_, "n": spend.model.customers_,
            "correlation": spend.model.correlation_, "at_bound": spend.model.at_bound_,
        },
        "spend_why_not": spend.why_not,
        "giants": spend.giants,
        "holdout": None if held is None else {
            "calibration_end": held.split, "end": held.until, "customers": held.customers,
            "asked_for": held.given,
            "models": [
                {**plain_model(fitted), **{name: getattr(score, name) for name in score.__slots__}}
                for fitted, score in zip(held.fitted, held.scores, strict=True)
            ],
        },
        "no_holdout": found.no_holdout,
        "choice": {
            "model": found.choice.model, "why": found.choice.why, "left_out": found.choice.left_out,
        },
        "goodness": _goodness(found),
    }  # fmt: skip


def _goodness(found: "FittedValue") -> dict[str, Any]:
    """How well each model tells the purchases: inside its data, along the weeks, on the hold-out."""
    from koers_analytics.customers.value.goodness import (  # noqa: PLC0415 -- slow import
        counts_side_by_side,
        curves_side_by_side,
    )

    models, held = [found.model, *found.others], found.holdout
    told = {} if held is None else {
        score.model: {
            "actual": score.actual, "expected": score.expected, "total_error": score.total_error,
            "mae": score.mae, "rmse": score.rmse, "curve_error": score.curve_error,
            "curve_error_max": score.curve_error_max,
        }
        for score in held.scores
    }  # fmt: skip
    return {
        "repeat_counts": counts_side_by_side(models, found.groups.histories()),
        "tracking": [] if held is None else curves_side_by_side(held.fitted, held.times),
        "holdout": told,
    }


def plain_model(model: "RepeatBuyingModel") -> dict[str, Any]:
    """Parameters with their errors, for people and programs; times in weeks."""
    return {
        "parameters": model.parameters_,
        "standard_errors": {
            name: value if value == value else None
            for name, value in model.standard_errors_.items()
        },
        "log_likelihood": model.log_likelihood_,
        "time_unit": "week",
        "n": int(model.customers_),
        "converged": model.converged_,
        "at_bound": model.at_bound_,
        "edge": list(model.edge_),
    }
