"""How is a figure of a division of visits laid open: of all, of one seller, of one customer?"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from koers.core import formats
from koers.core.entry import record_key
from koers.core.errors import NotFoundError
from koers.core.figure_page import render_figure
from koers.core.figure_panel import FigurePanel
from koers.core.periods import Period
from koers.organisation.requests import actor_of
from koers.plan.figures.effort import curve_of
from koers.plan.models import EffortLine, EffortRun, EffortSeller
from koers.plan.queries.effort import line_for, lines_of, run_for
from koers.plan.views.effort import STEPS, hour_value, step_values

SHOWN = 10
NAMES = ("best", "gain", "same", "bound", "next", "hour", "step", "seller", "line")
Part = tuple[str, str]


def effort_figure(request: HttpRequest, effort_id: int, name: str) -> HttpResponse:
    """The panel of one figure of a run."""
    actor = actor_of(request)
    run = run_for(actor=actor, run_id=effort_id)
    if name not in NAMES:
        raise NotFoundError(_("There is no such figure."))
    if name == "line":
        line = line_for(actor=actor, run=run, line_id=record_key(request.GET.get("line", "")) or 0)
        return render_figure(request, _of_line(run, line))
    if name == "seller":
        seller = run.sellers.filter(pk=record_key(request.GET.get("seller", "")) or 0).first()
        if seller is None:
            raise NotFoundError(_("There is no such figure."))
        rows = lines_of(actor, run).filter(seller=seller).order_by("-best_value", "pk")[:SHOWN]
        return render_figure(request, _of_seller(run, seller, list(rows)))
    sellers = list(run.sellers.all())
    if name == "step":
        return render_figure(request, _of_step(run, sellers, request.GET.get("step", "1")))
    rows = lines_of(actor, run).order_by("-best_value", "pk")[:SHOWN]
    makers: dict[str, Any] = {"best": _best, "gain": _gain, "same": _same, "bound": _bound, "next": _next, "hour": _hour}  # fmt: skip
    title, expression, value, parts, notes = makers[name](run, sellers)
    return render_figure(request, _panel(run, (title, expression), value, parts, notes, rows=rows))


def basis_word(run: EffortRun) -> str:
    """What a value of the run is."""
    return str(EffortRun.Basis(run.basis).label)


def _money(run: EffortRun, value: Decimal | None) -> str | None:
    return None if value is None else formats.money(value, run.currency, digits=0)


def _shown(run: EffortRun, value: Decimal | None) -> str:
    return _money(run, value) or formats.EN_DASH


def _best(run: EffortRun, _sellers: list[EffortSeller]) -> Any:
    parts = [
        (_("Hours there are"), formats.number(run.hours, 0)), (_("Hours used"), formats.number(run.hours_used, 0)), (_("Customers"), formats.number(run.customers)),
        (_("of which with an own estimate"), formats.number(run.estimated)), (_("Value of the visits made"), _shown(run, run.actual_value)),
    ]  # fmt: skip
    return _("Best division"), _("value = Σ margin × turnover at the best visits"), _money(run, run.best_value), parts, _notes(run)  # fmt: skip


def _gain(run: EffortRun, _sellers: list[EffortSeller]) -> Any:
    parts = [
        (_("Best division"), _shown(run, run.best_value)), (_("− by the norms"), _shown(run, run.norm_value)),
        (_("Hours of the best division"), formats.number(run.hours_used, 0)), (_("Hours of the norms"), formats.number(run.norm_hours, 0)),
    ]  # fmt: skip
    notes = [*_notes(run), _("The two may take different hours; the figure beside it compares them in the same hours.")]  # fmt: skip
    return _("More than the norms"), _("difference = best division − value at the norms"), formats.signed(_shown(run, run.gain), run.gain), parts, notes  # fmt: skip


def _same(run: EffortRun, _sellers: list[EffortSeller]) -> Any:
    value = None if run.same_hours_value is None else run.same_hours_value - run.norm_value
    parts = [(_("Best division in the hours of the norms"), _shown(run, run.same_hours_value)), (_("− by the norms"), _shown(run, run.norm_value)), (_("Hours of the norms"), formats.number(run.norm_hours, 0))]  # fmt: skip
    notes = _notes(run) if value is not None else [_("The least visits of a seller do not fit in the hours of the norms.")]  # fmt: skip
    if value is not None and value < 0:
        notes = [*notes, _("Below zero, for the norms lie outside the least and most visits of some customers.")]  # fmt: skip
    return _("In the hours of the norms"), _("difference = best division in the same hours − value at the norms"), None if value is None else formats.signed(_shown(run, value), value), parts, notes  # fmt: skip


def _bound(run: EffortRun, _sellers: list[EffortSeller]) -> Any:
    parts = [(_("Upper bound"), _shown(run, run.bound)), (_("− best division"), _shown(run, run.best_value)), (_("Difference"), _shown(run, run.bound - run.best_value))]  # fmt: skip
    notes = [
        _("Where every curve flattens from the first visit and visits take equally long, the division is the best there is. Where a curve first steepens, or a visit more does not fit in the last hours, no division can be worth more than this bound.")
    ]  # fmt: skip
    return _("At most"), _("bound = value on the least concave curves above the customers' own, in the same hours"), _money(run, run.bound), parts, notes  # fmt: skip


def _next(run: EffortRun, sellers: list[EffortSeller]) -> Any:
    parts = [(_("Sellers"), formats.number(len(sellers))), (_("Hours there are"), formats.number(run.hours, 0)), (_("Hours of one seller more"), formats.EN_DASH if run.next_seller_hours is None else formats.number(run.next_seller_hours, 0))]  # fmt: skip
    notes = [
        _("As if all customers could be divided anew over the sellers, with one seller of average hours more. Set it beside what a seller costs.")
    ]  # fmt: skip
    if run.next_seller is None:
        notes = [_("The least visits do not fit in the hours.")]
    return _("One seller more"), _("value = best division with one seller's hours more − best division now, all customers together"), _money(run, run.next_seller), parts, notes  # fmt: skip


def _hour(run: EffortRun, sellers: list[EffortSeller]) -> Any:
    value, more = hour_value(run, sellers), step_values(sellers)[3]
    parts = [(_("Best division with 10% more hours"), _shown(run, more)), (_("− best division"), _shown(run, run.best_value)), (_("÷ hours added"), formats.number(run.hours / 10, 0))]  # fmt: skip
    return _("One hour more"), _("value of an hour = (value at 1.1 × the hours − value) ÷ (0.1 × the hours)"), None if value is None else formats.money(value, run.currency), parts, _notes(run)  # fmt: skip


def _of_step(run: EffortRun, sellers: list[EffortSeller], text: str) -> FigurePanel:
    step = next((each for each in STEPS if str(each) == text), None)
    if step is None:
        raise NotFoundError(_("There is no such figure."))
    value = step_values(sellers)[STEPS.index(step)]
    parts = [(_("Hours"), formats.number(run.hours * float(step), 0)), (_("Best division in all hours"), _shown(run, run.best_value))]  # fmt: skip
    if value is not None:
        parts.append((_("Difference"), formats.signed(_shown(run, value - run.best_value), value - run.best_value)))  # fmt: skip
    notes = _notes(run) if value is not None else [_("The least visits of a seller do not fit in these hours.")]  # fmt: skip
    rows = [(each.name, formats.number(each.hours * float(step), 0), _step_text(run, each, step)) for each in sellers[:SHOWN]]  # fmt: skip
    panel = _panel(run, (_("Best division at %(share)s of the hours") % {"share": formats.share(step, 0)}, _("value = Σ margin × turnover at the best visits in these hours")), _money(run, value), parts, notes)  # fmt: skip
    return _with_rows(panel, [_("Seller"), _("Hours"), basis_word(run)], rows, len(sellers))


def _step_text(run: EffortRun, seller: EffortSeller, step: Decimal) -> str:
    value = seller.steps[STEPS.index(step)]
    return formats.EN_DASH if value is None else _shown(run, Decimal(value))


def _of_seller(run: EffortRun, seller: EffortSeller, rows: list[EffortLine]) -> FigurePanel:
    parts = [
        (_("Sales days"), formats.number(seller.days, 0)), (_("Hours for these customers"), formats.number(seller.hours, 0)),
        (_("Hours kept for customers left out"), formats.number(seller.reserved, 0)), (_("Hours used"), formats.number(seller.hours_used, 0)),
        (_("By the norms"), _shown(run, seller.norm_value)), (_("Hours of the norms"), formats.number(seller.norm_hours, 0)),
        (_("Value of the visits made"), _shown(run, seller.actual_value)), (_("Upper bound"), _shown(run, seller.bound)),
    ]  # fmt: skip
    if seller.hour_value is not None:
        parts.append((_("One hour more"), formats.money(seller.hour_value, run.currency)))
    return _panel(run, (_("Best division of %(name)s") % {"name": seller.name}, _("value = Σ margin × turnover at the best visits")), _money(run, seller.best_value), parts, _notes(run), rows=rows, query=f"?seller={seller.pk}")  # fmt: skip


def _of_line(run: EffortRun, line: EffortLine) -> FigurePanel:
    curve = curve_of(line)
    first = max(0, min(line.best - SHOWN // 2, line.most - SHOWN + 1))
    rows = []
    for visits in range(first, first + SHOWN):
        here = line.margin * curve.at(visits)
        extra = here - line.margin * curve.at(visits - 1) if visits else None
        mark = " ←" if visits == line.best else ""
        rows.append((f"{formats.number(visits, 0)}{mark}", _shown(run, Decimal(round(curve.at(visits)))), _shown(run, Decimal(round(here))), formats.EN_DASH if extra is None else _shown(run, Decimal(round(extra)))))  # fmt: skip
    parts = [
        (_("Turnover without visits, s0"), _shown(run, Decimal(round(line.s0)))), (_("Turnover at endless visits, smax"), _shown(run, Decimal(round(line.smax)))),
        (_("Shape, γ"), formats.number(line.shape, 2)), (_("Scale, δ"), formats.number(line.scale, 2)),
        (_("Point of today: visits and turnover"), f"{formats.number(line.visits)} · {_shown(run, line.turnover)}"), (_("Margin"), formats.share(line.margin)),
        (_("Hours per visit, with travel and waiting"), formats.number(line.hours, 2)), (_("Least and most visits"), f"{line.least} – {line.most}"),
        (_("Norm"), formats.EN_DASH if line.norm is None else formats.number(line.norm)), (_("Visits made"), formats.number(line.actual)),
        (_("One visit more"), _shown(run, line.one_more)), (_("One visit less"), _shown(run, line.one_less)),
    ]  # fmt: skip
    notes = [_("The curve is that of the seller's four estimates.") if line.source == EffortLine.Source.ESTIMATE else _("Nobody made an estimate: the curve is that of the class, scaled to this customer.")]  # fmt: skip
    if line.misfit > abs(float(line.turnover)) / 100:
        notes.append(_("The curve misses an estimate by %(amount)s at most.") % {"amount": _shown(run, Decimal(round(line.misfit)))})  # fmt: skip
    panel = _panel(
        run, (_("Best visits to %(name)s") % {"name": line.company.name}, _("turnover(x) = s0 + (smax − s0) · x^γ ÷ (δ + x^γ), the next visit where an hour brings most")),
        formats.number(line.best), parts, notes, formula="F6.9", unit=_("visits a year"),
    )  # fmt: skip
    return _with_rows(panel, [_("Visits"), _("Turnover"), basis_word(run), _("Extra")], rows, None)


def _notes(run: EffortRun) -> list[str]:
    words = [_("Turnover follows the curves that sellers or classes estimate; they are expectations, no measurement.")]  # fmt: skip
    if run.basis == EffortRun.Basis.TURNOVER:
        words.append(_("The cost of sales is not known or not shown, so that turnover takes the place of contribution."))  # fmt: skip
    return words


def _panel(
    run: EffortRun, head: tuple[str, str], value: str | None, parts: list[Part], notes: list[str],
    *, rows: Sequence[EffortLine] | Any = (), formula: str = "F6.10", unit: str = "", query: str = "",
) -> FigurePanel:  # fmt: skip
    return FigurePanel(
        title=head[0], formula_id=formula, formula_url=reverse("analyse:formula_detail", args=[formula]), expression=head[1], value=value,
        unit=unit or _("%(basis)s a year") % {"basis": basis_word(run)}, parts=parts, notes=notes, period=Period(run.period_start, run.period_end), computed_at=run.made_at,
        filters=[run.scope_label or _("All sellers one sees"), _("hours of %(year)s") % {"year": run.year}], rows_url=reverse("plan:effort_run", args=[run.pk]) + query,
        rows_count=run.customers if not query else None, columns=[_("Company"), _("Norm"), _("Best"), basis_word(run)],
        rows=[(row.company.name, formats.EN_DASH if row.norm is None else formats.number(row.norm), formats.number(row.best), _shown(run, row.best_value)) for row in rows],
        numeric_columns=frozenset({1, 2, 3}),
    )  # fmt: skip


def _with_rows(
    panel: FigurePanel, columns: list[str], rows: Sequence[tuple[str, ...]], count: int | None
) -> FigurePanel:
    return replace(panel, columns=columns, rows=rows, rows_count=count)
