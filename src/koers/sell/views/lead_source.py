"""How are the figures of leads per source shown and opened?"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from koers.core import formats
from koers.core.errors import NotFoundError
from koers.core.figure_page import render_figure
from koers.core.figure_panel import FigurePanel
from koers.core.navigation import address
from koers.organisation.requests import actor_of
from koers.sell.figures.lead_source import LeadCost, SourceFigures, lead_sources

SHOWN = "name,person,status,source,received,cost"


def lead_source_list(request: HttpRequest) -> HttpResponse:
    """Leads per source: how many, how they ended, what they cost."""
    rows, total = lead_sources(actor_of(request))
    return render(request, "sell/lead/sources.html", {"rows": rows, "total": total})


def lead_conversion_figure(request: HttpRequest) -> HttpResponse:
    """How the conversion rate of a source was made."""
    found = _chosen(request)
    count, notes = (
        found.count,
        [_("Open leads are left out: they may still be decided either way.")],
    )
    if found.is_few:
        notes.append(_("Few leads have been decided: the rate may well be chance."))
    parts = [
        (_("Numerator: converted"), formats.number(count.converted, 0)),
        (_("Denominator: converted and disqualified"), formats.number(count.decided, 0)),
        (_("Left out: open"), formats.number(count.open, 0)),
    ]
    if found.interval:
        both = {
            "low": formats.share(found.interval.low),
            "high": formats.share(found.interval.high),
        }
        parts.append((_("95% interval (Wilson)"), _("%(low)s to %(high)s") % both))
    panel = FigurePanel(
        title=_("Conversion rate"), formula_id="F12.1", formula_url=_formula_url("F12.1"), expression=_("conversion rate = converted ÷ decided"),
        value=None if found.rate is None else formats.share(found.rate), parts=parts, filters=_filters(found), notes=notes,
        rows_url=_rows_url(count.source, status="converted"), rows_count=count.converted,
    )  # fmt: skip
    return render_figure(request, panel)


def lead_cost_figure(request: HttpRequest) -> HttpResponse:
    """How the cost per lead of a source was made, in one currency."""
    found = _chosen(request)
    cost = _cost_in(found, request.GET.get("currency", ""))
    known, currency = cost.known, cost.known.currency
    notes = []
    if found.count.without_cost:
        notes.append(_("Leads without a cost are left out: %(count)s.") % {"count": formats.number(found.count.without_cost, 0)})  # fmt: skip
    if len(found.costs) > 1:
        notes.append(_("Costs in other currencies are a figure of their own."))
    parts = [
        (_("Numerator: cost"), formats.money(known.cost, currency)),
        (_("Denominator: leads with a cost"), formats.number(known.leads, 0)),
        (_("Of these converted"), formats.number(known.converted, 0)),
    ]
    if cost.per_converted is not None:
        parts.append((_("Cost per converted lead"), formats.money(cost.per_converted, currency)))
    panel = FigurePanel(
        title=_("Cost per lead"), formula_id="F8.6", formula_url=_formula_url("F8.6"), expression=_("cost per lead = cost ÷ leads with a cost"),
        value=None if cost.per_lead is None else formats.money(cost.per_lead, currency), parts=parts, filters=_filters(found), notes=notes,
        rows_url=_rows_url(found.count.source, columns=SHOWN), rows_count=found.count.leads,
    )  # fmt: skip
    return render_figure(request, panel)


def _chosen(request: HttpRequest) -> SourceFigures:
    """The source in the address, or all together; one without visible leads does not exist."""
    rows, total = lead_sources(actor_of(request))
    source = request.GET.get("source", "")
    if not source:
        return total
    for row in rows:
        if row.count.source == source:
            return row
    raise NotFoundError(_("There are no leads from this source."))


def _cost_in(found: SourceFigures, currency: str) -> LeadCost:
    for cost in found.costs:
        if cost.known.currency == currency or not currency:
            return cost
    raise NotFoundError(_("No cost of these leads is known."))


def _filters(found: SourceFigures) -> list[str]:
    if not found.count.source:
        return []
    return [_("Source: %(source)s") % {"source": found.count.label}]


def _rows_url(source: str, **more: str) -> str:
    chosen = {name: value for name, value in {"source": source, **more}.items() if value}
    return reverse("sell:lead_list") + (f"?{urlencode(chosen)}" if chosen else "")


def _formula_url(formula_id: str) -> str:
    formulas = address("analyse:formula_list")
    return f"{formulas}{formula_id}/" if formulas else ""
