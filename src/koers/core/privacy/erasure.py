"""How is a person taken out of everything Koers holds, except what has to stay (AVG art. 17)?

The person's own record is emptied but stays as a shell, so that what was done keeps its place
without him. In other rows the labels say which fields are emptied, which lose his name, and which
stay until their term ends. The audit trail is sealed and stays whole.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import F, Max

from koers.core.periods import add_months
from koers.core.privacy.held import SAME_PERSON, Held, HeldPart, Way
from koers.core.privacy.labels import TERMS, Category, Kind, ModelLabels, Outcome
from koers.core.privacy.registry import labels_of, own_record

ERASABLE = SAME_PERSON
SEALED = "core.AuditEntry"
SHORTEST_WORD = 3
AT_ONCE = 500
EVERY = re.compile(r".+", re.DOTALL)
WORDS = (Category.NAME, Category.REACH, Category.NOTE, Category.TRAIL, Category.ROLE)


@dataclass(frozen=True, slots=True)
class Step:
    """What happens to some fields of the rows of one model; ``until`` for what is kept."""

    part: HeldPart
    outcome: Outcome
    fields: tuple[str, ...]
    until: date | None = None
    is_sealed: bool = False


def steps_of(held: Held, kind: Kind, *, today: date) -> list[Step]:
    """What an erasure would do, part by part; ``held`` with its rows."""
    found = []
    for part in held.parts:
        if part.way is Way.NAME:
            continue
        labels = labels_of(part.model)
        if labels.model == SEALED:
            found.append(Step(part, Outcome.KEPT, part.fields, _term(part, today), is_sealed=True))
            continue
        blank, clean, kept = fields_to_change(labels, kind)
        if blank:
            found.append(Step(part, Outcome.ERASED, blank))
        if clean:
            found.append(Step(part, Outcome.ANONYMISED, clean))
        if kept:
            found.append(Step(part, Outcome.KEPT, kept, _kept_until(part, labels, today)))
    return found


def fields_to_change(labels: ModelLabels, kind: Kind) -> tuple[tuple[str, ...], ...]:
    """The fields that are emptied, that lose the person's name, and that stay."""
    is_own = labels.owned_by in SAME_PERSON and kind in SAME_PERSON
    blank, clean, kept = [], [], []
    for name, label in labels.fields.items():
        if label.protected:
            continue
        if label.outcome is Outcome.KEPT:
            kept.append(name)
        elif label.outcome is Outcome.ERASED:
            blank.append(name)
        elif not is_own and label.category in (*WORDS, Category.NUMBER):
            clean.append(name)
    return tuple(blank), tuple(clean), tuple(kept)


def erase(held: Held, kind: Kind, ids: Collection[int], names: Sequence[str], *, mark: str, at: datetime) -> int:  # fmt: skip
    """Do it; ``held`` with its rows, ``names`` to take out of texts, ``mark`` stands in their place.

    The caller holds the transaction and has checked who asks. Returns how many rows were changed.
    """
    own = {str(own_record(kind)._meta.model_name): set(ids)}
    for part in held.parts:
        if part.way is Way.TIE and labels_of(part.model).owned_by in SAME_PERSON:
            own.setdefault(part.noun, set()).update(part.rows)
    broom, changed = _Broom(own, name_pattern(names), mark, at), 0
    for part in held.parts:
        labels = labels_of(part.model)
        if part.way is not Way.NAME and labels.model != SEALED:
            changed += _change_part(part, labels, kind, broom)
    return changed


def name_pattern(names: Sequence[str]) -> re.Pattern[str]:
    """Any of the names as whole words, the longest first."""
    wanted = sorted({name.strip() for name in names if len(name.strip()) >= SHORTEST_WORD}, key=len, reverse=True)  # fmt: skip
    either = "|".join(re.escape(name) for name in wanted)
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)" if either else r"(?!)", re.IGNORECASE)


