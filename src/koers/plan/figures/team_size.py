"""How many salespeople do the methods of chapter 6 give, starting from the company's own numbers?"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from koers.analyse.figures.customers import pyramid_of
from koers.analyse.figures.turnover import turnover_of
from koers.core.actor import Actor
from koers.core.periods import Period
from koers.organisation.policies import Right, may

if TYPE_CHECKING:
    from koers_analytics.planning.team_size import TeamInputs, TeamSize

CLASSES = ("A", "B", "C", "D")
VARIED = (
    "customers", "visits", "minutes", "travel_minutes", "waiting_minutes", "hours_a_day", "working_days", "visits_a_day", "standard_minutes",
    "turnover", "sales_share", "seller_cost", "visit_share",
)  # fmt: skip
START = {
    "visits_A": 24, "visits_B": 12, "visits_C": 6, "visits_D": 2, "minutes_A": 75, "minutes_B": 60, "minutes_C": 45, "minutes_D": 30,
    "travel_minutes": 30, "waiting_minutes": 15, "hours_a_day": 8, "working_days": 260, "leave_days": 33, "sick_days": 10, "other_days": 17,
    "visits_a_day": 5, "standard_minutes": 45, "sales_share": 5, "seller_cost": 80_000, "visit_share": 30,
}  # fmt: skip
STEPS = (Decimal("0.8"), Decimal("0.9"), Decimal(1), Decimal("1.1"), Decimal("1.2"))
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class OwnNumbers:
    """What the facts of a period say: customers and contribution per class, and turnover."""

    customers: dict[str, int]
    contribution: dict[str, Decimal | None]
    turnover: Decimal

    @property
    def start(self) -> dict[str, Decimal]:
        """Value of each input before anybody changes it; shares in percent."""
        found = {name: Decimal(value) for name, value in START.items()}
        found |= {f"customers_{name}": Decimal(self.customers[name]) for name in CLASSES}
        return found | {"turnover": max(self.turnover, Decimal(0)).quantize(Decimal(1))}


def own_numbers(*, actor: Actor, period: Period, **choices: Any) -> OwnNumbers:
    """Customers per class (F2.4) with their contribution, and turnover, of what the actor may see."""
    found = pyramid_of(actor=actor, period=period, **choices)
    layers = {each.name: each for each in found.classes}
    known = {name: layers.get(name) for name in CLASSES}
    return OwnNumbers(
        {name: layer.customers if layer else 0 for name, layer in known.items()},
        {
            name: layer.contribution if layer and may(actor, Right.SEE_COST) else None
            for name, layer in known.items()
        },
        turnover_of(actor=actor, period=period, **choices).total.turnover,
    )


def inputs_from(values: Mapping[str, Decimal], own: OwnNumbers) -> "TeamInputs":
    """What was entered, as the methods take it; a class keeps its contribution per customer."""
    from koers_analytics.planning.team_size import (  # noqa: PLC0415 -- slow import
        ClassEffort,
        TeamInputs,
    )

    classes = tuple(
        ClassEffort(
            name=name, customers=float(values[f"customers_{name}"]), visits=float(values[f"visits_{name}"]),
            minutes=float(values[f"minutes_{name}"]), contribution=_contribution(name, values, own),
        )
        for name in CLASSES
    )  # fmt: skip
    plain = {
        name: float(values[name])
        for name in TeamInputs.__dataclass_fields__
        if name not in ("classes", "sales_share", "visit_share")
    }
    shares = {name: float(values[name] / HUNDRED) for name in ("sales_share", "visit_share")}
    return TeamInputs(classes, **plain, **shares)


def sizes_of(inputs: "TeamInputs", *, vary: str = "", factor: Decimal = STEPS[2]) -> "tuple[TeamSize, ...]":  # fmt: skip
    """Each method's answer, with one input multiplied where asked (F6.1-F6.3, F6.6, F6.7)."""
    from koers_analytics.planning.team_size import team_sizes, varied  # noqa: PLC0415 -- slow import

    return team_sizes(varied(inputs, vary, float(factor)) if vary else inputs)


def utilisation_of(inputs: "TeamInputs", sellers: int) -> Any:
    """Visits the sellers can make, visits asked, and the share used (F6.4)."""
    from koers_analytics.planning.team_size import utilisation  # noqa: PLC0415 -- slow import

    return utilisation(inputs, sellers)


def _contribution(name: str, values: Mapping[str, Decimal], own: OwnNumbers) -> float | None:
    """Contribution of a class, in step with the customers entered; None where none is known."""
    found, counted = own.contribution[name], own.customers[name]
    if found is None or not counted:
        return None
    return float(found * values[f"customers_{name}"] / counted)
