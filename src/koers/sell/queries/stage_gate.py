"""What must an opportunity have before it may enter a stage?"""

from collections.abc import Mapping

from django.utils.functional import Promise

from koers.sell.models import GateField, Opportunity, Stage

Missing = list[tuple[str, str | Promise]]


def missing_fields(stage: Stage, given: Mapping[str, object]) -> Missing:
    """Fields the stage asks for that are empty in ``given``, with their labels."""
    return [
        (name, GateField(name).label)
        for name in GateField.values
        if name in stage.required_fields and given.get(name) in (None, "")
    ]


def missing_of(deal: Opportunity, stage: Stage) -> Missing:
    """Fields of a deal that must be filled in before it may enter the stage."""
    return missing_fields(stage, {name: getattr(deal, name) for name in GateField.values})
