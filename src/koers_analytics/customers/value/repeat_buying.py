"""What all models of repeat buying without a contract share: fitting, intervals, what they answer."""

from abc import ABC, abstractmethod
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt
from scipy import special

from koers_analytics.customers.value.fitting import (
    Floats,
    Maximum,
    TooFewPurchasesError,
    maximise,
)
from koers_analytics.customers.value.histories import Histories

NORMAL_975 = 1.959963984540054
COARSER, FINER = 24, 48  # moments to which times are rounded on the way to the maximum


class RepeatBuyingModel(ABC):
    """A model of how often customers come back and when they silently leave.

    Follows scikit-learn's manners: settings in the constructor, ``fit`` returns the model, what was
    learned ends in an underscore.

    Parameters
    ----------
    penalty
        Weight per customer of the squared logarithms of the parameters (in a time unit of half the
        longest age): draws them to moderate values where the data say little. 0 = maximum likelihood.

    Attributes
    ----------
    parameters_
        By name, in the time unit of the histories.
    standard_errors_
        Of the parameters; nan where the data leave one open.
    intervals_
        95 % intervals of the parameters, from the normal approximation on the log scale.
    log_likelihood_
        Of the histories in their own time unit, without penalty.
    converged_, evaluations_, customers_, groups_, unit_days_
        How the search went and on what.
    at_bound_, edge_
        Whether parameters ran to the edge, and which: the purchases do not hold them.
    """

    name: ClassVar[str]
    parameter_names: ClassVar[tuple[str, ...]]
    time_parameters: ClassVar[tuple[str, ...]]
    starts: ClassVar[tuple[tuple[float, ...], ...]]

    parameters_: dict[str, float]
    standard_errors_: dict[str, float]
    intervals_: dict[str, tuple[float, float]]
    log_likelihood_: float
    converged_: bool
    at_bound_: bool
    edge_: tuple[str, ...]
    evaluations_: int
    customers_: float
    groups_: int
    unit_days_: float
    covariance_: Floats

    def __init__(self, *, penalty: float = 0.0) -> None:
        self.penalty = penalty

    def get_params(self, *, deep: bool = True) -> dict[str, Any]:
        """The settings, as scikit-learn asks for them."""
        return {"penalty": self.penalty}

    def fit(self, histories: Histories) -> Self:
        """Find the parameters with the highest likelihood.

        Raises
        ------
        TooFewPurchasesError
            When fewer than two customers, no repeat purchase or no passage of time is seen.
        """
        self._check(histories)
        scale = float(histories.age.max()) / 2
        whole = _scaled(histories, scale)
        starts = [np.log(np.asarray(start)) for start in self.starts]
        rough = None
        finer = whole.coarse(FINER)
        for quick in (finer.coarse(COARSER), finer):
            if quick is not whole:
                rough = maximise(self._objective(quick), starts, customers=quick.total, near=rough)
        found = maximise(self._objective(whole), starts, customers=whole.total, near=rough)
        self._learn(found, histories, scale)
        return self

    def _check(self, histories: Histories) -> None:
        if histories.total < 2 or not len(histories.age):
            raise TooFewPurchasesError("A value model needs at least two customers.")
        if not (histories.frequency > 0).any():
            raise TooFewPurchasesError(
                "No customer bought on a second day: there is no repeat buying to learn from."
            )
        if histories.age.max() <= 0:
            raise TooFewPurchasesError("All purchases are of the day of measuring itself.")

    def _objective(self, data: Histories) -> Any:
        prepared = self._prepare(data)
        total = data.total

        def objective(logs: Floats) -> tuple[float, Floats]:
            values = np.exp(logs)
            with np.errstate(all="ignore"):
                level, slope = self._likelihood(values, prepared)
            level -= self.penalty * total * float(logs @ logs)
            return level, slope * values - 2 * self.penalty * total * logs

        return objective

    def _learn(self, found: Maximum, histories: Histories, scale: float) -> None:
        units = np.asarray(
            [scale if name in self.time_parameters else 1.0 for name in self.parameter_names]
        )
        values = np.exp(found.logs) * units
        spread = np.sqrt(np.diag(found.covariance))
        self.parameters_ = dict(zip(self.parameter_names, values.tolist(), strict=True))
        self.standard_errors_ = dict(
            zip(self.parameter_names, (values * spread).tolist(), strict=True)
        )
        with np.errstate(over="ignore"):
            low, high = values * np.exp(-NORMAL_975 * spread), values * np.exp(NORMAL_975 * spread)
        self.intervals_ = {
            name: (float(a), float(b))
            for name, a, b in zip(self.parameter_names, low, high, strict=True)
        }
        purchases = float(histories.frequency @ histories.customers)
        drawn = self.penalty * histories.total * float(found.logs @ found.logs)
        self.log_likelihood_ = found.log_likelihood + drawn - purchases * float(np.log(scale))
        self.covariance_ = found.covariance
        self.converged_ = found.converged
        self.at_bound_ = found.at_bound
        self.edge_ = tuple(
            name for name, there in zip(self.parameter_names, found.edge(), strict=True) if there
        )
        self.evaluations_ = found.evaluations
        self.customers_ = histories.total
        self.groups_ = len(histories.age)
        self.unit_days_ = histories.unit_days

    @property
    def _values(self) -> tuple[float, ...]:
        return tuple(self.parameters_[name] for name in self.parameter_names)

    def parameters_in(self, unit_days: float) -> dict[str, float]:
        """The parameters when time counts in units of so many days."""
        ratio = self.unit_days_ / unit_days
        return {
            name: value * ratio if name in self.time_parameters else value
            for name, value in self.parameters_.items()
        }

    def log_likelihood_of(self, histories: Histories) -> float:
        """Log-likelihood of other histories (in the same time unit) under the learned parameters."""
        with np.errstate(all="ignore"):
            return self._likelihood(np.asarray(self._values), self._prepare(histories))[0]

    @abstractmethod
    def _prepare(self, data: Histories) -> Any:
        """Whatever of the data does not change with the parameters."""

    @abstractmethod
    def _likelihood(self, values: Floats, prepared: Any) -> tuple[float, Floats]:
        """Log-likelihood and its gradient to the parameters."""

    @abstractmethod
    def p_alive(self, frequency: Floats, recency: Floats, age: Floats) -> Floats:
        """Chance (0-1) that a customer has not left."""

    @abstractmethod
    def expected_purchases(
        self, time: float, frequency: Floats, recency: Floats, age: Floats
    ) -> Floats:
        """Purchase days expected in the coming ``time``, from now."""

    @abstractmethod
    def expected_since_first(self, time: npt.ArrayLike) -> Floats:
        """Repeat purchase days expected of a new customer in ``time`` since the first purchase."""

    @abstractmethod
    def repeat_chances(self, time: float, most: int) -> Floats:
        """Chances of exactly 0, 1, ... ``most`` repeat purchase days in ``time`` since the first."""


def _scaled(histories: Histories, scale: float) -> Histories:
    return Histories(
        histories.frequency,
        histories.recency / scale,
        histories.age / scale,
        histories.customers,
        histories.unit_days * scale,
    )


def count_chances(r: float, odds: Floats | float, most: int) -> Floats:
    """Negative binomial chances of 0..most purchases; ``odds`` = t / (alpha + t) (Ehrenberg's NBD)."""
    x = np.arange(most + 1, dtype=np.float64)
    share = np.asarray(odds, dtype=np.float64)[..., None]
    logs = special.gammaln(r + x) - special.gammaln(r) - special.gammaln(x + 1)
    with np.errstate(divide="ignore"):
        return np.asarray(
            np.exp(logs + r * np.log1p(-share) + special.xlogy(x, share)), dtype=np.float64
        )
