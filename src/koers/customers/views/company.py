"""How are companies listed, shown, changed and put in the bin?"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from koers.core.actor import Actor
from koers.core.clashes import kept, show_clash
from koers.core.errors import RuleError, StaleVersionError
from koers.core.exports import csv_response, xlsx_response
from koers.core.models import SavedView
from koers.core.navigation import address
from koers.core.tables import Column, Filter, ListState, page_of
from koers.customers.actions.company import (
    add_company,
    change_company,
    delete_company,
    restore_company,
)
from koers.customers.actions.saved_view import drop_view, save_view
from koers.customers.forms.company import CompanyForm
from koers.customers.models import Company, CustomerClass, Phase
from koers.customers.queries.choices import (
    owner_choices,
    segment_choices,
    territory_choices,
    unit_choices,
)
from koers.customers.queries.company import alike, companies_matching, company_file, company_for
from koers.organisation.policies import Right, may, require
from koers.organisation.queries.organisation import base_currency
from koers.organisation.requests import actor_of

PAGE = "customers:company_list"
MOST_EXPORTED = 200_000
COLUMNS = (
    Column("name", gettext_lazy("Company"), "name"), Column("class", gettext_lazy("Class"), "customer_class"), Column("phase", gettext_lazy("Phase"), "phase"),
    Column("owner", gettext_lazy("Account manager"), "owner__full_name"), Column("segment", gettext_lazy("Segment"), "segment__name"),
    Column("city", gettext_lazy("City"), "city"), Column("territory", gettext_lazy("Territory"), "territory__name", visible_by_default=False),
    Column("business_unit", gettext_lazy("Business unit"), "business_unit__name", visible_by_default=False),
    Column("turnover", gettext_lazy("Turnover, 12 months"), "turnover_12m", numeric=True),
    Column("contribution", gettext_lazy("Contribution"), "contribution_12m", numeric=True, visible_by_default=False),
    Column("last_order", gettext_lazy("Last order"), "last_order_on"), Column("country", gettext_lazy("Country"), "country", visible_by_default=False),
    Column("email", gettext_lazy("E-mail"), "", visible_by_default=False), Column("phone", gettext_lazy("Phone"), "", visible_by_default=False),
)  # fmt: skip


def list_state(request: HttpRequest) -> ListState:
    """The list's order, filters and columns as the address asks for them."""
    actor = actor_of(request)
    columns = (
        COLUMNS
        if may(actor, Right.SEE_COST)
        else tuple(each for each in COLUMNS if each.name != "contribution")
    )
    filters = (
        Filter("owner", _("Account manager"), owner_choices(actor)), Filter("class", _("Class"), CustomerClass.choices), Filter("phase", _("Phase"), Phase.choices),
        Filter("segment", _("Segment"), segment_choices()), Filter("territory", _("Territory"), territory_choices()),
    )  # fmt: skip
    return ListState.from_request(request, columns=columns, default_sort="name", filters=filters)


def company_list(request: HttpRequest) -> HttpResponse:
    """Companies one may see, with views, filters, bulk changes and export of what is shown."""
    actor, state = actor_of(request), list_state(request)
    rows = companies_matching(actor, q=state.q, choices=state.values)
    if request.GET.get("export"):
        return _export(request, state, rows)
    views = SavedView.objects.filter(page=PAGE, shared=True) | SavedView.objects.filter(
        page=PAGE, owner_id=actor.user_id
    )
    context = {
        "state": state, "page": page_of(rows, state, walk=_walked(actor, state)), "currency": base_currency(), "may_edit": may(actor, Right.EDIT_CUSTOMERS),
        "may_reassign": may(actor, Right.REASSIGN_CUSTOMERS), "may_export": may(actor, Right.EXPORT), "saved_views": views,
        "save_view_url": reverse("customers:view_save"), "bulk_fields": _bulk_fields(actor),
        "export_csv": _with(state.query(), "export=csv"), "export_xlsx": _with(state.query(), "export=xlsx"), "list_query": request.GET.urlencode(),
    }  # fmt: skip
    return render(request, "customers/company/list.html", context)


