"""Which goals and key success factors are in the world of the routes, and what is posted to their forms?"""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from koers.organisation.models import User
from koers.plan.models import Goal, KeySuccessFactor, PlanningSession, SessionDecision


def goal_of(owner: User, today: date, **more: Any) -> Goal:
    """A goal of the owner alone."""
    made = Goal.objects.create(
        title=f"Goal of {owner.full_name}", level=5, owner=owner, kind="quantitative", horizon="short", starts_on=today - timedelta(days=30),
        ends_on=today + timedelta(days=30), unit="number", target_value=10, control_on=today, made_at=timezone.now(), made_by_name="Tom", **more,
    )  # fmt: skip
    Goal.objects.filter(pk=made.pk).update(path=f"{made.pk:010d}")
    return made


def session_decision_of(owner: User, today: date) -> SessionDecision:
    """A decision of a session of the owner alone, which nobody signed yet."""
    session = session_of(owner, today)
    session.participants.create(person=owner)
    return SessionDecision.objects.create(session=session, step="plan", text=f"Decision of {owner.full_name}")  # fmt: skip


def session_of(owner: User, today: date, **more: Any) -> PlanningSession:
    """A session the owner made."""
    return PlanningSession.objects.create(
        title=f"Session of {owner.full_name}", held_on=today, next_control_on=today + timedelta(days=9), made_at=timezone.now(),
        made_by=owner, made_by_name=str(owner), **more,
    )  # fmt: skip


def factor_of(owner: User, today: date, **more: Any) -> KeySuccessFactor:
    """A hygiene factor, which everybody may see."""
    return KeySuccessFactor.objects.create(
        title="Answer in time", factor_class="hygiene", owner=owner, unit="number", bound="most", threshold=2, control_on=today,
        made_at=timezone.now(), made_by_name="Tom", **more,
    )  # fmt: skip


def goal_bodies(
    goal: Goal, factor: KeySuccessFactor, decision: SessionDecision, today: date, later: date
) -> dict[str, dict[str, Any]]:
    """What a browser would post, rightly filled in."""
    day, end = today.isoformat(), later.isoformat()
    values = {
        "title": "Grow", "level": "5", "owner": goal.owner_id, "horizon": "short", "starts_on": day, "last_day": end,
        "kind": "quantitative", "unit": "number", "start_value": "0", "target_value": "5", "step": "plan", "control_on": end,
    }  # fmt: skip
    answer = {
        "title": "Answer", "factor_class": "hygiene", "owner": goal.owner_id, "unit": "number", "bound": "most", "threshold": "3", "step": "plan", "control_on": end,
    }  # fmt: skip
    session = {
        "title": "Week", "held_on": day, "participants": [goal.owner_id], "next_control_on": end,
    }  # fmt: skip
    return {
        "plan:session_create": session,
        "plan:session_edit": session | {"version": decision.session.version},
        "plan:session_decide": {"step": "plan", "text": "Visit more"},
        "plan:session_sign": {"version": decision.session.version},
        "plan:goal_create": values,
        "plan:goal_edit": values | {"version": goal.version},
        "plan:goal_move": {"step": "control", "control_on": end, "version": goal.version},
        "plan:goal_measure": {"day": day, "value": "4"},
        "plan:goal_close": {"status": "reached", "result": "Done"},
        "plan:factor_create": answer,
        "plan:factor_edit": answer | {"version": factor.version},
        "plan:factor_move": {"step": "control", "control_on": end, "version": factor.version},
        "plan:factor_measure": {"day": day, "value": "4"},
    }
