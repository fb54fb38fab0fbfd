"""How did the demo company score its own side of the drivers of customer equity, over two years?"""

from datetime import date, datetime, timedelta
from decimal import Decimal

from koers.analyse.actions.equity_score import AssessmentValues, ItemScore, add_assessment
from koers.analyse.models import EquityAssessment
from koers.core.actor import Actor
from koers.customers.models import Segment

# Per item: score now, what it rose in a year, weight in per cent within its driver, on what it rests.
OWN = {
    "turnover": (7.5, 0.5, 30, "Omzet 12 maanden, boven plan"), "cost_to_serve": (6.0, -0.5, 20, "Kosten per bezoek gestegen"),
    "lifetime_value": (7.0, 0.5, 25, "Waarde van het klantenbestand"), "market_share": (6.5, 0.0, 15, "Brancheonderzoek najaar"),
    "scale": (6.0, 0.5, 10, "Kostprijs per stuk tegen vorig jaar"), "awareness": (6.5, 1.5, 30, "Halfjaarlijks onderzoek, 198 keukenchefs"),
    "retention": (8.0, 0.0, 30, "Klanten die opnieuw kochten"), "recommendation": (7.0, 0.5, 20, "NPS van 12 maanden"),
    "image": (7.0, 0.5, 20, "Zelfde onderzoek"), "referrals": (6.0, 1.0, 25, "Nieuwe klanten via klanten"),
    "joint_projects": (5.5, 1.5, 25, "Drie keukens samen ontworpen"), "wallet_share": (6.5, 0.5, 30, "Bekende inkoop van A-klanten"),
    "advantages": (8.0, 0.0, 20, "Service binnen een dag"),
}  # fmt: skip
DAYS_AGO = (700, 520, 335, 150, 25)
LEAN = (Decimal("0.5"), Decimal("-1"))


def write_equity_scores(*, maker: Actor, today: date, at: datetime) -> int:
    """Five assessments of the whole company and one each of the first two segments."""
    if EquityAssessment.objects.exists():
        return 0
    for ago in DAYS_AGO:
        _add(maker, None, today - timedelta(days=ago), ago, Decimal(0), at)
    for segment, lean in zip(Segment.objects.order_by("name"), LEAN, strict=False):
        _add(maker, segment, today - timedelta(days=DAYS_AGO[-1]), DAYS_AGO[-1], lean, at)
    return EquityAssessment.objects.count()


def _add(maker: Actor, segment: Segment | None, day: date, ago: int, lean: Decimal, at: datetime) -> None:  # fmt: skip
    scores = {
        name: ItemScore(_score(now, rise * ago / 365, lean), Decimal(weight) / 100, basis)
        for name, (now, rise, weight, basis) in OWN.items()
    }  # fmt: skip
    add_assessment(actor=maker, values=AssessmentValues(segment, day, scores), at=at - timedelta(days=ago))  # fmt: skip


def _score(now: float, rise: float, lean: Decimal) -> Decimal:
    """Halves of points, between 0 and 10."""
    halves = round(2 * (Decimal(str(now)) - Decimal(str(rise)) + lean))
    return max(Decimal(0), min(Decimal(10), Decimal(halves) / 2))
