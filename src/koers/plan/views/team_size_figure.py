"""How is one figure of the size of the field force laid open: formula, inputs and rows?"""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koers.analyse.forms.period import selects
from koers.analyse.queries.currency import reporting_currency
from koers.core import formats
from koers.core.errors import NotFoundError, RuleError
from koers.core.figure_page import render_figure
from koers.core.figure_panel import FigurePanel
from koers.plan.figures.team_size import sizes_of, utilisation_of
from koers.plan.queries.seller import field_sellers
from koers.plan.views.team_size import METHODS, SizeQuestion, asked_size, input_words, step_of

EXPRESSIONS = {
    "franke": gettext_lazy("sellers = Σ customers × visits × (travel + waiting + talk hours) ÷ (hours a day × sales days), rounded up"),
    "workload": gettext_lazy("sellers = Σ customers × visits ÷ (sales days × visits a day), rounded up"),
    "units": gettext_lazy("sellers = Σ customers × visits × visit unit ÷ (sales days × visits a day), rounded up"),
    "percentage": gettext_lazy("sellers = turnover × part for salespeople ÷ cost of one, rounded down"),
    "marginal": gettext_lazy("add a seller while the next brings more contribution than he or she costs"),
}  # fmt: skip
INPUT_NAMES = {
    "K": gettext_lazy("Customers"), "B": gettext_lazy("Visits a year per customer"), "R": gettext_lazy("Travel per visit, hours"),
    "W": gettext_lazy("Waiting per visit, hours"), "G": gettext_lazy("Talk per visit, hours"), "U": gettext_lazy("Hours a day"),
    "D": gettext_lazy("Sales days a year"), "cap": gettext_lazy("Visits a seller makes in a year"), "u": gettext_lazy("Visit units"),
    "turnover": gettext_lazy("Turnover a year"), "pct": gettext_lazy("Part of turnover for salespeople"), "cost": gettext_lazy("Cost of a salesperson a year"),
    "contrib": gettext_lazy("Contribution of the next seller"),
}  # fmt: skip
SHOWN = 12


def team_size_figure(request: HttpRequest, method: str) -> HttpResponse:
    """The panel of a method's answer, of the sales days, the visits, or the use of capacity."""
    asked = asked_size(request)
    if asked.inputs is None:
        raise RuleError(_("Correct the inputs to see a result."))
    if method in METHODS:
        return render_figure(request, _method(request, asked, method))
    makers = {"days": _days, "visits": _visits, "utilisation": _utilisation}
    if method not in makers or (method == "utilisation" and not asked.is_whole):
        raise NotFoundError(_("There is no such figure."))
    return render_figure(request, makers[method](asked))


def _method(request: HttpRequest, asked: SizeQuestion, method: str) -> FigurePanel:
    step = step_of(request)
    is_varied = step != 1
    sizes = sizes_of(asked.inputs, vary=asked.vary if is_varied else "", factor=step)
    size = next(each for each in sizes if each.method == method)
    notes = []
    if is_varied:
        notes.append(_("With %(input)s %(change)s.") % {
            "input": input_words()[asked.vary], "change": formats.signed(formats.share(step - 1, 0), step - 1)})  # fmt: skip
    if method == "marginal":
        notes.append(_("Assumes that visits bring the entered part of the contribution, and that each class brings the same per hour of visit."))  # fmt: skip
    if size.heads is None:
        notes.append(_("No answer: a number divided by would be 0, or the contribution is not known."))  # fmt: skip
    exact = [] if size.exact is None else [(_("Exact"), formats.number(size.exact, 2))]
    return _panel(
        asked, str(METHODS[method]), size.formula_id, str(EXPRESSIONS[method]), None if size.heads is None else formats.number(size.heads, 0),
        [*exact, *_parts(size.inputs)], unit=_("sellers"), notes=notes, is_lines=method == "percentage",
    )  # fmt: skip


def _parts(inputs: Mapping[str, Any]) -> list[tuple[str, str]]:
    currency = reporting_currency()
    found = []
    for key, value in inputs.items():
        label = str(INPUT_NAMES[key])
        if key == "contrib":
            found += [(f"{label} ({place})", formats.money(round(each), currency, digits=0)) for place, each in enumerate(value[:SHOWN], 1)]  # fmt: skip
        elif isinstance(value, list):
            found += [(f"{label}, {name}", _number(each)) for name, each in zip("ABCD", value, strict=True)]  # fmt: skip
        elif key in ("turnover", "cost"):
            found.append((label, formats.money(round(value), currency, digits=0)))
        else:
            found.append((label, formats.share(value) if key == "pct" else _number(value)))  # fmt: skip
    return found


def _number(value: float) -> str:
    return formats.number(value, 0 if value == int(value) else 2)


def _days(asked: SizeQuestion) -> FigurePanel:
    words, given = input_words(), asked.inputs
    parts = [(str(words[name]), _number(getattr(given, name))) for name in ("working_days", "leave_days", "sick_days", "other_days")]  # fmt: skip
    return _panel(asked, _("Sales days"), "F6.5", _("sales days = working days − leave − sickness − other days"), _number(given.days), parts, unit=_("days"))  # fmt: skip


def _visits(asked: SizeQuestion) -> FigurePanel:
    parts = [
        (_("Class %(name)s: customers × visits") % {"name": each.name},
         f"{formats.number(each.customers, 0)} × {_number(each.visits)} = {formats.number(each.customers * each.visits, 0)}")
        for each in asked.inputs.classes
    ]  # fmt: skip
    return _panel(asked, _("Visits the norms ask"), "F6.2", _("visits = Σ customers × visits a year"), formats.number(asked.inputs.total_visits, 0), parts, unit=_("visits"))  # fmt: skip


def _utilisation(asked: SizeQuestion) -> FigurePanel:
    sellers = field_sellers(asked.actor)
    capacity, load, used = utilisation_of(asked.inputs, sellers)
    parts = [(_("Numerator: visits the norms ask"), formats.number(load, 0)), (_("Denominator: visits the sellers can make"), formats.number(capacity, 0)),
             (_("Salespeople now"), formats.number(sellers, 0)), (_("Sales days"), _number(asked.inputs.days)),
             (_("Visits a day"), _number(asked.inputs.visits_a_day))]  # fmt: skip
    return _panel(asked, _("Use of the capacity"), "F6.4", _("use = visits asked ÷ (sales days × visits a day × sellers)"), None if used is None else formats.share(used), parts)  # fmt: skip


def _panel(
    asked: SizeQuestion, title: str, formula_id: str, expression: str, value: str | None, parts: list[tuple[str, str]],
    *, unit: str = "", notes: list[str] | None = None, is_lines: bool = False,
) -> FigurePanel:  # fmt: skip
    page = "analyse:lines" if is_lines else "analyse:pyramid_members"
    filters = [
        label for each in selects(asked.scope, None) for key, label in each.options
        if each.name in asked.scope.chosen and key == each.chosen
    ]  # fmt: skip
    return FigurePanel(
        title=title, formula_id=formula_id, formula_url=reverse("analyse:formula_detail", args=[formula_id]), expression=expression,
        value=value, unit=unit, parts=parts, notes=notes or [], period=asked.scope.period, filters=filters,
        rows_url=reverse(page) + asked.scope.query(),
    )  # fmt: skip
