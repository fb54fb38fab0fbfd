"""Which formulas does the book have, what does one mean, and what does it give?"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from koers.core.errors import RuleError

if TYPE_CHECKING:
    from koers_analytics.formulas import Formula


class UnknownFormulaError(RuleError):
    """No formula has this id; the message names ids that look like it."""

    status = 404


class FormulaInputRefusedError(RuleError):
    """The inputs are unusable; the message names the field and the remedy."""

    status = 400


@dataclass(frozen=True, slots=True)
class InputInfo:
    """One input; kind is number, list, matrix or text."""

    key: str
    en: str
    nl: str
    kind: str
    low: float | None
    high: float | None
    choices: tuple[str, ...]
    optional: bool
    example: Any


@dataclass(frozen=True, slots=True)
class OutputInfo:
    """One part of the result and its unit."""

    en: str
    nl: str
    unit: str


@dataclass(frozen=True, slots=True)
class FormulaInfo:
    """A formula as the screens, the API and the console show it."""

    id: str
    name_en: str
    name_nl: str
    expression: str
    explanation_en: str
    explanation_nl: str
    source: str
    inputs: tuple[InputInfo, ...]
    outputs: tuple[OutputInfo, ...]
    example: dict[str, Any]

    @property
    def example_result(self) -> Any:
        """Result of the worked example; computed when asked, for one formula loads scipy."""
        return compute(self.id, self.example)


def formula_list() -> list[FormulaInfo]:
    """All formulas, in the order of the book's chapters."""
    from koers_analytics.formulas import FORMULAS  # noqa: PLC0415 -- slow import

    return [_info(formula) for formula in FORMULAS.values()]


def formula_of(formula_id: str) -> FormulaInfo:
    """One formula by its id."""
    return _info(_found(formula_id))


def compute(formula_id: str, inputs: Mapping[str, Any]) -> Any:
    """Result in the shape of the outputs; a part without meaning (denominator 0) is None."""
    from koers_analytics.formulas import FormulaInputError  # noqa: PLC0415 -- slow import

    formula = _found(formula_id)
    if not isinstance(inputs, Mapping):
        raise FormulaInputRefusedError(
            f'{formula.id}: give the inputs by name, e.g. {{"{formula.inputs[0].key}": …}}.'
        )
    try:
        return formula.run(inputs)
    except FormulaInputError as refusal:
        raise FormulaInputRefusedError(str(refusal)) from refusal


def _found(formula_id: str) -> "Formula":
    from koers_analytics.formulas import (  # noqa: PLC0415 -- slow import
        FormulaNotFoundError,
        get_formula,
    )

    try:
        return get_formula(formula_id)
    except FormulaNotFoundError as absent:
        raise UnknownFormulaError(str(absent)) from absent


def _info(formula: "Formula") -> FormulaInfo:
    return FormulaInfo(
        id=formula.id,
        name_en=formula.en,
        name_nl=formula.nl,
        expression=formula.expression,
        explanation_en=formula.explain_en,
        explanation_nl=formula.explain_nl,
        source=formula.source,
        inputs=tuple(
            InputInfo(
                field.key,
                field.en,
                field.nl,
                field.kind,
                field.low,
                field.high,
                field.choices,
                field.optional,
                field.example,
            )
            for field in formula.inputs
        ),
        outputs=tuple(OutputInfo(part.en, part.nl, part.unit) for part in formula.outputs),
        example=formula.example,
    )
