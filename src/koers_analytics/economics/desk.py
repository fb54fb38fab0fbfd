"""What do the calculators of the economics desk ask, what do they answer, and how does it bend?

Formulas F9.1-F9.8, F9.19 and F6.13 on amounts of one currency over one period; shares are 0-1. An
answer is None where one of its inputs is missing or where it means nothing (denominator 0, a
discount as large as the contribution).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from koers_analytics.formula_sets.base import ratio
from koers_analytics.formula_sets.economics import (
    bearable_loss,
    break_even_turnover,
    cash_discount_cost,
    discount_volume,
    price_from_cost,
    safety_margin,
    units_for_profit,
)
from koers_analytics.formula_sets.economics_value import net_present_value
from koers_analytics.formula_sets.team import visit_cost

Values = Mapping[str, float | None]
Known = Mapping[str, float]
DAYS_A_YEAR, PERCENT = 365, 100
BENDS = (0.8, 0.9, 1.0, 1.1, 1.2)
CURVE_STEPS = 12
HIGHEST_RISE = 0.24


@dataclass(frozen=True, slots=True)
class Ask:
    """An input: its unit (money, share, count, days, years), the fact it starts from, or a start."""

    key: str
    unit: str
    fact: str = ""
    start: float | None = None
    most: float = 1e12


@dataclass(frozen=True, slots=True)
class Answer:
    """An output: its unit, the formula it comes from, and the inputs it needs."""

    key: str
    unit: str
    formula: str
    needs: tuple[str, ...]
    function: Callable[[Known], float | None]


@dataclass(frozen=True, slots=True)
class Curve:
    """Lines over the values of one input (``unit`` of the lines, ``x_unit`` of the values)."""

    x: tuple[float, ...]
    x_unit: str
    lines: dict[str, tuple[float | None, ...]]
    unit: str


@dataclass(frozen=True, slots=True)
class Calculator:
    """A question of chapter 9 with its inputs and answers; ``vary`` is what it bends by at first."""

    key: str
    asks: tuple[Ask, ...]
    answers: tuple[Answer, ...]
    vary: str
    curve: Callable[[Known], Curve] | None = None
    curve_needs: tuple[str, ...] = ()


def answers_of(calculator: Calculator, values: Values) -> dict[str, float | None]:
    """Every answer by its key."""
    known = {key: value for key, value in values.items() if value is not None}
    return {
        answer.key: answer.function(known) if set(answer.needs) <= known.keys() else None
        for answer in calculator.answers
    }


def bent(calculator: Calculator, values: Values, vary: str) -> list[dict[str, float | None]]:
    """The answers with one input at 80, 90, 100, 110 and 120 %; a share stays within 0-1."""
    ask = next(each for each in calculator.asks if each.key == vary)
    found = []
    for factor in BENDS:
        value = values[vary]
        if value is not None:
            value = min(value * factor, 1.0) if ask.unit == "share" else value * factor
        found.append(answers_of(calculator, {**values, vary: value}))
    return found


def curve_of(calculator: Calculator, values: Values) -> Curve | None:
    """The calculator's chart; None where it has none, or an input of it is missing."""
    known = {key: value for key, value in values.items() if value is not None}
    if calculator.curve is None or not set(calculator.curve_needs) <= known.keys():
        return None
    return calculator.curve(known)


def _orders(v: Known, amount: float) -> float | None:
    """Orders whose contribution covers an amount; one order is the unit of F9.1."""
    price = ratio(v["turnover"], v["orders"])
    if price is None:
        return None
    return units_for_profit(amount, 0, price, price * (1 - v["share"]))


def _break_even_curve(v: Known) -> Curve:
    point = break_even_turnover(v["fixed"], v["share"])
    end = 1.25 * max(v["turnover"], point or 0)
    x = tuple(end * step / CURVE_STEPS for step in range(CURVE_STEPS + 1))
    lines: dict[str, tuple[float | None, ...]] = {
        "contribution": tuple(each * v["share"] for each in x),
        "fixed": tuple(v["fixed"] for _each in x),
    }
    return Curve(x, "money", lines, "money")


def _discount_curve(v: Known) -> Curve:
    end = max(min(v["share"] * 0.6, 0.3), 1.5 * min(v["discount"], v["share"] / 2))
    x = tuple(end * step / CURVE_STEPS for step in range(CURVE_STEPS + 1))
    both = [discount_volume(v["share"], each) for each in x]
    lines = {
        "extra_units": tuple(units for units, _turnover in both),
        "extra_turnover": tuple(turnover for _units, turnover in both),
    }
    return Curve(x, "share", lines, "share")


