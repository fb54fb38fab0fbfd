"""How far is each goal, from figures or from what was measured by hand?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q

from koers.analyse.figures.cache import kept_per_facts
from koers.analyse.figures.facts import NoFactsYetError, open_facts, visible_filter
from koers.core.actor import Actor
from koers.plan.models import Goal
from koers.plan.queries.goal import sees_actual_of
from koers.sell.models import Activity, ActivityKind, ActivityStatus

if TYPE_CHECKING:
    from koers_analytics.planning.goals import NewCustomers, Progress

Figure, Level = Goal.Figure, Goal.Level
MARGIN = "margin"  # of key success factors alone
FROM_FACTS = (Figure.TURNOVER, Figure.CONTRIBUTION, Figure.NEW_CUSTOMERS, MARGIN)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a goal's figure counts: over which days (the end excluded), of whom or which unit."""

    figure: str
    start: date
    end: date
    seller: int | None
    unit: int | None

    @property
    def choices(self) -> dict[str, Any]:
        """The same as a choice of order lines."""
        return {
            "start": self.start, "end": self.end,
            "seller_ids": () if self.seller is None else (self.seller,), "sbu_ids": () if self.unit is None else (self.unit,),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Standing:
    """A goal as far as it is; ``is_hidden`` where the reader may not see the actual."""

    goal: Goal
    actual: Decimal | None
    measured_on: date | None
    is_hidden: bool
    progress: "Progress"

    @property
    def share(self) -> Decimal | None:
        """Progress, 0-1."""
        return self.progress.share

    @property
    def is_behind(self) -> bool:
        """Whether an open goal is less far than the days that passed."""
        return self.goal.is_open and self.progress.ahead is not None and self.progress.ahead < 0


def asked_of(goal: Goal, *, today: date) -> Asked | None:
    """What the goal's figure counts up to and including today; nothing before the goal starts."""
    end = min(goal.ends_on, today + timedelta(days=1))
    if not goal.figure or end <= goal.starts_on:
        return None
    return Asked(
        goal.figure, goal.starts_on, end,
        goal.owner_id if goal.level == Level.PERSON else None, goal.business_unit_id,
    )  # fmt: skip


def standings_of(*, actor: Actor, goals: Iterable[Goal], today: date) -> list[Standing]:
    """How far goals are (F2.11); goals come from ``with_last_measured``.

    Takes the same number of queries however many goals there are.
    """
    from koers_analytics.planning.goals import progress  # noqa: PLC0415 -- slow import

    found = list(goals)
    seen = {goal.pk for goal in found if sees_actual_of(actor, goal)}
    asks = {goal.pk: ask for goal in found if goal.pk in seen and (ask := asked_of(goal, today=today))}  # fmt: skip
    values = counted(actor, asks.values())
    standings = []
    for goal in found:
        actual, day = None, None
        if goal.pk in asks:
            actual, day = values.get(asks[goal.pk]), today
        elif goal.pk in seen and not goal.figure:
            actual, day = goal.measured, goal.measured_on  # type: ignore[attr-defined]
        made = progress(
            start=goal.start_value, target=goal.target_value, actual=actual, starts_on=goal.starts_on, ends_on=goal.ends_on, today=today
        )  # fmt: skip
        standings.append(Standing(goal, actual, day, goal.pk not in seen, made))
    return standings


def counted(actor: Actor, asked: Iterable[Asked]) -> dict[Asked, Decimal | None]:
    """What each ask counts, of what the actor sees; None where nothing tells."""
    asks = sorted(set(asked), key=repr)
    visits = tuple(ask for ask in asks if ask.figure == Figure.VISITS)
    others = tuple(ask for ask in asks if ask.figure in FROM_FACTS)
    found: dict[Asked, Decimal | None] = dict(_visits(visits)) if visits else {}
    if others:
        try:
            found |= dict(zip(others, _from_facts(actor=actor, asks=others), strict=True))
        except NoFactsYetError:
            found |= dict.fromkeys(others)
    return found


def visits_of(ask: Asked) -> Q:
    """Visits that were made and count for the goal."""
    made = Q(kind=ActivityKind.VISIT, status=ActivityStatus.DONE, day__gte=ask.start, day__lt=ask.end)  # fmt: skip
    return made if ask.seller is None else made & Q(owner_id=ask.seller)


def _visits(asks: tuple[Asked, ...]) -> dict[Asked, Decimal]:
    names = {f"asked_{place}": ask for place, ask in enumerate(asks)}
    counts = {name: Count("pk", filter=visits_of(ask)) for name, ask in names.items()}
    found = Activity.objects.order_by().aggregate(**counts)
    return {ask: Decimal(found[name]) for name, ask in names.items()}


@kept_per_facts
def _from_facts(*, actor: Actor, asks: tuple[Asked, ...]) -> list[Decimal | None]:
    from koers_analytics.economics.turnover import turnover  # noqa: PLC0415 -- slow import
    from koers_analytics.planning.goals import new_customers  # noqa: PLC0415 -- slow import

    facts = open_facts()
    found: list[Decimal | None] = []
    for ask in asks:
        flt = visible_filter(actor, **ask.choices)
        if ask.figure == Figure.NEW_CUSTOMERS:
            found.append(Decimal(new_customers(facts, flt, shown=0).count))
        else:
            measures = turnover(facts, flt).total
            found.append({MARGIN: measures.margin, Figure.CONTRIBUTION: measures.contribution}.get(ask.figure, measures.turnover))  # fmt: skip
    return found


@kept_per_facts
def new_customers_of(*, actor: Actor, ask: Asked) -> "NewCustomers":
    """The new customers a goal counts, with the first of them."""
    from koers_analytics.planning.goals import new_customers  # noqa: PLC0415 -- slow import

    return new_customers(open_facts(), visible_filter(actor, **ask.choices))
