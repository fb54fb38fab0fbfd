"""Can our own past tell which open deals will be won? Heavy: for commands and jobs only."""

from typing import TYPE_CHECKING

from koers.control.queries.win_probability import deals_to_learn_from
from koers.core.actor import Actor

if TYPE_CHECKING:
    from koers_analytics.selling.win_probability import Learned


def learned_from(*, actor: Actor) -> "Learned":
    """A win probability learned from all visible decided deals, with its proof on later ones."""
    from koers_analytics.selling.win_probability import Deal, learn  # noqa: PLC0415 -- slow import

    return learn([Deal(*row) for row in deals_to_learn_from(actor)])
