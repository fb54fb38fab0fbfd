"""A division of visits of the owner alone, and what is posted to its screens."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from koers.customers.models import Company
from koers.organisation.models import User
from koers.plan.models import Absence, EffortLine, EffortRun, EffortSeller

OF_OWNERS = {"effort_id"}
LISTS = {"/plan/effort/", "/plan/effort/estimates/", "/plan/sales-days/"}


def belongings(owner: User, company: Company, product: Any, today: date) -> dict[str, Any]:
    """A run with one seller and one customer, and a day away."""
    del product
    run = EffortRun.objects.create(
        scope_label=owner.full_name, year=today.year, basis="contribution", currency="EUR", period_start=today - timedelta(days=365), period_end=today,
        customers=1, estimated=0, hours=9, hours_used=9, norm_hours=5, norm_value=50, actual_value=40, best_value=60, bound=60, made_at=timezone.now(), made_by=owner, made_by_name=str(owner),
    )  # fmt: skip
    seller = EffortSeller.objects.create(
        run=run, person=owner, name=owner.full_name, days=200, hours=9, reserved=0, hours_used=9, norm_hours=5, actual_hours=4, customers=1, left_out=0,
        norm_value=50, actual_value=40, best_value=60, bound=60, steps=["58", "59", "60", "61", "62"],
    )  # fmt: skip
    EffortLine.objects.create(
        run=run, seller=seller, company=company, customer_class="A", source="class", turnover=200, visits=4, s0=100, smax=300, shape=1, scale=4, misfit=0,
        margin=0.3, hours=1, least=0, most=12, norm=5, actual=4, best=9, change=4, norm_value=50, best_value=60, one_more=1, one_less=1, per_hour=1,
    )  # fmt: skip
    Absence.objects.create(person=owner, kind="leave", starts_on=today, ends_on=today + timedelta(days=1))  # fmt: skip
    return {"effort": run}


def arguments(own: Any) -> dict[str, Any]:
    """The run in addresses."""
    return {"effort_id": own.more["effort"].pk}


def bodies(world: Any, own: Any, today: date) -> dict[str, dict[str, Any]]:
    """What a browser would post."""
    del world
    day = today.isoformat()
    return {
        "plan:effort_list": {"who": "", "year": today.year},
        "plan:effort_run": {"step": "accept", "starts_on": day, "last_day": day},
        "plan:effort_estimates": {"what": "customers", "company": [own.company.pk], f"least_visits-{own.company.pk}": "2"},
        "plan:seller_years": {"step": "away", "person": own.company.owner_id, "kind": "leave", "starts_on": day, "last_day": day},
    }  # fmt: skip


def in_the_bin(own: Any) -> dict[str, dict[str, Any]]:
    """Which figure the panels show."""
    del own
    return {"plan:effort_figure": {"name": "best"}, "plan:seller_year_figure": {"name": "days"}}
