"""What does an action on a driver bring (F1.5), and from which facts does its calculation start?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koers.analyse.figures.customer_value import value_run_of
from koers.analyse.figures.facts import NoFactsYetError
from koers.analyse.figures.turnover import turnover_of
from koers.analyse.models import EquityAction
from koers.core.actor import Actor
from koers.core.errors import RuleError
from koers.core.periods import Period
from koers.customers.models import Segment

if TYPE_CHECKING:
    from koers_analytics.customers import equity_action as model

SIDES = ("ours", "other")
DRIVERS = ("value", "brand", "relation")
COLUMNS = ("last", "next", *(f"{driver}_{side}" for side in SIDES for driver in DRIVERS))
FOUR, TWO = Decimal("0.0001"), Decimal("0.01")
WHY_NOT = {
    "few": gettext_lazy("they are too few (50 at least)"),
    "alike": gettext_lazy("the scores do not differ enough from each other"),
    "all": gettext_lazy("the scores tell every choice without exception"),
}
MOST, MOST_MONEY = Decimal(99_999_999), Decimal(10) ** 14


class ActionRefusedError(RuleError):
    """The action cannot be computed like this."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What the facts of a segment give an action to start from; money per purchase, purchases a year."""

    customers: int
    orders: int
    frequency: Decimal | None
    margin: Decimal | None
    discount: Decimal | None


def measured_of(*, actor: Actor, period: Period, segment: Segment | None) -> Measured:
    """Customers, orders per customer and contribution per order of a period of a year; nothing before there are facts."""
    choices: dict[str, Any] = {"segments": (segment.name,)} if segment else {}
    try:
        total = turnover_of(actor=actor, period=period, **choices).total
    except NoFactsYetError:
        return Measured(0, 0, None, None, None)
    run = value_run_of(actor=actor)
    frequency = Decimal(total.orders) / total.customers if total.customers else None
    margin = None
    if total.margin is not None and total.orders:
        margin = (total.margin * total.turnover / total.orders).quantize(TWO)
    discount = None if run is None or run.why_not else Decimal(str(run.details["discount"]))
    return Measured(
        total.customers, total.orders, None if frequency is None else frequency.quantize(TWO), margin, discount
    )  # fmt: skip


def outcome_of(values: Mapping[str, Any]) -> "model.ActionOutcome":
    """The outcome of the fields of an ``EquityAction``."""
    from koers_analytics.customers.equity_action import action_outcome  # noqa: PLC0415 -- slow import

    try:
        return action_outcome(_action(values))
    except ValueError as error:
        raise ActionRefusedError(_("These inputs cannot be computed; check the chances, the purchases and the discount rate.")) from error  # fmt: skip


def outcomes_by_discount(action: EquityAction) -> "tuple[tuple[float, model.ActionOutcome], ...]":
    """The same action at other discount rates."""
    from koers_analytics.customers.equity_action import by_discount  # noqa: PLC0415 -- slow import

    return by_discount(_action(fields_of(action)))


def fields_of(action: EquityAction) -> dict[str, Any]:
    """Its inputs by name."""
    names = ("cost", "change_low", "change_likely", "change_high", "effect_low", "effect_likely", "effect_high", "learned",
             "stay", "win", "customers", "others", "margin", "frequency", "discount", "years", "driver")  # fmt: skip
    return {name: getattr(action, name) for name in names}


def results_of(outcome: "model.ActionOutcome") -> dict[str, Decimal]:
    """The outcome as it is stored: amounts in cents, shares in four digits."""
    found = {
        name: _exact(getattr(outcome, name), TWO) for name in ("gain", "gain_low", "gain_high")
    }
    for name in ("roi", "roi_low", "roi_high", "chance_pays"):
        found[name] = _exact(getattr(outcome, name), FOUR)
    if max(map(abs, found.values())) > MOST_MONEY or abs(found["roi_high"]) > MOST:
        raise ActionRefusedError(_("The outcome is too large to keep; check cost, customers and contribution."))  # fmt: skip
    return found


def learned_from(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A logit of the next choice, ours or another's, learned from survey rows of ``COLUMNS``.

    ``last`` and ``next`` are 0 (ours) or 1 (another); scores are 0-10.
    """
    from koers_analytics.customers.brand_switching import (  # noqa: PLC0415 -- slow import
        BrandSwitching,
        TooFewChoicesError,
    )

    ratings = [[[row[f"{driver}_{side}"] for driver in DRIVERS] for side in SIDES] for row in rows]
    try:
        found = BrandSwitching().fit(ratings, [r["last"] for r in rows], [r["next"] for r in rows])
    except TooFewChoicesError as error:
        raise ActionRefusedError(
            _("From these %(count)s choices nothing can be learned: %(why)s. Leave the file out and give your own estimate.")
            % {"count": len(rows), "why": WHY_NOT[error.reason]}
        ) from error  # fmt: skip
    means = [[sum(r[side][driver] for r in ratings) / len(ratings) for driver in range(3)] for side in range(2)]  # fmt: skip
    matrix = found.switching_matrix(means)
    return {
        "coef": found.coef_.tolist(), "covariance": found.covariance_.tolist(), "ratings": means, "choices": found.choices_,
        "fit": 1 - found.log_likelihood_ / found.log_likelihood_null_, "stay": float(matrix[0, 0]), "win": float(matrix[1, 0]),
    }  # fmt: skip


def learned_words(learned: Mapping[str, Any]) -> list[tuple[str, float, float]]:
    """Per coefficient its name, value and standard error."""
    names = ("inertia", *DRIVERS)
    return [
        (name, learned["coef"][at], learned["covariance"][at][at] ** 0.5) for at, name in enumerate(names)
    ]  # fmt: skip


def _action(values: Mapping[str, Any]) -> "model.EquityAction":
    from koers_analytics.customers import equity_action as model  # noqa: PLC0415 -- slow import

    def points(name: str) -> "model.ThreePoint":
        return model.ThreePoint(*(float(values[f"{name}_{at}"]) for at in ("low", "likely", "high")))  # fmt: skip

    learned = values.get("learned")
    return model.EquityAction(
        cost=float(values["cost"]), change=points("change"), effect=None if learned else points("effect"),
        stay=float(values["stay"]), win=float(values["win"]), customers=float(values["customers"]), others=float(values["others"]),
        margin=float(values["margin"]), frequency=float(values["frequency"]), discount=float(values["discount"]),
        years=float(values["years"]), learned=_model(learned, values["driver"]) if learned else None,
    )  # fmt: skip


def _model(learned: Mapping[str, Any], driver: str) -> "model.Learned":
    from koers_analytics.customers.brand_switching import BrandSwitching  # noqa: PLC0415 -- slow import
    from koers_analytics.customers.equity_action import Learned  # noqa: PLC0415 -- slow import

    found = BrandSwitching.known(learned["coef"], learned["covariance"])
    ours, other = learned["ratings"]
    return Learned(found, (tuple(ours), tuple(other)), DRIVERS.index(driver))


def _exact(value: float | None, step: Decimal) -> Decimal:
    return Decimal(repr(value or 0.0)).quantize(step)
