"""How does the text of a column become exact values, fast, and which cells cannot be read?"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from koers.core.imports.detection import COMPACT, MONTHS, NAMED, SEPARATED
from koers.core.imports.fields import CellError, FieldSpec, FieldType

MOST_CACHED = 300_000
GUARDED = "=+-@"
LARGEST_E4 = 10**17
MOST_DIGITS = 40
LONGEST_TEXT = 1_000_000
LONGEST_VALUE = 500  # of a number, date, choice or address
TRUE = {"1", "j", "y", "ja", "yes", "true", "waar", "x"}
FALSE = {"0", "n", "nee", "no", "false", "onwaar", ""}
EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s.]+$")
SYMBOLS = {"€": "EUR", "$": "USD", "£": "GBP", "EURO": "EUR"}
EXCEL_EPOCH = date(1899, 12, 30)
ORDERS_EN = {"dmy": "day-month-year", "mdy": "month-day-year", "ymd": "year-month-day"}


@dataclass(frozen=True, slots=True)
class Conventions:
    """How numbers and dates of a column are written; decided once, never per cell."""

    decimal: str = "."
    date_order: str = "ymd"


class Converter:
    """Converts the values of one column; equal texts are converted once."""

    def __init__(self, spec: FieldSpec, conventions: Conventions) -> None:
        self.spec = spec
        self._one = _converter(spec, conventions)
        self._cache: dict[str, Any] = {}
        self.failed = False

    def convert(self, values: list[str]) -> list[Any]:
        """Values in the same order; a cell that cannot be read becomes a ``CellError``."""
        cache = self._cache
        if len(cache) > MOST_CACHED:
            cache.clear()
        for text in set(values).difference(cache):
            value = self._convert(text)
            self.failed = self.failed or isinstance(value, CellError)
            cache[text] = value
        return [cache[text] for text in values]

    def _convert(self, text: str) -> Any:
        stripped = text.strip()
        if not stripped or stripped in {"NULL", "null", "#N/A", "N/A"}:
            return CellError("required", "") if self.spec.required else None
        if "\ufffd" in stripped:
            return CellError("undecodable", stripped[:100])
        most = LONGEST_TEXT if self.spec.type is FieldType.TEXT else LONGEST_VALUE
        if len(stripped) > most:
            sizes = (("length", len(stripped)), ("most", most))
            return CellError("cell_too_long", stripped[:60].replace("\0", "␀"), sizes)
        if len(stripped) > 1 and stripped[0] == "'" and stripped[1] in GUARDED:
            stripped = stripped[
                1:
            ]  # our own export put it there, so that no spreadsheet computes the cell
        return self._one(stripped)


def _converter(spec: FieldSpec, conventions: Conventions) -> Callable[[str], Any]:
    plain: Mapping[FieldType, Callable[[str], Any]] = {
        FieldType.INTEGER: lambda text: _integer(text, conventions.decimal),
        FieldType.AMOUNT: lambda text: amount_e4(text, conventions.decimal),
        FieldType.SHARE: lambda text: _share(text, conventions.decimal),
        FieldType.DATE: lambda text: read_date(text, conventions.date_order),
        FieldType.BOOLEAN: _boolean,
        FieldType.EMAIL: _email,
        FieldType.CURRENCY: _currency,
        FieldType.COUNTRY: country_code,
        FieldType.CHOICE: lambda text: _choice(text, spec),
    }
    return plain.get(spec.type, lambda text: _text(text, spec.max_length))


def _text(text: str, longest: int) -> Any:
    if "\0" in text:
        return CellError("unprintable", text[:100].replace("\0", "␀"))
    clean = " ".join(text.split()) if longest <= 300 else text
    if len(clean) > longest:
        return CellError("too_long", clean[:60], (("length", len(clean)), ("most", longest)))
    if any(0xD800 <= ord(letter) <= 0xDFFF for letter in clean):
        return CellError("unprintable", clean[:60].encode("ascii", "backslashreplace").decode())
    return clean


def decimal_of(text: str, decimal: str) -> Decimal | None:
    """The exact number a text means with this decimal mark, or None."""
    body = text.replace("\u00a0", "").replace("\u202f", "").replace("−", "-").strip()
    negative = body.startswith("(") and body.endswith(")")
    body = body.strip("()").strip()
    body = re.sub(r"^[€$£¥]\s*|\s*[€$£¥]$|^[A-Z]{3}\s|\s?[A-Z]{3}$", "", body).strip()
    body = re.sub(r"^([-+])\s*[€$£¥]\s*", r"\1", body)
    if body.endswith(",-"):
        body = body[:-2]
    if body.endswith("-"):
        negative, body = not negative, body[:-1]
    thousands = "." if decimal == "," else ","
    whole, mark, fraction = body.partition(decimal)
    if mark and (decimal in fraction or thousands in fraction):
        return None
    groups = re.split(rf"[{re.escape(thousands)}'’ ]", whole)
    if len(groups) > 1 and not (
        0 < len(groups[0].lstrip("+-")) <= 3 and all(len(group) == 3 for group in groups[1:])
    ):
        return None
    try:
        number = Decimal("".join(groups) + ("." + fraction if mark else ""))
    except InvalidOperation:
        return None
    if not number.is_finite() or (number and abs(number.adjusted()) > MOST_DIGITS):
        return None
    return -number if negative else number


def amount_e4(text: str, decimal: str) -> Any:
    """An amount or quantity as whole ten-thousandths; further decimals are rounded half up."""
    number = decimal_of(text, decimal)
    if number is None:
        return CellError(
            "not_a_number", text[:100], (("decimal", "comma" if decimal == "," else "point"),)
        )
    if abs(number) >= LARGEST_E4:
        return CellError("number_too_large", text[:100])
    return int((number * 10_000).to_integral_value(ROUND_HALF_UP))


def _integer(text: str, decimal: str) -> Any:
    number = decimal_of(text, decimal)
    if number is None and decimal == ",":
        number = decimal_of(text, ".")
    if number is None or number != number.to_integral_value() or abs(number) > 10**15:
        return CellError("not_whole", text[:100])
    return int(number)


def _share(text: str, decimal: str) -> Any:
    """A share in ten-thousandths of one: '12%', '0.12' and '12' (above 1 means per cent)."""
    per_cent = text.endswith("%")
    number = decimal_of(text.rstrip("% "), decimal)
    if number is None:
        return CellError("not_a_share", text[:100])
    if per_cent or number > 1:
        number /= 100
    if not 0 <= number <= 1:
        return CellError("not_a_share", text[:100])
    return int((number * 10_000).to_integral_value(ROUND_HALF_UP))


def read_date(text: str, order: str) -> Any:
    """A date in the declared order; ISO dates, names of months and Excel's day numbers are always read."""
    try:
        found = _date(text, order)
    except ValueError:
        found = None
    return found or CellError("not_a_date", text[:100], (("order", ORDERS_EN.get(order, order)),))


