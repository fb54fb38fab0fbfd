"""Which record does a name or id in a file mean?"""

import re
from collections.abc import Callable, Iterable
from typing import Any

from django.db import models
from django.db.models.functions import Lower

from koers.core.imports.kinds import RunContext
from koers.core.models import ExternalId

SMALL_TABLE = 20_000
BATCH = 400
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
            found.update(self._create(left))
            self.context.notes[f"{self.noun}_created_on_the_way"] += len(left)
        self._known.update(dict.fromkeys(missing, None))
        self._known.update(found)

    def get(self, text: str | None) -> int | None:
        """The id of a loaded text."""
        return self._known.get(text) if text else None

    def remember(self, text: str, row_id: int) -> None:
        """Remember a record made by the caller."""
        self._known[text] = row_id

    def _create(self, texts: list[str]) -> dict[str, int]:
        if self.context.dry:
            self._fake -= len(texts)
            return {text: self._fake + place for place, text in enumerate(texts)}
        return self.create(texts) if self.create else {}

    def _external(self, texts: set[str]) -> dict[str, int]:
        found: dict[str, int] = {}
        for part in batches(texts):
            rows = ExternalId.objects.filter(
                source_id=self.context.source_id, noun=self.noun, external_id__in=part
            )
            found.update(rows.values_list("external_id", "object_id"))
        return found

    def _named(self, texts: set[str]) -> dict[str, int]:
        found: dict[str, int] = {}
        lowered = {text.lower(): text for text in texts}
        manager = self.model._default_manager
        for part in batches(lowered):
            rows = (
                manager.annotate(lowered=Lower(self.name_field))
                .filter(lowered__in=part)
                .order_by("-id")
            )
            for row_id, name in rows.values_list("id", "lowered"):
                if name in lowered:
                    found[lowered[name]] = row_id
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


def shape(name: str) -> str:
    """A name without capitals, spaces and signs: 'GTX Pro' and 'GTXPro' are one."""
    return re.sub(r"[\W_]+", "", name.casefold())


def _unambiguous(rows: list[tuple[int, str | None]]) -> dict[str, int]:
    by_shape: dict[str, set[int]] = {}
    for row_id, name in rows:
        by_shape.setdefault(shape(name or ""), set()).add(row_id)
    return {name: next(iter(ids)) for name, ids in by_shape.items() if len(ids) == 1 and name}
