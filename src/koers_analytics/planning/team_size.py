"""How many salespeople does the work take, and how many can be paid: five methods on the same inputs?"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from koers_analytics.formula_sets.base import ceil_exact
from koers_analytics.formula_sets.team import (
    affordable_reps,
    class_workload,
    franke_reps,
    marginal_reps,
    sales_days,
    visit_capacity,
    visit_task,
)

MINUTES_AN_HOUR = 60
CLASS_INPUTS = ("customers", "visits", "minutes")
MOST_SELLERS = 10_000


@dataclass(frozen=True, slots=True)
class ClassEffort:
    """A class of customers: visits a year per customer, minutes of talk per visit.

    ``contribution`` is what the whole class brings a year; None where no cost is known.
    """

    name: str
    customers: float
    visits: float
    minutes: float
    contribution: float | None


@dataclass(frozen=True, slots=True)
class TeamInputs:
    """All that the methods are fed with; shares 0-1, amounts a year in one currency.

    ``visit_share`` is the part of the contribution that visits bring about.
    """

    classes: tuple[ClassEffort, ...]
    travel_minutes: float
    waiting_minutes: float
    hours_a_day: float
    working_days: float
    leave_days: float
    sick_days: float
    other_days: float
    visits_a_day: float
    standard_minutes: float
    turnover: float
    sales_share: float
    seller_cost: float
    visit_share: float

    @property
    def days(self) -> float:
        """Days left for selling (F6.5); ``FormulaInputError`` where more are taken off than there are."""
        return sales_days(self.working_days, self.leave_days, self.sick_days, self.other_days)

    @property
    def total_visits(self) -> float:
        """Visits a year over all classes."""
        return math.fsum(each.customers * each.visits for each in self.classes)

    @property
    def talk_minutes(self) -> float:
        """Mean minutes of talk per visit, each visit counted once; 0 without visits."""
        visits = self.total_visits
        spent = math.fsum(each.customers * each.visits * each.minutes for each in self.classes)
        return spent / visits if visits else 0.0

    @property
    def visit_minutes(self) -> float:
        """Mean minutes a visit takes with travel and waiting."""
        return self.travel_minutes + self.waiting_minutes + self.talk_minutes


@dataclass(frozen=True, slots=True)
class TeamSize:
    """The answer of one method: exact, in heads, and the inputs its formula was given.

    Heads that are needed are rounded up, heads that can be paid down (domain rule 0.3). None
    where the formula divides by 0 or an input is not known.
    """

    method: str
    formula_id: str
    exact: float | None
    heads: int | None
    inputs: dict[str, Any]


def team_sizes(inputs: TeamInputs) -> tuple[TeamSize, ...]:
    """Franke (F6.1), class workload (F6.2), visit units (F6.3), part of turnover (F6.6), marginal (F6.7)."""
    return (_franke(inputs), _workload(inputs), _units(inputs), _percentage(inputs), _marginal(inputs))  # fmt: skip


def utilisation(inputs: TeamInputs, sellers: int) -> tuple[float, float, float | None]:
    """Visits the sellers can make in a year, visits the norms ask, and the share used (F6.4)."""
    capacity, load, percentage = visit_capacity(inputs.days, inputs.visits_a_day, sellers, 1, inputs.total_visits)  # fmt: skip
    return capacity, load, None if percentage is None else percentage / 100


def varied(inputs: TeamInputs, name: str, factor: float) -> TeamInputs:
    """The same with one input multiplied; one of a class is multiplied in all classes.

    Working days never become fewer than the days taken off, so that no selling day is the least.
    """
    if name in CLASS_INPUTS:
        classes = tuple(replace(each, **{name: getattr(each, name) * factor}) for each in inputs.classes)  # fmt: skip
        return replace(inputs, classes=classes)
    value = getattr(inputs, name) * factor
    if name == "working_days":
        value = max(value, inputs.leave_days + inputs.sick_days + inputs.other_days)
    return replace(inputs, **{name: value})


def seller_contributions(inputs: TeamInputs) -> Iterator[float] | None:
    """What the first, second … seller brings a year; None where the contribution of a class is unknown.

    Each seller gives his hours to the class that brings most per hour and is not yet served, so
    that each next one brings less. A seller beyond the last customer brings nothing.
    """
    classes = [each for each in inputs.classes if each.customers * each.visits > 0]
    if any(each.contribution is None for each in classes):
        return None
    offers = []
    for each in classes:
        minutes = inputs.travel_minutes + inputs.waiting_minutes + each.minutes
        hours = each.customers * each.visits * minutes / MINUTES_AN_HOUR
        brought = float(each.contribution or 0) * inputs.visit_share
        offers.append((brought / hours if hours else math.inf, hours, brought))
    offers.sort(key=lambda offer: offer[0], reverse=True)
    return _shared_out(offers, inputs.hours_a_day * inputs.days)


def _shared_out(offers: list[tuple[float, float, float]], capacity: float) -> Iterator[float]:
    left = [(hours, brought) for _rate, hours, brought in offers]
    while left and capacity > 0:
        free, total = capacity, 0.0
        while left and free > 0:
            hours, brought = left.pop(0)
            if hours > free:
                total += brought * free / hours
                left.insert(0, (hours - free, brought * (1 - free / hours)))
                free = 0
            else:
                total, free = total + brought, free - hours
        yield total


def _franke(inputs: TeamInputs) -> TeamSize:
    customers = math.fsum(each.customers for each in inputs.classes)
    given = {
        "K": customers, "B": inputs.total_visits / customers if customers else 0.0, "R": inputs.travel_minutes / MINUTES_AN_HOUR,
        "W": inputs.waiting_minutes / MINUTES_AN_HOUR, "G": inputs.talk_minutes / MINUTES_AN_HOUR, "U": inputs.hours_a_day, "D": inputs.days,
    }  # fmt: skip
    exact, heads = franke_reps(**given)
    return TeamSize("franke", "F6.1", exact, heads, given)


def _workload(inputs: TeamInputs) -> TeamSize:
    given = _per_class(inputs) | {"cap": inputs.days * inputs.visits_a_day}
    _visits, exact = class_workload(**given)
    return TeamSize("workload", "F6.2", exact, None if exact is None else ceil_exact(exact), given)


def _units(inputs: TeamInputs) -> TeamSize:
    standard = inputs.standard_minutes
    units = [each.minutes / standard if standard else 0.0 for each in inputs.classes]
    given = _per_class(inputs) | {"u": units, "cap": inputs.days * inputs.visits_a_day}
    _task, exact, heads = visit_task(**given) if standard else (0.0, None, None)
    return TeamSize("units", "F6.3", exact, heads, given)


def _percentage(inputs: TeamInputs) -> TeamSize:
    given = {"turnover": inputs.turnover, "pct": inputs.sales_share, "cost": inputs.seller_cost}
    _budget, exact, heads = affordable_reps(**given)
    return TeamSize("percentage", "F6.6", exact, heads, given)


def _marginal(inputs: TeamInputs) -> TeamSize:
    brought = seller_contributions(inputs)
    if brought is None:
        return TeamSize("marginal", "F6.7", None, None, {"cost": inputs.seller_cost})
    contributions = []
    for each in islice(brought, MOST_SELLERS):
        contributions.append(each)
        if each <= inputs.seller_cost:
            break
    else:
        if len(contributions) == MOST_SELLERS:
            return TeamSize("marginal", "F6.7", None, None, {"cost": inputs.seller_cost})
    heads = marginal_reps(contributions, inputs.seller_cost)
    given = {"contrib": contributions, "cost": inputs.seller_cost}
    return TeamSize("marginal", "F6.7", float(heads), heads, given)


def _per_class(inputs: TeamInputs) -> dict[str, Any]:
    return {"K": [each.customers for each in inputs.classes], "B": [each.visits for each in inputs.classes]}  # fmt: skip
