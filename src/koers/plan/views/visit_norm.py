"""How are customers, sellers and norms shown beside the visits that were made?"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from koers.analyse.queries.analysis_day import analysis_day
from koers.core.errors import RuleError, StaleVersionError
from koers.core.exports import csv_response, xlsx_response
from koers.core.periods import Period, last_twelve_months
from koers.core.tables import Column, Filter, ListState, page_of
from koers.customers.models import Company
from koers.customers.models.company import CustomerClass, Phase
from koers.customers.queries.choices import owner_choices
from koers.organisation.policies import Right, may, require
from koers.organisation.requests import actor_of
from koers.plan.actions.visit_norm import (
    NormSetValues,
    NormValues,
    change_norms,
    remove_norms,
    set_norms,
)
from koers.plan.figures.visit_norm import seller_loads
from koers.plan.forms.visit_norm import NormSetForm, weekday_choices
from koers.plan.models import VisitNormSet
from koers.plan.queries.visit_norm import (
    customers_matching,
    customers_with_norm,
    norm_set_for,
    norm_sets,
    norms_of,
    norms_on,
)

MOST_EXPORTED = 10_000
STANDINGS = (
    ("behind", gettext_lazy("Fewer than the norm")), ("never", gettext_lazy("Not visited at all")), ("ahead", gettext_lazy("More than the norm")),
    ("exception", gettext_lazy("With an exception")), ("none", gettext_lazy("Without a norm")),
)  # fmt: skip
COLUMNS = (
    Column("name", gettext_lazy("Company"), "name"), Column("class", gettext_lazy("Class"), "customer_class"), Column("phase", gettext_lazy("Phase"), "phase"),
    Column("owner", gettext_lazy("Owner"), "owner__full_name"), Column("norm", gettext_lazy("Norm"), "norm", numeric=True),
    Column("actual", gettext_lazy("Visits made"), "actual", numeric=True), Column("gap", gettext_lazy("Difference"), "gap", numeric=True),
    Column("last", gettext_lazy("Last visit"), "last_visit"), Column("minutes", gettext_lazy("Minutes"), "norm_minutes", numeric=True, visible_by_default=False),
    Column("unit", gettext_lazy("Visit unit"), "norm_unit", numeric=True, visible_by_default=False), Column("days", gettext_lazy("Days"), visible_by_default=False),
)  # fmt: skip


def period_of_visits() -> tuple[Period, date]:
    """The twelve months up to today (or the end of older data), and the day whose norms hold."""
    today = analysis_day(timezone.localdate())
    return last_twelve_months(today), today


def visit_list(request: HttpRequest) -> HttpResponse:
    """Customers with norm and visits made, those that fell furthest behind first."""
    actor = actor_of(request)
    filters = (
        Filter("standing", _("Standing"), STANDINGS), Filter("class", _("Class"), CustomerClass.choices), Filter("phase", _("Phase"), Phase.choices),
        Filter("owner", _("Owner"), owner_choices(actor)),
    )  # fmt: skip
    state = ListState.from_request(request, columns=COLUMNS, default_sort="gap", filters=filters)
    period, day = period_of_visits()
    norm_set = norms_on(day)
    rows = customers_with_norm(actor, norms=norms_of(norm_set), period=period, day=day)
    rows = customers_matching(rows, q=state.q, choices=state.values)
    kind = request.GET.get("export", "")
    if kind in ("csv", "xlsx"):
        require(actor, Right.EXPORT)
        return _export(kind, state.ordered(rows)[:MOST_EXPORTED])
    context = {
        "state": state, "page": page_of(rows, state), "tabs": tabs("customers"), "period": period, "norm_set": norm_set,
        "may_edit": may(actor, Right.EDIT_TARGETS), "may_except": may(actor, Right.EDIT_CUSTOMERS), "days": dict(weekday_choices()),
        "export_url": state.query(page=None, export="csv") if may(actor, Right.EXPORT) else "",
    }  # fmt: skip
    return render(request, "plan/visit_norm/customers.html", context)


def _export(kind: str, rows: QuerySet[Company]) -> HttpResponse:
    heads = [_("Company"), _("Class"), _("Phase"), _("Owner"), _("Norm"), _("Visits made"), _("Difference"), _("Last visit"), _("Minutes"), _("Visit unit"), _("Days")]  # fmt: skip
    names = dict(weekday_choices())
    found: Any = rows
    cells = [
        [row.name, row.get_customer_class_display(), row.get_phase_display(), str(row.owner or ""), row.norm, row.actual, row.gap, row.last_visit,
         row.norm_minutes, row.norm_unit, days_words(row.norm_weekdays, names)]
        for row in found
    ]  # fmt: skip
    return (xlsx_response if kind == "xlsx" else csv_response)("visits", heads, cells)


def days_words(digits: str | None, names: dict[str, str]) -> str:
    """Days of the week in words."""
    return ", ".join(names[digit] for digit in digits or "")


def tabs(current: str) -> list[dict[str, object]]:
    """The pages of visit norms."""
    pages = [("customers", _("Per customer"), "plan:visit_list"), ("sellers", _("Per seller"), "plan:visit_sellers"), ("calendar", _("Calendar"), "plan:visit_calendar"), ("route", _("Route of the day"), "plan:day_route"), ("norms", _("Norms"), "plan:visit_norm_list")]  # fmt: skip
    return [
        {"label": label, "url": reverse(name), "current": key == current, "count": None}
        for key, label, name in pages
    ]


def visit_sellers(request: HttpRequest) -> HttpResponse:
    """What the norms ask of each seller in a year, and what was done."""
    actor = actor_of(request)
    period, day = period_of_visits()
    sellers, total = seller_loads(actor=actor, period=period, day=day)
    context = {
        "sellers": sellers, "total": total, "tabs": tabs("sellers"), "period": period, "norm_set": norms_on(day), "may_edit": may(actor, Right.EDIT_TARGETS),
    }  # fmt: skip
    return render(request, "plan/visit_norm/sellers.html", context)


def visit_norm_list(request: HttpRequest) -> HttpResponse:
    """The norms in force, and every version of them."""
    actor, today = actor_of(request), timezone.localdate()
    columns = [Column("start", _("In force from"), "starts_on"), Column("note", _("Note"), "note"), Column("by", _("Made by"), "made_by_name"), Column("made", _("Made"), "made_at")]  # fmt: skip
    state = ListState.from_request(request, columns=columns, default_sort="-start")
    now = norms_on(today)
    context = {
        "state": state, "page": page_of(norm_sets(actor), state), "tabs": tabs("norms"), "now": now, "rows": _grid(now), "today": today,
        "may_edit": may(actor, Right.EDIT_TARGETS),
    }  # fmt: skip
    return render(request, "plan/visit_norm/list.html", context)


def visit_norm_detail(request: HttpRequest, norm_set_id: int) -> HttpResponse:
    """One version; until it has been in force for a day it can be changed or taken back."""
    actor, today = actor_of(request), timezone.localdate()
    found = norm_set_for(actor=actor, norm_set_id=norm_set_id)
    may_edit = may(actor, Right.EDIT_TARGETS) and found.starts_on >= today
    context = {"norm_set": found, "rows": _grid(found), "may_edit": may_edit}
    return render(request, "plan/visit_norm/detail.html", context)


def _grid(norm_set: VisitNormSet | None) -> list[tuple[str, Any, list[tuple[str, int]], str]]:
    """A class with its norm, its other numbers of visits per phase, and its days."""
    names = dict(weekday_choices())
    norms = norms_of(norm_set)
    return [
        (str(CustomerClass(each.customer_class).label), each,
         [(str(Phase(other.phase).label), other.visits) for other in norms if other.phase and other.customer_class == each.customer_class],
         days_words(each.weekdays, names))
        for each in sorted(norms, key=lambda norm: CustomerClass.values.index(norm.customer_class)) if not each.phase
    ]  # fmt: skip


def visit_norm_create(request: HttpRequest) -> HttpResponse:
    """Set norms from a day on; the form starts with those in force."""
    actor, today = actor_of(request), timezone.localdate()
    require(actor, Right.EDIT_TARGETS)
    now = norms_on(today)
    initial = {
        "starts_on": today, "travel_minutes": now.travel_minutes if now else 30, "waiting_minutes": now.waiting_minutes if now else 15,
    }  # fmt: skip
    form = NormSetForm(request.POST or None, initial=initial, norms=norms_of(now) if now else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = set_norms(actor=actor, values=_values(form), at=timezone.now())
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The norms have been set."))
            return redirect("plan:visit_norm_detail", norm_set_id=made.pk)
    context = {"form": form, "title": _("New norms"), "cancel_url": reverse("plan:visit_norm_list")}
    return render(request, "plan/visit_norm/form.html", context, status=400 if form.errors else 200)


def visit_norm_edit(request: HttpRequest, norm_set_id: int) -> HttpResponse:
    """Change norms that have not been in force for a day yet."""
    actor = actor_of(request)
    require(actor, Right.EDIT_TARGETS)
    found = norm_set_for(actor=actor, norm_set_id=norm_set_id)
    names = ("starts_on", "travel_minutes", "waiting_minutes", "note", "version")
    initial = {name: getattr(found, name) for name in names}
    form = NormSetForm(request.POST or None, initial=initial, norms=norms_of(found))
    url = reverse("plan:visit_norm_detail", args=[found.pk])
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            change_norms(
                actor=actor, norm_set_id=found.pk, version=form.cleaned_data["version"] or found.version, values=_values(form), at=timezone.now()
            )  # fmt: skip
        except StaleVersionError:
            form.add_error(None, _("Somebody else changed these norms meanwhile. Open them again to see the change, then make yours."))  # fmt: skip
            status = 409
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect(url)
    context = {"form": form, "title": _("Change norms"), "cancel_url": url}
    return render(request, "plan/visit_norm/form.html", context, status=status if status == 409 or not form.errors else 400)  # fmt: skip


@require_POST
def visit_norm_remove(request: HttpRequest, norm_set_id: int) -> HttpResponse:
    """Take back norms that have not been in force for a day yet."""
    remove_norms(actor=actor_of(request), norm_set_id=norm_set_id, at=timezone.now())
    messages.success(request, _("The norms have been removed."))
    return redirect("plan:visit_norm_list")


def _values(form: NormSetForm) -> NormSetValues:
    head, norms = form.values()
    return NormSetValues(**head, norms=_built(norms))


def _built(norms: Sequence[dict[str, Any]]) -> list[NormValues]:
    return [NormValues(**each) for each in norms]
