"""Which texts name a person who is not tied to their row? Looked for by all words of a name together."""

import json
import re
from collections.abc import Collection, Sequence
from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast

from koers.core.privacy.labels import Category, ModelLabels

TEXTS = (Category.NAME, Category.REACH, Category.NOTE, Category.TRAIL)
SHORTEST_NAME = 4
MOST_NAMED = 500
AS_TEXT = "{}_as_text"


def rows_that_name(
    model: type[models.Model], labels: ModelLabels, names: Sequence[str], known: Collection[Any]
) -> tuple[set[Any], bool]:
    """Keys of rows in whose texts all words of one of the names stand, without those known already.

    A name of under four characters is not looked for. Stops at ``MOST_NAMED`` rows; second tells so.
    """
    fields = text_fields(model, labels)
    wanted = [words for name in names if len(name.strip()) >= SHORTEST_NAME and (words := name.split())]  # fmt: skip
    if not fields or not wanted:
        return set(), False
    marks = [[_whole_word(word) for word in words] for words in wanted]
    columns = {AS_TEXT.format(name): Cast(name, models.TextField()) for name in fields}
    rows = model._base_manager.alias(**columns).filter(_any_name(columns, wanted))  # noqa: SLF001 -- what lies in the bin is held too
    found: set[Any] = set()
    for pk, *values in rows.order_by("pk").values_list("pk", *fields).iterator(chunk_size=1000):
        if pk in known or not _names(values, marks):
            continue
        if len(found) == MOST_NAMED:
            return found, True
        found.add(pk)
    return found, False


def text_fields(model: type[models.Model], labels: ModelLabels) -> list[str]:
    """The labelled fields of a model that hold words."""
    kinds = (models.CharField, models.TextField, models.JSONField)
    return [
        field.name for field in model._meta.concrete_fields
        if field.name in set(labels.names(*TEXTS)) and isinstance(field, kinds) and not labels.fields[field.name].protected
    ]  # fmt: skip


def _any_name(columns: Collection[str], wanted: Sequence[Sequence[str]]) -> Q:
    found = Q()
    for words in wanted:
        every = Q()
        for word in words:
            one = Q()
            for column in columns:
                for spelling in _spellings(word):
                    one |= Q(**{f"{column}__icontains": spelling})
            every &= one
        found |= every
    return found


def _spellings(word: str) -> set[str]:
    """A word as databases keep it: SQLite folds the case of ASCII only, and JSON escapes the rest."""
    cases = {word} if word.isascii() else {word, word.lower(), word.upper(), word.capitalize()}
    return cases | {json.dumps(each)[1:-1] for each in cases}


def _whole_word(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.IGNORECASE)


def _names(values: Sequence[object], marks: Sequence[Sequence[re.Pattern[str]]]) -> bool:
    text = "\n".join(value if isinstance(value, str) else _plain(value) for value in values)
    return any(all(mark.search(text) for mark in words) for words in marks)


def _plain(value: object) -> str:
    """A JSON value as words: what stands between its signs, without escapes."""
    if isinstance(value, dict):
        return "\n".join(f"{key}\n{_plain(each)}" for key, each in value.items())
    if isinstance(value, list):
        return "\n".join(_plain(each) for each in value)
    return "" if value is None else str(value)
