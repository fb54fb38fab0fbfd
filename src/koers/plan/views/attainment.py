"""How far is everyone: targets and actuals per period, as a grid and as a chart?"""

from collections import defaultdict
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from koers.analyse.figures.facts import fact_store
from koers.analyse.figures.turnover import lines_of
from koers.analyse.queries.analysis_day import analysis_day
from koers.analyse.queries.currency import reporting_currency
from koers.core import formats
from koers.core.charts import Chart, Series
from koers.core.entry import record_key
from koers.core.errors import NotFoundError, RuleError
from koers.core.figure_page import render_figure
from koers.core.figure_panel import FigurePanel
from koers.core.periods import Period
from koers.organisation.policies import Right, require
from koers.organisation.requests import actor_of
from koers.plan.figures.attainment import attainment_of

SHOWN = 6
SCOPES = ("seller", "team", "territory", "group")
LINE_FILTERS = {
    "seller": "seller_ids",
    "team": "team_ids",
    "territory": "territory_ids",
    "group": "group_ids",
}


def attainment(request: HttpRequest) -> HttpResponse:
    """People (or teams, territories, groups) against the last periods; totals are divided anew."""
    actor = actor_of(request)
    require(actor, Right.READ_TARGETS)
    by = request.GET.get("by") or "seller"
    if by not in SCOPES:
        raise RuleError(_("“%(value)s” is no choice here.") % {"value": by[:40]})
    today = analysis_day(timezone.localdate())
    total = attainment_of(actor=actor, today=today)
    starts = sorted({each.period_start for each in total})[-SHOWN:]
    rows = [
        each
        for each in attainment_of(actor=actor, today=today, by=by)
        if each.period_start in starts
    ]
    context = {
        "by": by, "tabs": _tabs(by), "periods": [each for each in total if each.period_start in starts], "grid": _grid(by, rows, starts),
        "totals": [_cell(by, each, total=True) for each in total if each.period_start in starts], "currency": reporting_currency(),
        "drawing": _drawing(total[-12:]), "has_targets": bool(total),
    }  # fmt: skip
    return render(request, "plan/attainment/grid.html", context)


def _tabs(by: str) -> list[dict[str, Any]]:
    words = {
        "seller": _("By seller"),
        "team": _("By team"),
        "territory": _("By territory"),
        "group": _("By product group"),
    }
    return [
        {"label": label, "url": f"?by={name}", "current": name == by, "count": None}
        for name, label in words.items()
    ]


def _grid(by: str, rows: list[Any], starts: list[date]) -> list[dict[str, Any]]:
    by_key: dict[Any, dict[date, Any]] = defaultdict(dict)
    for row in rows:
        by_key[row.key, row.label][row.period_start] = row
    return [
        {
            "label": label or formats.EN_DASH,
            "cells": [_cell(by, cells.get(start)) for start in starts],
        }
        for (_key, label), cells in sorted(by_key.items(), key=lambda item: str(item[0][1]))
    ]


def _cell(by: str, row: Any, *, total: bool = False) -> dict[str, Any] | None:
    if row is None:
        return None
    key = "" if total or row.key is None else f"&key={row.key}"
    url = (
        reverse("plan:attainment_figure")
        + f"?start={row.period_start.isoformat()}{key}&by={'total' if total else by}"
    )
    percent = None if row.share is None else min(float(row.share), 1.5)
    return {
        "row": row,
        "url": url,
        "meter": percent,
        "behind": row.share is not None and float(row.share) < float(row.elapsed) - 0.1,
    }


def _drawing(total: list[Any]) -> Chart:
    return Chart(
        "bar", [formats.day(each.period_start) for each in total],
        [Series(_("Actual"), [each.actual for each in total]), Series(_("Target"), [each.target for each in total], kind="line", dashed=True)],
        format="money", currency=reporting_currency(), digits=0,
    )  # fmt: skip


def attainment_figure(request: HttpRequest) -> HttpResponse:
    """The panel of one attainment: numerator, denominator, period and order lines."""
    actor = actor_of(request)
    require(actor, Right.READ_TARGETS)
    by = request.GET.get("by") or "seller"
    by = by if by in (*SCOPES, "total") else "seller"
    key = record_key(request.GET.get("key", ""))
    found = [each for each in attainment_of(actor=actor, today=analysis_day(timezone.localdate()), by=by)
             if each.period_start.isoformat() == request.GET.get("start") and (by == "total" or each.key == key)]  # fmt: skip
    if not found:
        raise NotFoundError(_("There is no such target."))
    row, currency = found[0], reporting_currency()
    period = Period(row.period_start, row.period_end)
    narrowed: dict[str, Any] = {LINE_FILTERS[by]: (key,)} if by != "total" else {}
    lines, count = lines_of(actor=actor, period=period, limit=8, **narrowed)
    panel = FigurePanel(
        title=_("Attainment"), formula_id="F2.11", formula_url=reverse("analyse:formula_detail", args=["F2.11"]), expression=_("attainment = actual ÷ target"),
        value=None if row.share is None else formats.share(row.share),
        parts=[(_("Numerator: actual"), formats.money(row.actual, currency)), (_("Denominator: target"), formats.money(row.target, currency)),
               (_("Gap"), formats.money(row.gap, currency)), (_("Part of the period that has passed"), formats.share(row.elapsed))],
        period=period, filters=[row.label or _("all")], computed_at=_built_at(),
        rows_url=reverse("analyse:lines") + f"?from={row.period_start.isoformat()}&to={period.last_day.isoformat()}" + (f"&{by}={key}" if key else ""),
        rows_count=count, columns=[_("Date"), _("Order"), _("Customer"), _("Turnover")],
        rows=[(formats.day(line.order_date), line.order_number, line.company or formats.EN_DASH,
               formats.EN_DASH if line.net is None else formats.money(line.net, currency)) for line in lines],
        numeric_columns=frozenset({3}),
    )  # fmt: skip
    return render_figure(request, panel)


def _built_at() -> Any:
    return parse_datetime(fact_store().manifest().built_at or "")
