"""What do customers spend on a purchase: what must be known of them to learn it, and the model?"""

from dataclasses import dataclass

import numpy as np

from koers_analytics.customers.value.fitting import Floats, TooFewPurchasesError
from koers_analytics.customers.value.gamma_gamma import GammaGammaModel

GIANT_SPREADS = 6.0
LEAST_SPREAD = 0.5
MAD_TO_SIGMA = 1.4826


@dataclass(frozen=True, slots=True)
class Spending:
    """Customers with repeat purchases, together where they bought as often and spent (nearly) the same.

    ``monetary`` is the mean spent on a repeat purchase day, at most ``cap``; of customers that lie in
    one step of amounts together, the geometric mean. ``mean`` is all spending over all purchase days.
    """

    frequency: Floats
    monetary: Floats
    customers: Floats
    cap: float
    giants: int
    mean: float


@dataclass(frozen=True, slots=True)
class SpendModel:
    """The gamma-gamma where it can be learned, and the cap on one-off giants."""

    model: GammaGammaModel | None
    mean: float
    cap: float
    giants: int
    why_not: str = ""

    def expected_spend(self, frequency: Floats, monetary: Floats) -> Floats:
        """Expected spend per purchase of each customer."""
        if self.model is None:
            return np.full(len(frequency), self.mean)
        return self.model.expected_spend(frequency, np.minimum(monetary, self.cap))

    def expected_sums(
        self, frequency: Floats, customers: Floats, known: Floats, known_sum: Floats
    ) -> Floats:
        """Expected spend per purchase, summed over the customers of groups of equal frequency.

        Of ``customers``, ``known`` have a mean spent above 0; ``known_sum`` adds those up, each at
        most the cap. What is expected of a customer is linear in its own mean, so this is exact.
        """
        if self.model is None:
            return customers * self.mean
        own = known_sum / np.maximum(known, 1)
        each = self.model.expected_spend(frequency, own)
        return known * each + (customers - known) * self.mean


def cap_of(middle: float, deviation: float) -> float:
    """Above which a mean spend counts as a one-off giant.

    Six robust standard deviations above the middle on the log scale; ``deviation`` is the median
    absolute one, and counts for at least 0.5 as a standard deviation.
    """
    spread = max(MAD_TO_SIGMA * deviation, LEAST_SPREAD)
    return float(np.exp(middle + GIANT_SPREADS * spread))


def giant_cap(monetary: Floats) -> float:
    """The cap on means spent, from those above 0."""
    logs = np.log(monetary[monetary > 0])
    if not len(logs):
        return float("inf")
    middle = float(np.median(logs))
    return cap_of(middle, float(np.median(np.abs(logs - middle))))


def spending_of(frequency: Floats, monetary: Floats, spent: Floats) -> Spending:
    """What must be known to learn spending, of customers that stand in rows."""
    cap = giant_cap(monetary)
    purchases = float((frequency + 1).sum())
    known = (frequency > 0) & (monetary > 0)
    return Spending(
        frequency[known],
        np.minimum(monetary[known], cap),
        np.ones(int(known.sum())),
        cap,
        int((monetary > cap).sum()),
        float(spent.sum()) / purchases if purchases else 0.0,
    )


def fit_spend(spending: Spending) -> SpendModel:
    """Learn what customers spend per purchase; giants are held at the cap in fit and score."""
    cap, giants = spending.cap, spending.giants
    try:
        model = GammaGammaModel().fit(spending.frequency, spending.monetary, spending.customers)
    except TooFewPurchasesError as error:
        return SpendModel(None, spending.mean, cap, giants, str(error))
    return SpendModel(model, model.mean_, cap, giants)
