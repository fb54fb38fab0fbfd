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
REFUSALS = (
    (r"The weights must total (?P<total>\d+); they total (?P<found>[^ ]+)\.",
     gettext_lazy("The weights must total %(total)s; they total %(found)s.")),
    (r"These lists must be equally long: (?P<told>.*)\.",
     gettext_lazy("These lists must be equally long: %(told)s.")),
    (r"F1\.1 needs (?P<asked>\d+) answers, not (?P<found>\d+)\.",
     gettext_lazy("Give %(asked)s answers, not %(found)s.")),
    (r"F1\.4: A must be square.*", gettext_lazy("The matrix must be square and the row of brands as long.")),
    (r"F2\.4: n must be .*", gettext_lazy("Give a whole number of customers.")),
    (r"F2\.4: the cuts must rise.*", gettext_lazy("The cuts must rise, e.g. 0.01; 0.05; 0.2.")),
    (r"F2\.10: every row .*", gettext_lazy("Every row must have the same number of cells.")),
    (r"F3\.2: the shares total (?P<found>[^ ]+) .*",
     gettext_lazy("The shares total %(found)s %%; a market holds 100 %%.")),
    (r"Give at least 8 quarters, not (?P<found>\d+)\.",
     gettext_lazy("Give at least 8 quarters, not %(found)s.")),
    (r"F4\.11: .*", gettext_lazy("Give lowest, most likely and highest in rising order.")),
    (r"F6\.5: .*", gettext_lazy("More days are taken off than there are working days.")),
    (r"F7\.4: .*", gettext_lazy("The lowest price cannot be above ours; ours is then lowest.")),
    (r"F9\.20: the last .*", gettext_lazy("The last purchase cannot lie after the end.")),
    (r"F10\.1: .*", gettext_lazy("Able and willing are 0 (no) or 1 (yes).")),
    (r"FO\.5: .*", gettext_lazy("Give whole cents and whole basis points (30 %% is 3000).")),
    (r".*too large or too small to compute with\.",
     gettext_lazy("These inputs are too large or too small to compute with.")),
)  # fmt: skip


def explained(refusal: str) -> str:
    """Refusal of a formula in the user's language; one without translation stays as it is."""
    for pattern, text in REFUSALS:
        found = re.fullmatch(pattern, refusal)
        if found:
            told = {name: part.replace(" has ", ": ") for name, part in found.groupdict().items()}
            if is_dutch() and "." in told.get("found", ""):
                told["found"] = told["found"].replace(".", ",")
            return str(text) % told
    return refusal


def is_dutch() -> bool:
    """Whether the page is in Dutch."""
    return (get_language() or "en").startswith("nl")


def read_number(text: str) -> float | int:
    """Number as typed: decimal comma or point, with the language's sign between thousands."""
    bare = re.sub(r"[\s'€$]", "", text).replace("−", "-")
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
        super().__init__(**options)
        self.field = field
        self.widget.attrs.update({"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value: Any) -> Any:
        text = self.typed(value)
        return self.checked(read_number(text)) if text else None

    def typed(self, value: Any) -> str:
        """Text as typed, within a length that can be read."""
        text = super().to_python(value) or ""
        if len(text) > LONGEST_TEXT:
            raise forms.ValidationError(gettext("This is too long."))
        return text

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
        self.widget.attrs["inputmode"] = "text"

    def to_python(self, value: Any) -> Any:
        return [self.checked(number) for number in read_numbers(self.typed(value))] or None


class MatrixField(NumberField):
    """Rows of numbers, one row per line."""

    widget = forms.Textarea

    def __init__(self, field: InputInfo, **options: Any) -> None:
        super().__init__(field, help_text=HELP["matrix"], **options)
        self.widget.attrs.update({"rows": 4, "inputmode": "text"})

    def to_python(self, value: Any) -> Any:
        rows = [read_numbers(line) for line in self.typed(value).splitlines() if line.strip()]
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
