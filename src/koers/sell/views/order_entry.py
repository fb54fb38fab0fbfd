"""How is an order entered by hand, ordered again, or credited?"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from koers.core.entry import record_key
from koers.core.errors import RuleError
from koers.customers.models import Company
from koers.customers.queries.company import company_for
from koers.organisation.policies import Right, require
from koers.organisation.requests import actor_of
from koers.sell.actions.order import credit_order, place_order
from koers.sell.forms.activity import company_words
from koers.sell.forms.line import LineFormSet, initial_of_order, wishes_of
from koers.sell.forms.quote import OrderForm
from koers.sell.models import Order
from koers.sell.queries.order import last_order_of


def order_create(request: HttpRequest) -> HttpResponse:
    """Enter an order, for the company in the address."""
    actor = actor_of(request)
    require(actor, Right.EDIT_ORDERS)
    text = request.GET.get("company", "")
    known = text.isascii() and text.isdigit() and len(text) < 18
    company = company_for(actor=actor, company_id=int(text)) if known else None
    return _entry(request, company, None)


def company_reorder(request: HttpRequest, company_id: int) -> HttpResponse:
    """Order again what the customer ordered last, or the order asked for, at today's prices (straight rebuy, S2.35)."""
    actor = actor_of(request)
    company = company_for(actor=actor, company_id=company_id)
    require(actor, Right.EDIT_ORDERS)
    return _entry(
        request, company, last_order_of(actor, company_id, record_key(request.GET.get("order", "")))
    )


def _entry(request: HttpRequest, company: Company | None, last: Order | None) -> HttpResponse:
    actor = actor_of(request)
    first = {"company": company and company_words(company), "ordered_on": timezone.localdate()}
    form = OrderForm(request.POST or None, actor=actor, initial=first)
    before = initial_of_order(list(last.lines.all())) if last else []
    lines = LineFormSet(request.POST or None, prefix="line", initial=before)
    if request.method == "POST" and form.is_valid() and lines.is_valid():
        try:
            made = _place(request, form, lines)
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The order has been placed."))
            return redirect("sell:order_detail", order_id=made.pk)
    cancel = reverse("customers:company_detail", args=[company.pk]) if company else reverse("sell:order_list")  # fmt: skip
    context: dict[str, Any] = {"form": form, "lines": lines, "last": last, "title": _("New order"), "cancel_url": cancel}  # fmt: skip
    wrong = form.errors or (lines.is_bound and not lines.is_valid())
    return render(request, "sell/order/form.html", context, status=400 if wrong else 200)


def _place(request: HttpRequest, form: OrderForm, lines: Any) -> Order:
    actor, data = actor_of(request), form.cleaned_data
    return place_order(
        actor=actor, company_id=data["company"].pk, wishes=wishes_of(lines), ordered_on=data["ordered_on"],
        promised_on=data["promised_on"], at=timezone.now(),
    )  # fmt: skip


@require_POST
def order_credit(request: HttpRequest, order_id: int) -> HttpResponse:
    """Credit a whole order."""
    note = credit_order(
        actor=actor_of(request), order_id=order_id, credited_on=timezone.localdate(), at=timezone.now()
    )  # fmt: skip
    messages.success(request, _("The credit note has been made."))
    return redirect("sell:order_detail", order_id=note.pk)