def _date(text: str, order: str) -> date | None:
    if len(text) >= 10 and text[4] == "-" and text[7] == "-":
        return date(int(text[:4]), int(text[5:7]), int(text[8:10]))
    parts = SEPARATED.match(text)
    if parts:
        return _separated(parts, order)
    if COMPACT.match(text):
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    named = NAMED.match(text)
    if named:
        day, month, year = (
            (named.group(1), named.group(2), named.group(3))
            if named.group(2)
            else (named.group(5), named.group(4), named.group(6))
        )
        return (
            date(_year(year), MONTHS[month.lower()], int(day)) if month.lower() in MONTHS else None
        )
    serial = re.fullmatch(r"(\d{5})(?:[.,]\d+)?", text)
    return EXCEL_EPOCH + timedelta(days=int(serial.group(1))) if serial else None


def _separated(parts: re.Match[str], order: str) -> date:
    first, second, third = parts.groups()
    if len(first) == 4:
        return date(int(first), int(second), int(third))
    if order == "mdy":
        return date(_year(third), int(first), int(second))
    return date(_year(third), int(second), int(first))


def _year(text: str) -> int:
    year = int(text)
    return year if len(text) == 4 else 2000 + year if year < 70 else 1900 + year


def _boolean(text: str) -> Any:
    word = text.lower()
    return (
        True if word in TRUE else False if word in FALSE else CellError("not_a_boolean", text[:100])
    )


def _email(text: str) -> Any:
    address = text.strip("<> ").lower()
    return (
        address
        if EMAIL.match(address) and len(address) <= 254
        else CellError("not_an_email", text[:100])
    )


def _currency(text: str) -> Any:
    code = SYMBOLS.get(text.upper(), text.upper())
    return code if re.fullmatch(r"[A-Z]{3}", code) else CellError("not_a_currency", text[:100])


def _choice(text: str, spec: FieldSpec) -> Any:
    wanted = text.casefold()
    for name, value in spec.choices:
        if wanted == name.casefold():
            return value
    shown = ", ".join(dict.fromkeys(name for name, _value in spec.choices))
    return CellError("not_a_choice", text[:100], (("choices", shown),))


_COUNTRIES: dict[str, str] = {}
_OTHER_COUNTRIES = {"uk": "GB", "eire": "IE", "usa": "US", "holland": "NL", "rsa": "ZA", "england": "GB",
                    "channel islands": "JE", "hong kong": "HK", "south korea": "KR", "korea": "KR", "macau": "MO", "czech republic": "CZ", "european community": "EU", "unspecified": "", "na": ""}  # fmt: skip


def country_code(text: str) -> Any:
    """ISO code of a country given by code or by its English, Dutch, German or French name."""
    if not _COUNTRIES:
        from babel import Locale  # noqa: PLC0415 -- slow import

        for language in ("fr", "de", "nl", "en"):
            for code, name in Locale(language).territories.items():
                if len(code) == 2 and code.isalpha():
                    _COUNTRIES[name.casefold()] = code
                    _COUNTRIES[code.casefold()] = code
        _COUNTRIES.update(_OTHER_COUNTRIES)
    found = _COUNTRIES.get(text.casefold())
    if found is None:
        return CellError("not_a_country", text[:100])
    return found or None
