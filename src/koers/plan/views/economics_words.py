"""How are inputs, answers, formulas and conclusions of the economics desk worded?"""

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from koers.core import formats

Numbers = Mapping[str, Decimal | None]
WHOLE_FROM = 1000  # amounts from here on are written without cents
LEADS = {
    "break_even": _l("How much must be sold before profit begins, and how far may sales fall?"),
    "discount": _l("How much more must be sold to earn the same after a discount?"),
    "price_rise": _l("How much volume may go before a price rise costs money?"),
    "cash_discount": _l("What does discount for early payment cost a year?"),
    "price": _l("Which price gives the wanted margin on this cost?"),
    "project": _l("Does an investment in sales earn more than the money costs?"),
    "visit_cost": _l("What do a visit and an order cost, and what does a visit bring?"),
    "serving": _l("What is left of a customer or territory after what serving it costs?"),
}
ANSWERS = {
    ("break_even", "break_even"): _l("Break-even turnover"), ("break_even", "break_even_orders"): _l("Break-even orders"),
    ("break_even", "target"): _l("Turnover for the wanted profit"), ("break_even", "target_orders"): _l("Orders for the wanted profit"),
    ("break_even", "safety"): _l("Safety margin"), ("break_even", "result"): _l("Result now"),
    ("discount", "extra_units"): _l("Extra volume needed"), ("discount", "extra_turnover"): _l("Extra turnover needed"),
    ("discount", "extra_amount"): _l("Extra turnover, amount"), ("discount", "given_away"): _l("Given away if volume stays"),
    ("price_rise", "bearable"): _l("Volume that may go"), ("price_rise", "floor"): _l("Turnover at that volume"),
    ("price_rise", "gain"): _l("Gained if volume stays"),
    ("cash_discount", "yearly"): _l("Cost a year"), ("cash_discount", "costs"): _l("Discount given"),
    ("cash_discount", "interest"): _l("Interest saved"), ("cash_discount", "balance"): _l("Saved less given"),
    ("price", "price"): _l("Price without VAT"), ("price", "mark_up"): _l("Mark-up on cost"), ("price", "price_with_vat"): _l("Price with VAT"),
    ("project", "npv"): _l("Net present value"), ("project", "cash"): _l("Cash flow a year"),
    ("project", "needed_extra"): _l("Extra turnover needed a year"), ("project", "payback"): _l("Pay-back time"),
    ("visit_cost", "per_visit"): _l("Cost per visit"), ("visit_cost", "per_order"): _l("Cost per order"),
    ("visit_cost", "break_even"): _l("Break-even turnover"), ("visit_cost", "brings"): _l("Contribution per visit"),
    ("serving", "left"): _l("Left after serving"), ("serving", "contribution"): _l("Contribution"), ("serving", "serving"): _l("Cost of serving"),
    ("serving", "left_share"): _l("Left, of turnover"), ("serving", "break_even"): _l("Break-even turnover"),
}  # fmt: skip
EXPRESSIONS = {
    ("break_even", "break_even"): _l("turnover = fixed costs ÷ contribution share"),
    ("break_even", "break_even_orders"): _l("orders = fixed costs ÷ (turnover ÷ orders × contribution share)"),
    ("break_even", "target"): _l("turnover = (fixed costs + wanted profit) ÷ contribution share"),
    ("break_even", "target_orders"): _l("orders = (fixed costs + wanted profit) ÷ (turnover ÷ orders × contribution share)"),
    ("break_even", "safety"): _l("safety margin = (turnover − break-even turnover) ÷ turnover"),
    ("break_even", "result"): _l("result = turnover × contribution share − fixed costs"),
    ("discount", "extra_units"): _l("extra volume = discount ÷ (contribution share − discount)"),
    ("discount", "extra_turnover"): _l("extra turnover = (1 + extra volume) × (1 − discount) − 1"),
    ("discount", "extra_amount"): _l("amount = turnover × extra turnover"),
    ("discount", "given_away"): _l("given away = turnover × discount"),
    ("price_rise", "bearable"): _l("volume that may go = rise ÷ (contribution share + rise)"),
    ("price_rise", "floor"): _l("turnover = turnover now × (1 + rise) × (1 − volume that may go)"),
    ("price_rise", "gain"): _l("gained = turnover × rise"),
    ("cash_discount", "yearly"): _l("cost a year = discount ÷ (1 − discount) × 365 ÷ (term − days of the discount)"),
    ("cash_discount", "costs"): _l("given = turnover paid early × discount"),
    ("cash_discount", "interest"): _l("saved = turnover paid early × (1 − discount) × interest × (term − days of the discount) ÷ 365"),
    ("cash_discount", "balance"): _l("balance = interest saved − discount given"),
    ("price", "price"): _l("price = cost ÷ (1 − margin)"), ("price", "mark_up"): _l("mark-up = margin ÷ (1 − margin)"),
    ("price", "price_with_vat"): _l("price with VAT = cost ÷ (1 − margin) × (1 + VAT)"),
    ("project", "npv"): _l("net present value = −investment + Σ cash flow ÷ (1 + interest)^year"),
    ("project", "cash"): _l("cash flow = extra turnover × contribution share − extra costs"),
    ("project", "needed_extra"): _l("needed = (investment ÷ Σ 1 ÷ (1 + interest)^year + extra costs) ÷ contribution share"),
    ("project", "payback"): _l("pay-back time = investment ÷ cash flow a year, without interest"),
    ("visit_cost", "per_visit"): _l("cost per visit = cost of the sellers ÷ visits"),
    ("visit_cost", "per_order"): _l("cost per order = cost of the sellers ÷ orders"),
    ("visit_cost", "break_even"): _l("turnover = cost of the sellers ÷ contribution share"),
    ("visit_cost", "brings"): _l("contribution per visit = turnover × contribution share ÷ visits"),
    ("serving", "left"): _l("left = turnover × contribution share − visits × cost of a visit − orders × cost of an order"),
    ("serving", "contribution"): _l("contribution = turnover × contribution share"),
    ("serving", "serving"): _l("cost of serving = visits × cost of a visit + orders × cost of an order"),
    ("serving", "left_share"): _l("left, of turnover = left ÷ turnover"),
    ("serving", "break_even"): _l("turnover = cost of serving ÷ contribution share"),
}  # fmt: skip
LINES = {
    "contribution": _l("Contribution"), "fixed": _l("Fixed costs"), "extra_units": _l("Extra volume needed"),
    "extra_turnover": _l("Extra turnover needed"), "bearable": _l("Volume that may go"), "npv": _l("Present value so far"),
}  # fmt: skip
CHARTS = {
    "break_even": (_l("Break-even line"), _l("Contribution at each turnover beside the fixed costs; profit begins where they cross.")),
    "discount": (_l("What each discount asks"), _l("Extra volume and turnover needed to earn the same.")),
    "price_rise": (_l("What each price rise bears"), _l("Part of the volume that may go.")),
    "project": (_l("Present value by year"), _l("Investment and discounted cash flows added up.")),
}  # fmt: skip
FACTS = {
    "turnover": _l("Turnover"), "orders": _l("Orders"), "share": _l("Contribution share"), "unit_cost": _l("Cost per unit"),
    "visits": _l("Visits made"), "team_cost": _l("Cost of the sellers"), "visit_cost": _l("Cost of a visit"),
}  # fmt: skip
WHY = {
    "no_cost": _l("The cost of what was sold is not known (of all of it)."), "hidden": _l("Your role does not see costs; give a share of your own."),
    "no_group": _l("Visits are not made for one product group."), "own_cost": _l("What the sellers of this choice cost is not known; give your own amount."),
    "no_visits": _l("There are no visits or no sellers to divide."),
}  # fmt: skip


