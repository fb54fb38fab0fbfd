"""How is a goal entered, changed, measured, controlled, closed and removed?"""

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
from koers.plan.actions.goal import (
    change_goal,
    close_goal,
    measure_goal,
    move_goal,
    remove_goal,
    reopen_goal,
    require_control,
    restore_goal,
    set_goal,
)
from koers.plan.forms.goal import CloseForm, GoalForm, MeasureForm, MoveForm, initial_of
from koers.plan.models import Goal
from koers.plan.queries.goal import goal_for, goals_visible_to
from koers.plan.views.goal import detail_of

FORM, DETAIL = "plan/goal/form.html", "plan/goal/detail.html"


def goal_create(request: HttpRequest) -> HttpResponse:
    """Set a goal; the address may name the goal it hangs under."""
    actor = actor_of(request)
    require(actor, Right.EDIT_TARGETS)
    form = GoalForm(request.POST or None, actor=actor, initial=_begin(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = set_goal(actor=actor, values=form.values(), at=timezone.now())
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The goal has been set."))
            return redirect("plan:goal_detail", goal_id=made.pk)
    context = {"form": form, "title": _("New goal"), "cancel_url": reverse("plan:goal_list")}
    return render(request, FORM, context, status=400 if form.errors else 200)


def _begin(request: HttpRequest) -> dict[str, Any]:
    """What a new goal begins with: this year, or the period and a lower level of its parent."""
    actor, today = actor_of(request), timezone.localdate()
    found: dict[str, Any] = {
        "starts_on": today.replace(month=1, day=1), "last_day": today.replace(month=12, day=31), "owner": actor.user_id,
        "control_on": add_months(today, 1), "horizon": Goal.Horizon.SHORT, "step": Goal.Step.ANALYSE,
    }  # fmt: skip
    key = request.GET.get("parent", "")
    parent = (
        goals_visible_to(actor).filter(pk=int(key)).first()
        if key.isdecimal() and len(key) < 12
        else None
    )
    if parent is not None and parent.level < Goal.Level.PERSON:
        found |= {"parent": parent.pk, "level": parent.level + 1, "starts_on": parent.starts_on, "last_day": parent.last_day, "horizon": parent.horizon}  # fmt: skip
    return found


def goal_edit(request: HttpRequest, goal_id: int) -> HttpResponse:
    """Change a goal; a clash shows the three values."""
    actor = actor_of(request)
    goal = goal_for(actor=actor, goal_id=goal_id)
    require(actor, Right.EDIT_TARGETS)
    form = GoalForm(request.POST or None, actor=actor, initial=initial_of(goal))
    context: dict[str, Any] = {"form": form, "goal": goal, "title": str(goal), "cancel_url": reverse("plan:goal_detail", args=[goal.pk])}  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            change_goal(
                actor=actor, goal_id=goal.pk, version=form.cleaned_data["version"] or goal.version,
                values=kept(request.POST, form.values(), goal), at=timezone.now(),
            )  # fmt: skip
        except StaleVersionError as clash:
            if "ends_on" in clash.merged:
                clash.merged["last_day"] = goal.last_day
            context["clashes"] = show_clash(form, clash, version=goal.version, labels={"ends_on": _("Last day")})  # fmt: skip
            return render(request, FORM, context, status=409)
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("plan:goal_detail", goal_id=goal.pk)
    return render(request, FORM, context, status=400 if form.errors else 200)


@require_POST
def goal_move(request: HttpRequest, goal_id: int) -> HttpResponse:
    """Go to another step, with the next control date."""
    actor, today = actor_of(request), timezone.localdate()
    goal = goal_for(actor=actor, goal_id=goal_id)
    require_control(actor, goal)
    form = MoveForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            move_goal(actor=actor, goal_id=goal.pk, version=data["version"] or goal.version, step=data["step"],
                      control_on=data["control_on"], today=today, at=timezone.now())  # fmt: skip
        except RuleError as refusal:
            form.add_error(None, str(refusal))
    return _answer(request, goal, form, "move_form")


@require_POST
def goal_measure(request: HttpRequest, goal_id: int) -> HttpResponse:
    """Write down how far the goal is."""
    actor, today = actor_of(request), timezone.localdate()
    goal = goal_for(actor=actor, goal_id=goal_id)
    require_control(actor, goal)
    form = MeasureForm(request.POST, goal=goal, today=today)
    if form.is_valid():
        try:
            measure_goal(actor=actor, goal_id=goal.pk, today=today, at=timezone.now(), **form.cleaned_data)  # fmt: skip
        except RuleError as refusal:
            form.add_error(None, str(refusal))
    return _answer(request, goal, form, "measure_form")


@require_POST
def goal_close(request: HttpRequest, goal_id: int) -> HttpResponse:
    """Say how it ended."""
    actor = actor_of(request)
    goal = goal_for(actor=actor, goal_id=goal_id)
    require_control(actor, goal)
    form = CloseForm(request.POST)
    if form.is_valid():
        try:
            close_goal(actor=actor, goal_id=goal.pk, at=timezone.now(), **form.cleaned_data)
        except RuleError as refusal:
            form.add_error(None, str(refusal))
    return _answer(request, goal, form, "close_form")


def _answer(request: HttpRequest, goal: Goal, form: Any, name: str) -> HttpResponse:
    if form.errors:
        return render(request, DETAIL, detail_of(request, goal.pk, **{name: form}), status=400)
    messages.success(request, _("Saved."))
    return redirect("plan:goal_detail", goal_id=goal.pk)


@require_POST
def goal_reopen(request: HttpRequest, goal_id: int) -> HttpResponse:
    """Work on it again."""
    reopen_goal(actor=actor_of(request), goal_id=goal_id, at=timezone.now())
    messages.success(request, _("The goal is open again."))
    return redirect("plan:goal_detail", goal_id=goal_id)


@require_POST
def goal_remove(request: HttpRequest, goal_id: int) -> HttpResponse:
    """Remove a goal, with a way back."""
    goal = remove_goal(actor=actor_of(request), goal_id=goal_id, at=timezone.now())
    messages.success(request, _("The goal has been removed."), extra_tags=reverse("plan:goal_restore", args=[goal.pk]))  # fmt: skip
    return redirect("plan:goal_list")


@require_POST
def goal_restore(request: HttpRequest, goal_id: int) -> HttpResponse:
    """Bring a removed goal back."""
    goal = restore_goal(actor=actor_of(request), goal_id=goal_id, at=timezone.now())
    messages.success(request, _("The goal is back."))
    return redirect("plan:goal_detail", goal_id=goal.pk)
