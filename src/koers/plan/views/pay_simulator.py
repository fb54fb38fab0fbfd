"""How does a manager try a pay plan on the past before agreeing it?"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from koers.analyse.queries.analysis_day import analysis_day
from koers.analyse.queries.currency import reporting_currency
from koers.core import formats
from koers.core.actor import Actor
from koers.core.charts import Chart, Series
from koers.core.entry import record_key
from koers.core.errors import NotFoundError
from koers.core.figure_page import render_figure
from koers.core.figure_panel import FigurePanel
from koers.organisation.policies import Right, require
from koers.organisation.requests import actor_of
from koers.plan.figures.pay_simulation import (
    SellerOutcome,
    Sensitivity,
    Simulation,
    simulate,
)
from koers.plan.forms.pay import SimulatorForm, simulator_data
from koers.plan.models import PayPlan
from koers.plan.queries.pay import plan_for
from koers.plan.views.pay_plan import pay_tabs


@dataclass(frozen=True)
class PayQuestion:
    """Which terms are tried on what; ``found`` is None where the input is wrong."""

    actor: Actor
    plan: PayPlan | None
    form: SimulatorForm
    found: Simulation | None
    query: str

    def url(self, name: str) -> str:
        """Address of a figure's panel, with the same terms."""
        return f"{reverse('plan:pay_simulator_figure', args=[name])}?{self.query}"


def asked_pay(request: HttpRequest) -> PayQuestion:
    """Read the question; it is about what people are paid, so only who leads them asks it."""
    actor = actor_of(request)
    require(actor, Right.READ_TARGETS)
    require(actor, Right.SEE_TEAM)
    key = record_key(request.GET.get("plan", ""))
    plan = None if key is None else plan_for(actor=actor, plan_id=key)
    data = simulator_data(request.GET, plan)
    form = SimulatorForm(data, actor=actor)
    found = None
    if form.is_valid():
        tried = PayPlan(**form.terms(), currency=reporting_currency())
        found = simulate(
            actor=actor, scope=plan, tried=tried, count=form.cleaned_data["count"], today=analysis_day(timezone.localdate())
        )  # fmt: skip
    return PayQuestion(actor, plan, form, found, data.urlencode())


def pay_simulator(request: HttpRequest) -> HttpResponse:
    """What the terms would have cost, who wins and loses, and what if sales differ."""
    asked = asked_pay(request)
    context: dict[str, Any] = {"asked": asked, "form": asked.form, "tabs": pay_tabs("simulator", leads=True), "currency": reporting_currency()}  # fmt: skip
    if asked.found is not None:
        context |= _answers(asked, asked.found)
    return render(request, "plan/pay_plan/simulator.html", context, status=400 if asked.found is None else 200)  # fmt: skip


def _answers(asked: PayQuestion, found: Simulation) -> dict[str, Any]:
    rows = sorted(found.rows, key=lambda row: (row.difference is None, -(row.difference or 0), row.seller.full_name))  # fmt: skip
    urls = [asked.url(f"seller-{row.seller.pk}") for row in rows]
    compared = [row for row in rows if row.difference is not None]
    chart = Chart(
        kind="bar", horizontal=True, format="money", currency=reporting_currency(), digits=0, panel=True, labels=[row.seller.full_name for row in compared],
        series=[Series(_("Difference"), [row.difference for row in compared], [asked.url(f"seller-{row.seller.pk}") for row in compared])],
    ) if any(row.difference for row in compared) else None  # fmt: skip
    spread, before = found.spread, found.spread_now
    return {
        "found": found, "rows": list(zip(rows, urls, strict=True)), "drawing": chart, "spread": spread, "spread_now": before,
        "winners": sum(1 for row in compared if (row.difference or 0) > 0), "losers": sum(1 for row in compared if (row.difference or 0) < 0),
        "steps": [(formats.signed(formats.share(each.factor - 1, 0), each.factor - 1), each, asked.url(f"sales-{each.factor}")) for each in found.sensitivity], "same": bool(compared),
        "cost_url": asked.url("cost"), "paid_url": asked.url("paid"), "spread_url": asked.url("spread"), "change_url": asked.url("change"),
        "keep_url": f"{reverse('plan:pay_plan_create')}?copy={asked.plan.pk}" if asked.plan else reverse("plan:pay_plan_create"),
    }  # fmt: skip


def pay_simulator_figure(request: HttpRequest, name: str) -> HttpResponse:
    """The panel of a figure of the simulator."""
    asked = asked_pay(request)
    found = asked.found
    if found is None:
        return render(request, "plan/pay_plan/simulator.html", {"asked": asked, "form": asked.form, "tabs": pay_tabs("simulator", leads=True)}, status=400)  # fmt: skip
    if name.startswith("seller-"):
        row = next((each for each in found.rows if str(each.seller.pk) == name.removeprefix("seller-")), None)  # fmt: skip
        if row is None:
            raise NotFoundError(_("There is no such figure."))
        return render_figure(request, _seller_panel(asked, found, row))
    step = next((each for each in found.sensitivity if name == f"sales-{each.factor}"), None)
    if step is not None:
        return render_figure(request, _step_panel(asked, found, step))
    panels = {"cost": _cost, "paid": _paid, "spread": _spread, "change": _change}
    if name not in panels:
        raise NotFoundError(_("There is no such figure."))
    return render_figure(request, panels[name](asked, found))


