"""How is a forecast asked for, read, and overridden?"""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from koers.analyse.queries.analysis_day import analysis_day
from koers.core import formats
from koers.core.charts import Chart, Series
from koers.core.errors import NotFoundError, RuleError
from koers.core.models import Job
from koers.core.periods import add_months
from koers.core.tables import Column, Filter, ListState, page_of
from koers.organisation.policies import Right, may, require
from koers.organisation.requests import actor_of
from koers.plan.actions.forecast import ask_forecast, override_forecast
from koers.plan.figures.turnover_forecast import months_of, months_sold
from koers.plan.forms.forecast import ForecastForm, OverrideForm
from koers.plan.models import ForecastRun
from koers.plan.queries.forecast import (
    ForecastPart,
    overrides_of,
    parts_of,
    point_for,
    run_for,
    runs_visible_to,
)

HISTORY = 24
CENT = Decimal("0.01")


def forecast_list(request: HttpRequest) -> HttpResponse:
    """Every forecast that was given, latest first, and those being made."""
    actor = actor_of(request)
    require(actor, Right.READ_TARGETS)
    columns = [Column("made", _("Made"), "made_at"), Column("division", _("Total and per"), "division"), Column("first", _("First month"), "first_month"),
               Column("horizon", _("Months ahead"), "horizon", numeric=True), Column("by", _("Made by"), "made_by_name")]  # fmt: skip
    divisions = Filter("division", _("Per"), tuple((key, str(label)) for key, label in ForecastRun.Division.choices))  # fmt: skip
    state = ListState.from_request(request, columns=columns, default_sort="-made", filters=(divisions,))  # fmt: skip
    rows = runs_visible_to(actor)
    if state.values.get("division"):
        rows = rows.filter(division=state.values["division"])
    busy = Job.objects.filter(task="forecast", asked_by_id=actor.user_id).exclude(status__in=("done", "cancelled"))  # fmt: skip
    context = {
        "state": state, "page": page_of(rows, state), "may_edit": may(actor, Right.EDIT_TARGETS), "tabs": tabs("runs"),
        "job": busy.filter(status__in=("waiting", "running")).first(),
    }  # fmt: skip
    return render(request, "plan/forecast/list.html", context)


def tabs(current: str) -> list[dict[str, object]]:
    """The two pages of forecasts."""
    pages = [("runs", _("Forecasts"), "plan:forecast_list"), ("accuracy", _("Accuracy"), "plan:forecast_accuracy")]  # fmt: skip
    return [
        {"label": label, "url": reverse(name), "current": key == current}
        for key, label, name in pages
    ]


def forecast_create(request: HttpRequest) -> HttpResponse:
    """Ask for a forecast; it is made in the background."""
    actor = actor_of(request)
    require(actor, Right.EDIT_TARGETS)
    form = ForecastForm(request.POST or None, today=analysis_day(timezone.localdate()))
    if request.method == "POST" and form.is_valid():
        ask_forecast(actor=actor, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("The forecast is being made; it appears here in a moment."))
        return redirect("plan:forecast_list")
    return render(request, "plan/forecast/form.html", {"form": form, "title": _("New forecast")}, status=400 if form.errors else 200)  # fmt: skip


def forecast_detail(request: HttpRequest, forecast_id: int) -> HttpResponse:
    """A forecast: its parts, and of one of them the months with limits, overrides and actuals."""
    actor = actor_of(request)
    run = run_for(actor=actor, run_id=forecast_id)
    parts = parts_of(actor=actor, run=run)
    wanted = request.GET.get("series", "")
    chosen = next((part for part in parts if str(part.series.pk) == wanted), parts[0])
    if wanted and str(chosen.series.pk) != wanted:
        raise NotFoundError(_("This forecast does not exist."))
    today = analysis_day(timezone.localdate())
    sold = months_of(months_sold(actor=actor, division=run.division), chosen)
    months = [
        (each, sold.get(each.point.month) if add_months(each.point.month, 1) <= today else None,
         add_months(each.point.month, 1) > timezone.localdate())
        for each in chosen.months
    ]  # fmt: skip
    context = {
        "run": run, "parts": parts, "chosen": chosen, "months": months, "name": name_of(chosen), "currency": run.currency,
        "drawing": _drawing(run, chosen, sold, today), "overrides": overrides_of(run, chosen.series),
        "may_edit": may(actor, Right.EDIT_TARGETS), "names": {part.series.pk: name_of(part) for part in parts},
    }  # fmt: skip
    return render(request, "plan/forecast/detail.html", context)


def name_of(part: ForecastPart) -> str:
    """What a series is called."""
    return _("Total") if part.series.is_total else part.series.label or _("(unknown)")


def _drawing(run: ForecastRun, part: ForecastPart, sold: Any, today: Any) -> Chart:
    first = run.first_month
    months = [add_months(first, step) for step in range(-HISTORY, run.horizon)]
    by_month = {each.point.month: each for each in part.months}
    known = [sold.get(month, 0) if add_months(month, 1) <= today else None for month in months]

    def line(read: Any) -> list[Any]:
        return [read(by_month[month]) if month in by_month else None for month in months]

    return Chart(
        "line", [formats.month(month) for month in months],
        [
            Series(_("Sold"), known),
            Series(_("Forecast"), line(lambda each: each.final)),
            Series(_("Lower limit, 4 of 5 months"), line(lambda each: each.point.low_80), dashed=True),
            Series(_("Upper limit, 4 of 5 months"), line(lambda each: each.point.high_80), dashed=True),
            Series(_("Lower limit, 19 of 20 months"), line(lambda each: each.point.low_95), dashed=True),
            Series(_("Upper limit, 19 of 20 months"), line(lambda each: each.point.high_95), dashed=True),
        ],
        format="money", digits=0, currency=run.currency,
    )  # fmt: skip


def forecast_override(request: HttpRequest, point_id: int) -> HttpResponse:
    """Put another figure in the place of a month's forecast."""
    actor = actor_of(request)
    require(actor, Right.EDIT_TARGETS)
    point = point_for(actor=actor, point_id=point_id)
    run = point.series.run
    latest = point.overrides.first()
    shown = latest.value if latest else point.value
    form = OverrideForm(request.POST or None, initial={"value": shown.quantize(CENT)})  # fmt: skip
    back = reverse("plan:forecast_detail", args=[run.pk]) + f"?series={point.series_id}"
    if request.method == "POST" and form.is_valid():
        try:
            override_forecast(actor=actor, point_id=point_id, at=timezone.now(), **form.cleaned_data)  # fmt: skip
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The forecast has been changed; the method's figure is kept beside it."))  # fmt: skip
            return redirect(back)
    context = {
        "form": form, "point": point, "back": back, "currency": run.currency,
        "title": f"{point.series.label or _('Total')}, {formats.month(point.month)}",
    }  # fmt: skip
    return render(request, "plan/forecast/override.html", context, status=400 if form.errors else 200)  # fmt: skip
