"""Are amounts exact, however they are added, stored and read?"""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from koers.core.money import CurrencyMismatchError, E4Field, Money, from_e4, to_e4
from koers.sell.models import OrderLine
from koers.sell.tests.factories import OrderFactory, OrderLineFactory

AMOUNTS = st.decimals(min_value=-(10**12), max_value=10**12, places=4)


@given(AMOUNTS)
def test_an_amount_comes_back_as_it_was_stored(amount):
    assert from_e4(to_e4(amount)) == amount


@given(st.lists(AMOUNTS, max_size=50))
def test_the_sum_of_stored_amounts_is_the_sum_of_the_amounts(amounts):
    assert from_e4(sum(to_e4(each) for each in amounts)) == sum(amounts, Decimal(0))


@given(AMOUNTS, AMOUNTS)
def test_what_is_added_can_be_taken_off_again(one, two):
    assert Money(one, "EUR") + Money(two, "EUR") - Money(two, "EUR") == Money(one, "EUR")


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(AMOUNTS, min_size=1, max_size=10))
def test_the_database_adds_amounts_exactly(db, amounts):
    order = OrderFactory()
    for amount in amounts:
        OrderLineFactory(order=order, net=amount)
    total = OrderLine.objects.filter(order=order).aggregate(total=Sum("net"))["total"]
    assert total == sum(amounts, Decimal(0))


@pytest.mark.parametrize(
    ("amount", "stored"),
    [("0.00005", 1), ("0.00004", 0), ("-0.00005", -1), ("1.23455", 12346), ("1E+3", 10_000_000)],
)
def test_a_fifth_decimal_is_rounded_half_up(amount, stored):
    assert to_e4(Decimal(amount)) == stored


@pytest.mark.parametrize(("amount", "shown"), [("2.675", "2.68"), ("-2.675", "-2.68"), ("1.005", "1.01")])  # fmt: skip
def test_an_amount_is_shown_in_cents_half_up(amount, shown):
    assert Money(Decimal(amount), "EUR").rounded() == Money(Decimal(shown), "EUR")


def test_two_currencies_are_never_added():
    with pytest.raises(CurrencyMismatchError):
        Money(Decimal(1), "EUR") + Money(Decimal(1), "USD")


def test_a_floating_point_number_is_no_amount():
    with pytest.raises(ValidationError):
        E4Field().get_prep_value(0.1)


@pytest.mark.parametrize("text", ["abc", "1,5", ""])
def test_a_text_that_is_no_number_is_refused(text):
    with pytest.raises(ValidationError):
        E4Field().to_python(text)


def test_an_amount_beyond_the_database_is_refused_rather_than_cut():
    with pytest.raises(ValidationError):
        E4Field().get_prep_value(Decimal(2**63))


def test_no_amount_stays_no_amount():
    assert (E4Field().get_prep_value(None), E4Field().from_db_value(None)) == (None, None)
