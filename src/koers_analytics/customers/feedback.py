"""Would customers recommend us (F5.4), and how satisfied are they (F5.5): figures with their uncertainty."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

LEVEL = 0.95
LEAST = 5  # answers below which a mean has no interval
FEW = 30


@dataclass(frozen=True, slots=True)
class NetPromoter:
    """F5.4 in points (-100 to 100) with its interval; None without answers."""

    answers: int
    promoters: int
    detractors: int
    points: float | None
    low: float | None
    high: float | None

    @property
    def passives(self) -> int:
        """Answers of 7 or 8."""
        return self.answers - self.promoters - self.detractors

    @property
    def is_few(self) -> bool:
        """Whether the figure may well be chance."""
        return 0 < self.answers < FEW


@dataclass(frozen=True, slots=True)
class MeanScore:
    """The mean of scores of 0-10 with its interval; None without answers."""

    answers: int
    mean: float | None
    low: float | None
    high: float | None

    @property
    def is_few(self) -> bool:
        """Whether the figure may well be chance."""
        return 0 < self.answers < FEW


def net_promoter(*, answers: int, promoters: int, detractors: int) -> NetPromoter:
    """NPS = % scoring 9-10 less % scoring 0-6.

    The interval (95 %) is that of the difference of two shares of one sample of Bonett and Price
    (2012), Journal of Educational and Behavioral Statistics 37, 479-488: one answer is added to
    each side, so that it means something for few answers too.
    """
    if min(promoters, detractors) < 0 or promoters + detractors > answers:
        raise ValueError("impossible counts of promoters and detractors")
    if not answers:
        return NetPromoter(0, 0, 0, None, None, None)
    z = NormalDist().inv_cdf((1 + LEVEL) / 2)
    up, down = (promoters + 1) / (answers + 2), (detractors + 1) / (answers + 2)
    half = z * sqrt((up + down - (up - down) ** 2) / (answers + 2))
    low, high = max(-1.0, up - down - half), min(1.0, up - down + half)
    points = (promoters - detractors) / answers
    return NetPromoter(answers, promoters, detractors, 100 * points, 100 * min(low, points), 100 * max(high, points))  # fmt: skip


def mean_score(*, answers: int, total: float, squares: float) -> MeanScore:
    """Mean of scores from their number, sum and sum of squares, with Student's interval (95 %).

    Assumes that answers are independent; below five answers there is no interval. It is cut at 0
    and 10.
    """
    if not answers:
        return MeanScore(0, None, None, None)
    mean = total / answers
    if answers < LEAST:
        return MeanScore(answers, mean, None, None)
    variance = max(0.0, (squares - answers * mean * mean) / (answers - 1))
    half = student(answers - 1) * sqrt(variance / answers)
    return MeanScore(answers, mean, max(0.0, mean - half), min(10.0, mean + half))


def student(freedom: int, level: float = LEVEL) -> float:
    """Two-sided quantile of Student's distribution, within 0.5 % from 4 degrees of freedom on.

    Expansion of Cornish and Fisher (Abramowitz and Stegun 26.7.5); spares the web process SciPy.
    """
    z, v = NormalDist().inv_cdf((1 + level) / 2), float(freedom)
    return (
        z + (z**3 + z) / (4 * v) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * v**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * v**3)
        + (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / (92160 * v**4)
    )  # fmt: skip


def weighted_index(weights: Mapping[str, float], scores: Mapping[str, float | None]) -> float | None:  # fmt: skip
    """Sum of weight times score (F1.3, F5.5) over what was scored; the weights of the rest carry what is missing.

    None where nothing was scored, or where the weights do not total 1 within 0.001.
    """
    if abs(sum(weights.values()) - 1) > 0.001:
        return None
    known = {name: score for name, score in scores.items() if score is not None and weights.get(name, 0) > 0}  # fmt: skip
    whole = sum(weights[name] for name in known)
    return sum(weights[name] * score for name, score in known.items()) / whole if whole else None
