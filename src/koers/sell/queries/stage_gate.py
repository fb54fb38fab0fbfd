"""What must an opportunity have before it may enter a stage?"""

from collections.abc import Mapping

from django.utils.functional import Promise

from koers.sell.models import (
    GATE_FIELDS,
    GateField,
    Opportunity,
    SellingRole,
    Stage,
    StageKind,
)
from koers.sell.queries.selling_template import Asked, asked_of, template_for

Missing = list[tuple[str, str | Promise]]


def missing_fields(stage: Stage, given: Mapping[str, object]) -> Missing:
    """Fields the stage asks for that are empty in ``given``, with their labels."""
    return [
        (name, GateField(name).label)
        for name in GATE_FIELDS
        if name in stage.required_fields and given.get(name) in (None, "")
    ]


def missing_of(deal: Opportunity, stage: Stage) -> Missing:
    """Fields of a deal that must be filled in before it may enter the stage, by itself or by the way we sell."""
    found = missing_fields(stage, {name: getattr(deal, name) for name in GATE_FIELDS})
    names = {name for name, _label in found}
    more = [(each.field, each.label) for each in lacking_of(deal, stage) if each.field]
    return [*found, *(pair for pair in more if pair[0] not in names)]


def lacking_of(
    deal: Opportunity, stage: Stage, given: Mapping[str, object] | None = None
) -> list[Asked]:
    """What the template of the deal's situation and role still asks before it may come to this stage.

    That a customer said yes is a fact and is written down whatever else is not known; only an
    integrated deal is not won without its four blocks (S1.16).
    """
    if stage.kind == StageKind.WON and deal.selling_role != SellingRole.INTEGRATED:
        return []
    if not asks_approach(deal, stage):
        return []
    template = template_for(deal.buying_situation, deal.selling_role)
    if template is None:
        return []
    return [each for each in asked_of(deal, template, given=given) if not each.is_there]


def asks_approach(deal: Opportunity, stage: Stage) -> bool:
    """Whether the deal comes to or past the first stage that asks what the way of selling asks for.

    A deal that stands at or past that stage already is not asked again, nor is one that is lost.
    """
    if stage.kind == StageKind.LOST:
        return False
    stages = Stage.objects.filter(pipeline_id=stage.pipeline_id, kind=StageKind.OPEN)
    places = [each.position for each in stages if GateField.APPROACH in each.required_fields]
    if not places:
        return False
    was_there = deal.stage.kind == StageKind.OPEN and deal.stage.position >= min(places)
    return not was_there and (stage.kind == StageKind.WON or stage.position >= min(places))
