"""How are opportunities of other systems shown?"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koers.core import formats
from koers.core.figure_page import render_figure
from koers.core.figure_panel import FigurePanel
from koers.core.navigation import address
from koers.core.tables import Column, Filter, ListState, page_of
from koers.organisation.requests import actor_of
from koers.sell.figures.hit_rate import hit_rate
from koers.sell.models import StageKind
from koers.sell.queries.opportunity import opportunities_visible_to, opportunity_for

COLUMNS = (
    Column("name", gettext_lazy("Opportunity"), "name"), Column("company", gettext_lazy("Customer")), Column("owner", gettext_lazy("Owner")),
    Column("stage", gettext_lazy("Stage"), "stage"), Column("amount", gettext_lazy("Amount"), "amount", numeric=True),
    Column("opened", gettext_lazy("Opened"), "opened_on"), Column("close", gettext_lazy("Closed"), "closed_on"),
)  # fmt: skip


def opportunity_list(request: HttpRequest) -> HttpResponse:
    """Opportunities one may see, with the hit rate of the decided ones."""
    actor = actor_of(request)
    state = ListState.from_request(
        request,
        columns=COLUMNS,
        default_sort="-opened",
        filters=(Filter("kind", _("Stage"), StageKind.choices),),
    )
    rows = opportunities_visible_to(actor)
    if state.value("kind"):
        rows = rows.filter(stage_kind=state.value("kind"))
    if state.q:
        rows = rows.filter(name__istartswith=state.q)
    rate, won, decided = hit_rate(actor)
    context = {
        "state": state,
        "page": page_of(rows, state),
        "rate": rate,
        "won": won,
        "decided": decided,
        "figure_url": reverse("sell:hit_rate"),
    }
    return render(request, "sell/opportunity/list.html", context)


def opportunity_detail(request: HttpRequest, opportunity_id: int) -> HttpResponse:
    """One opportunity."""
    found = opportunity_for(actor=actor_of(request), opportunity_id=opportunity_id)
    return render(request, "sell/opportunity/detail.html", {"opportunity": found})


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
