"""How often does the demo company want to visit its customers, and where does it depart from that?

Set by the same actions as on the screen: norms two years old, those of this year, and some exceptions.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from koers.core.actor import Actor
from koers.customers.models import Company
from koers.plan.actions.visit_norm import NormSetValues, NormValues, set_exception, set_norms
from koers.plan.models import VisitNormSet

# Class, phase, visits a year, minutes of talk, unit, allowed days.
BEFORE = (
    ("A", "", 18, 75, "1.5", "12345"), ("B", "", 9, 60, "1.2", "12345"), ("C", "", 4, 45, "1", "12345"), ("D", "", 1, 30, "0.7", "12345"),
)  # fmt: skip
NOW = (
    ("A", "", 12, 75, "1.5", "12345"), ("A", "growth", 15, 75, "1.5", "12345"), ("A", "revitalisation", 15, 75, "1.5", "12345"),
    ("B", "", 6, 60, "1.2", "12345"), ("B", "growth", 8, 60, "1.2", "12345"), ("B", "farewell", 3, 60, "1.2", "12345"),
    ("C", "", 3, 45, "1", "12345"), ("C", "growth", 4, 45, "1", "12345"), ("C", "farewell", 1, 45, "1", "12345"),
    ("D", "", 1, 30, "0.7", "1234"), ("D", "farewell", 0, 30, "0.7", "1234"), ("prospect", "", 2, 45, "1", "12345"),
)  # fmt: skip
# What differs for one of the largest customers of a class, by its place among them, and why.
EXCEPTIONS = (
    ("A", 2, {"visits": 24}, "Nieuwbouw van drie keukens: om de twee weken op de bouw."),
    ("A", 5, {"visits": 6}, "Inkoop loopt via het hoofdkantoor; vestiging zelf bestelt online."),
    ("B", 3, {"weekdays": "24"}, "Inkoper werkt alleen op dinsdag en donderdag."),
    ("B", 9, {"minutes": 90}, "Bezoek altijd samen met de kok, met proeverij."),
    ("C", 4, {"visits": 1}, "Belafspraak per kwartaal; één bezoek per jaar is genoeg."),
)  # fmt: skip


def write_visit_norms(*, maker: Actor, today: date, at: datetime) -> None:
    """Norms of last year and of this year, and exceptions with their reasons."""
    if VisitNormSet.objects.exists():
        return
    begun = date(today.year - 1, 1, 1)
    for number, (starts_on, norms, note) in enumerate(
        ((begun, BEFORE, "Eerste bezoeknormen"), (date(today.year, 1, 1), NOW, "Na de evaluatie: minder bij D, meer bij groeiers"))
    ):  # fmt: skip
        values = NormSetValues(
            starts_on, 25, 5, note,
            [NormValues(name, phase, visits, minutes, Decimal(unit), days) for name, phase, visits, minutes, unit, days in norms],
        )  # fmt: skip
        made_at = at - (today - starts_on) - timedelta(days=10 if number else 0)
        set_norms(actor=maker, values=values, at=made_at)
    for name, place, differs, reason in EXCEPTIONS:
        found = Company.objects.filter(customer_class=name, deleted_at=None).exclude(owner=None)
        company = found.order_by("-turnover_12m", "pk")[place : place + 1].first()
        if company is not None:
            values_of: dict[str, Any] = {
                "visits": None, "minutes": None, "weekdays": "", "reason": reason, "starts_on": date(today.year, 1, 1), "ends_on": None,
                **differs,
            }  # fmt: skip
            set_exception(actor=maker, company_id=company.pk, version=None, values=values_of, at=at)
