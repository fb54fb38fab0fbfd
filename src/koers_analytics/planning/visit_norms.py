"""How much work do visit norms ask, and how far do the visits made keep up with them?

Visits, weighed visits (visit units, F6.3) and hours (numerator of Franke, F6.1) of customers with a
norm; the level is visits made over the norm (F6.14). Visits beyond the norm of one customer do not
make up for those another one missed: ``kept`` counts per customer no more than its norm.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from koers_analytics.formula_sets.team import performance_level

MINUTES_AN_HOUR = 60


@dataclass(frozen=True, slots=True)
class Visited:
    """A customer: visits a year it should get, minutes of talk and units of each, visits it got.

    ``norm`` is None where no norm holds for it.
    """

    norm: float | None
    minutes: float
    unit: float
    actual: int


@dataclass(frozen=True, slots=True)
class VisitLoad:
    """Customers with a norm and what it asks in a year, beside what was done.

    ``without_norm`` counts visits at customers no norm holds for; they are in no other number.
    """

    customers: int
    visits: float
    units: float
    hours: float
    actual: int
    kept: float
    without_norm: int

    @property
    def level(self) -> float | None:
        """Visits made as a share of the norm (F6.14); None without a norm."""
        found = performance_level(self.actual, self.visits)
        return None if found is None else found / 100

    @property
    def kept_share(self) -> float | None:
        """Share of the norm's visits that were made at the customers they were meant for."""
        return self.kept / self.visits if self.visits else None


def visit_load(
    customers: Iterable[Visited], *, travel_minutes: float, waiting_minutes: float
) -> VisitLoad:
    """Add up customers; each visit takes travel, waiting and the customer's own minutes of talk."""
    known = list(customers)
    held = [each for each in known if each.norm is not None]
    around = travel_minutes + waiting_minutes
    return VisitLoad(
        customers=len(held),
        visits=math.fsum(each.norm or 0 for each in held),
        units=math.fsum((each.norm or 0) * each.unit for each in held),
        hours=math.fsum((each.norm or 0) * (around + each.minutes) for each in held)
        / MINUTES_AN_HOUR,
        actual=sum(each.actual for each in held),
        kept=math.fsum(min(each.norm or 0, each.actual) for each in held),
        without_norm=sum(each.actual for each in known if each.norm is None),
    )
