"""How is a division of visits asked for, shown beside norm and actual, and put in force?"""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from koers.core import formats
from koers.core.actor import Actor
from koers.core.charts import Chart, Series
from koers.core.entry import record_key
from koers.core.errors import RuleError
from koers.core.models import Job
from koers.core.tables import Column, Filter, ListState, page_of
from koers.customers.models.company import CustomerClass
from koers.organisation.policies import Right, may, require
from koers.organisation.requests import actor_of
from koers.plan.actions.effort import ask_run, is_large, make_run
from koers.plan.actions.effort_acceptance import accept_run, take_back_run
from koers.plan.forms.effort import AcceptForm
from koers.plan.models import EffortLine, EffortRun, EffortSeller
from koers.plan.queries.effort import (
    lines_matching,
    lines_of,
    run_for,
    runs_visible_to,
    sellers_of_scope,
)
from koers.plan.queries.seller_year import sellers_with_a_year
from koers.plan.queries.visit_norm import norms_on

STEPS = (Decimal("0.8"), Decimal("0.9"), Decimal(1), Decimal("1.1"), Decimal("1.2"))
CHANGES = (("more", gettext_lazy("More than the norm")), ("less", gettext_lazy("Fewer than the norm")), ("same", gettext_lazy("As the norm")))  # fmt: skip
COLUMNS = (
    Column("made", gettext_lazy("Calculated"), "made_at"), Column("scope", gettext_lazy("Sellers"), "scope_label"),
    Column("year", gettext_lazy("Year"), "year", numeric=True), Column("customers", gettext_lazy("Customers"), "customers", numeric=True),
    Column("hours", gettext_lazy("Hours"), "hours", numeric=True), Column("best", gettext_lazy("Best division"), "best_value", numeric=True),
    Column("gain", gettext_lazy("More than the norms"), "gain_value", numeric=True), Column("by", gettext_lazy("By"), "made_by_name"),
    Column("force", gettext_lazy("In force"), "starts_on"),
)  # fmt: skip


def tabs(current: str) -> list[dict[str, object]]:
    """The pages of the division of visits."""
    pages = [("runs", _("Calculations"), "plan:effort_list"), ("estimates", _("Estimates"), "plan:effort_estimates"), ("capacity", _("Sales days"), "plan:seller_years")]  # fmt: skip
    return [
        {"label": label, "url": reverse(name), "current": key == current, "count": None}
        for key, label, name in pages
    ]


def effort_list(request: HttpRequest) -> HttpResponse:
    """Every division that was calculated, latest first; a new one on the same page."""
    actor = actor_of(request)
    require(actor, Right.READ_TARGETS)
    today = timezone.localdate()
    if request.method == "POST":
        answer = _calculate(request, actor)
        if answer is not None:
            return answer
    state = ListState.from_request(request, columns=COLUMNS, default_sort="-made")
    rows = runs_visible_to(actor).annotate(gain_value=F("best_value") - F("norm_value"))
    if state.q:
        rows = rows.filter(scope_label__istartswith=state.q)
    busy = Job.objects.filter(task="visit_effort", asked_by_id=actor.user_id, status__in=("waiting", "running"))  # fmt: skip
    context = {
        "state": state, "page": page_of(rows, state), "tabs": tabs("runs"), "may_edit": may(actor, Right.EDIT_CUSTOMERS), "who": who_choices(actor),
        "years": [today.year, today.year + 1], "chosen_year": request.POST.get("year", str(today.year)), "chosen_who": request.POST.get("who", ""),
        "norm_set": norms_on(today), "job": busy.first(),
    }  # fmt: skip
    return render(request, "plan/effort/list.html", context, status=400 if request.method == "POST" else 200)  # fmt: skip


