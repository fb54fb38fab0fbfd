"""In which form does a figure leave the analytics?"""

from dataclasses import dataclass
from decimal import Decimal

E4 = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Figure:
    """A value with what it was made of; ``value`` is None where the denominator is 0 or missing."""

    formula: str
    value: Decimal | None
    unit: str
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    reason_empty: str = ""


def amount(e4: int | None) -> Decimal | None:
    """An amount from its ten-thousandths."""
    return None if e4 is None else Decimal(e4).scaleb(-4)


def amount_or_zero(e4: int | None) -> Decimal:
    """An amount from its ten-thousandths; nothing counts as zero."""
    return Decimal(e4 or 0).scaleb(-4)


def share(numerator: int | Decimal | None, denominator: int | Decimal | None) -> Decimal | None:
    """Numerator over denominator, or None where that means nothing (domain rule 0.3.3)."""
    if numerator is None or not denominator:
        return None
    return Decimal(numerator) / Decimal(denominator)
