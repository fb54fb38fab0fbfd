"""Pareto/NBD: customers buy at random moments and leave at a random moment."""

from dataclasses import dataclass
from functools import cache
from typing import ClassVar

import numpy as np
import numpy.typing as npt
from scipy import special

from koers_analytics.customers.value.fitting import Floats
from koers_analytics.customers.value.histories import Histories, in_blocks, sums_by
from koers_analytics.customers.value.repeat_buying import RepeatBuyingModel, count_chances

# nodes of the quadrature for integrands that fall by up to so many powers of e
NODES = ((4.0, 8), (8.0, 10), (16.0, 14), (float("inf"), 20))
NOTHING_LEFT = 36.0  # powers of e


@dataclass(frozen=True, slots=True)
class _Prepared:
    data: Histories
    number: Floats
    number_count: Floats


@dataclass(frozen=True, slots=True)
class _Terms:
    """Relative to the likelihood at the last purchase: still there, and left since."""

    stayed: Floats
    left: Floats
    slopes_left: tuple[Floats, Floats, Floats, Floats]  # of ``left`` to r, alpha, s, beta


class ParetoModel(RepeatBuyingModel):
    """Pareto/NBD.

    Assumes that a customer who is still there buys as a Poisson process with its own rate, gamma
    distributed over customers (``r``, ``alpha`` in time units); that its time as a customer is
    exponential with its own rate, gamma distributed (``s``, ``beta`` in time units); and that the
    two are independent.

    The chance of having left since the last purchase is an integral over the moment of leaving,
    taken by Gauss-Legendre quadrature on a logarithmic scale; so the gradient needs no derivative
    of a hypergeometric function.

    Source: Schmittlein, Morrison and Colombo (1987), Counting Your Customers, Management Science
    33(1); likelihood as in Fader and Hardie (2005), A Note on Deriving the Pareto/NBD Model.
    """

    name: ClassVar[str] = "Pareto/NBD"
    parameter_names: ClassVar[tuple[str, ...]] = ("r", "alpha", "s", "beta")
    time_parameters: ClassVar[tuple[str, ...]] = ("alpha", "beta")
    starts: ClassVar[tuple[tuple[float, ...], ...]] = ((0.6, 0.6, 0.6, 0.6), (2.0, 0.3, 0.5, 3.0))

    def _prepare(self, data: Histories) -> _Prepared:
        number, place = np.unique(data.frequency, return_inverse=True)
        return _Prepared(data, number, sums_by(place, data.customers))

    def _likelihood(self, values: Floats, prepared: _Prepared) -> tuple[float, Floats]:
        r, alpha, s, beta = (float(value) for value in values)
        total = prepared.data.total
        number, count = prepared.number, prepared.number_count
        level = count @ (special.gammaln(r + number) - special.gammaln(r)) + total * (
            r * np.log(alpha) + s * np.log(beta)
        )
        slope = np.asarray([
            count @ (special.digamma(r + number) - special.digamma(r)) + total * np.log(alpha),
            total * r / alpha, total * np.log(beta), total * s / beta,
        ])  # fmt: skip
        for part in in_blocks(lambda rows: self._sums(values, rows), prepared.data):
            level, slope = level + part[0], slope + part[1]
        return float(level), slope

    @classmethod
    def _sums(cls, values: Floats, data: Histories) -> tuple[float, Floats]:
        """What the rows add to the log-likelihood and its slope."""
        r, alpha, s, beta = (float(value) for value in values)
        x, t_x, age, n = data.frequency, data.recency, data.age, data.customers
        with np.errstate(all="ignore"):  # holds for one thread only
            terms = cls._terms(values, x, t_x, age, slopes=True)
        whole = terms.stayed + terms.left
        level = n @ (np.log(whole) - (r + x) * np.log(alpha + t_x) - s * np.log(beta + t_x))
        stayed = n * terms.stayed / whole
        left = [n @ (slope / whole) for slope in terms.slopes_left]
        return float(level), np.asarray([
            left[0] - stayed @ np.log(alpha + age),
            left[1] - stayed @ ((r + x) / (alpha + age)),
            left[2] - stayed @ np.log(beta + age),
            left[3] - stayed @ (s / (beta + age)),
        ])  # fmt: skip

    @staticmethod
    def _terms(values: Floats, x: Floats, t_x: Floats, age: Floats, *, slopes: bool) -> _Terms:
        r, alpha, s, beta = (float(value) for value in values)
        log_alpha, log_beta = np.log(alpha + t_x), np.log(beta + t_x)
        stayed = np.exp(
            (r + x) * (log_alpha - np.log(alpha + age)) + s * (log_beta - np.log(beta + age))
        )
        # w = log(m + tau) - log(m + t_x) runs from 0 to the age, or to where nothing is left
        m = min(alpha, beta)
        log_m = log_alpha if m == alpha else log_beta
        with np.errstate(over="ignore"):
            reach = np.minimum((alpha + t_x) * np.expm1(NOTHING_LEFT / (r + x)), age - t_x)
        width = np.log1p(reach / (m + t_x))
        falls = float(((r + x + s + 1) * width).max(initial=0.0))
        count = next(number for limit, number in NODES if not falls > limit)
        nodes, weights = _legendre(count)
        left = np.zeros_like(stayed)
        sums = [np.zeros_like(stayed) for _ in range(4)]
        for node, weight in zip(nodes, weights, strict=True):
            at_m, log_at_m = (m + t_x) * np.exp(width * node), log_m + width * node
            at_alpha, at_beta = at_m + (alpha - m), at_m + (beta - m)
            log_at_alpha = log_at_m if m == alpha else np.log(at_alpha)
            log_at_beta = log_at_m if m == beta else np.log(at_beta)
            # s (alpha+tau)^-(r+x) (beta+tau)^-(s+1) d tau, relative to the last purchase
            height = (weight * s) * width * at_m / at_beta * np.exp(
                (r + x) * (log_alpha - log_at_alpha) + s * (log_beta - log_at_beta)
            )  # fmt: skip
            left += height
            if slopes:
                sums[0] -= height * log_at_alpha
                sums[1] -= height * (r + x) / at_alpha
                sums[2] += height * (1 / s - log_at_beta)
                sums[3] -= height * (s + 1) / at_beta
        return _Terms(stayed, left, (sums[0], sums[1], sums[2], sums[3]))

    def p_alive(self, frequency: Floats, recency: Floats, age: Floats) -> Floats:
        """Chance (0-1) that a customer has not left."""
        values = np.asarray(self._values)
        terms = self._terms(values, frequency, recency, age, slopes=False)
        return np.asarray(terms.stayed / (terms.stayed + terms.left), dtype=np.float64)

    def expected_purchases(
        self, time: float, frequency: Floats, recency: Floats, age: Floats
    ) -> Floats:
        """Purchase days expected in the coming ``time``."""
        r, alpha, s, beta = self._values
        rate = (r + frequency) / (alpha + age)
        alive = self.p_alive(frequency, recency, age)
        return np.asarray(alive * rate * _time_there(time, beta + age, s), dtype=np.float64)

    def expected_since_first(self, time: npt.ArrayLike) -> Floats:
        """Repeat purchase days expected of a new customer in ``time`` since the first purchase."""
        r, alpha, s, beta = self._values
        return np.asarray(r / alpha * _time_there(time, beta, s), dtype=np.float64)

    def repeat_chances(self, time: float, most: int) -> Floats:
        """Chances of exactly 0, 1, ... ``most`` repeat purchase days in ``time`` since the first."""
        r, alpha, s, beta = self._values
        survives = (beta / (beta + time)) ** s
        nodes, weights = np.polynomial.legendre.leggauss(128)
        share = survives + (1 - survives) * (nodes + 1) / 2
        moment = np.maximum(beta * (share ** (-1 / s) - 1), 0)
        left = (weights / 2 * (1 - survives)) @ count_chances(r, moment / (alpha + moment), most)
        stays = survives * count_chances(r, time / (alpha + time), most)
        return np.asarray(stays + left, dtype=np.float64)


@cache
def _legendre(count: int) -> tuple[Floats, Floats]:
    """Moments and weights of Gauss-Legendre between 0 and 1."""
    nodes, weights = np.polynomial.legendre.leggauss(count)
    return (nodes + 1) / 2, weights / 2


def _time_there(time: npt.ArrayLike, beta: npt.ArrayLike, s: float) -> Floats:
    """Mean time a customer is still there within ``time``: beta (1 - (beta/(beta+t))^(s-1)) / (s-1)."""
    scale = np.asarray(beta, dtype=np.float64)
    growth = np.log1p(np.asarray(time, dtype=np.float64) / scale)
    if abs(s - 1) < 1e-9:
        return np.asarray(scale * growth, dtype=np.float64)
    return np.asarray(-scale * np.expm1(-(s - 1) * growth) / (s - 1), dtype=np.float64)
