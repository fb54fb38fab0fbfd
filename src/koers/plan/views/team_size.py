"""How large should the field force be: five methods beside each other, and what one input does?"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koers.analyse.forms.period import Scope, scope_from, selects
from koers.analyse.queries.analysis_day import analysis_day
from koers.analyse.queries.currency import reporting_currency
from koers.core import formats
from koers.core.actor import Actor
from koers.core.errors import RuleError
from koers.organisation.policies import Right, require
from koers.organisation.requests import actor_of
from koers.plan.figures.team_size import (
    STEPS,
    VARIED,
    inputs_from,
    own_numbers,
    sizes_of,
    utilisation_of,
)
from koers.plan.forms.team_size import GROUPS, PER_CLASS, TeamSizeForm
from koers.plan.queries.seller import field_sellers

METHODS = {
    "franke": gettext_lazy("Franke: hours of work"), "workload": gettext_lazy("Workload per class: number of visits"),
    "units": gettext_lazy("Visit units: weighed visits"), "percentage": gettext_lazy("Percentage of sales"),
    "marginal": gettext_lazy("Marginal method"),
}  # fmt: skip
PLACES = ("sbu", "territory")


@dataclass(frozen=True)
class SizeQuestion:
    """For which part of the company, with which inputs, and which input is varied."""

    actor: Actor
    scope: Scope
    form: TeamSizeForm
    inputs: Any
    vary: str
    query: str

    @property
    def is_whole(self) -> bool:
        """Whether no part of the company was chosen, so that the sellers of today can be set beside it."""
        return not self.scope.chosen

    def url(self, figure: str, **more: object) -> str:
        """Address of a figure's panel, with the same inputs."""
        extra = "".join(f"&{key}={value}" for key, value in more.items())
        return f"{reverse('plan:team_size_figure', args=[figure])}?{self.query}{extra}"


def asked_size(request: HttpRequest) -> SizeQuestion:
    """Read the question; managers ask it, for it is about people and what they cost."""
    actor = actor_of(request)
    require(actor, Right.READ_TARGETS)
    require(actor, Right.SEE_TEAM)
    data = request.GET.copy()
    for name in ("period", "from", "to", "team", "seller"):
        data.pop(name, None)
    scope = scope_from(data, today=analysis_day(timezone.localdate()))
    vary = data.get("vary", "visits")
    if vary not in VARIED:
        raise RuleError(_("“%(value)s” is no choice here.") % {"value": vary[:40]})
    own = own_numbers(actor=actor, period=scope.period, **scope.filters)
    form = TeamSizeForm(data, start=own.start)
    inputs = inputs_from(form.cleaned_data, own) if form.is_valid() else None
    for name in ("vary", "step"):
        data.pop(name, None)
    return SizeQuestion(actor, scope, form, inputs, vary, data.urlencode())


def team_size(request: HttpRequest) -> HttpResponse:
    """Inputs, the answers of the five methods, why they differ, and the effect of one input."""
    asked = asked_size(request)
    choices = [each for each in selects(asked.scope, asked.actor.visible_people) if each.name in PLACES]  # fmt: skip
    context: dict[str, Any] = {
        "asked": asked, "form": asked.form, "selects": choices, "varied": [(name, label) for name, label in input_words().items() if name in VARIED],
        "own_url": reverse("plan:team_size") + asked.scope.query(), "currency": reporting_currency(),
    }  # fmt: skip
    if asked.inputs is not None:
        context |= _answers(asked)
    return render(request, "plan/team_size/detail.html", context, status=200 if asked.inputs else 400)  # fmt: skip


def _answers(asked: SizeQuestion) -> dict[str, Any]:
    sizes = sizes_of(asked.inputs)
    why = reasons(asked)
    rows = [(METHODS[each.method], each, asked.url(each.method), why[each.method]) for each in sizes]  # fmt: skip
    by_step = [sizes_of(asked.inputs, vary=asked.vary, factor=step) for step in STEPS]
    effects = [
        (METHODS[each.method], [(found[place], asked.url(each.method, vary=asked.vary, step=step)) for step, found in zip(STEPS, by_step, strict=True)])
        for place, each in enumerate(sizes)
    ]  # fmt: skip
    found = {
        "sizes": rows, "effects": effects, "steps": [formats.signed(formats.share(step - 1, 0), step - 1) for step in STEPS],
        "days": asked.inputs.days, "days_url": asked.url("days"), "visits": asked.inputs.total_visits, "visits_url": asked.url("visits"),
    }  # fmt: skip
    if asked.is_whole:
        sellers = field_sellers(asked.actor)
        _capacity, _load, used = utilisation_of(asked.inputs, sellers)
        found |= {"sellers": sellers, "used": used, "used_url": asked.url("utilisation")}
    return found


def reasons(asked: SizeQuestion) -> dict[str, str]:
    """Why each method answers what it answers, in words with its own numbers."""
    inputs, currency = asked.inputs, reporting_currency()
    minutes = inputs.visit_minutes
    fit = inputs.hours_a_day * 60 / minutes if minutes else None
    mean_unit = inputs.talk_minutes / inputs.standard_minutes if inputs.standard_minutes else None
    budget = inputs.turnover * inputs.sales_share
    unknown = any(each.contribution is None and each.customers * each.visits for each in inputs.classes)  # fmt: skip
    return {
        "franke": _("Counts hours: with travel and waiting a visit takes %(minutes)s minutes, so that %(fit)s visits fit in a day.")
        % {"minutes": formats.number(minutes, 0), "fit": formats.EN_DASH if fit is None else formats.number(fit, 1)},
        "workload": _("Counts visits, each as heavy as any other: %(visits)s a day, however long they take.") % {"visits": formats.number(inputs.visits_a_day)},
        "units": _("Counts visits by their weight: a visit is on average %(unit)s standard visits.")
        % {"unit": formats.EN_DASH if mean_unit is None else formats.number(mean_unit, 2)},
        "percentage": _("Looks at what can be paid, not at the work: %(budget)s a year. Gives fewer people just when turnover falls.")
        % {"budget": formats.money(round(budget), currency, digits=0)},
        "marginal": _("The cost of what was sold to one of the classes is not known, so there is no contribution to compare.") if unknown
        else _("Hires while the next person brings more than he or she costs, the most rewarding customers first."),
    }  # fmt: skip


def input_words() -> dict[str, Any]:
    """Words of each input."""
    words = {name: label for name, (label, _most) in PER_CLASS.items()}
    return words | {key: label for _title, group in GROUPS for key, label, _most in group}


def step_of(request: HttpRequest) -> Decimal:
    """The factor a cell of the sensitivity is about."""
    text = request.GET.get("step", "1")
    if text not in {str(step) for step in STEPS}:
        raise RuleError(_("“%(value)s” is no choice here.") % {"value": text[:40]})
    return Decimal(text)
