"""What stands in each column of the board of open opportunities?"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum, Window
from django.db.models.functions import RowNumber

from koers.core.actor import Actor
from koers.core.money import CENT, from_e4
from koers.core.rates import base_value
from koers.sell.models import Opportunity, Pipeline, Stage, StageKind
from koers.sell.queries.opportunity import LONGEST_KEY, opportunities_visible_to
from koers.sell.queries.opportunity_signal import Signals, signals_of

CARDS = 25
MOST_CARDS = 500
DECIDED_SHOWN = timedelta(days=30)
CARD_ORDER = (F("expected_close_on").asc(nulls_last=True), F("id").asc())


@dataclass(frozen=True, slots=True)
class Card:
    """An opportunity as its card shows it."""

    deal: Opportunity
    signals: Signals


@dataclass(slots=True)
class Column:
    """A stage with what stands in it; amounts in the base currency, ``unconverted`` without a rate.

    ``weighted`` is the amount times the stage's probability (F4.7), None while nobody gave one.
    """

    stage: Stage
    count: int = 0
    amount: Decimal = Decimal(0)
    unconverted: int = 0
    cards: list[Card] = field(default_factory=list)

    @property
    def weighted(self) -> Decimal | None:
        """Expected value of the column, to the cent."""
        if self.stage.probability is None:
            return None
        return (self.amount * self.stage.probability).quantize(CENT)

    @property
    def left(self) -> int:
        """Cards that are not shown yet."""
        return max(self.count - len(self.cards), 0)


def pipeline_for_board(chosen: str) -> Pipeline | None:
    """The pipeline with this number, else the first that has an open stage."""
    found = Pipeline.objects.filter(stages__kind=StageKind.OPEN).distinct()
    if chosen.isascii() and chosen.isdigit() and len(chosen) < LONGEST_KEY:
        pipeline = Pipeline.objects.filter(pk=int(chosen)).first()
        if pipeline is not None:
            return pipeline
    return found.first()


def board_of(
    actor: Actor, *, pipeline: Pipeline, choices: Mapping[str, str], today: date, base: str, shown: int = CARDS
) -> list[Column]:  # fmt: skip
    """Columns of a pipeline in a fixed number of queries; decided ones count the last thirty days.

    Cards stand by expected close date, the nearest first, those without one last.
    """
    parts = on_board(actor, pipeline=pipeline, choices=choices, today=today)
    columns = {stage.pk: Column(stage) for stage in pipeline.stages.select_related("pipeline")}
    value = base_value(base=base, day=today)
    for row in chain.from_iterable(_totals(part) for part in parts):
        column = columns.get(row["stage_id"])
        if column is None:
            continue
        column.count += row["deals"]
        amount = value(_exact(row["total"]), row["currency"])
        if amount is None:
            column.unconverted += row["deals"]
        else:
            column.amount += amount
    keys = list(chain.from_iterable(_first_of_each(part, shown) for part in parts))
    deals = list(
        Opportunity.objects.filter(pk__in=keys, stage__pipeline=pipeline)
        .select_related("company", "owner", "stage__pipeline")
        .order_by(*CARD_ORDER)
    )
    signals = signals_of(deals, today=today)
    for deal in deals:
        columns[deal.stage_id].cards.append(Card(deal, signals[deal.pk]))
    return list(columns.values())


def on_board(
    actor: Actor, *, pipeline: Pipeline, choices: Mapping[str, str], today: date
) -> tuple[QuerySet[Opportunity], QuerySet[Opportunity]]:
    """Open opportunities of the pipeline, and those decided in the last thirty days in any.

    Apart, since each walks an index of its own; together, or with the stages of decided ones named,
    the database reads every deal ever decided.
    """
    stages = pipeline.stages.filter(kind=StageKind.OPEN).values_list("pk", flat=True)
    found = opportunities_visible_to(actor)
    owner = choices.get("owner", "")
    if owner:
        found = found.filter(owner=int(owner)) if owner.isdigit() else found.filter(owner=None)
    text = choices.get("q", "").strip()
    if text:
        found = found.filter(Q(name__istartswith=text) | Q(company__name__istartswith=text))
    decided = found.filter(
        stage_kind__in=(StageKind.WON, StageKind.LOST), closed_on__gt=today - DECIDED_SHOWN
    )
    return found.filter(stage_id__in=list(stages)), decided


def _totals(rows: QuerySet[Opportunity]) -> Iterable[Any]:
    return rows.order_by().values("stage_id", "currency").annotate(
        deals=Count("id"), total=Sum(F("amount"))
    )  # fmt: skip


def _first_of_each(rows: QuerySet[Opportunity], shown: int) -> QuerySet[Opportunity, int]:
    place = Window(RowNumber(), partition_by=[F("stage_id")], order_by=CARD_ORDER)
    return rows.order_by().annotate(place=place).filter(place__lte=shown).values_list("pk", flat=True)  # fmt: skip


def _exact(value: object) -> Decimal:
    if value is None:
        return Decimal(0)
    return value if isinstance(value, Decimal) else from_e4(int(str(value)))


def totals_of(columns: list[Column]) -> dict[str, Decimal | int]:
    """Count, amount and weighted amount of the open columns together."""
    found: dict[str, Decimal | int] = defaultdict(Decimal)
    for column in columns:
        if column.stage.kind == StageKind.OPEN:
            found["count"] += column.count
            found["amount"] += column.amount
            found["weighted"] += column.weighted or Decimal(0)
    return dict(found)
