"""Which decisions did the demo company take at the economics desk, and what became of them?

Computed on its own facts of that day, by the same calculators and actions as on the screen.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from koers.analyse.queries.currency import reporting_currency
from koers.catalogue.models import ProductGroup
from koers.core.actor import Actor
from koers.core.periods import last_twelve_months
from koers.plan.actions.economic_decision import keep_decision, review_decision
from koers.plan.figures.economics import answers_to, calculator_of, desk_facts, starts
from koers.plan.models import EconomicDecision

# Name, calculator, product group, own values, days ago, days until the control date, decision, what became of it.
DECISIONS: tuple[tuple[str, str, str, dict[str, str], int, int, str, str], ...] = (
    ("Voorjaarskorting op ovens", "discount", "Ovens", {"discount": "0.05"}, 200, 120,
     "Geen algemene korting; alleen bij orders die anders naar de concurrent gaan, en dan hoogstens 5%.",
     "De dekkingsbijdrage bleef op peil; twee orders gingen verloren op prijs."),
    ("Prijsverhoging reiniging", "price_rise", "Reiniging", {"rise": "0.04"}, 120, 90,
     "Per kwartaal 4% omhoog, vier weken vooraf aangekondigd.", ""),
    ("Betalingskorting 2% binnen 10 dagen", "cash_discount", "", {}, 60, 90,
     "Niet invoeren: duurder dan het rekening-courantkrediet.", ""),
    ("Break-even van de buitendienst", "break_even", "", {"profit": "250000"}, 30, 150,
     "Pas een extra verkoper als de veiligheidsmarge boven 40% blijft.", ""),
)  # fmt: skip


def write_economic_decisions(*, maker: Actor, today: date, at: datetime) -> int:
    """Four decisions of the past half year; one was looked at again, one asks for it."""
    if EconomicDecision.objects.exists():
        return 0
    for name, calculator, group, own, ago, until, decision, outcome in DECISIONS:
        then, day = at - timedelta(days=ago), today - timedelta(days=ago)
        values = _computed(maker, day, calculator, group, own) | {
            "name": name, "decision": decision, "decided_by_id": maker.user_id, "decided_on": day, "review_on": day + timedelta(days=until),
        }  # fmt: skip
        made = keep_decision(actor=maker, values=values, at=then)
        if outcome:
            review_decision(actor=maker, decision_id=made.pk, outcome=outcome, at=then + timedelta(days=until))  # fmt: skip
    return len(DECISIONS)


def _computed(maker: Actor, day: date, key: str, group_name: str, own: Mapping[str, str]) -> dict[str, Any]:  # fmt: skip
    """The calculation on the twelve months before a day."""
    period = last_twelve_months(day)
    group = ProductGroup.objects.filter(name=group_name).order_by("pk").first() if group_name else None  # fmt: skip
    scope = {"group": group.pk} if group else {}
    filters = {"group_ids": (group.pk,)} if group else {}
    calculator = calculator_of(key)
    assert calculator is not None, key  # noqa: S101 -- a mistake in the list above
    facts = starts(calculator, desk_facts(actor=maker, period=period, chosen=scope, filters=filters))  # fmt: skip
    inputs = facts | {name: Decimal(value) for name, value in own.items()}
    with_fact = {ask.key for ask in calculator.asks if ask.fact}
    return {
        "calculator": key, "period_name": "12m", "period_start": period.start, "period_end": period.end, "scope": scope,
        "scope_label": group.name if group else "", "currency": reporting_currency(), "facts_as_of": day,
        "inputs": {name: {"value": _text(value), "fact": _text(facts[name]) if name in with_fact else None} for name, value in inputs.items()},
        "results": {name: _text(value) for name, value in answers_to(calculator, inputs).items()},
    }  # fmt: skip


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"
