"""How are small records (segments, teams, territories, groups) made when a file names a new one?"""

from collections.abc import Callable
from typing import Any

from django.db import models

from koers.core.bulk import insert_rows, reserve_ids
from koers.core.data_versions import mark_changed
from koers.core.imports.dependent import column_defaults
from koers.core.imports.kinds import RunContext
from koers.core.models import ExternalId


def name_creator(
    context: RunContext, model: type[models.Model], noun: str, part: str, name_column: str = "name",
    *, details: Callable[[str], dict[str, Any]] | None = None, external: bool = False,
) -> Callable[[list[str]], dict[str, int]]:  # fmt: skip
    """A function that makes records for names and returns their ids; ``details`` adds columns."""

    def create(names: list[str]) -> dict[str, int]:
        defaults = column_defaults(model)
        rows = [{name_column: name, **(details(name) if details else {})} for name in names]
        columns = sorted({column for row in rows for column in row} | set(defaults))
        first = reserve_ids(model, len(names))
        insert_rows(
            model,
            ["id", "version", "import_run_id", *columns],
            (
                (
                    first + place,
                    1,
                    context.run_id,
                    *(row.get(column, defaults.get(column)) for column in columns),
                )
                for place, row in enumerate(rows)
            ),
        )
        if external:
            insert_rows(
                ExternalId,
                ["source_id", "noun", "external_id", "object_id", "fingerprint", "import_run_id"],
                (
                    (context.source_id, noun, name, first + place, 0, context.run_id)
                    for place, name in enumerate(names)
                ),
            )
        mark_changed(part)
        return {name: first + place for place, name in enumerate(names)}

    return create


def detail_of(
    context: RunContext, key_column: str, names: dict[str, str]
) -> Callable[[str], dict[str, Any]]:
    """Looks up, in the chunk being imported, what else its rows say of a new record.

    ``names`` maps a field of the file to the record's column; the first row with the key counts.
    """

    def details(key: str) -> dict[str, Any]:
        chunk = context.plan.options.get("_chunk", {})
        index = context.plan.options.setdefault(f"_index_{key_column}", {})
        if index.get("of") != id(chunk):
            keys = chunk.get(key_column, [])
            index.clear()
            index["of"] = id(chunk)
            index["at"] = {text: place for place, text in reversed(list(enumerate(keys)))}
        place = index["at"].get(key)
        if place is None:
            return {}
        found = {column: chunk[field][place] for field, column in names.items() if field in chunk}
        return {column: value for column, value in found.items() if value not in (None, "")}

    return details
