"""Where are the facts, are they fresh, and who may see which of them?"""

import logging
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from koers.analyse.figures.table_engine import table_engine
from koers.analyse.queries.currency import reporting_currency
from koers.analyse.queries.fact_rows import (
    ORDER_LINE_TYPES,
    ORDER_LINES,
    SMALL_TABLES,
    month_bounds,
)
from koers.core.actor import Actor
from koers.core.data_versions import current_versions
from koers.core.errors import RuleError
from koers.core.frames import FrameSource

if TYPE_CHECKING:
    from koers_analytics.facts import Facts, FactStore, FactWriter
    from koers_analytics.filters import FactFilter

logger = logging.getLogger(__name__)


class NoFactsYetError(RuleError):
    """There is nothing to analyse."""


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh did."""

    parts: int
    order_lines: int
    lines_without_rate: int
    generation: int


@lru_cache(maxsize=4)
def _store(root: str, threads: int) -> "FactStore":
    from pathlib import Path  # noqa: PLC0415 -- slow import

    from koers_analytics.facts import FactStore  # noqa: PLC0415 -- slow import

    return FactStore(Path(root), threads=threads)


def fact_store() -> "FactStore":
    """The store of this installation; one per process."""
    return _store(str(settings.KOERS_FACTS_DIR), settings.KOERS_DUCKDB_THREADS)


def open_facts() -> "Facts":
    """The latest facts, or a refusal that says how to get them."""
    from koers_analytics.engines.choice import EngineMissingError  # noqa: PLC0415 -- slow import
    from koers_analytics.facts import NoFactsError  # noqa: PLC0415 -- slow import

    try:
        return fact_store().open(table_engine())
    except EngineMissingError as error:
        raise RuleError(str(error)) from error
    except NoFactsError as error:
        raise NoFactsYetError(
            _("There are no facts to analyse yet. Import orders or load the demo company first.")
        ) from error


def stale_parts() -> list[str]:
    """Parts of the facts that lag behind the database."""
    return fact_store().stale_parts(_versions(), reporting_currency())


def _versions() -> dict[str, str]:
    """Versions of what becomes facts; other parts of the data change too, answers of customers for one."""
    small = {table.part for table in SMALL_TABLES}
    return {
        part: number
        for part, number in current_versions().items()
        if part in small or part.startswith("order_line:")
    }


def refresh(*, at: datetime, rebuild: bool = False) -> Refreshed:
    """Read changed parts into the facts; everything again with ``rebuild``.

    Versions are read before the rows: what changes in between is read again next time.
    """
    store = fact_store()
    versions, currency = _versions(), reporting_currency()
    parts = list(versions) if rebuild else store.stale_parts(versions, currency)
    parts.sort(key=lambda name: (name.startswith("order_line:"), name))
    if not parts and store.manifest().generation:
        return _answer(0)
    with store.writer(at=at, currency=currency) as writer, FrameSource() as source:
        for part in parts:
            _put(writer, source, part, versions[part])
    return _answer(len(parts))


def _put(writer: "FactWriter", source: FrameSource, part: str, version: str) -> None:
    small = next((table for table in SMALL_TABLES if table.part == part), None)
    if small is not None:
        writer.put_table(small.name, source.table_of(small.sql, types=small.types), version)
    elif part.startswith("order_line:"):
        start, end = month_bounds(part)
        with source.record_batches(
            ORDER_LINES, _bounds(start, end), types=ORDER_LINE_TYPES
        ) as reader:
            writer.put_order_lines(part, reader, version)


def _bounds(start: date, end: date) -> list[object]:
    """SQLite keeps days as ISO text; PostgreSQL compares a day with a day only."""
    if connection.vendor == "sqlite":
        return [start.isoformat(), end.isoformat()]
    return [start, end]


def _answer(parts: int) -> Refreshed:
    now = fact_store().manifest()
    return Refreshed(parts, now.order_line_rows, now.lines_without_rate, now.generation)


def visible_filter(actor: Actor, **choices: object) -> "FactFilter":
    """A choice of lines, cut down to what the actor may see."""
    from koers_analytics.filters import FactFilter  # noqa: PLC0415 -- slow import

    return FactFilter(visible_people=actor.visible_people, **choices)  # type: ignore[arg-type]
