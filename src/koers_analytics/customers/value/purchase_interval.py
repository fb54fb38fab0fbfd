"""Between how many purchases does a customer make in a time ahead, and how often is that right?"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import betainc

from koers_analytics.customers.value.fitting import Floats

LOW, HIGH = 0.1, 0.9
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Limits:
    """The lower and upper number of purchases per customer, and how surely the model says it lies between."""

    low: Whole
    high: Whole
    told: Floats


def purchase_limits(alive: Floats, expected: Floats, shape: Floats, *, low: float = LOW, high: float = HIGH) -> Limits:  # fmt: skip
    """Smallest numbers not passed with chances ``low`` and ``high``: an interval of at least their difference.

    With the chance that the customer has left, none; otherwise negative binomial with ``shape``
    (r + x, its own history) and the model's mean. Purchases are whole numbers, so the interval
    holds more than ``high`` - ``low`` and ``told`` says how much. Uncertainty of the parameters
    is not in it.
    """
    sure: Floats = np.asarray(np.clip(alive, 1e-9, 1.0), dtype=np.float64)
    chance = shape / (shape + expected / sure)
    from_, to = (quantile(q, sure, shape, chance) for q in (low, high))
    below = np.where(
        from_ > 0, reached(np.asarray(from_ - 1, dtype=np.float64), sure, shape, chance), 0.0
    )
    return Limits(from_, to, np.asarray(reached(to.astype(float), sure, shape, chance) - below))


def reached(count: Floats, alive: Floats, shape: Floats, chance: Floats) -> Floats:
    """Chance of at most so many purchases."""
    return np.asarray(1 - alive + alive * betainc(shape, count + 1, chance))


def quantile(q: float, alive: Floats, shape: Floats, chance: Floats) -> Whole:
    """Smallest number that is not passed with chance ``q``, by halving."""
    under = np.full(len(alive), -1.0)
    over = np.ones(len(alive))
    while not (enough := reached(over, alive, shape, chance) >= q).all():
        over = np.where(enough, over, over * 2)
    while (wide := over - under > 1).any():
        middle = np.where(wide, np.floor((under + over) / 2), over)
        enough = reached(middle, alive, shape, chance) >= q
        over = np.where(wide & enough, middle, over)
        under = np.where(wide & ~enough, middle, under)
    return over.astype(np.int64)
