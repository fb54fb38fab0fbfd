"""What are a seller's visits worth as they are, by the norm and at their best, and what is an hour worth?

Values are a year's contribution (or sales, where margins are 1) on the response curves of F6.9; hours
are a year's. The best division is F6.10 per seller, for a customer keeps its seller; only the value
of one seller more lets customers change hands. Source: CALLPLAN (Lodish 1971), see ``effort``.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from koers_analytics.planning.effort import (
    Curve,
    Customer,
    EffortInputError,
    EffortPlan,
    calibrate,
    optimise,
)

STEPS = (0.8, 0.9, 1.0, 1.1, 1.2)


@dataclass(frozen=True, slots=True)
class Shares:
    """Estimates as shares of today's sales: without visits, at half, half as many again, endless."""

    none: float
    half: float
    more: float
    most: float


def curve_of_shares(shares: Shares, *, sales: float, visits: float) -> Curve:
    """The curve of a customer of whom nobody made an estimate: its class's shares of its own sales.

    ``EffortInputError`` unless none < half < 1 < more < most, and sales and visits lie above 0.
    """
    if sales <= 0:
        raise EffortInputError("Sales of today above 0 are needed.")
    return calibrate(
        none=shares.none * sales, half=shares.half * sales, now=sales, more=shares.more * sales,
        most=shares.most * sales, visits=visits,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class SellerEffort:
    """A seller's best plan beside norm and actual.

    ``norm`` and ``actual`` are the value of those visits, ``norm_hours`` and ``actual_hours`` what
    they take; a customer without a norm counts there with the visits made. ``same_hours`` is the
    best value in exactly the norm's hours; None where the least visits do not fit in them.
    ``steps`` is the best value at 80, 90, 100, 110 and 120 % of the hours; None where the least
    visits do not fit.
    """

    plan: EffortPlan
    norm: float
    actual: float
    norm_hours: float
    actual_hours: float
    same_hours: float | None
    steps: tuple[float | None, ...]

    @property
    def hour(self) -> float | None:
        """What an hour more brings: the best value at 110 % of the hours less that at 100 %, per hour."""
        more = self.steps[3]
        if more is None or self.plan.hours <= 0:
            return None
        return (more - self.plan.contribution) / (self.plan.hours * (STEPS[3] - 1))


def value_at(customer: Customer, visits: float) -> float:
    """Contribution a year of a customer at so many visits."""
    return customer.margin * customer.curve.at(visits)


def seller_effort(customers: Sequence[Customer], *, hours: float) -> SellerEffort:
    """The best division of a seller's hours, and what it is compared with.

    ``EffortInputError`` where the least visits do not fit in the hours.
    """
    plan = optimise(customers, hours=hours)
    normed = [(each, _norm(each)) for each in customers]
    made = [(each, float(each.actual or 0)) for each in customers]
    norm_hours = math.fsum(each.hours * visits for each, visits in normed)
    return SellerEffort(
        plan=plan,
        norm=math.fsum(value_at(each, visits) for each, visits in normed),
        actual=math.fsum(value_at(each, visits) for each, visits in made),
        norm_hours=norm_hours,
        actual_hours=math.fsum(each.hours * visits for each, visits in made),
        same_hours=_best(customers, norm_hours),
        steps=tuple(plan.contribution if step == 1 else _best(customers, hours * step) for step in STEPS),
    )  # fmt: skip


def one_seller_more(
    customers: Sequence[Customer], *, hours: float, sellers: int
) -> tuple[float, float] | None:
    """What one seller more brings in a year, and the hours he or she adds: those of the average.

    The best value of all customers together with one seller's hours more, less that with the hours
    there are; customers may go to another seller. None without sellers, or where least visits do not
    fit.
    """
    if sellers < 1 or hours <= 0:
        return None
    extra = hours / sellers
    now, then = _best(customers, hours), _best(customers, hours + extra)
    return None if now is None or then is None else (then - now, extra)


def _norm(customer: Customer) -> float:
    return float(customer.norm if customer.norm is not None else customer.actual or 0)


def _best(customers: Sequence[Customer], hours: float) -> float | None:
    try:
        return optimise(customers, hours=hours).contribution
    except EffortInputError:
        return None
