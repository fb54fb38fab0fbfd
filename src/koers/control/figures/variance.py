"""Why do two periods differ: by customers, products, quantity, mix, price, cost, exchange rate?"""

from typing import TYPE_CHECKING

from koers.analyse.figures.cache import kept_per_facts
from koers.analyse.figures.facts import open_facts, visible_filter
from koers.core.actor import Actor
from koers.core.periods import Period

if TYPE_CHECKING:
    from koers_analytics.economics.variance import Variance

LONG_DIVISIONS = ("company", "product")
Inside = tuple[str, object]


def variance_of(
    *,
    actor: Actor,
    before: Period,
    after: Period,
    by: str = "",
    measure: str = "turnover",
    inside: Inside | None = None,
    **choices: object,
) -> "Variance":
    """Effects between two periods of what the actor may see (F9.16, F9.17), in the base currency.

    ``by`` empty divides by currency; ``inside`` is a dimension and a key of it.
    """
    ask = _variance if by in LONG_DIVISIONS else _kept_variance
    return ask(actor=actor, before=before, after=after, by=by, measure=measure, inside=inside, choices=choices)  # fmt: skip


def _variance(
    *,
    actor: Actor,
    before: Period,
    after: Period,
    by: str,
    measure: str,
    inside: Inside | None,
    choices: dict[str, object],
) -> "Variance":
    from koers_analytics.economics import variance as analytics  # noqa: PLC0415 -- slow import
    from koers_analytics.economics.turnover import Dimension  # noqa: PLC0415 -- slow import

    return analytics.variance(
        open_facts(),
        visible_filter(actor, start=before.start, end=before.end, **choices),
        visible_filter(actor, start=after.start, end=after.end, **choices),
        by=Dimension(by) if by else None,
        measure=analytics.Measure(measure),
        within=analytics.Within(Dimension(inside[0]), inside[1]) if inside else None,
    )


_kept_variance = kept_per_facts(_variance)
