"""How does the economics desk start from our own numbers, take others, and answer at once?"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from koers.analyse.forms.period import Select, selects
from koers.analyse.queries.analysis_day import analysis_day
from koers.analyse.queries.currency import reporting_currency
from koers.catalogue.models import ProductGroup
from koers.core import formats
from koers.core.actor import Actor
from koers.core.charts import Chart, Series
from koers.core.entry import bare_decimal
from koers.core.errors import NotFoundError, RuleError
from koers.organisation.policies import Right, may, require
from koers.organisation.requests import actor_of
from koers.plan.figures.economics import (
    Fact,
    answers_bent,
    answers_to,
    calculator_of,
    calculators,
    curve_for,
    desk_facts,
    facts_built_at,
    starts,
    steps,
)
from koers.plan.forms.economics import INPUTS, DeskForm, DeskScope, desk_scope
from koers.plan.models import EconomicDecision
from koers.plan.views.economics_words import ANSWERS, CHARTS, LEADS, LINES, WHY, sentence, written
from koers.sell.forms.activity import company_words

FIRST = "break_even"
MOST_DAYS = Decimal(120)


@dataclass(frozen=True)
class DeskQuestion:
    """Which calculator, for which part of the company, with which inputs beside which facts."""

    actor: Actor
    calculator: Any
    scope: DeskScope
    facts: Mapping[str, Fact]
    form: DeskForm
    vary: str

    @property
    def inputs(self) -> dict[str, Decimal | None] | None:
        """What is computed with; None while an input is wrong."""
        return self.form.inputs if self.form.is_valid() else None

    def query(self, **more: object) -> str:
        """Scope and own inputs as the end of an address."""
        varied = {} if self.vary == self.calculator.vary else {"vary": self.vary}
        return self.scope.query(**self.form.own, **{**varied, **more})

    def url(self, answer: str, **more: object) -> str:
        """Address of an answer's panel."""
        return reverse("plan:economics_figure", args=[self.calculator.key, answer]) + self.query(**more)  # fmt: skip

    def fact_url(self, name: str) -> str:
        """Address of the panel of a fact."""
        return reverse("plan:economics_fact", args=[name]) + self.scope.query()


def asked_desk(request: HttpRequest, key: str) -> DeskQuestion:
    """Read the question; who may not see costs starts without a contribution share."""
    actor = actor_of(request)
    require(actor, Right.READ_TARGETS)
    calculator = calculator_of(key)
    if calculator is None:
        raise NotFoundError(_("There is no such calculator."))
    scope = desk_scope(request.GET, actor=actor, today=analysis_day(timezone.localdate()))
    facts = desk_facts(actor=actor, period=scope.scope.period, chosen=scope.chosen, filters=scope.filters)  # fmt: skip
    form = DeskForm(request.GET, calculator=calculator, start=starts(calculator, facts))
    vary = request.GET.get("vary", "") or calculator.vary
    if vary not in {ask.key for ask in calculator.asks}:
        raise RuleError(_("“%(value)s” is no choice here.") % {"value": vary[:40]})
    return DeskQuestion(actor, calculator, scope, facts, form, vary)


def economics(request: HttpRequest, calculator: str = FIRST) -> HttpResponse:
    """Inputs with the facts beside them, the answers, the conclusion in words, and what bends it."""
    asked = asked_desk(request, calculator)
    scope = asked.scope
    context: dict[str, Any] = {
        "asked": asked, "tabs": _tabs(asked), "title": EconomicDecision.Calculator(calculator).label, "lead": LEADS[calculator],
        "selects": [*selects(scope.scope, asked.actor.visible_people), *_groups(scope)], "period": scope.scope.period,
        "customer": company_words(scope.company) if scope.company else "", "rows": _rows(asked), "own": asked.form.own.items(),
        "facts_at": facts_built_at(), "reset_url": reverse("plan:economics", args=[calculator]) + scope.query(),
        "decisions": may(asked.actor, Right.SEE_COST),
    }  # fmt: skip
    if asked.inputs is not None:
        context |= _answers(asked, asked.inputs)
    return render(request, "plan/economics/desk.html", context, status=200 if asked.inputs is not None else 400)  # fmt: skip


def _tabs(asked: DeskQuestion) -> list[dict[str, object]]:
    return [
        {"label": EconomicDecision.Calculator(each.key).label, "url": reverse("plan:economics", args=[each.key]) + asked.scope.query(),
         "current": each.key == asked.calculator.key, "count": None}
        for each in calculators()
    ]  # fmt: skip