def without(value: object, pattern: re.Pattern[str], mark: str) -> object:
    """A text, or every text in a JSON value, without what the pattern finds."""
    if isinstance(value, str):
        return pattern.sub(mark, value)
    if isinstance(value, list):
        return [without(each, pattern, mark) for each in value]
    if isinstance(value, dict):
        return {key: without(each, pattern, mark) for key, each in value.items()}
    return value


@dataclass(frozen=True)
class _Broom:
    """With what the rows are cleaned: the person's own records, his names, and what stands in their place."""

    own: dict[str, set[int]]
    pattern: re.Pattern[str]
    mark: str
    at: datetime


def _change_part(part: HeldPart, labels: ModelLabels, kind: Kind, broom: _Broom) -> int:
    blank, clean, _kept = fields_to_change(labels, kind)
    columns = {field.name: field for field in part.model._meta.concrete_fields}
    names = [name for name in (*blank, *clean) if name in columns]
    if not names:
        return 0
    binned = ["deleted_at"] if part.noun in broom.own and "deleted_at" in columns else []
    called = list(labels.names(Category.NAME))[-1:] if part.noun in broom.own else []
    rows = part.model._base_manager.all()  # noqa: SLF001 -- the bin is held too
    for keys in _parts(part.rows):
        changed = list(rows.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))
        for row in changed:
            for name in names:
                value = _empty(columns[name]) if name in blank else _cleaned(row, columns[name], labels, broom)  # fmt: skip
                setattr(row, name, broom.mark if name in called else value)
            for name in binned:
                setattr(row, name, getattr(row, name) or broom.at)
        rows.bulk_update(changed, [*names, *binned], batch_size=AT_ONCE)
        if "version" in columns:
            rows.filter(pk__in=keys).update(version=F("version") + 1)
    return len(part.rows)


def _parts(keys: Collection[Any]) -> Iterator[list[Any]]:
    ordered = sorted(keys)
    for start in range(0, len(ordered), AT_ONCE):
        yield ordered[start : start + AT_ONCE]


def _is_copy_of(row: Any, labels: ModelLabels, own: dict[str, set[int]]) -> bool:
    """Whether the row is a copy or a number of the person's own record, not of what was done with him."""
    return any(getattr(row, key) in own.get(getattr(row, noun), ()) for noun, key in labels.points)


def _cleaned(row: Any, field: Any, labels: ModelLabels, broom: _Broom) -> object:
    """A field without the person; a copy of his own record loses every text."""
    value, copies = getattr(row, field.name), _is_copy_of(row, labels, broom.own)
    if labels.fields[field.name].category is Category.NUMBER:
        return f"{broom.mark} {row.pk}" if copies else value
    found = without(value, EVERY if copies else broom.pattern, broom.mark)
    return found[: field.max_length] if isinstance(found, str) and field.max_length else found


def _empty(field: Any) -> object:
    """Nothing, in the form the column can hold."""
    if field.null:
        return None
    if isinstance(field, models.JSONField):
        return field.get_default()
    return "" if isinstance(field, (models.CharField, models.TextField)) else field.get_default()


def _kept_until(part: HeldPart, labels: ModelLabels, today: date) -> date:
    """The day the term of the youngest row ends."""
    if not labels.ages_by:
        return _term(part, today)
    rows, days = part.model._base_manager.all(), []  # noqa: SLF001 -- the bin is held too
    for keys in _parts(part.rows):
        last = rows.filter(pk__in=keys).aggregate(last=Max(labels.ages_by))["last"]
        days.append(last.date() if isinstance(last, datetime) else last or today)
    return _term(part, max(days, default=today))


def _term(part: HeldPart, start: date) -> date:
    return add_months(start, TERMS[part.processing].months)


def names_to_clean(records: Collection[Any]) -> Iterator[str]:
    """What the person is called and reached by, whole and in parts."""
    for record in records:
        yield str(record)
        for name in labels_of(type(record)).names(Category.NAME, Category.REACH):
            if value := getattr(record, name):
                yield str(value)
