"""What is a formula of the book: its inputs, outputs, words and function?"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Number = float | int
Numbers = Sequence[Number]
WEIGHT_TOLERANCE = 0.001
MOST_ITEMS = 10_000


class FormulaInputError(ValueError):
    """An input is missing, unknown or unusable; names the field and the remedy."""


@dataclass(frozen=True, slots=True)
class Input:
    """One input: its key in data, its labels, its kind and what it may be."""

    key: str
    en: str
    nl: str
    example: Any
    kind: str = "number"  # number, list, matrix, text
    low: Number | None = None
    high: Number | None = None
    choices: tuple[str, ...] = ()
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Output:
    """One part of the result."""

    en: str
    nl: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula with its book id; ``function`` takes the inputs by key and gives the result."""

    id: str
    en: str
    nl: str
    expression: str
    explain_en: str
    explain_nl: str
    source: str
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    function: Callable[..., Any]

    @property
    def example(self) -> dict[str, Any]:
        """Inputs of the book's worked example."""
        return {field.key: field.example for field in self.inputs if field.example is not None}

    def run(self, values: Mapping[str, Any]) -> Any:
        """Check the inputs and compute; a part that means nothing (denominator 0) is None."""
        unknown = sorted(set(values) - {field.key for field in self.inputs})
        if unknown:
            known = ", ".join(field.key for field in self.inputs)
            raise FormulaInputError(
                f"{self.id} has no input {', '.join(unknown)}; it takes {known}."
            )
        checked = {field.key: _checked(self.id, field, values) for field in self.inputs}
        try:
            return _plain(self.function(**checked))
        except FormulaInputError:
            raise
        except (ArithmeticError, ValueError) as error:
            raise FormulaInputError(
                f"{self.id}: these inputs are too large or too small to compute with."
            ) from error


def num(
    key: str, en: str, nl: str, example: Any, low: Number | None = None, high: Number | None = None
) -> Input:
    """A number."""
    return Input(key, en, nl, example, "number", low, high)


def part(key: str, en: str, nl: str, example: Any) -> Input:
    """A share from 0 to 1."""
    return Input(key, en, nl, example, "number", 0, 1)


def seq(
    key: str, en: str, nl: str, example: Any, low: Number | None = None, high: Number | None = None
) -> Input:
    """A list of numbers."""
    return Input(key, en, nl, example, "list", low, high)


def table(key: str, en: str, nl: str, example: Any) -> Input:
    """A list of rows of numbers."""
    return Input(key, en, nl, example, "matrix")


def out(en: str, nl: str, unit: str = "") -> Output:
    """One part of the result."""
    return Output(en, nl, unit)


def ratio(numerator: Number, denominator: Number) -> float | None:
    """Numerator over denominator; None where the denominator is 0 (domain rule 0.3.3)."""
    return None if denominator == 0 else numerator / denominator


def percent(numerator: Number, denominator: Number) -> float | None:
    """Numerator as a percentage of the denominator; None where the denominator is 0."""
    return None if denominator == 0 else numerator / denominator * 100


def same_length(**lists: Sequence[Any]) -> int:
    """Refuse lists of different length; returns the length."""
    lengths = {name: len(values) for name, values in lists.items()}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{name} has {length}" for name, length in lengths.items())
        raise FormulaInputError(f"These lists must be equally long: {told}.")
    length = next(iter(lengths.values()))
    if not length:
        raise FormulaInputError(f"Give at least one value in {', '.join(lengths)}.")
    return length


def check_weights(weights: Numbers, total: Number) -> None:
    """Refuse weights that do not total 1 (or 100) within 0.001 (domain rule 0.3.8)."""
    found = math.fsum(weights)
    if abs(found - total) > WEIGHT_TOLERANCE * total:
        raise FormulaInputError(f"The weights must total {total}; they total {found:g}.")


def weighted(weights: Numbers, scores: Numbers) -> float:
    """Sum of weight times score."""
    same_length(weights=weights, scores=scores)
    return math.fsum(w * s for w, s in zip(weights, scores, strict=True))


def ceil_exact(value: float) -> int:
    """Round up heads that are needed, without being fooled by the last binary digit."""
    return math.ceil(round(value, 9))


def floor_exact(value: float) -> int:
    """Round down heads that are affordable, without being fooled by the last binary digit."""
    return math.floor(round(value, 9))


def _checked(formula: str, field: Input, values: Mapping[str, Any]) -> Any:
    value = values.get(field.key)
    if value is None:
        if field.optional:
            return None
        raise FormulaInputError(f"{formula} needs {field.key} ({field.en}).")
    where = f"{formula}, {field.key} ({field.en})"
    if field.kind == "text":
        if value not in field.choices:
            raise FormulaInputError(f"{where}: {value!r} is not one of {', '.join(field.choices)}.")
        return value
    if field.kind == "number":
        return _number(where, field, value)
    rows = _sequence(where, value)
    if field.kind == "list":
        return [_number(where, field, item) for item in rows]
    return [[_number(where, field, item) for item in _sequence(where, row)] for row in rows]


def _sequence(where: str, value: Any) -> Sequence[Any]:
    if not isinstance(value, (list, tuple)):
        raise FormulaInputError(f"{where}: give a list, not {value!r}.")
    if not 0 < len(value) <= MOST_ITEMS:
        raise FormulaInputError(f"{where}: give 1 to {MOST_ITEMS} values, not {len(value)}.")
    return value


def _number(where: str, field: Input, value: Any) -> Number:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise FormulaInputError(f"{where}: {value!r} is not a number.")
    if not math.isfinite(value) or abs(value) > 1e18:
        raise FormulaInputError(f"{where}: {value!r} is not a usable number.")
    if (field.low is not None and value < field.low) or (
        field.high is not None and value > field.high
    ):
        low = "any" if field.low is None else f"{field.low:g}"
        high = "any" if field.high is None else f"{field.high:g}"
        raise FormulaInputError(f"{where}: {value!r} lies outside {low} to {high}.")
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
