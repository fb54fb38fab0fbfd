"""Which background tasks exist? The list is explicit."""

from koers.analyse.actions.customer_value import value_customers_task
from koers.analyse.actions.facts import refresh_facts_task
from koers.analyse.actions.health import measure_health_task
from koers.core.backup.nightly import backup_task
from koers.core.jobs import Task
from koers.demo.plans import TASK as DEMO_FORECASTS
from koers.demo.plans import forecasts_task
from koers.demo.tasks import load_demo_task, remove_demo_task
from koers.home.actions.import_jobs import import_check_task, import_revert_task, import_run_task
from koers.home.actions.retention import TASK as RETENTION
from koers.home.actions.retention import retention_task
from koers.plan.actions.effort import effort_task
from koers.plan.actions.forecast import forecast_task

TASKS: dict[str, Task] = {
    "backup": backup_task,
    "refresh_facts": refresh_facts_task,
    "value_customers": value_customers_task,
    "measure_health": measure_health_task,
    "import_check": import_check_task,
    "import_run": import_run_task,
    "import_revert": import_revert_task,
    RETENTION: retention_task,
    "forecast": forecast_task,
    "visit_effort": effort_task,
    "load_demo": load_demo_task,
    DEMO_FORECASTS: forecasts_task,
    "remove_demo": remove_demo_task,
}
