"""What does a lead of each source cost, and how many of the decided ones were converted?"""

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from koers.core.actor import Actor
from koers.sell.queries.lead_source import SourceCost, SourceCount, counts_by_source, together

if TYPE_CHECKING:
    from koers_analytics.selling.proportions import Interval

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class LeadCost:
    """Cost (F8.6), to the cent: per lead whose cost is known, and per converted one; None without."""

    known: SourceCost
    per_lead: Decimal | None
    per_converted: Decimal | None


@dataclass(frozen=True, slots=True)
class SourceFigures:
    """The figures of one source; ``rate`` is converted ÷ decided as a share (0-1), None without decided."""

    count: SourceCount
    rate: float | None
    interval: "Interval | None"
    is_few: bool
    costs: tuple[LeadCost, ...]


def lead_sources(actor: Actor) -> tuple[list[SourceFigures], SourceFigures]:
    """Figures per source of the leads the actor sees, and of all together."""
    counts = counts_by_source(actor)
    return [_figures(count) for count in counts], _figures(together(counts))


def _figures(count: SourceCount) -> SourceFigures:
    from koers_analytics.selling.proportions import FEW_DEALS, wilson  # noqa: PLC0415 -- analytics

    return SourceFigures(
        count=count,
        rate=count.converted / count.decided if count.decided else None,
        interval=wilson(count.converted, count.decided),
        is_few=0 < count.decided < FEW_DEALS,
        costs=tuple(_cost(known) for known in count.costs),
    )


def _cost(known: SourceCost) -> LeadCost:
    """F8.6 with exact money; the formula itself works with floats."""
    return LeadCost(
        known=known, per_lead=_each(known.cost, known.leads), per_converted=_each(known.cost, known.converted)
    )  # fmt: skip


def _each(cost: Decimal, number: int) -> Decimal | None:
    return (cost / number).quantize(CENT) if number else None
