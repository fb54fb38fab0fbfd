"""What was the pipeline on a past day, and what happened to it since?"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from koers.core.actor import Actor
from koers.core.money import CENT
from koers.sell.models import Stage, StageKind
from koers.sell.queries.past_pipeline import PastPipeline, PastScope, PastStanding, past_pipeline

if TYPE_CHECKING:
    from koers_analytics.selling.pipeline_bridge import Level, PipelineBridge, Standing


@dataclass(frozen=True, slots=True)
class StageOnDay:
    """Open deals of a stage on a day; ``weighted`` at the stage's chance of today, None without one."""

    deals: int
    amount: Decimal
    weighted: Decimal | None


@dataclass(frozen=True, slots=True)
class StageRow:
    """A stage on both days."""

    stage: Stage
    before: StageOnDay
    after: StageOnDay


@dataclass(frozen=True)
class Compared:
    """The bridge, the stages in their order, weighted sums of both days, and all that was read."""

    bridge: "PipelineBridge"
    stages: list[StageRow]
    weighted_before: Decimal
    weighted_after: Decimal
    past: PastPipeline


def compared_pipelines(
    *, actor: Actor, scope: PastScope, before: date, after: date, base: str
) -> Compared:
    """The open deals at the end of two days and the bridge between them; amounts in ``base``."""
    from koers_analytics.selling.pipeline_bridge import (  # noqa: PLC0415 -- analytics
        DealBetween,
        Level,
        pipeline_bridge,
    )

    past = past_pipeline(actor, scope=scope, before=before, after=after, base=base)
    found = pipeline_bridge(
        DealBetween(deal.key, _standing(deal.before), _standing(deal.after)) for deal in past.deals
    )
    rows = [
        StageRow(
            stage,
            _on_day(stage, found.stages_before.get(stage.pk, Level())),
            _on_day(stage, found.stages_after.get(stage.pk, Level())),
        )
        for stage in past.stages
        if stage.kind == StageKind.OPEN
    ]
    return Compared(
        found,
        rows,
        sum((row.before.weighted or Decimal(0) for row in rows), Decimal(0)),
        sum((row.after.weighted or Decimal(0) for row in rows), Decimal(0)),
        past,
    )


def _standing(past: PastStanding | None) -> "Standing | None":
    from koers_analytics.selling.pipeline_bridge import Standing  # noqa: PLC0415 -- analytics

    if past is None:
        return None
    return Standing(past.stage.pk, past.stage.kind, past.amount, past.in_scope, past.in_time)


def _on_day(stage: Stage, level: "Level") -> StageOnDay:
    weighted = None if stage.probability is None else (level.amount * stage.probability).quantize(CENT)  # fmt: skip
    return StageOnDay(level.deals, level.amount, weighted)
