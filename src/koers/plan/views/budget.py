"""How is a budget shown from above and from below, changed, and moved to approval?"""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from koers.analyse.queries.analysis_day import analysis_day
from koers.core import formats
from koers.core.errors import NotFoundError, RuleError
from koers.core.figure_page import render_figure
from koers.core.figure_panel import FigurePanel
from koers.core.periods import Period
from koers.core.tables import Column, ListState, page_of
from koers.organisation.policies import Right, may, require
from koers.organisation.requests import actor_of
from koers.plan.actions.budget import (
    STEPS,
    MonthValue,
    change_part,
    copy_budget,
    make_budget,
    move_budget,
    propose_part,
    spread_budget,
)
from koers.plan.figures.budget import Standing, histories_of, standings_of
from koers.plan.forms.budget import BudgetForm, CopyForm, PartForm, ProposalForm, SpreadForm
from koers.plan.models import Budget
from koers.plan.queries.budget import budget_for, budgets_visible_to, part_for, totals_of

NOTHING = Decimal(0)


def budget_list(request: HttpRequest) -> HttpResponse:
    """All versions of all years."""
    actor = actor_of(request)
    columns = [Column("name", _("Name"), "name"), Column("first", _("First month"), "first_month"), Column("division", _("Per"), "division"),
               Column("status", _("Status"), "status"), Column("made", _("Made"), "made_at"), Column("by", _("Made by"), "made_by_name")]  # fmt: skip
    state = ListState.from_request(request, columns=columns, default_sort="-made")
    rows = budgets_visible_to(actor)
    if state.q:
        rows = rows.filter(name__icontains=state.q)
    context = {"state": state, "page": page_of(rows, state), "may_edit": may(actor, Right.EDIT_TARGETS)}  # fmt: skip
    return render(request, "plan/budget/list.html", context)


def budget_create(request: HttpRequest) -> HttpResponse:
    """Begin a budget."""
    actor = actor_of(request)
    require(actor, Right.EDIT_TARGETS)
    form = BudgetForm(request.POST or None, today=analysis_day(timezone.localdate()))
    if request.method == "POST" and form.is_valid():
        try:
            made = make_budget(actor=actor, at=timezone.now(), **form.cleaned_data)
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("plan:budget_detail", budget_id=made.pk)
    return render(request, "plan/budget/form.html", {"form": form, "title": _("New budget")}, status=400 if form.errors else 200)  # fmt: skip


def budget_detail(request: HttpRequest, budget_id: int) -> HttpResponse:
    """From above and from below beside each other, and how far we are."""
    actor = actor_of(request)
    budget = budget_for(actor=actor, budget_id=budget_id)
    return render(request, "plan/budget/detail.html", _context(request, budget, SpreadForm()))


def _context(request: HttpRequest, budget: Budget, form: SpreadForm) -> dict[str, Any]:
    actor = actor_of(request)
    totals = totals_of(actor=actor, budget=budget)
    before = {
        each.key: sum(each.months.values(), NOTHING)
        for each in histories_of(actor=actor, division=budget.division, first_month=budget.first_month)
    }  # fmt: skip
    today = analysis_day(timezone.localdate())
    standings = standings_of(actor=actor, budget=budget, today=today)
    proposed = [each.part.proposed for each in totals if each.part.proposed is not None]
    sees_cost = may(actor, Right.SEE_COST)
    return {
        "budget": budget, "form": form, "rows": [(each, before.get(each.part.key, NOTHING)) for each in totals], "currency": budget.currency,
        "sum": {
            "before": sum((before.get(each.part.key, NOTHING) for each in totals), NOTHING), "turnover": sum((each.turnover for each in totals), NOTHING),
            "proposed": sum(proposed, NOTHING) if proposed else None, "contribution": sum((each.contribution for each in totals), NOTHING),
            "cost": sum((each.cost for each in totals), NOTHING),
            "gap": sum((each.gap for each in totals if each.gap is not None), NOTHING) if proposed else None,
        },
        "standings": [(row, _lines_url(budget, row.key, today)) for row in standings], "standing": _sum(standings), "sees_cost": sees_cost, "is_draft": budget.status == Budget.Status.DRAFT,
        "may_edit": may(actor, Right.EDIT_TARGETS), "me": actor.user_id, "copy_form": CopyForm(initial={"name": f"{budget.name} 2"}),
        "steps": [(name, words()[name]) for name, (start, _end, right) in STEPS.items() if budget.status == start and may(actor, right)],
    }  # fmt: skip


def _lines_url(budget: Budget, key: int | None, today: date) -> str:
    """The order lines of a part over the months of the budget that are over."""
    until = min(budget.end, today.replace(day=1))
    chosen = "" if key is None else f"&{budget.division}={key}"
    return f"{reverse('analyse:lines')}?from={budget.first_month}&to={until - timedelta(days=1)}{chosen}"


