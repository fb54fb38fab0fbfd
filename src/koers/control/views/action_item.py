"""How are action items listed, given, followed and finished?"""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from koers.control.actions.action_item import (
    add_item,
    change_item,
    decide_item,
    may_edit,
    reopen_item,
)
from koers.control.forms.action_item import ORIGIN, ActionItemForm, DecideForm
from koers.control.models import ActionItem
from koers.control.queries.action_item import due_items, item_for, items_matching, owners_for
from koers.core.actor import Actor
from koers.core.clashes import kept, show_clash
from koers.core.errors import RuleError, StaleVersionError
from koers.core.exports import csv_response, xlsx_response
from koers.core.tables import Column, Filter, ListState, page_of
from koers.organisation.policies import Right, may, require
from koers.organisation.requests import actor_of
from koers.sell.forms.activity import company_words

ON_HOME_PAGE, MOST_EXPORTED = 6, 10_000
COLUMNS = (
    Column("title", gettext_lazy("Action item"), "title"), Column("owner", gettext_lazy("Who"), "owner__full_name"),
    Column("due", gettext_lazy("Ready on"), "due_on", kind="date"), Column("follow", gettext_lazy("Follow up on"), "follow_up_on", kind="date"),
    Column("status", gettext_lazy("Status"), "status"), Column("source", gettext_lazy("Source"), "source"),
    Column("company", gettext_lazy("Company"), "company__name", visible_by_default=False),
    Column("made", gettext_lazy("Made"), "made_at", visible_by_default=False),
)  # fmt: skip


def action_item_list(request: HttpRequest) -> HttpResponse:
    """Action items one may see, the first due first."""
    actor, today = actor_of(request), timezone.localdate()
    states: list[tuple[str, Any]] = [("overdue", _("Overdue")), *ActionItem.Status.choices]
    owners = [(str(key), name) for key, name in owners_for(actor).values_list("pk", "full_name")]
    filters = (
        Filter("state", _("Status"), states), Filter("source", _("Source"), ActionItem.Source.choices), Filter("owner", _("Who"), owners),
    )  # fmt: skip
    state = ListState.from_request(request, columns=COLUMNS, default_sort="due", filters=filters)
    rows = items_matching(actor, q=state.q, choices=state.values, today=today)
    kind = request.GET.get("export", "")
    if kind in ("csv", "xlsx"):
        require(actor, Right.EXPORT)
        return _export(kind, state.ordered(rows)[:MOST_EXPORTED])
    context = {
        "state": state, "page": page_of(rows, state), "today": today,
        "export_url": state.query(page=None, export="csv") if may(actor, Right.EXPORT) else "",
    }  # fmt: skip
    return render(request, "control/action_item/list.html", context)


def _export(kind: str, rows: Any) -> HttpResponse:
    heads = [_("Action item"), _("Who"), _("Ready on"), _("Follow up on"), _("Status"), _("Source"), _("Company"), _("Result")]  # fmt: skip
    cells = [
        [row.title, str(row.owner or ""), row.due_on, row.follow_up_on, row.get_status_display(), row.source_label or row.get_source_display(),
         str(row.company or ""), row.result]
        for row in rows
    ]  # fmt: skip
    write = xlsx_response if kind == "xlsx" else csv_response
    return write("action-items", heads, cells)


