"""How is a forecast made in the background, kept, and overridden with a reason?"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from koers.analyse.queries.currency import reporting_currency
from koers.core import audit
from koers.core.actor import Actor, Channel
from koers.core.errors import RuleError
from koers.core.jobs import JobContext, enqueue, require_own_rights
from koers.core.models import Job
from koers.core.periods import add_months
from koers.organisation.models import User
from koers.organisation.policies import Right, require
from koers.organisation.queries.actor import actor_for
from koers.plan.figures.turnover_forecast import computed_forecast
from koers.plan.models import ForecastOverride, ForecastPoint, ForecastRun, ForecastSeries
from koers.plan.queries.forecast import point_for

LONGEST_HORIZON = 24


class ForecastOverrideRefusedError(RuleError):
    """The override lacks a reason, or its month is over."""


def ask_forecast(
    *, actor: Actor, division: str, first_month: date, horizon: int, at: datetime
) -> Job:
    """Ask for a forecast of what the actor may see, from what was sold before ``first_month``."""
    require(actor, Right.EDIT_TARGETS)
    if division not in ForecastRun.Division.values or first_month.day != 1 or not 1 <= horizon <= LONGEST_HORIZON:  # fmt: skip
        raise RuleError(_("A forecast starts on the first of a month and looks 1 to 24 months ahead."))  # fmt: skip
    arguments = {"division": division, "first_month": first_month.isoformat(), "horizon": horizon}
    key = f"forecast:{actor.user_id}:{division}:{first_month}:{horizon}"
    return enqueue(actor=actor, task="forecast", arguments=arguments, at=at, unique_key=key)


def forecast_task(context: JobContext) -> dict[str, Any]:
    """Background task: compute with the asker's rights, and keep; a second run keeps nothing twice."""
    known = ForecastRun.objects.filter(job_id=context.job_id).first()
    if known is not None:
        return {"run_id": known.pk}
    user = User.objects.filter(pk=context.asked_by_id or 0, is_active=True).first()
    actor = require_own_rights(actor_for(user, Channel.JOB) if user else None)
    made = make_forecast(
        actor=actor, division=context.arguments["division"], first_month=date.fromisoformat(context.arguments["first_month"]),
        horizon=int(context.arguments["horizon"]), job_id=context.job_id, at=timezone.now(),
    )  # fmt: skip
    return {"run_id": made.pk}


def make_forecast(
    *,
    actor: Actor,
    division: str,
    first_month: date,
    horizon: int,
    at: datetime,
    job_id: int | None = None,
) -> ForecastRun:
    """Compute a forecast and keep it, with who asked for it and when."""
    require(actor, Right.EDIT_TARGETS)
    found = computed_forecast(
        actor=actor, division=division, first_month=first_month, horizon=horizon
    )
    with transaction.atomic():
        run = ForecastRun.objects.create(
            division=division, first_month=first_month, horizon=horizon, currency=reporting_currency(),
            covers_all=actor.sees_all, made_at=at, made_by_id=actor.user_id, made_by_name=actor.name, job_id=job_id,
        )  # fmt: skip
        for part in found:
            series = ForecastSeries.objects.create(
                run=run, is_total=part.is_total, key=part.key, label=part.label or "", method=part.method,
                error=part.error, naive_error=part.naive_error,
            )  # fmt: skip
            ForecastPoint.objects.bulk_create(
                ForecastPoint(
                    series=series, month=each.month, value=each.value, low_80=each.low_80, high_80=each.high_80,
                    low_95=each.low_95, high_95=each.high_95,
                )
                for each in part.months
            )  # fmt: skip
        audit.record(actor=actor, at=at, verb="create", obj=run, changes={})
    return run


@transaction.atomic
def override_forecast(
    *, actor: Actor, point_id: int, value: Decimal, reason: str, at: datetime
) -> ForecastOverride:
    """Put another figure in the place of the method's, with the reason; earlier ones are kept."""
    require(actor, Right.EDIT_TARGETS)
    point = point_for(actor=actor, point_id=point_id)
    if not reason.strip():
        raise ForecastOverrideRefusedError(_("Give the reason for the other figure."))
    if add_months(point.month, 1) <= timezone.localdate(at):
        raise ForecastOverrideRefusedError(
            _("This month is over: its forecast can no longer be changed.")
        )
    before = point.overrides.first()
    made = ForecastOverride.objects.create(
        point=point, value=value, reason=reason.strip(), made_at=at, made_by_id=actor.user_id, made_by_name=actor.name
    )  # fmt: skip
    audit.record(
        actor=actor, at=at, verb="change", obj=point.series.run,
        changes={"amount": audit.Change(before.value if before else point.value, value)},
    )  # fmt: skip
    return made
