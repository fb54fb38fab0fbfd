"""How far is a goal (F2.11 from where it started), how far should it be by now, and who is a new customer?"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from koers_analytics.facts import Facts
from koers_analytics.filters import LINE_SOURCE, FactFilter

NOTHING, WHOLE = Decimal(0), Decimal(1)


@dataclass(frozen=True, slots=True)
class Progress:
    """Shares 0-1 of the way from start to target; ``way`` may lie outside, None where nothing was measured."""

    way: Decimal | None
    expected: Decimal

    @property
    def share(self) -> Decimal | None:
        """The part of the way that was gone, at least nothing and at most all of it."""
        return None if self.way is None else min(max(self.way, NOTHING), WHOLE)

    @property
    def ahead(self) -> Decimal | None:
        """Share gone less share expected by now: below zero is behind."""
        return None if self.share is None else self.share - self.expected


@dataclass(frozen=True, slots=True)
class NewCustomers:
    """How many customers bought for the first time, and the first few: id, name, day of the first order."""

    count: int
    first: tuple[tuple[int, str, date], ...]


def progress(
    *,
    start: Decimal,
    target: Decimal,
    actual: Decimal | None,
    starts_on: date,
    ends_on: date,
    today: date,
) -> Progress:
    """Goal attainment (F2.11), counted from where the goal started: (actual - start) / (target - start).

    From a start of 0 it is actual / target. The target may lie below the start, as for complaints.
    Expected by now is the share of the days that passed: a straight line, with no season in it.
    The period excludes its end. Raises ``ValueError`` where target and start are the same and
    something was measured, or the period is empty: there is no way to go.
    """
    if ends_on <= starts_on:
        message = "a goal ends after it starts"
        raise ValueError(message)
    passed = (min(max(today, starts_on), ends_on) - starts_on).days
    return Progress(
        way=None if actual is None else way_gone(start=start, target=target, actual=actual),
        expected=Decimal(passed) / Decimal((ends_on - starts_on).days),
    )


def way_gone(*, start: Decimal, target: Decimal, actual: Decimal) -> Decimal:
    """The share of the way from start to target, below 0 and above 1 too; start and target differ."""
    if target == start:
        message = "a goal differs from where it starts"
        raise ValueError(message)
    return (actual - start) / (target - start)


def passes(actual: Decimal | None, *, threshold: Decimal, at_least: bool) -> bool | None:
    """Whether a hygiene factor (S2.50) is on the right side of its threshold, the threshold itself included."""
    if actual is None:
        return None
    return actual >= threshold if at_least else actual <= threshold


def new_customers(facts: Facts, flt: FactFilter, *, shown: int = 10) -> NewCustomers:
    """Customers whose first order ever lies in the period of ``flt``.

    A first order is the first day with a goods line that is no credit, of all the facts: a customer
    of before the first order that was brought in looks new. With a seller or unit in ``flt`` a
    customer counts where that first day holds a line of that seller or unit.
    """
    where, values = flt.where()
    found = facts.rows(
        f"""WITH first AS (
              SELECT l.company_id, min(l.order_date) AS day FROM order_line l
              WHERE l.kind = 'goods' AND NOT l.is_credit AND l.company_id IS NOT NULL GROUP BY l.company_id)
            SELECT l.company_id, any_value(c.name), min(f.day) FROM {LINE_SOURCE}
            JOIN first f ON f.company_id = l.company_id AND f.day = l.order_date
            WHERE {where} AND NOT l.is_credit GROUP BY l.company_id ORDER BY 3, 1""",
        values,
    )
    return NewCustomers(
        len(found), tuple((row[0], row[1] or "", row[2]) for row in found[: max(shown, 0)])
    )
