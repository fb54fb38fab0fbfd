"""Which calls and overrides were made, which one counts, and which deals stand behind them?"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils import timezone

from koers.core.actor import Actor
from koers.core.periods import Period
from koers.organisation.models import Team, User
from koers.organisation.policies import Right, require
from koers.plan.models import ForecastCall
from koers.plan.models.forecast_call import PERSON, TEAM
from koers.plan.queries.call_period import CallPeriod, period_of
from koers.plan.queries.pipeline_forecast import CATEGORIES, Worth, open_opportunities
from koers.sell.models import Opportunity, StageKind
from koers.sell.queries.opportunity import opportunities_visible_to

Place = tuple[str, Period, str, bool]  # unit, period, category, whether it is an override
WON, OPEN = "won", "open"
PARTS = (WON, OPEN, *CATEGORIES)


@dataclass(frozen=True, slots=True)
class Said:
    """What counts at a place: the amount (None once withdrawn), its number, who said it, when and why."""

    amount: Decimal | None
    number: int
    reason: str
    made_at: datetime
    made_by: str


def calls_visible_to(actor: Actor) -> QuerySet[ForecastCall]:
    """Calls of the people the actor sees and overrides of their teams; of units and the whole for who sees all."""
    require(actor, Right.READ_TARGETS)
    found = ForecastCall.objects.select_related("person", "team", "business_unit")
    if actor.visible_people is None:
        return found
    teams = User.objects.filter(pk__in=actor.visible_people, team__isnull=False).values("team_id")
    return found.filter(
        Q(level=PERSON, person_id__in=actor.visible_people)
        | Q(level=TEAM, team_id__in=teams)
        | Q(level=TEAM, team__in=Team.objects.filter(lead_id=actor.user_id))
    )


def latest_said(actor: Actor, periods: Iterable[CallPeriod]) -> dict[Place, Said]:
    """What counts now for these periods, in one query."""
    wanted = Q()
    for each in periods:
        wanted |= Q(period_start=each.period.start, period_end=each.period.end)
    rows = calls_visible_to(actor).filter(wanted).select_related(None).order_by("number")
    return {_place(row): Said(row.amount, row.number, row.reason, row.made_at, row.made_by_name) for row in rows}  # fmt: skip


def _place(row: ForecastCall) -> Place:
    return (row.unit, Period(row.period_start, row.period_end), row.category, row.is_override)


def called_people(actor: Actor) -> set[int]:
    """People the actor sees who ever gave a call."""
    rows = calls_visible_to(actor).filter(level=PERSON, is_override=False).order_by()
    return {key for key in rows.values_list("person_id", flat=True).distinct() if key is not None}


@dataclass(frozen=True, slots=True)
class StoodCall:
    """A person's own call for a period that is over, as it stood on the day that decides."""

    person: int
    period: CallPeriod
    amount: Decimal


def stood_calls(
    actor: Actor, *, kind: str, stood: str, today: date, people: Collection[int] | None = None
) -> list[StoodCall]:
    """Own calls (commit) for the months or quarters that are over, the latest up to the day that decides.

    A call first given after that day does not count: it is no forecast any more.
    """
    rows = calls_visible_to(actor).filter(
        level=PERSON, is_override=False, category=ForecastCall.Category.COMMIT, period_end__lte=today
    )  # fmt: skip
    if people is not None:
        rows = rows.filter(person_id__in=people)
    found: dict[tuple[int, CallPeriod], Decimal | None] = {}
    values = rows.order_by("number").values_list("person_id", "period_start", "period_end", "amount", "made_at")  # fmt: skip
    for person, start, end, amount, made_at in values:
        period = period_of(start, end)
        if person is None or period is None or period.kind != kind:
            continue
        if timezone.localdate(made_at) <= period.decisive_day(stood):
            found[person, period] = amount
    return [StoodCall(person, period, amount) for (person, period), amount in sorted(found.items(), key=lambda each: (each[0][1], each[0][0])) if amount is not None]  # fmt: skip


def won_in(
    actor: Actor, periods: Collection[Period], worth: Worth
) -> dict[tuple[int, Period], Decimal]:
    """What people won in each of these periods, in the reporting currency, by the day a deal was won."""
    if not periods:
        return {}
    found: dict[tuple[int, Period], Decimal] = {}
    rows = (
        opportunities_visible_to(actor)
        .filter(stage_kind=StageKind.WON, owner__isnull=False, amount__gt=0,
                closed_on__gte=min(each.start for each in periods), closed_on__lt=max(each.end for each in periods))
        .order_by().values_list("owner_id", "closed_on", "amount", "currency")
    )  # fmt: skip
    for owner, day, amount, currency in rows:
        for period in periods:
            if owner is not None and day is not None and amount is not None and day in period:
                place = (owner, period)
                found[place] = found.get(place, Decimal(0)) + (worth(amount, currency) or Decimal(0))  # fmt: skip
    return found


def deals_behind(
    actor: Actor, *, part: str, period: Period, people: Collection[int], today: date
) -> QuerySet[Opportunity]:
    """The deals of an amount: won in the period, or open and expected in it, of one category or all.

    While a period runs, deals that are overdue are still expected in it.
    """
    if part == WON:
        won = opportunities_visible_to(actor).filter(stage_kind=StageKind.WON, amount__gt=0)
        return won.filter(owner_id__in=people, closed_on__gte=period.start, closed_on__lt=period.end)  # fmt: skip
    found = open_opportunities(actor).filter(
        owner_id__in=people, amount__isnull=False, expected_close_on__lt=period.end,
        stage__forecast_category__in=CATEGORIES if part == OPEN else [part],
    )  # fmt: skip
    return found if today in period else found.filter(expected_close_on__gte=period.start)
