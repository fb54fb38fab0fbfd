"""Through which stages do the demo company's deals go, and which deals are there?"""

import random
from datetime import date, timedelta
from decimal import Decimal

from koers.core.bulk import insert_rows, reserve_ids
from koers.demo.range import Range
from koers.demo.relations import Relation
from koers.sell.models import Activity, Opportunity, Pipeline, Stage, StageChange

PIPELINE = "Keukenprojecten"
STAGES = (
    ("Kwalificatie", "open", "0.10", 21, "pipeline"), ("Behoefteanalyse", "open", "0.25", 28, "pipeline"),
    ("Offerte", "open", "0.50", 30, "best_case"), ("Onderhandeling", "open", "0.75", 21, "commit"),
    ("Gewonnen", "won", "1", None, "closed"), ("Verloren", "lost", "0", None, "closed"),
)  # fmt: skip
OPEN, WON, LOST = 4, 4, 5
OUTCOMES = ("open",) * 4 + ("won",) * 2 + ("lost",)
REASONS = ("Prijs", "Concurrent", "Geen budget", "Uitgesteld")
WORKS = ("nieuwbouw", "renovatie", "vervanging", "uitbreiding")
DEALS = 120
WORKED_OUT = (
    "need",
    "buying_process",
    "buying_situation",
    "situation_because",
    "selling_role",
    "role_because",
)
FIELDS = ("id", "name", "company_id", "owner_id", "product_id", "stage_id", "stage_kind", "amount", "currency", "opened_on",
          "expected_close_on", "closed_on", "lost_reason", "competitor", "version",
          *WORKED_OUT)  # fmt: skip
STEP = ("company_id", "owner_id", "opportunity_id", "kind", "subject", "day", "status", "done_at", "outcome", "report",
        "version", "commitment", "commitment_by")  # fmt: skip
TALKS = (
    "Behoefte doorgesproken",
    "Tekening keuken besproken",
    "Offerte toegelicht",
    "Kennismaking met de kok",
    "Planning verbouwing",
)
NEXT = (
    "Offerte nabellen",
    "Bezoek met de adviseur",
    "Aangepaste tekening sturen",
    "Gesprek met de directie",
    "Referentiebezoek plannen",
)
PLANNED_SHARE = 0.8
OPEN_AGE, DECIDED_AGE = (6, 85), (40, 320)  # days since it was opened
CHANGE = ("opportunity_id", "day", "stage_id", "amount", "expected_close_on", "owner_id", "version")


def write_opportunities(
    dice: random.Random, relations: list[Relation], offer: Range, today: date
) -> None:
    """Deals at all stages, each with the days on which it entered the stages before."""
    pipeline = Pipeline.objects.create(name=PIPELINE)
    stages = [
        Stage.objects.create(
            pipeline=pipeline, name=name, kind=kind, probability=Decimal(share), expected_days=days,
            forecast_category=category, position=position, required_fields=["approach"] if category == "best_case" else [],
        )
        for position, (name, kind, share, days, category) in enumerate(STAGES)
    ]  # fmt: skip
    chosen = dice.sample(relations, min(DEALS, len(relations)))
    first = reserve_ids(Opportunity, len(chosen))
    deals: list[tuple[object, ...]] = []
    changes: list[tuple[object, ...]] = []
    for key, relation in enumerate(chosen, start=first):
        outcome = dice.choice(OUTCOMES)
        opened = today - timedelta(
            days=dice.randint(*(OPEN_AGE if outcome == "open" else DECIDED_AGE))
        )
        path = list(range(dice.randint(1, OPEN)))
        if outcome != "open":
            path.append(WON if outcome == "won" else LOST)
        closed = min(opened + timedelta(days=dice.randint(14, 120)), today - timedelta(days=1))
        until = today if outcome == "open" else closed
        days = _days(dice, opened, until, len(path), decided=outcome != "open")
        item = dice.choice(offer.by_unit["Keukentechniek"])
        amount = item.prices[-1] * dice.randint(1, 9)
        expected = (today + timedelta(days=dice.randint(5, 150))).isoformat()
        lost = outcome == "lost"
        deals.append(
            (key, f"Project {dice.choice(WORKS)}", relation.id, relation.seller.id, item.id, stages[path[-1]].pk, outcome, amount,
             "EUR", opened.isoformat(), expected if outcome == "open" else None, None if outcome == "open" else closed.isoformat(),
             dice.choice(REASONS) if lost else "", "", 1, *[""] * len(WORKED_OUT))
        )  # fmt: skip
        last = len(path) - 1
        changes += [
            (key, day.isoformat(), stages[step].pk, _first_amount(key - first, amount) if place < last else amount,
             _expected_then(key - first, expected if outcome == "open" else closed.isoformat(), last - place, outcome), relation.seller.id, 1)
            for place, (step, day) in enumerate(zip(path, days, strict=True))
        ]  # fmt: skip
    insert_rows(Opportunity, FIELDS, deals)
    insert_rows(StageChange, CHANGE, changes)


def _first_amount(number: int, amount: int) -> int:
    """What the deal was thought to be worth at first, to the cent: a tenth less or more, or the same."""
    return amount * (9, 10, 11)[number % 3] // 1000 * 100


def _expected_then(number: int, expected: str, stages_left: int, outcome: str) -> str | None:
    """The expected close date some stages before the last; of every fourth deal it was put off at each stage."""
    if outcome != "open" and not stages_left:
        return None
    earlier = timedelta(days=stages_left * (35 if number % 4 == 0 else 0))
    return (date.fromisoformat(expected) - earlier).isoformat()


def write_steps(today: date) -> None:
    """What was done for the open deals and what comes next; some were left to cool.

    Has dice of its own, so that orders and targets stay what they are.
    """
    dice = random.Random(DEALS)  # noqa: S311 -- reproducible, not secret
    rows: list[tuple[object, ...]] = []
    open_deals = Opportunity.objects.filter(stage_kind="open", opened_on__lt=today).order_by("pk")
    for key, company, owner, opened in open_deals.values_list(
        "pk", "company_id", "owner_id", "opened_on"
    ):
        quiet = dice.choice((2, 4, 6, 9, 13, 17, 33, 58))
        contact = max(_workday(today - timedelta(days=quiet)), opened or today)
        rows.append((company, owner, key, dice.choice(("visit", "call", "meeting")), dice.choice(TALKS), contact.isoformat(),
                     "done", f"{contact.isoformat()} 16:00:00", "continuation", "", 1, "", ""))  # fmt: skip
        if dice.random() < PLANNED_SHARE:
            day = _workday(today + timedelta(days=dice.randint(-4, 21)))
            rows.append((company, owner, key, dice.choice(("visit", "call", "task")), dice.choice(NEXT), day.isoformat(), "planned", None, "", "", 1, "", ""))  # fmt: skip
    insert_rows(Activity, STEP, rows)


def _workday(day: date) -> date:
    return day - timedelta(days=max(day.weekday() - 4, 0))


def _days(
    dice: random.Random, opened: date, until: date, count: int, *, decided: bool
) -> list[date]:
    """Days on which the stages were entered, rising; the first when opened, a decision at the end."""
    between = sorted(
        opened + timedelta(days=dice.randint(0, (until - opened).days))
        for _step in range(count - 1)
    )
    days = [opened, *between]
    if decided and count > 1:
        days[-1] = until
    return days
