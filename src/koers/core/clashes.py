"""How does a form go on after somebody else saved the record first?"""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db import models
from django.http import QueryDict

from koers.core.errors import StaleVersionError


def kept(data: QueryDict, values: Mapping[str, Any], stored: models.Model) -> dict[str, Any]:
    """Values to save after the user chose per field: the stored one, or mine."""
    return {
        name: getattr(stored, name) if data.get(f"keep_{name}") == "stored" else value
        for name, value in values.items()
    }


def show_clash(
    form: forms.Form,
    clash: StaleVersionError,
    *,
    version: int,
    labels: Mapping[str, Any] | None = None,
) -> list[dict[str, Any]]:
    """Rows of the table of three values; the form goes on from the version that is stored now.

    Without the newer version the next save would meet the same clash for ever; fields only
    others changed take their value, or the next save would undo it.
    """
    data = QueryDict(mutable=True)
    for name in form.data:
        data.setlist(name, form.data.getlist(name))  # type: ignore[attr-defined]
    data["version"] = str(version)
    for name, value in clash.merged.items():
        data.pop(name, None)
        if isinstance(value, list):
            data.setlist(name, [str(each) for each in value])
        elif value not in (None, False):
            data[name] = "on" if value is True else str(getattr(value, "pk", value))
    form.data = data
    names = labels or {}
    return [
        {
            "name": name,
            "label": names.get(name) or (form.fields[name].label if name in form.fields else name),
            "read": read,
            "stored": stored,
            "wanted": wanted,
        }
        for name, (read, stored, wanted) in clash.clashes.items()
    ]
