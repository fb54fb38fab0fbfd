"""How are estimates entered per customer, and what is assumed of those without one?"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from koers.analyse.queries.analysis_day import analysis_day
from koers.analyse.queries.currency import reporting_currency
from koers.core.actor import Actor
from koers.core.entry import record_key
from koers.core.errors import NotFoundError, RuleError, StaleVersionError
from koers.core.periods import last_twelve_months
from koers.core.tables import Column, Filter, ListState, page_of
from koers.customers.models.company import CustomerClass
from koers.customers.queries.choices import owner_choices
from koers.organisation.policies import Right, may, require
from koers.organisation.requests import actor_of
from koers.plan.actions.effort import EstimateRefusedError, save_estimates, set_class_curves
from koers.plan.forms.effort import ClassCurvesForm, EstimatesForm
from koers.plan.queries.effort import class_curves, customers_to_divide, customers_to_estimate
from koers.plan.queries.visit_norm import norms_on
from koers.plan.views.effort import tabs

MOST_ROWS = 200
SOURCES = (("estimate", gettext_lazy("Own estimate")), ("class", gettext_lazy("By class")), ("none", gettext_lazy("Left out")))  # fmt: skip
COLUMNS = (
    Column("name", gettext_lazy("Company"), "name"), Column("class", gettext_lazy("Class"), "customer_class"),
    Column("turnover", gettext_lazy("Turnover"), "turnover_12m", numeric=True), Column("visits", gettext_lazy("Visits"), "now_visits", numeric=True),
    Column("none", gettext_lazy("No visits")), Column("half", gettext_lazy("Half as many")), Column("more", gettext_lazy("1½ times as many")),
    Column("most", gettext_lazy("Endless")), Column("least", gettext_lazy("At least")), Column("limit", gettext_lazy("At most")),
)  # fmt: skip


def effort_estimates(request: HttpRequest) -> HttpResponse:
    """Customers with last year's turnover and visits, and four estimates each; the curves per class."""
    actor = actor_of(request)
    require(actor, Right.READ_TARGETS)
    filters = (Filter("source", _("Curve"), SOURCES), Filter("class", _("Class"), CustomerClass.choices), Filter("owner", _("Owner"), [each for each in owner_choices(actor) if each[0] != "none"]))  # fmt: skip
    state = ListState.from_request(request, columns=COLUMNS, default_sort="-turnover", filters=filters)  # fmt: skip
    day = analysis_day(timezone.localdate())
    norm_set, assumed = norms_on(day), class_curves()
    rows = customers_to_divide(actor, norm_set=norm_set, day=day)
    page = page_of(customers_to_estimate(rows, q=state.q, choices=state.values), state)
    what = request.POST.get("what", "") if request.method == "POST" else ""
    companies = _posted(request, rows) if what == "customers" else page.rows
    form = EstimatesForm(request.POST if what == "customers" else None, companies=companies, assumed=assumed)  # fmt: skip
    classes = ClassCurvesForm(request.POST if what == "classes" else None, assumed=assumed)
    status = 200
    if request.method == "POST":
        if _saved(request, actor, form, classes, what):
            return redirect(request.get_full_path())
        status = 400
    context: dict[str, Any] = {
        "state": state, "page": page, "form": form, "classes": classes, "assumed": assumed, "tabs": tabs("estimates"), "norm_set": norm_set,
        "may_edit": may(actor, Right.EDIT_CUSTOMERS), "may_assume": may(actor, Right.EDIT_TARGETS), "currency": reporting_currency(),
        "period": last_twelve_months(day), "any_start": any(each.is_start for each in assumed.values()), "open_classes": what == "classes",
    }  # fmt: skip
    return render(request, "plan/effort/estimates.html", context, status=status)


def _posted(request: HttpRequest, rows: Any) -> list[Any]:
    """The customers that stood on the page that was posted, in its order, whatever the list holds by now."""
    keys = [
        key for text in request.POST.getlist("company")[:MOST_ROWS] if (key := record_key(text))
    ]
    found = rows.in_bulk(keys)
    if set(keys) - set(found):
        raise NotFoundError(_("This company does not exist."))
    return [found[key] for key in keys]


def _saved(
    request: HttpRequest, actor: Actor, form: EstimatesForm, classes: ClassCurvesForm, what: str
) -> bool:
    """Keep what was posted; False with the errors in the form where it cannot be."""
    require(actor, Right.EDIT_TARGETS if what == "classes" else Right.EDIT_CUSTOMERS)
    asked: Any = classes if what == "classes" else form
    if not asked.is_valid():
        return False
    try:
        if what == "classes":
            changed = set_class_curves(actor=actor, rows=classes.values(), at=timezone.now())
        else:
            changed = save_estimates(actor=actor, rows=form.changed(), at=timezone.now())
    except EstimateRefusedError as refusal:
        form.add_error(f"none-{refusal.company_id}", str(refusal))
        return False
    except StaleVersionError:
        asked.add_error(None, _("Somebody else changed these estimates meanwhile. Open the page again to see the change, then make yours."))  # fmt: skip
        return False
    except RuleError as refusal:
        asked.add_error(None, str(refusal))
        return False
    words = ngettext("%(number)d line has been saved.", "%(number)d lines have been saved.", changed) if changed else _("Nothing was changed.")  # fmt: skip
    messages.success(request, words % {"number": changed} if changed else words)
    return True
