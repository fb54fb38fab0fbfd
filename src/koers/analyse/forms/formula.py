"""How does a user type the inputs of a formula, in the way his or her language writes numbers?"""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext, gettext_lazy

from koers.analyse.figures.formula import FormulaInfo, InputInfo

LONGEST_TEXT = 200_000
MOST_DIGITS = 40
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,3})?", re.IGNORECASE)
HELP = {
    "list": gettext_lazy("Several numbers, separated by ; or spaces."),
    "matrix": gettext_lazy("One row per line; numbers separated by ; or spaces."),
}


def is_dutch() -> bool:
    """Whether the page is in Dutch."""
    return (get_language() or "en").startswith("nl")


def read_number(text: str) -> float | int:
    """Number as typed: decimal comma or point, with the language's sign between thousands."""
    bare = re.sub(r"[\s'€$%]", "", text).replace("−", "-")  # noqa: RUF001 -- a minus as printed
    thousands, decimal = (".", ",") if is_dutch() else (",", ".")
    if re.fullmatch(rf"[+-]?[1-9]\d{{0,2}}(\{thousands}\d{{3}})+(\{decimal}\d*)?", bare):
        bare = bare.replace(thousands, "")
    bare = bare.replace(",", ".")
    if len(bare) > MOST_DIGITS or not NUMBER.fullmatch(bare):
        raise forms.ValidationError(
            gettext("“%(text)s” is not a number.") % {"text": text.strip()[:MOST_DIGITS]}
        )
    return int(bare) if re.fullmatch(r"[+-]?\d+", bare) else float(bare)


def read_numbers(text: str) -> list[float | int]:
    """Numbers of one line; a comma may divide numbers or decimals, but not both at once."""
    if ";" in text:
        pieces = [piece.strip() for piece in text.split(";") if piece.strip()]
        return [read_number(word) for piece in pieces for word in piece.split()]
    words = text.split()
    if len(words) == 1:
        words = [word for word in text.strip().split(",") if word]
    elif any(word.endswith(",") for word in words):
        if any("," in word.rstrip(",") for word in words):
            raise forms.ValidationError(
                gettext("Separate the numbers with ; when you write decimals with a comma.")
            )
        words = [bare for word in words if (bare := word.rstrip(","))]
    return [read_number(word) for word in words]


def write_number(value: float | int) -> str:
    """Number as it stands in an input: no sign between thousands, decimals as the language has them."""
    text = repr(value)
    return text.replace(".", ",") if is_dutch() else text


def write_value(value: Any) -> str:
    """Value of an input as text that reads back to the same value."""
    if isinstance(value, str):
        return value
    if not isinstance(value, Sequence):
        return write_number(value)
    if value and isinstance(value[0], Sequence):
        return "\n".join(write_value(row) for row in value)
    return "; ".join(write_number(item) for item in value)


class NumberField(forms.CharField):
    """One number within its limits."""

    def __init__(self, field: InputInfo, **options: Any) -> None:
        super().__init__(max_length=60, **options)
        self.field = field
        self.widget.attrs.update({"inputmode": "decimal", "autocomplete": "off", "class": "num"})

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return self.checked(read_number(text)) if text else None

    def checked(self, number: float | int) -> float | int:
        """Refuse a number outside the limits of the input."""
        low, high = self.field.low, self.field.high
        if low is not None and number < low:
            raise forms.ValidationError(
                gettext("Give at least %(limit)s.") % {"limit": write_number(low)}
            )
        if high is not None and number > high:
            raise forms.ValidationError(
                gettext("Give at most %(limit)s.") % {"limit": write_number(high)}
            )
        return number


class NumbersField(NumberField):
    """A list of numbers."""

    def __init__(self, field: InputInfo, **options: Any) -> None:
        super().__init__(field, help_text=HELP["list"], **options)
        self.max_length = LONGEST_TEXT
        self.validators = []
        self.widget.attrs.pop("maxlength", None)

    def to_python(self, value: Any) -> Any:
        text = forms.CharField.to_python(self, value)
        if len(text) > LONGEST_TEXT:
            raise forms.ValidationError(gettext("This is too long."))
        return [self.checked(number) for number in read_numbers(text)] if text else None


class MatrixField(NumberField):
    """Rows of numbers, one row per line."""

    def __init__(self, field: InputInfo, **options: Any) -> None:
        super().__init__(
            field, help_text=HELP["matrix"], widget=forms.Textarea(attrs={"rows": 4}), **options
        )
        self.validators = []
        self.widget.attrs.pop("maxlength", None)

    def to_python(self, value: Any) -> Any:
        text = forms.CharField.to_python(self, value)
        if len(text) > LONGEST_TEXT:
            raise forms.ValidationError(gettext("This is too long."))
        rows = [read_numbers(line) for line in text.splitlines() if line.strip()]
        return [[self.checked(number) for number in row] for row in rows] or None


FIELDS = {"number": NumberField, "list": NumbersField, "matrix": MatrixField}


class FormulaForm(forms.Form):
    """The inputs of one formula; the worked example is filled in until the user types."""

    def __init__(self, info: FormulaInfo, data: Any = None) -> None:
        super().__init__(data=data, initial={k: write_value(v) for k, v in info.example.items()})
        for field in info.inputs:
            self.fields[field.key] = _form_field(field)

    def inputs(self) -> dict[str, Any]:
        """What the formula computes with; an empty optional input is left out."""
        return {key: value for key, value in self.cleaned_data.items() if value not in (None, "")}


def _form_field(field: InputInfo) -> forms.Field:
    label = f"{field.nl if is_dutch() else field.en} ({field.key})"
    if field.kind == "text":
        return forms.ChoiceField(
            label=label, choices=[(choice, choice) for choice in field.choices]
        )
    return FIELDS[field.kind](field, label=label, required=not field.optional)
