"""Are prices set per quantity, lists dated, and limits of discount kept?"""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from koers.catalogue.actions.discount_policy import DiscountPolicyRefusedError, set_limits
from koers.catalogue.actions.price_list import PriceListRefusedError, make_price_list, set_price
from koers.catalogue.models import PriceBreak
from koers.catalogue.queries.discount_policy import limit_of
from koers.catalogue.queries.price_list import price_lists_on, unit_prices
from koers.catalogue.tests.factories import ProductFactory
from koers.core.errors import NotAllowedError
from koers.organisation.tests.cast import acting

NOW = timezone.now()
DAY = date(2026, 11, 23)


def made(cast, name="2026", start=DAY, until=None):
    return make_price_list(
        actor=acting(cast.tom), name=name, valid_from=start, valid_until=until, at=NOW
    )


def put(cast, prices, product, start, price):
    set_price(
        actor=acting(cast.tom),
        price_list_id=prices.pk,
        product=product,
        from_quantity=Decimal(start),
        price=price,
        at=NOW,
    )


def test_the_period_of_a_list_excludes_its_end(cast):
    made(cast, until=date(2026, 11, 25))
    found = [
        price_lists_on(date(2026, 11, day), currency="EUR").count() for day in (22, 23, 24, 25)
    ]
    assert (found, price_lists_on(DAY, currency="USD").count()) == ([0, 1, 1, 0], 0)


def test_a_list_has_a_name_of_its_own_and_ends_after_it_starts(cast):
    made(cast)
    for wrong in ({}, {"name": "other", "until": DAY}):
        with pytest.raises(PriceListRefusedError):
            made(cast, **wrong)


def test_a_price_is_set_replaced_and_taken_off(cast):
    prices, product = made(cast), ProductFactory(list_price=Decimal(10), currency="EUR")
    for price in (Decimal(9), Decimal("8.1234"), None):
        put(cast, prices, product, "2", price)
        found = unit_prices(
            [(product, Decimal(2)), (product, Decimal(1))], price_list=prices, currency="EUR"
        )
        assert found == [Decimal(10) if price is None else price, Decimal(10)]
    assert PriceBreak.objects.count() == 0


@pytest.mark.parametrize(
    ("start", "price"), [("0", Decimal(1)), ("-1", Decimal(1)), ("1", Decimal(-1))]
)
def test_no_quantity_of_nothing_and_no_price_below_zero(cast, start, price):
    with pytest.raises(PriceListRefusedError):
        put(cast, made(cast), ProductFactory(), start, price)


def test_sellers_set_neither_prices_nor_limits(cast):
    prices = made(cast)
    with pytest.raises(NotAllowedError):
        set_price(
            actor=acting(cast.ann),
            price_list_id=prices.pk,
            product=ProductFactory(),
            from_quantity=Decimal(1),
            price=Decimal(1),
            at=NOW,
        )
    with pytest.raises(NotAllowedError):
        set_limits(actor=acting(cast.ann), limits={"account_manager": Decimal(1)}, at=NOW)


def test_without_a_policy_managers_give_any_discount_and_sellers_none(cast):
    before = [limit_of(acting(user)) for user in (cast.ben, cast.ann, cast.mia)]
    set_limits(
        actor=acting(cast.tom),
        limits={"account_manager": Decimal("0.15"), "sales_manager": Decimal("0.4")},
        at=NOW,
    )
    after = [limit_of(acting(user)) for user in (cast.ben, cast.ann, cast.mia)]
    assert (before, after) == ([1, 0, 0], [Decimal("0.4"), Decimal("0.15"), 0])


@pytest.mark.parametrize(
    "limits", [{"account_manager": Decimal("1.01")}, {"marketing": Decimal("0.1")}]
)
def test_a_limit_is_a_share_of_a_selling_role(cast, limits):
    with pytest.raises(DiscountPolicyRefusedError):
        set_limits(actor=acting(cast.tom), limits=limits, at=NOW)
