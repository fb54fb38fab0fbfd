"""How are many companies changed at once: shown first, done, and undone?"""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from koers.core.entry import record_key
from koers.core.formats import number
from koers.customers.actions.reassignment import (
    FIELDS,
    MOST_AT_ONCE,
    Former,
    check_values,
    reassign,
    too_many,
    undo_reassign,
)
from koers.customers.queries.company import companies_matching
from koers.customers.queries.reassignment import preview_reassignment
from koers.customers.views.company import PAGE, list_state
from koers.organisation.policies import Right, require
from koers.organisation.requests import actor_of

CLEAR = "none"
LABELS = {
    "owner_id": gettext_lazy("Account manager"), "segment_id": gettext_lazy("Segment"),
    "territory_id": gettext_lazy("Territory"), "business_unit_id": gettext_lazy("Business unit"),
}  # fmt: skip


@require_POST
def reassign_preview(request: HttpRequest) -> HttpResponse:
    """Show how many of the picked companies would change, from what to what; nothing is written."""
    actor = actor_of(request)
    require(actor, Right.REASSIGN_CUSTOMERS)
    values, ids = _values(request), _picked(request)
    check_values(actor, values)
    back = _back(request)
    context: dict[str, Any] = {
        "title": _("Change companies"),
        "preview": preview_reassignment(actor=actor, company_ids=ids, values=values),
        "labels": LABELS,
        "all": bool(request.POST.get("all")),
        "ids": [] if request.POST.get("all") else ids,
        "values": {
            name: CLEAR if value is None else value for name, value in values.items()
        }.items(),
        "query": request.GET.urlencode(),
        "list_url": back,
    }
    return render(request, "customers/company/reassign.html", context)


@require_POST
def company_reassign(request: HttpRequest) -> HttpResponse:
    """Change owner, segment, territory or unit of the picked companies, with a way back."""
    actor = actor_of(request)
    require(actor, Right.REASSIGN_CUSTOMERS)
    values = _values(request)
    former = reassign(actor=actor, company_ids=_picked(request), values=values, at=timezone.now())
    count = sum(len(group.company_ids) for group in former)
    request.session["undo_reassign"] = json.dumps(
        {"given": values, "former": [[group.values, group.company_ids] for group in former]}
    )
    messages.success(
        request,
        ngettext("%(count)s company changed.", "%(count)s companies changed.", count)
        % {"count": number(count)},
        extra_tags=reverse("customers:company_reassign_undo") if count else "",
    )
    return redirect(_back(request))


@require_POST
def company_reassign_undo(request: HttpRequest) -> HttpResponse:
    """Give the companies of the last bulk change back what they had."""
    actor = actor_of(request)
    require(actor, Right.REASSIGN_CUSTOMERS)
    kept = json.loads(request.session.get("undo_reassign", "null"))
    if not kept:
        messages.error(request, _("There is nothing to undo any more."))
        return redirect(PAGE)
    back, left = undo_reassign(
        actor=actor,
        given=kept["given"],
        former=[Former(values, ids) for values, ids in kept["former"]],
        at=timezone.now(),
    )
    del request.session["undo_reassign"]
    text = ngettext(
        "The change of %(count)s company has been undone.",
        "The change of %(count)s companies has been undone.",
        back,
    ) % {"count": number(back)}
    if left:
        text += " " + ngettext(
            "%(count)s company has been changed since and stays as it is.",
            "%(count)s companies have been changed since and stay as they are.",
            left,
        ) % {"count": number(left)}
    messages.success(request, text)
    return redirect(PAGE)


def _values(request: HttpRequest) -> dict[str, int | None]:
    """What was chosen; an empty choice leaves a field alone, 'none' clears it."""
    chosen = {name: request.POST.get(name, "") for name in FIELDS}
    return {
        name: record_key(text)
        for name, text in chosen.items()
        if text == CLEAR or record_key(text) is not None
    }


def _picked(request: HttpRequest) -> list[int]:
    """The ticked companies, or all of the list's filter as the address has it."""
    if not request.POST.get("all"):
        keys = map(record_key, request.POST.getlist("id"))
        return [key for key in keys if key is not None]
    state = list_state(request)
    rows = companies_matching(actor_of(request), q=state.q, choices=state.values).order_by("pk")
    ids = list(rows.values_list("pk", flat=True)[: MOST_AT_ONCE + 1])
    if len(ids) > MOST_AT_ONCE:
        raise too_many()
    return ids


def _back(request: HttpRequest) -> str:
    query = request.GET.urlencode()
    return f"{reverse(PAGE)}?{query}" if query else reverse(PAGE)
