"""How is RFM (F9.14) shown: a grid of scores, and the customers in a cell?"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from koers.analyse.figures.customers import rfm_bands, rfm_members_of, rfm_of
from koers.analyse.views.parts import ComputedPage, column, context_of, scope_of
from koers.core.charts import HeatMap
from koers.core.tables import ListState
from koers.organisation.policies import Right, require
from koers.organisation.requests import actor_of

SCORES = (5, 4, 3, 2, 1)


def rfm(request: HttpRequest) -> HttpResponse:
    """Recency against frequency, with the customers below; a cell narrows the list."""
    actor, scope = actor_of(request), scope_of(request)
    require(actor, Right.READ_CUSTOMERS)
    columns = [
        column("name", _("Customer"), sort=False),
        column("turnover", _("Turnover"), numeric=True),
    ]
    state = ListState.from_request(request, columns=columns, default_sort="-turnover")
    chosen = {name: _score(request, name) for name in ("recency", "frequency", "money")}
    cells = rfm_of(actor=actor, period=scope.period)
    rows, count = rfm_members_of(
        actor=actor,
        period=scope.period,
        limit=state.size,
        offset=(state.page - 1) * state.size,
        **chosen,
    )
    counts = {
        (r, f): sum(c.customers for c in cells if (c.recency, c.frequency) == (r, f))
        for r in SCORES
        for f in SCORES
    }
    url = reverse("analyse:rfm")
    grid = HeatMap(
        [f"F{f}" for f in reversed(SCORES)], [f"R{r}" for r in SCORES], [[counts[r, f] or None for f in reversed(SCORES)] for r in SCORES],
        [[url + scope.query(recency=r, frequency=f) for f in reversed(SCORES)] for r in SCORES], digits=0,
    )  # fmt: skip
    context = context_of(request, scope, grid=grid, bands=rfm_bands(), page=ComputedPage(rows, state, count), state=state, chosen=chosen,
                         is_narrowed=any(chosen.values()))  # fmt: skip
    return render(request, "analyse/rfm/detail.html", context)


def _score(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text in {"1", "2", "3", "4", "5"} else None
