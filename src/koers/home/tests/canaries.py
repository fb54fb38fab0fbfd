"""How do tests make a row of any model with a mark of its own in every field that holds words?"""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from django.db import models
from django.utils import timezone

NUMBERS = count(1)
SHORTEST = 12
FITTING = {
    "sell.Lead": {"status": "new"},
    "analyse.Campaign": {"control_share": 0},
    "plan.Goal": {"status": "open", "result": "", "rubric": ""},
    "plan.KeySuccessFactor": {"factor_class": "visionary", "bound": "", "ambition": 2},
    "plan.EconomicDecision": {"reviewed_on": date(2027, 1, 1)},
    "plan.PlanningSession": {"signed_at": datetime(2026, 1, 2, tzinfo=UTC)},
    "analyse.EquityAction": {
        "stay": "0.5",
        "win": "0.5",
        "change_low": 1,
        "change_likely": 2,
        "change_high": 3,
        "effect_low": "0.1",
        "effect_likely": "0.2",
        "effect_high": "0.3",
        "status": "considered",
    },
    "sell.CallQuestion": {"was_asked": True},
    "sell.Activity": {"key": None, "commitment_on": date(2026, 1, 2)},
    "plan.PayPlan": {
        "role": lambda given: "" if given.keys() & {"person", "team"} else "salesperson"
    },
    "plan.PayStatement": {"part": 1},
    "plan.PayDispute": {"answered_at": datetime(2026, 1, 2, tzinfo=UTC)},
    "plan.OrderSplit": {"share": "0.5"},
    "plan.ForecastPoint": {"value": 5, "low_80": 4, "high_80": 6, "low_95": 3, "high_95": 7},
}


def filled(model: type[models.Model], **given: Any) -> tuple[Any, dict[str, str]]:
    """A stored row and its marks by field; what is given stands, what must be there is made."""
    values = dict(given)
    marks: dict[str, str] = {}
    for field in model._meta.concrete_fields:
        if field.name in values or field.primary_key or field.name in {"version"}:
            continue
        if field.name in FITTING.get(model._meta.label, {}):
            fitting = FITTING[model._meta.label][field.name]
            values[field.name] = fitting(given) if callable(fitting) else fitting
        elif isinstance(field, models.JSONField):
            marks[field.name] = _mark(40)
            values[field.name] = {"deep": [marks[field.name]]}
        elif _holds_words(field):
            marks[field.name] = values[field.name] = _mark(field.max_length or 40)
        elif not field.null and not field.has_default():
            values[field.name] = _needed(field)
    return model._base_manager.create(**values), marks  # noqa: SLF001 -- rows of any kind


def tied(model: type[models.Model], path: str, person: models.Model) -> tuple[Any, dict[str, str]]:
    """A row from which a path leads to the person."""
    step, _, rest = path.partition("__")
    field = model._meta.get_field(step)
    if field.many_to_many:
        row, marks = filled(model)
        getattr(row, step).add(person)
        return row, marks
    target = tied(field.related_model, rest, person)[0] if rest else person
    return filled(model, **{step: target})


def _holds_words(field: Any) -> bool:
    words = isinstance(field, (models.CharField, models.TextField)) and not field.choices
    return words and (field.max_length is None or field.max_length >= SHORTEST)


def _mark(length: int) -> str:
    return f"zx{next(NUMBERS):06d}q"[:length]


def _needed(field: Any) -> Any:  # noqa: C901, PLR0911 -- one answer per kind of field
    if field.is_relation:
        return filled(field.related_model)[0]
    if isinstance(field, models.BooleanField):
        return False
    if isinstance(field, models.GenericIPAddressField):
        return "192.0.2.9"
    if field.choices:
        return field.choices[0][0]
    if isinstance(field, models.DateTimeField):
        return timezone.now()
    if isinstance(field, models.DateField):
        return date(2026, 1, 1) + timedelta(days=next(NUMBERS))
    if isinstance(field, (models.CharField, models.TextField)):
        return _mark(field.max_length or 8)[-(field.max_length or 8) :]
    if isinstance(field, models.DecimalField):
        return next(NUMBERS) % 10 ** min(6, field.max_digits - field.decimal_places)
    far = 1_000_000 if isinstance(field, models.BigIntegerField) else 0
    return far + next(NUMBERS)
