"""How is an opportunity written down, changed, put in the bin and taken out again?"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from koers.catalogue.queries.price_list import product_words
from koers.core.clashes import kept, show_clash
from koers.core.entry import record_key
from koers.core.errors import RuleError, StaleVersionError
from koers.core.tables import Column, ListState, page_of
from koers.customers.models import Company
from koers.customers.queries.company import company_for
from koers.organisation.policies import Right, require
from koers.organisation.requests import actor_of
from koers.sell.actions.opportunity import (
    OpportunityValues,
    bin_opportunity,
    change_opportunity,
    create_opportunity,
    make_first_pipeline,
    restore_opportunity,
    undo_opportunity_change,
)
from koers.sell.forms.activity import company_words
from koers.sell.forms.opportunity import NewOpportunityForm, OpportunityForm
from koers.sell.models import Opportunity
from koers.sell.queries.opportunity import (
    binned_opportunities,
    first_open_stage,
    opportunity_for,
)

BIN_COLUMNS = (
    Column("name", gettext_lazy("Opportunity"), "name"), Column("company", gettext_lazy("Customer"), "company__name"),
    Column("amount", gettext_lazy("Amount"), "amount", numeric=True), Column("at", gettext_lazy("In the bin since"), "deleted_at"),
    Column("back", gettext_lazy("Restore")),
)  # fmt: skip


def opportunity_create(request: HttpRequest) -> HttpResponse:
    """Write down a new opportunity, for the company in the address."""
    actor = actor_of(request)
    require(actor, Right.EDIT_CUSTOMERS)
    company = _company(request)
    if first_open_stage() is None:
        make_first_pipeline(actor=actor, at=timezone.now())
    first = {
        "company": company and company_words(company), "stage": first_open_stage(request.GET.get("stage", "")),
        "owner": company.owner_id if company and company.owner_id else actor.user_id,
    }  # fmt: skip
    form = NewOpportunityForm(request.POST or None, actor=actor, initial=first)
    if request.method == "POST" and form.is_valid():
        values = OpportunityValues(**form.values(), stage=form.cleaned_data["stage"])
        try:
            made = create_opportunity(
                actor=actor, values=values, next_step=form.step(), at=timezone.now()
            )
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The opportunity has been written down."))
            return redirect("sell:opportunity_detail", opportunity_id=made.pk)
    cancel = (
        reverse("customers:company_detail", args=[company.pk])
        if company
        else reverse("sell:opportunity_list")
    )
    context = {"form": form, "title": _("New opportunity"), "cancel_url": cancel}
    return render(
        request, "sell/opportunity/form.html", context, status=400 if form.errors else 200
    )


def opportunity_edit(request: HttpRequest, opportunity_id: int) -> HttpResponse:
    """Change an opportunity; a clash shows the three values."""
    actor = actor_of(request)
    deal = opportunity_for(actor=actor, opportunity_id=opportunity_id)
    require(actor, Right.EDIT_CUSTOMERS)
    form = OpportunityForm(
        request.POST or None, actor=actor, opportunity=deal, initial=_initial(deal)
    )
    url = reverse("sell:opportunity_detail", args=[deal.pk])
    context: dict[str, Any] = {"form": form, "title": deal.name, "cancel_url": url}
    if request.method == "POST" and form.is_valid():
        try:
            change_opportunity(
                actor=actor, opportunity_id=deal.pk, values=kept(request.POST, form.values(), deal),
                version=form.cleaned_data["version"] or deal.version, at=timezone.now(),
            )  # fmt: skip
        except StaleVersionError as clash:
            context["clashes"] = show_clash(form, clash, version=deal.version)
            return render(request, "sell/opportunity/form.html", context, status=409)
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            undo = reverse("sell:opportunity_undo", args=[deal.pk])
            messages.success(request, _("Saved."), extra_tags=undo)
            return redirect(url)
    return render(
        request, "sell/opportunity/form.html", context, status=400 if form.errors else 200
    )


@require_POST
def opportunity_undo(request: HttpRequest, opportunity_id: int) -> HttpResponse:
    """Take back one's own last change."""
    undo_opportunity_change(
        actor=actor_of(request), opportunity_id=opportunity_id, at=timezone.now()
    )
    messages.success(request, _("Undone."))
    if request.GET.get("next") == "board":
        return redirect("sell:opportunity_board")
    return redirect("sell:opportunity_detail", opportunity_id=opportunity_id)


@require_POST
def opportunity_bin(request: HttpRequest, opportunity_id: int) -> HttpResponse:
    """Put it in the bin, with a way back."""
    bin_opportunity(actor=actor_of(request), opportunity_id=opportunity_id, at=timezone.now())
    undo = reverse("sell:opportunity_restore", args=[opportunity_id])
    messages.success(request, _("The opportunity is in the bin."), extra_tags=undo)
    return redirect("sell:opportunity_list")


@require_POST
def opportunity_restore(request: HttpRequest, opportunity_id: int) -> HttpResponse:
    """Take it out of the bin."""
    restore_opportunity(actor=actor_of(request), opportunity_id=opportunity_id, at=timezone.now())
    messages.success(request, _("The opportunity is back."))
    return redirect("sell:opportunity_detail", opportunity_id=opportunity_id)


def opportunity_bin_list(request: HttpRequest) -> HttpResponse:
    """Opportunities in the bin, the latest first."""
    actor = actor_of(request)
    require(actor, Right.EDIT_CUSTOMERS)
    state = ListState.from_request(request, columns=BIN_COLUMNS, default_sort="-at")
    rows = binned_opportunities(actor)
    if state.q:
        rows = rows.filter(name__istartswith=state.q)
    context = {"state": state, "page": page_of(rows, state)}
    return render(request, "sell/opportunity/bin.html", context)


def _company(request: HttpRequest) -> Company | None:
    key = record_key(request.GET.get("company", ""))
    return None if key is None else company_for(actor=actor_of(request), company_id=key)


def _initial(deal: Opportunity) -> dict[str, Any]:
    return {
        "name": deal.name, "company": deal.company and company_words(deal.company), "amount": deal.amount,
        "product": deal.product and product_words(deal.product), "expected_close_on": deal.expected_close_on,
        "owner": deal.owner_id, "competitor": deal.competitor, "need": deal.need, "buying_process": deal.buying_process, "version": deal.version,
    }  # fmt: skip
