"""Which open deals are expected when, with which chance, and how did deals of a stage end before?"""

from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from koers.core.actor import Actor
from koers.core.periods import add_months
from koers.organisation.models import User
from koers.sell.models import ForecastCategory, Opportunity, StageChange, StageKind
from koers.sell.queries.opportunity import opportunities_visible_to

FEW_DEALS = 30
MONTHS_SHOWN = 6
OVERDUE, LATER, NO_DATE = "overdue", "later", "none"
CATEGORIES = (ForecastCategory.COMMIT, ForecastCategory.BEST_CASE, ForecastCategory.PIPELINE)
Worth = Callable[[Decimal, str], Decimal | None]
LEVELS = {"seller": _("Seller"), "team": _("Team"), "sbu": _("Business unit")}


@dataclass(frozen=True, slots=True)
class ForecastDeal:
    """An open deal as it counts: ``amount`` in the reporting currency, None where it is not known."""

    pk: int
    owner: int | None
    amount: Decimal | None
    expected: date | None
    category: str
    chance: Decimal | None

    @property
    def counts(self) -> bool:
        """Whether it can be weighed: amount and chance known, and not left out of the forecast."""
        return self.amount is not None and self.chance is not None and self.category != ForecastCategory.OMITTED  # fmt: skip

    @property
    def weighted(self) -> Decimal:
        """Amount times chance (F4.7); nothing where it does not count."""
        return self.amount * self.chance if self.counts and self.amount is not None and self.chance is not None else Decimal(0)  # fmt: skip


@dataclass(frozen=True, slots=True)
class StageRecord:
    """How deals that entered a stage ended: won and decided, beside the chance the stage gives."""

    key: int
    name: str
    given: Decimal | None
    won: int
    decided: int

    @property
    def is_few(self) -> bool:
        """Whether too few deals were decided to go by."""
        return self.decided < FEW_DEALS


def open_opportunities(actor: Actor) -> QuerySet[Opportunity]:
    """Open deals of the people and customers the actor sees."""
    return opportunities_visible_to(actor).filter(stage_kind=StageKind.OPEN)


def stage_records(actor: Actor) -> dict[int, StageRecord]:
    """Per open stage how the deals ended that entered it, of those the actor sees."""
    seen = opportunities_visible_to(actor).exclude(stage_kind=StageKind.OPEN)
    rows = (
        StageChange.objects.filter(stage__kind=StageKind.OPEN, opportunity__in=seen.values("pk"))
        .order_by("stage__pipeline__position", "stage__position")
        .values_list("stage_id", "stage__name", "stage__probability")
        .annotate(
            decided=Count("opportunity", distinct=True),
            won=Count("opportunity", distinct=True, filter=Q(opportunity__stage_kind=StageKind.WON)),
        )
    )  # fmt: skip
    return {key: StageRecord(key, name, given, won, decided) for key, name, given, decided, won in rows}  # fmt: skip


def forecast_deals(
    actor: Actor, *, worth: Worth, records: dict[int, StageRecord] | None = None
) -> list[ForecastDeal]:
    """Open deals as they count; with ``records`` a stage's own history replaces its given chance.

    A stage of fewer than thirty decided deals keeps the given one.
    """
    rows = open_opportunities(actor).select_related(None).order_by("pk").values_list(
        "pk", "owner_id", "amount", "currency", "expected_close_on", "stage__forecast_category",
        "stage_id", "stage__probability",
    )  # fmt: skip
    found = []
    for pk, owner, amount, currency, expected, category, stage, given in rows:
        record = (records or {}).get(stage)
        chance = given
        if record is not None and not record.is_few:
            chance = Decimal(record.won) / Decimal(record.decided)
        value = None if amount is None else worth(max(amount, Decimal(0)), currency)
        found.append(ForecastDeal(pk, owner, value, expected, category, chance))
    return found


def months_ahead(today: date) -> list[date]:
    """Months from the running one on that have a row of their own."""
    return [add_months(today.replace(day=1), step) for step in range(MONTHS_SHOWN)]


def slot_of(expected: date | None, today: date) -> str:
    """Under which row a deal stands: overdue, its month, later, or without a date."""
    if expected is None:
        return NO_DATE
    if expected < today:
        return OVERDUE
    month = expected.replace(day=1)
    return month.isoformat() if month < add_months(today.replace(day=1), MONTHS_SHOWN) else LATER


def in_slot(deals: QuerySet[Opportunity], slot: str, today: date) -> QuerySet[Opportunity]:
    """Deals of one row; ``period:DAY`` are those expected before that day, overdue ones too."""
    if slot == NO_DATE:
        return deals.filter(expected_close_on=None)
    if slot == OVERDUE:
        return deals.filter(expected_close_on__lt=today)
    if slot == LATER:
        return deals.filter(expected_close_on__gte=add_months(today.replace(day=1), MONTHS_SHOWN))
    if slot.startswith("period:"):
        return deals.filter(expected_close_on__lt=date.fromisoformat(slot[len("period:"):]))  # fmt: skip
    month = date.fromisoformat(slot)
    return deals.filter(expected_close_on__gte=max(month, today), expected_close_on__lt=add_months(month, 1))  # fmt: skip


def members_of(level: str, people: Collection[int]) -> dict[int, tuple[int, str]]:
    """Per person the part he or she counts for: self, the team or the business unit; without one, none."""
    rows = User.objects.filter(pk__in=people).values_list(
        "pk", "full_name", "team_id", "team__name", "business_unit_id", "business_unit__name"
    )
    found: dict[int, tuple[int, str]] = {}
    for pk, name, team, team_name, unit, unit_name in rows:
        part = {"seller": (pk, name), "team": (team, team_name), "sbu": (unit, unit_name)}[level]
        if part[0] is not None:
            found[pk] = (part[0], part[1])
    return found


def won_per_day(actor: Actor, *, start: date, worth: Worth) -> dict[int, dict[date, Decimal]]:
    """What deals brought on the day they were won, per owner, in the reporting currency."""
    rows = (
        opportunities_visible_to(actor)
        .filter(stage_kind=StageKind.WON, closed_on__gte=start, amount__gt=0, owner__isnull=False)
        .order_by()
        .values_list("owner_id", "closed_on", "amount", "currency")
    )
    found: dict[int, dict[date, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for owner, day, amount, currency in rows:
        if owner is not None and day is not None and amount is not None:
            found[owner][day] += worth(amount, currency) or Decimal(0)
    return found