def action_item_create(request: HttpRequest) -> HttpResponse:
    """Give an action item to somebody; the address may name the figure it follows from."""
    actor = actor_of(request)
    given = (*ORIGIN, "title", "company")
    initial: dict[str, Any] = {name: request.GET.get(name, "")[:500] for name in given}
    initial |= {"owner": actor.user_id}
    form = ActionItemForm(request.POST or None, actor=actor, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            item = add_item(actor=actor, values=form.values() | form.origin(), at=timezone.now())
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The action item has been given to %(owner)s.") % {"owner": item.owner})  # fmt: skip
            return redirect("control:action_item_detail", item_id=item.pk)
    context = {
        "form": form, "title": _("New action item"), "cancel_url": reverse("control:action_item_list"),
        "origin": form["source_label"].value(),
    }  # fmt: skip
    return render(request, "control/action_item/form.html", context, status=400 if form.errors else 200)  # fmt: skip


def action_item_detail(request: HttpRequest, item_id: int) -> HttpResponse:
    """One action item: what, who, when, where it comes from, and how it ended."""
    actor = actor_of(request)
    item = item_for(actor=actor, item_id=item_id)
    return render(request, "control/action_item/detail.html", _detail(actor, item, DecideForm()))  # fmt: skip


def _detail(actor: Actor, item: ActionItem, form: DecideForm) -> dict[str, Any]:
    return {
        "item": item,
        "may_edit": may_edit(actor, item),
        "form": form,
        "today": timezone.localdate(),
    }


def action_item_edit(request: HttpRequest, item_id: int) -> HttpResponse:
    """Change an action item; a clash shows the three values."""
    actor = actor_of(request)
    item = item_for(actor=actor, item_id=item_id)
    url = reverse("control:action_item_detail", args=[item.pk])
    initial = {name: getattr(item, name) for name in ActionItemForm.base_fields}
    initial |= {"company": company_words(item.company) if item.company else "", "owner": item.owner_id}  # fmt: skip
    form = ActionItemForm(request.POST or None, actor=actor, initial=initial)
    context: dict[str, Any] = {"form": form, "title": str(item), "cancel_url": url}
    if not may_edit(actor, item):
        change_item(actor=actor, item_id=item.pk, version=item.version, values={}, at=timezone.now())  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            change_item(
                actor=actor, item_id=item.pk, version=form.cleaned_data["version"] or item.version,
                values=kept(request.POST, form.values(), item), at=timezone.now(),
            )  # fmt: skip
        except StaleVersionError as clash:
            context["clashes"] = show_clash(form, clash, version=item.version)
            return render(request, "control/action_item/form.html", context, status=409)
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect(url)
    return render(request, "control/action_item/form.html", context, status=400 if form.errors else 200)  # fmt: skip


@require_POST
def action_item_decide(request: HttpRequest, item_id: int) -> HttpResponse:
    """Done or dropped, with what came of it and a way back."""
    actor, form = actor_of(request), DecideForm(request.POST)
    item = item_for(actor=actor, item_id=item_id)
    status = request.POST.get("status", ActionItem.Status.DONE)
    if not form.is_valid():
        context = _detail(actor, item, form)
        return render(request, "control/action_item/detail.html", context, status=400)
    decide_item(actor=actor, item_id=item_id, status=status, result=form.cleaned_data["result"], at=timezone.now())  # fmt: skip
    words = _("Done.") if status == ActionItem.Status.DONE else _("Dropped.")
    messages.success(request, words, extra_tags=reverse("control:action_item_reopen", args=[item_id]))  # fmt: skip
    return redirect("control:action_item_detail", item_id=item_id)


@require_POST
def action_item_reopen(request: HttpRequest, item_id: int) -> HttpResponse:
    """Take it up again."""
    reopen_item(actor=actor_of(request), item_id=item_id, at=timezone.now())
    messages.success(request, _("It is open again."))
    return redirect("control:action_item_detail", item_id=item_id)


def action_items_due(request: HttpRequest) -> HttpResponse:
    """One's own open items, for the home page: the first due first, overdue ones marked."""
    actor, today = actor_of(request), timezone.localdate()
    items, count = due_items(actor, today=today, limit=ON_HOME_PAGE)
    marked = [(item, item.is_overdue(today), item.asks_follow_up(today)) for item in items]
    context = {"items": marked, "count": count, "own_id": actor.user_id}
    return render(request, "control/action_item/due.html", context)


def new_item_url(**origin: str) -> str:
    """Where an action item is begun from a figure."""
    return f"{reverse('control:action_item_create')}?{urlencode(origin)}"
