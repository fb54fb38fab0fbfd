"""How does the board of opportunities look?"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from koers.core.errors import RuleError
from koers.customers.queries.choices import owner_choices
from koers.organisation.policies import Right, may
from koers.organisation.queries.organisation import base_currency
from koers.organisation.requests import actor_of
from koers.sell.queries.opportunity import pipeline_choices
from koers.sell.queries.opportunity_board import (
    CARDS,
    MOST_CARDS,
    board_of,
    pipeline_for_board,
    totals_of,
)


def opportunity_board(request: HttpRequest) -> HttpResponse:
    """Open opportunities in the columns of their stages; decided ones of the last thirty days beside them."""
    actor = actor_of(request)
    owners = owner_choices(actor)
    choices = {name: request.GET.get(name, "")[:200] for name in ("owner", "q")}
    if choices["owner"] and choices["owner"] not in {key for key, _label in owners}:
        raise RuleError(_("“%(value)s” is no choice here.") % {"value": choices["owner"][:40]})
    pipeline = pipeline_for_board(request.GET.get("pipeline", ""))
    shown = _shown(request.GET.get("shown", ""))
    columns = (
        board_of(
            actor, pipeline=pipeline, choices=choices, today=timezone.localdate(), base=base_currency(), shown=shown
        )
        if pipeline
        else []
    )  # fmt: skip
    query = request.GET.copy()
    query["shown"] = str(min(shown * 2, MOST_CARDS))
    context = {
        "pipeline": pipeline, "pipelines": pipeline_choices(), "columns": columns, "totals": totals_of(columns), "owners": owners,
        "choices": choices, "currency": base_currency(), "may_edit": may(actor, Right.EDIT_CUSTOMERS),
        "more_url": f"?{query.urlencode()}" if shown < MOST_CARDS else "", "today": timezone.localdate(),
    }  # fmt: skip
    return render(request, "sell/opportunity/board.html", context)


def _shown(text: str) -> int:
    return min(int(text), MOST_CARDS) if text.isascii() and text.isdigit() and 0 < len(text) < 4 and int(text) else CARDS  # fmt: skip
