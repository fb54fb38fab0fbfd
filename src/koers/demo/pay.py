"""How does the demo company pay its sellers, and what did one of them dispute?"""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from koers.core.actor import Channel
from koers.core.periods import Period, add_months
from koers.demo.world import DOMAIN
from koers.organisation.models import Role, User
from koers.organisation.queries.actor import actor_for
from koers.plan.actions.pay import (
    add_pay_plan,
    answer_dispute,
    close_statement,
    dispute_statement,
)
from koers.plan.figures.pay_statement import statement_at
from koers.plan.models import PayPlan, PayStatement
from koers.plan.queries.pay import paid_sellers, pay_period

QUARTERS_PAID = 2
# Per role: name, base pay a quarter, tiers by attainment, accelerator, cap, bonus, from, team bonus, from.
PLANS = (
    (Role.ACCOUNT_MANAGER, "Accountmanagers buitendienst", 12_000, (("0", "0.004"), ("0.8", "0.012"), ("1", "0.016")), "1.25", 9_000, 1_500, "1.05", 500, "1"),
    (Role.SALESPERSON, "Verkopers buitendienst", 10_500, (("0", "0.005"), ("0.8", "0.014")), "1.25", 7_500, 1_000, "1", 500, "1"),
)  # fmt: skip
DISPUTE = "Een order van de laatste week van het kwartaal zie ik niet terug in de provisie."
ANSWER = "Nagekeken: een order telt op de dag waarop hij is geboekt. Wat na de laatste dag is geboekt, staat in je volgende afrekening."


def write_pay(*, today: date, at: datetime) -> int:
    """A plan per role since a year, two closed quarters, and one dispute that was answered."""
    manager = User.objects.filter(role=Role.SALES_MANAGER, email__endswith=f"@{DOMAIN}").order_by("pk").first()  # fmt: skip
    if manager is None or PayPlan.objects.exists():
        return 0
    actor = actor_for(manager, Channel.DEMO)
    running = pay_period(PayPlan.Period.QUARTER, today)
    begun = add_months(running.start, -12)
    for role, name, base, tiers, accelerator, cap, bonus, bonus_from, team_bonus, team_from in PLANS:  # fmt: skip
        values = {
            "name": name, "role": role.value, "starts_on": begun, "period": "quarter", "measure": "turnover", "base": Decimal(base), "quota_from": "targets",
            "tier_by": "attainment", "tiers": [list(tier) for tier in tiers], "accelerator": Decimal(accelerator), "cap": Decimal(cap), "bonus": Decimal(bonus),
            "bonus_from": Decimal(bonus_from), "team_bonus": Decimal(team_bonus), "team_from": Decimal(team_from), "note": "Per kwartaal, over de omzet zonder toeslagen.",
        }  # fmt: skip
        add_pay_plan(actor=actor, values=values, at=at - (today - begun))
    closed = 0
    for back in range(QUARTERS_PAID, 0, -1):
        period = pay_period(PayPlan.Period.QUARTER, add_months(running.start, -3 * back))
        then = timezone.make_aware(datetime.combine(period.end, time(9)))
        for seller in paid_sellers(actor):
            if seller.pk != actor.user_id:
                _close(manager, seller, period, min(then, at))
                closed += 1
        if back == QUARTERS_PAID:
            _dispute(manager, period, min(then, at))
    return closed


def _close(manager: User, seller: User, period: Period, at: datetime) -> None:
    actor = actor_for(manager, Channel.DEMO)
    seal = statement_at(actor=actor, seller_id=seller.pk, start=period.start).seal
    close_statement(actor=actor, seller_id=seller.pk, start=period.start, there=None, seal=seal, at=at)  # fmt: skip


def _dispute(manager: User, period: Period, at: datetime) -> None:
    """The first account manager asked about an order; the manager looked it up."""
    seller = User.objects.filter(role=Role.ACCOUNT_MANAGER, email__endswith=f"@{DOMAIN}").order_by("full_name").first()  # fmt: skip
    if seller is None:
        return
    stored = PayStatement.objects.filter(person=seller, period_start=period.start).first()
    if stored is None:
        return
    later = timedelta(days=1)
    dispute_statement(actor=actor_for(seller, Channel.DEMO), statement_id=stored.pk, text=DISPUTE, at=at + later)  # fmt: skip
    answer_dispute(actor=actor_for(manager, Channel.DEMO), statement_id=stored.pk, answer=ANSWER, at=at + 2 * later)  # fmt: skip
