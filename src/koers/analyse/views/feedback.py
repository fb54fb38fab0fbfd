"""How are NPS, satisfaction and the drivers of customer equity shown, and each figure opened?"""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from koers.analyse.figures.feedback import FeedbackFigures, feedback_of, feedback_view_of
from koers.analyse.forms.period import Scope
from koers.analyse.queries.feedback import answers_in
from koers.analyse.views.parts import context_of, scope_of
from koers.core import formats
from koers.core.charts import Chart, Series
from koers.core.errors import NotFoundError
from koers.core.figure_page import render_figure
from koers.core.figure_panel import FigurePanel
from koers.organisation.policies import Right, may, require
from koers.organisation.requests import actor_of
from koers.serve.models.feedback import DRIVER_WORDS, ITEMS, THEMES

PREVIEW = 8
GROUP_WORDS = {"segment": _l("By segment"), "owner": _l("By account manager"), "sbu": _l("By business unit")}  # fmt: skip


def feedback(request: HttpRequest) -> HttpResponse:
    """What customers say of us over a period, by whom, and how that moves."""
    actor, scope = actor_of(request), scope_of(request)
    require(actor, Right.READ_CUSTOMERS)
    found = feedback_view_of(actor=actor, period=scope.period, before=scope.before, chosen=scope.chosen)  # fmt: skip
    list_url = _list_url(scope)
    context = context_of(
        request, scope, found=found, list_url=list_url, may_edit_rules=may(actor, Right.EDIT_RULES),
        themes=[(THEMES[name], weight, mean) for name, weight, mean in found.themes],
        drivers=[(DRIVER_WORDS[each.name], each, [(ITEMS[name], mean) for name, mean in each.items]) for each in found.drivers],
        groups=[(word, [(row, _list_url(scope, **{by: row.count.key}) if row.count.key else "") for row in found.groups[by]]) for by, word in GROUP_WORDS.items()],
        trend=_trend(found.quarters) if len(found.quarters) > 1 else None,
        panels={name: reverse("analyse:feedback_figure", args=[name]) + scope.query() for name in ("nps", "satisfaction", "drivers")},
    )  # fmt: skip
    return render(request, "analyse/feedback/detail.html", context)


def feedback_figure(request: HttpRequest, measure: str) -> HttpResponse:
    """NPS, satisfaction or the index of the drivers laid open."""
    actor, scope = actor_of(request), scope_of(request)
    require(actor, Right.READ_CUSTOMERS)
    makers = {"nps": _nps, "satisfaction": _satisfaction}
    if measure not in (*makers, "drivers"):
        raise NotFoundError(_("There is no such figure."))
    rows = answers_in(actor, period=scope.period, chosen=scope.chosen).select_related("company")
    latest = list(rows.order_by("-day", "-id")[:PREVIEW])
    base: dict[str, Any] = {
        "period": scope.period, "filters": [] if actor.sees_all else [_("customers you may see")],
        "rows_url": _list_url(scope), "rows_count": rows.count(),
        "columns": [_("Day"), _("Customer"), "NPS", _("Comment")],
        "rows": [(formats.day(each.day), str(each.company), formats.EN_DASH if each.nps is None else each.nps, each.comment[:80]) for each in latest],
        "numeric_columns": frozenset({2}),
    }  # fmt: skip
    if measure == "drivers":
        found = feedback_view_of(actor=actor, period=scope.period, before=scope.before, chosen=scope.chosen)  # fmt: skip
        return render_figure(request, _drivers(found, base))
    figures = feedback_of(actor=actor, period=scope.period, chosen=scope.chosen)
    return render_figure(request, makers[measure](figures, base))


def _list_url(scope: Scope, **more: Any) -> str:
    """The answers a figure was counted from."""
    words = {"sbu": "sbu", "team": "team", "seller": "owner", "territory": "territory"}
    chosen = {words[name]: value for name, value in scope.chosen.items()}
    period = {"from": scope.period.start.isoformat(), "to": scope.period.last_day.isoformat()}
    return f"{reverse('serve:feedback_list')}?{urlencode({**period, **chosen, **more})}"


