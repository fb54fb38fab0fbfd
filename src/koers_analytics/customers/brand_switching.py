"""What is a customer worth who may choose another brand at each purchase, and what moves that choice (F1.4)?"""

from collections.abc import Sequence
from typing import Any, Self, TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]
Whole: TypeAlias = npt.NDArray[np.int64]

LEAST_CHOICES = 50
PER_PARAMETER = 10
LARGEST = 25.0  # a coefficient beyond this is running to infinity
STEPS = 100


class TooFewChoicesError(ValueError):
    """The choices cannot tell what drives them: too 'few', scores too 'alike', or they tell 'all'."""

    def __init__(self, message: str, reason: str) -> None:
        super().__init__(message)
        self.reason = reason


class BrandSwitching:
    """Multinomial logit of the brand chosen next, on driver scores and on the brand bought last.

    Utility of brand j for respondent i: ``coef_[0] * (last_i == j) + ratings[i, j] @ coef_[1:]``;
    the chance of j is exp(utility) over the sum of it. Row j of the switching matrix holds the
    chances of who bought j last, so a matrix follows from the ratings of an average respondent.

    Assumptions: the brands named are all there are, and a third one draws from both in proportion
    to their chances (independence of irrelevant alternatives); everybody weighs the drivers the
    same; choices are independent; brand 0 is ours. Scores in points of 0-10; coefficients are
    log-odds per point, ``coef_[0]`` the inertia in log-odds.

    Source: R.T. Rust, K.N. Lemon and V.A. Zeithaml (2004), Return on Marketing: Using Customer
    Equity to Focus Marketing Strategy, Journal of Marketing 68(1), 109-127. Kept from it: logit on
    drivers and inertia, the switching matrix, purchases at equal distances. Left out: the factor
    analysis before the logit, brand-specific constants, and coefficients per segment.

    Attributes
    ----------
    coef_, covariance_
        Maximum likelihood estimate, and the inverse of the observed information.
    log_likelihood_, log_likelihood_null_, choices_
        The latter with all chances equal.
    """

    coef_: Floats
    covariance_: Floats
    log_likelihood_: float
    log_likelihood_null_: float
    choices_: int

    @classmethod
    def known(cls, coef: Any, covariance: Any) -> "BrandSwitching":
        """A model whose weights were learned before."""
        found = cls()
        found.coef_ = np.asarray(coef, dtype=np.float64)
        found.covariance_ = np.asarray(covariance, dtype=np.float64)
        return found

    def fit(self, ratings: Any, last: Any, chosen: Any) -> Self:
        """Learn from choices: ``ratings`` (choices, brands, drivers), ``last`` and ``chosen`` brand numbers.

        Raises
        ------
        TooFewChoicesError
            Below 50 choices or 10 per coefficient, or where the drivers do not vary apart from
            each other, or where they tell every choice (no finite estimate exists).
        ValueError
            For shapes that do not fit, or a brand that is not there.
        """
        rated, of_last, of_next = _checked(ratings, last, chosen)
        count, brands, _drivers = rated.shape
        inertia = (of_last[:, None] == np.arange(brands)).astype(float)
        features = np.concatenate([inertia[:, :, None], rated], axis=2)
        parameters = features.shape[2]
        if count < max(LEAST_CHOICES, PER_PARAMETER * parameters):
            raise TooFewChoicesError(f"{count} choices are too few for {parameters} coefficients", "few")  # fmt: skip
        self.coef_, information, self.log_likelihood_ = _climb(features, of_next)
        self.covariance_ = np.asarray(np.linalg.inv(information), dtype=np.float64)
        self.log_likelihood_null_ = -count * float(np.log(brands))
        self.choices_ = count
        return self

    @property
    def standard_errors_(self) -> Floats:
        """Of ``coef_``."""
        return np.asarray(np.sqrt(np.diag(self.covariance_)))

    def switching_matrix(self, ratings: Any, coef: Any = None) -> Floats:
        """Chances of the next brand (columns) per brand bought last (rows), at these ratings (brands, drivers).

        ``coef`` may hold many draws (draws, coefficients), and ``ratings`` one set per draw; then
        there is a matrix per draw.
        """
        weights = np.asarray(self.coef_ if coef is None else coef, dtype=float)
        rated = np.asarray(ratings, dtype=float)
        utility = np.einsum("...bk,...k->...b", rated, weights[..., 1:])
        brands = rated.shape[-2]
        both = utility[..., None, :] + weights[..., 0, None, None] * np.eye(brands)
        grown = np.exp(both - both.max(axis=-1, keepdims=True))
        return np.asarray(grown / grown.sum(axis=-1, keepdims=True))

    def clv(self, ratings: Any, *, margin: float, discount: float, purchases: int, frequency: float = 1.0, last: int = 0) -> float:  # fmt: skip
        """Lifetime value (F1.4) of a customer who bought brand ``last`` most recently; see ``switching_clv``."""
        matrix = self.switching_matrix(ratings)
        start = np.eye(len(matrix))[last]
        return float(switching_clv(matrix, start, margin=margin, discount=discount, purchases=purchases, frequency=frequency))  # fmt: skip

    def equity(self, ratings: Any, holders: Sequence[float], *, margin: float, discount: float, purchases: int, frequency: float = 1.0) -> float:  # fmt: skip
        """Customer equity: the sum over customers, ``holders[j]`` of whom bought brand j last."""
        matrix = self.switching_matrix(ratings)
        return float(switching_clv(matrix, np.asarray(holders, dtype=float), margin=margin, discount=discount, purchases=purchases, frequency=frequency))  # fmt: skip