def who_choices(actor: Actor) -> list[tuple[str, str]]:
    """Everybody one sees, each team with more than one of them, and each person."""
    people = list(sellers_with_a_year(actor).select_related("team"))
    teams: dict[int, list[str]] = {}
    for each in people:
        if each.team is not None:
            teams.setdefault(each.team.pk, []).append(each.team.name)
    several = [(f"team-{key}", names[0]) for key, names in teams.items() if len(names) > 1]
    everybody = [("", _("Everybody"))] if len(people) > 1 else []
    return [*everybody, *sorted(several, key=lambda each: each[1]), *((str(each.pk), each.full_name) for each in people)]  # fmt: skip


def _calculate(request: HttpRequest, actor: Actor) -> HttpResponse | None:
    """Calculate at once, or in the background where it takes long; None where it is refused."""
    require(actor, Right.EDIT_CUSTOMERS)
    who, year = request.POST.get("who", ""), record_key(request.POST.get("year", "")) or 0
    people, _label = sellers_of_scope(sellers_with_a_year(actor), who)
    try:
        if is_large(actor, people):
            ask_run(actor=actor, who=who, year=year, at=timezone.now())
            messages.success(request, _("The division is being calculated; it appears here in a moment."))  # fmt: skip
            return redirect("plan:effort_list")
        made = make_run(actor=actor, who=who, year=year, at=timezone.now())
    except RuleError as refusal:
        messages.error(request, str(refusal))
        return None
    return redirect("plan:effort_run", effort_id=made.pk)


def effort_run(request: HttpRequest, effort_id: int) -> HttpResponse:
    """One division: what it is worth, what hours are worth, and each customer; puts it in force."""
    actor, today = actor_of(request), timezone.localdate()
    run = run_for(actor=actor, run_id=effort_id)
    form = AcceptForm(request.POST if request.POST.get("step") == "accept" else None, today=today)
    if request.method == "POST":
        require(actor, Right.EDIT_CUSTOMERS)
        if request.POST.get("step") == "accept":
            if form.is_valid():
                return _accept(request, actor, run, form)
        else:
            return _take_back(request, actor, run)
    sellers = list(run.sellers.all())
    state = ListState.from_request(request, columns=_columns(many=len(sellers) > 1), default_sort="-value", filters=_filters(sellers))  # fmt: skip
    lines = lines_matching(lines_of(actor, run), q=state.q, choices=state.values)
    everything = lines_of(actor, run)
    context: dict[str, Any] = {
        "run": run, "sellers": [(each, reverse("plan:effort_figure", args=[run.pk, "seller"]) + f"?seller={each.pk}") for each in sellers],
        "state": state, "page": page_of(lines, state), "form": form, "drawing": _drawing(run, sellers), "hour_value": hour_value(run, sellers),
        "may_edit": may(actor, Right.EDIT_CUSTOMERS), "urls": {name: reverse("plan:effort_figure", args=[run.pk, name]) for name in ("best", "gain", "same", "bound", "next", "hour", "line")},
        "changed": everything.exclude(best=F("norm")).count(), "replaced": everything.exclude(best=F("norm")).filter(company__visit_exception__isnull=False).count(),
        "starts": [name for name, each in run.inputs.get("classes", {}).items() if each.get("is_start")], "many": len(sellers) > 1,
        "same_gain": None if run.same_hours_value is None else run.same_hours_value - run.norm_value,
        "left_out": sum(each.left_out for each in sellers), "reserved": sum(each.reserved for each in sellers),
    }  # fmt: skip
    return render(request, "plan/effort/run.html", context, status=400 if form.errors else 200)


