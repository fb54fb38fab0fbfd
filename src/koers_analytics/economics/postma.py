"""Where in the chain from days to contribution does a seller differ from others (F9.15)?

contribution = sales days × visits a day × orders a visit × mean order × contribution share. The gap
between two chains is divided over the factors by their Shapley values: the mean effect of a factor
over every order in which the factors may change from one chain to the other. They add up to the gap
exactly, do not depend on an order somebody chose, and are nought for a factor that does not differ.
Amounts in one currency over one period; shares 0-1.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import combinations
from math import factorial, prod

CENT = Decimal("0.01")
FACTORS = ("days", "visits_a_day", "orders_a_visit", "order", "share")


@dataclass(frozen=True, slots=True)
class Activity:
    """What a seller, or several together, did: days with a visit, visits, orders, turnover.

    ``contribution`` is over ``costed``, the turnover whose cost is known; None where none is. ``people``
    is how many it is of, ``cost`` what they cost.
    """

    days: int
    visits: int
    orders: int
    turnover: Decimal
    contribution: Decimal | None
    costed: Decimal
    cost: Decimal
    people: int = 1


@dataclass(frozen=True, slots=True)
class Chain:
    """The factors of F9.15 per person; one that would be divided by 0 is None.

    ``reached`` are visits, orders, turnover and contribution as they were counted. They are the products of the first
    factors where those are whole, and stay known where nobody wrote his visits down. Empty for a norm.
    """

    days: Fraction
    visits_a_day: Fraction | None
    orders_a_visit: Fraction | None
    order: Fraction | None
    share: Fraction | None
    cost: Fraction
    reached: tuple[Fraction | None, ...] = ()

    @property
    def factors(self) -> tuple[Fraction | None, ...]:
        """In the order of the chain."""
        return (self.days, self.visits_a_day, self.orders_a_visit, self.order, self.share)

    def upto(self, count: int) -> Fraction | None:
        """Product of the first factors, or what was counted: 2 visits, 3 orders, 4 turnover, 5 contribution."""
        if self.reached:
            return self.reached[count - 2]
        known = [each for each in self.factors[:count] if each is not None]
        return prod(known, start=Fraction(1)) if len(known) == count else None

    @property
    def result(self) -> Fraction | None:
        """Contribution less cost."""
        found = self.upto(5)
        return None if found is None else found - self.cost


@dataclass(frozen=True, slots=True)
class Leak:
    """A factor with its effect on the gap; ``index`` is actual over reference (1 is equal)."""

    factor: str
    actual: Fraction
    reference: Fraction
    effect: Decimal

    @property
    def index(self) -> float | None:
        """Actual as a share of the reference; None where that is 0."""
        return float(self.actual / self.reference) if self.reference else None


@dataclass(frozen=True, slots=True)
class Gap:
    """Two contributions and what each factor adds to the difference; the parts add up to the cent."""

    actual: Decimal
    reference: Decimal
    leaks: tuple[Leak, ...]

    @property
    def total(self) -> Decimal:
        """Actual less reference."""
        return self.actual - self.reference

    @property
    def worst(self) -> Leak | None:
        """The factor that costs most; None where none costs anything."""
        found = min(self.leaks, key=lambda leak: leak.effect)
        return found if found.effect < 0 else None


def together(parts: Iterable[Activity]) -> Activity:
    """Several as one, whose chain re-divides the sums (shares are never averaged)."""
    known = list(parts)
    contributions = [each.contribution for each in known if each.contribution is not None]
    return Activity(
        days=sum(each.days for each in known), visits=sum(each.visits for each in known), orders=sum(each.orders for each in known),
        turnover=sum((each.turnover for each in known), Decimal(0)), contribution=sum(contributions, Decimal(0)) if contributions else None,
        costed=sum((each.costed for each in known), Decimal(0)), cost=sum((each.cost for each in known), Decimal(0)),
        people=sum(each.people for each in known),
    )  # fmt: skip


def chain_of(activity: Activity) -> Chain:
    """The chain per person."""
    people = activity.people or 1
    share = None if activity.contribution is None else _ratio(activity.contribution, activity.costed)  # fmt: skip
    turnover = Fraction(activity.turnover) / people
    return Chain(
        days=Fraction(activity.days, people), visits_a_day=_ratio(activity.visits, activity.days),
        orders_a_visit=_ratio(activity.orders, activity.visits), order=_ratio(activity.turnover, activity.orders),
        share=share, cost=Fraction(activity.cost) / people,
        reached=(Fraction(activity.visits, people), Fraction(activity.orders, people), turnover, None if share is None else turnover * share),
    )  # fmt: skip


def chain_from(factors: Sequence[Decimal], cost: Decimal) -> Chain:
    """A norm: a chain somebody wrote down."""
    days, visits, orders, order, share = (Fraction(each) for each in factors)
    return Chain(days, visits, orders, order, share, Fraction(cost))


def gap(actual: Chain, reference: Chain) -> Gap | None:
    """What each factor does to the difference in contribution; None where a chain is not whole."""
    new, old = actual.factors, reference.factors
    if None in new or None in old:
        return None
    here, there = [Fraction(each or 0) for each in new], [Fraction(each or 0) for each in old]
    ends = [prod(each, start=Fraction(1)) for each in (here, there)]
    after, before = (_cents(each) for each in ends)
    effects = _rounded([_shapley(place, here, there) for place in range(len(FACTORS))], after - before)  # fmt: skip
    return Gap(after, before, tuple(Leak(*each) for each in zip(FACTORS, here, there, effects, strict=True)))  # fmt: skip


def _shapley(place: int, new: Sequence[Fraction], old: Sequence[Fraction]) -> Fraction:
    """Mean change of the product when this factor changes, over all orders of change."""
    others = [each for each in range(len(new)) if each != place]
    total = Fraction(0)
    for size in range(len(others) + 1):
        weight = Fraction(factorial(size) * factorial(len(others) - size), factorial(len(new)))
        for changed in combinations(others, size):
            rest = prod((new[each] if each in changed else old[each] for each in others), start=Fraction(1))  # fmt: skip
            total += weight * rest
    return total * (new[place] - old[place])


def _rounded(parts: Sequence[Fraction], total: Decimal) -> list[Decimal]:
    """Cents that add up to the total: what rounding leaves goes to the largest part."""
    found = [_cents(part) for part in parts]
    largest = max(range(len(found)), key=lambda place: abs(found[place]))
    found[largest] += total - sum(found, Decimal(0))
    return found


def _cents(value: Fraction) -> Decimal:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(CENT, ROUND_HALF_UP)


def _ratio(numerator: Decimal | int, denominator: Decimal | int) -> Fraction | None:
    return Fraction(numerator) / Fraction(denominator) if denominator else None
