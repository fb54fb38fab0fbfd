"""How good were the forecasts, per level and horizon, and did overrides help?"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from koers.analyse.queries.analysis_day import analysis_day
from koers.analyse.queries.currency import reporting_currency
from koers.core import formats
from koers.core.errors import NotFoundError
from koers.core.figure_page import render_figure
from koers.core.figure_panel import FigurePanel
from koers.organisation.policies import Right, require
from koers.organisation.requests import actor_of
from koers.plan.figures.turnover_forecast import accuracy_of
from koers.plan.models import ForecastRun
from koers.plan.queries.forecast import runs_visible_to
from koers.plan.views.forecast import tabs

MOST_RUNS = 200


def forecast_accuracy(request: HttpRequest) -> HttpResponse:
    """Error and bias per level and months ahead, beside repeating last year."""
    found, runs = _found(request)
    levels = [
        (level_name(level), level, buckets["all"], [(bucket_name(bucket), bucket, row) for bucket, row in buckets.items()])
        for level, buckets in sorted(found.items(), key=lambda item: item[0] != "total")
    ]  # fmt: skip
    changed = [(name, row) for name, _level, row, _buckets in levels if row.changed]
    context = {"levels": levels, "changed": changed, "runs": len(runs), "tabs": tabs("accuracy")}
    return render(request, "plan/forecast/accuracy.html", context)


def accuracy_figure(request: HttpRequest) -> HttpResponse:
    """The panel of one error, with what it was divided by."""
    found, _runs = _found(request)
    level, bucket = request.GET.get("level", "") or "total", request.GET.get("ahead", "") or "all"
    row = found.get(level, {}).get(bucket)
    if row is None:
        raise NotFoundError(_("There is no such figure."))
    currency = reporting_currency()
    parts = [
        (_("Numerator: Σ |sold − forecast|"), formats.money(row.error, currency)),
        (_("Denominator: Σ |sold|"), formats.money(row.actual, currency)),
        (_("Months that are over"), formats.number(row.months, 0)),
        (_("Bias: Σ (sold − forecast)"), formats.money(row.bias, currency)),
        (_("Error of the method alone"), formats.money(row.method_error, currency)),
        (_("Error of repeating last year"), formats.money(row.naive_error, currency)),
    ]  # fmt: skip
    panel = FigurePanel(
        title=_("Forecast error"), formula_id="F4.6", formula_url=reverse("analyse:formula_detail", args=["F4.6"]),
        expression=_("WAPE = Σ |sold − forecast| ÷ Σ |sold|"), value=None if row.wape is None else formats.share(row.wape), parts=parts,
        filters=[level_name(level), bucket_name(bucket)], rows_url=reverse("plan:forecast_list"),
    )  # fmt: skip
    return render_figure(request, panel)


def _found(request: HttpRequest) -> tuple[dict[str, dict[str, Any]], list[ForecastRun]]:
    actor = actor_of(request)
    require(actor, Right.READ_TARGETS)
    runs = list(runs_visible_to(actor)[:MOST_RUNS])
    today = analysis_day(timezone.localdate())
    return accuracy_of(actor=actor, runs=runs, known_until=today), runs


def level_name(level: str) -> str:
    """'Total' or the division of the parts."""
    names = {str(key): str(label) for key, label in ForecastRun.Division.choices}
    return names.get(level, _("Total"))


def bucket_name(bucket: str) -> str:
    """Months ahead in words."""
    if bucket == "all":
        return _("All months")
    low, _dash, high = bucket.partition("-")
    if not high:
        return _("%(months)s month ahead") % {"months": int(low)}
    return _("%(low)s to %(high)s months ahead") % {"low": int(low), "high": int(high)}