def _rise_curve(v: Known) -> Curve:
    end = max(HIGHEST_RISE, 1.5 * v["rise"])
    x = tuple(end * step / CURVE_STEPS for step in range(CURVE_STEPS + 1))
    return Curve(x, "share", {"bearable": tuple(bearable_loss(v["share"], i) for i in x)}, "share")


def _cash(v: Known) -> float:
    return v["extra"] * v["share"] - v["running"]


def _annuity(v: Known) -> float:
    """What one unit of money a year is worth today."""
    return -net_present_value(0, [-1.0] * round(v["years"]), v["rate"])


def _needed_extra(v: Known) -> float | None:
    yearly = ratio(v["invest"], _annuity(v))
    return None if yearly is None else break_even_turnover(yearly + v["running"], v["share"])


def _npv_curve(v: Known) -> Curve:
    years = range(round(v["years"]) + 1)
    line = tuple(net_present_value(v["invest"], [_cash(v)] * year, v["rate"]) for year in years)
    return Curve(tuple(float(year) for year in years), "years", {"npv": line}, "money")


def _interest(v: Known) -> float:
    return v["paid"] * (1 - v["discount"]) * v["rate"] * (v["due"] - v["early"]) / DAYS_A_YEAR


def _yearly(v: Known) -> float | None:
    found = cash_discount_cost(v["discount"], v["due"], v["early"])
    return None if found is None else found / PERCENT


def _serving(v: Known) -> float:
    return v["visits"] * v["visit_cost"] + v["orders"] * v["order_cost"]


def _left(v: Known) -> float:
    return v["turnover"] * v["share"] - _serving(v)


def _growth(v: Known, place: int) -> float | None:
    return discount_volume(v["share"], v["discount"])[place]


def _extra_amount(v: Known) -> float | None:
    growth = _growth(v, 1)
    return None if growth is None else v["turnover"] * growth


def _floor(v: Known) -> float | None:
    loss = bearable_loss(v["share"], v["rise"])
    return None if loss is None else v["turnover"] * (1 + v["rise"]) * (1 - loss)


def _safety_of(v: Known) -> float | None:
    point = break_even_turnover(v["fixed"], v["share"])
    return None if point is None else safety_margin(v["turnover"], point)


