"""How are key success factors shown, and how is what they say laid open?"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koers.analyse.queries.analysis_day import analysis_day
from koers.core import formats
from koers.core.actor import Actor
from koers.core.figure_page import render_figure
from koers.core.figure_panel import FigurePanel
from koers.core.tables import Column, Filter, ListState, page_of
from koers.organisation.policies import Right, may
from koers.organisation.requests import actor_of
from koers.plan.figures.key_success_factor import (
    FactorStanding,
    asked_of_factor,
    factor_standings_of,
    norm_words,
    period_of_factor,
    value_of_factor,
)
from koers.plan.forms.goal import MoveForm
from koers.plan.forms.key_success_factor import FactorMeasureForm
from koers.plan.models import KeySuccessFactor
from koers.plan.queries.key_success_factor import (
    factor_for,
    factors_matching,
    factors_visible_to,
    may_control_factor,
    sees_cost_of_factor,
    with_last_measured,
)

SHOWN = 50
COLUMNS = (
    Column("title", gettext_lazy("Factor"), "title"), Column("class", gettext_lazy("Class"), "factor_class"),
    Column("owner", gettext_lazy("Owner"), "owner__full_name"), Column("norm", gettext_lazy("Threshold or ambition"), numeric=True),
    Column("actual", gettext_lazy("Actual"), numeric=True), Column("standing", gettext_lazy("Standing")),
    Column("step", gettext_lazy("Step"), "step", visible_by_default=False), Column("control", gettext_lazy("Control date"), "control_on", kind="date"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FactorRow:
    """A factor as a line of the list."""

    factor: KeySuccessFactor
    standing: FactorStanding
    norm: str
    actual: str
    is_overdue: bool
    is_due: bool


def factor_rows(actor: Actor, factors: Any) -> list[FactorRow]:
    """Factors of ``with_last_measured`` as lines."""
    now = timezone.localdate()
    return [
        FactorRow(
            each.factor, each, norm_words(each.factor) if sees_cost_of_factor(actor, each.factor) else formats.EN_DASH,
            value_of_factor(each.factor, each.actual), each.factor.control_on < now, each.factor.control_on <= now,
        )
        for each in factor_standings_of(actor=actor, factors=factors, today=analysis_day(now))
    ]  # fmt: skip


def factor_list(request: HttpRequest) -> HttpResponse:
    """All factors, hygiene first."""
    actor, today = actor_of(request), timezone.localdate()
    filters = (
        Filter("class", _("Class"), KeySuccessFactor.Class.choices), Filter("control", _("Control date"), [("due", _("Control due"))]),
    )  # fmt: skip
    state = ListState.from_request(request, columns=COLUMNS, default_sort="class", filters=filters)
    found = factors_matching(actor, q=state.q, choices=state.values, today=today)
    page = page_of(with_last_measured(found), state)
    context = {"state": state, "page": page, "rows": factor_rows(actor, page.rows), "may_edit": may(actor, Right.EDIT_TARGETS)}  # fmt: skip
    return render(request, "plan/key_success_factor/list.html", context)


def factor_detail(request: HttpRequest, factor_id: int) -> HttpResponse:
    """One factor: how it stands, what was measured, and its step."""
    return render(request, "plan/key_success_factor/detail.html", detail_of_factor(request, factor_id))  # fmt: skip


def detail_of_factor(request: HttpRequest, factor_id: int, **forms: Any) -> dict[str, Any]:
    """The page of a factor; ``forms`` replaces a form by the one that was refused."""
    actor, now = actor_of(request), timezone.localdate()
    factor = factor_for(actor=actor, factor_id=factor_id)
    found = with_last_measured(factors_visible_to(actor).filter(pk=factor.pk))
    row = factor_rows(actor, found)[0]
    chosen = {"step": factor.step, "control_on": factor.control_on, "version": factor.version}
    return {
        "factor": factor, "row": row, "today": now, "alarm_key": f"hygiene:{factor.pk}",
        "measured": [(each, value_of_factor(factor, each.value)) for each in factor.measurements.all()[:SHOWN]],
        "start": value_of_factor(factor, factor.start_value if sees_cost_of_factor(actor, factor) else None),
        "item_url": _item_url(factor, row) if row.standing.fails else "",
        "may_edit": may(actor, Right.EDIT_TARGETS), "may_control": may_control_factor(actor, factor),
        "move_form": MoveForm(initial=chosen), "measure_form": FactorMeasureForm(factor=factor, today=now), **forms,
    }  # fmt: skip


def _item_url(factor: KeySuccessFactor, row: FactorRow) -> str:
    """Where an action item about a failing factor begins; its key is that of the alarm."""
    label = f"{factor.title}: {row.actual}, {row.norm}"
    origin = {"source": "alarm", "source_label": label[:200], "source_url": reverse("plan:factor_detail", args=[factor.pk]), "source_key": f"hygiene:{factor.pk}"}  # fmt: skip
    return f"{reverse('control:action_item_create')}?{urlencode(origin)}"


def factor_figure(request: HttpRequest, factor_id: int) -> HttpResponse:
    """The panel of how a factor stands."""
    actor, now = actor_of(request), timezone.localdate()
    today = analysis_day(now)
    factor = factor_for(actor=actor, factor_id=factor_id)
    found = with_last_measured(factors_visible_to(actor).filter(pk=factor.pk))
    standing = factor_standings_of(actor=actor, factors=found, today=today)[0]
    seen = sees_cost_of_factor(actor, factor)
    norm = value_of_factor(factor, (factor.threshold if factor.is_hygiene else factor.ambition) if seen else None)  # fmt: skip
    if factor.is_hygiene:
        expression = _("passes = actual ≥ threshold") if factor.bound == KeySuccessFactor.Bound.LEAST else _("passes = actual ≤ threshold")  # fmt: skip
        value = None if standing.passes is None else _("passes") if standing.passes else _("fails")
        parts = [(_("Actual"), value_of_factor(factor, standing.actual)), (_("Threshold"), norm)]
    else:
        expression = _("progress = (actual − start) ÷ (ambition − start), from 0 to 100%")
        value = None if standing.share is None else formats.share(standing.share)
        parts = [
            (_("Numerator: actual"), value_of_factor(factor, standing.actual)), (_("Denominator: ambition"), norm),
            (_("Starts at"), value_of_factor(factor, factor.start_value if seen else None)),
        ]  # fmt: skip
    panel = FigurePanel(
        title=factor.title, formula_id="F2.11", formula_url=reverse("analyse:formula_detail", args=["F2.11"]), expression=expression, value=value, parts=parts,
        period=period_of_factor(today) if factor.figure else None, filters=[factor.get_figure_display() if factor.figure else _("measured by hand")],
        notes=_notes(standing), **_rows(factor, standing, today),
    )  # fmt: skip
    return render_figure(request, panel)


def _notes(standing: FactorStanding) -> list[str]:
    if standing.is_hidden:
        return [_("The actual counts customers or costs you may not see, so it is not shown.")]
    return [_("Nothing has been measured yet.")] if standing.actual is None else []


def _rows(factor: KeySuccessFactor, standing: FactorStanding, today: date) -> dict[str, Any]:
    ask = asked_of_factor(factor, today=today)
    if standing.is_hidden:
        return {}
    if ask is None:
        days = list(factor.measurements.all()[:10])
        return {
            "columns": [_("Day"), _("Measured"), _("By")], "rows_count": len(days), "numeric_columns": frozenset({1}),
            "rows": [(formats.day(each.day), value_of_factor(factor, each.value), each.made_by_name) for each in days],
            "rows_url": reverse("plan:factor_detail", args=[factor.pk]),
        }  # fmt: skip
    if factor.figure == KeySuccessFactor.Figure.VISITS:
        return {"rows_url": f"{reverse('sell:activity_list')}?kind=visit&status=done&sort=-day"}
    period = period_of_factor(today)
    return {"rows_url": f"{reverse('analyse:lines')}?{urlencode({'from': period.start.isoformat(), 'to': period.last_day.isoformat()})}"}  # fmt: skip
