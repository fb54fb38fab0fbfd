"""Which deals were won, lost or are open, per group, stage and length?"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from koers.core.actor import Actor
from koers.core.money import to_e4
from koers.core.periods import Period
from koers.sell.models import (
    BuyingSituation,
    Opportunity,
    SellingRole,
    Stage,
    StageChange,
    StageKind,
)
from koers.sell.queries.opportunity import opportunities_visible_to

OLD_AFTER = timedelta(days=92)
DIVISIONS: dict[str, tuple[str, str, Any]] = {
    "seller": ("owner_id", "owner__full_name", _("Seller")),
    "team": ("owner__team_id", "owner__team__name", _("Team")),
    "product": ("product_id", "product__name", _("Product")),
    "group": ("product__group_id", "product__group__name", _("Product group")),
    "segment": ("company__segment_id", "company__segment__name", _("Segment")),
    "sector": ("company__industry", "company__industry", _("Sector")),
    "country": ("company__country", "company__country", _("Country")),
    "class": ("company__customer_class", "company__customer_class", _("Customer class")),
    "pipeline": ("stage__pipeline_id", "stage__pipeline__name", _("Pipeline")),
    "situation": ("buying_situation", "buying_situation", _("Buying situation")),
    "role": ("selling_role", "selling_role", _("Selling role")),
    "competitor": ("competitor", "competitor", _("Competitor")),
    "lost_reason": ("lost_reason", "lost_reason", _("Lost reason")),
}
WORDS: dict[str, dict[str, Any]] = {
    "situation": dict(BuyingSituation.choices),
    "role": dict(SellingRole.choices),
}
NUMBERED = tuple(name for name, (column, _label, _words) in DIVISIONS.items() if column.endswith("_id"))  # fmt: skip
CHOICES = {
    "seller": "owner_id",
    "team": "owner__team_id",
    "sbu": "owner__business_unit_id",
    "territory": "owner__territory_id",
    "pipeline": "stage__pipeline_id",
}


@dataclass(frozen=True)
class DealGroup:
    """Deals of one group and one result."""

    key: object
    label: str
    kind: str
    deals: int
    amount_e4: int


def deals_of(
    actor: Actor, *, period: Period | None, choices: Mapping[str, object]
) -> QuerySet[Opportunity]:
    """Visible deals that were decided in the period, and those open now; all without a period."""
    found = opportunities_visible_to(actor).select_related(None).order_by()
    for name, value in choices.items():
        found = found.filter(**{CHOICES[name]: value})
    if period is None:
        return found
    inside = Q(closed_on__gte=period.start, closed_on__lt=period.end)
    return found.filter(Q(stage_kind=StageKind.OPEN) | inside)


def in_group(deals: QuerySet[Opportunity], by: str, key: object) -> QuerySet[Opportunity]:
    """Deals of one group of a division; None or an empty text is the unknown one."""
    column = DIVISIONS[by][0]
    if key in (None, ""):
        missing = Q(**{f"{column}__isnull": True})
        return deals.filter(missing if by in NUMBERED else missing | Q(**{column: ""}))
    return deals.filter(**{column: key})


def deal_groups(deals: QuerySet[Opportunity], *, by: str, currency: str) -> list[DealGroup]:
    """Deals per group and result; amounts of other currencies are counted as deals, not summed."""
    if not by:
        rows = deals.values("stage_kind").annotate(
            deals=Count("pk"), amount=Sum("amount", filter=Q(currency=currency))
        )
        return [_group(None, "", row) for row in rows]
    column, label, _words = DIVISIONS[by]
    counted = deals.values("stage_kind", key=F(column), label=F(label)).annotate(
        deals=Count("pk"), amount=Sum("amount", filter=Q(currency=currency))
    )
    words = WORDS.get(by, {})
    return [
        _group(row["key"], words.get(row["label"]) or row["label"] or "", row) for row in counted
    ]


def _group(key: object, label: str, row: Mapping[str, Any]) -> DealGroup:
    amount_e4 = to_e4(row["amount"]) if row["amount"] else 0
    return DealGroup(key, str(label), row["stage_kind"], row["deals"], amount_e4)


def in_other_currencies(deals: QuerySet[Opportunity], currency: str) -> int:
    """How many deals have their amount in another currency."""
    return deals.exclude(currency=currency).filter(amount__isnull=False).count()


def lengths_of(deals: QuerySet[Opportunity]) -> dict[str, dict[int, int]]:
    """Per result, how many deals took how many days from opening to decision."""
    rows = (
        deals.exclude(stage_kind=StageKind.OPEN)
        .filter(opened_on__isnull=False, closed_on__isnull=False)
        .values_list("stage_kind", "opened_on", "closed_on")
        .annotate(deals=Count("pk"))
    )
    found: dict[str, dict[int, int]] = {
        StageKind.WON: defaultdict(int),
        StageKind.LOST: defaultdict(int),
    }
    for kind, opened, closed, count in rows:
        found[kind][(closed - opened).days] += count
    return found


@dataclass(frozen=True)
class Paths:
    """Open stages of a pipeline in order, and how far deals came: (place, result) to deals."""

    stages: list[Stage]
    cells: dict[tuple[int, str], int]
    without_history: int


def open_stages(pipeline_id: int) -> list[Stage]:
    """Stages of a pipeline a deal passes before it is decided, in order."""
    return list(Stage.objects.filter(pipeline_id=pipeline_id, kind=StageKind.OPEN))


def paths_of(deals: QuerySet[Opportunity], pipeline_id: int) -> Paths:
    """How far the deals of a pipeline came, by their dated history.

    A deal whose dated history holds no open stage is left out and counted: how it went is unknown.
    """
    stages = open_stages(pipeline_id)
    places = {stage.position: place for place, stage in enumerate(stages)}
    inside = deals.filter(stage__pipeline_id=pipeline_id)
    reached = (
        StageChange.objects.filter(
            opportunity__in=inside.values("pk"),
            stage__pipeline_id=pipeline_id,
            stage__kind=StageKind.OPEN,
            day__isnull=False,
        )
        .order_by()
        .values("opportunity_id", kind=F("opportunity__stage_kind"))
        .annotate(furthest=Max("stage__position"))
        .values_list("kind", "furthest")
    )
    cells: dict[tuple[int, str], int] = defaultdict(int)
    for kind, furthest in reached.iterator(chunk_size=5000):
        cells[places[furthest], kind] += 1
    return Paths(stages, dict(cells), inside.count() - sum(cells.values()))


def opened_in(
    actor: Actor, *, period: Period, choices: Mapping[str, object]
) -> QuerySet[Opportunity]:
    """Visible deals opened in the period: what goes into the funnel."""
    found = deals_of(actor, period=None, choices=choices)
    return found.filter(opened_on__gte=period.start, opened_on__lt=period.end)


def passing(deals: QuerySet[Opportunity], *, stage: Stage, outcome: str) -> QuerySet[Opportunity]:
    """Deals of one cell of the funnel: that reached the stage, went on, or were lost or stand there."""
    dated = Q(
        stage_changes__stage__kind=StageKind.OPEN,
        stage_changes__stage__pipeline=stage.pipeline_id,
        stage_changes__day__isnull=False,
    )
    found = deals.filter(stage__pipeline_id=stage.pipeline_id).annotate(
        furthest=Max("stage_changes__stage__position", filter=dated)
    )
    here, won = stage.position, Q(stage_kind=StageKind.WON, furthest__isnull=False)
    ways = {
        "reached": Q(furthest__gte=here) | won,
        "went_on": Q(furthest__gt=here) | won,
        "lost": Q(furthest=here, stage_kind=StageKind.LOST),
        "still": Q(furthest=here, stage_kind=StageKind.OPEN),
    }
    return found.filter(ways[outcome])


def deal_day(today: date) -> date:
    """Today; with deals that end over a quarter ago, the day after the last one was decided.

    A company that brings in the deals of years ago would otherwise see empty periods only.
    """
    latest: date | None = Opportunity.objects.filter(closed_on__lt=today).aggregate(
        latest=Max("closed_on")
    )["latest"]
    if latest is None or today - latest <= OLD_AFTER:
        return today
    return latest + timedelta(days=1)
