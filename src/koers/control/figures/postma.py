"""How does each seller get from days to contribution (F9.15), and where does it leak?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from koers.analyse.figures.turnover import turnover_of
from koers.control.queries.postma import sellers_on_board, visits_per_seller
from koers.core.actor import Actor
from koers.core.periods import Period
from koers.organisation.models import User
from koers.plan.figures.economics import seller_cost

if TYPE_CHECKING:
    from koers_analytics.economics.postma import Activity, Chain, Gap

MOST_SELLERS = 5_000


@dataclass(frozen=True)
class Standing:
    """A seller with what he or she did, its chain, what it is compared with, and the gap."""

    person: User
    activity: "Activity"
    chain: "Chain"
    reference: "Chain"
    gap: "Gap | None"


def activities_of(
    *, actor: Actor, period: Period, chosen: Mapping[str, int], filters: Mapping[str, Any]
) -> "dict[int, Activity]":
    """What each seller one sees did in the period; those who did nothing are left out."""
    from koers_analytics.economics.postma import Activity  # noqa: PLC0415 -- slow import

    visits = visits_per_seller(actor, period=period, chosen=chosen)
    table = turnover_of(actor=actor, period=period, by=("seller",), limit=MOST_SELLERS, **filters)
    sold = {row.keys[0]: row.measures for row in table.rows}
    cost, found = seller_cost(1, period), {}
    for person in sellers_on_board(actor):
        days, made = visits.get(person.pk, (0, 0))
        one = sold.get(person.pk)
        if one is None and not made:
            continue
        found[person.pk] = Activity(
            days=days, visits=made, orders=one.orders if one else 0, turnover=one.turnover if one else Decimal(0),
            contribution=one.contribution if one else None, costed=one.costed_turnover if one else Decimal(0), cost=cost,
        )  # fmt: skip
    return found


def board_of(
    *,
    actor: Actor,
    activities: "Mapping[int, Activity]",
    against: str,
    before: "Mapping[int, Activity]",
    norm: "Chain | None" = None,
) -> list[Standing]:
    """Each seller beside all, the own team, the own year before, or a norm."""
    from koers_analytics.economics.postma import chain_of, gap, together  # noqa: PLC0415 -- slow import

    people = [person for person in sellers_on_board(actor) if person.pk in activities]
    everyone = together(activities.values())
    found = []
    for person in people:
        one = chain_of(activities[person.pk])
        if against == "norm" and norm is not None:
            reference = norm
        elif against == "before":
            reference = chain_of(before[person.pk]) if person.pk in before else chain_of(together([]))  # fmt: skip
        elif against == "team" and person.team_id is not None:
            reference = chain_of(together(activities[each.pk] for each in people if each.team_id == person.team_id))  # fmt: skip
        else:
            reference = chain_of(everyone)
        found.append(Standing(person, activities[person.pk], one, reference, gap(one, reference)))
    return found


def mean_chain(activities: "Mapping[int, Activity]") -> "Chain":
    """The chain of all together, per person."""
    from koers_analytics.economics.postma import chain_of, together  # noqa: PLC0415 -- slow import

    return chain_of(together(activities.values()))


def total_of(activities: "Mapping[int, Activity]") -> "Activity":
    """All together."""
    from koers_analytics.economics.postma import together  # noqa: PLC0415 -- slow import

    return together(activities.values())


def norm_of(factors: Sequence[Decimal], period: Period) -> "Chain":
    """A norm somebody typed, as a chain."""
    from koers_analytics.economics.postma import chain_from  # noqa: PLC0415 -- slow import

    return chain_from(factors, seller_cost(1, period))
