"""Which classes, scores and phases do the customers of a file of orders have? Needs no Django set-up.

The rules are the standard ones of the book and the domain, not those of an installation.
"""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from koers.core.periods import Period

if TYPE_CHECKING:
    from koers_analytics.customers.lifecycle import PhaseCount, PhaseFlow
    from koers_analytics.customers.pyramid import Pyramid
    from koers_analytics.customers.rfm import RfmCell, RfmMember
    from koers_analytics.facts import Facts

EVERYBODY = 2**31 - 1


def pyramid_of_file(facts: "Facts", *, period: Period, method: str, out: Path | None) -> "Pyramid":
    """Classes A-D (F2.4, F2.5, F2.6) of the file's customers; ``out`` gets the class of each."""
    from koers_analytics.customers import pyramid  # noqa: PLC0415 -- slow import

    rule = pyramid.PyramidRule(pyramid.PyramidMethod(method or "rank"))
    flt = _filter(period.start, period.end)
    if out is not None:
        members, _count = pyramid.pyramid_members(facts, flt, rule, limit=EVERYBODY)
        _write(
            out,
            [
                {"customer_id": m.name, "class": m.customer_class, "turnover": m.turnover, "orders": m.orders}
                for m in members
            ],
        )  # fmt: skip
    return pyramid.pyramid(facts, flt, rule)


def rfm_of_file(
    facts: "Facts", *, period: Period, limit: int, out: Path | None
) -> tuple[list["RfmCell"], list["RfmMember"], int]:
    """Cells, the first customers and how many there are (F9.14); ``out`` gets the scores of each."""
    from koers_analytics.customers import rfm  # noqa: PLC0415 -- slow import

    flt, bands = _filter(period.start, period.end), rfm.RfmBands()
    members, count = rfm.rfm_members(facts, flt, bands, limit=EVERYBODY if out else limit)
    if out is not None:
        names = ("days", "orders", "turnover", "recency", "frequency", "money")
        _write(
            out,
            [
                {"customer_id": m.name, **{name: getattr(m, name) for name in names}}
                for m in members
            ],
        )
    return rfm.rfm(facts, flt, bands), members[:limit], count


def lifecycle_of_file(
    facts: "Facts", *, as_of: date, before: date, out: Path | None
) -> tuple[list["PhaseCount"], list["PhaseFlow"]]:
    """Phases and the flow between two days (S2.19-25); ``out`` gets the phase of each customer."""
    from koers_analytics.customers import lifecycle  # noqa: PLC0415 -- slow import

    flt, rules = _filter(None, None), lifecycle.LifecycleRules()
    if out is not None:
        members, _count = lifecycle.phase_members(facts, flt, rules, as_of=as_of, limit=None)
        names = ("phase", "since", "turnover_12m", "turnover_before", "last_order_on")
        _write(
            out,
            [
                {"customer_id": m.name, **{name: getattr(m, name) for name in names}}
                for m in members
            ],
        )
    board = lifecycle.phase_board(facts, flt, rules, as_of=as_of)
    return board, lifecycle.phase_flow(facts, flt, rules, before=before, as_of=as_of)


def _filter(start: date | None, end: date | None) -> Any:
    from koers_analytics.filters import FactFilter  # noqa: PLC0415 -- slow import

    return FactFilter(start=start, end=end)


def _write(out: Path, rows: list[dict[str, Any]]) -> None:
    """Write rows as Parquet or, by any other extension, as CSV, by customer."""
    import pyarrow as pa

    from koers_analytics.table_file import write_table  # noqa: PLC0415 -- slow import

    write_table(pa.Table.from_pylist(sorted(rows, key=lambda row: str(row["customer_id"]))), out)
