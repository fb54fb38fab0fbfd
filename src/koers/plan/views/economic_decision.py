"""How are decisions of the economics desk kept, listed, and set beside what became of them?"""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from koers.analyse.queries.analysis_day import analysis_day
from koers.analyse.queries.currency import reporting_currency
from koers.core.actor import Actor
from koers.core.errors import RuleError
from koers.core.periods import add_months
from koers.core.tables import Column, Filter, ListState, page_of
from koers.organisation.policies import Right, require
from koers.organisation.requests import actor_of
from koers.plan.actions.economic_decision import (
    keep_decision,
    may_change,
    remove_decision,
    review_decision,
)
from koers.plan.figures.economics import (
    answers_to,
    calculator_of,
    desk_facts,
    facts_built_at,
    starts,
)
from koers.plan.forms.economics import (
    INPUTS,
    DecisionForm,
    DeskScope,
    OutcomeForm,
    as_typed,
    desk_scope,
)
from koers.plan.models import EconomicDecision
from koers.plan.queries.economic_decision import (
    deciders_for,
    decision_for,
    decisions_matching,
    through_the_makers_eyes,
)
from koers.plan.views.economics import DeskQuestion, asked_desk
from koers.plan.views.economics_words import ANSWERS, sentence, written

MONTHS_UNTIL_REVIEW = 3
ROLLING = ("12m", "24m", "36m")
STATES = (("due", gettext_lazy("To be looked at")), ("open", gettext_lazy("Open")), ("reviewed", gettext_lazy("Looked at")))  # fmt: skip
COLUMNS = (
    Column("name", gettext_lazy("Decision"), "name"), Column("calculator", gettext_lazy("Calculator"), "calculator"),
    Column("scope", gettext_lazy("About"), "scope_label"), Column("by", gettext_lazy("Decided by"), "decided_by__full_name"),
    Column("decided", gettext_lazy("Decided on"), "decided_on", kind="date"), Column("review", gettext_lazy("Control date"), "review_on", kind="date"),
    Column("state", gettext_lazy("Status"), "reviewed_on"),
)  # fmt: skip


def economic_decision_list(request: HttpRequest) -> HttpResponse:
    """Decisions one may see, the first to be looked at first."""
    actor, today = actor_of(request), timezone.localdate()
    people = [(str(key), name) for key, name in deciders_for(actor).values_list("pk", "full_name")]
    filters = (
        Filter("state", _("Status"), STATES), Filter("calculator", _("Calculator"), EconomicDecision.Calculator.choices), Filter("by", _("Decided by"), people),
    )  # fmt: skip
    state = ListState.from_request(request, columns=COLUMNS, default_sort="review", filters=filters)
    rows = decisions_matching(actor, q=state.q, choices=state.values, today=today)
    page = page_of(rows, state)
    context = {"state": state, "page": page, "rows": [(row, row.is_due(today)) for row in page.rows]}  # fmt: skip
    return render(request, "plan/economic_decision/list.html", context)


def economic_decision_create(request: HttpRequest, calculator: str) -> HttpResponse:
    """Keep the calculation of this address with what is decided."""
    asked, today = asked_desk(request, calculator), timezone.localdate()
    require(asked.actor, Right.SEE_COST)
    inputs = asked.inputs
    if inputs is None:
        raise RuleError(_("Correct the inputs to see a result."))
    initial = {"decided_by": asked.actor.user_id, "decided_on": today, "review_on": add_months(today, MONTHS_UNTIL_REVIEW)}  # fmt: skip
    form = DecisionForm(request.POST or None, actor=asked.actor, initial=initial)
    results = answers_to(asked.calculator, inputs)
    if request.method == "POST" and form.is_valid():
        try:
            made = keep_decision(actor=asked.actor, values=_values(asked, inputs, results) | form.cleaned_data, at=timezone.now())  # fmt: skip
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The decision has been kept."))
            return redirect("plan:economic_decision_detail", decision_id=made.pk)
    currency = reporting_currency()
    context = {
        "form": form, "title": _("Keep with a decision"), "sentence": sentence(calculator, inputs, results, currency),
        "parent": EconomicDecision.Calculator(calculator).label, "back_url": reverse("plan:economics", args=[calculator]) + asked.query(),
        "answers": [(ANSWERS[calculator, each.key], written(results[each.key], each.unit, currency), asked.url(each.key)) for each in asked.calculator.answers],
    }  # fmt: skip
    return render(request, "plan/economic_decision/form.html", context, status=400 if form.errors else 200)  # fmt: skip


def _values(asked: DeskQuestion, inputs: dict[str, Decimal | None], results: dict[str, Decimal | None]) -> dict[str, Any]:  # fmt: skip
    """The calculation as it is kept, exact, with the fact beside each input."""
    scope = asked.scope
    facts = {ask.key: asked.form.start[ask.key] if ask.fact else None for ask in asked.calculator.asks}  # fmt: skip
    return {
        "calculator": asked.calculator.key, "period_name": scope.scope.name, "period_start": scope.scope.period.start, "period_end": scope.scope.period.end,
        "scope": {key: value for key, value in scope.chosen.items() if key != "company"}, "scope_label": ", ".join(scope.words(asked.actor))[:300],
        "company": scope.company, "inputs": {key: {"value": _text(value), "fact": _text(facts[key])} for key, value in inputs.items()},
        "results": {key: _text(value) for key, value in results.items()}, "currency": reporting_currency(),
        "facts_as_of": analysis_day(timezone.localdate()), "facts_built_at": facts_built_at(),
    }  # fmt: skip


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def economic_decision_detail(request: HttpRequest, decision_id: int) -> HttpResponse:
    """One decision: its numbers then, the same figure now, and what became of it."""
    actor = actor_of(request)
    decision = decision_for(actor=actor, decision_id=decision_id)
    return render(request, "plan/economic_decision/detail.html", _detail(actor, decision, OutcomeForm(initial={"outcome": decision.outcome})))  # fmt: skip


