"""How is customer value shown: portfolio, bridge, list, and how far the model can be trusted?"""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from koers.analyse.actions.customer_value import ask_valuation
from koers.analyse.figures.customer_value import (
    next_best_of,
    value_bridge_of,
    value_groups_of,
    value_members_of,
    value_run_of,
    value_totals_of,
)
from koers.analyse.queries.currency import reporting_currency
from koers.analyse.views.parts import ComputedPage, column, context_of, export_urls, scope_of
from koers.analyse.views.value_words import (
    GROUP_WORDS,
    KIND_WORDS,
    RISK_WORDS,
    action_of,
    reason_of,
)
from koers.core import formats
from koers.core.actor import Actor
from koers.core.charts import Chart, Point, Scatter, Series, Step, Waterfall
from koers.core.errors import NotFoundError
from koers.core.exports import csv_response, xlsx_response
from koers.core.tables import ListState
from koers.customers.queries.company import company_for
from koers.organisation.policies import Right, may, require
from koers.organisation.requests import actor_of

IN_PORTFOLIO = 200


def counts_spending(actor: Actor) -> bool:
    """Whether value is spending: where no cost is known, and for those who may not see costs."""
    run = value_run_of(actor=actor)
    return not may(actor, Right.SEE_COST) or run is None or not run.details.get("costs_known")


def value_context(request: HttpRequest, **more: Any) -> dict[str, Any]:
    """What the pages about value share."""
    actor, scope = actor_of(request), scope_of(request)
    run = value_run_of(actor=actor)
    return context_of(
        request, scope, run=run, by_spending=counts_spending(actor),
        may_value=may(actor, Right.EDIT_RULES), has_period=False, **more,
    )  # fmt: skip


