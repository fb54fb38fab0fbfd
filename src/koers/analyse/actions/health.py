"""When is the health of all customers measured?"""

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from koers.analyse.figures import health as figures
from koers.core.actor import Actor, Channel, system_actor
from koers.core.jobs import JobContext, enqueue, is_rested
from koers.core.models import Job
from koers.organisation.policies import Right, require

TASK = "measure_health"


def measure_health_task(context: JobContext) -> dict[str, Any]:
    """Background task: measure the health of all customers and keep it beside the facts."""
    context.progress(0, 1, "values")
    now = timezone.now()
    measured = measure_now(today=timezone.localdate(now), at=now)
    context.progress(1, 1, "")
    return {"customers": measured}


def measure_now(*, today: date, at: datetime) -> int:
    """Measure the health of all customers at once; returns of how many."""
    return figures.make_health(today=today, at=at)


def ask_health(*, actor: Actor, at: datetime) -> Job:
    """Measure in the background because the rules changed."""
    require(actor, Right.EDIT_RULES)
    return _ask(actor, at)


def ask_health_if_due(*, at: datetime) -> Job | None:
    """Measure in the background where the rules changed, or a valuation came without it.

    A new valuation measures health itself; without one there is nothing to take over.
    """
    if not figures.health_is_due() or not is_rested(task=TASK, at=at):
        return None
    return _ask(system_actor(Channel.JOB), at)


def _ask(actor: Actor, at: datetime) -> Job:
    return enqueue(actor=actor, task=TASK, arguments={}, at=at, unique_key=TASK)