def _nps(found: FeedbackFigures, base: dict[str, Any]) -> FigurePanel:
    nps = found.nps
    parts = [
        (_("Promoters (9-10)"), formats.number(nps.promoters, 0)), (_("Passives (7-8)"), formats.number(nps.passives, 0)),
        (_("Detractors (0-6)"), formats.number(nps.detractors, 0)), (_("Denominator: answers with this score"), formats.number(nps.answers, 0)),
    ]  # fmt: skip
    return FigurePanel(
        title=_("Net promoter score"), formula_id="F5.4", formula_url=_formula_url("F5.4"), expression=_("NPS = share of scores 9-10 − share of scores 0-6, in points"),
        value=None if nps.points is None else formats.signed(formats.number(nps.points, 0), nps.points), parts=[*parts, *_interval(nps.low, nps.high, 0)],
        notes=_notes(nps.is_few), **base,
    )  # fmt: skip


def _satisfaction(found: FeedbackFigures, base: dict[str, Any]) -> FigurePanel:
    mean = found.satisfaction
    return FigurePanel(
        title=_("Satisfaction index"), formula_id="F5.5", formula_url=_formula_url("F5.5"), expression=_("index = Σ importance × score, the mean over answers"),
        value=None if mean.mean is None else formats.number(mean.mean, 2),
        parts=[(_("Numerator: Σ index of each answer"), formats.number(found.count.total, 1)), (_("Denominator: answers with a theme"), formats.number(mean.answers, 0)),
               *_interval(mean.low, mean.high, 2)],
        notes=[_("A theme that was not answered leaves its importance to the others of that answer."), *_notes(mean.is_few)], **base,
    )  # fmt: skip


def _drivers(found: Any, base: dict[str, Any]) -> FigurePanel:
    parts = [
        (f"{DRIVER_WORDS[each.name]} × {formats.share(each.weight, 0)}", formats.EN_DASH if each.score is None else formats.number(each.score, 2))
        for each in found.drivers
    ]  # fmt: skip
    missing = any(each.score is None for each in found.drivers)
    return FigurePanel(
        title=_("Customer equity for the customer"), formula_id="F1.3", formula_url=_formula_url("F1.3"), expression=_("index = Σ weight × score of value, brand and relation"),
        value=None if found.index is None else formats.number(found.index, 2), parts=parts,
        notes=[_("The score of a driver is the mean of its items, which count the same."),
               *([_("A driver nobody scored leaves its weight to the others.")] if missing else [])], **base,
    )  # fmt: skip


def _interval(low: float | None, high: float | None, digits: int) -> list[tuple[str, str]]:
    if low is None or high is None:
        return []
    both = {"low": formats.number(low, digits), "high": formats.number(high, digits)}
    return [(_("95% interval"), _("%(low)s to %(high)s") % both)]


def _notes(is_few: bool) -> list[str]:  # noqa: FBT001 -- read from the figure
    return [_("Few customers answered: the figure may well be chance.")] if is_few else []


def _formula_url(formula_id: str) -> str:
    return reverse("analyse:formula_detail", args=[formula_id])


def _trend(quarters: tuple[FeedbackFigures, ...]) -> Chart:
    names = [f"{each.count.key.year} Q{(each.count.key.month - 1) // 3 + 1} ({each.nps.answers})" for each in quarters]  # fmt: skip
    return Chart("line", names, [
        Series("NPS", [each.nps.points for each in quarters]),
        Series(_("95% interval, low"), [each.nps.low for each in quarters], dashed=True),
        Series(_("95% interval, high"), [each.nps.high for each in quarters], dashed=True),
    ], digits=0)  # fmt: skip
