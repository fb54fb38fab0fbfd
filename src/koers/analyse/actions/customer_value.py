"""When are all customers valued, and where does the valuation go?"""

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from koers.analyse.figures import customer_value as figures
from koers.analyse.figures.health import make_health
from koers.core.actor import Actor, Channel, system_actor
from koers.core.jobs import JobContext, enqueue, is_rested
from koers.core.models import Job
from koers.organisation.policies import Right, require

TASK = "value_customers"


def value_customers_task(context: JobContext) -> dict[str, Any]:
    """Background task: value all customers anew and keep the result beside the facts."""
    context.progress(0, 1, "values")
    now = timezone.now()
    valued = value_now(today=timezone.localdate(now), at=now)
    context.progress(1, 1, "")
    return {"customers": valued}


def value_now(*, today: date, at: datetime) -> int:
    """Value all customers at once, and measure their health; returns how many could be valued."""
    valued = figures.make_valuation(today=today, at=at)
    make_health(today=today, at=at)
    return valued


def ask_valuation(*, actor: Actor, at: datetime) -> Job:
    """Value in the background because somebody asked for it."""
    require(actor, Right.EDIT_RULES)
    return _ask(actor, at)


def ask_valuation_if_due(*, today: date, at: datetime) -> Job | None:
    """Value in the background when orders came or a day went by since the last valuation.

    A valuation that failed is not tried again within the hour; one that takes long is not made
    after every order.
    """
    if not figures.valuation_is_due(today) or not is_rested(task=TASK, at=at):
        return None
    return _ask(system_actor(Channel.JOB), at)


def _ask(actor: Actor, at: datetime) -> Job:
    return enqueue(actor=actor, task=TASK, arguments={}, at=at, unique_key=TASK)
