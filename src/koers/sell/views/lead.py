"""How are leads listed, written down, followed, disqualified and converted?"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from koers.core.clashes import kept, show_clash
from koers.core.errors import RuleError, StaleVersionError
from koers.core.tables import Column, Filter, ListState, page_of
from koers.customers.queries.choices import owner_choices
from koers.organisation.policies import Right, may, require
from koers.organisation.requests import actor_of
from koers.sell.actions.lead import (
    LeadRefusedError,
    add_lead,
    change_lead,
    disqualify_lead,
    take_up_lead,
)
from koers.sell.actions.lead_conversion import convert_lead, undo_conversion
from koers.sell.actions.opportunity import make_first_pipeline
from koers.sell.forms.lead import ConversionForm, DisqualifyForm, LeadForm
from koers.sell.models import Lead, LeadSource, LeadStatus
from koers.sell.queries.lead import (
    companies_like,
    contacts_like,
    lead_for,
    leads_like,
    leads_matching,
    open_opportunities_like,
)
from koers.sell.queries.lead_score import points_of
from koers.sell.queries.opportunity import first_open_stage
from koers.sell.queries.web_form import suspect_leads, web_form_choices

COLUMNS = (
    Column("name", pgettext_lazy("possible customer", "Lead"), "company_name"), Column("person", gettext_lazy("Person"), "last_name"),
    Column("score", gettext_lazy("Score"), "score", numeric=True), Column("status", gettext_lazy("Status"), "status"),
    Column("source", gettext_lazy("Source"), "source"), Column("owner", gettext_lazy("Owner"), "owner__full_name"),
    Column("received", gettext_lazy("Received on"), "received_on"), Column("city", gettext_lazy("Town"), "city", visible_by_default=False),
    Column("cost", gettext_lazy("Cost of this lead"), "cost", numeric=True, visible_by_default=False),
)  # fmt: skip


def lead_list(request: HttpRequest) -> HttpResponse:
    """Leads one may see, the most promising first."""
    actor = actor_of(request)
    statuses: list[tuple[str, Any]] = [("open", _("Open")), *LeadStatus.choices]
    filters = (
        Filter("status", _("Status"), statuses), Filter("source", _("Source"), LeadSource.choices), Filter("owner", _("Owner"), owner_choices(actor)),
        Filter("form", _("Web form"), web_form_choices()),
    )  # fmt: skip
    state = ListState.from_request(request, columns=COLUMNS, default_sort="-score", filters=filters)
    rows = leads_matching(actor, q=state.q, choices=state.values)
    context = {
        "state": state, "page": page_of(rows, state), "may_edit": may(actor, Right.EDIT_CUSTOMERS),
        "may_rule": may(actor, Right.EDIT_RULES), "may_form": may(actor, Right.EDIT_WEB_FORMS), "suspect": suspect_leads(actor),
    }  # fmt: skip
    return render(request, "sell/lead/list.html", context)


def lead_create(request: HttpRequest) -> HttpResponse:
    """Write a lead down; it is given to somebody at once."""
    actor = actor_of(request)
    require(actor, Right.EDIT_CUSTOMERS)
    form = LeadForm(request.POST or None, actor=actor, initial={"received_on": timezone.localdate()})  # fmt: skip
    context: dict[str, Any] = {"form": form, "title": _("New lead"), "cancel_url": reverse("sell:lead_list")}  # fmt: skip
    if request.method == "POST" and form.is_valid():
        context |= _twins(request, form)
        if context["lead_twins"] or context["company_twins"]:
            return render(request, "sell/lead/form.html", context)
        try:
            lead = add_lead(actor=actor, values=form.values(), at=timezone.now())
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _given(lead))
            return redirect("sell:lead_detail", lead_id=lead.pk)
    return render(request, "sell/lead/form.html", context, status=400 if form.errors else 200)


def _twins(request: HttpRequest, form: LeadForm) -> dict[str, Any]:
    """Leads and companies this may be already, until the user said it is another one."""
    if request.POST.get("confirmed"):
        return {"lead_twins": [], "company_twins": []}
    actor, lead = actor_of(request), Lead(**form.values())
    return {"lead_twins": leads_like(actor, lead), "company_twins": companies_like(actor, lead)}


def _given(lead: Lead) -> str:
    if lead.owner is None or not lead.proposed_because:
        return _("The lead has been written down.") if lead.web_form_id is None else _("The lead counts as a real one.")  # fmt: skip
    return _("Given to %(owner)s: %(reason)s.") % {
        "owner": lead.owner,
        "reason": lead.proposed_because,
    }


def lead_detail(request: HttpRequest, lead_id: int) -> HttpResponse:
    """One lead: what is known, why it scores so, what can be done with it."""
    actor = actor_of(request)
    lead = lead_for(actor=actor, lead_id=lead_id)
    twins = companies_like(actor, lead) if lead.is_undecided else []
    context = {
        "lead": lead, "points": points_of(lead), "form": DisqualifyForm(), "twins": twins,
        "lead_twins": leads_like(actor, lead) if lead.is_undecided else [],
        "may_edit": may(actor, Right.EDIT_CUSTOMERS),
    }  # fmt: skip
    return render(request, "sell/lead/detail.html", context)


def lead_edit(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Change a lead; a clash shows the three values."""
    actor = actor_of(request)
    lead = lead_for(actor=actor, lead_id=lead_id)
    require(actor, Right.EDIT_CUSTOMERS)
    initial = {name: getattr(lead, name) for name in LeadForm.base_fields}
    form = LeadForm(request.POST or None, actor=actor, initial=initial)
    url = reverse("sell:lead_detail", args=[lead.pk])
    context: dict[str, Any] = {"form": form, "title": str(lead), "cancel_url": url}
    if request.method == "POST" and form.is_valid():
        try:
            change_lead(
                actor=actor, lead_id=lead.pk, version=form.cleaned_data["version"] or lead.version,
                values=kept(request.POST, form.values(), lead), at=timezone.now(),
            )  # fmt: skip
        except StaleVersionError as clash:
            context["clashes"] = show_clash(form, clash, version=lead.version)
            return render(request, "sell/lead/form.html", context, status=409)
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect(url)
    return render(request, "sell/lead/form.html", context, status=400 if form.errors else 200)


