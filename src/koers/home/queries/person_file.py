"""How does what is held on a person look as a file, for him to read and for a program to take over?"""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from koers.core.audit_words import noun_label
from koers.core.errors import RuleError
from koers.core.field_words import field_label
from koers.core.privacy.held import Held, HeldPart, Way
from koers.core.privacy.labels import TERMS
from koers.home.queries.person import Person

LONGEST_CELL = 32_000
MOST_SHEET_ROWS = 1_000_000
WAYS = {
    Way.POINTER: pgettext_lazy("way a row was found", "about the record"),
    Way.TIE: pgettext_lazy("way a row was found", "tied to the person"),
    Way.NAME: pgettext_lazy("way a row was found", "names the person"),
}


class FileTooLongError(RuleError):
    """A workbook cannot hold this many rows."""


def not_searched(held: Held) -> list[str]:
    """What lies outside the search, in words for the person's answer."""
    found = [
        _("Backups: they hold what was there on the day they were made."),
        _("Mail boxes, telephone exchanges and files outside Koers."),
        _("The inside of files that were imported; the rows brought in from them are here."),
        _("Texts that name the person by another spelling, a nickname or a part of the name."),
    ]
    if held.unreached:
        nouns = ", ".join(noun_label(name, 2) for name in held.unreached)
        found.append(_("Records without a tie to a person: %(nouns)s.") % {"nouns": nouns})
    return found


def as_json(person: Person, held: Held, *, at: datetime) -> bytes:
    """Everything, with purpose, ground and term of each part; texts are whole."""
    told = {
        "person": {"kind": person.kind.value, "name": str(person), "records": person.ids},
        "made_at": at,
        "sources": person.sources,
        "not_searched": not_searched(held),
        "parts": [_part(part) for part in held.parts],
    }
    return json.dumps(told, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1).encode("utf-8", "replace")  # fmt: skip


def as_sheet(person: Person, held: Held) -> tuple[list[str], list[list[object]]]:
    """One row per field of each record; a text over ``LONGEST_CELL`` characters goes on in the next row.

    Raises ``FileTooLongError`` where a sheet cannot hold it; the JSON file can.
    """
    del person
    heads = [_("Purpose"), _("Legal basis"), _("Intended term in months"), _("Record"), _("Number"), _("Found because"), _("Field"), _("Value")]  # fmt: skip
    rows: list[list[object]] = []
    for part in held.parts:
        terms = TERMS[part.processing]
        start = [
            str(part.processing.label),
            str(terms.basis.label),
            terms.months,
            noun_label(part.noun),
        ]
        for pk, values in part.rows.items():
            for name, value in zip(part.fields, values, strict=True):
                if value not in (None, "", [], {}):
                    rows += [[*start, str(pk), str(WAYS[part.way]), field, text] for field, text in _cells(name, _shown(part, name, value))]  # fmt: skip
        if len(rows) > MOST_SHEET_ROWS:
            raise FileTooLongError(_("This is more than a sheet can hold; take the JSON file."))
    return heads, rows


def _part(part: HeldPart) -> dict[str, Any]:
    terms = TERMS[part.processing]
    return {
        "record": part.noun,
        "called": noun_label(part.noun, 2),
        "purpose": str(part.processing.label),
        "legal_basis": str(terms.basis.label),
        "term_in_months": terms.months,
        "found": part.way.value,
        "withheld": part.withheld,
        "more_than_shown": part.cut,
        "fields": {name: str(field_label(name)) for name in part.fields},
        "rows": [
            {"id": pk} | {name: _shown(part, name, value) for name, value in zip(part.fields, values, strict=True)}
            for pk, values in part.rows.items()
        ],
    }  # fmt: skip


def _shown(part: HeldPart, name: str, value: object) -> object:
    """The word of a choice instead of its code; else the value as it is stored."""
    choices = getattr(part.model._meta.get_field(name), "flatchoices", None)
    return str(dict(choices).get(value, value)) if choices and value not in (None, "") else value


def _cells(name: str, value: object) -> Iterator[tuple[str, object]]:
    """The field's word and its value, cut into pieces that fit a cell."""
    if isinstance(value, (dict, list)):
        value = json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)
    label, text = str(field_label(name)), value
    if isinstance(value, datetime):
        text = value.isoformat()
    if not isinstance(text, str) or len(text) <= LONGEST_CELL:
        yield label, text
        return
    for number, start in enumerate(range(0, len(text), LONGEST_CELL), start=1):
        yield _("%(field)s, part %(number)s") % {"field": label, "number": number}, text[start : start + LONGEST_CELL]  # fmt: skip
