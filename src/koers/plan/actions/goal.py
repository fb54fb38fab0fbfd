"""How is a goal set, changed, measured, controlled, closed, removed and restored?"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from koers.core import audit
from koers.core.actor import Actor
from koers.core.errors import NotAllowedError, NotFoundError, RuleError
from koers.core.saving import save_changes
from koers.organisation.policies import Right, require
from koers.organisation.queries.organisation import base_currency
from koers.plan.models import Goal, GoalMeasurement
from koers.plan.models.goal import KEY_DIGITS
from koers.plan.queries.goal import (
    goal_for,
    goals_visible_to,
    may_control_goal,
    owners_for_goals,
)

FIELDS = ("title", "detail", "parent", "level", "business_unit", "owner", "kind", "horizon", "starts_on", "ends_on",
          "unit", "rubric", "start_value", "target_value", "figure", "step", "control_on")  # fmt: skip
FEWEST_LEVELS, MOST_LEVELS = 2, 7
Level, Status, Unit = Goal.Level, Goal.Status, Goal.Unit
# In which unit each figure counts.
FIGURE_UNITS = {"turnover": "money", "contribution": "money", "new_customers": "number", "visits": "number"}  # fmt: skip


class GoalRefusedError(RuleError):
    """The goal contradicts itself or the goals above and below it."""


@transaction.atomic
def set_goal(*, actor: Actor, values: Mapping[str, Any], at: datetime) -> Goal:
    """Set a goal; ``values`` holds the fields of ``FIELDS``, the end of the period excluded."""
    require(actor, Right.EDIT_TARGETS)
    goal = Goal(**values, made_at=at, made_by_id=actor.user_id, made_by_name=actor.name)
    goal.currency = base_currency() if goal.unit == Unit.MONEY else ""
    _check(actor, goal, owner_is_new=True)
    goal.save(force_insert=True)
    _place(goal)
    changes = {"target_value": audit.Change(None, goal.target_value)}
    audit.record(actor=actor, at=at, verb="create", obj=goal, changes=changes)
    return goal


@transaction.atomic
def change_goal(
    *, actor: Actor, goal_id: int, version: int, values: Mapping[str, Any], at: datetime
) -> Goal:
    """Change a goal, unless somebody else changed the same since ``version``."""
    goal = goal_for(actor=actor, goal_id=goal_id)
    require(actor, Right.EDIT_TARGETS)
    unknown = set(values) - set(FIELDS)
    assert not unknown, unknown  # noqa: S101 -- a mistake of the caller
    if not goal.is_open:
        raise GoalRefusedError(_("This goal is closed; open it again first."))
    wanted = dict(values)
    changed = goal_for(actor=actor, goal_id=goal_id)
    for name, value in wanted.items():
        setattr(changed, name, value)
    wanted["currency"] = changed.currency = (goal.currency or base_currency()) if changed.unit == Unit.MONEY else ""  # fmt: skip
    _check(actor, changed, owner_is_new=changed.owner_id != goal.owner_id)
    _check_below(changed)
    saved = save_changes(actor=actor, obj=goal, version=version, values=wanted, at=at)
    _place(saved)
    return saved


@transaction.atomic
def move_goal(
    *, actor: Actor, goal_id: int, version: int, step: str, control_on: date, today: date, at: datetime
) -> Goal:  # fmt: skip
    """Go to a step of the cycle (analyse, plan, elaborate, control) and say when it is controlled next."""
    goal = _controllable(actor, goal_id)
    if step not in Goal.Step.values:
        raise GoalRefusedError(_("There is no such step."))
    if control_on < today:
        raise GoalRefusedError(_("The next control date has passed; choose today or a later day."))
    values = {"step": step, "control_on": control_on}
    return save_changes(actor=actor, obj=goal, version=version, values=values, at=at)


@transaction.atomic
def measure_goal(
    *, actor: Actor, goal_id: int, day: date, value: Decimal, note: str, today: date, at: datetime
) -> GoalMeasurement:  # fmt: skip
    """Write down how far a goal is; a second value of the same day takes the place of the first."""
    goal = _controllable(actor, goal_id)
    if goal.figure:
        raise GoalRefusedError(_("Koers measures this goal itself, from “%(figure)s”.") % {"figure": goal.get_figure_display()})  # fmt: skip
    if day > today:
        raise GoalRefusedError(_("This day has not come yet."))
    _check_value(goal, value)
    before = GoalMeasurement.objects.filter(goal=goal, day=day).first()
    made, _is_new = GoalMeasurement.objects.update_or_create(
        goal=goal, day=day,
        defaults={"value": value, "note": note, "made_at": at, "made_by_id": actor.user_id, "made_by_name": actor.name},
    )  # fmt: skip
    changes = {"value": audit.Change(before.value if before else None, made.value)}
    audit.record(actor=actor, at=at, verb="change" if before else "create", obj=made, changes=changes)  # fmt: skip
    return made


@transaction.atomic
def close_goal(*, actor: Actor, goal_id: int, status: str, result: str, at: datetime) -> Goal:
    """Say how it ended: reached, not reached or dropped, and what came of it."""
    goal = _controllable(actor, goal_id)
    if status not in (Status.REACHED, Status.MISSED, Status.DROPPED):
        raise GoalRefusedError(_("A goal is reached, not reached or dropped."))
    if not result.strip():
        raise GoalRefusedError(_("Say what came of it."))
    values = {"status": status, "result": result.strip(), "closed_at": at}
    return save_changes(actor=actor, obj=goal, version=goal.version, values=values, at=at)


@transaction.atomic
def reopen_goal(*, actor: Actor, goal_id: int, at: datetime) -> Goal:
    """Work on a closed goal again."""
    goal = goal_for(actor=actor, goal_id=goal_id)
    require_control(actor, goal)
    values = {"status": Status.OPEN, "result": "", "closed_at": None}
    return save_changes(actor=actor, obj=goal, version=goal.version, values=values, at=at)


@transaction.atomic
def remove_goal(*, actor: Actor, goal_id: int, at: datetime) -> Goal:
    """Remove a goal that carries no others; it can be restored."""
    goal = goal_for(actor=actor, goal_id=goal_id)
    require(actor, Right.EDIT_TARGETS)
    below = Goal.objects.filter(parent=goal, deleted_at=None).count()
    if below:
        raise GoalRefusedError(_("%(count)s goals hang under this one; move or remove them first.") % {"count": below})  # fmt: skip
    return save_changes(actor=actor, obj=goal, version=goal.version, values={"deleted_at": at}, at=at)  # fmt: skip


@transaction.atomic
def restore_goal(*, actor: Actor, goal_id: int, at: datetime) -> Goal:
    """Bring a removed goal back to its place."""
    goal = goal_for(actor=actor, goal_id=goal_id, deleted=True)
    require(actor, Right.EDIT_TARGETS)
    if goal.parent is not None and goal.parent.deleted_at is not None:
        raise GoalRefusedError(_("The goal above it has been removed; restore that one first."))
    return save_changes(actor=actor, obj=goal, version=goal.version, values={"deleted_at": None}, at=at)  # fmt: skip


def _controllable(actor: Actor, goal_id: int) -> Goal:
    goal = goal_for(actor=actor, goal_id=goal_id)
    require_control(actor, goal)
    if not goal.is_open:
        raise GoalRefusedError(_("This goal is closed; open it again first."))
    return goal


def require_control(actor: Actor, goal: Goal) -> None:
    """Refuse unless the actor owns the goal or sets targets."""
    if not may_control_goal(actor, goal):
        raise NotAllowedError(_("Only its owner and a sales manager may do this."))


def _check(actor: Actor, goal: Goal, *, owner_is_new: bool) -> None:
    if goal.owner_id is None:
        raise GoalRefusedError(_("Say whose goal it is."))
    if owner_is_new and not owners_for_goals(actor).filter(pk=goal.owner_id).exists():
        raise NotFoundError(_("This person does not exist."))
    if goal.ends_on <= goal.starts_on:
        raise GoalRefusedError(_("A goal must end after it starts."))
    if (goal.level == Level.UNIT) != (goal.business_unit_id is not None):
        raise GoalRefusedError(_("A goal of a business unit names the unit, and no other goal does."))  # fmt: skip
    _check_parent(actor, goal)
    _check_measure(goal)


def _check_parent(actor: Actor, goal: Goal) -> None:
    """Each parent is of a higher level, so that no goal can end up under itself."""
    if goal.parent_id is None:
        return
    parent = goals_visible_to(actor).filter(pk=goal.parent_id).first()
    if parent is None:
        raise NotFoundError(_("This goal does not exist."))
    if parent.level >= goal.level:
        raise GoalRefusedError(_("A goal hangs under one of a higher level; “%(title)s” is not.") % {"title": parent.title})  # fmt: skip
    if not (parent.starts_on <= goal.starts_on and goal.ends_on <= parent.ends_on):
        raise GoalRefusedError(
            _("The period must lie inside that of “%(title)s”: %(start)s to %(end)s.")
            % {"title": parent.title, "start": parent.starts_on, "end": parent.last_day}
        )


def _check_below(goal: Goal) -> None:
    """What hangs under a goal must still fit when the goal changes."""
    for child in Goal.objects.filter(parent_id=goal.pk, deleted_at=None):
        if child.level <= goal.level:
            raise GoalRefusedError(_("“%(title)s” hangs under this goal and must stay of a lower level.") % {"title": child.title})  # fmt: skip
        if not (goal.starts_on <= child.starts_on and child.ends_on <= goal.ends_on):
            raise GoalRefusedError(_("“%(title)s” hangs under this goal and would fall outside its period.") % {"title": child.title})  # fmt: skip


def _check_measure(goal: Goal) -> None:
    if goal.kind == Goal.Kind.QUALITATIVE:
        if not FEWEST_LEVELS <= len(goal.rubric_levels) <= MOST_LEVELS:
            raise GoalRefusedError(_("A rubric has 2 to 7 levels, one a line, the lowest first."))
        if goal.figure:
            raise GoalRefusedError(_("A qualitative goal is measured by its rubric, not by a figure."))  # fmt: skip
        goal.unit = Unit.LEVEL
    elif goal.unit == Unit.LEVEL or goal.rubric:
        raise GoalRefusedError(_("A quantitative goal has a unit and no rubric."))
    if goal.figure:
        _check_figure(goal)
    if goal.start_value == goal.target_value:
        raise GoalRefusedError(_("The goal is the same as where it starts."))
    _check_value(goal, goal.start_value)
    _check_value(goal, goal.target_value)


def _check_figure(goal: Goal) -> None:
    if FIGURE_UNITS[goal.figure] != goal.unit:
        raise GoalRefusedError(_("“%(figure)s” is not measured in this unit.") % {"figure": goal.get_figure_display()})  # fmt: skip
    if goal.figure == Goal.Figure.VISITS and goal.level == Level.UNIT:
        raise GoalRefusedError(_("Visits are not counted per business unit; measure this goal by hand."))  # fmt: skip
    if goal.start_value:
        raise GoalRefusedError(_("Koers counts this figure from the first day, so it starts at 0."))


def _check_value(goal: Goal, value: Decimal) -> None:
    if goal.unit == Unit.LEVEL and (value != int(value) or not 1 <= value <= len(goal.rubric_levels)):  # fmt: skip
        raise GoalRefusedError(_("The rubric has levels 1 to %(count)s.") % {"count": len(goal.rubric_levels)})  # fmt: skip


def _place(goal: Goal) -> None:
    """Write the goal's place in the tree, and move what hangs under it along."""
    above = goal.parent.path if goal.parent else ""
    path = f"{above}{goal.pk:0{KEY_DIGITS}d}"
    if path == goal.path:
        return
    if goal.path:
        for below in Goal.objects.filter(path__startswith=goal.path).exclude(pk=goal.pk):
            moved = path + below.path[len(goal.path) :]
            Goal.objects.filter(pk=below.pk).update(path=moved)
    Goal.objects.filter(pk=goal.pk).update(path=path)
    goal.path = path
