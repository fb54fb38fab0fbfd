"""How are the pipelines and stages of a sales team set up and changed?"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from koers.core import audit
from koers.core.actor import Actor
from koers.core.errors import NotFoundError, RuleError
from koers.core.saving import save_changes
from koers.organisation.policies import Right, require
from koers.sell.actions.opportunity import first_gate, first_stages
from koers.sell.models import Pipeline, Stage, StageKind

STAGE_FIELDS = frozenset({"name", "probability", "expected_days", "forecast_category", "required_fields"})  # fmt: skip


class PipelineRefusedError(RuleError):
    """The pipeline cannot be like this."""


@transaction.atomic
def add_pipeline(*, actor: Actor, name: str, at: datetime) -> Pipeline:
    """A pipeline with stages to begin with."""
    require(actor, Right.EDIT_RULES)
    _check_pipeline_name(name, but=None)
    made = Pipeline.objects.create(name=name, position=Pipeline.objects.count())
    for position, (label, kind, share, days, category) in enumerate(first_stages()):
        Stage.objects.create(
            pipeline=made, name=label, kind=kind, probability=Decimal(share), expected_days=days,
            forecast_category=category, position=position, required_fields=first_gate(category),
        )  # fmt: skip
    audit.record(actor=actor, at=at, verb="create", obj=made)
    return made


@transaction.atomic
def change_pipeline(
    *, actor: Actor, pipeline_id: int, version: int, values: Mapping[str, Any], at: datetime
) -> Pipeline:
    """Change its name, or after how many days without contact a deal counts as cooling (S1.22)."""
    require(actor, Right.EDIT_RULES)
    pipeline = pipeline_for(pipeline_id)
    _check_pipeline_name(values["name"], but=pipeline.pk)
    return save_changes(actor=actor, obj=pipeline, version=version, values=values, at=at)


@transaction.atomic
def add_stage(*, actor: Actor, pipeline_id: int, values: Mapping[str, Any], at: datetime) -> Stage:
    """A new open stage, the last before the decided ones."""
    require(actor, Right.EDIT_RULES)
    pipeline = pipeline_for(pipeline_id)
    _check_stage_name(pipeline, values["name"], but=None)
    stages = list(pipeline.stages.all())
    place = sum(stage.kind == StageKind.OPEN for stage in stages)
    made = Stage.objects.create(pipeline=pipeline, kind=StageKind.OPEN, position=place, **values)
    _number([*stages[:place], made, *stages[place:]])
    audit.record(actor=actor, at=at, verb="create", obj=made)
    return made


@transaction.atomic
def change_stage(
    *, actor: Actor, stage_id: int, version: int, values: Mapping[str, Any], at: datetime
) -> Stage:
    """Change a stage; its kind stays, and a decided one keeps its probability of 1 or 0."""
    require(actor, Right.EDIT_RULES)
    stage = stage_for(stage_id)
    _check_stage_name(stage.pipeline, values["name"], but=stage.pk)
    assert set(values) <= STAGE_FIELDS, values  # noqa: S101 -- a mistake of the caller
    if stage.kind != StageKind.OPEN:
        values = {"name": values["name"]}
    return save_changes(actor=actor, obj=stage, version=version, values=values, at=at)


@transaction.atomic
def shift_stage(*, actor: Actor, stage_id: int, step: int, at: datetime) -> None:
    """Let an open stage change places with its neighbour; at the ends nothing happens."""
    require(actor, Right.EDIT_RULES)
    stage = stage_for(stage_id)
    stages = list(stage.pipeline.stages.all())
    here = stages.index(stage)
    there = here + (1 if step > 0 else -1)
    if not 0 <= there < len(stages) or stages[there].kind != stage.kind:
        return
    stages[here], stages[there] = stages[there], stages[here]
    _number(stages)
    change = audit.Change(here + 1, there + 1)
    audit.record(actor=actor, at=at, verb="change", obj=stage, changes={"position": change})


@transaction.atomic
def remove_stage(*, actor: Actor, stage_id: int, at: datetime) -> None:
    """Remove an open stage no deal is or ever was in; a pipeline keeps at least one."""
    require(actor, Right.EDIT_RULES)
    stage = stage_for(stage_id)
    if stage.kind != StageKind.OPEN or stage.pipeline.stages.filter(kind=StageKind.OPEN).count() == 1:  # fmt: skip
        raise PipelineRefusedError(
            _("A pipeline keeps an open stage, and the stages of won and lost.")
        )
    if stage.opportunities.exists() or stage.stage_changes.exists():
        raise PipelineRefusedError(
            _(
                "Opportunities are or were in “%(stage)s”; move them, or give the stage another name."
            )
            % {"stage": stage.name}
        )
    audit.record(actor=actor, at=at, verb="delete", obj=stage)
    stage.delete()


def pipeline_for(pipeline_id: int) -> Pipeline:
    """A pipeline, or that it does not exist."""
    found = Pipeline.objects.filter(pk=pipeline_id).first()
    if found is None:
        raise NotFoundError(_("This pipeline does not exist."))
    return found


def stage_for(stage_id: int) -> Stage:
    """A stage with its pipeline, or that it does not exist."""
    found = Stage.objects.select_related("pipeline").filter(pk=stage_id).first()
    if found is None:
        raise NotFoundError(_("This stage does not exist."))
    return found


def _number(stages: list[Stage]) -> None:
    for position, stage in enumerate(stages):
        Stage.objects.filter(pk=stage.pk).exclude(position=position).update(position=position)


def _check_pipeline_name(name: str, *, but: int | None) -> None:
    if Pipeline.objects.filter(name=name).exclude(pk=but or 0).exists():
        raise PipelineRefusedError(_("There is a pipeline of this name already."))


def _check_stage_name(pipeline: Pipeline, name: str, *, but: int | None) -> None:
    if pipeline.stages.filter(name=name).exclude(pk=but or 0).exists():
        raise PipelineRefusedError(_("There is a stage of this name already."))
