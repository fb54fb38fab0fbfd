"""How many deals pass each stage, and how many must go in to reach a target (F2.9)?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import prod

from koers_analytics.formulas import run_formula
from koers_analytics.selling.proportions import FEW_DEALS, LEVEL, Interval, wilson


@dataclass(frozen=True, slots=True)
class Reached:
    """So many deals got as far as an open stage (its place from 0) and are now open, won or lost."""

    stage: int
    kind: str
    deals: int


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """A stage: deals that reached it, what became of them, and the share that went on.

    ``conversion`` is went on ÷ (went on + lost here): deals that still stand here are left out, as
    in the hit rate. From the last open stage "went on" means won.
    """

    label: str
    reached: int
    went_on: int
    lost_here: int
    still_here: int
    conversion: float | None
    interval: Interval | None
    is_few: bool

    @property
    def decided(self) -> int:
        """Deals that have left the stage."""
        return self.went_on + self.lost_here


@dataclass(frozen=True, slots=True)
class Funnel:
    """The stages in order, the won, and the chance from the first stage to won (product of steps)."""

    steps: tuple[FunnelStep, ...]
    won: int
    lost: int
    open: int

    @property
    def through(self) -> float | None:
        """Share of deals entering the first stage that is won in the end."""
        rates = [step.conversion for step in self.steps]
        return None if not rates or None in rates else prod(rate for rate in rates if rate is not None)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Needed:
    """How many deals must reach a stage."""

    label: str
    deals: float


def funnel(stages: Sequence[str], cells: Iterable[Reached], level: float = LEVEL) -> Funnel:
    """What became of the deals per stage; a deal that reached a stage passed all stages before it.

    Raises ``ValueError`` for a stage that does not exist. Source: F2.9 read forward.
    """
    counts: dict[tuple[int, str], int] = {}
    for cell in cells:
        if not 0 <= cell.stage < len(stages):
            raise ValueError(f"there is no stage {cell.stage}")
        key = cell.stage, cell.kind
        counts[key] = counts.get(key, 0) + cell.deals
    won = sum(deals for (_stage, kind), deals in counts.items() if kind == "won")
    steps = []
    for place, label in enumerate(stages):
        lost, still = counts.get((place, "lost"), 0), counts.get((place, "open"), 0)
        beyond = sum(deals for (stage, kind), deals in counts.items() if stage > place and kind != "won")  # fmt: skip
        went_on = beyond + won
        decided = went_on + lost
        steps.append(
            FunnelStep(
                label=label,
                reached=decided + still,
                went_on=went_on,
                lost_here=lost,
                still_here=still,
                conversion=went_on / decided if decided else None,
                interval=wilson(went_on, decided, level),
                is_few=decided < FEW_DEALS,
            )
        )
    return Funnel(
        steps=tuple(steps),
        won=won,
        lost=sum(deals for (_stage, kind), deals in counts.items() if kind == "lost"),
        open=sum(deals for (_stage, kind), deals in counts.items() if kind == "open"),
    )


def needed_for(target: float, average: float | None, found: Funnel) -> list[Needed]:
    """Deals that must reach each stage for a target, the last stage first, after the won ones (F2.9).

    ``target`` and ``average`` (amount of a won deal) share one unit. The list ends before a stage
    whose conversion is unknown or zero: beyond it no number of deals would do.
    """
    if not average:
        return []
    needed = [Needed("", target / average)]
    for step in reversed(found.steps):
        if not step.conversion:
            break
        needed.append(Needed(step.label, needed[-1].deals / step.conversion))
    return needed


def contacts_per_yes(rate: float | None, contacts: int) -> tuple[float | None, ...]:
    """Deals per won one, losses per won one, chance of one won in so many (F2.8); None without a rate."""
    if rate is None:
        return None, None, None
    per_yes, noes, chance = run_formula("F2.8", {"p": rate, "n": contacts})
    return per_yes, noes, chance
