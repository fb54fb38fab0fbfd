"""Does a cell become the exact value it was written as, or a named error?"""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from koers.core.imports.conversion import Conventions, Converter, amount_e4, read_date
from koers.core.imports.detection import decimal_mark, read_column
from koers.core.imports.fields import CellError, FieldSpec, FieldType
from koers.core.imports.messages import MESSAGES, message

CENTS = st.integers(min_value=-(10**12), max_value=10**12)
DAYS = st.dates(min_value=date(1970, 1, 1), max_value=date(2069, 12, 31))
NAUGHTY = ["=1+1", "+31 20 1234567", "-5 days", "@SUM(A1)", "<script>alert(1)</script>", "'; DROP TABLE x;--",
           "Ω≈ç√∫˜µ", "田中さん", "\u202etest", "👩‍👩‍👧", "null island", "1e5", "NaN", "%s%n", "../../etc/passwd"]  # fmt: skip


def convert(kind: FieldType, text: str, conventions: Conventions = Conventions()) -> object:  # noqa: B008 -- frozen
    return Converter(FieldSpec("field", "field", "veld", kind), conventions).convert([text])[0]


def spelled(cents: int, decimal: str, thousands: str) -> str:
    plain = f"{Decimal(cents).scaleb(-2):,.2f}"
    return plain.replace(",", "T").replace(".", decimal).replace("T", thousands)


@given(CENTS, st.sampled_from([(",", "."), (",", " "), (",", "\u00a0"), (",", ""), (",", "'"),
                               (".", ","), (".", " "), (".", "\u202f"), (".", ""), (".", "’")]))  # fmt: skip
def test_an_amount_survives_every_way_of_writing_it(cents: int, style: tuple[str, str]) -> None:
    assert amount_e4(spelled(cents, *style), style[0]) == cents * 100


@given(st.lists(CENTS, min_size=1), st.sampled_from([(",", "."), (".", ",")]))
def test_amounts_in_cents_prove_their_decimal_mark(
    amounts: list[int], style: tuple[str, str]
) -> None:
    assert decimal_mark(spelled(cents, *style) for cents in amounts) == style[0]


@given(DAYS, st.sampled_from(["-", "/", "."]))
def test_a_date_survives_the_three_orders(day: date, mark: str) -> None:
    assert read_date(day.strftime(f"%d{mark}%m{mark}%Y"), "dmy") == day
    assert read_date(day.strftime(f"%m{mark}%d{mark}%Y"), "mdy") == day
    assert read_date(day.strftime(f"%Y{mark}%m{mark}%d"), "ymd") == day


def reading(name: str, *values: str) -> tuple[str, str, str, str]:
    found = read_column(name, dict.fromkeys(values, 1), 0)
    return found.type, found.decimal, found.order, found.status


def test_both_decimal_marks_proven_is_mixed_and_either_is_not() -> None:
    assert reading("Bedrag", "1,5", "2.75") == ("number", "", "", "mixed")
    assert reading("Bedrag", "1.250", "2,1") == ("number", ",", "", "clear")
    assert reading("Bedrag", "1,250", "2.5") == ("number", ".", "", "clear")
    assert reading("Bedrag", "10.000") == ("number", ".", "", "ambiguous")


def test_day_first_and_month_first_proven_is_mixed_and_unproven_is_ambiguous() -> None:
    assert reading("Datum", "31-12-2025", "12-31-2025") == ("date", "", "", "mixed")
    assert reading("Datum", "31-12-2025", "01-02-2025") == ("date", "", "dmy", "clear")
    assert reading("Date", "12/31/2025", "01/02/2025") == ("date", "", "mdy", "clear")
    assert reading("Datum", "01-02-2025") == ("date", "", "dmy", "ambiguous")


def test_day_numbers_of_a_workbook_are_dates_only_under_a_header_that_says_so() -> None:
    assert reading("Orderdatum", "45000", "45001.5")[0] == "date"
    assert reading("Postcode", "45000", "45001")[0] == "integer"
    assert convert(FieldType.DATE, "45000.5") == date(1899, 12, 30) + timedelta(days=45_000)


def test_a_cell_with_an_undecodable_character_is_refused_whatever_its_type() -> None:
    for kind in FieldType:
        assert convert(kind, "Caf\ufffd") == CellError("undecodable", "Caf\ufffd")


def test_nul_and_lone_surrogates_are_refused() -> None:
    assert convert(FieldType.TEXT, "a\0b") == CellError("unprintable", "a␀b")
    assert convert(FieldType.TEXT, "a\ud800b") == CellError("unprintable", "a\\ud800b")


@pytest.mark.parametrize("text", NAUGHTY)
def test_naughty_and_formula_looking_texts_stay_text(text: str) -> None:
    assert convert(FieldType.TEXT, text) == text


@pytest.mark.parametrize("kind", [FieldType.AMOUNT, FieldType.INTEGER, FieldType.SHARE])
@pytest.mark.parametrize(
    "text", ["NaN", "Infinity", "1e999999999", "1e-999999999", "--5", "1,2,3,4", "²", "abc"]
)
def test_what_is_no_number_is_refused(kind: FieldType, text: str) -> None:
    assert isinstance(convert(kind, text), CellError)


def test_an_overlong_number_is_refused_by_its_length() -> None:
    digits = "9" * 1_000_001
    expected = CellError("cell_too_long", "9" * 60, (("length", 1_000_001), ("most", 500)))
    assert convert(FieldType.AMOUNT, digits) == expected


def test_a_message_stays_in_the_readers_language_when_something_is_missing() -> None:
    assert message("not_found", {}, "nl").startswith("“…” bestaat nog niet")
    assert message("not_found", {}, "en").startswith("“…” does not exist yet")
    assert message("who_knows", {}, "nl") == "Deze waarde is niet bruikbaar (who_knows)."
    assert message("who_knows", {}, "en") == "This value cannot be used (who_knows)."


def test_dutch_messages_name_marks_and_orders_in_dutch() -> None:
    number = message("not_a_number", {"value": "x", "decimal": "comma"}, "nl")
    assert number.startswith("“x” is geen getal met een decimale komma.")
    day = message("not_a_date", {"value": "x", "order": "day-month-year"}, "nl")
    assert day.startswith("“x” is geen datum als dag-maand-jaar.")


@pytest.mark.parametrize("code", MESSAGES)
def test_every_message_has_the_same_parameters_in_both_languages(code: str) -> None:
    english, dutch = ({part.split("}")[0] for part in text.split("{")[1:]} for text in MESSAGES[code])  # fmt: skip
    assert english == dutch
