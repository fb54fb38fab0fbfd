"""How are opportunities listed, shown and exported?"""

from collections.abc import Callable

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koers.core import formats
from koers.core.exports import csv_response, xlsx_response
from koers.core.figure_page import render_figure
from koers.core.figure_panel import FigurePanel
from koers.core.navigation import address
from koers.core.tables import Column, Filter, ListState, page_of
from koers.customers.queries.choices import owner_choices
from koers.customers.queries.company import company_for
from koers.organisation.policies import Right, may, require
from koers.organisation.requests import actor_of
from koers.sell.figures.hit_rate import hit_rate
from koers.sell.models import BuyingSituation, Opportunity, SellingRole, StageKind
from koers.sell.queries.need import needs_in
from koers.sell.queries.opportunity import (
    history_of,
    opportunities_matching,
    opportunities_of,
    opportunity_for,
    pipeline_choices,
    stage_choices,
    stages_beside,
)
from koers.sell.queries.opportunity_signal import signals_of

MOST_EXPORTED = 200_000
SHOWN_AT_COMPANY = 8

COLUMNS = (
    Column("name", gettext_lazy("Opportunity"), "name"), Column("company", gettext_lazy("Customer")), Column("owner", gettext_lazy("Owner")),
    Column("stage", gettext_lazy("Stage"), "stage__position"), Column("amount", gettext_lazy("Amount"), "amount", numeric=True),
    Column("opened", gettext_lazy("Opened"), "opened_on"), Column("expected", gettext_lazy("Expected close date"), "expected_close_on"), Column("close", gettext_lazy("Closed"), "closed_on"),
    Column("situation", gettext_lazy("Buying situation"), "buying_situation"), Column("role", gettext_lazy("Selling role"), "selling_role", visible_by_default=False),
)  # fmt: skip


def opportunity_list(request: HttpRequest) -> HttpResponse:
    """Opportunities one may see, with the hit rate of the decided ones."""
    actor = actor_of(request)
    filters = (
        Filter("kind", _("Outcome"), StageKind.choices), Filter("pipeline", _("Pipeline"), pipeline_choices()),
        Filter("stage", _("Stage"), stage_choices()), Filter("owner", _("Owner"), owner_choices(actor)),
        Filter("situation", _("Buying situation"), [*BuyingSituation.choices, ("none", "–")]), Filter("role", _("Selling role"), [*SellingRole.choices, ("none", "–")]),
    )  # fmt: skip
    state = ListState.from_request(
        request, columns=COLUMNS, default_sort="-opened", filters=filters
    )
    rows = opportunities_matching(actor, q=state.q, choices=state.values)
    if request.GET.get("export"):
        return _export(request, state, rows)
    rate, won, decided = hit_rate(actor)
    context = {
        "state": state, "page": page_of(rows, state), "rate": rate, "won": won, "decided": decided,
        "may_edit": may(actor, Right.EDIT_CUSTOMERS), "figure_url": reverse("sell:hit_rate"), "export_url": _export_url(state) if may(actor, Right.EXPORT) else "",
    }  # fmt: skip
    return render(request, "sell/opportunity/list.html", context)


def _export_url(state: ListState) -> str:
    url = state.query()
    return f"{url}{'&' if '?' in url else '?'}export=xlsx"


def _export(request: HttpRequest, state: ListState, rows: QuerySet[Opportunity]) -> HttpResponse:
    require(actor_of(request), Right.EXPORT)
    read: dict[str, Callable[[Opportunity], object]] = {
        "name": lambda o: o.name, "company": lambda o: str(o.company or ""), "owner": lambda o: str(o.owner or ""),
        "stage": lambda o: str(o.stage), "amount": lambda o: o.amount, "opened": lambda o: o.opened_on, "expected": lambda o: o.expected_close_on, "close": lambda o: o.closed_on,
        "situation": lambda o: o.get_buying_situation_display(), "role": lambda o: o.get_selling_role_display(),
    }  # fmt: skip
    shown = state.shown_columns
    lines = (
        [read[column.name](each) for column in shown]
        for each in state.ordered(rows)[:MOST_EXPORTED].iterator(chunk_size=2000)
    )
    heads = [str(column.label) for column in shown]
    name = str(_("opportunities"))
    respond = xlsx_response if request.GET["export"] == "xlsx" else csv_response
    return respond(name, heads, lines)


def opportunity_detail(request: HttpRequest, opportunity_id: int) -> HttpResponse:
    """One opportunity: where it stands in its pipeline, how it came there, what was done for it."""
    actor = actor_of(request)
    found = opportunity_for(actor=actor, opportunity_id=opportunity_id)
    context = {
        "opportunity": found, "stages": stages_beside(found), "history": history_of(found),
        "signals": signals_of([found], today=timezone.localdate())[found.pk], "may_edit": may(actor, Right.EDIT_CUSTOMERS),
    }  # fmt: skip
    return render(request, "sell/opportunity/detail.html", context)


def company_opportunities(request: HttpRequest, company_id: int) -> HttpResponse:
    """Opportunities at a company, the open ones first, for its page."""
    actor = actor_of(request)
    company = company_for(actor=actor, company_id=company_id)
    found = opportunities_of(actor, company)
    shown = list(found[:SHOWN_AT_COMPANY])
    needs, needs_count = needs_in(found)
    context = {
        "company": company, "rows": shown, "total": found.count(), "may_edit": may(actor, Right.EDIT_CUSTOMERS),
        "signals": signals_of(shown, today=timezone.localdate()), "needs": needs, "needs_count": needs_count,
    }  # fmt: skip
    return render(request, "sell/opportunity/of_company.html", context)


def hit_rate_figure(request: HttpRequest) -> HttpResponse:
    """How the hit rate was made."""
    rate, won, decided = hit_rate(actor_of(request))
    formula = address("analyse:formula_list")
    panel = FigurePanel(
        title=_("Hit rate"), formula_id="F12.1", formula_url=f"{formula}F12.1/" if formula else "", expression=_("hit rate = won ÷ decided"),
        value=None if rate is None else formats.share(rate),
        parts=[(_("Numerator: won"), formats.number(won, 0)), (_("Denominator: won and lost"), formats.number(decided, 0))],
        notes=[_("Open opportunities are left out: counting them as lost would punish a full pipeline.")],
        rows_url=reverse("sell:opportunity_list") + "?kind=won", rows_count=won,
    )  # fmt: skip
    return render_figure(request, panel)
