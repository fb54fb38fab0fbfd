"""How many days and hours can each seller sell in a year, and how much of them do the norms take?"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from koers.core.actor import Actor
from koers.core.periods import Period
from koers.plan.figures.visit_calendar import holidays_in
from koers.plan.figures.visit_norm import seller_loads
from koers.plan.models import Absence, SellerYear
from koers.plan.queries.seller_year import absences_in, days_of, years_of

if TYPE_CHECKING:
    from koers_analytics.planning.sales_days import SalesYear


@dataclass(frozen=True, slots=True)
class SellerCapacity:
    """A seller's year: what was said of it, the days it leaves (F6.5), and its absences."""

    said: SellerYear
    found: "SalesYear"
    absences: tuple[Absence, ...]

    @property
    def hours(self) -> float:
        """Hours for visits in the year, with their travel and waiting."""
        return self.found.days * float(self.said.hours_a_day)


def calendar_year(year: int) -> Period:
    """The whole year."""
    return Period(date(year, 1, 1), date(year + 1, 1, 1))


def capacities_of(people: Collection[int], year: int) -> dict[int, SellerCapacity]:
    """Per person the year's days and hours, in three queries for any number of people."""
    from koers_analytics.planning.sales_days import sales_year  # noqa: PLC0415 -- slow import

    period = calendar_year(year)
    free = frozenset(holidays_in(period))
    away: dict[int, list[Absence]] = defaultdict(list)
    for each in absences_in(people, period):
        away[each.person_id].append(each)
    found = {}
    for key, said in years_of(people, year).items():
        dated: dict[str, set[date]] = defaultdict(set)
        for each in away[key]:
            dated[each.kind] |= days_of(each, period)
        counted = sales_year(
            year=year, weekdays=[int(digit) for digit in said.weekdays], holidays=free, absences=dated,
            expected={"leave": said.leave_days, "sickness": said.sick_days, "other": said.other_days},
        )  # fmt: skip
        found[key] = SellerCapacity(said, counted, tuple(away[key]))
    return found


def workloads_of(
    *, actor: Actor, people: Collection[int], period: Period, day: date
) -> dict[int, tuple[float, float | None]]:
    """Per seller the hours the norms ask in a year (F6.1) and the performance level (F6.14)."""
    sellers, _total = seller_loads(actor=actor, period=period, day=day)
    return {each.key: (each.load.hours, each.load.level) for each in sellers if each.key in people and each.key}  # fmt: skip


def overload(uses: Sequence[float]) -> float | None:
    """By how much the highest use exceeds the mean one (F6.8); None for fewer than two sellers."""
    from koers_analytics.formula_sets.team import territory_balance  # noqa: PLC0415 -- slow import

    return territory_balance(list(uses))[0] if len(uses) > 1 else None
