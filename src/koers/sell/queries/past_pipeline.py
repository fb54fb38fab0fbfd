"""How did the opportunities stand at the end of a past day, by the history of each?"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from koers.core.actor import Actor
from koers.core.rates import base_value
from koers.organisation.models import User
from koers.organisation.queries.actor import team_tree
from koers.organisation.queries.people import teams
from koers.sell.models import Opportunity, Stage, StageChange, StageKind
from koers.sell.queries.opportunity import opportunities_visible_to

SINCE = Coalesce("day", "opportunity__opened_on")


@dataclass(frozen=True, slots=True)
class PastScope:
    """Whose deals, of which pipeline, closing before which day; None is all."""

    pipeline_id: int | None = None
    owner_ids: frozenset[int] | None = None
    closing_before: date | None = None


@dataclass(frozen=True, slots=True)
class PastStanding:
    """Stage, amount in the base currency, whether the deal then fell within what was asked, and whose it was."""

    stage: Stage
    amount: Decimal
    in_scope: bool
    in_time: bool
    owner_id: int | None = None


@dataclass(frozen=True, slots=True)
class PastDeal:
    """A deal on two days, None while it did not exist."""

    key: int
    before: PastStanding | None
    after: PastStanding | None


@dataclass(frozen=True, slots=True)
class PastPipeline:
    """Deals open on either day, and what the history cannot tell.

    ``without_history`` were open on the first day by their dates, but in which stage is unknown;
    ``unconverted`` have an amount in a currency without an exchange rate, and count as zero.
    """

    deals: list[PastDeal]
    stages: list[Stage]
    without_history: int
    unconverted: int


def past_pipeline(
    actor: Actor, *, scope: PastScope, before: date, after: date, base: str
) -> PastPipeline:
    """Visible deals that were open at the end of either day, in a fixed number of queries.

    The latest change up to a day counts; one of an unknown day counts from the day the deal was
    opened. Amounts of both days are at the rates of the last, so that no rate moves the bridge.
    """
    stages = {stage.pk: stage for stage in Stage.objects.select_related("pipeline")}
    visible = opportunities_visible_to(actor).order_by()
    value = base_value(base=base, day=after)
    open_ids = {key for key, stage in stages.items() if stage.kind == StageKind.OPEN}
    unconverted: set[int] = set()

    def standing(row: tuple[int, date, int, Decimal | None, date | None, int | None, str]) -> PastStanding:  # fmt: skip
        key, _since, stage_id, amount, expected, owner_id, currency = row
        worth = value(amount or Decimal(0), currency)
        if worth is None:
            unconverted.add(key)
        stage = stages[stage_id]
        return PastStanding(
            stage,
            worth or Decimal(0),
            scope.pipeline_id in (None, stage.pipeline_id)
            and (scope.owner_ids is None or owner_id in scope.owner_ids),
            scope.closing_before is None or (expected is not None and expected < scope.closing_before),
            owner_id,
        )  # fmt: skip

    deals = _latest_of_both(_changes(visible, before, after), before, open_ids, standing)
    return PastPipeline(
        deals,
        [stage for stage in stages.values() if scope.pipeline_id in (None, stage.pipeline_id)],
        _without_history(visible, scope, before),
        len(unconverted),
    )


def _changes(visible: QuerySet[Opportunity], before: date, after: date) -> QuerySet[StageChange, tuple]:  # type: ignore[type-arg]  # fmt: skip
    """Changes up to the last day of deals that are open now or changed after the first day."""
    moved = StageChange.objects.filter(day__gt=before).values("opportunity_id")
    undated = StageChange.objects.filter(day=None).values("opportunity_id")
    candidates = visible.filter(
        Q(stage_kind=StageKind.OPEN) | Q(pk__in=moved) | Q(opened_on__gt=before, pk__in=undated)
    )
    return (
        StageChange.objects.filter(opportunity_id__in=candidates.values("pk"))
        .annotate(since=SINCE)
        .filter(since__lte=after)
        .order_by("opportunity_id", "since", "id")
        .values_list(
            "opportunity_id", "since", "stage_id", "amount", "expected_close_on", "owner_id", "opportunity__currency"
        )
    )  # fmt: skip


def _latest_of_both(
    rows: QuerySet[StageChange, tuple],  # type: ignore[type-arg]
    before: date,
    open_ids: set[int],
    standing: Callable[[tuple], PastStanding],  # type: ignore[type-arg]
) -> list[PastDeal]:
    found: dict[int, list[tuple | None]] = {}  # type: ignore[type-arg]
    for row in rows.iterator(chunk_size=5000):
        pair = found.setdefault(row[0], [None, None])
        pair[1] = row
        if row[1] <= before:
            pair[0] = row
    return [
        PastDeal(key, standing(first) if first else None, standing(last) if last else None)
        for key, (first, last) in found.items()
        if (last and last[2] in open_ids) or (first and first[2] in open_ids)
    ]


def _without_history(visible: QuerySet[Opportunity], scope: PastScope, before: date) -> int:
    """Deals that were open on a day by their own dates, while the history does not reach back so far."""
    known = (
        StageChange.objects.filter(opportunity_id=OuterRef("pk"))
        .annotate(since=SINCE)
        .filter(since__lte=before)
    )
    found = visible.filter(
        Q(stage_kind=StageKind.OPEN) | Q(closed_on__gt=before), Q(opened_on__lte=before) | Q(opened_on=None, stage_kind=StageKind.OPEN)
    )  # fmt: skip
    if scope.pipeline_id is not None:
        found = found.filter(stage__pipeline_id=scope.pipeline_id)
    if scope.owner_ids is not None:
        found = found.filter(owner_id__in=scope.owner_ids)
    if scope.closing_before is not None:
        found = found.filter(expected_close_on__lt=scope.closing_before)
    return found.filter(~Exists(known)).count()


def deals_by_key(actor: Actor, keys: list[int]) -> dict[int, Opportunity]:
    """These opportunities, as far as the actor sees them."""
    found = opportunities_visible_to(actor).filter(pk__in=keys)
    return {deal.pk: deal for deal in found}


def team_choices(actor: Actor) -> list[tuple[str, str]]:
    """Teams with a member the actor sees."""
    people = User.objects.filter(team_id=OuterRef("pk"))
    if actor.visible_people is not None:
        people = people.filter(pk__in=actor.visible_people)
    return [(str(key), name) for key, name in teams().filter(Exists(people)).values_list("pk", "name")]  # fmt: skip


def members_of(team_id: int) -> frozenset[int]:
    """People of a team and of the teams below it."""
    return frozenset(User.objects.filter(team_id__in=_tree(team_id)).values_list("pk", flat=True))


def members_of_teams(keys: Collection[int]) -> dict[int, frozenset[int]]:
    """People of each team and of the teams below it, in two queries for all."""
    links = list(teams().values_list("pk", "parent_id"))
    people = list(User.objects.filter(team__isnull=False).values_list("pk", "team_id"))
    trees = {key: team_tree({key}, links) for key in keys}
    return {key: frozenset(pk for pk, team in people if team in tree) for key, tree in trees.items()}  # fmt: skip


def members_of_units(keys: Collection[int]) -> dict[int, frozenset[int]]:
    """People of each business unit, in one query for all."""
    people = list(User.objects.filter(business_unit_id__in=keys).values_list("pk", "business_unit_id"))  # fmt: skip
    return {key: frozenset(pk for pk, unit in people if unit == key) for key in keys}


def unit_choices(actor: Actor) -> list[tuple[str, str]]:
    """Business units with a person the actor sees."""
    people = User.objects.filter(business_unit__isnull=False)
    if actor.visible_people is not None:
        people = people.filter(pk__in=actor.visible_people)
    rows = people.order_by("business_unit__name").values_list("business_unit_id", "business_unit__name")  # fmt: skip
    return [(str(key), name) for key, name in rows.distinct()]


def _tree(team_id: int) -> set[int]:
    return team_tree({team_id}, teams().values_list("pk", "parent_id"))
