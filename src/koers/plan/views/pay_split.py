"""How is an order divided between the sellers it counts for?"""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from koers.core.errors import RuleError
from koers.organisation.policies import Right, require
from koers.organisation.requests import actor_of
from koers.plan.actions.pay import split_order
from koers.plan.forms.pay import SplitForm
from koers.plan.models import OrderSplit
from koers.sell.queries.order import order_for


def order_split(request: HttpRequest, order_id: int) -> HttpResponse:
    """Who gets which share of an order; empty gives it back to who sold it."""
    actor = actor_of(request)
    order = order_for(actor=actor, order_id=order_id)
    require(actor, Right.EDIT_TARGETS)
    initial: dict[str, Any] = {}
    for place, each in enumerate(OrderSplit.objects.filter(order=order), 1):
        initial |= {f"person_{place}": each.person_id, f"share_{place}": each.share * Decimal(100)}
    form = SplitForm(request.POST or None, actor=actor, initial=initial)
    back = reverse("sell:order_detail", args=[order.pk])
    if request.method == "POST" and form.is_valid():
        try:
            split_order(actor=actor, order_id=order.pk, shares=form.shares(), at=timezone.now())
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect(back)
    context = {"form": form, "order": order, "title": _("Who gets this order?"), "back": back}
    return render(request, "plan/pay_statement/split.html", context, status=400 if form.errors else 200)  # fmt: skip
