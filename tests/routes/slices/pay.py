"""A pay plan and a closed statement of the owner alone, with amounts that no colleague may meet."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from koers.catalogue.models import Product
from koers.core.periods import add_months, month_of
from koers.customers.models import Company
from koers.organisation.models import User
from koers.plan.models import PayPlan, PayStatement

OF_OWNERS = {"seller_id"}
LISTS = {"/plan/pay/"}
BASE, VARIABLE = Decimal("7654.31"), Decimal("2345.68")
SHOWN = ["7654.31", "7,654.31", "7.654,31", "2345.68", "2,345.68", "2.345,68", "9999.99", "9,999.99", "9.999,99", "7,654", "7.654"]  # fmt: skip


def belongings(owner: User, company: Company, product: Product, today: date) -> dict[str, Any]:
    """A plan of half a year ago and the statement of the month before last."""
    del company, product
    running, now = month_of(today), timezone.now()
    plan = PayPlan.objects.create(
        name=f"Pay of {owner.full_name}", person=owner, starts_on=add_months(running.start, -6), period="month", measure="turnover", base=BASE, quota_from="none",
        tier_by="amount", tiers=[["0", "0.01"]], currency="EUR", made_at=now, made_by_name="Tom",
    )  # fmt: skip
    terms = {"tiers": [["0", "0.01"]], "tier_by": "amount", "base": str(BASE), "quota": None, "accelerator": "1", "cap": None,
             "bonus": "0", "bonus_from": "1", "team_bonus": "0", "team_from": "1"}  # fmt: skip
    line = {"start": None, "end": None, "rate": "1", "sources": [], "of": None}
    statement = PayStatement.objects.create(
        person=owner, plan=plan, period_start=add_months(running.start, -2), period_end=add_months(running.start, -1), part=1, terms=terms,
        lines=[line | {"kind": "base", "basis": str(BASE), "amount": str(BASE)}, line | {"kind": "tier", "basis": "234568", "rate": "0.01", "start": "0", "amount": str(VARIABLE)}],
        sales=234568, total=BASE + VARIABLE, currency="EUR", seal="0" * 64, closed_at=now, closed_by_name="Tom",
    )  # fmt: skip
    return {"pay_plan": plan, "pay_statement": statement}


def arguments(own: Any) -> dict[str, Any]:
    """The closed statement, and its payout."""
    statement = own.more["pay_statement"]
    return {"plan_id": statement.plan_id, "seller_id": statement.person_id, "day": statement.period_start.isoformat(), "line": "total"}  # fmt: skip


def bodies(world: Any, own: Any, today: date) -> dict[str, dict[str, Any]]:
    """What a browser would post."""
    plan = {
        "name": "Field", "who": "role:salesperson", "starts_on": month_of(today).end.isoformat(), "period": "month", "measure": "turnover", "base": "3000",
        "quota_from": "none", "tier_by": "amount", "rate_1": "5", "accelerator": "1",
    }  # fmt: skip
    return {
        "plan:pay_plan_create": plan,
        "plan:pay_statement": {"step": "dispute", "text": "An order is missing"},
        "plan:order_split": {"person_1": own.company.owner_id, "share_1": "50", "person_2": world.cast.sam.pk, "share_2": "50"},
    }  # fmt: skip


def in_the_bin(_own: Any) -> dict[str, dict[str, Any]]:
    """Which figure the panels show."""
    return {"plan:pay_simulator_figure": {"name": "cost"}}
