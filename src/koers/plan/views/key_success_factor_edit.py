"""How is a key success factor entered, changed, measured, controlled and removed?"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from koers.core.clashes import kept, show_clash
from koers.core.errors import RuleError, StaleVersionError
from koers.core.periods import add_months
from koers.organisation.policies import Right, require
from koers.organisation.requests import actor_of
from koers.plan.actions.key_success_factor import (
    change_factor,
    measure_factor,
    move_factor,
    remove_factor,
    require_factor_control,
    restore_factor,
    set_factor,
)
from koers.plan.forms.goal import MoveForm
from koers.plan.forms.key_success_factor import FactorForm, FactorMeasureForm, initial_of_factor
from koers.plan.queries.key_success_factor import factor_for
from koers.plan.views.key_success_factor import detail_of_factor

FORM, DETAIL = "plan/key_success_factor/form.html", "plan/key_success_factor/detail.html"


def factor_create(request: HttpRequest) -> HttpResponse:
    """Set a factor."""
    actor, today = actor_of(request), timezone.localdate()
    require(actor, Right.EDIT_TARGETS)
    begin = {"owner": actor.user_id, "control_on": add_months(today, 1)}
    form = FactorForm(request.POST or None, actor=actor, initial=begin)
    if request.method == "POST" and form.is_valid():
        try:
            made = set_factor(actor=actor, values=form.values(), at=timezone.now())
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("plan:factor_detail", factor_id=made.pk)
    context = {"form": form, "title": _("New key success factor"), "cancel_url": reverse("plan:factor_list")}  # fmt: skip
    return render(request, FORM, context, status=400 if form.errors else 200)


def factor_edit(request: HttpRequest, factor_id: int) -> HttpResponse:
    """Change a factor; a clash shows the three values."""
    actor = actor_of(request)
    factor = factor_for(actor=actor, factor_id=factor_id)
    require(actor, Right.EDIT_TARGETS)
    form = FactorForm(request.POST or None, actor=actor, initial=initial_of_factor(factor))
    context: dict[str, Any] = {"form": form, "factor": factor, "title": str(factor), "cancel_url": reverse("plan:factor_detail", args=[factor.pk])}  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            change_factor(
                actor=actor, factor_id=factor.pk, version=form.cleaned_data["version"] or factor.version,
                values=kept(request.POST, form.values(), factor), at=timezone.now(),
            )  # fmt: skip
        except StaleVersionError as clash:
            context["clashes"] = show_clash(form, clash, version=factor.version)
            return render(request, FORM, context, status=409)
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("plan:factor_detail", factor_id=factor.pk)
    return render(request, FORM, context, status=400 if form.errors else 200)


@require_POST
def factor_move(request: HttpRequest, factor_id: int) -> HttpResponse:
    """Go to another step, with the next control date."""
    actor, today = actor_of(request), timezone.localdate()
    factor = factor_for(actor=actor, factor_id=factor_id)
    require_factor_control(actor, factor)
    form = MoveForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            move_factor(actor=actor, factor_id=factor.pk, version=data["version"] or factor.version, step=data["step"],
                        control_on=data["control_on"], today=today, at=timezone.now())  # fmt: skip
        except RuleError as refusal:
            form.add_error(None, str(refusal))
    return _answer(request, factor_id, form, "move_form")


@require_POST
def factor_measure(request: HttpRequest, factor_id: int) -> HttpResponse:
    """Write down how a factor stands."""
    actor, today = actor_of(request), timezone.localdate()
    factor = factor_for(actor=actor, factor_id=factor_id)
    require_factor_control(actor, factor)
    form = FactorMeasureForm(request.POST, factor=factor, today=today)
    if form.is_valid():
        try:
            measure_factor(actor=actor, factor_id=factor.pk, today=today, at=timezone.now(), **form.cleaned_data)  # fmt: skip
        except RuleError as refusal:
            form.add_error(None, str(refusal))
    return _answer(request, factor_id, form, "measure_form")


def _answer(request: HttpRequest, factor_id: int, form: Any, name: str) -> HttpResponse:
    if form.errors:
        return render(request, DETAIL, detail_of_factor(request, factor_id, **{name: form}), status=400)  # fmt: skip
    messages.success(request, _("Saved."))
    return redirect("plan:factor_detail", factor_id=factor_id)


@require_POST
def factor_remove(request: HttpRequest, factor_id: int) -> HttpResponse:
    """Remove a factor, with a way back."""
    factor = remove_factor(actor=actor_of(request), factor_id=factor_id, at=timezone.now())
    messages.success(request, _("The key success factor has been removed."), extra_tags=reverse("plan:factor_restore", args=[factor.pk]))  # fmt: skip
    return redirect("plan:factor_list")


@require_POST
def factor_restore(request: HttpRequest, factor_id: int) -> HttpResponse:
    """Bring a removed factor back."""
    factor = restore_factor(actor=actor_of(request), factor_id=factor_id, at=timezone.now())
    messages.success(request, _("The key success factor is back."))
    return redirect("plan:factor_detail", factor_id=factor.pk)
