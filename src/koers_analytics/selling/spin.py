"""Which part of the questions asked makes a customer want a solution (SPIN, F12.5)?"""

from collections.abc import Mapping
from dataclasses import dataclass

from koers_analytics.formulas import run_formula

KINDS = ("S", "P", "I", "N")


@dataclass(frozen=True, slots=True)
class Spin:
    """Questions asked of each kind (counts); ``share`` 0-1, None where none was asked."""

    asked: Mapping[str, int]

    @property
    def total(self) -> int:
        """All questions asked: the denominator."""
        return sum(self.asked.values())

    @property
    def strong(self) -> int:
        """Implication and need-payoff questions: the numerator."""
        return self.asked["I"] + self.asked["N"]

    @property
    def share(self) -> float | None:
        """(I + N) ÷ (S + P + I + N) (F12.5)."""
        percent = run_formula("F12.5", {kind: self.asked[kind] for kind in KINDS})
        return None if percent is None else float(percent) / 100


def spin(counts: Mapping[str, int]) -> Spin:
    """The share from counts per kind; a kind that is left out was not asked. Raises ``ValueError`` for another kind."""
    if wrong := set(counts) - set(KINDS):
        msg = f"unknown kinds of question {sorted(wrong)}"
        raise ValueError(msg)
    return Spin({kind: counts.get(kind, 0) for kind in KINDS})