def _panel(asked: PayQuestion, found: Simulation, title: str, expression: str, value: str | None, parts: list[tuple[str, str]], **more: Any) -> FigurePanel:  # fmt: skip
    filters = [asked.plan.scope_label if asked.plan else _("All sellers"), _("goods, without fees")]
    return FigurePanel(
        title=title, formula_id="F6.12", formula_url=reverse("analyse:formula_detail", args=["F6.12"]), expression=expression, value=value, parts=parts,
        period=found.period, filters=filters, **more,
    )  # fmt: skip


def _rows(found: Simulation) -> dict[str, Any]:
    rows = [[row.seller.full_name, _money(row.turnover), _money(row.now), _money(row.tried)] for row in found.rows]  # fmt: skip
    return {"columns": [_("Seller"), _("Turnover"), _("Plan that held"), _("Plan tried")], "rows": rows, "numeric_columns": frozenset({1, 2, 3}), "rows_count": len(rows)}  # fmt: skip


def _money(value: Decimal | None) -> str:
    return formats.EN_DASH if value is None else formats.money(value, reporting_currency(), digits=0)  # fmt: skip


def _cost(asked: PayQuestion, found: Simulation) -> FigurePanel:
    parts = [(_("Numerator: all pay"), _money(found.paid)), (_("Denominator: turnover"), _money(found.turnover))]  # fmt: skip
    parts.append((_("Under the plans that held"), formats.EN_DASH if found.cost_now is None else formats.share(found.cost_now)))  # fmt: skip
    value = None if found.cost is None else formats.share(found.cost)
    return _panel(asked, found, _("Cost of sales"), _("cost of sales = all pay ÷ turnover of these sellers"), value, parts, **_rows(found))  # fmt: skip


def _paid(asked: PayQuestion, found: Simulation) -> FigurePanel:
    parts = [(_("Base pay"), _money(sum((row.base for row in found.rows), Decimal(0)))), (_("Variable pay"), _money(found.paid - sum((row.base for row in found.rows), Decimal(0)))),
             (_("Under the plans that held"), _money(found.paid_now))]  # fmt: skip
    return _panel(asked, found, _("All pay"), _("all pay = Σ payouts over the periods"), _money(found.paid), parts, **_rows(found))  # fmt: skip


def _spread(asked: PayQuestion, found: Simulation) -> FigurePanel:
    spread = found.spread
    parts = [] if spread is None else [(_("Lowest"), _money(spread.lowest)), (_("Median"), _money(spread.middle)), (_("Highest"), _money(spread.highest))]  # fmt: skip
    ratio = None if spread is None or spread.ratio is None else formats.number(spread.ratio, 2)
    return _panel(asked, found, _("Spread of pay"), _("ratio = highest pay ÷ lowest pay"), ratio, parts, **_rows(found))  # fmt: skip


def _change(asked: PayQuestion, found: Simulation) -> FigurePanel:
    compared = found.compared
    parts = [(_("Sellers compared"), formats.number(len(compared), 0)), (_("Plan tried"), _money(sum((row.tried for row in compared), Decimal(0)))),
             (_("Plan that held"), _money(sum((row.now or Decimal(0) for row in compared), Decimal(0))))]  # fmt: skip
    total = sum((row.difference or Decimal(0) for row in compared), Decimal(0))
    return _panel(asked, found, _("Difference"), _("difference = pay under the plan tried − under the plan that held"), _money(total) if compared else None, parts, **_rows(found))  # fmt: skip


def _step_panel(asked: PayQuestion, found: Simulation, step: Sensitivity) -> FigurePanel:
    parts = [(_("Turnover"), _money(found.turnover * step.factor)), (_("Cost of sales"), formats.EN_DASH if step.cost is None else formats.share(step.cost)),
             (_("as they were"), _money(found.paid))]  # fmt: skip
    words = _("all pay, when every order is %(factor)s times as large") % {"factor": formats.number(step.factor)}  # fmt: skip
    return _panel(asked, found, _("If sales had been different"), words, _money(step.paid), parts)


def _seller_panel(asked: PayQuestion, found: Simulation, row: SellerOutcome) -> FigurePanel:
    parts = [(_("Turnover"), _money(row.turnover)), (_("Counts for pay"), _money(row.sales)), (_("Base pay"), _money(row.base)), (_("Variable pay"), _money(row.tried - row.base)),
             (_("Plan tried"), _money(row.tried)), (_("Plan that held"), _money(row.now))]  # fmt: skip
    lines = f"{reverse('analyse:lines')}?from={found.period.start}&to={found.period.last_day}&seller={row.seller.pk}"
    return _panel(
        asked, found, row.seller.full_name, _("difference = pay under the plan tried − under the plan that held"),
        None if row.difference is None else formats.signed_money(row.difference, reporting_currency()), parts, rows_url=lines,
    )  # fmt: skip