def _detail(actor: Actor, decision: EconomicDecision, form: OutcomeForm) -> dict[str, Any]:
    calculator = calculator_of(decision.calculator)
    assert calculator is not None  # noqa: S101 -- a constraint of the database
    now = _scope_now(actor, decision)
    eyes = through_the_makers_eyes(actor, decision)
    facts = desk_facts(actor=eyes, period=now.scope.period, chosen=now.chosen, filters=now.filters)
    kept = {key: (_number(pair["value"]), _number(pair["fact"])) for key, pair in decision.inputs.items()}  # fmt: skip
    start = starts(calculator, facts)
    used = {
        ask.key: start[ask.key] if ask.fact and kept[ask.key][0] == kept[ask.key][1] else kept[ask.key][0]
        for ask in calculator.asks
    }  # fmt: skip
    then = {key: _number(value) for key, value in decision.results.items()}
    today, currency = answers_to(calculator, used), decision.currency
    return {
        "decision": decision, "may_change": may_change(actor, decision), "form": form, "is_due": decision.is_due(timezone.localdate()),
        "calculator": EconomicDecision.Calculator(decision.calculator).label, "now": now.scope.period,
        "then_period": {"start": decision.period_start, "last_day": decision.period_end - timedelta(days=1)},
        "sentence": sentence(decision.calculator, {key: pair[0] for key, pair in kept.items()}, then, currency),
        "inputs": [
            {"label": INPUTS[ask.key], "used": written(kept[ask.key][0], ask.unit, currency), "fact": written(kept[ask.key][1], ask.unit, currency) if ask.fact else "",
             "is_own": kept[ask.key][0] != kept[ask.key][1] or not ask.fact, "now": written(start[ask.key], ask.unit, currency) if ask.fact else "",
             "url": reverse("plan:economics_fact", args=[ask.fact]) + now.query() if ask.fact else ""}
            for ask in calculator.asks
        ],
        "answers": [
            {"label": ANSWERS[decision.calculator, each.key], "then": written(then.get(each.key), each.unit, currency), "now": written(today[each.key], each.unit, currency),
             "then_url": _figure_url(decision, each.key, _then_query(decision)), "now_url": _figure_url(decision, each.key, now.query(**_own_texts(calculator, kept)))}
            for each in calculator.answers
        ],
        "desk_url": reverse("plan:economics", args=[decision.calculator]) + now.query(**_own_texts(calculator, kept)),
        "is_narrowed": eyes.visible_people != actor.visible_people,
    }  # fmt: skip


def _scope_now(actor: Actor, decision: EconomicDecision) -> DeskScope:
    """The same choice over the same stretch, ending today: the rolling period, or as many days."""
    today = analysis_day(timezone.localdate())
    data = QueryDict(mutable=True)
    data.update({key: str(value) for key, value in decision.scope.items()})
    if decision.company_id is not None:
        data["company"] = str(decision.company_id)
    if decision.period_name in ROLLING:
        data["period"] = decision.period_name
    else:
        days = (decision.period_end - decision.period_start).days
        data["from"] = (today - timedelta(days=days)).isoformat()
        data["to"] = (today - timedelta(days=1)).isoformat()
    return desk_scope(data, actor=actor, today=today)


def _then_query(decision: EconomicDecision) -> str:
    """Address of the calculation with the numbers of that day, typed in."""
    calculator = calculator_of(decision.calculator)
    data = QueryDict(mutable=True)
    data.update({key: str(value) for key, value in decision.scope.items()})
    if decision.company_id is not None:
        data["company"] = str(decision.company_id)
    data["from"] = decision.period_start.isoformat()
    data["to"] = (decision.period_end - timedelta(days=1)).isoformat()
    kept: dict[str, tuple[Decimal | None, Decimal | None]] = {
        key: (_number(pair["value"]), None) for key, pair in decision.inputs.items()
    }
    data.update(_own_texts(calculator, kept))
    return f"?{data.urlencode()}"


def _own_texts(calculator: Any, kept: dict[str, tuple[Decimal | None, Decimal | None]]) -> dict[str, str]:  # fmt: skip
    """Inputs that are no facts, as they are typed; shares in percent."""
    return {
        ask.key: as_typed(kept[ask.key][0], ask.unit)
        for ask in calculator.asks
        if kept[ask.key][0] is not None and (not ask.fact or kept[ask.key][0] != kept[ask.key][1])
    }


def _figure_url(decision: EconomicDecision, answer: str, query: str) -> str:
    return reverse("plan:economics_figure", args=[decision.calculator, answer]) + query


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


@require_POST
def economic_decision_review(request: HttpRequest, decision_id: int) -> HttpResponse:
    """Write down what became of it."""
    actor, form = actor_of(request), OutcomeForm(request.POST)
    decision = decision_for(actor=actor, decision_id=decision_id)
    if not form.is_valid():
        return render(request, "plan/economic_decision/detail.html", _detail(actor, decision, form), status=400)  # fmt: skip
    review_decision(actor=actor, decision_id=decision_id, outcome=form.cleaned_data["outcome"], at=timezone.now())  # fmt: skip
    messages.success(request, _("Saved."))
    return redirect("plan:economic_decision_detail", decision_id=decision_id)


@require_POST
def economic_decision_remove(request: HttpRequest, decision_id: int) -> HttpResponse:
    """Take the decision back."""
    remove_decision(actor=actor_of(request), decision_id=decision_id, at=timezone.now())
    messages.success(request, _("The decision has been removed."))
    return redirect("plan:economic_decision_list")
