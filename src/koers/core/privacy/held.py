"""What does Koers hold on one person? Every row the labels lead to, for the right of access (AVG art. 15).

Three ways lead to a row: a tie (a column that points at the person's record), a pointer (a noun and
an id, as in the audit trail) at that record or at a row found by a tie, and the person's name or
address in a text of another row. Fields and ways come from the labels alone.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import models

from koers.core.privacy.labels import Category, Kind, ModelLabels, Processing
from koers.core.privacy.named import TEXTS, rows_that_name
from koers.core.privacy.registry import own_record, personal_labels

AT_ONCE = 5_000
SAME_PERSON = frozenset({Kind.LEAD, Kind.CONTACT})
OF_ONES_WORK = (Category.LINK, Category.DEED, Category.RESULT)
Keys = dict[type[models.Model], set[Any]]


class Way(StrEnum):
    """How a row was found."""

    POINTER = "pointer"
    TIE = "tie"
    NAME = "name"


@dataclass(frozen=True)
class HeldPart:
    """Rows of one model found in one way; ``rows`` gives per key the values of ``fields``.

    ``count`` is how many there are, ``cut`` whether a search by name stopped at its limit.
    """

    model: type[models.Model]
    processing: Processing
    way: Way
    fields: tuple[str, ...]
    withheld: tuple[str, ...]
    count: int
    rows: dict[Any, tuple[object, ...]]
    cut: bool = False

    @property
    def noun(self) -> str:
        """The word under which the audit trail knows the model."""
        return str(self.model._meta.model_name)


@dataclass(frozen=True)
class Held:
    """Everything found on a person, and the models in which nothing could be looked for."""

    parts: tuple[HeldPart, ...]
    unreached: tuple[str, ...]


def held_on(
    kind: Kind, ids: Collection[int], names: Sequence[str], *, with_values: bool = True
) -> Held:
    """Every row on a person of a kind; ``ids`` are his records, ``names`` what he is called and reached by.

    Without values only the numbers of rows are read. The caller has checked who asks.
    """
    tied = dict(_tied(kind, ids))
    pointed = dict(_pointed(kind, ids, tied))
    parts, unreached = [], []
    for model, labels in personal_labels():
        if labels.processing is None:
            continue
        found = {Way.POINTER: pointed.get(model, set())}
        found[Way.TIE] = tied.get(model, set()) - found[Way.POINTER]
        found[Way.NAME], cut = rows_that_name(model, labels, names, found[Way.POINTER] | found[Way.TIE])  # fmt: skip
        for way, keys in found.items():
            if keys:
                fields, withheld = shown_fields(labels, kind, way)
                rows = dict(_rows(model, keys, fields, ids)) if with_values else {}
                parts.append(HeldPart(model, labels.processing, way, fields, withheld, len(keys), rows, cut and way is Way.NAME))  # fmt: skip
        if kind not in labels.of and not labels.points and not set(labels.names(*TEXTS)):
            unreached.append(str(model._meta.model_name))
    return Held(tuple(parts), tuple(unreached))


def shown_fields(labels: ModelLabels, kind: Kind, way: Way) -> tuple[tuple[str, ...], tuple[str, ...]]:  # fmt: skip
    """The fields that say something of this person, and the secrets that are never shown.

    Where a row is someone else's own record, or an employee's work for a customer, only the tie and
    what was done are his; its texts are the other's.
    """
    secret = tuple(name for name, label in labels.fields.items() if label.protected)
    chosen: Collection[str] = labels.fields
    if way is Way.TIE:
        owner = labels.owned_by
        if owner is not None and owner is not kind and {owner, kind} != SAME_PERSON:
            chosen = set(labels.names(Category.LINK))
        elif kind is Kind.USER and owner is None and (labels.points or set(labels.of) - {Kind.USER}):  # fmt: skip
            chosen = set(labels.names(*OF_ONES_WORK))
    return tuple(name for name in labels.fields if name in chosen and name not in secret), secret


def is_whole(labels: ModelLabels, kind: Kind) -> bool:
    """Whether a tied row is the person's in all its fields."""
    fields, secret = shown_fields(labels, kind, Way.TIE)
    return len(fields) + len(secret) == len(labels.fields)


def _tied(kind: Kind, ids: Collection[int]) -> Iterator[tuple[type[models.Model], set[Any]]]:
    for model, labels in personal_labels():
        keys: set[Any] = set()
        for path in labels.of.get(kind, ()):
            for part in _chunks(ids):
                keys |= set(_every(model).filter(**{f"{path}__in": part}).values_list("pk", flat=True))  # fmt: skip
        if keys:
            yield model, keys


def _pointed(kind: Kind, ids: Collection[int], tied: Keys) -> Iterator[tuple[type[models.Model], set[Any]]]:  # fmt: skip
    own = own_record(kind)
    aims: dict[str, set[Any]] = {str(own._meta.model_name): set(ids)}
    for model, labels in personal_labels():
        if kind is not Kind.USER and model in tied and is_whole(labels, kind):
            aims.setdefault(str(model._meta.model_name), set()).update(tied[model])
    for model, labels in personal_labels():
        keys: set[Any] = set()
        for noun_column, id_column in labels.points:
            for noun, wanted in aims.items():
                for part in _chunks(wanted):
                    rows = _every(model).filter(**{noun_column: noun, f"{id_column}__in": part})
                    keys |= set(rows.values_list("pk", flat=True))
        if keys:
            yield model, keys


def _rows(
    model: type[models.Model], keys: Collection[Any], fields: Sequence[str], ids: Collection[int]
) -> Iterator[tuple[Any, tuple[object, ...]]]:
    """Values of the rows by key; of a tie to many only the person's own records are told."""
    many = {field.name: field for field in model._meta.many_to_many if field.name in fields}
    plain = [name for name in fields if name not in many]
    places = {name: place for place, name in enumerate(plain)}
    for part in _chunks(keys):
        members = {name: _members(field, part, ids) for name, field in many.items()}
        for pk, *values in (
            _every(model).filter(pk__in=part).order_by("pk").values_list("pk", *plain)
        ):
            yield pk, tuple(
                members[name].get(pk, []) if name in many else values[places[name]] for name in fields
            )  # fmt: skip


def _members(field: Any, keys: Collection[Any], ids: Collection[int]) -> dict[Any, list[int]]:
    through, here, there = field.remote_field.through, field.m2m_field_name(), field.m2m_reverse_field_name()  # fmt: skip
    found: dict[Any, list[int]] = {}
    rows = _every(through).filter(**{f"{here}__in": keys, f"{there}__in": list(ids)})
    for row, member in rows.order_by("pk").values_list(f"{here}_id", f"{there}_id"):
        found.setdefault(row, []).append(member)
    return found


def _every(model: type[models.Model]) -> "models.QuerySet[Any]":
    return model._base_manager.all()  # noqa: SLF001 -- what lies in the bin is held too


def _chunks(keys: Collection[Any]) -> Iterator[list[Any]]:
    ordered = sorted(keys)
    for start in range(0, len(ordered), AT_ONCE):
        yield ordered[start : start + AT_ONCE]
