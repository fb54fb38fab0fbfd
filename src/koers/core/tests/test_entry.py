"""Is a number read as the person at the keyboard meant it?"""

from decimal import Decimal

import pytest
from django import forms
from django.utils import translation

from koers.core.entry import DecimalEntryField


class Form(forms.Form):
    amount = DecimalEntryField(min_value=-100, max_digits=12, decimal_places=4)


def read(text, language):
    with translation.override(language):
        form = Form({"amount": text})
        return form.cleaned_data["amount"] if form.is_valid() else None


@pytest.mark.parametrize(
    ("language", "text", "number"),
    [
        ("nl", "12,50", "12.50"), ("nl", "1.234,5", "1234.5"), ("nl", "1.234.567", "1234567"), ("nl", "12.50", "12.50"),
        ("nl", "€ 1.234", "1234"), ("nl", "0.125", "0.125"), ("nl", "-3,5", "-3.5"), ("nl", "−3,5 %", "-3.5"), ("nl", "1 234,5", "1234.5"),
        ("en", "12.50", "12.50"), ("en", "1,234.5", "1234.5"), ("en", "12,50", "12.50"), ("en", "€1,234", "1234"), ("en", "0,125", "0.125"),
    ],
)  # fmt: skip
def test_a_decimal_comma_or_point_is_read_by_the_language(language, text, number):
    assert read(text, language) == Decimal(number)


@pytest.mark.parametrize("text", ["twelve", "1,2,3", "1.2,3.4", "12,345678", "1e3x", "--1", "NaN"])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_what_is_no_number_is_refused_rather_than_guessed(language, text):
    assert read(text, language) is None


@pytest.mark.parametrize(
    ("language", "shown"), [("nl", ["1234,50", "1250", "0,125"]), ("en", ["1234.50", "1250", "0.125"])]
)  # fmt: skip
def test_a_stored_number_is_shown_as_it_is_typed_and_reads_back_the_same(language, shown):
    with translation.override(language):
        for number, text in zip(("1234.5000", "1250.0000", "0.1250"), shown, strict=True):
            assert Form(initial={"amount": Decimal(number)})["amount"].value() == text
            assert read(text, language) == Decimal(number)
