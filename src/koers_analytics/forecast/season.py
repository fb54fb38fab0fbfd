"""Which part of a series is season, and how sure are we of it?"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
ONE_IN_TEN = 1.645
FEW = 3
LONG = 24
WAVES = ((1, 4), (4, 10), (10, 10_000))


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
    in the season. Short seasons: none where the series is shorter than two and a half of them or the
    autocorrelation at the season's lag is not significant at 90 % (Assimakopoulos and Nikolopoulos
    2000); the indices' logarithms are shrunk by the James-Stein factor of Miller and Williams (2003).
    Seasons above 24 places: from two and a sixth of them, shrunk per band of waves and without test.
    """
    positive = bool((y > 0).all())
    none = Season(np.ones(1) if positive else np.zeros(1), multiplicative=positive)
    long = length > LONG
    if length < 2 or len(y) < 2 * length + length // (6 if long else 2):
        return none
    if not long and not _seasonal(y, length):
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
    noise = _noise(groups)
    means = _smoothed(means, noise) if long else means * _kept(means, noise, len(means))
    return Season(np.exp(means) if positive else means, multiplicative=positive)


def _noise(groups: list[Numbers]) -> float:
    """Mean variance of an index, from the spread of its own years."""
    freedom = sum(len(group) - 1 for group in groups)
    if freedom <= 0:
        return 0.0
    variance = sum(float(((group - group.mean()) ** 2).sum()) for group in groups) / freedom
    return float(np.mean([variance / len(group) for group in groups]))


def _kept(parts: Numbers, noise: float, count: int) -> float:
    """The James-Stein share that is kept: 1 − (m − 3)·noise ÷ Σ part², not below 0."""
    total = float((parts**2).sum())
    return max(0.0, 1 - (count - FEW) * noise / total) if count > FEW and total > 0 else 1.0


def _smoothed(means: Numbers, noise: float) -> Numbers:
    """Long seasons: slow, middling and quick waves are each shrunk by their own share.

    Two or three years tell little of a single week, but much of the slow waves through the year.
    """
    waves = np.fft.rfft(means)
    kept = np.zeros_like(waves)
    for low, high in WAVES:
        band = np.zeros_like(waves)
        band[low:high] = waves[low:high]
        part = np.fft.irfft(band, len(means))
        share = max(
            0.0, 1 - 2 * (min(high, len(waves)) - low) * noise / max(float((part**2).sum()), 1e-300)
        )
        kept[low:high] = band[low:high] * share
    return np.asarray(np.fft.irfft(kept, len(means)), dtype=np.float64)


def _seasonal(y: Numbers, length: int) -> bool:
    centred = y - y.mean()
    total = float((centred**2).sum())
    if total <= 0:
        return False
    r = np.array([float((centred[k:] * centred[:-k]).sum()) / total for k in range(1, length + 1)])
    limit = ONE_IN_TEN * np.sqrt((1 + 2 * float((r[:-1] ** 2).sum())) / len(y))
    return bool(abs(r[-1]) > limit)
