"""Which background tasks exist? The list is explicit."""

from koers.analyse.actions.facts import refresh_facts_task
from koers.core.jobs import Task

TASKS: dict[str, Task] = {
    "refresh_facts": refresh_facts_task,
}
