"""What does each role see first?"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from koers.analyse.figures.customers import movers_of, phase_board_of
from koers.analyse.figures.facts import NoFactsYetError
from koers.analyse.figures.turnover import turnover_of
from koers.analyse.queries.analysis_day import analysis_day
from koers.analyse.queries.currency import reporting_currency
from koers.core import formats
from koers.core.actor import Actor
from koers.core.charts import Chart, Series
from koers.core.navigation import address
from koers.core.periods import last_twelve_months, year_before
from koers.customers.models import Phase
from koers.home.queries.today import situation_of, unpaired_or_unowned
from koers.organisation.policies import Right, may
from koers.organisation.requests import actor_of
from koers.plan.figures.attainment import attainment_of

PERIODS_SHOWN = 8


def today(request: HttpRequest) -> HttpResponse:
    """Turnover, margin and attainment with what stands out; the first run offers demo or import."""
    actor = actor_of(request)
    situation = situation_of(actor)
    context: dict[str, Any] = {"situation": situation, "actor_name": actor.name, "may_import": may(actor, Right.IMPORT),
                               "may_manage": may(actor, Right.MANAGE_INSTALLATION)}  # fmt: skip
    if not situation.has_customers:
        return render(request, "home/today/first_run.html", context)
    try:
        context |= _figures(actor)
    except NoFactsYetError as refusal:
        context["no_facts"] = str(refusal)
    return render(request, "home/today/detail.html", context)


def _figures(actor: Actor) -> dict[str, Any]:
    day = analysis_day(timezone.localdate())
    period = last_twelve_months(day)
    before = year_before(period)
    own: dict[str, Any] = (
        {} if actor.sees_all or actor.role == "sales_manager" else {"seller_ids": (actor.user_id,)}
    )
    now = turnover_of(
        actor=actor, period=period, by=["month"], order="label", descending=False, **own
    )
    earlier = turnover_of(
        actor=actor, period=before, by=["month"], order="label", descending=False, **own
    )
    targets = attainment_of(actor=actor, today=day, **own) if may(actor, Right.READ_TARGETS) else []
    running = next(
        (each for each in reversed(targets) if each.period_start <= day < each.period_end), None
    )
    risen, _count = movers_of(actor=actor, before=before, after=period, largest="risen", limit=5)
    fallen, _count = movers_of(actor=actor, before=before, after=period, largest="fallen", limit=5)
    suffix = f"?seller={actor.user_id}" if own else ""
    margin, margin_before = now.total.margin, earlier.total.margin
    return {
        "now": now.total, "growth": formats_growth(now.total.turnover, earlier.total.turnover), "running": running, "currency": reporting_currency(),
        "margin_change": None if margin is None or margin_before is None else margin - margin_before,
        "spark": [row.measures.turnover for row in now.rows], "risen": risen, "fallen": fallen,
        "sees_cost": may(actor, Right.SEE_COST), "targets": _target_chart(targets[-PERIODS_SHOWN:]) if targets else None,
        "alarms": _alarms(actor, running, margin, margin_before), "is_own": bool(own),
        "turnover_url": reverse("analyse:figure", args=["turnover"]) + suffix, "margin_url": reverse("analyse:figure", args=["margin"]) + suffix,
        "phases": phase_board_of(actor=actor, as_of=day), "phase_labels": dict(Phase.choices),
        "attainment_url": address("plan:attainment"),
    }  # fmt: skip


def formats_growth(now: Any, before: Any) -> Any:
    """Change against the year before, or nothing where there was no turnover."""
    return (now - before) / before if before else None


def _target_chart(targets: list[Any]) -> Chart:
    labels = [formats.day(each.period_start) for each in targets]
    return Chart(
        "bar", labels,
        [Series(_("Actual"), [each.actual for each in targets]), Series(_("Target"), [each.target for each in targets], kind="line", dashed=True)],
        format="money", currency=reporting_currency(), digits=0,
    )  # fmt: skip


def _alarms(actor: Actor, running: Any, margin: Any, margin_before: Any) -> list[dict[str, str]]:
    found = []
    if (
        running is not None
        and running.share is not None
        and float(running.share) < float(running.elapsed) - 0.1
    ):
        text = _("Attainment is %(share)s while %(elapsed)s of the period has passed.") % {
            "share": formats.share(running.share), "elapsed": formats.share(running.elapsed)}  # fmt: skip
        found.append({"text": text, "url": reverse("analyse:turnover")})
    if (
        may(actor, Right.SEE_COST)
        and margin is not None
        and margin_before is not None
        and float(margin - margin_before) < -0.02
    ):
        text = _("The margin fell from %(before)s to %(now)s in a year.") % {
            "before": formats.share(margin_before),
            "now": formats.share(margin),
        }
        found.append({"text": text, "url": reverse("analyse:turnover") + "?by=category"})
    unowned = unpaired_or_unowned(actor)
    if unowned:
        found.append(
            {
                "text": _("%(count)s customers have no account manager.")
                % {"count": formats.number(unowned, 0)},
                "url": reverse("customers:company_list"),
            }
        )
    return found
