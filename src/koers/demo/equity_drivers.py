"""How did the demo company score its own side of the drivers of customer equity, and which actions does it consider?"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from koers.analyse.actions.equity_action import decide_equity_action, keep_equity_action
from koers.analyse.actions.equity_score import AssessmentValues, ItemScore, add_assessment
from koers.analyse.figures.equity_action import measured_of
from koers.analyse.models import EquityAction, EquityAssessment
from koers.core.actor import Actor
from koers.core.periods import last_twelve_months
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


# Name, driver, place of the segment or none, cost, change of the score, effect of a point, chances to stay and to win, status, decision.
ACTIONS: tuple[tuple[Any, ...], ...] = (
    ("Levering binnen 48 uur", "value", None, "85000", ("0.2", "0.5", "0.8"), ("0.0010", "0.0020", "0.0035"), ("0.82", "0.06"), "considered", ""),
    ("Keukendagen voor bakkers", "relation", 0, "18000", ("0.3", "0.6", "1.0"), ("0.0003", "0.0012", "0.0030"), ("0.84", "0.07"), "chosen",
     "Twee dagen in het voorjaar; daarna de score opnieuw meten."),
    ("Campagne in vakbladen", "brand", None, "120000", ("0.1", "0.3", "0.6"), ("0.0000", "0.0020", "0.0060"), ("0.82", "0.06"), "considered", ""),
    ("Prijsgarantie catering", "value", 1, "60000", ("0.1", "0.4", "0.7"), ("-0.005", "0.008", "0.020"), ("0.78", "0.05"), "rejected",
     "De kans dat het zich terugverdient is te klein."),
)  # fmt: skip


def write_equity_actions(*, maker: Actor, today: date, at: datetime) -> int:
    """Four actions on what the demo company sells in a year; one chosen, one rejected."""
    if EquityAction.objects.exists():
        return 0
    segments = list(Segment.objects.order_by("name"))
    for name, driver, place, cost, change, effect, (stay, win), status, decision in ACTIONS:
        segment = None if place is None or place >= len(segments) else segments[place]
        found = measured_of(actor=maker, period=last_twelve_months(today), segment=segment)
        values = {
            "name": name, "driver": driver, "segment": segment, "cost": Decimal(cost), "learned": None, "stay": Decimal(stay), "win": Decimal(win),
            **_three("change", change), **_three("effect", effect), "customers": found.customers, "others": 0,
            "margin": found.margin or Decimal(100), "frequency": found.frequency or Decimal(4), "discount": Decimal("0.10"), "years": 5,
        }  # fmt: skip
        made = keep_equity_action(actor=maker, values=values, at=at - timedelta(days=40))
        if status != EquityAction.Status.CONSIDERED:
            decide_equity_action(
                actor=maker, action_id=made.pk, version=made.version, status=status, decision=decision, at=at - timedelta(days=12)
            )  # fmt: skip
    return EquityAction.objects.count()


def _three(name: str, points: tuple[str, str, str]) -> dict[str, Decimal]:
    return {f"{name}_{at}": Decimal(value) for at, value in zip(("low", "likely", "high"), points, strict=True)}  # fmt: skip
