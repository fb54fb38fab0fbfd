"""What did the demo company's sellers call for each month and quarter, and whom did managers overrule?

Some call too much, some too little: their own record says so. The small deals they win and lose
month by month are made here too, so that there is something to call.
"""

import random
from collections import defaultdict
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from koers.core.bulk import insert_rows, reserve_ids
from koers.core.periods import add_months
from koers.demo.opportunities import CHANGE, FIELDS, PIPELINE, REASONS, WORKED_OUT
from koers.demo.people import People, Person
from koers.demo.range import Range
from koers.demo.relations import Relation
from koers.organisation.models import Team, User
from koers.plan.models import ForecastCall
from koers.plan.queries.call_period import (
    QUARTER,
    CallPeriod,
    month_period,
    periods_ahead,
    quarter_period,
)
from koers.sell.models import Opportunity, Stage, StageChange, StageKind

SEED = 48
MONTHS_BACK, QUARTERS_BACK = 13, 4
WON_SHARE = 0.72
NAMES = (
    "Vervanging vaatwasser",
    "Extra koelwerkbank",
    "Servicecontract verlengd",
    "Nieuwe combisteamer",
    "Uitbreiding spoelkeuken",
)
# By what each seller's call is larger or smaller than what comes of it, by his or her place.
OPTIMISM = (
    Decimal("1.35"),
    Decimal("1.00"),
    Decimal("0.80"),
    Decimal("1.15"),
    Decimal("1.50"),
    Decimal("0.85"),
    Decimal("1.05"),
)
SILENT = 5  # every seller at this place in a team's list has not called the coming months yet
USUAL = Decimal(4000)
SURE = {
    "commit": 85,
    "best_case": 45,
    "pipeline": 5,
}  # how much of an open deal is called, in per cent
CALLED_AHEAD = 3
HUNDRED = Decimal(100)
Latest = dict[tuple[int, str], ForecastCall]
Won = dict[tuple[int, str], Decimal]
NOTES = (
    "Offertes lopen, twee keukens in de afronding.",
    "Hangt op één besluit van de directie.",
    "",
    "Installatie gepland, levering bevestigd.",
    "",
)
TWEAKS = (
    ("Noord-Oost", 2, Decimal("0.80"), "Roept al maanden te ruim; ik reken met wat er de vorige maanden van kwam."),
    ("West", 1, Decimal("1.15"), "Raamcontract met de zorggroep is mondeling toegezegd."),
)  # fmt: skip
TEAM_TWEAK = ("West", Decimal("0.92"), "Montageploeg is deze maand vol: een deel schuift door.")


def write_forecast_calls(
    relations: list[Relation], people: People, offer: Range, today: date
) -> None:
    """A year of small deals, calls and overrides; has dice of its own."""
    dice = random.Random(SEED)  # noqa: S311 -- reproducible, not secret
    _write_deals(dice, relations, people, offer, today)
    users = {user.pk: user for user in User.objects.all()}
    calls: list[ForecastCall] = []
    periods = [
        month_period(add_months(today.replace(day=1), -back)) for back in range(MONTHS_BACK, 0, -1)
    ]
    quarter = quarter_period(today).period.start
    periods += [
        quarter_period(add_months(quarter, -3 * back)) for back in range(QUARTERS_BACK, 0, -1)
    ]
    won = _won([*periods, *periods_ahead(today)])
    expected = _expected(today, won)
    for row, members in enumerate(people.sellers.values()):
        for place, seller in enumerate(members):
            lean = OPTIMISM[(2 * row + place) % len(OPTIMISM)]
            for period in periods:
                calls += _past(dice, users[seller.id], period, won[seller.id, period.key], lean)
            if place + 1 != SILENT:
                calls += _coming(dice, users[seller.id], expected[seller.id], lean, today)
    calls += _overrides(users, people, calls, today)
    ForecastCall.objects.bulk_create(calls, batch_size=500)


def _write_deals(
    dice: random.Random, relations: list[Relation], people: People, offer: Range, today: date
) -> None:
    """One to three small deals a month per seller, decided in that month."""
    stages = {stage.name: stage for stage in Stage.objects.filter(pipeline__name=PIPELINE)}
    path = [stages["Offerte"], stages["Onderhandeling"]]
    customers: dict[int, list[Relation]] = defaultdict(list)
    for relation in relations:
        customers[relation.seller.id].append(relation)
    plans: list[tuple[Person, date]] = []
    for members in people.sellers.values():
        for seller in members:
            for back in range(MONTHS_BACK, -1, -1):
                month = add_months(today.replace(day=1), -back)
                days = min((add_months(month, 1) - month).days, (today - month).days)
                if customers[seller.id] and days > 0:
                    plans += [
                        (seller, month + timedelta(days=dice.randrange(days)))
                        for _deal in range(dice.randint(1, 3))
                    ]
    first = reserve_ids(Opportunity, max(len(plans), 1))
    deals, changes = [], []
    for key, (seller, closed) in enumerate(plans, start=first):
        relation, is_won = dice.choice(customers[seller.id]), dice.random() < WON_SHARE
        item = dice.choice(offer.by_unit["Keukentechniek"])
        amount, opened = (
            item.prices[-1] * dice.randint(1, 2),
            closed - timedelta(days=dice.randint(25, 60)),
        )
        end = stages["Gewonnen" if is_won else "Verloren"]
        deals.append((
            key, dice.choice(NAMES), relation.id, seller.id, item.id, end.pk, end.kind, amount, "EUR", opened.isoformat(), None, closed.isoformat(),
            "" if is_won else dice.choice(REASONS), "", 1, *[""] * len(WORKED_OUT),
        ))  # fmt: skip
        steps = [
            (path[0], opened, closed),
            (path[1], opened + timedelta(days=dice.randint(5, 20)), closed),
            (end, closed, None),
        ]
        changes += [
            (key, day.isoformat(), stage.pk, amount, expected.isoformat() if expected else None, seller.id, 1)
            for stage, day, expected in steps
        ]  # fmt: skip
    insert_rows(Opportunity, FIELDS, deals)
    insert_rows(StageChange, CHANGE, changes)


