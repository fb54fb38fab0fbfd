"""Which customers need attention now, by their phase?"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from koers.core.navigation import address
from koers.customers.models import Phase
from koers.organisation.policies import Right, require
from koers.organisation.queries.organisation import base_currency
from koers.organisation.requests import actor_of
from koers.serve.queries.attention import attention_lists


def overview(request: HttpRequest) -> HttpResponse:
    """New customers to guide, shrinking ones to renew, lost ones to decide on."""
    actor = actor_of(request)
    require(actor, Right.READ_CUSTOMERS)
    lists = [
        {"phase": phase, "label": Phase(phase).label, "rows": rows, "url": f"{reverse('customers:company_list')}?phase={phase}"}
        for phase, rows in attention_lists(actor, today=timezone.localdate()).items()
    ]  # fmt: skip
    context = {
        "lists": lists,
        "currency": base_currency(),
        "board_url": address("analyse:life_cycle"),
    }
    return render(request, "serve/overview/detail.html", context)
