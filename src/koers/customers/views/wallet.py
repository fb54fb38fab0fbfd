"""How is what a customer buys a year entered, corrected and removed?"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from koers.core.clashes import kept, show_clash
from koers.core.errors import RuleError, StaleVersionError
from koers.customers.actions.wallet import (
    add_wallet,
    change_wallet,
    delete_wallet,
    restore_wallet,
)
from koers.customers.forms.wallet import WalletForm
from koers.customers.models import Company
from koers.customers.queries.company import company_for
from koers.customers.queries.wallet import wallet_for
from koers.organisation.policies import Right, require
from koers.organisation.queries.organisation import base_currency
from koers.organisation.requests import actor_of

TEMPLATE = "customers/wallet/form.html"


def _page(form: WalletForm, company: Company, **more: Any) -> dict[str, Any]:
    back = reverse("customers:company_detail", args=[company.pk])
    return {"form": form, "company": company, "title": _("What the customer buys a year"), "cancel_url": back, **more}  # fmt: skip


def wallet_create(request: HttpRequest, company_id: int) -> HttpResponse:
    """Write down what a customer buys a year."""
    actor, today = actor_of(request), timezone.localdate()
    require(actor, Right.EDIT_CUSTOMERS)
    company = company_for(actor=actor, company_id=company_id)
    first = {"day": today, "currency": base_currency()}
    form = WalletForm(request.POST or None, today=today, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            add_wallet(actor=actor, company_id=company.pk, values=form.values(), today=today, at=timezone.now())  # fmt: skip
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("customers:company_detail", company_id=company.pk)
    return render(request, TEMPLATE, _page(form, company), status=400 if form.errors else 200)


def wallet_edit(request: HttpRequest, wallet_id: int) -> HttpResponse:
    """Correct a record; a clash with somebody else's change shows the three values."""
    actor, today = actor_of(request), timezone.localdate()
    require(actor, Right.EDIT_CUSTOMERS)
    wallet = wallet_for(actor=actor, wallet_id=wallet_id)
    initial = {name: getattr(wallet, name) for name in WalletForm.base_fields}
    form = WalletForm(request.POST or None, today=today, initial=initial)
    context = _page(form, wallet.company, wallet=wallet)
    if request.method == "POST" and form.is_valid():
        try:
            change_wallet(
                actor=actor, wallet_id=wallet.pk, version=form.cleaned_data["version"] or wallet.version,
                values=kept(request.POST, form.values(), wallet), today=today, at=timezone.now(),
            )  # fmt: skip
        except StaleVersionError as clash:
            context["clashes"] = show_clash(form, clash, version=wallet.version)
            return render(request, TEMPLATE, context, status=409)
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("customers:company_detail", company_id=wallet.company_id)
    return render(request, TEMPLATE, context, status=400 if form.errors else 200)


@require_POST
def wallet_delete(request: HttpRequest, wallet_id: int) -> HttpResponse:
    """Put a record in the bin, with a way back."""
    wallet = delete_wallet(actor=actor_of(request), wallet_id=wallet_id, at=timezone.now())
    messages.success(request, _("Put in the bin."), extra_tags=reverse("customers:wallet_restore", args=[wallet.pk]))  # fmt: skip
    return redirect("customers:company_detail", company_id=wallet.company_id)


@require_POST
def wallet_restore(request: HttpRequest, wallet_id: int) -> HttpResponse:
    """Take a record out of the bin."""
    wallet = restore_wallet(actor=actor_of(request), wallet_id=wallet_id, at=timezone.now())
    messages.success(request, _("Saved."))
    return redirect("customers:company_detail", company_id=wallet.company_id)
