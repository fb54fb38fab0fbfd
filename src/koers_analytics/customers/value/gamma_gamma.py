"""Gamma-gamma: what a customer spends per purchase."""

from typing import Any, Self

import numpy as np
from scipy import special

from koers_analytics.customers.value.fitting import (
    Floats,
    Maximum,
    TooFewPurchasesError,
    maximise,
)

NORMAL_975 = 1.959963984540054


class GammaGammaModel:
    """Spending per purchase day, independent of how often a customer buys.

    Assumes that what a customer spends varies around its own mean as a gamma (shape ``p``), and that
    the scale varies over customers as a gamma (shape ``q``, scale ``gamma`` in money). Frequency
    and spending must not be related: ``correlation_`` shows to what degree they are.

    Source: Fader and Hardie (2013), The Gamma-Gamma Model of Monetary Value; Fader, Hardie and Lee
    (2005), RFM and CLV, Journal of Marketing Research 42(4).

    Attributes
    ----------
    parameters_, standard_errors_, intervals_, log_likelihood_, converged_, at_bound_, customers_
        As in the models of repeat buying.
    correlation_
        Between the number of repeat purchases and the mean spent (-1 to 1).
    mean_
        Expected spend per purchase of a customer of whom nothing is known; where q is at most 1 the
        model has no mean, and the mean of the customers stands here.
    """

    parameter_names = ("p", "q", "gamma")
    name = "gamma-gamma"

    def __init__(self, *, penalty: float = 0.0) -> None:
        self.penalty = penalty

    def get_params(self, *, deep: bool = True) -> dict[str, Any]:
        """The settings, as scikit-learn asks for them."""
        return {"penalty": self.penalty}

    def fit(self, frequency: Floats, monetary: Floats, customers: Floats | None = None) -> Self:
        """Learn from customers with repeat purchases: how many, and the mean spent on each.

        ``customers`` counts those of a row (default 1).

        Raises
        ------
        TooFewPurchasesError
            When fewer than two customers have a repeat purchase with a positive amount.
        """
        known = (frequency > 0) & (monetary > 0)
        order = np.lexsort((monetary[known], frequency[known]))  # the order of rows changes nothing
        x, mean = frequency[known][order], monetary[known][order]
        weight = np.ones(len(x)) if customers is None else customers[known][order]
        if weight.sum() < 2:
            raise TooFewPurchasesError(
                "Fewer than two customers have a repeat purchase with a positive amount."
            )
        if np.ptp(mean) <= 1e-9 * mean.max():
            raise TooFewPurchasesError(
                "Every customer spends the same: there is no spread to learn."
            )
        scale = float(np.exp(np.average(np.log(mean), weights=weight)))
        near = None
        if len(x) > 40_000:  # a sample first, to begin near the maximum
            near = self._maximum(x[::16], mean[::16] / scale, weight[::16])
        return self._learn(x, mean, weight, scale, near=near)

    def _maximum(
        self, x: Floats, m: Floats, weight: Floats, near: Maximum | None = None
    ) -> Maximum:
        number, place = np.unique(x, return_inverse=True)
        count = np.bincount(place, weights=weight)
        total = float(weight.sum())
        spent, log_m, log_x = x * m, np.log(m), np.log(x)
        weighted_x = weight * x
        fixed = float(weight @ log_m)
        weighted = float(weighted_x @ (log_m + log_x))

        def objective(logs: Floats) -> tuple[float, Floats]:
            p, q, v = np.exp(logs)
            log_total = np.log(spent + v)
            inverse = 1 / (spent + v)
            exponent = p * weighted_x + q * weight
            power = p * number
            level = (
                count @ (special.gammaln(power + q) - special.gammaln(power) - special.gammaln(q))
                + total * q * np.log(v) + p * weighted - fixed
                - exponent @ log_total
            )  # fmt: skip
            both, alone = special.digamma(power + q), special.digamma(power)
            slope_p = (count * number) @ (both - alone) + weighted - weighted_x @ log_total
            slope_q = count @ (both - special.digamma(q)) + total * np.log(v) - weight @ log_total
            slope_v = total * q / v - exponent @ inverse
            drawn = self.penalty * total
            slope = np.asarray([slope_p * p, slope_q * q, slope_v * v]) - 2 * drawn * logs
            return float(level) - drawn * float(logs @ logs), slope

        starts = [np.log([3.0, 3.0, 1.0])]
        return maximise(objective, starts, customers=total, near=near)

    def _learn(
        self, x: Floats, mean: Floats, weight: Floats, scale: float, *, near: Maximum | None
    ) -> Self:
        found = self._maximum(x, mean / scale, weight, near)
        total = float(weight.sum())
        units = np.asarray([1.0, 1.0, scale])
        values = np.exp(found.logs) * units
        spread = np.sqrt(np.diag(found.covariance))
        names = self.parameter_names
        self.parameters_ = dict(zip(names, values.tolist(), strict=True))
        self.standard_errors_ = dict(zip(names, (values * spread).tolist(), strict=True))
        with np.errstate(over="ignore"):
            low, high = values * np.exp(-NORMAL_975 * spread), values * np.exp(NORMAL_975 * spread)
        self.intervals_ = {
            name: (float(a), float(b)) for name, a, b in zip(names, low, high, strict=True)
        }
        drawn = self.penalty * total * float(found.logs @ found.logs)
        self.log_likelihood_ = found.log_likelihood + drawn - total * float(np.log(scale))
        self.converged_ = found.converged
        self.at_bound_ = found.at_bound
        self.customers_ = int(total)
        spread_x = float(np.ptp(x))
        self.correlation_ = _correlation(x, mean, weight) if spread_x > 0 else 0.0
        p, q, v = values
        self.mean_exists_ = bool(q > 1)
        self.mean_ = float(v * p / (q - 1)) if q > 1 else float(np.average(mean, weights=weight))
        return self

    def expected_spend(self, frequency: Floats, monetary: Floats) -> Floats:
        """Expected mean spend per purchase: between the customer's own mean and that of all."""
        p, q, v = (self.parameters_[name] for name in self.parameter_names)
        known = (frequency > 0) & (monetary > 0) & (p * frequency + q > 1)
        x = np.where(known, frequency, 1.0)
        own = (v + x * np.where(known, monetary, 0.0)) * p / np.where(known, p * x + q - 1, 1.0)
        return np.asarray(np.where(known, own, self.mean_), dtype=np.float64)


def _correlation(one: Floats, other: Floats, weight: Floats) -> float:
    """Pearson's, with rows that count ``weight`` times."""
    spread = np.cov(one, other, aweights=weight, bias=True)
    return float(spread[0, 1] / np.sqrt(spread[0, 0] * spread[1, 1]))
