"""How is turnover explored by two dimensions, down to the order lines?"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from koers.analyse.figures.turnover import dimensions, lines_of, turnover_of
from koers.analyse.forms.period import UnknownPeriodError
from koers.analyse.queries.currency import reporting_currency
from koers.analyse.views.parts import ComputedPage, column, context_of, scope_of
from koers.core.charts import Chart, HeatMap, Series
from koers.core.entry import record_key
from koers.core.exports import csv_response, xlsx_response
from koers.core.tables import ListState
from koers.organisation.policies import Right, may, require
from koers.organisation.requests import actor_of

CALENDAR = ("year", "quarter", "month", "week")
MOST_ROWS = 5_000
MOST_CHARTED = 24


def labels() -> dict[str, str]:
    """Dimensions in the reader's language."""
    return {
        "year": _("Year"), "quarter": _("Quarter"), "month": _("Month"), "week": _("Week"), "company": _("Customer"), "seller": _("Seller"),
        "team": _("Team"), "product": _("Product"), "group": _("Product group"), "category": _("Category"), "territory": _("Territory"),
        "sbu": _("Business unit"), "segment": _("Segment"), "country": _("Country"),
    }  # fmt: skip


def turnover(request: HttpRequest) -> HttpResponse:
    """Turnover, contribution and margin by one or two dimensions, as table and chart."""
    actor, scope = actor_of(request), scope_of(request)
    require(actor, Right.READ_CUSTOMERS)
    by = _chosen(request)
    columns = [column("label", _("Group")), column("turnover", _("Turnover"), numeric=True), column("contribution", _("Contribution"), numeric=True),
               column("margin", _("Margin"), numeric=True), column("orders", _("Orders"), numeric=True), column("customers", _("Customers"), numeric=True),
               column("lines", _("Lines"), numeric=True)]  # fmt: skip
    sees_cost = may(actor, Right.SEE_COST)
    if not sees_cost:
        columns = [each for each in columns if each.name not in ("contribution", "margin")]
    state = ListState.from_request(
        request, columns=columns, default_sort="label" if by[0] in CALENDAR else "-turnover"
    )
    export = request.GET.get("export", "")
    table = turnover_of(
        actor=actor, period=scope.period, by=by, order=state.sort, descending=state.descending,
        limit=MOST_ROWS if export else state.size, offset=0 if export else (state.page - 1) * state.size, **scope.filters,
    )  # fmt: skip
    if export:
        require(actor, Right.EXPORT)
        return _export(export, by, table, sees_cost=sees_cost)
    context = context_of(
        request, scope, table=table, page=ComputedPage(table.rows, state, table.groups), state=state, by=by, dimensions=labels(),
        by_labels=[labels()[name] for name in by], rows=[(row, _row_url(by, row, scope)) for row in table.rows],
        drawing=_drawing(by, table, scope), export_query=scope.query(by=by[0], **({"by2": by[1]} if len(by) > 1 else {})),
        panel_url=reverse("analyse:figure", args=["turnover"]) + scope.query(), lines_url=reverse("analyse:lines") + scope.query(),
    )  # fmt: skip
    return render(request, "analyse/turnover/explorer.html", context)


def _chosen(request: HttpRequest) -> list[str]:
    names = [request.GET.get("by", "") or "month", request.GET.get("by2", "")]
    known = dimensions()
    for name in names:
        if name and name not in known:
            raise UnknownPeriodError(_("“%(value)s” is no choice here.") % {"value": name[:40]})
    return list(dict.fromkeys(name for name in names if name))


FILTERS = {"company": "company", "seller": "seller", "team": "team", "product": "product", "group": "group", "category": "category",
           "territory": "territory", "sbu": "sbu"}  # fmt: skip


def _row_url(by: list[str], row: Any, scope: Any) -> str:
    chosen = {
        FILTERS[name]: key
        for name, key in zip(by, row.keys, strict=True)
        if name in FILTERS and key is not None
    }
    return str(reverse("analyse:lines") + scope.query(**chosen))


def _drawing(by: list[str], table: Any, scope: Any) -> Chart | HeatMap:
    if len(by) == 1:
        rows = table.rows[:MOST_CHARTED] if by[0] not in CALENDAR else table.rows
        names = [label_of(row.labels[0]) for row in rows]
        values = [row.measures.turnover for row in rows]
        urls = [] if by[0] in CALENDAR else [_row_url(by, row, scope) for row in rows]
        return Chart(
            "bar",
            names,
            [Series(_("Turnover"), values, urls)],
            format="money",
            currency=reporting_currency(),
            digits=0,
            horizontal=by[0] not in CALENDAR,
        )
    firsts = list(dict.fromkeys(label_of(row.labels[0]) for row in table.rows))[:MOST_CHARTED]
    seconds = sorted({label_of(row.labels[1]) for row in table.rows})[:MOST_CHARTED]
    values_by = {
        (label_of(row.labels[0]), label_of(row.labels[1])): row.measures.turnover
        for row in table.rows
    }
    return HeatMap(
        seconds,
        firsts,
        [[values_by.get((one, two)) for two in seconds] for one in firsts],
        format="money",
        currency=reporting_currency(),
        digits=0,
    )


def label_of(label: str | None) -> str:
    """A group's label; groups without one are said to be unknown."""
    return label or _("(unknown)")


def _export(kind: str, by: list[str], table: Any, *, sees_cost: bool) -> HttpResponse:
    words = labels()
    heads = [
        *(words[name] for name in by),
        _("Turnover"),
        *([_("Contribution"), _("Margin")] if sees_cost else []),
        _("Orders"),
        _("Customers"),
        _("Lines"),
    ]
    rows = [
        [*(label_of(label) for label in row.labels), row.measures.turnover,
         *([row.measures.contribution, row.measures.margin] if sees_cost else []), row.measures.orders, row.measures.customers, row.measures.lines]
        for row in table.rows
    ]  # fmt: skip
    return (
        xlsx_response("turnover", heads, rows)
        if kind == "xlsx"
        else csv_response("turnover", heads, rows)
    )


def lines(request: HttpRequest) -> HttpResponse:
    """The order lines behind a figure."""
    actor, scope = actor_of(request), scope_of(request)
    require(actor, Right.READ_CUSTOMERS)
    columns = [column("date", _("Date")), column("number", _("Order"), sort=False), column("company", _("Customer")), column("product", _("Product")),
               column("seller", _("Seller"), sort=False), column("quantity", _("Quantity"), numeric=True, sort=False),
               column("net", _("Turnover"), numeric=True)]  # fmt: skip
    state = ListState.from_request(request, columns=columns, default_sort="-date")
    more = _line_filters(request)
    rows, count = lines_of(
        actor=actor, period=scope.period, order=state.sort, descending=state.descending, limit=state.size,
        offset=(state.page - 1) * state.size, **{**scope.filters, **more},
    )  # fmt: skip
    context = context_of(
        request, scope, page=ComputedPage(rows, state, count), state=state, title=_("Order lines")
    )
    return render(request, "analyse/turnover/lines.html", context)


def _line_filters(request: HttpRequest) -> dict[str, tuple[int, ...]]:
    names = {
        "company": "company_ids",
        "product": "product_ids",
        "group": "group_ids",
        "category": "category_ids",
    }
    return {
        target: (key,)
        for name, target in names.items()
        if (key := record_key(request.GET.get(name, ""))) is not None
    }
