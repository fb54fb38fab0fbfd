"""Which VAT rate holds on a day?"""

from datetime import date
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _


class VatCode(models.TextChoices):
    """The rates of Dutch law (Wet OB 1968, art. 9)."""

    STANDARD = "standard", _("Standard rate")
    REDUCED = "reduced", _("Reduced rate")
    ZERO = "zero", _("Zero rate or exempt")


RATES: dict[str, tuple[tuple[date, Decimal], ...]] = {
    VatCode.STANDARD: ((date(2001, 1, 1), Decimal("0.19")), (date(2012, 10, 1), Decimal("0.21"))),
    VatCode.REDUCED: ((date(2001, 1, 1), Decimal("0.06")), (date(2019, 1, 1), Decimal("0.09"))),
    VatCode.ZERO: ((date(2001, 1, 1), Decimal(0)),),
}


def vat_rate(code: str, day: date) -> Decimal:
    """The rate as a share of 0-1 that holds on a day; before 2001 the first one known."""
    known = [rate for start, rate in RATES[code] if start <= day]
    return known[-1] if known else RATES[code][0][1]
