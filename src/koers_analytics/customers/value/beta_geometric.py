"""BG/NBD and MBG/NBD: customers buy at random moments and may leave after each purchase."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt
from scipy import special

from koers_analytics.customers.value.fitting import Floats
from koers_analytics.customers.value.histories import Histories, sums_by
from koers_analytics.customers.value.repeat_buying import RepeatBuyingModel, count_chances


@dataclass(frozen=True, slots=True)
class _Prepared:
    """Groups with repeat purchases one by one; sums over all groups per frequency and per age."""

    x: Floats
    recency: Floats
    age: Floats
    count: Floats
    number: Floats  # each frequency that occurs
    number_count: Floats
    purchases: float
    ages: Floats  # each age that occurs
    age_count: Floats
    age_purchases: Floats
    place: npt.NDArray[np.intp]  # of a group's frequency in ``number``
    age_place: npt.NDArray[np.intp]  # of a group's age in ``ages``


class BetaGeometricModel(RepeatBuyingModel):
    """BG/NBD (F9.20).

    Assumes that a customer who is still there buys as a Poisson process with its own rate, gamma
    distributed over customers (shape ``r``, scale ``alpha`` in time units); that after each repeat
    purchase it leaves with its own chance, beta distributed (``a``, ``b``); and that rates and
    chances are independent. A customer without repeat purchases is certainly still there.

    Source: Fader, Hardie and Lee (2005), "Counting Your Customers" the Easy Way, Marketing
    Science 24(2).
    """

    name: ClassVar[str] = "BG/NBD"
    parameter_names: ClassVar[tuple[str, ...]] = ("r", "alpha", "a", "b")
    time_parameters: ClassVar[tuple[str, ...]] = ("alpha",)
    starts: ClassVar[tuple[tuple[float, ...], ...]] = ((0.5, 0.5, 0.8, 2.5), (2.0, 0.3, 0.3, 8.0))

    leaves_at_first: ClassVar[bool] = False

    def _prepare(self, data: Histories) -> _Prepared:
        risk = data.frequency > (-1 if self.leaves_at_first else 0)
        number, place = np.unique(data.frequency, return_inverse=True)
        ages, age_place = np.unique(data.age, return_inverse=True)
        return _Prepared(
            x=data.frequency[risk],
            recency=data.recency[risk],
            age=data.age[risk],
            count=data.customers[risk],
            number=number,
            number_count=sums_by(place, data.customers),
            purchases=float(data.frequency @ data.customers),
            ages=ages,
            age_count=sums_by(age_place, data.customers),
            age_purchases=sums_by(age_place, data.customers * data.frequency),
            place=place[risk],
            age_place=age_place[risk],
        )

    def _likelihood(self, values: Floats, prepared: _Prepared) -> tuple[float, Floats]:
        r, alpha, a, b = values
        first = 1.0 if self.leaves_at_first else 0.0
        total = float(prepared.number_count.sum())
        x, n = prepared.number, prepared.number_count
        # What depends on the frequency alone: purchases, and not leaving after each of them.
        level = n @ (
            special.gammaln(r + x) - special.gammaln(r)
            + special.gammaln(b + x + first) - special.gammaln(b)
            + special.gammaln(a + b) - special.gammaln(a + b + x + first)
        ) + total * r * np.log(alpha)  # fmt: skip
        shared = n @ (special.digamma(a + b) - special.digamma(a + b + x + first))
        slope_r = n @ (special.digamma(r + x) - special.digamma(r)) + total * np.log(alpha)
        slope_a = float(shared)
        slope_b = float(shared + n @ (special.digamma(b + x + first) - special.digamma(b)))
        slope_alpha = total * r / alpha
        # What depends on the age alone.
        log_age = np.log(alpha + prepared.ages)
        weight = r * prepared.age_count + prepared.age_purchases
        level -= weight @ log_age
        slope_r -= prepared.age_count @ log_age
        slope_alpha -= weight @ (1 / (alpha + prepared.ages))
        # The chance of having left after the last purchase, against still being there.
        xs, count = prepared.x, prepared.count
        start = b + xs + first - 1
        base = np.log(a / (b + x + first - 1))[prepared.place]
        log_recency = np.log(alpha + prepared.recency)
        gap = log_age[prepared.age_place] - log_recency
        odds = np.exp(base + (r + xs) * gap)
        level += count @ np.log1p(odds)
        left = count * np.where(np.isinf(odds), 1.0, odds / (1 + odds))
        slope_r += left @ gap
        slope_alpha += left @ (
            (r + xs) * (1 / (alpha + prepared.age) - 1 / (alpha + prepared.recency))
        )
        slope_a += left.sum() / a
        slope_b -= left @ (1 / start)
        return float(level), np.asarray([slope_r, slope_alpha, slope_a, slope_b])

    def p_alive(self, frequency: Floats, recency: Floats, age: Floats) -> Floats:
        """Chance (0-1) that a customer has not left; 1 without repeat purchases in BG/NBD."""
        r, alpha, a, b = self._values
        first = 1.0 if self.leaves_at_first else 0.0
        with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
            odds = np.exp(
                np.log(a / (b + frequency + first - 1))
                + (r + frequency) * np.log((alpha + age) / (alpha + recency))
            )
        alive = 1 / (1 + odds)
        return alive if self.leaves_at_first else np.where(frequency > 0, alive, 1.0)

    def expected_purchases(
        self, time: float, frequency: Floats, recency: Floats, age: Floats
    ) -> Floats:
        """Purchase days expected in the coming ``time``.

        The authors' formula after Euler's transformation of its hypergeometric function, which
        stays exact for customers with hundreds of purchases.
        """
        alive = self.p_alive(frequency, recency, age)
        return np.asarray(alive * self._if_alive(time, frequency, age), dtype=np.float64)

    def _if_alive(self, time: npt.ArrayLike, frequency: Floats, age: Floats) -> Floats:
        r, alpha, a, b = self._values
        b = b + 1.0 if self.leaves_at_first else b
        if abs(a - 1) < 1e-5:  # the formula divides by a - 1; its limit is the mean of both sides
            return (
                self._formula(time, frequency, age, (r, alpha, 1 - 1e-4, b))
                + self._formula(time, frequency, age, (r, alpha, 1 + 1e-4, b))
            ) / 2
        return self._formula(time, frequency, age, (r, alpha, a, b))

    @staticmethod
    def _formula(
        time: npt.ArrayLike, x: Floats, age: Floats, values: tuple[float, float, float, float]
    ) -> Floats:
        r, alpha, a, b = values
        ahead = np.asarray(time, dtype=np.float64)
        z = ahead / (alpha + age + ahead)
        with np.errstate(all="ignore"):
            series = special.hyp2f1(a + b - 1 - r, a - 1, a + b + x - 1, z)
            passed = np.exp((a - 1) * np.log1p(-z)) * series
        told = (a + b + x - 1) / (a - 1) * (1 - passed)
        # Nobody buys more than without leaving. Where nearly all leave at once (a of hundreds), the
        # function overflows; what can be bought before leaving is the limit there.
        most = (r + x) / (alpha + age) * ahead
        limit = np.minimum(most, (a + b + x - 1) / max(a - 1, 1e-9))
        return np.asarray(
            np.where(np.isfinite(told), np.clip(told, 0, most), limit), dtype=np.float64
        )

    def expected_since_first(self, time: npt.ArrayLike) -> Floats:
        """Repeat purchase days expected of a new customer in ``time`` since the first purchase."""
        _, _, a, b = self._values
        nothing = np.zeros(np.shape(time))
        begins = b / (a + b) if self.leaves_at_first else 1.0
        return np.asarray(begins * self._if_alive(time, nothing, nothing), dtype=np.float64)

    def repeat_chances(self, time: float, most: int) -> Floats:
        """Chances of exactly 0, 1, ... ``most`` repeat purchase days in ``time`` since the first."""
        r, alpha, a, b = self._values
        first = 1.0 if self.leaves_at_first else 0.0
        x = np.arange(most + 1, dtype=np.float64)
        counts = count_chances(r, time / (alpha + time), most)
        reached = 1 - np.concatenate([[0.0], np.cumsum(counts)[:-1]])
        stays = np.exp(special.betaln(a, b + x + first) - special.betaln(a, b))
        leaving = np.zeros_like(x)
        some = x + first > 0
        leaving[some] = np.exp(
            special.betaln(a + 1, b + x[some] + first - 1) - special.betaln(a, b)
        )
        return np.asarray(stays * counts + leaving * reached, dtype=np.float64)


class ModifiedBetaGeometricModel(BetaGeometricModel):
    """MBG/NBD: as BG/NBD, but a customer may also leave right after its first purchase.

    Source: Batislam, Denizel and Filiztekin (2007), Empirical validation and comparison of models
    for customer base analysis, International Journal of Research in Marketing 24(3).
    """

    name: ClassVar[str] = "MBG/NBD"
    leaves_at_first: ClassVar[bool] = True
