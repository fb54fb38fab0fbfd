"""How is the customer life cycle shown: board, flow between phases, customers of a phase?"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from koers.analyse.figures.customers import (
    lifecycle_rules,
    phase_board_of,
    phase_flow_of,
    phase_members_of,
)
from koers.analyse.queries.analysis_day import analysis_day
from koers.analyse.views.parts import ComputedPage, column, context_of, scope_of
from koers.core.charts import Flow, Sankey
from koers.core.errors import NotFoundError
from koers.core.periods import add_months
from koers.core.tables import ListState
from koers.customers.models import Phase
from koers.organisation.policies import Right, may, require
from koers.organisation.requests import actor_of


def life_cycle(request: HttpRequest) -> HttpResponse:
    """Six columns with customers, turnover, change and time in phase; below, the flow of a year."""
    actor, scope = actor_of(request), scope_of(request)
    require(actor, Right.READ_CUSTOMERS)
    today = analysis_day(timezone.localdate())
    since = add_months(today, -12)
    board = phase_board_of(actor=actor, as_of=today)
    flow = phase_flow_of(actor=actor, before=since, as_of=today)
    phases = [
        {"count": count, "label": Phase(count.phase).label, "actions": phase_actions(count.phase),
         "url": reverse("analyse:phase_members", args=[count.phase]), "panel": reverse("analyse:figure", args=["phase"]) + f"?phase={count.phase}"}
        for count in board
    ]  # fmt: skip
    context = context_of(
        request,
        scope,
        phases=phases,
        flow=_sankey(flow),
        since=since,
        as_of=today,
        rules=lifecycle_rules(),
    )
    return render(request, "analyse/life_cycle/board.html", context)


def phase_members(request: HttpRequest, phase: str) -> HttpResponse:
    """Customers of a phase, the most at stake first."""
    if phase not in Phase.values:
        raise NotFoundError(_("There is no such phase."))
    actor, scope = actor_of(request), scope_of(request)
    require(actor, Right.READ_CUSTOMERS)
    columns = [
        column("name", _("Customer"), sort=False),
        column("stake", _("At stake"), numeric=True),
    ]
    state = ListState.from_request(request, columns=columns, default_sort="-stake")
    members, count = phase_members_of(
        actor=actor,
        as_of=analysis_day(timezone.localdate()),
        phase=phase,
        limit=state.size,
        offset=(state.page - 1) * state.size,
    )
    context = context_of(
        request, scope, page=ComputedPage(members, state, count), state=state, phase=phase, title=Phase(phase).label,
        actions=phase_actions(phase), may_act=may(actor, Right.EDIT_CUSTOMERS),
    )  # fmt: skip
    return render(request, "analyse/life_cycle/members.html", context)


def phase_actions(phase: str) -> list[str]:
    """The standard actions of a phase, after the book's chapter 2."""
    actions: dict[str, list[str]] = {
        "prospect": [_("Generate and qualify leads"), _("Make a first offer")],
        "start": [_("Confirm the choice"), _("Let the customer test"), _("Guide the first orders")],
        "growth": [
            _("Train the users"),
            _("Make framework agreements"),
            _("Offer more of the range"),
        ],
        "saturation": [_("Give extra attention"), _("Evaluate together"), _("Ask for feedback")],
        "revitalisation": [_("Change the approach"), _("Renew the offer, also online")],
        "farewell": [
            _("Hold an exit talk"),
            _("Report the loss and its reason"),
            _("Decide: win back or let go"),
        ],
    }
    return actions[phase]


def _sankey(found: list[Any]) -> Sankey:
    labels = dict(Phase.choices)
    nodes = [
        (f"{side}-{phase}", f"{labels[phase]} ({word})")
        for side, word in (("was", _("a year ago")), ("is", _("now")))
        for phase in labels
    ]
    flows = [
        Flow(f"was-{f.before}", f"is-{f.after}", f.customers)
        for f in found
        if not (f.before == f.after == "prospect")
    ]
    used = {name for flow in flows for name in (flow.source, flow.target)}
    return Sankey(
        [node for node in nodes if node[0] in used],
        flows,
        (_("A year ago"), _("Now"), _("Customers")),
    )
