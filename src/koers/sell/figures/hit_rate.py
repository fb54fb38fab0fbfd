"""How many of the decided opportunities were won (F12.1)?"""

from koers.core.actor import Actor
from koers.sell.queries.opportunity import decided_counts


def hit_rate(actor: Actor) -> tuple[float | None, int, int]:
    """Hit rate as a share, with won and decided; open ones would punish a full pipeline."""
    from koers_analytics.formulas import run_formula  # noqa: PLC0415 -- slow import

    won, lost = decided_counts(actor)
    percent = run_formula("F12.1", {"won": won, "tried": won + lost})
    return (None if percent is None else percent / 100), won, won + lost