def brand_chances(matrix: Any, start: Any, purchases: int) -> Floats:
    """B_t = start × matrix^t for t = 0 … purchases; ``matrix`` may be a stack of matrices."""
    steps = np.asarray(matrix, dtype=float)
    now = np.broadcast_to(np.asarray(start, dtype=float), steps.shape[:-1])
    found = [now]
    for _purchase in range(purchases):
        now = np.einsum("...i,...ij->...j", now, steps)
        found.append(now)
    return np.stack(found)


def switching_clv(
    matrix: Any, start: Any, *, margin: float, discount: float, purchases: int, volume: float = 1.0, frequency: float = 1.0
) -> Floats:  # fmt: skip
    """F1.4: Σ over t = 0 … purchases of (1+d)^(-t/f) × V × m × B_t of brand 0.

    ``margin`` m in money per unit, ``volume`` V units per purchase, ``discount`` d per year,
    ``frequency`` f purchases per year; t = 0 is the purchase just made. ``start`` may be chances
    that total 1 (one customer) or numbers of customers (their sum). One value per matrix.
    """
    if discount <= -1 or frequency <= 0 or purchases < 0:
        raise ValueError("a discount rate above -1, a positive frequency and purchases of 0 or more are needed")  # fmt: skip
    chances = brand_chances(matrix, start, purchases)[..., 0]
    weights = (1.0 + discount) ** (-np.arange(purchases + 1) / frequency)
    return np.asarray(volume * margin * np.tensordot(weights, chances, axes=(0, 0)))


def _checked(ratings: Any, last: Any, chosen: Any) -> tuple[Floats, Whole, Whole]:
    rated = np.asarray(ratings, dtype=float)
    of_last, of_next = np.asarray(last, dtype=np.int64), np.asarray(chosen, dtype=np.int64)
    if rated.ndim != 3 or of_last.shape != (len(rated),) or of_next.shape != (len(rated),):
        raise ValueError("ratings per choice, brand and driver, and one last and next brand per choice are needed")  # fmt: skip
    for brands in (of_last, of_next):
        if len(brands) and not 0 <= brands.min() <= brands.max() < rated.shape[1]:
            raise ValueError("a brand is named that has no ratings")
    if not np.isfinite(rated).all():
        raise ValueError("every brand needs a score on every driver")
    return rated, of_last, of_next


def _climb(features: Floats, chosen: Whole) -> tuple[Floats, Floats, float]:
    """Newton's method on the concave log-likelihood, halving steps that overshoot."""
    rows = np.arange(len(chosen))
    weights = np.zeros(features.shape[2])
    height, slope, information = _likelihood(features, chosen, rows, weights)
    for _step in range(STEPS):
        if np.linalg.cond(information) > 1e12:
            raise TooFewChoicesError("the drivers do not vary enough apart from each other, or tell every choice", "alike")  # fmt: skip
        if np.abs(slope).max() < 1e-9 * len(chosen):
            return weights, information, height
        step = np.linalg.solve(information, slope)
        while True:
            trial = _likelihood(features, chosen, rows, weights + step)
            if trial[0] >= height - 1e-12 * abs(height) or np.abs(step).max() < 1e-12:
                break
            step /= 2
        weights, (height, slope, information) = weights + step, trial
        if np.abs(weights).max() > LARGEST:
            break
    raise TooFewChoicesError("the drivers tell every choice, so no finite weight fits", "all")


def _likelihood(features: Floats, chosen: Whole, rows: Whole, weights: Floats) -> tuple[float, Floats, Floats]:  # fmt: skip
    """Log-likelihood, its slope, and minus its second derivatives."""
    utility = features @ weights
    top = utility.max(axis=1, keepdims=True)
    grown = np.exp(utility - top)
    chances = grown / grown.sum(axis=1, keepdims=True)
    height = float((utility[rows, chosen] - top[:, 0] - np.log(grown.sum(axis=1))).sum())
    means = np.einsum("nb,nbk->nk", chances, features)
    slope = (features[rows, chosen] - means).sum(axis=0)
    spread = np.einsum("nb,nbk,nbl->kl", chances, features, features) - means.T @ means
    return height, slope, spread
