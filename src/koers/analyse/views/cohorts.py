"""Do customers stay: cohorts as a heat map, retention (F5.1) beside them, and the survival curve."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from koers.analyse.figures.customer_value import cohorts_seen
from koers.analyse.queries.analysis_day import analysis_day
from koers.analyse.views.parts import context_of, scope_of
from koers.core import formats
from koers.core.charts import Chart, HeatMap, Series
from koers.core.errors import NotFoundError
from koers.core.figure_page import render_figure
from koers.core.figure_panel import FigurePanel
from koers.core.periods import Period
from koers.organisation.policies import Right, require
from koers.organisation.requests import actor_of

STEPS = {"quarter": _l("By quarter"), "month": _l("By month"), "year": _l("By year")}
SILENCES = (90, 180, 365, 730)
MOST_COLUMNS = 24
CURVE_DAYS = 30


def cohorts(request: HttpRequest) -> HttpResponse:
    """Customers by the period of their first purchase, and who still bought in each period after."""
    actor, scope = actor_of(request), scope_of(request)
    require(actor, Right.READ_CUSTOMERS)
    step, silence = _asked(request)
    found = cohorts_seen(
        actor=actor, as_of=analysis_day(timezone.localdate()), step=step, silence=silence, **scope.filters
    )  # fmt: skip
    tabs = [
        {"url": scope.query(step=name, silence=silence) or "?", "label": label, "current": name == step}
        for name, label in STEPS.items()
    ]  # fmt: skip
    more: dict[str, Any] = {"found": found, "tabs": tabs, "silence": silence, "silences": SILENCES, "step": step}  # fmt: skip
    if found is not None:
        more |= {
            "grid": _grid(found, step), "curve": _curve(found["survival"]),
            "panel": reverse("analyse:retention_figure") + scope.query(silence=silence),
        }  # fmt: skip
    return render(
        request, "analyse/cohorts/detail.html", context_of(request, scope, has_period=False, **more)
    )


def retention_figure(request: HttpRequest) -> HttpResponse:
    """F5.1 laid open."""
    actor, scope = actor_of(request), scope_of(request)
    require(actor, Right.READ_CUSTOMERS)
    _step, silence = _asked(request)
    found = cohorts_seen(
        actor=actor, as_of=analysis_day(timezone.localdate()), step="quarter", silence=silence, **scope.filters
    )  # fmt: skip
    if found is None:
        raise NotFoundError(_("There is no such figure."))
    kept = found["retention"]
    return render_figure(request, FigurePanel(
        title=_("Retention"), formula_id="F5.1", formula_url=reverse("analyse:formula_detail", args=["F5.1"]),
        expression=_("retention = (customers at the end − new customers) ÷ customers at the start"),
        value=None if kept["retention"] is None else formats.share(kept["retention"]),
        parts=[(_("Customers of the year before"), formats.number(kept["customers_start"], 0)),
               (_("New customers"), formats.number(kept["customers_new"], 0)),
               (_("Customers of the year"), formats.number(kept["customers_end"], 0))],
        period=Period(kept["start"], kept["end"]), filters=[] if actor.sees_all else [_("customers you may see")],
        notes=[_("A customer of a year bought on at least one day of it.")],
    ))  # fmt: skip


def _asked(request: HttpRequest) -> tuple[str, int]:
    step, silence = (
        request.GET.get("step", "") or "quarter",
        request.GET.get("silence", "") or "365",
    )
    if step not in STEPS or silence not in {str(days) for days in SILENCES}:
        raise NotFoundError(_("There is no such view of cohorts."))
    return step, int(silence)


def _grid(found: dict[str, Any], step: str) -> HeatMap:
    rows = found["cohorts"][-MOST_COLUMNS:]
    most = max(sum(period["whole"] for period in row["periods"]) for row in rows)
    values = [
        ([None if not period["whole"] else period["share"] for period in row["periods"]] + [None] * most)[:most]
        for row in rows
    ]  # fmt: skip
    labels = [f"{_name(row['cohort'], step)} ({formats.number(row['size'], 0)})" for row in rows]
    return HeatMap([f"+{k}" for k in range(most)], labels, values, format="share", digits=0)


def _name(day: Any, step: str) -> str:
    if step == "year":
        return str(day.year)
    if step == "quarter":
        return f"{day.year} Q{(day.month - 1) // 3 + 1}"
    return f"{day.year}-{day.month:02d}"


def _curve(stayed: dict[str, Any]) -> Chart:
    """A point every thirty days of the step curve, with its interval."""
    curve = stayed["curve"]
    last = curve[-1]["days"] if curve else 0
    days = list(range(0, last + CURVE_DAYS, CURVE_DAYS))
    points = [_at(curve, day) for day in days]
    return Chart("line", [formats.number(day, 0) for day in days], [
        Series(_("Still a customer"), [share for share, _low, _high in points]),
        Series(_("95% interval, low"), [low for _share, low, _high in points], dashed=True),
        Series(_("95% interval, high"), [high for _share, _low, high in points], dashed=True),
    ], format="share")  # fmt: skip


def _at(curve: list[dict[str, Any]], day: int) -> tuple[float, float, float]:
    found = (1.0, 1.0, 1.0)
    for step in curve:
        if step["days"] > day:
            break
        found = (step["share"], step["low"], step["high"])
    return found
