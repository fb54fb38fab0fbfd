"""Which budget did the demo company agree, which forecasts did it give, whom did it call and visit?

All are made by the same actions as on the screen, from what the company sold, so they need its facts.
"""

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils import timezone

from koers.analyse.actions.campaign import CampaignValues, start_campaign
from koers.analyse.actions.customer_value import value_now
from koers.analyse.actions.facts import refresh_now
from koers.analyse.actions.health import measure_now
from koers.analyse.figures.campaign import candidates
from koers.analyse.models import Campaign
from koers.core.actor import Actor, Channel, system_actor
from koers.core.jobs import JobContext, enqueue
from koers.core.periods import add_months
from koers.customers.models import Company
from koers.customers.queries.consent import reach_of
from koers.demo.action_items import write_action_items
from koers.demo.economic_decisions import write_economic_decisions
from koers.demo.equity_drivers import write_equity_actions, write_equity_scores
from koers.demo.goals import write_factors, write_goals
from koers.demo.pay import write_pay
from koers.demo.planning_session import write_session
from koers.demo.state import DemoState, alone, demo_state
from koers.demo.visit_effort import write_visit_effort
from koers.demo.visit_norms import write_visit_norms
from koers.demo.world import DOMAIN
from koers.organisation.models import Role, User
from koers.organisation.queries.actor import actor_for
from koers.plan.actions.budget import make_budget, move_budget, propose_part, spread_budget
from koers.plan.actions.forecast import make_forecast, override_forecast
from koers.plan.models import Budget, ForecastPoint, ForecastRun
from koers.sell.actions.activity import finish_activity
from koers.sell.models import ActivityKind

TASK = "demo_forecasts"
GROWTH = Decimal("0.05")
MADE_ON, DECIDED_AFTER = (12, 1), timedelta(days=9)  # month and day of the year before
THOUSAND = Decimal(1000)
# What sellers said they can sell, against what was asked of them, by their place in the alphabet.
SAID = (Decimal("0.97"), Decimal("1.02"), None, Decimal("0.92"), Decimal("1.00"), Decimal("0.95"))
MONTHS_AGO, LOOKS_AHEAD = 6, 12
CALLED_AGO, CALLED = timedelta(days=120), 40
# How the calls of the campaign ended, by their place; the empty ones were never made.
CALL_OUTCOMES = ("continuation", "order", "not_reached", "continuation", "no_sale", "", "order")
# Of which part, how many months ahead, by what the method's figure is multiplied, and why.
OVERRIDES = (
    ("Keukentechniek", 2, Decimal("1.06"), "Twee nieuwbouwprojecten worden in deze maand opgeleverd."),
    ("Service", 3, Decimal("0.95"), "Twee monteurs met verlof: minder onderhoudsbeurten."),
)  # fmt: skip


def finish_demo(*, today: date, at: datetime) -> None:
    """Facts, classes, customer values, this year's budget, a campaign and visit norms; forecasts follow in the background."""
    refresh_now(today=today, at=at)
    value_now(today=today, at=at)
    write_budget(today=today, at=at)
    write_campaign(today=today, at=at)
    manager = _person(Role.SALES_MANAGER)
    if manager is not None:
        write_visit_norms(maker=manager, today=today, at=at)
        write_visit_effort(maker=manager, today=today, at=at)
        write_economic_decisions(maker=manager, today=today, at=at)
        write_equity_scores(maker=manager, today=today, at=at)
        write_equity_actions(maker=manager, today=today, at=at)
    measure_now(today=today, at=at)  # again: norms and calls say when a contact is due
    write_goals(today=today, at=at)
    write_factors(today=today, at=at)
    write_session(today=today, at=at)
    write_pay(today=today, at=at)
    write_action_items(today=today, at=at)
    if not ForecastRun.objects.exists():
        enqueue(actor=system_actor(Channel.DEMO), task=TASK, arguments={}, at=at, unique_key=TASK)


