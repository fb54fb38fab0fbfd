"""How sure is a share that was counted from few cases?"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import erfc, sqrt
from statistics import NormalDist

LEVEL = 0.95
FEW_DEALS = 30


@dataclass(frozen=True, slots=True)
class Interval:
    """Lowest and highest share (0-1) that agree with what was counted."""

    low: float
    high: float


def wilson(successes: int, trials: int, level: float = LEVEL) -> Interval | None:
    """Score interval of a share; None without trials.

    Wilson (1927), JASA 22, 209-212. It stays inside 0-1 and keeps its promise on average from a
    handful of trials on (Brown, Cai and DasGupta, 2001, Statistical Science 16, 101-133).
    """
    _check(successes, trials, level)
    if not trials:
        return None
    z = NormalDist().inv_cdf((1 + level) / 2)
    share, square = successes / trials, z * z
    middle = (share + square / (2 * trials)) / (1 + square / trials)
    half = z * sqrt(share * (1 - share) / trials + square / (4 * trials * trials))
    half /= 1 + square / trials
    low = 0.0 if successes == 0 else max(0.0, middle - half)
    high = 1.0 if successes == trials else min(1.0, middle + half)
    return Interval(low, high)


def jeffreys(successes: int, trials: int, level: float = LEVEL) -> Interval | None:
    """Equal-tailed interval of Beta(s + ½, n − s + ½); None without trials.

    Brown, Cai and DasGupta (2001), with their ends: 0 when nothing succeeded, 1 when all did.
    Loads SciPy, so it is not for the web process.
    """
    from scipy.stats import beta  # noqa: PLC0415 -- slow import

    _check(successes, trials, level)
    if not trials:
        return None
    spread = beta(successes + 0.5, trials - successes + 0.5)
    low = 0.0 if successes == 0 else float(spread.ppf((1 - level) / 2))
    high = 1.0 if successes == trials else float(spread.ppf((1 + level) / 2))
    return Interval(low, high)


def chance_of_difference(successes: int, trials: int, others: int, other_trials: int) -> float:
    """p-value that two shares are one and the same (pooled z-test); 1 where it cannot be told."""
    if not trials or not other_trials:
        return 1.0
    pooled = (successes + others) / (trials + other_trials)
    variance = pooled * (1 - pooled) * (1 / trials + 1 / other_trials)
    if variance <= 0:
        return 1.0
    z = (successes / trials - others / other_trials) / sqrt(variance)
    return erfc(abs(z) / sqrt(2))


def holm(p_values: Sequence[float]) -> list[float]:
    """p-values made fit for being looked at together (Holm, 1979, Scand. J. Statistics 6, 65-70)."""
    adjusted = [1.0] * len(p_values)
    highest = 0.0
    for rank, index in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        highest = max(highest, min(1.0, p_values[index] * (len(p_values) - rank)))
        adjusted[index] = highest
    return adjusted


def _check(successes: int, trials: int, level: float) -> None:
    if not 0 <= successes <= trials:
        raise ValueError(f"{successes} successes of {trials} trials is impossible")
    if not 0 < level < 1:
        raise ValueError("the level is a share between 0 and 1")
