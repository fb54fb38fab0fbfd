"""How are rows of dependent tables (sites, costs) written, and before-images kept?"""

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any

from django.db import models

from koers.core.bulk import fetch_columns, insert_rows, update_row
from koers.core.imports.kinds import RunContext
from koers.core.imports.lookups import batches
from koers.core.models import ImportChange


def fingerprint(values: object) -> int:
    """63 bits that tell equal normalised values from different ones."""
    digest = blake2b(repr(values).encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


def keep_before(
    context: RunContext, noun: str, row_id: int, before: Mapping[str, Any], *, created: set[int]
) -> None:
    """Keep the first values a run found in a record, so that a revert can put them back."""
    if row_id in created:
        return
    known = ImportChange.objects.filter(run_id=context.run_id, noun=noun, object_id=row_id).first()
    if known is None:
        ImportChange.objects.create(
            run_id=context.run_id, noun=noun, object_id=row_id, before=dict(before)
        )
        return
    known.before = {**before, **known.before}
    known.save(update_fields=["before"])


def upsert(
    context: RunContext,
    model: type[models.Model],
    noun: str,
    keys: Sequence[str],
    rows: list[dict[str, Any]],
) -> None:
    """Create or update rows of a dependent table (sites, costs), told apart by the key columns."""
    latest = {tuple(row[name] for name in keys): row for row in rows}
    if not latest or context.dry:
        return
    parents = {key[0] for key in latest}
    known: dict[tuple[Any, ...], int] = {}
    living = model._default_manager.all()
    if any(field.name == "deleted_at" for field in model._meta.concrete_fields):
        living = living.filter(deleted_at=None)
    for part in batches(parents):
        for row in living.filter(**{f"{keys[0]}__in": part}).values("id", *keys):
            known[tuple(_plain(row[name]) for name in keys)] = row["id"]
    fresh = [row for key, row in latest.items() if key not in known]
    defaults = column_defaults(model)
    columns = sorted({name for row in fresh for name in row} | set(defaults))
    insert_rows(
        model,
        ["import_run_id", "version", *columns],
        (
            (context.run_id, 1, *(row.get(name, defaults.get(name)) for name in columns))
            for row in fresh
        ),
    )
    existing = {known[key]: row for key, row in latest.items() if key in known}
    names = sorted({name for row in existing.values() for name in row})
    stored = fetch_columns(model, existing, names) if existing else {}
    for row_id, row in existing.items():
        now = dict(zip(names, stored[row_id], strict=True))
        after = {name: value for name, value in row.items() if now[name] != value}
        if after:
            keep_before(context, noun, row_id, {name: now[name] for name in after}, created=set())
            update_row(model, row_id, after)


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def column_defaults(model: type[models.Model]) -> dict[str, Any]:
    """Database values of the columns a row needs but an import may not name."""
    found: dict[str, Any] = {}
    for each in model._meta.concrete_fields:
        if each.primary_key or each.null or each.attname in {"version", "import_run_id"}:
            continue
        if each.has_default() or each.empty_strings_allowed:
            found[each.attname] = each.get_prep_value(each.get_default())
    return found
