"""What stands in the database, said without ids: records are named by what people know them by."""

import hashlib
from functools import partial

from django.apps import apps
from django.db.models import Model

IGNORED = {"core.AuditEntry", "core.AuditSeal", "core.DataVersion", "contenttypes.ContentType", "auth.Permission"}  # fmt: skip
NAMES = {
    "organisation.User": "email",
    "customers.Contact": "email",
    "sell.Order": "number",
    "sell.Quote": "number",
    "catalogue.Product": "code",
    "core.SourceSystem": "code",
    "sell.Activity": "subject",
}
BARE_NUMBERS = {"core.RecordRead": "object_id"}
"""Ids that are no links, so that they cannot be said by name."""


def checksums() -> dict[str, tuple[int, str]]:
    """Rows and digest per table; a link stands as the name of the record it leads to."""
    return {
        model._meta.label: _digest(_rows(model))
        for model in apps.get_models()
        if model._meta.managed and model._meta.label not in IGNORED
    }


def _rows(model: type[Model]) -> list[str]:
    plain, links = [], []
    for field in model._meta.concrete_fields:
        if field.is_relation:
            links.append((field.attname, _names(field.related_model)))
        elif not field.primary_key and field.name not in {"password", BARE_NUMBERS.get(model._meta.label)}:  # fmt: skip
            plain.append(field.attname)
    rows = model._default_manager.values(*plain, *(name for name, _names_of in links))
    return sorted(map(partial(_row, links=links), rows.iterator()))


def _row(row: dict, *, links: list) -> str:
    for name, names in links:
        row[name] = None if row[name] is None else names[row[name]]
    return repr(sorted(row.items()))


def _names(model: type[Model]) -> dict[int, str]:
    field = NAMES.get(model._meta.label, "name")
    known = {each.name for each in model._meta.concrete_fields}
    return dict(model._default_manager.values_list("pk", field if field in known else "pk"))


def _digest(rows: list[str]) -> tuple[int, str]:
    return len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest()
