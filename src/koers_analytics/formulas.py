"""Which formulas does the book have, and what does one of them give for these inputs?"""

import difflib
from collections.abc import Mapping
from typing import Any

from koers_analytics.formula_sets import (
    account,
    economics,
    economics_value,
    environment,
    fairs,
    forecast,
    international,
    online,
    people,
    relationship,
    role,
    strategy,
    team,
)
from koers_analytics.formula_sets.base import Formula, FormulaInputError, Input, Output

__all__ = [
    "FORMULAS",
    "Formula",
    "FormulaInputError",
    "FormulaNotFoundError",
    "Input",
    "Output",
    "get_formula",
    "run_formula",
]

_IN_ORDER = (
    *role.FORMULAS,
    *strategy.FORMULAS,
    *environment.FORMULAS,
    *forecast.FORMULAS,
    *relationship.FORMULAS,
    *team.FORMULAS,
    *account.FORMULAS,
    *fairs.FORMULAS,
    *economics.FORMULAS,
    *economics_value.FORMULAS,
    *economics.LATER,
    *economics_value.LATER,
    *people.FORMULAS,
    *international.FORMULAS,
    *online.FORMULAS,
)
FORMULAS: dict[str, Formula] = {formula.id: formula for formula in _IN_ORDER}


class FormulaNotFoundError(LookupError):
    """No formula has this id; names ids that look like it."""


def get_formula(formula_id: str) -> Formula:
    """The formula with this id, e.g. F6.1."""
    found = FORMULAS.get(formula_id)
    if found is not None:
        return found
    asked = str(formula_id).strip().upper()
    by_upper = {known.upper(): known for known in FORMULAS}
    near = difflib.get_close_matches(asked, by_upper, n=5, cutoff=0.5)
    hint = f"; did you mean {', '.join(by_upper[name] for name in near)}?" if near else "."
    raise FormulaNotFoundError(f"There is no formula {str(formula_id)[:40]!r}{hint}")


def run_formula(formula_id: str, inputs: Mapping[str, Any]) -> Any:
    """Compute a formula; the result has the shape of its outputs, None where nothing is meant."""
    return get_formula(formula_id).run(inputs)