def _won(periods: list[CallPeriod]) -> Won:
    found: Won = defaultdict(Decimal)
    rows = (
        Opportunity.objects.filter(stage_kind=StageKind.WON)
        .order_by()
        .values_list("owner_id", "closed_on", "amount")
    )
    for owner, day, amount in rows:
        for period in periods:
            if owner and day and amount and day in period.period:
                found[owner, period.key] += amount
    return found


def _expected(today: date, won: Won) -> dict[int, dict[str, Decimal]]:
    """Per seller and coming period what was won in it already, and what the open deals may bring."""
    periods = periods_ahead(today)
    found: dict[int, dict[str, Decimal]] = defaultdict(lambda: dict.fromkeys((each.key for each in periods), USUAL))  # fmt: skip
    for (owner, key), amount in won.items():
        if key in found[owner]:
            found[owner][key] += amount
    rows = Opportunity.objects.filter(stage_kind=StageKind.OPEN, expected_close_on__gte=today).order_by("pk")  # fmt: skip
    for owner, day, open_amount, category in rows.values_list("owner_id", "expected_close_on", "amount", "stage__forecast_category"):  # fmt: skip
        for period in periods:
            if owner and day and open_amount and day in period.period:
                found[owner][period.key] += open_amount * SURE.get(category, 0) / HUNDRED
    return found


def _past(
    dice: random.Random, seller: User, period: CallPeriod, won: Decimal, lean: Decimal
) -> list[ForecastCall]:
    """A call on the first day, and for every third period another some days later."""
    first = max(won, USUAL) * lean * Decimal(dice.randint(80, 120)) / HUNDRED
    found = _pair(seller, period, first, period.period.start, {}, dice.choice(NOTES))
    if dice.random() < 1 / 3:
        second = (first + max(won, USUAL)) / 2
        found += _pair(
            seller,
            period,
            second,
            period.period.start + timedelta(days=9),
            _latest(found),
            "Bijgesteld na het teamoverleg.",
        )
    return found


def _coming(
    dice: random.Random, seller: User, expected: dict[str, Decimal], lean: Decimal, today: date
) -> list[ForecastCall]:
    """Calls for the running month and quarter and for what follows, given on the first day or last week."""
    found = []
    for place, period in enumerate(periods_ahead(today)):
        if place < CALLED_AHEAD or period.kind == QUARTER:
            day = min(period.period.start, today - timedelta(days=6))
            found += _pair(seller, period, expected[period.key] * lean, day, {}, dice.choice(NOTES))
    return found


def _overrides(
    users: dict[int, User], people: People, calls: list[ForecastCall], today: date
) -> list[ForecastCall]:
    """What managers put in the place of calls for the running month, three days ago."""
    month, day = month_period(today), today - timedelta(days=3)
    teams = {team.name: team for team in Team.objects.select_related("lead")}
    latest = _latest([call for call in calls if (call.period_start, call.period_end) == (month.period.start, month.period.end)])  # fmt: skip
    found = []
    for name, place, factor, reason in TWEAKS:
        members = people.sellers.get(name, ())
        call = latest.get((members[place].id, "commit")) if len(members) > place else None
        if call is not None and call.amount is not None:
            found.append(_made(users[members[place].id], month, "commit", call.amount * factor, None, reason, day, by=teams[name].lead))  # fmt: skip
    name, factor, reason = TEAM_TWEAK
    keys = [person.id for person in people.sellers.get(name, ())]
    total = sum((call.amount or Decimal(0) for key in keys if (call := latest.get((key, "commit")))), Decimal(0))  # fmt: skip
    if total:
        found.append(_made(teams[name], month, "commit", total * factor, None, reason, day, by=teams["Verkoop Nederland"].lead))  # fmt: skip
    return found


def _pair(
    seller: User, period: CallPeriod, amount: Decimal, day: date, before: Latest, note: str
) -> list[ForecastCall]:
    """What is sure, and what it may be at best."""
    return [
        _made(seller, period, category, amount * factor, before.get((seller.pk, category)), reason, day, by=seller)
        for category, factor, reason in (("commit", Decimal(1), note), ("best_case", Decimal("1.3"), ""))
    ]  # fmt: skip


def _latest(calls: list[ForecastCall]) -> dict[tuple[int, str], ForecastCall]:
    return {(call.person_id, call.category): call for call in calls if call.person_id is not None}


def _made(
    about: User | Team, period: CallPeriod, category: str, amount: Decimal, last: ForecastCall | None, reason: str, day: date, *, by: User | None
) -> ForecastCall:  # fmt: skip
    """A call as it was kept at nine in the morning of a day."""
    person, team = (None, about) if isinstance(about, Team) else (about, None)
    return ForecastCall(
        level="team" if team else "person", person=person, team=team, is_override=about != by, category=category, number=last.number + 1 if last else 1,
        period_start=period.period.start, period_end=period.period.end, amount=_round(amount), former=last.amount if last else None, currency="EUR",
        reason=reason, made_at=timezone.make_aware(datetime.combine(day, time(9, 0))), made_by=by, made_by_name=by.full_name if by else "",
    )  # fmt: skip


def _round(amount: Decimal) -> Decimal:
    return (amount / HUNDRED).quantize(Decimal(1)) * HUNDRED
