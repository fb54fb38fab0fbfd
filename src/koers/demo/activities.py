"""What did the demo company's sellers do for their customers, and what is planned?"""

import random
from collections.abc import Iterator
from datetime import date, timedelta

from koers.core.bulk import insert_rows
from koers.core.periods import add_months
from koers.demo.relations import Relation
from koers.demo.world import FIRST_NAMES, SURNAMES
from koers.sell.models import Activity

KINDS = ("visit", "call", "call", "mail", "meeting")
MINUTES = {"visit": (45, 60, 75, 90), "call": (5, 10, 15), "mail": (5, 10), "meeting": (30, 60)}
SUBJECTS = {
    "visit": ("Bezoek: assortiment doorgenomen", "Kennismaking nieuwe locatiemanager", "Jaargesprek", "Demonstratie combisteamer",
              "Bezoek: leveringen en klachten besproken"),
    "call": ("Nabellen offerte", "Belafspraak levering", "Belronde: bestelling herhalen", "Vraag over onderhoud"),
    "mail": ("Prijslijst gestuurd", "Bevestiging afspraken", "Productinformatie gestuurd"),
    "meeting": ("Overleg met inkoop", "Projectoverleg nieuwbouw", "Evaluatie kwartaal"),
    "task": ("Offerte uitwerken", "Prijzen navragen bij inkoop", "Terugbellen over levertijd", "Jaarafspraken vastleggen"),
}  # fmt: skip
OUTCOMES = ("continuation", "continuation", "advance", "order", "order", "no_sale", "not_reached")
REPORTS = (
    "Tevreden over de leveringen; wil in het voorjaar de spoelkeuken vervangen.",
    "Prijs is het onderwerp: een concurrent biedt vijf procent lager op disposables.",
    "Nieuwe inkoper. Wil eerst een overzicht van de bestellingen van het afgelopen jaar.",
    "Twee vestigingen erbij in het najaar; offerte gevraagd voor beide keukens.",
    "Klacht over een beschadigde pallet is opgelost. Sfeer is goed.",
    "", "", "",
)  # fmt: skip
PROMISES = (
    "Legt de offerte voor aan de directie", "Stuurt de tekening van de keuken", "Vraagt de aannemer om een datum",
    "Nodigt ons uit bij de chef-kok", "Maakt budget vrij voor een proefplaatsing", "Bezoekt met ons een referentie",
)  # fmt: skip
MOST_PER_YEAR = 26
FRIDAY = 4
FIELDS = ("company_id", "owner_id", "kind", "subject", "day", "start_time", "minutes", "status", "outcome", "report",
          "done_at", "version", "commitment", "commitment_on", "commitment_by")  # fmt: skip


def write_activities(relations: list[Relation], today: date, years: int) -> int:
    """Contacts of the past years and of the coming weeks; large customers are met more often.

    Has dice of its own, so that orders and targets stay what they are; returns how many.
    """
    dice = random.Random(sum(relation.basket for relation in relations))  # noqa: S311 -- reproducible, not secret
    rows = [row for relation in relations for row in _of(dice, relation, today, years)]
    insert_rows(Activity, FIELDS, rows)
    return len(rows)


def _of(
    dice: random.Random, relation: Relation, today: date, years: int
) -> Iterator[tuple[object, ...]]:
    start = max(relation.first - timedelta(days=30), add_months(today, -12 * years))
    end = min(relation.last or today, today)
    per_year = min(1.5 + relation.size**0.6, MOST_PER_YEAR)
    for _number in range(round(max((end - start).days, 0) / 365 * per_year)):
        day = _workday(start + timedelta(days=dice.randrange(max((end - start).days, 1))))
        if day < today:
            yield _done(dice, relation, day)
    if relation.last is None and dice.random() < min(0.1 + per_year / 20, 0.6):
        yield _planned(dice, relation, today)


def _done(dice: random.Random, relation: Relation, day: date) -> tuple[object, ...]:
    kind = dice.choice(KINDS)
    clock = f"{dice.randint(8, 16):02}:{dice.choice((0, 15, 30, 45)):02}:00"
    outcome = "" if kind == "mail" else dice.choice(OUTCOMES)
    report = dice.choice(REPORTS) if kind in ("visit", "meeting") else ""
    moment = f"{day.isoformat()} {clock}"
    return (relation.id, relation.seller.id, kind, dice.choice(SUBJECTS[kind]), day.isoformat(), clock,
            dice.choice(MINUTES[kind]), "done", outcome, report, moment, 1, *_promise(relation, outcome, day))  # fmt: skip


def _promise(relation: Relation, outcome: str, day: date) -> tuple[str, str | None, str]:
    """What the customer agreed to do at an advance, two weeks later; the dice are left alone."""
    if outcome != "advance":
        return ("", None, "")
    number = day.toordinal() + relation.basket
    by = f"{FIRST_NAMES[number % len(FIRST_NAMES)]} {SURNAMES[number % len(SURNAMES)]}"
    return (PROMISES[number % len(PROMISES)], _workday(day + timedelta(days=14)).isoformat(), by)


def _planned(dice: random.Random, relation: Relation, today: date) -> tuple[object, ...]:
    kind = dice.choice(("visit", "visit", "call", "meeting", "task", "task"))
    late = kind == "task" and dice.random() < 0.25
    day = _workday(today + timedelta(days=-dice.randint(1, 9) if late else dice.randint(0, 24)))
    clock = None if kind == "task" else f"{dice.randint(8, 16):02}:{dice.choice((0, 30)):02}:00"
    minutes = None if kind == "task" else dice.choice(MINUTES[kind])
    return (relation.id, relation.seller.id, kind, dice.choice(SUBJECTS[kind]), day.isoformat(), clock,
            minutes, "planned", "", "", None, 1, "", None, "")  # fmt: skip


def _workday(day: date) -> date:
    """The day itself, or the Friday before a weekend."""
    return day - timedelta(days=max(day.weekday() - FRIDAY, 0))
