"""How is the demo company loaded and removed from the screen, in the background?"""

from typing import Any

from django.utils import timezone

from koers.analyse.actions.facts import refresh_now
from koers.core.jobs import JobContext
from koers.demo.company import load_demo
from koers.demo.plans import finish_demo
from koers.demo.removal import remove_demo


def load_demo_task(context: JobContext) -> dict[str, Any]:
    """Load the demo company into an installation without data, then its facts."""
    now = timezone.now()
    today = timezone.localdate(now)
    done = load_demo(today=today, at=now, progress=context.progress)
    finish_demo(today=today, at=now)
    return {"customers": done.customers, "order_lines": done.order_lines, "password": done.password}


def remove_demo_task(context: JobContext) -> dict[str, Any]:
    """Remove the demo company, then refresh the facts."""
    context.progress(0, 1, "remove")
    now = timezone.now()
    remove_demo(at=now, with_own_work=bool(context.arguments.get("with_own_work")))
    refresh_now(today=timezone.localdate(now), at=now)
    return {}
