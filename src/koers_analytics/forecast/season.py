"""Which part of a series is season, and how sure are we of it?"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
ONE_IN_TEN = 1.645
FEW = 3


@dataclass(frozen=True, slots=True)
class Season:
    """An index per place in the season; factors for positive series, else amounts added."""

    indices: Numbers
    multiplicative: bool

    def removed(self, y: Numbers) -> Numbers:
        """The series without its season."""
        index = self.indices[np.arange(len(y)) % len(self.indices)]
        return y / index if self.multiplicative else y - index

    def restored(self, values: Numbers, start: int) -> Numbers:
        """Values from step ``start`` on, with their season."""
        index = self.indices[(start + np.arange(len(values))) % len(self.indices)]
        return values * index if self.multiplicative else values + index


def season_of(y: Numbers, length: int) -> Season:
    """Seasonal indices by classical decomposition, shrunk towards none.

    Ratios (differences where values are 0 or below) to a centred moving average, averaged per place
    in the season. No season where the series is shorter than two and a half seasons or where the
    autocorrelation at the season's lag is not significant at 90 % (Assimakopoulos and Nikolopoulos
    2000). The logarithms of the indices are shrunk by the James-Stein factor of Miller and Williams
    (2003), so that indices of few or noisy years count less.
    """
    positive = bool((y > 0).all())
    none = Season(np.ones(1) if positive else np.zeros(1), multiplicative=positive)
    if length < 2 or len(y) < 2 * length + length // 2 or not _seasonal(y, length):
        return none
    kernel = np.ones(length) / length
    if length % 2 == 0:
        kernel = np.ones(length + 1) / length
        kernel[0] = kernel[-1] = 0.5 / length
    level = np.convolve(y, kernel, "valid")
    offset = (len(kernel) - 1) // 2
    inner = y[offset : offset + len(level)]
    deviation = np.log(inner / level) if positive else inner - level
    place = (np.arange(len(level)) + offset) % length
    groups = [deviation[place == k] for k in range(length)]
    means = np.array([group.mean() for group in groups])
    means -= means.mean()
    means *= _shrinkage(groups, means)
    return Season(np.exp(means) if positive else means, multiplicative=positive)


def _shrinkage(groups: list[Numbers], means: Numbers) -> float:
    """How much of the indices is kept: 1 − (m − 3)·(mean variance of an index) ÷ Σ index², not below 0."""
    total = float((means**2).sum())
    if len(means) <= FEW or total <= 0:
        return 1.0
    noise = float(np.mean([group.var(ddof=1) / len(group) if len(group) > 1 else 0.0 for group in groups]))  # fmt: skip
    return max(0.0, 1 - (len(means) - FEW) * noise / total)


def _seasonal(y: Numbers, length: int) -> bool:
    centred = y - y.mean()
    total = float((centred**2).sum())
    if total <= 0:
        return False
    r = np.array([float((centred[k:] * centred[:-k]).sum()) / total for k in range(1, length + 1)])
    limit = ONE_IN_TEN * np.sqrt((1 + 2 * float((r[:-1] ** 2).sum())) / len(y))
    return bool(abs(r[-1]) > limit)
