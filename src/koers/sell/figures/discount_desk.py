"""How much more must be sold to make up for a discount (F9.5)?"""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class DeskFigures:
    """Shares of 0-1; the extra ones are None where cost is unknown or the discount eats the margin."""

    contribution_before: Decimal | None
    contribution_after: Decimal | None
    extra_units: float | None
    extra_turnover: float | None


def desk_figures(*, gross: Decimal, net: Decimal, cost: Decimal | None) -> DeskFigures:
    """Contribution ratio before and after the discount, and the extra volume it asks (F9.5).

    Amounts in one currency; the ratio before discount is (gross - cost) / gross.
    """
    from koers_analytics.formulas import run_formula  # noqa: PLC0415 -- slow import

    if cost is None or not gross:
        return DeskFigures(None, None, None, None)
    before = (gross - cost) / gross
    after = (net - cost) / net if net else None
    discount = (gross - net) / gross
    if before <= 0:
        return DeskFigures(before, after, None, None)
    units, turnover = run_formula("F9.5", {"cm": float(before), "d": float(discount)})
    return DeskFigures(before, after, units, turnover)