def budget_figure(request: HttpRequest, budget_id: int) -> HttpResponse:
    """The panel of an attainment: of a part, or of all parts one may see."""
    actor = actor_of(request)
    budget = budget_for(actor=actor, budget_id=budget_id)
    today = analysis_day(timezone.localdate())
    rows = standings_of(actor=actor, budget=budget, today=today)
    wanted = request.GET.get("part", "")
    row = next((each for each in rows if str(each.key) == wanted), None) if wanted else _sum(rows)
    if row is None or not rows:
        raise NotFoundError(_("There is no such figure."))
    parts = [
        (_("Numerator: actual"), formats.money(row.actual, budget.currency)),
        (_("Denominator: budget"), formats.money(row.budget, budget.currency)),
        (_("Difference"), formats.money(row.gap, budget.currency)),
        (_("Last year"), formats.money(row.last_year, budget.currency)),
    ]  # fmt: skip
    panel = FigurePanel(
        title=_("Attainment of the budget"), formula_id="F2.11", formula_url=reverse("analyse:formula_detail", args=["F2.11"]),
        expression=_("attainment = actual ÷ budget"), value=None if row.attainment is None else formats.share(row.attainment), parts=parts,
        period=Period(budget.first_month, min(budget.end, today.replace(day=1))), filters=[budget.name, row.label, _("goods, without fees")],
        rows_url=_lines_url(budget, row.key, today),
    )  # fmt: skip
    return render_figure(request, panel)


def words() -> dict[str, str]:
    """The steps of a budget as buttons say them."""
    return {"submit": _("Submit"), "return": _("Return to draft"), "approve": _("Approve"), "freeze": _("Freeze")}  # fmt: skip


def _sum(rows: list[Standing]) -> Standing:
    def over(name: str) -> Decimal:
        return sum((getattr(row, name) for row in rows), NOTHING)

    known = [row.forecast for row in rows if row.forecast is not None]
    return Standing(None, _("Total"), over("actual"), over("budget"), sum(known, NOTHING) if known else None, over("last_year"))  # fmt: skip


@require_POST
def budget_spread(request: HttpRequest, budget_id: int) -> HttpResponse:
    """Divide a year from above."""
    actor = actor_of(request)
    require(actor, Right.EDIT_TARGETS)
    budget = budget_for(actor=actor, budget_id=budget_id)
    form = SpreadForm(request.POST)
    if form.is_valid():
        try:
            spread_budget(actor=actor, budget_id=budget_id, at=timezone.now(), **form.cleaned_data)
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The budget has been spread; locked months stayed."))
            return redirect("plan:budget_detail", budget_id=budget_id)
    return render(request, "plan/budget/detail.html", _context(request, budget, form), status=400)


@require_POST
def budget_move(request: HttpRequest, budget_id: int) -> HttpResponse:
    """Submit, return, approve or freeze."""
    move_budget(actor=actor_of(request), budget_id=budget_id, step=request.POST.get("step", ""), at=timezone.now())  # fmt: skip
    return redirect("plan:budget_detail", budget_id=budget_id)


@require_POST
def budget_copy(request: HttpRequest, budget_id: int) -> HttpResponse:
    """Take a budget up anew as a draft."""
    form = CopyForm(request.POST)
    actor = actor_of(request)
    require(actor, Right.EDIT_TARGETS)
    if not form.is_valid():
        raise RuleError(_("Give the new version a name."))
    made = copy_budget(actor=actor, budget_id=budget_id, name=form.cleaned_data["name"], at=timezone.now())  # fmt: skip
    messages.success(request, _("This is the new version; the old one stays as it was."))
    return redirect("plan:budget_detail", budget_id=made.pk)


def budget_part(request: HttpRequest, part_id: int) -> HttpResponse:
    """The months of a part by hand, each with a lock."""
    actor = actor_of(request)
    require(actor, Right.EDIT_TARGETS)
    part = part_for(actor=actor, part_id=part_id)
    cells = list(part.cells.all())
    form = PartForm(request.POST or None, cells=cells)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        months = {
            month: MonthValue(data[f"amount-{month.isoformat()}"], data[f"lock-{month.isoformat()}"])
            for month in form.months
        }  # fmt: skip
        try:
            change_part(actor=actor, part_id=part_id, months=months, at=timezone.now())
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The months have been saved."))
            return redirect("plan:budget_detail", budget_id=part.budget_id)
    context = {
        "form": form, "part": part, "title": part.label, "budget": part.budget, "back": reverse("plan:budget_detail", args=[part.budget_id]),
        "is_draft": part.budget.status == Budget.Status.DRAFT,
    }  # fmt: skip
    return render(request, "plan/budget/part.html", context, status=400 if form.errors else 200)


def budget_propose(request: HttpRequest, part_id: int) -> HttpResponse:
    """What a seller says he or she can sell."""
    actor = actor_of(request)
    part = part_for(actor=actor, part_id=part_id)
    shown = part.proposed.quantize(Decimal("0.01")) if part.proposed is not None else None
    form = ProposalForm(request.POST or None, initial={"amount": shown})
    back = reverse("plan:budget_detail", args=[part.budget_id])
    if request.method == "POST" and form.is_valid():
        propose_part(actor=actor, part_id=part_id, amount=form.cleaned_data["amount"], at=timezone.now())  # fmt: skip
        messages.success(request, _("The proposal has been saved."))
        return redirect(back)
    context = {"form": form, "title": _("Proposal of %(name)s") % {"name": part.label}, "budget": part.budget, "back": back}  # fmt: skip
    return render(request, "plan/budget/propose.html", context, status=400 if form.errors else 200)
