"""Which goals are there, whose may one see, and which of their values?"""

from collections.abc import Mapping
from datetime import date

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from koers.core.actor import Actor
from koers.core.errors import NotFoundError
from koers.organisation.models import User
from koers.organisation.policies import Right, may
from koers.plan.models import Goal, GoalMeasurement

PERSON = Goal.Level.PERSON


def goals_visible_to(actor: Actor, *, deleted: bool = False) -> QuerySet[Goal]:
    """Goals down to sales are everybody's; a person's only for that person and who sees the targets of that person."""
    found = Goal.objects.select_related("owner", "business_unit", "parent").filter(
        deleted_at__isnull=not deleted
    )
    if not may(actor, Right.READ_TARGETS):
        return found.filter(~Q(level=PERSON) | Q(owner_id=actor.user_id))
    if actor.visible_people is None:
        return found
    return found.filter(
        ~Q(level=PERSON) | Q(owner_id=actor.user_id) | Q(owner_id__in=actor.visible_people)
    )


def goals_matching(
    actor: Actor, *, q: str, choices: Mapping[str, str], today: date
) -> QuerySet[Goal]:
    """Visible goals whose title holds ``q``, by status, level, step and owner."""
    found = goals_visible_to(actor)
    if q:
        found = found.filter(title__icontains=q)
    state = choices.get("state", "")
    if state == "due":
        found = found.filter(status=Goal.Status.OPEN, control_on__lte=today)
    elif state:
        found = found.filter(status=state)
    if choices.get("level", "").isdecimal():
        found = found.filter(level=int(choices["level"]))
    if choices.get("step"):
        found = found.filter(step=choices["step"])
    owner = choices.get("owner", "")
    return found.filter(owner_id=int(owner)) if owner.isdecimal() else found


def goal_for(*, actor: Actor, goal_id: int, deleted: bool = False) -> Goal:
    """One goal, or as if it did not exist."""
    found = goals_visible_to(actor, deleted=deleted).filter(pk=goal_id).first()
    if found is None:
        raise NotFoundError(_("This goal does not exist."))
    return found


def with_last_measured(goals: QuerySet[Goal], *, today: date) -> QuerySet[Goal]:
    """The goals with ``measured`` and ``measured_on``: what was last measured by hand, by today."""
    last = GoalMeasurement.objects.filter(goal=OuterRef("pk"), day__lte=today).order_by("-day")
    return goals.annotate(
        measured=Subquery(last.values("value")[:1]), measured_on=Subquery(last.values("day")[:1])
    )


def sees_cost_of(actor: Actor, goal: Goal) -> bool:
    """Whether the goal's values tell nothing of cost, or the actor may see cost."""
    return goal.figure != Goal.Figure.CONTRIBUTION or may(actor, Right.SEE_COST)


def sees_actual_of(actor: Actor, goal: Goal) -> bool:
    """Whether the actor may see how far the goal is.

    What is measured by hand is seen with the goal. A figure is seen by who may see all of what it
    counts: of a person's goal the customers of that person, of any other goal all customers; else
    a part of it would stand beside the target of the whole.
    """
    if not sees_cost_of(actor, goal):
        return False
    if not goal.figure or actor.visible_people is None:
        return True
    return goal.level == PERSON and goal.owner_id in actor.visible_people


def may_edit_goal(actor: Actor, goal: Goal) -> bool:
    """Who sets targets changes goals; the owner measures, moves the step and sets the control date."""
    return may(actor, Right.EDIT_TARGETS)


def may_control_goal(actor: Actor, goal: Goal) -> bool:
    """Its owner, and who sets targets."""
    return may(actor, Right.EDIT_TARGETS) or (
        actor.user_id is not None and goal.owner_id == actor.user_id
    )


def owners_for_goals(actor: Actor) -> QuerySet[User]:
    """Who may own a goal one sets: active people one sees."""
    found = User.objects.filter(is_active=True).order_by("full_name")
    if actor.visible_people is None:
        return found
    return found.filter(Q(pk__in=actor.visible_people) | Q(pk=actor.user_id))


def parents_for_goals(actor: Actor) -> QuerySet[Goal]:
    """What a goal may hang under: anything above a person's, in the order of the tree."""
    return goals_visible_to(actor).filter(level__lt=PERSON).order_by("path")