def write_budget(*, today: date, at: datetime) -> Budget | None:
    """Make this year's budget per seller, from above and from below, approved in December."""
    if Budget.objects.exists():
        return None
    maker, approver = _person(Role.SALES_MANAGER), _person(Role.MANAGEMENT_TEAM)
    if maker is None or approver is None:
        return None
    first = date(today.year, 1, 1)
    at -= today - date(today.year - 1, *MADE_ON)
    budget = make_budget(actor=maker, name=f"Verkoopbudget {today.year}", division="seller", first_month=first, at=at)  # fmt: skip
    spread_budget(actor=maker, budget_id=budget.pk, rule="growth", amount=GROWTH, at=at)
    for place, part in enumerate(budget.parts.all()):
        share = SAID[place % len(SAID)]
        if share is not None:
            asked = sum((cell.turnover for cell in part.cells.all()), Decimal(0)) * share
            said = (asked / THOUSAND).quantize(Decimal(1), ROUND_HALF_UP) * THOUSAND
            propose_part(actor=maker, part_id=part.pk, amount=said, at=at)
    move_budget(actor=maker, budget_id=budget.pk, step="submit", at=at)
    return move_budget(actor=approver, budget_id=budget.pk, step="approve", at=at + DECIDED_AFTER)


def write_campaign(*, today: date, at: datetime) -> Campaign | None:
    """Four months ago the manager had quiet customers called, and left a quarter of them alone."""
    maker = _person(Role.SALES_MANAGER)
    if Campaign.objects.exists() or maker is None:
        return None
    start, begun = today - CALLED_AGO, at - CALLED_AGO
    chosen = candidates(actor=maker, source="phase:revitalisation")
    values = CampaignValues(
        name="Nabellen na een stil kwartaal", source="phase:revitalisation", kind=ActivityKind.CALL,
        subject="Bellen: wat is er veranderd?", due_on=start + timedelta(days=14), measure_days=90,
        control_share=Decimal("0.25"),
    )  # fmt: skip
    reach = reach_of(
        Company.objects.filter(pk__in=chosen[: 2 * CALLED]), values.kind, values.due_on
    )
    chosen = [key for key in chosen[: 2 * CALLED] if reach[key].verdict.allowed]
    if not chosen:
        return None
    made = start_campaign(actor=maker, values=values, company_ids=chosen[:CALLED], today=start, at=begun)  # fmt: skip
    members = made.members.filter(is_control=False).select_related("activity")
    for place, member in enumerate(members):
        outcome = CALL_OUTCOMES[place % len(CALL_OUTCOMES)]
        if outcome and member.activity:
            finish_activity(
                actor=maker, activity_id=member.activity.pk, outcome=outcome,
                at=begun + timedelta(days=1 + place % 13),
            )  # fmt: skip
    return made


def forecasts_task(context: JobContext) -> dict[str, Any]:
    """Background task: the forecasts of the demo company, once."""
    with alone():
        if demo_state() is not DemoState.WHOLE or ForecastRun.objects.exists():
            return {"forecasts": 0}
        now = timezone.now()
        return {"forecasts": len(write_forecasts(today=timezone.localdate(now), at=now))}


def write_forecasts(*, today: date, at: datetime) -> list[ForecastRun]:
    """One per unit as it was given half a year ago, and this month's per unit and per seller."""
    maker = _person(Role.SALES_MANAGER)
    if maker is None:
        return []
    month = today.replace(day=1)
    before = add_months(month, -MONTHS_AGO)
    then = at - (today - before) + timedelta(days=2)
    runs = []
    for division, first, given in (
        ("sbu", before, then),
        ("seller", month, at),
        ("sbu", month, at),
    ):
        run = make_forecast(actor=maker, division=division, first_month=first, horizon=LOOKS_AHEAD, at=given)  # fmt: skip
        if division == "sbu":
            _override(maker, run, given)
        runs.append(run)
    return runs


def _override(maker: Actor, run: ForecastRun, at: datetime) -> None:
    for label, ahead, factor, reason in OVERRIDES:
        month = add_months(run.first_month, ahead)
        point = ForecastPoint.objects.filter(
            series__run=run, series__label=label, month=month
        ).first()
        if point is not None:
            value = (point.value * factor / THOUSAND).quantize(Decimal(1), ROUND_HALF_UP) * THOUSAND
            override_forecast(actor=maker, point_id=point.pk, value=value, reason=reason, at=at)


def _person(role: str) -> Actor | None:
    """The first of a role, acting for the demo."""
    user = User.objects.filter(role=role, email__endswith=f"@{DOMAIN}").order_by("pk").first()
    return actor_for(user, Channel.DEMO) if user else None