def written(value: Decimal | float | None, unit: str, currency: str) -> str:
    """A value as text, by its unit."""
    if value is None:
        return formats.EN_DASH
    if unit == "money":
        return formats.money(value, currency, digits=0 if abs(float(value)) >= WHOLE_FROM else 2)
    if unit == "share":
        return formats.share(value)
    if unit == "years":
        return _("%(number)s years") % {"number": formats.number(value, 1)}
    return formats.number(value, 0)


def sentence(key: str, inputs: Numbers, answers: Numbers, currency: str) -> str:
    """The conclusion in words, with its own numbers; nothing where an answer is missing."""
    maker = {
        "break_even": _break_even, "discount": _discount, "price_rise": _price_rise, "cash_discount": _cash_discount, "price": _price,
        "project": _project, "visit_cost": _visit_cost, "serving": _serving,
    }[key]  # fmt: skip
    both: dict[str, Decimal | None] = {**inputs, **answers}
    money = {f"{name}_money": written(value, "money", currency) for name, value in both.items()}
    return maker(inputs, answers, money)


def _share(value: Decimal | None) -> str:
    return formats.EN_DASH if value is None else formats.share(value)


def _break_even(inputs: Numbers, answers: Numbers, money: Mapping[str, str]) -> str:
    if answers["break_even"] is None:
        return _("Give the fixed costs and a contribution above nothing to see where profit begins.")  # fmt: skip
    words = {"point": money["break_even_money"], "safety": _share(answers["safety"])}
    if answers["safety"] is None:
        return _("Profit begins at a turnover of %(point)s.") % words
    if answers["safety"] < 0:
        words["short"] = _share(-answers["safety"])
        return _("Profit begins at a turnover of %(point)s; turnover must rise by %(short)s to get there.") % words  # fmt: skip
    return _("Profit begins at a turnover of %(point)s; turnover may fall by %(safety)s before money is lost.") % words  # fmt: skip