@require_POST
def lead_take_up(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Begin to work on it, or take it up again."""
    lead = take_up_lead(actor=actor_of(request), lead_id=lead_id, at=timezone.now())
    messages.success(request, _given(lead) if lead.status == LeadStatus.NEW else _("The lead is in progress."))  # fmt: skip
    return redirect("sell:lead_detail", lead_id=lead_id)


@require_POST
def lead_disqualify(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Say why it will not become a customer, with a way back."""
    actor = actor_of(request)
    lead = lead_for(actor=actor, lead_id=lead_id)
    form = DisqualifyForm(request.POST)
    if not form.is_valid():
        context = {
            "lead": lead, "points": points_of(lead), "form": form, "twins": [], "may_edit": may(actor, Right.EDIT_CUSTOMERS),
        }  # fmt: skip
        require(actor, Right.EDIT_CUSTOMERS)
        return render(request, "sell/lead/detail.html", context, status=400)
    disqualify_lead(
        actor=actor, lead_id=lead_id, reason=form.cleaned_data["reason"], at=timezone.now()
    )
    undo = reverse("sell:lead_take_up", args=[lead_id])
    messages.success(request, _("The lead has been disqualified."), extra_tags=undo)
    return redirect("sell:lead_list")


def lead_convert(request: HttpRequest, lead_id: int) -> HttpResponse:
    """One dialog: company, contact and opportunity, each new or existing; what is alike is shown first."""
    actor = actor_of(request)
    lead = lead_for(actor=actor, lead_id=lead_id)
    require(actor, Right.EDIT_CUSTOMERS)
    if not lead.is_open:
        raise LeadRefusedError(_("This lead has been decided already."))
    if first_open_stage() is None:
        make_first_pipeline(actor=actor, at=timezone.now())
    companies = companies_like(actor, lead)
    form = ConversionForm(
        request.POST or None, actor=actor, lead=lead, companies=companies, contacts=contacts_like(actor, lead),
        opportunities=open_opportunities_like(actor, companies), initial={"name": lead.need[:80], "stage": first_open_stage()},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            convert_lead(
                actor=actor, lead_id=lead.pk, conversion=form.conversion(), at=timezone.now()
            )
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            undo = reverse("sell:lead_unconvert", args=[lead.pk])
            messages.success(request, _("The lead has been converted."), extra_tags=undo)
            return redirect("sell:lead_detail", lead_id=lead.pk)
    context = {"form": form, "lead": lead, "companies": companies}
    return render(request, "sell/lead/convert.html", context, status=400 if form.errors else 200)


@require_POST
def lead_unconvert(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Take a conversion back; what it made goes to the bin."""
    undo_conversion(actor=actor_of(request), lead_id=lead_id, at=timezone.now())
    messages.success(request, _("Undone: the lead is in progress again."))
    return redirect("sell:lead_detail", lead_id=lead_id)
