"""Goals, key success factors and planning sessions."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from koers.catalogue.models import Product
from koers.core.periods import add_months
from koers.customers.models import Company
from koers.organisation.models import User
from koers.plan.models import Goal, KeySuccessFactor, PlanningSession, SessionDecision

OF_OWNERS = {"goal_id", "session_id", "session_decision_id"}


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


def belongings(owner: User, company: Company, product: Product, today: date) -> dict[str, Any]:
    """A goal, a factor and a decision of a session, and a twin of each in the bin."""
    del company, product
    now = timezone.now()
    return {
        "goal": goal_of(owner, today),
        "gone_goal": goal_of(owner, today, deleted_at=now),
        "factor": factor_of(owner, today),
        "gone_factor": factor_of(owner, today, deleted_at=now),
        "session_decision": session_decision_of(owner, today),
        "gone_session": session_of(owner, today, deleted_at=now),
    }


def arguments(own: Any) -> dict[str, Any]:
    """Values for the parameters in addresses."""
    decision = own.more["session_decision"]
    return {
        "goal_id": own.more["goal"].pk, "factor_id": own.more["factor"].pk,
        "session_id": decision.session_id, "session_decision_id": decision.pk,
    }  # fmt: skip


def in_the_bin(own: Any) -> dict[str, dict[str, Any]]:
    """What is taken out of the bin has to lie there."""
    return {
        "plan:goal_restore": {"goal_id": own.more["gone_goal"].pk},
        "plan:factor_restore": {"factor_id": own.more["gone_factor"].pk},
        "plan:session_restore": {"session_id": own.more["gone_session"].pk},
    }


def bodies(world: Any, own: Any, today: date) -> dict[str, dict[str, Any]]:
    """What a browser would post, rightly filled in."""
    del world
    goal, factor, decision = (own.more[each] for each in ("goal", "factor", "session_decision"))
    day, end = today.isoformat(), add_months(today, 5).isoformat()
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