def _walked(actor: Actor, state: ListState) -> Callable[[int], QuerySet[Company]] | None:
    """The same companies by the order's index, unless an index serves filter and order at once."""
    if state.sort == "turnover" and not state.q:
        filters = ("class", "phase", "segment", "territory")
        if any(state.value(name) for name in filters):
            return None
    if not state.q or state.sort not in ("name", "city"):
        return lambda _number: companies_matching(actor, q=state.q, choices=state.values, walk=True)

    def first(number: int) -> QuerySet[Company]:
        """Names and towns lie together in this order: the first of either, each from its own index."""
        rows = companies_matching(actor, q="", choices=state.values, walk=True)
        heads = [
            state.ordered(rows.filter(**{f"{column}__istartswith": state.q})).values("pk")[:number]
            for column in ("name", "city")
        ]
        return rows.filter(Q(pk__in=heads[0]) | Q(pk__in=heads[1]))

    return first


def _bulk_fields(actor: Actor) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """What can be given to many companies at once: field, its word, its choices."""
    if not may(actor, Right.REASSIGN_CUSTOMERS):
        return []
    clear = [("none", _("– none –"))]
    owners = [each for each in owner_choices(actor) if each[0] != "none"]
    return [
        ("owner_id", _("Account manager"), (clear if actor.sees_all else []) + owners),
        ("segment_id", _("Segment"), clear + segment_choices()),
        ("territory_id", _("Territory"), clear + territory_choices()),
        ("business_unit_id", _("Business unit"), clear + unit_choices()),
    ]


def _with(url: str, more: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}{more}"


def _export(request: HttpRequest, state: ListState, rows: Any) -> HttpResponse:
    require(actor_of(request), Right.EXPORT)
    read: dict[str, Callable[[Company], object]] = {
        "name": lambda c: c.name, "class": lambda c: c.get_customer_class_display(), "phase": lambda c: c.get_phase_display(),
        "owner": lambda c: str(c.owner or ""), "segment": lambda c: str(c.segment or ""), "city": lambda c: c.city,
        "territory": lambda c: str(c.territory or ""), "business_unit": lambda c: str(c.business_unit or ""), "turnover": lambda c: c.turnover_12m, "contribution": lambda c: c.contribution_12m,
        "last_order": lambda c: c.last_order_on, "country": lambda c: c.country, "email": lambda c: c.email, "phone": lambda c: c.phone,
    }  # fmt: skip
    shown = state.shown_columns
    lines = (
        [read[column.name](company) for column in shown]
        for company in state.ordered(rows)[:MOST_EXPORTED].iterator(chunk_size=2000)
    )
    heads = [str(column.label) for column in shown]
    name = str(_("companies"))
    return (
        xlsx_response(name, heads, lines)
        if request.GET["export"] == "xlsx"
        else csv_response(name, heads, lines)
    )


def company_detail(request: HttpRequest, company_id: int) -> HttpResponse:
    """Everything of one customer; orders and history come from the stages that own them."""
    actor = actor_of(request)
    company = company_for(actor=actor, company_id=company_id)
    context = {
        "company": company, "file": company_file(actor=actor, company=company, today=timezone.localdate()), "currency": base_currency(),
        "sees_cost": may(actor, Right.SEE_COST), "may_edit": may(actor, Right.EDIT_CUSTOMERS), "may_delete": may(actor, Right.REASSIGN_CUSTOMERS),
        "history_url": _address("analyse:company_history", company.pk), "value_url": _address("analyse:company_value", company.pk), "orders_url": _address("sell:company_orders", company.pk),
        "activities_url": _address("sell:company_activities", company.pk),
        "opportunities_url": _address("sell:company_opportunities", company.pk), "feedback_url": _address("serve:company_feedback", company.pk),
        "wallet_url": _address("analyse:company_wallet", company.pk), "health_url": _address("analyse:company_health", company.pk),
        "figure_url": _figure(company), "list_url": reverse(PAGE),
        "reads_url": f"{address('home:read_list')}?noun=company&id={company.pk}" if may(actor, Right.HANDLE_PRIVACY) else "",
    }  # fmt: skip
    return render(request, "customers/company/detail.html", context)


