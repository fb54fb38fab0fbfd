"""How is a decimal number typed, in the way the reader's language writes it?

A browser's own number field drops the comma where its language has a point, so that 12,50 becomes
1250; these fields take text and read it themselves.
"""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

NOISE = re.compile(r"[\s€$£%]")


KEY_DIGITS = 18  # more may not fit in the database's whole numbers


def record_key(text: str) -> int | None:
    """The key of a record as an address names it; None for what can be none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= KEY_DIGITS else None


def separators() -> tuple[str, str]:
    """Signs between thousands and before decimals: '.' and ',' in Dutch, else ',' and '.'."""
    return (".", ",") if (get_language() or "en").startswith("nl") else (",", ".")


def bare_decimal(text: str) -> str:
    """Typed text with a point before the decimals and nothing between thousands.

    One sign of the other language is read as a decimal sign too (12.50 in Dutch), unless it
    stands before exactly three digits where the language groups thousands. A sign in neither
    order stays, and is refused by whoever reads the number.
    """
    bare = NOISE.sub("", text).replace("−", "-")
    thousands, decimal = separators()
    grouped = rf"[+-]?[1-9]\d{{0,2}}(\{thousands}\d{{3}})+(\{decimal}\d*)?"
    if re.fullmatch(grouped, bare):
        bare = bare.replace(thousands, "")
    return bare.replace(decimal, ".") if bare.count(decimal) else bare.replace(thousands, ".", 1)


class DecimalEntryField(forms.DecimalField):
    """A decimal typed as 1.234,50 in Dutch and 1,234.50 in English; shown the same way."""

    def __init__(self, **options: Any) -> None:
        attributes = {"inputmode": "decimal", "autocomplete": "off"}
        super().__init__(**{"widget": forms.TextInput(attrs=attributes), **options})

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        """Read the text, or refuse it with what was typed."""
        if not isinstance(value, str):
            return super().to_python(value)
        try:
            return super().to_python(bare_decimal(value))
        except ValidationError as error:
            raise ValidationError(
                _("“%(text)s” is not a number.") % {"text": value.strip()[:40]}, code="invalid"
            ) from error

    def prepare_value(self, value: Any) -> Any:
        """Write a stored number as one types it, without zeros that say nothing."""
        if isinstance(value, (int, float)):
            value = Decimal(str(value))
        if not isinstance(value, Decimal):
            return value
        text = f"{value:f}"
        if "." in text:
            whole, part = text.split(".")
            part = part.rstrip("0")
            text = f"{whole}.{part.ljust(2, '0')}" if part else whole
        return text.replace(".", separators()[1])
