"""Which record does a name or id in a file mean?"""

import re
from collections.abc import Callable, Iterable
from itertools import product
from typing import Any

from django.db import models
from django.db.models.functions import Lower

from koers.core.imports.kinds import RunContext
from koers.core.models import ExternalId

SMALL_TABLE = 20_000
BATCH = 400
MOST_ACCENTS = 4
Create = Callable[[list[str]], dict[str, int]]


def batches(values: Iterable[Any]) -> Iterable[list[Any]]:
    """Parts short enough for one IN list."""
    everything = list(values)
    for first in range(0, len(everything), BATCH):
        yield everything[first : first + BATCH]


class Lookup:
    """Finds ids for texts: external id of this source, then exact name, then the name without signs."""

    def __init__(
        self,
        context: RunContext,
        model: type[models.Model],
        noun: str,
        name_field: str,
        *,
        create: Create | None = None,
        similar: bool = True,
    ) -> None:
        self.context = context
        self.model = model
        self.noun = noun
        self.name_field = name_field
        self.create = create
        self.similar = similar
        self._known: dict[str, int | None] = {}
        self._by_shape: dict[str, int] | None = None
        self._fake = 0

    def load(self, texts: Iterable[str | None]) -> None:
        """Look up all texts of a chunk at once; unknown ones are created where that is allowed."""
        missing = {text for text in texts if text} - self._known.keys()
        if not missing:
            return
        found = self._external(missing)
        found.update(self._named(missing - found.keys()))
        if self.similar:
            found.update(self._similar(missing - found.keys()))
        left = sorted(missing - found.keys())
        if left and self.create:
            made = self._create(left)
            found.update(made)
            self.context.notes[f"{self.noun}_created_on_the_way"] += len(set(made.values()))
        self._known.update(dict.fromkeys(missing, None))
        self._known.update(found)

    def get(self, text: str | None) -> int | None:
        """The id of a loaded text."""
        return self._known.get(text) if text else None

    def remember(self, text: str, row_id: int) -> None:
        """Remember a record made by the caller."""
        self._known[text] = row_id
        self._learn({text: row_id})

    def _create(self, texts: list[str]) -> dict[str, int]:
        """One record per name, however its capitals vary in the file."""
        first: dict[str, str] = {}
        for text in texts:
            first.setdefault(text.casefold(), text)
        names = list(first.values())
        if self.context.dry:
            self._fake -= len(names)
            made = {text: self._fake + place for place, text in enumerate(names)}
        else:
            made = self.create(names) if self.create else {}
        self._learn(made)
        return {text: made[first[text.casefold()]] for text in texts}

    def _learn(self, made: dict[str, int]) -> None:
        """Let later spellings without signs meet the records of this run."""
        if self._by_shape is not None and self.similar:
            for text, row_id in made.items():
                self._by_shape.setdefault(shape(text), row_id)

    def _external(self, texts: set[str]) -> dict[str, int]:
        found: dict[str, int] = {}
        for part in batches(texts):
            rows = ExternalId.objects.filter(
                source_id=self.context.source_id, noun=self.noun, external_id__in=part
            )
            found.update(rows.values_list("external_id", "object_id"))
        return found

    def _named(self, texts: set[str]) -> dict[str, int]:
        """By name, whatever the capitals, on a database whose LOWER may know ASCII only."""
        found: dict[str, int] = {}
        folded: dict[str, list[str]] = {}
        for text in texts:
            folded.setdefault(text.casefold(), []).append(text)
        lowered = sorted({way for text in texts for way in spellings(text)})
        every = self.model._default_manager.annotate(lowered=Lower(self.name_field)).order_by("-id")
        for field, wanted in (("lowered", lowered), (self.name_field, sorted(texts))):
            for part in batches(wanted):
                rows = every.filter(**{f"{field}__in": part})
                for row_id, name in rows.values_list("id", self.name_field):
                    found.update(dict.fromkeys(folded.get(str(name).casefold(), []), row_id))
        return found

    def _similar(self, texts: set[str]) -> dict[str, int]:
        if not texts:
            return {}
        if self._by_shape is None:
            names = self.model._default_manager.values_list("id", self.name_field)[
                : SMALL_TABLE + 1
            ]
            rows = list(names)
            self._by_shape = {} if len(rows) > SMALL_TABLE else _unambiguous(rows)
        found = {
            text: self._by_shape[shape(text)] for text in texts if shape(text) in self._by_shape
        }
        if found:
            self.context.notes[f"{self.noun}_matched_by_similar_name"] += len(found)
        return found


def spellings(text: str) -> set[str]:
    """What LOWER may make of the name: wholly small, or with accented letters left as they stand.

    SQLite folds ASCII alone, so each accented letter may have stayed a capital; beyond four of
    them only all small, all capital and as written are tried.
    """
    small = "".join(letter.lower() if letter.isascii() else letter for letter in text)
    ways = {text.lower(), small}
    places = [place for place, letter in enumerate(small) if not letter.isascii()]
    if len(places) <= MOST_ACCENTS:
        choices = [
            {letter.lower(), letter.upper()} if not letter.isascii() else {letter}
            for letter in small
        ]
        return ways | {"".join(letters) for letters in product(*choices)}
    return ways | {"".join(each if each.isascii() else each.upper() for each in small)}


def shape(name: str) -> str:
    """A name without capitals, spaces and signs: 'GTX Pro' and 'GTXPro' are one."""
    return re.sub(r"[\W_]+", "", name.casefold())


def _unambiguous(rows: list[tuple[int, str | None]]) -> dict[str, int]:
    by_shape: dict[str, set[int]] = {}
    for row_id, name in rows:
        by_shape.setdefault(shape(name or ""), set()).add(row_id)
    return {name: next(iter(ids)) for name, ids in by_shape.items() if len(ids) == 1 and name}
