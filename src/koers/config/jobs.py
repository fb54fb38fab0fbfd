"""Which background tasks exist? The list is explicit."""

from koers.analyse.actions.facts import refresh_facts_task
from koers.core.jobs import Task
from koers.demo.tasks import load_demo_task, remove_demo_task

TASKS: dict[str, Task] = {
    "refresh_facts": refresh_facts_task,
    "load_demo": load_demo_task,
    "remove_demo": remove_demo_task,
}
