"""How is a number of the economics desk laid open: a fact with its rows, an answer with its inputs?"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from koers.analyse.figures.turnover import lines_of
from koers.analyse.queries.analysis_day import analysis_day
from koers.analyse.queries.currency import reporting_currency
from koers.core import formats
from koers.core.actor import Actor
from koers.core.errors import NotFoundError, RuleError
from koers.core.figure_page import render_figure
from koers.core.figure_panel import FigurePanel
from koers.organisation.policies import Right, require
from koers.organisation.requests import actor_of
from koers.plan.figures.economics import (
    Fact,
    answers_bent,
    answers_to,
    desk_facts,
    facts_built_at,
    steps,
)
from koers.plan.forms.economics import INPUTS, DeskScope, desk_scope
from koers.plan.queries.economic_decision import visits_of
from koers.plan.views.economics import DeskQuestion, asked_desk
from koers.plan.views.economics_words import ANSWERS, EXPRESSIONS, FACTS, WHY, written

PREVIEW = 8
UNITS = {"turnover": "money", "orders": "count", "share": "share", "unit_cost": "money", "visits": "count", "team_cost": "money", "visit_cost": "money"}  # fmt: skip
FACT_EXPRESSIONS = {
    "turnover": _l("turnover = Σ net amount of the order lines, credit notes negative"), "orders": _l("number of orders with lines in the period"),
    "share": _l("contribution share = (turnover − cost) ÷ turnover, over the lines whose cost is known"),
    "unit_cost": _l("cost per unit = cost ÷ quantity, over the lines of the period"), "visits": _l("number of visits done in the period"),
    "team_cost": _l("cost = salespeople × cost of one a year × days of the period ÷ 365"),
    "visit_cost": _l("cost of a visit = cost of all sellers one sees ÷ all visits they made"),
}  # fmt: skip
PARTS = {
    "contribution": _l("Numerator: turnover less cost"), "costed": _l("Denominator: turnover with a known cost"), "turnover": _l("All turnover"),
    "cost": _l("Numerator: cost"), "quantity": _l("Denominator: quantity"), "minutes": _l("Minutes of these visits, where written down"),
    "sellers": _l("Salespeople"), "seller_cost": _l("Assumed cost of a salesperson a year"), "team_cost": _l("Numerator: cost of the sellers"),
    "visits": _l("Denominator: visits made"),
}  # fmt: skip
COUNTS = ("quantity", "minutes", "sellers", "visits")
OF_VISITS = ("visits", "visit_cost")


def economics_fact(request: HttpRequest, name: str) -> HttpResponse:
    """A number of our own with its parts and rows."""
    actor = actor_of(request)
    require(actor, Right.READ_TARGETS)
    if name not in FACTS:
        raise NotFoundError(_("There is no such figure."))
    if name in ("share", "unit_cost"):
        require(actor, Right.SEE_COST)
    scope = desk_scope(request.GET, actor=actor, today=analysis_day(timezone.localdate()))
    fact = desk_facts(actor=actor, period=scope.scope.period, chosen=scope.chosen, filters=scope.filters)[name]  # fmt: skip
    return render_figure(request, _fact_panel(actor, scope, name, fact))


def _fact_panel(actor: Actor, scope: DeskScope, name: str, fact: Fact) -> FigurePanel:
    currency = reporting_currency()
    notes = [str(WHY[fact.why])] if fact.why else []
    if fact.is_assumption:
        notes.append(_("Rests on an assumed cost of a salesperson; put your own amount where you know it."))  # fmt: skip
    formula = {"share": "F2.7", "visit_cost": "F6.13"}.get(name, "")
    return FigurePanel(
        title=str(FACTS[name]), formula_id=formula, formula_url=reverse("analyse:formula_detail", args=[formula]) if formula else "",
        expression=str(FACT_EXPRESSIONS[name]), value=None if fact.value is None else written(fact.value, UNITS[name], currency),
        parts=[(str(PARTS[key]), formats.number(value, 0) if key in COUNTS else formats.money(value, currency)) for key, value in fact.parts],
        period=scope.scope.period, filters=_filters(actor, scope, name), notes=notes, **_rows(actor, scope, name),
    )  # fmt: skip


def _filters(actor: Actor, scope: DeskScope, name: str) -> list[str]:
    found = [] if name in (*OF_VISITS, "team_cost") else [_("goods, without fees")]
    if name != "visit_cost":
        found += scope.words(actor)
    return found if actor.sees_all else [*found, _("customers you may see")]


def _rows(actor: Actor, scope: DeskScope, name: str) -> dict[str, Any]:
    if name == "team_cost":
        return {}
    if name in OF_VISITS:
        if "group" in scope.chosen and name == "visits":
            return {}
        chosen = scope.chosen if name == "visits" else {}
        visits = visits_of(actor, period=scope.scope.period, chosen=chosen)
        return {
            "rows_count": visits.count(), "columns": [_("Day"), _("Customer"), _("Seller"), _("Minutes")], "numeric_columns": frozenset({3}),
            "rows": [(formats.day(each.day), str(each.company or formats.EN_DASH), str(each.owner or formats.EN_DASH),
                      formats.EN_DASH if each.minutes is None else formats.number(each.minutes, 0)) for each in visits.order_by("-day", "-pk")[:PREVIEW]],
        }  # fmt: skip
    rows, count = lines_of(actor=actor, period=scope.scope.period, limit=PREVIEW, **scope.filters)
    currency = reporting_currency()
    return {
        "computed_at": facts_built_at(), "rows_url": reverse("analyse:lines") + scope.query(), "rows_count": count,
        "columns": [_("Date"), _("Order"), _("Customer"), _("Turnover")], "numeric_columns": frozenset({3}),
        "rows": [(formats.day(row.order_date), row.order_number, row.company or formats.EN_DASH,
                  formats.EN_DASH if row.net is None else formats.money(row.net, currency)) for row in rows],
    }  # fmt: skip


def economics_figure(request: HttpRequest, calculator: str, answer: str) -> HttpResponse:
    """An answer with the inputs it was computed from, one of them varied where asked."""
    asked = asked_desk(request, calculator)
    if asked.inputs is None:
        raise RuleError(_("Correct the inputs to see a result."))
    found = next((each for each in asked.calculator.answers if each.key == answer), None)
    if found is None:
        raise NotFoundError(_("There is no such figure."))
    step = request.GET.get("step", "1.0")
    if step not in {str(each) for each in steps()}:
        raise RuleError(_("“%(value)s” is no choice here.") % {"value": step[:40]})
    return render_figure(request, _answer_panel(asked, found, float(step)))


def _answer_panel(asked: DeskQuestion, answer: Any, step: float) -> FigurePanel:
    currency, inputs = reporting_currency(), asked.inputs or {}
    bends = answers_bent(asked.calculator, inputs, asked.vary)
    results = answers_to(asked.calculator, inputs) if step == 1 else bends[steps().index(step)]
    value = results[answer.key]
    notes = []
    if step != 1:
        notes.append(_("With %(input)s %(change)s.") % {
            "input": INPUTS[asked.vary], "change": formats.signed(formats.share(step - 1, 0), step - 1)})  # fmt: skip
    if value is None:
        notes.append(_("No answer: an input is missing, or a number divided by would be 0."))
    parts = []
    for ask in asked.calculator.asks:
        if ask.key not in answer.needs:
            continue
        label = str(INPUTS[ask.key])
        if ask.key in asked.form.own:
            label = _("%(input)s (own value)") % {"input": label}
        elif not ask.fact or asked.facts[ask.fact].is_assumption:
            label = _("%(input)s (assumption)") % {"input": label}
        parts.append((label, written(inputs[ask.key], ask.unit, currency)))
    return FigurePanel(
        title=str(ANSWERS[asked.calculator.key, answer.key]), formula_id=answer.formula, formula_url=reverse("analyse:formula_detail", args=[answer.formula]),
        expression=str(EXPRESSIONS[asked.calculator.key, answer.key]), value=None if value is None else written(value, answer.unit, currency), parts=parts,
        period=asked.scope.scope.period, filters=_filters(asked.actor, asked.scope, ""), computed_at=facts_built_at(), notes=notes,
        rows_url=reverse("analyse:lines") + asked.scope.query(),
    )  # fmt: skip
