"""Who comes first, for what, and what is bought together: the pages that lead from figures to work."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from koers.analyse.figures.customer_value import (
    next_best_counts_of,
    next_best_of,
    next_best_rules,
    pairs_of,
    white_space_of,
)
from koers.analyse.queries.currency import reporting_currency
from koers.analyse.views.parts import ComputedPage, column, context_of, export_urls, scope_of
from koers.analyse.views.value import counts_spending, on_a_valuation, value_context
from koers.analyse.views.value_words import ACTION_WORDS, action_of, reason_of
from koers.core.charts import HeatMap
from koers.core.errors import NotFoundError
from koers.core.exports import csv_response, xlsx_response
from koers.core.tables import ListState
from koers.organisation.policies import Right, may, require
from koers.organisation.requests import actor_of

LEVELS = {"category": _l("Product categories"), "group": _l("Product groups"), "product": _l("Products")}  # fmt: skip


@on_a_valuation
def next_best(request: HttpRequest, _run: Any) -> HttpResponse:
    """Customers by expected contribution per hour, each with its action and reason."""
    actor, scope = actor_of(request), scope_of(request)
    by_spending, sees_cost = counts_spending(actor), may(actor, Right.SEE_COST)
    actions = [name for name in ACTION_WORDS if not by_spending or name != "let_go"]
    action = request.GET.get("action", "")
    if action and action not in actions:
        raise NotFoundError(_("There is no such action."))
    columns = [column("gain", _("Expected per hour"), numeric=True)]
    state = ListState.from_request(request, columns=columns, default_sort="-gain")
    export = request.GET.get("export", "")
    if export:
        require(actor, Right.EXPORT)
        everything, _count = next_best_of(actor=actor, by_spending=by_spending, action=action, limit=2**31 - 1, **scope.filters)  # fmt: skip
        return _export(export, everything, sees_cost=sees_cost)
    rows, count = next_best_of(
        actor=actor, by_spending=by_spending, action=action, limit=state.size, offset=(state.page - 1) * state.size, **scope.filters
    )  # fmt: skip
    counts = next_best_counts_of(actor=actor, **scope.filters)
    url = reverse("analyse:next_best")
    tabs = [
        {
            "url": url + scope.query(),
            "label": _("Best per customer"),
            "current": not action,
            "count": None,
        }
    ]
    tabs += [
        {"url": url + scope.query(action=name), "label": action_of(name), "current": name == action, "count": counts.get(name, (0, 0))[0]}
        for name in actions
    ]  # fmt: skip
    context = value_context(
        request, tabs=tabs, page=ComputedPage(rows, state, count), state=state, **export_urls(state), sees_gain=sees_cost, rules=next_best_rules(),
        rows=[(row, action_of(row.action), reason_of(row, sees_cost=sees_cost)) for row in rows],
        may_edit_rules=may(actor, Right.EDIT_RULES), action=action, may_act=may(actor, Right.EDIT_CUSTOMERS),
    )  # fmt: skip
    return render(request, "analyse/next_best/list.html", context)


def cross_sell(request: HttpRequest) -> HttpResponse:
    """White space (largest customers against products) and what is bought together, with counts."""
    actor, scope = actor_of(request), scope_of(request)
    require(actor, Right.READ_CUSTOMERS)
    level = request.GET.get("level", "") or "category"
    if level not in LEVELS:
        raise NotFoundError(_("There is no such level of products."))
    space = white_space_of(actor=actor, period=scope.period, level=level, **scope.filters)
    found = pairs_of(actor=actor, period=scope.period, level=level, **scope.filters)
    tabs = [
        {"url": scope.query(level=name) or "?", "label": label, "current": name == level}
        for name, label in LEVELS.items()
    ]
    context = context_of(
        request, scope, tabs=tabs, level=level, space=space, pairs=found, grid=_grid(space)
    )
    return render(request, "analyse/next_best/cross_sell.html", context)


def _grid(space: Any) -> HeatMap:
    url = [
        reverse("customers:company_detail", args=[company]) for company, _name in space.customers
    ]
    return HeatMap(
        [f"{name} ({share:.0%})" for _item, name, share in space.items], [name for _company, name in space.customers],
        space.bought, [[each] * len(space.items) for each in url], format="money", currency=reporting_currency(),
    )  # fmt: skip


def _export(kind: str, rows: list[Any], *, sees_cost: bool) -> HttpResponse:
    heads = [_("Customer"), _("Account manager"), _("Action"), _("Why"), _("Hours"), *([_("Expected gain"), _("Expected per hour")] if sees_cost else [])]  # fmt: skip
    body = [
        [r.name, r.owner, action_of(r.action), reason_of(r, sees_cost=sees_cost), r.hours, *([round(r.gain, 2), round(r.per_hour, 2)] if sees_cost else [])]
        for r in rows
    ]  # fmt: skip
    return (xlsx_response if kind == "xlsx" else csv_response)("next-best-customer", heads, body)
