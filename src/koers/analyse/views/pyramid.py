"""How is the customer pyramid shown, with value beside effort, members and movers?"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from koers.analyse.figures.customers import (
    movement_of,
    movers_of,
    pyramid_members_of,
    pyramid_of,
    pyramid_rule,
)
from koers.analyse.queries.currency import reporting_currency
from koers.analyse.views.parts import ComputedPage, column, context_of, scope_of
from koers.core import formats
from koers.core.charts import Band, Chart, Flow, Sankey, Series
from koers.core.tables import ListState
from koers.customers.models import CustomerClass
from koers.organisation.policies import Right, require
from koers.organisation.requests import actor_of

LAYERS = ("A", "B", "C", "D")


def pyramid(request: HttpRequest) -> HttpResponse:
    """Classes A-D with customers, turnover, margin and effort; each figure opens its panel."""
    actor, scope = actor_of(request), scope_of(request)
    require(actor, Right.READ_CUSTOMERS)
    method = (
        request.GET.get("method", "") if request.GET.get("method") in ("rank", "limits") else ""
    )
    rule = pyramid_rule(method)
    found = pyramid_of(actor=actor, period=scope.period, method=method, **scope.filters)
    context = context_of(
        request, scope, pyramid=found, bands=bands_of(found, scope.query(method=method)), rule=rule, method=method or rule.method.value,
        effort=_effort_chart(found), members_url=reverse("analyse:pyramid_members") + scope.query(method=method),
        panel_url=reverse("analyse:figure", args=["class"]), rank_url=scope.query(method="rank"), limits_url=scope.query(method="limits"),
    )  # fmt: skip
    return render(request, "analyse/pyramid/detail.html", context)


def bands_of(found: Any, query: str) -> list[Band]:
    """Layers of the drawing, each leading to its customers."""
    url = reverse("analyse:pyramid_members")
    return [
        Band(
            layer.name, _("%(count)s customers") % {"count": formats.number(layer.customers, 0)},
            formats.share(layer.turnover_share) if layer.turnover_share is not None else formats.EN_DASH,
            _("of turnover"), f"{url}{query}{'&' if query else '?'}class={layer.name}",
        )
        for layer in found.classes[:4]
    ]  # fmt: skip


def _effort_chart(found: Any) -> Chart:
    layers = found.classes[:4]
    return Chart(
        "bar", [layer.name for layer in layers],
        [
            Series(_("Turnover"), [layer.turnover_share for layer in layers]),
            Series(_("Orders"), [layer.orders_share for layer in layers]),
            Series(_("Discount given"), [layer.discount_share for layer in layers]),
        ],
        format="share",
    )  # fmt: skip


def pyramid_members(request: HttpRequest) -> HttpResponse:
    """Customers of one or more classes."""
    actor, scope = actor_of(request), scope_of(request)
    require(actor, Right.READ_CUSTOMERS)
    columns = [column("name", _("Customer")), column("class", _("Class"), sort=False), column("owner", _("Account manager"), sort=False),
               column("turnover", _("Turnover"), numeric=True), column("orders", _("Orders"), numeric=True)]  # fmt: skip
    state = ListState.from_request(request, columns=columns, default_sort="-turnover")
    classes = [name for name in request.GET.getlist("class") if name in CustomerClass.values]
    members, count = pyramid_members_of(
        actor=actor, period=scope.period, method=request.GET.get("method", ""), classes=classes, order=state.sort,
        descending=state.descending, limit=state.size, offset=(state.page - 1) * state.size, **scope.filters,
    )  # fmt: skip
    title = (
        _("Customers of class %(names)s") % {"names": ", ".join(classes)}
        if classes
        else _("Customers by class")
    )
    context = context_of(
        request, scope, page=ComputedPage(members, state, count), state=state, title=title
    )
    return render(request, "analyse/pyramid/members.html", context)


def movers(request: HttpRequest) -> HttpResponse:
    """Who rose and who fell against the same period a year before; the bridge adds up."""
    actor, scope = actor_of(request), scope_of(request)
    require(actor, Right.READ_CUSTOMERS)
    columns = [
        column("name", _("Customer"), sort=False),
        column("change", _("Change"), numeric=True),
    ]
    state = ListState.from_request(request, columns=columns, default_sort="-change")
    kind = request.GET.get("kind", "")
    kinds = (kind,) if kind in ("new", "risen", "fallen", "lost") else ()
    largest = (
        request.GET.get("largest", "any")
        if request.GET.get("largest") in ("risen", "fallen")
        else "any"
    )
    found = movement_of(actor=actor, before=scope.before, after=scope.period)
    rows, count = movers_of(
        actor=actor, before=scope.before, after=scope.period, kinds=kinds, largest=largest, limit=state.size,
        offset=(state.page - 1) * state.size,
    )  # fmt: skip
    context = context_of(
        request, scope, movement=found, bridge=_bridge(found), flows=_flows(found), page=ComputedPage(rows, state, count), state=state,
        kind=kind, largest=largest, kinds=_kind_tabs(found, scope.query(), kind),
    )  # fmt: skip
    return render(request, "analyse/pyramid/movers.html", context)


def _kind_tabs(found: Any, query: str, chosen: str) -> list[dict[str, Any]]:
    words = {"new": _("New"), "risen": _("Risen"), "fallen": _("Fallen"), "lost": _("Lost")}
    start = f"{query}&" if query else "?"
    tabs = [{"label": _("All"), "url": query or "?", "current": not chosen, "count": None}]
    tabs += [
        {
            "label": words[total.kind],
            "url": f"{start}kind={total.kind}",
            "current": chosen == total.kind,
            "count": total.customers,
        }
        for total in found.totals
        if total.kind in words
    ]
    return tabs


def _bridge(found: Any) -> Chart:
    change = {total.kind: total.change for total in found.totals}
    labels = [_("Year before"), _("New"), _("Risen"), _("Fallen"), _("Lost"), _("Now")]
    values = [
        found.turnover_before,
        change["new"],
        change["risen"],
        change["fallen"],
        change["lost"],
        found.turnover_after,
    ]
    return Chart(
        "bar",
        labels,
        [Series(_("Turnover"), values)],
        format="money",
        currency=reporting_currency(),
        digits=0,
    )


def _flows(found: Any) -> Sankey:
    nodes: list[tuple[str, str]] = []
    for side, word in (("before", _("before")), ("after", _("now"))):
        for name in (*LAYERS, "inactive", "prospect"):
            label = dict(CustomerClass.choices)[name]
            nodes.append((f"{side}-{name}", f"{label} ({word})"))
    flows = [
        Flow(f"before-{flow.before}", f"after-{flow.after}", flow.customers)
        for flow in found.flows
        if not (flow.before == "prospect" and flow.after == "prospect")
    ]
    used = {name for flow in flows for name in (flow.source, flow.target)}
    return Sankey(
        [node for node in nodes if node[0] in used],
        flows,
        (_("Class before"), _("Class now"), _("Customers")),
    )
