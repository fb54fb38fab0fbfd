"""How do territories stand on a plan and in a table, and how is each figure laid open?"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koers.analyse.queries.analysis_day import analysis_day
from koers.analyse.queries.currency import reporting_currency
from koers.core import formats
from koers.core.actor import Actor
from koers.core.errors import NotFoundError
from koers.core.figure_page import render_figure
from koers.core.figure_panel import FigurePanel
from koers.core.periods import Period, last_twelve_months
from koers.organisation.policies import Right, may, require
from koers.organisation.requests import actor_of
from koers.plan.figures.territory_map import territory_map_of
from koers.plan.forms.territory_map import TerritoryMapForm
from koers.plan.queries.territory_map import customers_in_territory, territory_names
from koers.plan.queries.visit_norm import norms_on
from koers.plan.views.territory_drawing import drawing_of

SHOWN = 10
# Title, formula, how it is made.
FIGURES = {
    "hours": (gettext_lazy("Hours the norms ask"), "F6.1", gettext_lazy("hours = Σ norm × (travel + waiting + talk minutes) ÷ 60")),
    "turnover": (gettext_lazy("Turnover of 12 months"), "F6.13", gettext_lazy("turnover = Σ turnover of the customers of the territory")),
    "coverage": (gettext_lazy("Visit performance level"), "F6.14", gettext_lazy("level = visits made ÷ norm")),
    "cost": (gettext_lazy("Cost of the territory"), "F6.13", gettext_lazy("cost = Σ cost of a seller × the part of his or her norm hours that lies here")),
    "result": (gettext_lazy("Break-even turnover"), "F6.13", gettext_lazy("break-even turnover = cost of the territory ÷ contribution ratio")),
}  # fmt: skip


@dataclass(frozen=True)
class MapQuestion:
    """Over which year, with which cost, coloured by what."""

    actor: Actor
    form: TerritoryMapForm
    period: Period
    names: dict[int, str]
    found: Any

    def name(self, key: int | None) -> str:
        """A territory in words."""
        return _("Without a territory") if key is None else self.names.get(key, formats.EN_DASH)

    def query(self, **more: object) -> str:
        """The address of the same question."""
        return "?" + urlencode({name: self.form.data[name] for name in ("seller_cost", "by")} | more)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TerritoryRow:
    """A territory as a row: its number on the plan, its figures, and where each opens."""

    number: int
    name: str
    figures: Any
    urls: dict[str, str]


def asked_map(request: HttpRequest) -> MapQuestion:
    """Read the question; managers ask it, for it is about people and what they cost."""
    actor = actor_of(request)
    require(actor, Right.READ_TARGETS)
    require(actor, Right.SEE_TEAM)
    form = TerritoryMapForm(request.GET)
    day = analysis_day(timezone.localdate())
    period = last_twelve_months(day)
    found = territory_map_of(actor=actor, period=period, day=day, seller_cost=form.cost)
    return MapQuestion(actor, form, period, territory_names(), found)


def territory_map(request: HttpRequest) -> HttpResponse:
    """Territories drawn from the places of their customers, beside their figures."""
    asked = asked_map(request)
    rows = [
        TerritoryRow(
            number, asked.name(each.key), each,
            {name: reverse("plan:territory_figure", args=[name]) + asked.query(key=each.key or "none") for name in FIGURES},
        )
        for number, each in enumerate(asked.found.territories, 1)
    ]  # fmt: skip
    losing = [row for row in rows if row.figures.loses]
    context: dict[str, Any] = {
        "asked": asked, "rows": rows, "form": asked.form, "currency": reporting_currency(), "losing": losing, "measure": asked.form.measure,
        "drawing": drawing_of([(row.number, row.figures) for row in rows], asked.form.measure), "sees_cost": may(asked.actor, Right.SEE_COST),
        "balance_url": reverse("plan:territory_balance") + asked.query(), "norms": norms_on(asked.period.end) is not None,
    }  # fmt: skip
    return render(request, "plan/territory_map/detail.html", context, status=400 if asked.form.errors else 200)  # fmt: skip


def territory_figure(request: HttpRequest, name: str) -> HttpResponse:
    """The panel of one figure of one territory."""
    asked, key = asked_map(request), request.GET.get("key", "none")
    each = next((found for found in asked.found.territories if str(found.key or "none") == key), None)  # fmt: skip
    if name not in FIGURES or each is None:
        raise NotFoundError(_("There is no such figure."))
    title, formula, expression = FIGURES[name]
    currency = reporting_currency()
    value, parts = _value_and_parts(asked, name, each, currency)
    rows = customers_in_territory(
        asked.actor, norm_set=norms_on(asked.period.end), period=asked.period, day=asked.period.end, territory=each.key,
    )[:SHOWN]  # fmt: skip
    panel = FigurePanel(
        title=str(title), formula_id=formula, formula_url=reverse("analyse:formula_detail", args=[formula]), expression=str(expression), value=value, parts=parts,
        period=asked.period, filters=[asked.name(each.key)], notes=_notes(name, each), rows_url=reverse("customers:company_list") + f"?territory={each.key or 'none'}",
        rows_count=each.customers, columns=[_("Company"), _("Turnover"), _("Norm"), _("Visits made")], numeric_columns=frozenset({1, 2, 3}),
        rows=[(row.name, formats.money(row.turnover_12m, currency, digits=0), formats.EN_DASH if row.norm is None else row.norm, row.actual) for row in rows],
    )  # fmt: skip
    return render_figure(request, panel)


def territory_balance(request: HttpRequest) -> HttpResponse:
    """The panel of how evenly the work is divided over territories (F6.8)."""
    asked = asked_map(request)
    named = [each for each in asked.found.territories if each.key is not None]
    heaviest = max(named, key=lambda each: each.hours, default=None)
    total = sum(each.hours for each in named)
    panel = FigurePanel(
        title=_("Overload of the heaviest territory"), formula_id="F6.8", formula_url=reverse("analyse:formula_detail", args=["F6.8"]),
        expression=_("overload = most hours of a territory ÷ mean hours − 1"), value=None if asked.found.overload is None else formats.share(asked.found.overload),
        parts=[
            (_("Numerator: most hours"), formats.EN_DASH if heaviest is None else f"{formats.number(heaviest.hours, 0)} ({asked.name(heaviest.key)})"),
            (_("Denominator: mean hours"), formats.number(total / len(named), 0) if named else formats.EN_DASH), (_("Territories"), formats.number(len(named))),
            (_("Spread: standard deviation ÷ mean"), formats.EN_DASH if asked.found.spread is None else formats.share(asked.found.spread)),
        ],
        period=asked.period, rows_url=reverse("plan:territory_map") + asked.query(), rows_count=len(named), columns=[_("Territory"), _("Hours")],
        rows=[(asked.name(each.key), formats.number(each.hours, 0)) for each in sorted(named, key=lambda each: -each.hours)[:SHOWN]], numeric_columns=frozenset({1}),
        notes=[] if total else [_("No norm asks hours of any territory.")],
    )  # fmt: skip
    return render_figure(request, panel)


def _value_and_parts(
    asked: MapQuestion, name: str, each: Any, currency: str
) -> tuple[str | None, list[tuple[str, str]]]:
    customers = (_("Customers"), formats.number(each.customers))
    turnover = formats.money(each.turnover, currency, digits=0)
    cost = formats.money(round(each.cost), currency, digits=0)
    if name == "hours":
        return formats.number(each.hours, 0), [
            customers,
            (_("Visits the norms ask"), formats.number(each.visits, 0)),
        ]
    if name == "turnover":
        return turnover, [customers]
    if name == "coverage":
        made, asked_for = formats.number(each.made), formats.number(each.visits, 0)
        return None if each.coverage is None else formats.share(each.coverage), [
            (_("Numerator: visits made"), made),
            (_("Denominator: norm"), asked_for),
            customers,
        ]
    if name == "cost":
        per_visit = (
            formats.EN_DASH
            if each.visit_cost is None
            else formats.money(round(each.visit_cost, 2), currency)
        )
        return cost, [
            (_("Cost of a salesperson a year"), formats.money(asked.form.cost, currency, digits=0)), (_("Norm hours here"), formats.number(each.hours, 0)),
            (_("Visits made"), formats.number(each.actual)), (_("Cost per visit made"), per_visit),
        ]  # fmt: skip
    ratio = formats.EN_DASH if each.ratio is None else formats.share(each.ratio)
    margin = (
        formats.EN_DASH
        if each.break_even is None
        else formats.signed_money(float(each.turnover) - each.break_even, currency)
    )
    return None if each.break_even is None else formats.money(round(each.break_even), currency, digits=0), [
        (_("Numerator: cost of the territory"), cost), (_("Denominator: contribution ratio"), ratio), (_("Turnover"), turnover),
        (_("Turnover beyond break-even"), margin),
    ]  # fmt: skip


def _notes(name: str, each: Any) -> list[str]:
    notes = []
    if name in ("cost", "result"):
        notes.append(
            _(
                "The cost of each seller is divided over territories by where his or her norm hours lie."
            )
        )
    if name == "result" and each.ratio is None:
        notes.append(
            _("The cost of what was sold here is not known, so there is no contribution ratio.")
        )
    elif name == "result" and each.ratio <= 0:
        notes.append(_("What is sold here brings no contribution, so no turnover covers the cost."))
    if name == "coverage" and each.coverage is None:
        notes.append(_("No norm holds for a customer here, so there is nothing to divide by."))
    return notes