def _groups(scope: DeskScope) -> list[Select]:
    options = [(str(key), name) for key, name in ProductGroup.objects.order_by("name").values_list("pk", "name")]  # fmt: skip
    chosen = str(scope.group.pk) if scope.group else ""
    return [Select("group", _("All product groups"), options, chosen)] if options else []


def _rows(asked: DeskQuestion) -> list[dict[str, Any]]:
    """Each input: its field, the fact beside it, where that comes from, and how far a slider goes."""
    currency = reporting_currency()
    found = []
    for ask in asked.calculator.asks:
        fact = asked.facts.get(ask.fact)
        start = asked.form.start[ask.key]
        row: dict[str, Any] = {
            "field": asked.form[ask.key], "label": INPUTS[ask.key], "unit": ask.unit, "is_own": ask.key in asked.form.own,
            "fact": None if fact is None or fact.value is None else written(fact.value, ask.unit, currency),
            "fact_url": asked.fact_url(ask.fact) if fact else "", "why": WHY[fact.why] if fact and fact.why else "",
            "is_assumption": bool(fact and fact.is_assumption), "suffix": _suffix(ask.unit, currency), "slider": _slider(ask, start, asked.form[ask.key].value()),
        }  # fmt: skip
        found.append(row)
    return found


def _suffix(unit: str, currency: str) -> str:
    return {"money": currency, "share": "%"}.get(unit, "")


def _slider(ask: Any, start: Decimal | None, shown: str) -> dict[str, str] | None:
    """From nothing to twice the starting value, in a hundred steps; shares and days have their own ends."""
    if ask.unit == "share":
        low, step = Decimal(0), Decimal("0.5")
        top = min(Decimal(str(ask.most)) * 100, max(Decimal(30), (start or 0) * 200))
    elif ask.unit in ("years", "days"):
        low = step = Decimal(1)
        top = Decimal(str(ask.most)) if ask.unit == "years" else MOST_DAYS
    elif start:
        low, top = Decimal(0), start * 2
        step = Decimal(10) ** max(-2, (top / 100).adjusted())
    else:
        return None
    value = bare_decimal(shown)
    return {"min": f"{low:f}", "max": f"{top:f}", "step": f"{step:f}", "value": value}


def _answers(asked: DeskQuestion, inputs: Mapping[str, Decimal | None]) -> dict[str, Any]:
    calculator, currency = asked.calculator, reporting_currency()
    found = answers_to(calculator, inputs)
    bends = answers_bent(calculator, inputs, asked.vary)
    return {
        "tiles": [(ANSWERS[calculator.key, each.key], written(found[each.key], each.unit, currency), asked.url(each.key)) for each in calculator.answers],
        "sentence": sentence(calculator.key, inputs, found, currency), "varied": [(ask.key, INPUTS[ask.key]) for ask in calculator.asks],
        "steps": [formats.signed(formats.share(step - 1, 0), step - 1) for step in steps()],
        "effects": [
            (ANSWERS[calculator.key, each.key],
             [(written(bend[each.key], each.unit, currency), asked.url(each.key, step=step)) for step, bend in zip(steps(), bends, strict=True)])
            for each in calculator.answers
        ],
        "changed": _changed(asked, inputs), "drawing": _drawing(asked, inputs), "keep_url": reverse("plan:economic_decision_create", args=[calculator.key]) + asked.query(),
    }  # fmt: skip


def _changed(asked: DeskQuestion, inputs: Mapping[str, Decimal | None]) -> list[tuple[Any, str, str]]:  # fmt: skip
    """Own values beside the fact they stand for."""
    currency = reporting_currency()
    found = []
    for ask in asked.calculator.asks:
        if ask.key in asked.form.own:
            fact = asked.form.start[ask.key] if ask.fact else None
            beside = "" if fact is None else written(fact, ask.unit, currency)
            found.append((INPUTS[ask.key], written(inputs[ask.key], ask.unit, currency), beside))
    return found


def _drawing(asked: DeskQuestion, inputs: Mapping[str, Decimal | None]) -> dict[str, Any] | None:
    curve = curve_for(asked.calculator, inputs)
    if curve is None:
        return None
    currency = reporting_currency()
    labels = [
        formats.money_short(x, currency) if curve.x_unit == "money" else written(x, curve.x_unit, currency)
        for x in curve.x
    ]  # fmt: skip
    lines = [Series(str(LINES[name]), values, dashed=name == "fixed") for name, values in curve.lines.items()]  # fmt: skip
    is_money = curve.unit == "money"
    title, note = CHARTS[asked.calculator.key]
    return {
        "title": title, "note": note,
        "chart": Chart("line", labels, lines, format="money" if is_money else "share", currency=currency, digits=0),
    }  # fmt: skip
