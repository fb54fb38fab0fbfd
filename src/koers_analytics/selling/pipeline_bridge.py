"""How did the pipeline get from what it was on one day to what it was on another?"""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

CENT = Decimal("0.01")


class Effect(StrEnum):
    """Why an open deal counts on one day and not, or for another amount, on the other."""

    NEW = "new"
    REOPENED = "reopened"
    TAKEN_OVER = "taken_over"
    PULLED_IN = "pulled_in"
    GREW = "grew"
    SHRUNK = "shrunk"
    SLIPPED = "slipped"
    HANDED_OVER = "handed_over"
    LOST = "lost"
    WON = "won"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a deal stood at the end of a day.

    ``kind`` is open, won or lost; ``amount`` in the base currency. ``in_scope`` tells whether its
    seller and pipeline are those asked for, ``in_time`` whether it was expected to close in time.
    """

    stage: Hashable
    kind: str
    amount: Decimal
    in_scope: bool = True
    in_time: bool = True

    @property
    def counts(self) -> bool:
        """Whether it is part of the pipeline asked for."""
        return self.kind == "open" and self.in_scope and self.in_time


@dataclass(frozen=True, slots=True)
class DealBetween:
    """A deal on two days; None while it did not exist."""

    key: int
    before: Standing | None
    after: Standing | None


@dataclass(frozen=True, slots=True)
class DealChange:
    """What a deal adds to the bridge; amounts to the cent, zero where it does not count."""

    key: int
    effect: Effect
    before: Decimal
    after: Decimal

    @property
    def change(self) -> Decimal:
        """After less before."""
        return self.after - self.before


@dataclass(slots=True)
class Level:
    """Deals with their amount."""

    deals: int = 0
    amount: Decimal = Decimal(0)

    def add(self, amount: Decimal) -> None:
        """Count a deal."""
        self.deals += 1
        self.amount += amount


@dataclass(frozen=True, slots=True)
class PipelineBridge:
    """Both days per stage and in all, and the effects that lead from one to the other, to the cent."""

    before: Level
    after: Level
    effects: dict[Effect, Level]
    stages_before: dict[Hashable, Level]
    stages_after: dict[Hashable, Level]
    changes: tuple[DealChange, ...] = field(repr=False)


def effect_of(before: Standing | None, after: Standing | None) -> Effect | None:
    """Why the deal changes the pipeline; None where it counts on neither day.

    A decision goes before everything else, then seller and pipeline, then the closing date.
    """
    if before is not None and before.counts:
        return _left_or_stayed(before, after)
    if after is None or not after.counts:
        return None
    if before is None:
        return Effect.NEW
    if before.kind != "open":
        return Effect.REOPENED
    return Effect.PULLED_IN if before.in_scope else Effect.TAKEN_OVER


def _left_or_stayed(before: Standing, after: Standing | None) -> Effect:
    if after is None:
        raise ValueError("a deal that stood on the first day stands on the second, too")
    if after.counts:
        change = _cents(after) - _cents(before)
        return Effect.GREW if change > 0 else Effect.SHRUNK if change < 0 else Effect.UNCHANGED
    if after.kind != "open":
        return Effect.WON if after.kind == "won" else Effect.LOST
    return Effect.SLIPPED if after.in_scope else Effect.HANDED_OVER


def pipeline_bridge(deals: Iterable[DealBetween]) -> PipelineBridge:
    """Levels of the open deals on two days and the effects between them.

    Every amount is rounded to the cent deal by deal, so that before + effects = after exactly, in
    all and over any division of the deals. A won or lost deal leaves with the amount it had on the
    first day. Raises ``ValueError`` for a deal that stands on the first day and not on the second.
    """
    whole, found = (Level(), Level()), defaultdict[Effect, Level](Level)
    stages = defaultdict[Hashable, Level](Level), defaultdict[Hashable, Level](Level)
    changes = []
    for deal in deals:
        effect = effect_of(deal.before, deal.after)
        if effect is None:
            continue
        amounts = []
        for standing, level, per_stage in zip((deal.before, deal.after), whole, stages, strict=True):  # fmt: skip
            amount = Decimal(0)
            if standing is not None and standing.counts:
                amount = _cents(standing)
                level.add(amount)
                per_stage[standing.stage].add(amount)
            amounts.append(amount)
        change = DealChange(deal.key, effect, *amounts)
        found[effect].add(change.change)
        changes.append(change)
    ordered = {effect: found[effect] for effect in Effect if effect in found}
    return PipelineBridge(*whole, ordered, dict(stages[0]), dict(stages[1]), tuple(changes))


def _cents(standing: Standing) -> Decimal:
    return standing.amount.quantize(CENT)
