"""What is an amount of money, and how is it stored exactly?

Amounts live in the database as whole ten-thousandths of the currency unit (``e4``): integers add
up exactly on SQLite and PostgreSQL alike, and price lists with four decimals keep them.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from koers.core.errors import RuleError

SCALE = Decimal("0.0001")
UNITS = 10_000
CENT = Decimal("0.01")
LARGEST_E4 = 2**63 - 1


class CurrencyMismatchError(RuleError):
    """Two currencies were added without a dated rate."""


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount with its currency (domain rule 0.3.1)."""

    amount: Decimal
    currency: str

    def __add__(self, other: Self) -> "Money":
        self._same_currency(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: Self) -> "Money":
        self._same_currency(other)
        return Money(self.amount - other.amount, self.currency)

    def rounded(self) -> "Money":
        """Round half up to cents, for display and payouts only."""
        return Money(self.amount.quantize(CENT, ROUND_HALF_UP), self.currency)

    def _same_currency(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise CurrencyMismatchError(
                _("%(one)s and %(two)s cannot be added; convert with a dated rate first.")
                % {"one": self.currency, "two": other.currency}
            )


def to_e4(value: Decimal) -> int:
    """Whole ten-thousandths of an amount, half up."""
    return int((value * UNITS).to_integral_value(ROUND_HALF_UP))


def from_e4(value: int) -> Decimal:
    """Turn stored ten-thousandths back into an amount."""
    return Decimal(value).scaleb(-4)


if TYPE_CHECKING:
    Base = models.BigIntegerField[Any, Any]
else:
    Base = models.BigIntegerField


class E4Field(Base):
    """A decimal with four places, stored exactly as an integer number of ten-thousandths."""

    description = "Exact decimal with four places"
    if TYPE_CHECKING:
        _pyi_private_set_type: Any
        _pyi_private_get_type: Any
        _pyi_lookup_exact_type: Any

    def from_db_value(self, value: int | None, *_args: object) -> Decimal | None:
        return None if value is None else from_e4(int(value))

    def to_python(self, value: Any) -> Decimal | None:
        if value is None or isinstance(value, Decimal):
            return value
        if isinstance(value, float):
            raise ValidationError(_("Use an exact decimal, not a floating-point number."))
        try:
            return Decimal(str(value))
        except ArithmeticError as error:
            raise ValidationError(
                _("“%(value)s” is not a number."), params={"value": value}
            ) from error

    def get_prep_value(self, value: Any) -> int | None:
        amount = self.to_python(value)
        if amount is None:
            return None
        number = to_e4(amount)
        if abs(number) > LARGEST_E4:
            raise ValidationError(_("%(value)s is too large to store."), params={"value": value})
        return number

    @property
    def validators(self) -> list[Any]:
        """None of the integer limits apply to the decimal value."""
        return []


class AmountField(E4Field):
    """An amount of money; the currency stands in a field beside it."""


class QuantityField(E4Field):
    """A quantity of goods, which may be fractional (metres, kilograms, hours)."""
