"""How far is each target (F2.11)?"""

from datetime import date
from typing import TYPE_CHECKING

from koers.analyse.figures.cache import kept_per_facts
from koers.analyse.figures.facts import open_facts, visible_filter
from koers.core.actor import Actor

if TYPE_CHECKING:
    from koers_analytics.planning.attainment import Attainment


@kept_per_facts
def attainment_of(
    *, actor: Actor, today: date, by: str = "total", start: date | None = None, **choices: object
) -> "list[Attainment]":
    """Attainment per target period of what the actor may see; ``start`` leaves out older periods."""
    from koers_analytics.planning import attainment  # noqa: PLC0415 -- slow import

    return attainment.attainment(
        open_facts(),
        visible_filter(actor, **choices),
        today=today,
        by=attainment.Scope(by),
        start=start,
    )
