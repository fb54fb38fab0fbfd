"""Which turnover, contribution and margin, by what, and from which order lines?"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from koers.analyse.figures.cache import kept_per_facts
from koers.analyse.figures.facts import open_facts, visible_filter
from koers.core.actor import Actor
from koers.core.periods import Period

if TYPE_CHECKING:
    from koers_analytics.economics.turnover import FactLine, TurnoverTable


def dimensions() -> list[str]:
    """What turnover may be divided by."""
    from koers_analytics.economics.turnover import Dimension  # noqa: PLC0415 -- slow import

    return [dimension.value for dimension in Dimension]


@kept_per_facts
def turnover_of(
    *,
    actor: Actor,
    period: Period,
    by: Sequence[str] = (),
    order: str = "turnover",
    descending: bool = True,
    limit: int | None = None,
    offset: int = 0,
    **choices: object,
) -> "TurnoverTable":
    """Turnover table of what the actor may see."""
    from koers_analytics.economics import turnover  # noqa: PLC0415 -- slow import

    flt = visible_filter(actor, start=period.start, end=period.end, **choices)
    return turnover.turnover(
        open_facts(), flt, by=[turnover.Dimension(name) for name in by], order=order, descending=descending,
        limit=limit, offset=offset,
    )  # fmt: skip


def lines_of(
    *,
    actor: Actor,
    period: Period,
    order: str = "date",
    descending: bool = True,
    limit: int = 50,
    offset: int = 0,
    **choices: object,
) -> "tuple[list[FactLine], int]":
    """Order lines behind a figure."""
    from koers_analytics.economics import turnover  # noqa: PLC0415 -- slow import

    flt = visible_filter(actor, start=period.start, end=period.end, **choices)
    return turnover.lines(
        open_facts(), flt, order=order, descending=descending, limit=limit, offset=offset
    )
