"""Are figures written as a reader of the language expects?"""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.utils import translation

from koers.core import formats

NBSP = "\N{NO-BREAK SPACE}"


def written(language, source, **context):
    with translation.override(language):
        return Template(source).render(Context(context))


@pytest.mark.parametrize(
    ("language", "source", "value", "expected"),
    [
        ("en", "{{ v|money }}", Decimal("1234.5"), "€1,234.50"),
        ("nl", "{{ v|money }}", Decimal("1234.5"), f"€{NBSP}1.234,50"),
        ("en", "{{ v|money_whole }}", Decimal("1234.5"), "€1,235"),
        ("en", "{{ v|money }}", Decimal("-0.005"), "−€0.01"),
        ("nl", "{{ v|money }}", Decimal(-12), f"€{NBSP}−12,00"),
        ("en", "{{ v|money_short }}", Decimal(1234567), "€1.2M"),
        ("nl", "{{ v|money_short }}", Decimal(1234567), f"€{NBSP}1,2{NBSP}mln"),
        ("en", "{{ v|share }}", Decimal("0.24"), "24.0%"),
        ("nl", "{{ v|share }}", Decimal("0.24"), f"24,0{NBSP}%"),
        ("en", "{{ v|share:0 }}", Decimal("0.245"), "25%"),
        ("en", "{{ v|signed_share }}", Decimal("0.04"), "+4.0%"),
        ("en", "{{ v|signed_share }}", Decimal("-0.04"), "−4.0%"),
        ("en", "{{ v|signed_points }}", Decimal("0.002"), "+0.2 pts"),
        ("nl", "{{ v|signed_points }}", Decimal("-0.0125"), "−1,3 procentpunt"),
        ("nl", "{{ v|number }}", Decimal("1234.5000"), "1.234,5"),
        ("en", "{{ v|number:2 }}", Decimal("1234.5"), "1,234.50"),
        ("en", "{{ v|day }}", date(2026, 11, 23), "23 Nov 2026"),
        ("nl", "{{ v|day }}", date(2026, 11, 23), "23 nov 2026"),
    ],
)
def test_a_figure_is_written_in_the_readers_language(language, source, value, expected):
    assert written(language, source, v=value) == expected


def test_an_amount_in_another_currency_keeps_its_sign():
    with translation.override("en"):
        assert formats.money(Decimal("10"), "USD") == "US$10.00"


def test_a_moment_is_written_in_the_local_zone():
    at = datetime(2026, 7, 1, 12, 0, tzinfo=ZoneInfo("UTC"))
    assert written("en", "{{ v|moment }}", v=at) == "1 Jul 2026, 14:00"


def test_an_absent_figure_is_a_dash_with_its_reason():
    assert written("en", '{% none "No orders." %}') == (
        '<span class="none" title="No orders."><span aria-hidden="true">–</span>'
        '<span class="visually-hidden">No orders.</span></span>'
    )


def test_a_zero_is_no_absent_figure():
    assert written("en", "{{ v|money }}", v=Decimal(0)) == "€0.00"


@pytest.mark.parametrize(
    ("language", "amount", "text"),
    [
        ("nl", "1610138.6", "€ +1.610.139"), ("nl", "-478373", "€ −478.373"), ("nl", "0.4", "€ 0"),
        ("en", "1610138.6", "+€1,610,139"), ("en", "-478373", "−€478,373"), ("en", "-0.4", "€0"),
    ],
)  # fmt: skip
def test_plus_and_minus_of_an_amount_stand_in_the_same_place(language, amount, text):
    with translation.override(language):
        found = Template("{% load koers %}{{ v|signed_money }}").render(Context({"v": Decimal(amount)}))  # fmt: skip
    assert found.replace("\N{NO-BREAK SPACE}", " ") == text
