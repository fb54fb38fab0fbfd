"""How are orders shown?"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koers.core.entry import record_key
from koers.core.tables import Column, Filter, ListState, page_of
from koers.customers.queries.company import company_for
from koers.organisation.policies import Right, may
from koers.organisation.requests import actor_of
from koers.sell.queries.order import (
    order_for,
    orders_of_company,
    orders_visible_to,
    totals_of,
    with_net,
)

COLUMNS = (
    Column("number", gettext_lazy("Order"), "number"), Column("date", gettext_lazy("Date"), "ordered_on"), Column("company", gettext_lazy("Customer")),
    Column("seller", gettext_lazy("Seller")), Column("kind", gettext_lazy("Kind")), Column("net", gettext_lazy("Net"), numeric=True),
)  # fmt: skip
ON_COMPANY_PAGE = 15


def order_list(request: HttpRequest) -> HttpResponse:
    """Orders one may see, the latest first."""
    actor = actor_of(request)
    kinds = [("order", _("Orders")), ("credit", _("Credit notes"))]
    state = ListState.from_request(
        request,
        columns=COLUMNS,
        default_sort="-date",
        filters=(Filter("kind", _("Kind"), kinds), Filter("company", _("Customer"))),
    )
    rows = with_net(orders_visible_to(actor))
    if state.q:
        rows = rows.filter(number__startswith=state.q)
    if state.value("kind"):
        rows = rows.filter(is_credit=state.value("kind") == "credit")
    if (company := record_key(state.value("company"))) is not None:
        rows = rows.filter(company_id=company)
    return render(
        request,
        "sell/order/list.html",
        {"state": state, "page": page_of(rows, state), "may_edit": may(actor, Right.EDIT_ORDERS)},
    )


def order_detail(request: HttpRequest, order_id: int) -> HttpResponse:
    """An order with its lines; cost and margin by right."""
    actor = actor_of(request)
    order = order_for(actor=actor, order_id=order_id)
    context = {
        "order": order,
        "totals": totals_of(order),
        "sees_cost": may(actor, Right.SEE_COST),
        "may_edit": may(actor, Right.EDIT_ORDERS),
    }
    return render(request, "sell/order/detail.html", context)


def company_orders(request: HttpRequest, company_id: int) -> HttpResponse:
    """The latest orders of a customer, for its page."""
    actor = actor_of(request)
    company = company_for(actor=actor, company_id=company_id)
    return render(
        request,
        "sell/order/of_company.html",
        {
            "company": company,
            "may_edit": may(actor, Right.EDIT_ORDERS),
            "orders": orders_of_company(actor, company.pk)[:ON_COMPANY_PAGE],
        },
    )
