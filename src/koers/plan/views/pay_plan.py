"""How are pay plans listed, read, made and taken back?"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koers.core.entry import record_key
from koers.core.errors import RuleError
from koers.core.tables import Column, Filter, ListState, page_of
from koers.organisation.policies import Right, may, require
from koers.organisation.requests import actor_of
from koers.plan.actions.pay import add_pay_plan, remove_pay_plan
from koers.plan.forms.pay import START, PayPlanForm, terms_as_typed, who_of
from koers.plan.models import PayPlan
from koers.plan.queries.pay import pay_period, pay_plans_visible_to, plan_for, with_use
from koers.plan.views.pay_words import terms_of_plan

COLUMNS = (
    Column("name", gettext_lazy("Plan"), "name"), Column("for", gettext_lazy("For")), Column("start", gettext_lazy("In force from"), "starts_on", kind="date"),
    Column("period", gettext_lazy("Paid per"), "period"), Column("base", gettext_lazy("Base pay"), "base", numeric=True), Column("used", gettext_lazy("Statements"), "used"),
)  # fmt: skip


def pay_tabs(current: str, *, leads: bool) -> list[dict[str, object]]:
    """The pages of pay; plans and simulator are for who leads people."""
    pages = [("statements", _("Statements"), "plan:pay_statement_list")]
    if leads:
        pages += [("plans", _("Pay plans"), "plan:pay_plan_list"), ("simulator", _("Simulator"), "plan:pay_simulator")]  # fmt: skip
    return [{"label": label, "url": reverse(name), "current": key == current, "count": None} for key, label, name in pages]  # fmt: skip


def pay_plan_list(request: HttpRequest) -> HttpResponse:
    """Plans one may see, the latest first."""
    actor = actor_of(request)
    filters = (Filter("period", _("Paid per"), PayPlan.Period.choices),)
    state = ListState.from_request(request, columns=COLUMNS, default_sort="-start", filters=filters)
    rows = with_use(pay_plans_visible_to(actor))
    if state.q:
        rows = rows.filter(name__icontains=state.q)
    if state.values.get("period"):
        rows = rows.filter(period=state.values["period"])
    context = {
        "state": state, "page": page_of(rows, state), "tabs": pay_tabs("plans", leads=True), "today": timezone.localdate(),
        "may_edit": may(actor, Right.EDIT_TARGETS),
    }  # fmt: skip
    return render(request, "plan/pay_plan/list.html", context)


def pay_plan_create(request: HttpRequest) -> HttpResponse:
    """Make a plan; the address may name one to start from."""
    actor = actor_of(request)
    require(actor, Right.EDIT_TARGETS)
    key = record_key(request.GET.get("copy", ""))
    copied = None if key is None else plan_for(actor=actor, plan_id=key)
    form = PayPlanForm(request.POST or None, actor=actor, initial=_begin(copied))
    if request.method == "POST" and form.is_valid():
        try:
            made = add_pay_plan(actor=actor, values=form.values(), at=timezone.now())
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The pay plan has been made."))
            return redirect("plan:pay_plan_detail", plan_id=made.pk)
    context = {"form": form, "title": _("New pay plan"), "cancel_url": reverse("plan:pay_plan_list")}  # fmt: skip
    return render(request, "plan/pay_plan/form.html", context, status=400 if form.errors else 200)


def _begin(copied: PayPlan | None) -> dict[str, Any]:
    """The next period, and what the plan that is copied says."""
    start = pay_period(copied.period if copied else PayPlan.Period.QUARTER, timezone.localdate()).end  # fmt: skip
    if copied is None:
        return START | {"starts_on": start}
    return terms_as_typed(copied) | {"name": copied.name, "who": who_of(copied), "starts_on": start, "note": copied.note}  # fmt: skip


def pay_plan_detail(request: HttpRequest, plan_id: int) -> HttpResponse:
    """One plan in words; a post takes back one by which nobody was paid."""
    actor = actor_of(request)
    plan = plan_for(actor=actor, plan_id=plan_id)
    if request.method == "POST":
        remove_pay_plan(actor=actor, plan_id=plan_id, at=timezone.now())
        messages.success(request, _("The pay plan has been removed."))
        return redirect("plan:pay_plan_list")
    used = plan.statements.count()
    context = {"plan": plan, "terms": terms_of_plan(plan), "used": used, "may_edit": may(actor, Right.EDIT_TARGETS)}  # fmt: skip
    return render(request, "plan/pay_plan/detail.html", context)
