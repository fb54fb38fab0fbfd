"""Does money spent on a driver of customer equity come back, and how sure is that (F1.5)?

ΔCE follows from the brand-switching model (F1.4) with two brands, ours and all others. What is not
known enters as a distribution: three-point estimates as triangles, learned coefficients as normal
with their covariance. The same seed gives the same answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from koers_analytics.customers.brand_switching import BrandSwitching, Floats, switching_clv

DRAWS, SEED = 10_000, 2004
LOW, HIGH = 0.05, 0.95  # the interval holds 90 in 100 draws
DISCOUNT_STEPS = (-0.05, -0.025, 0.0, 0.025, 0.05)
MOST_PURCHASES = 1_000


@dataclass(frozen=True, slots=True)
class ThreePoint:
    """An estimate as low, most likely and high; drawn from a triangle over them."""

    low: float
    likely: float
    high: float

    def __post_init__(self) -> None:
        """The three stand in order."""
        if not self.low <= self.likely <= self.high:
            raise ValueError("low, most likely and high stand in this order")

    def draws(self, dice: np.random.Generator, count: int) -> Floats:
        """Draws by the inverse of the distribution, also where the three are one."""
        width, share = self.high - self.low, dice.random(count)
        if width == 0:
            return np.full(count, self.likely)
        left = (self.likely - self.low) / width
        rising = self.low + np.sqrt(share * width * (self.likely - self.low))
        falling = self.high - np.sqrt((1 - share) * width * (self.high - self.likely))
        return np.asarray(np.where(share < left, rising, falling))


@dataclass(frozen=True, slots=True)
class Learned:
    """A logit learned from choices: the model, today's scores (2 brands × drivers), and the driver's place."""

    model: BrandSwitching
    ratings: tuple[tuple[float, ...], tuple[float, ...]]
    driver: int


@dataclass(frozen=True, slots=True)
class EquityAction:
    """An action on one driver.

    ``cost`` and ``margin`` (contribution per purchase) in money; ``change`` of the driver's score
    in points of 0-10; ``customers`` bought ours last, ``others`` bought elsewhere; ``frequency``
    purchases a year, over ``years``; ``discount`` a year. ``stay`` and ``win`` are the chances that
    the next purchase is ours after one at us and after one elsewhere, both between 0 and 1.
    ``effect`` is by how much one point raises the chance ``stay`` at today's level, as a fraction:
    the user's own estimate. Where ``learned`` is given it takes the place of these three.
    """

    cost: float
    change: ThreePoint
    effect: ThreePoint | None
    stay: float
    win: float
    customers: float
    margin: float
    frequency: float
    discount: float
    years: float
    others: float = 0.0
    learned: Learned | None = None

    @property
    def purchases(self) -> int:
        """How many purchases after the last one fall in the years."""
        return min(MOST_PURCHASES, round(self.years * self.frequency))


@dataclass(frozen=True, slots=True)
class ActionOutcome:
    """What an action brings: money and fractions; None where the cost is 0.

    ``gain`` and ``roi`` at the most likely values, low and high the 5th and 95th percentile of the
    draws; ``chance_pays`` the share of draws whose gain exceeds the cost.
    """

    equity_before: float
    equity_after: float
    stay_after: float
    win_after: float
    gain: float
    gain_low: float
    gain_high: float
    roi: float | None
    roi_low: float | None
    roi_high: float | None
    chance_pays: float
    draws: int

    @property
    def chance_error(self) -> float:
        """Standard error of ``chance_pays`` by the draws alone, at its widest."""
        return float(0.5 / np.sqrt(self.draws))


def roi(gain: float, cost: float) -> float | None:
    """F1.5: (ΔCE − cost) / cost, a fraction; None without a cost."""
    return (gain - cost) / cost if cost > 0 else None


def action_outcome(action: EquityAction, *, draws: int = DRAWS, seed: int = SEED) -> ActionOutcome:
    """Gain, ROI with interval, and the chance that it pays.

    Assumes that change and effect are independent, that the score stays where the action brings
    it, and that customers, frequency and margin are known.

    Raises
    ------
    ValueError
        For a negative cost, chances at or outside 0 and 1, or neither effect nor learned model.
    """
    _check(action)
    dice = np.random.default_rng(seed)
    change = action.change.draws(dice, draws)
    before, after = _drawn(action, change, dice)
    gains = _equity(action, after) - _equity(action, before)
    base, moved = _likely(action)
    was, is_ = float(_equity(action, base)), float(_equity(action, moved))
    low, high = (float(value) for value in np.quantile(gains, (LOW, HIGH)))
    return ActionOutcome(
        was, is_, float(moved[0, 0]), float(moved[1, 0]), is_ - was, low, high,
        roi(is_ - was, action.cost), roi(low, action.cost), roi(high, action.cost), float((gains > action.cost).mean()), draws,
    )  # fmt: skip


def by_discount(action: EquityAction, *, steps: Sequence[float] = DISCOUNT_STEPS, draws: int = DRAWS, seed: int = SEED) -> tuple[tuple[float, ActionOutcome], ...]:  # fmt: skip
    """The outcome at other discount rates, with the same draws; rates below 0 are left out."""
    rates = [rate for step in steps if (rate := round(action.discount + step, 10)) >= 0]
    return tuple((rate, action_outcome(replace(action, discount=rate), draws=draws, seed=seed)) for rate in rates)  # fmt: skip


def _check(action: EquityAction) -> None:
    if action.cost < 0 or action.customers < 0 or action.others < 0 or action.years < 0:
        raise ValueError("cost, customers and years are not negative")
    if action.frequency <= 0 or action.discount <= -1:
        raise ValueError("a customer buys at least now and then, and the discount rate is above -1")
    if action.learned is None:
        if action.effect is None:
            raise ValueError("say what a point of the score does, or give choices to learn it from")
        if not (0 < action.stay < 1 and 0 < action.win < 1):
            raise ValueError("chances lie between 0 and 1, both excluded")


def _equity(action: EquityAction, matrix: Floats) -> Floats:
    holders = (action.customers, action.others)
    return switching_clv(matrix, holders, margin=action.margin, discount=action.discount, purchases=action.purchases, frequency=action.frequency)  # fmt: skip


def _drawn(
    action: EquityAction, change: Floats, dice: np.random.Generator
) -> tuple[Floats, Floats]:
    """Matrices before and after the action, one per draw."""
    if action.learned is None:
        assert action.effect is not None  # noqa: S101 -- checked above
        return _own(action, np.zeros(1)), _own(
            action, change * action.effect.draws(dice, len(change))
        )
    model = action.learned.model
    coef = dice.multivariate_normal(model.coef_, model.covariance_, size=len(change))
    return _of_model(action.learned, np.zeros_like(change), coef), _of_model(action.learned, change, coef)  # fmt: skip


def _likely(action: EquityAction) -> tuple[Floats, Floats]:
    change = np.array([action.change.likely])
    if action.learned is None:
        assert action.effect is not None  # noqa: S101 -- checked above
        return _own(action, np.zeros(1))[0], _own(action, change * action.effect.likely)[0]
    coef = action.learned.model.coef_[None, :]
    return _of_model(action.learned, np.zeros(1), coef)[0], _of_model(action.learned, change, coef)[0]  # fmt: skip


def _own(action: EquityAction, rise: Floats) -> Floats:
    """Both chances move by the same log-odds, as in the logit: the rise of ``stay`` over its slope."""
    shift = rise / (action.stay * (1 - action.stay))
    rows = []
    for chance in (action.stay, action.win):
        ours = 1 / (1 + np.exp(-(np.log(chance / (1 - chance)) + shift)))
        rows.append(np.stack([ours, 1 - ours], axis=-1))
    return np.stack(rows, axis=-2)


def _of_model(learned: Learned, change: Floats, coef: Floats) -> Floats:
    """The score of ours stays within 0-10."""
    ratings = np.broadcast_to(np.array(learned.ratings), (len(change), 2, len(learned.ratings[0]))).copy()  # fmt: skip
    ratings[:, 0, learned.driver] = np.clip(ratings[:, 0, learned.driver] + change, 0, 10)
    return learned.model.switching_matrix(ratings, coef)