def on_a_valuation(
    show: Callable[[HttpRequest, Any], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """A page that reads the last valuation; where there is none it says why, and how to get one."""

    @wraps(show)
    def view(request: HttpRequest) -> HttpResponse:
        actor = actor_of(request)
        require(actor, Right.READ_CUSTOMERS)
        run = value_run_of(actor=actor)
        if run is None or run.why_not:
            return render(request, "analyse/value/empty.html", value_context(request))
        return show(request, run)

    return view


@on_a_valuation
def value(request: HttpRequest, _run: Any) -> HttpResponse:
    """Customer equity with its portfolio of value against risk, and the customers below."""
    actor, scope = actor_of(request), scope_of(request)
    by_spending = counts_spending(actor)
    state = _state(request, by_spending=by_spending)
    asked = {"kind": request.GET.get("kind", ""), "risk": request.GET.get("risk", "")}
    if asked["kind"] not in {"", *KIND_WORDS} or asked["risk"] not in {"", *RISK_WORDS}:
        raise NotFoundError(_("There is no such group of customers."))
    export = request.GET.get("export", "")
    if export:
        require(actor, Right.EXPORT)
    ask: dict[str, Any] = {"actor": actor, "by_spending": by_spending, **asked, **scope.filters, "order": state.sort, "descending": state.descending}  # fmt: skip
    if export:
        return _export(export, value_members_of(limit=2**31 - 1, **ask)[0])
    rows, count = value_members_of(limit=state.size, offset=(state.page - 1) * state.size, **ask)
    first, _count = value_members_of(actor=actor, by_spending=by_spending, limit=IN_PORTFOLIO, **scope.filters)  # fmt: skip
    context = value_context(
        request, totals=value_totals_of(actor=actor, by_spending=by_spending, **scope.filters),
        portfolio=_portfolio(first, by_spending=by_spending), page=ComputedPage(rows, state, count), state=state, **export_urls(state),
        asked=asked, kind_word=KIND_WORDS.get(asked["kind"], ("", ""))[0], risks=_risks(request, asked["risk"]),
        panels={name: reverse("analyse:value_figure", args=[name]) + scope.query() for name in ("equity", "alive", "purchases", "top")},
    )  # fmt: skip
    return render(request, "analyse/value/detail.html", context)


@on_a_valuation
def equity(request: HttpRequest, _run: Any) -> HttpResponse:
    """The bridge of a year, and equity per group."""
    actor, scope = actor_of(request), scope_of(request)
    by_spending = counts_spending(actor)
    bridge = value_bridge_of(actor=actor, by_spending=by_spending, **scope.filters)
    url = reverse("analyse:value")
    groups = [
        (word, [(row, url + scope.query(**{by: row.key}) if row.key else "") for row in
                value_groups_of(actor=actor, by=by, by_spending=by_spending, **scope.filters)])
        for by, word in GROUP_WORDS.items()
    ]  # fmt: skip
    context = value_context(
        request, bridge=bridge, steps=_steps(bridge, scope.query), groups=groups,
        drawing=None if bridge is None else _waterfall(bridge, scope.query),
        may_act=may(actor, Right.SEE_TEAM) and may(actor, Right.SEE_COST),
    )  # fmt: skip
    return render(request, "analyse/value/equity.html", context)


@on_a_valuation
def trust(request: HttpRequest, run: Any) -> HttpResponse:
    """How far the model can be trusted: hold-out of every model, expected beside actual."""
    held = run.details["holdout"]
    days = {name: date.fromisoformat(held[name]) for name in ("split", "until")} if held else {}
    models = [{**row, "chosen": row["model"] == run.model} for row in (held or {}).get("models", [])]  # fmt: skip
    context = value_context(
        request, held=held, days=days, models=models, details=run.details,
        curve=_curve(held) if held and held["curve"] else None, counts=_counts(run.details["counts"]),
    )  # fmt: skip
    return render(request, "analyse/value/trust.html", context)


def company_value(request: HttpRequest, company_id: int) -> HttpResponse:
    """The panel on a customer's page: value, interval, chance, and what to do next."""
    actor = actor_of(request)
    require(actor, Right.READ_CUSTOMERS)
    company = company_for(actor=actor, company_id=company_id)
    run = value_run_of(actor=actor)
    by_spending = counts_spending(actor)
    rows, _count = value_members_of(actor=actor, by_spending=by_spending, company_ids=(company.pk,))
    todo, _all = next_best_of(actor=actor, by_spending=by_spending, company_ids=(company.pk,))
    context = {
        "company": company, "run": run, "row": rows[0] if rows else None, "by_spending": by_spending,
        "currency": reporting_currency(),
        "todo": [(action_of(each.action), reason_of(each, sees_cost=may(actor, Right.SEE_COST))) for each in todo],
    }  # fmt: skip
    return render(request, "analyse/value/company.html", context)


@require_POST
def ask_value(request: HttpRequest) -> HttpResponse:
    """Value all customers again, in the background."""
    job = ask_valuation(actor=actor_of(request), at=timezone.now())
    messages.success(request, _("All customers are being valued anew."))
    return redirect("home:job_detail", job.pk)


def _state(request: HttpRequest, *, by_spending: bool) -> ListState:
    columns = [
        column("name", _("Customer")),
        column("owner", _("Account manager"), sort=False),
        column("p_alive", _("Chance still a customer"), numeric=True),
        column("purchases", _("Purchases expected"), numeric=True),
        column("worth", _("Expected spending") if by_spending else _("Value"), numeric=True),
        column("change", _("Change in a year"), numeric=True),
        column("silent", _("Days silent"), numeric=True),
    ]
    return ListState.from_request(request, columns=columns, default_sort="-worth")


def _risks(request: HttpRequest, chosen: str) -> list[dict[str, object]]:
    rest = request.GET.copy()
    tabs = []
    for key, label in {"": _("All"), **{k: str(v) for k, v in RISK_WORDS.items()}}.items():
        for name in ("risk", "page"):
            rest.pop(name, None)
        if key:
            rest["risk"] = key
        tabs.append({"url": "?" + rest.urlencode(), "label": label, "current": key == chosen})
    return tabs


def _portfolio(rows: list[Any], *, by_spending: bool) -> Scatter:
    groups = [
        (str(word), [
            Point(row.name, row.p_alive, row.worth, reverse("customers:company_detail", args=[row.company_id]), row.purchases)
            for row in rows if row.risk == risk and row.worth is not None and row.worth >= 1
        ])
        for risk, word in RISK_WORDS.items()
    ]  # fmt: skip
    return Scatter(
        _("Chance still a customer"), _("Expected spending") if by_spending else _("Value"), groups, x_format="share",
        y_log=True, size_label=_("Purchases expected"), format="money", currency=reporting_currency(), digits=0,
    )  # fmt: skip


def _steps(bridge: Any, query: Callable[..., str]) -> list[tuple[Any, str, str, str]]:
    if bridge is None:
        return []
    url = reverse("analyse:value")
    return [(step, *map(str, KIND_WORDS[step.kind]), url + query(kind=step.kind)) for step in bridge.steps]  # fmt: skip


def _waterfall(bridge: Any, query: Callable[..., str]) -> Waterfall:
    steps = [
        Step(formats.day(bridge.before), bridge.start, is_level=True),
        *(Step(word, step.change, url) for step, word, _what, url in _steps(bridge, query)),
        Step(formats.day(bridge.as_of), bridge.end, is_level=True),
    ]
    return Waterfall(steps, format="money", currency=reporting_currency())


def _curve(held: dict[str, Any]) -> Chart:
    days = [formats.day(date.fromisoformat(day)) for day, _actual, _expected in held["curve"]]
    return Chart("line", days, [
        Series(_("Bought"), [actual for _day, actual, _expected in held["curve"]]),
        Series(_("Expected"), [expected for _day, _actual, expected in held["curve"]], dashed=True),
    ], digits=0)  # fmt: skip


def _counts(rows: list[list[float]]) -> Chart:
    last = len(rows) - 1
    labels = [f"{int(k)}+" if i == last else str(int(k)) for i, (k, _a, _e) in enumerate(rows)]
    return Chart("bar", labels, [
        Series(_("Counted"), [a for _k, a, _e in rows]), Series(_("Expected"), [e for _k, _a, e in rows]),
    ], digits=0)  # fmt: skip


def _export(kind: str, rows: list[Any]) -> HttpResponse:
    heads = [_("Customer"), _("Account manager"), _("Chance still a customer"), _("Purchases expected"), _("at least"), _("at most"),
             _("Value"), _("Change in a year"), _("Step"), _("Purchase days"), _("Days silent")]  # fmt: skip
    body = [
        [r.name, r.owner, round(r.p_alive, 4), round(r.purchases, 2), r.purchases_low, r.purchases_high, r.worth, r.change,
         str(KIND_WORDS[r.kind][0]) if r.kind else "", r.orders, r.silent]
        for r in rows
    ]  # fmt: skip
    return (xlsx_response if kind == "xlsx" else csv_response)("customer-value", heads, body)
