"""How are targets listed, set, changed, removed and carried over?"""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from koers.analyse.actions.facts import ask_refresh
from koers.core.clashes import kept, show_clash
from koers.core.errors import NotFoundError, RuleError, StaleVersionError
from koers.core.money import CENT
from koers.core.tables import Column, Filter, ListState, page_of
from koers.organisation.policies import Right, may, require
from koers.organisation.requests import actor_of
from koers.plan.actions.target import (
    TargetValues,
    change_target,
    copy_targets,
    remove_target,
    set_target,
)
from koers.plan.forms.target import CopyForm, TargetForm
from koers.plan.models import Target
from koers.plan.queries.target import last_period_before, target_for, targets_visible_to

COLUMNS = (
    Column("who", gettext_lazy("Whose"), "person__full_name"), Column("start", gettext_lazy("From"), "period_start"),
    Column("end", gettext_lazy("Last day"), "period_end"), Column("amount", gettext_lazy("Target"), "amount", numeric=True),
)  # fmt: skip
LABELS = {"amount": gettext_lazy("Target"), "person": gettext_lazy("Person"), "period_start": gettext_lazy("Quota date (first day)"),
          "period_end": gettext_lazy("Last day"), "territory": gettext_lazy("Territory"), "product_group": gettext_lazy("Product group")}  # fmt: skip


def target_list(request: HttpRequest) -> HttpResponse:
    """All targets one may see, the latest period first."""
    actor = actor_of(request)
    state = ListState.from_request(
        request, columns=COLUMNS, default_sort="-start", filters=(Filter("start", _("From")),)
    )
    rows = targets_visible_to(actor)
    if state.q:
        rows = rows.filter(person__full_name__istartswith=state.q)
    context = {
        "state": state,
        "page": page_of(rows, state),
        "may_edit": may(actor, Right.EDIT_TARGETS),
    }
    return render(request, "plan/target/list.html", context)


def target_create(request: HttpRequest) -> HttpResponse:
    """Set a target."""
    actor = actor_of(request)
    require(actor, Right.EDIT_TARGETS)
    form = TargetForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        try:
            set_target(actor=actor, values=_values(form), at=timezone.now())
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            return _saved(request, _("The target has been set."))
    return render(
        request,
        "plan/target/form.html",
        {"form": form, "title": _("New target")},
        status=400 if form.errors else 200,
    )


def target_edit(request: HttpRequest, target_id: int) -> HttpResponse:
    """Change a target; a clash shows the three values."""
    actor = actor_of(request)
    require(actor, Right.EDIT_TARGETS)
    target = target_for(actor=actor, target_id=target_id)
    form = TargetForm(request.POST or None, actor=actor, initial=_initial(target))
    context: dict[str, Any] = {
        "form": form,
        "target": target,
        "title": str(target.person or target.territory or target.product_group),
    }
    if request.method == "POST" and form.is_valid():
        try:
            change_target(
                actor=actor,
                target_id=target.pk,
                version=form.cleaned_data["version"] or target.version,
                values=TargetValues(**kept(request.POST, _fields(form), target)),
                at=timezone.now(),
            )
        except StaleVersionError as clash:
            if "period_end" in clash.merged:
                clash.merged["last_day"] = target.last_day
            context["clashes"] = show_clash(form, clash, version=target.version, labels=LABELS)
            return render(request, "plan/target/form.html", context, status=409)
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            return _saved(request, _("The target has been changed."))
    return render(request, "plan/target/form.html", context, status=400 if form.errors else 200)


@require_POST
def target_remove(request: HttpRequest, target_id: int) -> HttpResponse:
    """Remove a target."""
    remove_target(actor=actor_of(request), target_id=target_id, at=timezone.now())
    return _saved(request, _("The target has been removed."))


def target_copy(request: HttpRequest) -> HttpResponse:
    """Carry the last period's targets over to the next."""
    actor = actor_of(request)
    require(actor, Right.EDIT_TARGETS)
    latest = last_period_before(timezone.localdate())
    if latest is None:
        raise NotFoundError(_("There are no targets to carry over."))
    length = latest[1] - latest[0]
    initial = {
        "period_start": latest[1],
        "last_day": latest[1] + length - timedelta(days=1),
        "growth": 0,
    }
    form = CopyForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made = copy_targets(actor=actor, period=latest, start=data["period_start"], end=data["last_day"] + timedelta(days=1),
                            growth=data["growth"] / 100, at=timezone.now())  # fmt: skip
        return _saved(request, _("%(count)s targets have been set.") % {"count": made})
    return render(
        request,
        "plan/target/copy.html",
        {"form": form, "latest": latest, "last_day": latest[1] - timedelta(days=1)},
    )


def _values(form: TargetForm) -> TargetValues:
    return TargetValues(**_fields(form))


def _fields(form: TargetForm) -> dict[str, Any]:
    names = ("person", "territory", "product_group", "period_start", "period_end", "amount")
    return {name: form.cleaned_data[name] for name in names}


def _initial(target: Target) -> dict[str, Any]:
    return {
        "person": target.person_id, "territory": target.territory_id, "product_group": target.product_group_id, "period_start": target.period_start,
        "last_day": target.period_end - timedelta(days=1), "amount": target.amount.quantize(CENT), "version": target.version,
    }  # fmt: skip


def _saved(request: HttpRequest, words: str) -> HttpResponse:
    ask_refresh(actor=actor_of(request), at=timezone.now())
    messages.success(request, words)
    return redirect("plan:target_list")
