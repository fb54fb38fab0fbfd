"""Which field does a column mean, judging by its header and its content?"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from koers.core.imports.detection import ColumnReading
from koers.core.imports.fields import FieldSpec, FieldType

SURE, LIKELY, POSSIBLE = 100, 80, 60
LEAST = 55


@dataclass(frozen=True, slots=True)
class Guess:
    """A column with the field it most likely means, and why."""

    column: str
    field: str
    score: int
    why: str


def normalise(name: str) -> str:
    """A header without capitals, signs and 'id' decoration, so that variants meet."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    return re.sub(
        r"[^a-z0-9]+", " ", spaced.casefold().replace("ö", "o").replace("ë", "e").replace("é", "e")
    ).strip()


def guess_mapping(columns: Sequence[ColumnReading], fields: Sequence[FieldSpec]) -> list[Guess]:
    """Best pairs first; no column and no field is used twice."""
    candidates = [
        guess
        for column in columns
        for field in fields
        if (guess := _score(column, field)).score >= LEAST
    ]
    order = {field.name: place for place, field in enumerate(fields)}
    candidates.sort(key=lambda guess: (-guess.score, order[guess.field]))
    taken_columns: set[str] = set()
    taken_fields: set[str] = set()
    chosen = []
    for guess in candidates:
        if guess.column not in taken_columns and guess.field not in taken_fields:
            chosen.append(guess)
            taken_columns.add(guess.column)
            taken_fields.add(guess.field)
    return chosen


def _score(column: ColumnReading, field: FieldSpec) -> Guess:
    header = " ".join(dict.fromkeys(normalise(column.name).split()))
    names = [
        normalise(name) for name in (field.name, field.label_en, field.label_nl, *field.synonyms)
    ]
    words = set(header.split())
    if header in names:
        score, why = SURE - names.index(header) // 20, "header"
    elif header.replace(" ", "") in {name.replace(" ", "") for name in names}:
        score, why = SURE - 2, "header"
    elif any(len(name.split()) > 1 and set(name.split()) <= words for name in names):
        score, why = LIKELY, "header"
    elif any(name and name in words for name in names):
        score, why = POSSIBLE, "header"
    else:
        score, why = 0, ""
    if score and not _fits(column, field):
        score -= 40
    return Guess(column.name, field.name, score, why)


def _fits(column: ColumnReading, field: FieldSpec) -> bool:
    """Whether the content may be what the field needs."""
    if column.type == "empty":
        return True
    if field.type is FieldType.DATE:
        return column.type in {"date", "integer", "number"}
    if field.type in {FieldType.AMOUNT, FieldType.SHARE, FieldType.INTEGER}:
        return column.type in {"number", "integer"}
    return field.type is not FieldType.EMAIL or any("@" in example for example in column.examples)
