"""How are amounts, shares, numbers and dates written in the reader's language?"""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel import Locale
from babel.dates import format_date, format_datetime, format_skeleton
from babel.numbers import (
    format_compact_currency,
    format_compact_decimal,
    format_currency,
    format_decimal,
    format_percent,
)
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from koers.core.money import Money

Number = Decimal | int | float
LOCALES = {"nl": "nl_NL", "en": "en_GB"}
MINUS = "\N{MINUS SIGN}"
EN_DASH = "\N{EN DASH}"


@lru_cache(maxsize=8)
def _locale_named(name: str) -> Locale:
    return Locale.parse(name)


def locale() -> Locale:
    """Locale of the page: Dutch, else British English."""
    language = (translation.get_language() or "en")[:2]
    return _locale_named(LOCALES.get(language, "en_GB"))


def money(value: Money | Number, currency: str = "EUR", *, digits: int = 2) -> str:
    """Write an amount to the cent (or whole, with ``digits=0``), rounded half up.

    English: €1,234.50; Dutch: € 1.234,50.
    """
    amount, unit = _amount(value, currency)
    rounded = amount.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    pattern = _plain_pattern(digits)
    return _minus(format_currency(rounded, unit, pattern, locale=locale(), currency_digits=False))


def _plain_pattern(digits: int) -> str:
    places = f".{'0' * digits}" if digits else ""
    sign = "¤\N{NO-BREAK SPACE}" if locale().language == "nl" else "¤"
    return f"{sign}#,##0{places};{sign}-#,##0{places}" if len(sign) > 1 else f"{sign}#,##0{places}"


def money_short(value: Money | Number, currency: str = "EUR") -> str:
    """Write an amount of any size in a few characters: €1.2M, € 1,2 mln."""
    amount, unit = _amount(value, currency)
    text = format_compact_currency(amount, unit, locale=locale(), fraction_digits=_places(amount))
    return _minus(text.removesuffix("."))


def number_short(value: Number) -> str:
    """Write a number of any size in a few characters: 1.2M, 1,2 mln."""
    exact = _exact(value)
    text = format_compact_decimal(exact, locale=locale(), fraction_digits=_places(exact))
    return _minus(text.removesuffix("."))


def _places(value: Decimal) -> int:
    """One decimal from a thousand on; small numbers are whole as they stand."""
    return 1 if abs(value) >= 1000 else 0


def share(value: Number, digits: int = 1) -> str:
    """Write a share of 0-1 as a percentage: 24.0%, 24,0 %."""
    places = f".{'0' * digits}" if digits else ""
    rounded = _exact(value).quantize(Decimal(1).scaleb(-digits - 2), ROUND_HALF_UP)
    space = "\N{NO-BREAK SPACE}" if locale().language == "nl" else ""
    return _minus(format_percent(rounded, f"#,##0{places}{space}%", locale=locale()))


def number(value: Number, digits: int | None = None) -> str:
    """Write a number with grouped thousands; trailing zeros fall away unless digits are asked."""
    exact = _exact(value)
    if digits is None:
        return _minus(format_decimal(exact, "#,##0.####", locale=locale()))
    rounded = (
        exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP) + 0
    )  # no minus before nought
    places = f".{'0' * digits}" if digits else ""
    return _minus(format_decimal(rounded, f"#,##0{places}", locale=locale()))


def signed(text: str, value: Number) -> str:
    """Put a plus before what grew; a minus stands there already."""
    return f"+{text}" if _exact(value) > 0 else text


def signed_money(value: Number, currency: str = "EUR", *, digits: int = 0) -> str:
    """Write a change in whole units or to the cent, its plus where its minus would stand: +€1,200, € +1.200."""
    amount = _exact(value).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP) + 0
    if amount <= 0:
        return money(amount, currency, digits=digits)
    return money(-amount, currency, digits=digits).replace(MINUS, "+")


def signed_points(value: Number, digits: int = 1) -> str:
    """Write the difference of two shares: +0.2 pts, +0,2 procentpunt; never as a percentage."""
    points = signed(number(_exact(value) * 100, digits), value)
    return _("%(number)s pts") % {"number": points}


def day(value: date | datetime) -> str:
    """Write a day: 23 Nov 2026, 23 nov 2026."""
    if isinstance(value, datetime):
        value = timezone.localdate(value) if timezone.is_aware(value) else value.date()
    return format_date(value, "d MMM y", locale=locale())


def moment(value: datetime) -> str:
    """Write a day and time in the local zone: 23 Nov 2026, 14:05."""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return format_datetime(local, "d MMM y, HH:mm", locale=locale())


def month(value: date) -> str:
    """Write a month: Nov 2026, nov 2026."""
    return format_skeleton("yMMM", value, locale=locale())


def period(start: date, last_day: date) -> str:
    """Write a period as people do, both ends included."""
    return f"{day(start)} {EN_DASH} {day(last_day)}"


def _amount(value: Money | Number, currency: str) -> tuple[Decimal, str]:
    if isinstance(value, Money):
        return value.amount, value.currency
    return _exact(value), currency or "EUR"


def _exact(value: Number) -> Decimal:
    return Decimal(str(value)) if isinstance(value, float) else Decimal(value)


def _minus(text: str) -> str:
    return text.replace("-", MINUS)
