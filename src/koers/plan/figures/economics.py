"""Which numbers of our own does the economics desk start from, and what do its calculators say?"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Sum
from django.utils.dateparse import parse_datetime

from koers.analyse.figures.facts import fact_store
from koers.analyse.figures.turnover import turnover_of
from koers.core.actor import Actor
from koers.core.periods import Period
from koers.organisation.policies import Right, may
from koers.plan.figures.team_size import START
from koers.plan.queries.economic_decision import team_sellers, visits_of
from koers.plan.queries.seller import field_sellers

if TYPE_CHECKING:
    from koers_analytics.economics.desk import Calculator, Curve

SELLER_COST = Decimal(START["seller_cost"])
DAYS_A_YEAR = Decimal(365)
CENT, FINE = Decimal("0.01"), Decimal("0.0001")
Inputs = Mapping[str, Decimal | None]


@dataclass(frozen=True, slots=True)
class Fact:
    """A number of our own; None with the reason ``why``. An assumption is no measurement.

    ``parts`` are (name, amount or count) of what it was made of.
    """

    value: Decimal | None
    why: str = ""
    is_assumption: bool = False
    parts: tuple[tuple[str, Decimal], ...] = field(default=())


def facts_built_at() -> datetime | None:
    """When the facts were last refreshed."""
    text = fact_store().manifest().built_at
    return parse_datetime(text) if text else None


def calculators() -> "tuple[Calculator, ...]":
    """The calculators in their order."""
    from koers_analytics.economics.desk import CALCULATORS  # noqa: PLC0415 -- slow import

    return CALCULATORS


def calculator_of(key: str) -> "Calculator | None":
    """One calculator; None for a key that is none."""
    from koers_analytics.economics.desk import BY_KEY  # noqa: PLC0415 -- slow import

    return BY_KEY.get(key)


def desk_facts(
    *, actor: Actor, period: Period, chosen: Mapping[str, int], filters: Mapping[str, Any]
) -> dict[str, Fact]:
    """Turnover, orders, contribution share, visits and their cost, of what the actor may see."""
    total = turnover_of(actor=actor, period=period, **filters).total
    sees_cost = may(actor, Right.SEE_COST)
    share = total.margin if sees_cost else None
    visits = _visits(actor, period, chosen)
    return {
        "turnover": Fact(max(total.turnover, Decimal(0)).quantize(Decimal(1))),
        "orders": Fact(Decimal(total.orders)),
        "share": Fact(
            None if share is None else min(max(share, Decimal(0)), Decimal(1)).quantize(FINE),
            "" if share is not None else "no_cost" if sees_cost else "hidden",
            parts=_share_parts(total) if sees_cost else (),
        ),
        "unit_cost": _unit_cost(total) if sees_cost else Fact(None, "hidden"),
        "visits": visits,
        "team_cost": _team_cost(actor, period, chosen),
        "visit_cost": _visit_cost(actor, period),
    }


def answers_to(calculator: "Calculator", inputs: Inputs) -> dict[str, Decimal | None]:
    """The calculator's answers, exact enough to be kept: amounts to the cent, shares to 8 places."""
    from koers_analytics.economics.desk import answers_of  # noqa: PLC0415 -- slow import

    return _exact(calculator, answers_of(calculator, _floats(inputs)))


def answers_bent(calculator: "Calculator", inputs: Inputs, vary: str) -> list[dict[str, Decimal | None]]:  # fmt: skip
    """The answers with one input lower and higher, see ``steps``."""
    from koers_analytics.economics.desk import bent  # noqa: PLC0415 -- slow import

    return [_exact(calculator, each) for each in bent(calculator, _floats(inputs), vary)]


def steps() -> tuple[float, ...]:
    """By what the varied input is multiplied."""
    from koers_analytics.economics.desk import BENDS  # noqa: PLC0415 -- slow import

    return BENDS


def curve_for(calculator: "Calculator", inputs: Inputs) -> "Curve | None":
    """The calculator's chart."""
    from koers_analytics.economics.desk import curve_of  # noqa: PLC0415 -- slow import

    return curve_of(calculator, _floats(inputs))


def starts(calculator: "Calculator", facts: Mapping[str, Fact]) -> dict[str, Decimal | None]:
    """What each input holds until somebody types something else."""
    found: dict[str, Decimal | None] = {}
    for ask in calculator.asks:
        if ask.fact:
            found[ask.key] = facts[ask.fact].value
        else:
            found[ask.key] = None if ask.start is None else Decimal(str(ask.start))
    return found


def _share_parts(total: Any) -> tuple[tuple[str, Decimal], ...]:
    if total.contribution is None:
        return ()
    return (
        ("contribution", total.contribution),
        ("costed", total.costed_turnover),
        ("turnover", total.turnover),
    )


def _unit_cost(total: Any) -> Fact:
    """Mean cost per unit; only where the cost of all turnover is known, else it would be too low."""
    if total.cost is None or not total.quantity or total.costed_turnover != total.turnover:
        return Fact(None, "no_cost")
    parts = (("cost", total.cost), ("quantity", total.quantity))
    return Fact((total.cost / total.quantity).quantize(CENT), parts=parts)


def _visits(actor: Actor, period: Period, chosen: Mapping[str, int]) -> Fact:
    if "group" in chosen:
        return Fact(None, "no_group")
    found = visits_of(actor, period=period, chosen=chosen).aggregate(number=Count("pk"), minutes=Sum("minutes"))  # fmt: skip
    parts = (("minutes", Decimal(found["minutes"])),) if found["minutes"] else ()
    return Fact(Decimal(found["number"]), parts=parts)


def _team_cost(actor: Actor, period: Period, chosen: Mapping[str, int]) -> Fact:
    """What the sellers of the scope cost in the period; an assumption per seller."""
    if not chosen:
        sellers = field_sellers(actor)
    elif set(chosen) == {"seller"}:
        sellers = 1
    elif set(chosen) == {"team"}:
        sellers = team_sellers(chosen["team"])
    else:
        return Fact(None, "own_cost", is_assumption=True)
    return Fact(seller_cost(sellers, period), is_assumption=True, parts=(("sellers", Decimal(sellers)), ("seller_cost", SELLER_COST)))  # fmt: skip


def _visit_cost(actor: Actor, period: Period) -> Fact:
    """Cost of all sellers one sees over all visits they made (F6.13); rests on the same assumption."""
    visits = visits_of(actor, period=period, chosen={}).count()
    cost = seller_cost(field_sellers(actor), period)
    if not visits or not cost:
        return Fact(None, "no_visits", is_assumption=True)
    parts = (("team_cost", cost), ("visits", Decimal(visits)))
    return Fact((cost / visits).quantize(CENT), is_assumption=True, parts=parts)


def seller_cost(sellers: int, period: Period) -> Decimal:
    """What so many sellers cost in a period: an assumption."""
    days = Decimal((period.end - period.start).days)
    return (SELLER_COST * sellers * min(days / DAYS_A_YEAR, Decimal(100))).quantize(Decimal(1))


def _floats(inputs: Inputs) -> dict[str, float | None]:
    return {key: None if value is None else float(value) for key, value in inputs.items()}


def _exact(calculator: "Calculator", found: Mapping[str, float | None]) -> dict[str, Decimal | None]:  # fmt: skip
    places = {answer.key: 2 if answer.unit == "money" else 8 for answer in calculator.answers}
    return {
        key: None if value is None else Decimal(str(round(value, places[key])))
        for key, value in found.items()
    }