def _columns(*, many: bool) -> tuple[Column, ...]:
    seller = (Column("seller", _("Seller"), "seller__name"),) if many else ()
    return (
        Column("name", _("Company"), "company__name"), Column("class", _("Class"), "customer_class"), *seller,
        Column("source", _("Curve"), "source"), Column("norm", _("Norm"), "norm", numeric=True), Column("actual", _("Visits made"), "actual", numeric=True),
        Column("best", _("Best"), "best", numeric=True), Column("change", _("Against norm"), "change", numeric=True),
        Column("value", _("Worth a year"), "best_value", numeric=True), Column("more", _("One visit more"), "one_more", numeric=True),
        Column("less", _("One visit less"), "one_less", numeric=True), Column("hour", _("Per hour"), "per_hour", numeric=True),
        Column("least", _("Least visits"), "least", numeric=True, visible_by_default=False), Column("most", _("Most visits"), "most", numeric=True, visible_by_default=False),
    )  # fmt: skip


def _filters(sellers: list[EffortSeller]) -> tuple[Filter, ...]:
    own = (Filter("seller", _("Seller"), [(str(each.pk), each.name) for each in sellers]),) if len(sellers) > 1 else ()  # fmt: skip
    return (
        Filter("change", _("Change"), CHANGES), Filter("class", _("Class"), CustomerClass.choices),
        Filter("source", _("Curve"), EffortLine.Source.choices), *own,
    )  # fmt: skip


def step_values(sellers: list[EffortSeller]) -> list[Decimal | None]:
    """The best value of all sellers at 80 to 120 % of the hours; None where one's least visits do not fit."""
    found: list[Decimal | None] = []
    for place in range(len(STEPS)):
        parts = [each.steps[place] for each in sellers]
        found.append(None if None in parts else sum((Decimal(each) for each in parts), Decimal(0)))
    return found


def hour_value(run: EffortRun, sellers: list[EffortSeller]) -> Decimal | None:
    """What an hour more brings: the value at 110 % of the hours less that at 100 %, per hour."""
    more = step_values(sellers)[3]
    extra = Decimal(repr(run.hours)) / 10
    return None if more is None or not extra else (more - run.best_value) / extra


def _drawing(run: EffortRun, sellers: list[EffortSeller]) -> Chart:
    values = step_values(sellers)
    shown = [(step, value) for step, value in zip(STEPS, values, strict=True) if step != 1]
    labels = [
        _("%(change)s: %(hours)s hours") % {"hours": formats.number(run.hours * float(step), 0), "change": formats.signed(formats.share(step - 1, 0), step - 1)}
        for step, _value in shown
    ]  # fmt: skip
    url = reverse("plan:effort_figure", args=[run.pk, "step"])
    changes = [None if value is None else value - run.best_value for _step, value in shown]
    best = Series(_("Change of the best division"), changes, urls=[f"{url}?step={step}" for step, _value in shown])  # fmt: skip
    return Chart(kind="bar", labels=labels, series=[best], format="money", currency=run.currency, digits=0, panel=True)  # fmt: skip


def _accept(request: HttpRequest, actor: Actor, run: EffortRun, form: AcceptForm) -> HttpResponse:
    number = accept_run(
        actor=actor, run_id=run.pk, starts_on=form.cleaned_data["starts_on"], ends_on=form.ends_on, at=timezone.now()
    )  # fmt: skip
    url = reverse("plan:effort_run", args=[run.pk])
    words = ngettext("%(number)d customer has another number of visits now.", "%(number)d customers have another number of visits now.", number)  # fmt: skip
    messages.success(request, words % {"number": number}, extra_tags=f"{url}?step=undo")
    return redirect(url)


def _take_back(request: HttpRequest, actor: Actor, run: EffortRun) -> HttpResponse:
    found = take_back_run(actor=actor, run_id=run.pk, at=timezone.now())
    words = ngettext("%(number)d customer has its former number of visits again.", "%(number)d customers have their former number of visits again.", found.restored) % {"number": found.restored}  # fmt: skip
    if found.left:
        words += " " + ngettext("%(number)d was changed by hand since and stayed.", "%(number)d were changed by hand since and stayed.", found.left) % {"number": found.left}  # fmt: skip
    messages.success(request, words)
    return redirect("plan:effort_run", effort_id=run.pk)