def _discount(inputs: Numbers, answers: Numbers, money: Mapping[str, str]) -> str:
    if inputs["share"] is None or inputs["discount"] is None:
        return _("Give a discount and a contribution share.")
    words = {"discount": _share(inputs["discount"]), "share": _share(inputs["share"])}
    if answers["extra_units"] is None:
        return _("A discount of %(discount)s takes the whole contribution of %(share)s: no extra volume makes up for it.") % words  # fmt: skip
    words["extra"] = _share(answers["extra_units"])
    return _("At a discount of %(discount)s you must sell %(extra)s more to earn the same.") % words


def _price_rise(inputs: Numbers, answers: Numbers, money: Mapping[str, str]) -> str:
    if answers["bearable"] is None:
        return _("Give a price rise and a contribution share.")
    words = {"rise": _share(inputs["rise"]), "loss": _share(answers["bearable"])}
    return _("At a price rise of %(rise)s, %(loss)s of the volume may go before you earn less.") % words  # fmt: skip


def _cash_discount(inputs: Numbers, answers: Numbers, money: Mapping[str, str]) -> str:
    if answers["yearly"] is None or inputs["rate"] is None:
        return _("Give the discount, the term and the days within which it holds.")
    words = {"discount": _share(inputs["discount"]), "yearly": _share(answers["yearly"]), "rate": _share(inputs["rate"])}  # fmt: skip
    words["days"] = formats.number((inputs["due"] or 0) - (inputs["early"] or 0), 0)
    if answers["yearly"] > inputs["rate"]:
        return _("%(discount)s for %(days)s days sooner costs %(yearly)s a year: dearer than money at %(rate)s.") % words  # fmt: skip
    return _("%(discount)s for %(days)s days sooner costs %(yearly)s a year: no dearer than money at %(rate)s.") % words  # fmt: skip


def _price(inputs: Numbers, answers: Numbers, money: Mapping[str, str]) -> str:
    if answers["price"] is None:
        return _("Give a cost per unit and a margin.")
    words = {"price": money["price_money"], "cost": money["unit_cost_money"], "margin": _share(inputs["margin"]), "mark": _share(answers["mark_up"])}  # fmt: skip
    return _("A cost of %(cost)s and a margin of %(margin)s ask a price of %(price)s: %(mark)s on top of the cost.") % words  # fmt: skip


def _project(inputs: Numbers, answers: Numbers, money: Mapping[str, str]) -> str:
    if answers["npv"] is None:
        return _("Give the investment and the extra turnover it should bring.")
    words = {"npv": money["npv_money"], "rate": _share(inputs["rate"]), "needed": money["needed_extra_money"]}  # fmt: skip
    if answers["npv"] < 0:
        return _("At %(rate)s interest it earns less than the money costs: %(npv)s. It needs %(needed)s of extra turnover a year.") % words  # fmt: skip
    return _("At %(rate)s interest it earns %(npv)s more than the money costs; %(needed)s of extra turnover a year would be enough.") % words  # fmt: skip


def _visit_cost(inputs: Numbers, answers: Numbers, money: Mapping[str, str]) -> str:
    if answers["per_visit"] is None:
        return _("Give what the sellers cost and the visits they made.")
    words = {"cost": money["per_visit_money"], "brings": money["brings_money"]}
    if answers["brings"] is None:
        return _("A visit costs %(cost)s.") % words
    return _("A visit costs %(cost)s and stands beside %(brings)s of contribution.") % words


def _serving(inputs: Numbers, answers: Numbers, money: Mapping[str, str]) -> str:
    if answers["left"] is None:
        return _("Give visits, orders and what they cost to see what is left.")
    words = {name: money[f"{name}_money"] for name in ("contribution", "serving", "left")}  # fmt: skip
    return _("Of %(contribution)s of contribution, serving takes %(serving)s: %(left)s is left.") % words  # fmt: skip