def _address(name: str, company_id: int) -> str:
    return reverse(name, args=[company_id])


def _figure(company: Company) -> str:
    return f"{address('analyse:lines')}?company={company.pk}&period=12m"


def company_create(request: HttpRequest) -> HttpResponse:
    """Add a company, after a warning when it may exist already."""
    actor = actor_of(request)
    require(actor, Right.EDIT_CUSTOMERS)
    form = CompanyForm(request.POST or None, actor=actor)
    context: dict[str, Any] = {"form": form, "title": _("New company"), "cancel_url": reverse(PAGE)}
    if request.method == "POST" and form.is_valid():
        context["twins"] = _twins(request, form, but=None)
        if not context["twins"]:
            company = add_company(actor=actor, values=form.values(), at=timezone.now())
            messages.success(request, _("The company has been added."))
            return redirect("customers:company_detail", company_id=company.pk)
    return render(
        request, "customers/company/form.html", context, status=400 if form.errors else 200
    )


def _twins(request: HttpRequest, form: CompanyForm, *, but: int | None) -> list[Company]:
    data = form.cleaned_data
    if request.POST.get("confirmed"):
        return []
    return alike(
        actor=actor_of(request),
        name=data["name"],
        registration_number=data["registration_number"],
        vat_number=data["vat_number"],
        email=data["email"],
        but=but,
    )


def company_edit(request: HttpRequest, company_id: int) -> HttpResponse:
    """Change a company; a clash with somebody else's change shows the three values."""
    actor = actor_of(request)
    require(actor, Right.EDIT_CUSTOMERS)
    company = company_for(actor=actor, company_id=company_id)
    initial = {name: getattr(company, name) for name in CompanyForm.base_fields}
    form = CompanyForm(request.POST or None, actor=actor, initial=initial)
    context: dict[str, Any] = {
        "form": form,
        "title": company.name,
        "cancel_url": reverse("customers:company_detail", args=[company.pk]),
    }
    if request.method == "POST" and form.is_valid():
        try:
            change_company(
                actor=actor,
                company_id=company.pk,
                version=form.cleaned_data["version"] or company.version,
                values=kept(request.POST, form.values(), company),
                at=timezone.now(),
            )
        except StaleVersionError as clash:
            context["clashes"] = show_clash(form, clash, version=company.version)
            return render(request, "customers/company/form.html", context, status=409)
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("customers:company_detail", company_id=company.pk)
    return render(
        request, "customers/company/form.html", context, status=400 if form.errors else 200
    )


@require_POST
def company_delete(request: HttpRequest, company_id: int) -> HttpResponse:
    """Put a company in the bin, with a way back."""
    delete_company(actor=actor_of(request), company_id=company_id, at=timezone.now())
    messages.success(
        request,
        _("The company is in the bin."),
        extra_tags=reverse("customers:company_restore", args=[company_id]),
    )
    return redirect(PAGE)


@require_POST
def company_restore(request: HttpRequest, company_id: int) -> HttpResponse:
    """Take a company out of the bin."""
    restore_company(actor=actor_of(request), company_id=company_id, at=timezone.now())
    messages.success(request, _("The company is back."))
    return redirect("customers:company_detail", company_id=company_id)


@require_POST
def view_save(request: HttpRequest) -> HttpResponse:
    """Keep the list as it is under a name."""
    name = request.POST.get("name", "").strip()
    query = request.POST.get("query", "")
    if name:
        save_view(
            actor=actor_of(request),
            page=PAGE,
            name=name,
            query=query,
            shared=bool(request.POST.get("shared")),
        )
    return redirect(f"{reverse(PAGE)}?{query}" if query else PAGE)


@require_POST
def view_drop(request: HttpRequest, view_id: int) -> HttpResponse:
    """Drop one's own view."""
    drop_view(actor=actor_of(request), view_id=view_id)
    return redirect(PAGE)
