"""Own scores of the drivers of customer equity, and actions on them; both are the company's, nobody's own."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from koers.analyse.models import EquityAction, EquityAssessment
from koers.catalogue.models import Product
from koers.customers.models import Company
from koers.organisation.models import User


def belongings(owner: User, company: Company, product: Product, today: date) -> dict[str, Any]:
    """Scores of a day, and an action that is considered."""
    del company, product
    scores = EquityAssessment.objects.create(day=today - timedelta(days=owner.pk), made_by=owner)
    scores.scores.create(item="turnover", score=7)
    half, tenth = Decimal("0.5"), Decimal("0.1")
    points = {f"{name}_{at}": tenth for name in ("change", "effect") for at in ("low", "likely", "high")}  # fmt: skip
    action = EquityAction.objects.create(
        name="Faster delivery", driver="value", currency="EUR", cost=100, **points, stay=half, win=tenth, customers=9, margin=10, frequency=4,
        discount=tenth, years=5, gain=150, gain_low=90, gain_high=200, roi=half, roi_low=-tenth, roi_high=1, chance_pays=half, made_at=timezone.now(),
    )  # fmt: skip
    return {"assessment": scores, "equity_action": action}


def arguments(own: Any) -> dict[str, Any]:
    """Values for the parameters in addresses."""
    return {
        "assessment_id": own.more["assessment"].pk, "action_id": own.more["equity_action"].pk, "cell": "supplier",
    }  # fmt: skip


def bodies(world: Any, own: Any, today: date) -> dict[str, dict[str, Any]]:
    """What a browser would post, rightly filled in."""
    del world
    scores = {"day": today.isoformat(), "turnover": "7"}
    action = {
        "name": "Faster", "driver": "value", "cost": "100", "change_low": "0", "change_likely": "1", "change_high": "2", "effect_low": "1", "effect_likely": "1",
        "effect_high": "1", "stay": "50", "win": "10", "customers": "9", "margin": "10", "frequency": "4", "discount": "10", "years": "5",
    }  # fmt: skip
    return {
        "analyse:assessment_create": scores,
        "analyse:assessment_edit": scores | {"version": own.more["assessment"].version},
        "analyse:equity_action_create": action,
        "analyse:equity_action_edit": action | {"version": own.more["equity_action"].version},
        "analyse:equity_action_detail": {"status": "rejected", "decision": "Too dear."},
    }