TURNOVER = Ask("turnover", "money", "turnover")
ORDERS = Ask("orders", "count", "orders")
SHARE = Ask("share", "share", "share", most=1)
VISITS = Ask("visits", "count", "visits")
COST = Ask("cost", "money", "team_cost")
_SERVED = ("turnover", "share", "visits", "visit_cost", "orders", "order_cost")
_PROJECT = ("invest", "extra", "share", "running", "years", "rate")
CALCULATORS = (
    Calculator(
        "break_even", (TURNOVER, ORDERS, SHARE, Ask("fixed", "money", "team_cost"), Ask("profit", "money", start=0)),
        (
            Answer("break_even", "money", "F9.2", ("fixed", "share"), lambda v: break_even_turnover(v["fixed"], v["share"])),
            Answer("break_even_orders", "count", "F9.1", ("fixed", "share", "turnover", "orders"), lambda v: _orders(v, v["fixed"])),
            Answer("target", "money", "F9.3", ("fixed", "profit", "share"), lambda v: break_even_turnover(v["fixed"] + v["profit"], v["share"])),
            Answer("target_orders", "count", "F9.3", ("fixed", "profit", "share", "turnover", "orders"), lambda v: _orders(v, v["fixed"] + v["profit"])),
            Answer("safety", "share", "F9.4", ("fixed", "share", "turnover"), _safety_of),
            Answer("result", "money", "F9.1", ("fixed", "share", "turnover"), lambda v: v["turnover"] * v["share"] - v["fixed"]),
        ),
        "share", _break_even_curve, ("turnover", "share", "fixed"),
    ),
    Calculator(
        "discount", (TURNOVER, SHARE, Ask("discount", "share", start=0.05, most=1)),
        (
            Answer("extra_units", "share", "F9.5", ("share", "discount"), lambda v: _growth(v, 0)),
            Answer("extra_turnover", "share", "F9.5", ("share", "discount"), lambda v: _growth(v, 1)),
            Answer("extra_amount", "money", "F9.5", ("turnover", "share", "discount"), _extra_amount),
            Answer("given_away", "money", "F9.5", ("turnover", "discount"), lambda v: v["turnover"] * v["discount"]),
        ),
        "discount", _discount_curve, ("share", "discount"),
    ),
    Calculator(
        "price_rise", (TURNOVER, SHARE, Ask("rise", "share", start=0.03, most=1)),
        (
            Answer("bearable", "share", "F9.6", ("share", "rise"), lambda v: bearable_loss(v["share"], v["rise"])),
            Answer("floor", "money", "F9.6", ("turnover", "share", "rise"), _floor),
            Answer("gain", "money", "F9.6", ("turnover", "rise"), lambda v: v["turnover"] * v["rise"]),
        ),
        "rise", _rise_curve, ("share", "rise"),
    ),
    Calculator(
        "cash_discount",
        (Ask("paid", "money", "turnover"), Ask("discount", "share", start=0.02, most=0.99), Ask("due", "days", start=30, most=365),
         Ask("early", "days", start=10, most=365), Ask("rate", "share", start=0.08, most=1)),
        (
            Answer("yearly", "share", "F9.7", ("discount", "due", "early"), _yearly),
            Answer("costs", "money", "F9.7", ("paid", "discount"), lambda v: v["paid"] * v["discount"]),
            Answer("interest", "money", "F9.7", ("paid", "discount", "rate", "due", "early"), _interest),
            Answer("balance", "money", "F9.7", ("paid", "discount", "rate", "due", "early"), lambda v: _interest(v) - v["paid"] * v["discount"]),
        ),
        "discount",
    ),
    Calculator(
        "price", (Ask("unit_cost", "money", "unit_cost"), Ask("margin", "share", "share", most=0.99), Ask("vat", "share", start=0.21, most=1)),
        (
            Answer("price", "money", "F9.8", ("unit_cost", "margin"), lambda v: price_from_cost(v["unit_cost"], v["margin"], 0)[0]),
            Answer("mark_up", "share", "F9.8", ("margin",), lambda v: price_from_cost(1, v["margin"], 0)[1]),
            Answer("price_with_vat", "money", "F9.8", ("unit_cost", "margin", "vat"), lambda v: price_from_cost(v["unit_cost"], v["margin"], v["vat"])[2]),
        ),
        "margin",
    ),
    Calculator(
        "project",
        (Ask("invest", "money"), Ask("extra", "money"), SHARE, Ask("running", "money", start=0), Ask("years", "years", start=3, most=30),
         Ask("rate", "share", start=0.1, most=1)),
        (
            Answer("npv", "money", "F9.19", _PROJECT, lambda v: net_present_value(v["invest"], [_cash(v)] * round(v["years"]), v["rate"])),
            Answer("cash", "money", "F9.19", ("extra", "share", "running"), _cash),
            Answer("needed_extra", "money", "F9.19", ("invest", "share", "running", "years", "rate"), _needed_extra),
            Answer("payback", "years", "F9.19", ("invest", "extra", "share", "running"), lambda v: v["invest"] / _cash(v) if _cash(v) > 0 else None),
        ),
        "extra", _npv_curve, _PROJECT,
    ),
    Calculator(
        "visit_cost", (COST, VISITS, ORDERS, TURNOVER, SHARE),
        (
            Answer("per_visit", "money", "F6.13", ("cost", "visits"), lambda v: visit_cost(v["cost"], v["visits"], 1)[0]),
            Answer("per_order", "money", "F6.13", ("cost", "orders"), lambda v: ratio(v["cost"], v["orders"])),
            Answer("break_even", "money", "F6.13", ("cost", "share"), lambda v: visit_cost(v["cost"], 1, v["share"])[1]),
            Answer("brings", "money", "F6.13", ("turnover", "share", "visits"), lambda v: ratio(v["turnover"] * v["share"], v["visits"])),
        ),
        "visits",
    ),
    Calculator(
        "serving", (TURNOVER, SHARE, VISITS, Ask("visit_cost", "money", "visit_cost"), ORDERS, Ask("order_cost", "money", start=0)),
        (
            Answer("left", "money", "F6.13", _SERVED, _left),
            Answer("contribution", "money", "F6.13", ("turnover", "share"), lambda v: v["turnover"] * v["share"]),
            Answer("serving", "money", "F6.13", ("visits", "visit_cost", "orders", "order_cost"), _serving),
            Answer("left_share", "share", "F6.13", _SERVED, lambda v: ratio(_left(v), v["turnover"])),
            Answer("break_even", "money", "F6.13", ("share", "visits", "visit_cost", "orders", "order_cost"), lambda v: visit_cost(_serving(v), 1, v["share"])[1]),
        ),
        "visits",
    ),
)  # fmt: skip
BY_KEY = {calculator.key: calculator for calculator in CALCULATORS}
