"""How do the talks of each seller end, and how many move the sale on (F12.2)?"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from koers.control.queries.call_outcome import endings_of, talks_of
from koers.core.actor import Actor
from koers.core.periods import Period

if TYPE_CHECKING:
    from koers_analytics.selling.call_outcomes import CallOutcomes


def call_outcomes_of(
    *, actor: Actor, period: Period, choices: Mapping[str, object]
) -> "tuple[list[CallOutcomes], CallOutcomes]":
    """Per seller, most talks first, and of all of them; one query."""
    from koers_analytics.selling.call_outcomes import call_outcomes  # noqa: PLC0415 -- analytics

    return call_outcomes(endings_of(talks_of(actor, period=period, choices=choices)))
