"""How well does an offer fit what the customer wants, by how much each thing matters?"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Fit:
    """Fit 0-1, None where nothing is wanted; ``met`` of ``importance`` points of weight."""

    met: Decimal
    importance: int

    @property
    def share(self) -> Decimal | None:
        """Weight that is met ÷ all weight."""
        return self.met / self.importance if self.importance else None


def fit(wants: Iterable[tuple[int, Decimal]]) -> Fit:
    """Σ importance × part met ÷ Σ importance (weighted score of a value analysis).

    Each want has an importance (a whole number from 1) and the part of it that is met (0-1). Raises
    ``ValueError`` for an importance below 1 or a part outside 0-1. It says how an offer answers
    what was written down, not what was never asked.
    """
    met, total = Decimal(0), 0
    for importance, part in wants:
        if importance < 1 or not 0 <= part <= 1:
            msg = f"importance {importance} or part {part} is out of range"
            raise ValueError(msg)
        met += importance * part
        total += importance
    return Fit(met, total)
