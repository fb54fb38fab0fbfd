"""Forecast calls."""

from datetime import date
from typing import Any

from django.utils import timezone

from koers.organisation.models import User
from koers.plan.models import ForecastCall
from koers.plan.queries.call_period import month_period

LISTS = {"/plan/calls/", "/plan/calls/kept/", "/plan/calls/record/", "/plan/calls/deals/"}


def belongings(owner: User, _company: Any, _product: Any, today: date) -> dict[str, Any]:
    """The owner's call for this month."""
    period = month_period(today).period
    made = ForecastCall.objects.create(
        level="person", person=owner, is_override=False, category="commit", number=1, period_start=period.start, period_end=period.end,
        amount=500, currency="EUR", reason=f"Call of {owner.full_name}", made_at=timezone.now(), made_by=owner, made_by_name=owner.full_name,
    )  # fmt: skip
    return {"forecast_call": made}


def bodies(_world: Any, _own: Any, today: date) -> dict[str, dict[str, Any]]:
    """A call for this month, by who has given none yet."""
    return {"plan:forecast_call": {f"best_case-{month_period(today).key}": "900"}}


def in_the_bin(_own: Any) -> dict[str, dict[str, Any]]:
    """A figure of this page."""
    return {"plan:forecast_call_figure": {"name": "weighted"}}
