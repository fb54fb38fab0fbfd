"""Which stage does a file mean, and what does a deal brought in leave in the history?"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Max

from koers.core.imports.kinds import RunContext
from koers.core.imports.lookups import batches
from koers.sell.models import (
    ForecastCategory,
    Opportunity,
    Pipeline,
    Stage,
    StageChange,
    StageKind,
)

IMPORTED = "Imported"
WON = ("won", "closed won", "gewonnen", "closedwon")
LOST = ("lost", "closed lost", "verloren", "closedlost")
SURE = {StageKind.WON.value: 1, StageKind.LOST.value: 0}
SNAPSHOT = ("stage_id", "amount", "expected_close_on", "owner_id")


class StageBook:
    """Stages by pipeline and name, whatever the capitals; those a file names first are made."""

    def __init__(self, context: RunContext) -> None:
        self.context = context
        self._pipelines = {
            name.casefold(): key for key, name in Pipeline.objects.values_list("pk", "name")
        }
        rows = Stage.objects.values_list("pipeline_id", "name", "pk", "kind")
        self._stages = {
            (pipeline, name.casefold()): (key, kind) for pipeline, name, key, kind in rows
        }
        self._fake = 0

    def find(self, pipeline: str, stage: str) -> tuple[int, str]:
        """Id and kind of the stage; won and lost are told by its name when it is made."""
        pipeline_id = self._pipeline(pipeline or IMPORTED)
        key = (pipeline_id, stage.casefold())
        if key not in self._stages:
            self._stages[key] = self._make(pipeline_id, stage)
        return self._stages[key]

    def _pipeline(self, name: str) -> int:
        key = name.casefold()
        if key not in self._pipelines:
            self.context.notes["pipelines_created_on_the_way"] += 1
            self._pipelines[key] = (
                self._dry_id()
                if self.context.dry
                else Pipeline.objects.create(
                    name=name, position=len(self._pipelines), import_run_id=self.context.run_id
                ).pk
            )
        return self._pipelines[key]

    def _make(self, pipeline_id: int, name: str) -> tuple[int, str]:
        kind = kind_of(name)
        self.context.notes["stages_created_on_the_way"] += 1
        if self.context.dry:
            return self._dry_id(), kind
        last = Stage.objects.filter(pipeline_id=pipeline_id).aggregate(last=Max("position"))["last"]
        made = Stage.objects.create(
            pipeline_id=pipeline_id,
            name=name,
            kind=kind,
            probability=SURE.get(kind),
            forecast_category=(
                ForecastCategory.CLOSED if kind in SURE else ForecastCategory.PIPELINE
            ),
            position=0 if last is None else last + 1,
            import_run_id=self.context.run_id,
        )
        return made.pk, kind

    def _dry_id(self) -> int:
        self._fake -= 1
        return self._fake


def kind_of(stage: str) -> str:
    """What a stage's name says of its deals."""
    lowered = stage.casefold()
    if lowered in WON:
        return StageKind.WON.value
    return StageKind.LOST.value if lowered in LOST else StageKind.OPEN.value


def write_history(context: RunContext, opportunity_ids: Iterable[int]) -> None:
    """Add how each opportunity stands now, where its history does not end so.

    A decided deal entered its stage on the day it was closed. Of an open one the day is unknown
    at first; a change a later import brings is dated on the day of that import.
    """
    for ids in batches(set(opportunity_ids)):
        latest: dict[int, tuple[Any, ...]] = {}
        known = StageChange.objects.filter(opportunity_id__in=ids).order_by("id")
        for key, *snapshot in known.values_list("opportunity_id", *SNAPSHOT):
            latest[key] = tuple(snapshot)
        changes = [
            StageChange(
                opportunity_id=deal["id"],
                day=_day(deal, latest.get(deal["id"]), context),
                import_run_id=context.run_id,
                **{name: deal[name] for name in SNAPSHOT},
            )
            for deal in Opportunity.objects.filter(pk__in=ids)
            .order_by("pk")
            .values("id", "stage_kind", "closed_on", *SNAPSHOT)
            if latest.get(deal["id"]) != tuple(deal[name] for name in SNAPSHOT)
        ]
        StageChange.objects.bulk_create(changes)


def _day(deal: dict[str, Any], before: tuple[Any, ...] | None, context: RunContext) -> date | None:
    if before is not None and before[0] == deal["stage_id"]:
        return context.at.date()
    if deal["stage_kind"] in SURE:
        closed: date | None = deal["closed_on"]
        return closed
    return None if before is None else context.at.date()
