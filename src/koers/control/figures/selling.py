"""Which part of our deals do we win, where, how fast, and how far do they come?"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from koers.analyse.queries.currency import reporting_currency
from koers.control.queries.selling import (
    DealGroup,
    deal_groups,
    deals_of,
    in_other_currencies,
    lengths_of,
    opened_in,
    paths_of,
)
from koers.core.actor import Actor
from koers.core.periods import Period

if TYPE_CHECKING:
    from koers_analytics.selling.funnel import Funnel, Needed
    from koers_analytics.selling.speed import CycleTime
    from koers_analytics.selling.win_rate import Counted, WinRate, WinRates

UNITS = 10_000
CONTACTS = 10


@dataclass(frozen=True)
class Speed:
    """Cycle times of won and lost deals in days, and the amount a day (F12.3)."""

    won: "CycleTime"
    lost: "CycleTime"
    decided: "CycleTime"
    velocity: float | None


def win_rates_of(
    *,
    actor: Actor,
    period: Period | None,
    by: str = "",
    choices: Mapping[str, object] | None = None,
    level: float = 0.95,
    method: str = "wilson",
) -> "WinRates":
    """Win rates (F12.1) of visible deals decided in the period, per group, with intervals."""
    from koers_analytics.selling.win_rate import win_rates  # noqa: PLC0415 -- analytics

    deals = deals_of(actor, period=period, choices=choices or {})
    groups = deal_groups(deals, by=by, currency=reporting_currency())
    return win_rates(_counted(groups), level=level, method=method)


def speed_of(
    *, actor: Actor, period: Period | None, choices: Mapping[str, object], total: "WinRate"
) -> Speed:
    """Cycle time of the deals decided in the period, and sales velocity (F12.3)."""
    from koers_analytics.selling.speed import cycle_time, velocity  # noqa: PLC0415 -- analytics

    lengths = lengths_of(deals_of(actor, period=period, choices=choices))
    both: dict[int, int] = defaultdict(int)
    for counts in lengths.values():
        for days, deals in counts.items():
            both[days] += deals
    decided = cycle_time(both)
    mean = None if total.mean_won_e4 is None else total.mean_won_e4 / UNITS
    return Speed(
        won=cycle_time(lengths["won"]),
        lost=cycle_time(lengths["lost"]),
        decided=decided,
        velocity=velocity(open_deals=total.open, rate=total.rate, mean_won=mean, days=decided.mean),
    )


def funnel_of(
    *, actor: Actor, period: Period, pipeline_id: int, choices: Mapping[str, object]
) -> "tuple[Funnel, int]":
    """The funnel of the deals opened in the period (F2.9), and how many have no known way."""
    from koers_analytics.selling.funnel import Reached, funnel  # noqa: PLC0415 -- analytics

    paths = paths_of(opened_in(actor, period=period, choices=choices), pipeline_id)
    cells = [Reached(place, kind, deals) for (place, kind), deals in paths.cells.items()]
    return funnel([stage.name for stage in paths.stages], cells), paths.without_history


def needed_of(target: float, mean_won_e4: int | None, found: "Funnel") -> "list[Needed]":
    """Deals that must reach each stage for a target in whole currency units (F2.9 backward)."""
    from koers_analytics.selling.funnel import needed_for  # noqa: PLC0415 -- analytics

    return needed_for(target, None if mean_won_e4 is None else mean_won_e4 / UNITS, found)


def contacts_of(rate: float | None, contacts: int = CONTACTS) -> tuple[float | None, ...]:
    """Deals per won one, losses per won one, chance of a won one in so many (F2.8)."""
    from koers_analytics.selling.funnel import contacts_per_yes  # noqa: PLC0415 -- analytics

    return contacts_per_yes(rate, contacts)


def other_currencies(*, actor: Actor, period: Period | None, choices: Mapping[str, object]) -> int:
    """Deals whose amount is not in the reporting currency: counted, but not in the sums."""
    return in_other_currencies(deals_of(actor, period=period, choices=choices), reporting_currency())  # fmt: skip


def _counted(groups: list[DealGroup]) -> "list[Counted]":
    from koers_analytics.selling.win_rate import Counted  # noqa: PLC0415 -- analytics

    sums: dict[object, dict[str, DealGroup]] = defaultdict(dict)
    labels: dict[object, str] = {}
    for group in groups:
        key = group.key or ""
        sums[key][group.kind] = group
        labels[key] = group.label
    empty = DealGroup(None, "", "", 0, 0)
    found = []
    for key, kinds in sums.items():
        won, lost, still = (kinds.get(kind, empty) for kind in ("won", "lost", "open"))
        found.append(
            Counted(key, labels[key], won.deals, lost.deals, still.deals,
                    won.amount_e4, lost.amount_e4, still.amount_e4)
        )  # fmt: skip
    return found
