"""How do value, brand and relationship equity stand, seen by the customer and by the supplier (S1.30-38)?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from koers_analytics.customers.feedback import weighted_index

TOLERANCE = 0.001  # by how much weights may miss their total (domain rule 0.3.8)
WhyNot = Literal["", "no_scores", "weights"]


@dataclass(frozen=True, slots=True)
class DriverMean:
    """The score of a driver, 0-10; None with the reason where it has none.

    ``weight_total`` is that of the items that were scored; None where no item has a weight, and
    all count the same.
    """

    score: float | None
    weight_total: float | None
    why_not: WhyNot


@dataclass(frozen=True, slots=True)
class DriverGap:
    """The customer's score less the supplier's, in points; None where one of both is missing."""

    customer: float | None
    supplier: float | None

    @property
    def gap(self) -> float | None:
        """Above 0: customers see more in us than we do ourselves."""
        if self.customer is None or self.supplier is None:
            return None
        return self.customer - self.supplier


def driver_mean(items: Sequence[tuple[float, float | None]]) -> DriverMean:
    """Weighted mean of the scores of a driver's items: (score 0-10, weight 0-1 or None).

    Without any weight all items count the same. With weights they total 1 within 0.001, or the
    driver gives no result: a draft (domain rule 0.3.8). An item without weight beside weighted
    ones counts 0.

    Raises
    ------
    ValueError
        For a score outside 0-10 or a negative weight.
    """
    if any(not 0 <= score <= 10 for score, _weight in items):
        raise ValueError("a score lies between 0 and 10")
    if any(weight is not None and weight < 0 for _score, weight in items):
        raise ValueError("a weight is not negative")
    if not items:
        return DriverMean(None, None, "no_scores")
    if all(weight is None for _score, weight in items):
        return DriverMean(sum(score for score, _weight in items) / len(items), None, "")
    total = sum(weight or 0.0 for _score, weight in items)
    if abs(total - 1) > TOLERANCE:
        return DriverMean(None, total, "weights")
    return DriverMean(sum(score * (weight or 0.0) for score, weight in items) / total, total, "")


def equity_index(weights: Mapping[str, float], scores: Mapping[str, float | None]) -> float | None:
    """F1.3, 0-10: sum of weight times score over the drivers; a missing one leaves its weight to the others."""
    return weighted_index(weights, scores)
