"""How is a price list made and its prices set?"""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from koers.catalogue.models import PriceBreak, PriceList, Product
from koers.catalogue.queries.price_list import price_list_for
from koers.core import audit
from koers.core.actor import Actor
from koers.core.errors import RuleError
from koers.organisation.policies import Right, require
from koers.organisation.queries.organisation import base_currency


class PriceListRefusedError(RuleError):
    """The price list cannot be kept like this."""


@transaction.atomic
def make_price_list(
    *, actor: Actor, name: str, valid_from: date, valid_until: date | None, at: datetime
) -> PriceList:
    """Make an empty list in the base currency; the period excludes ``valid_until``."""
    require(actor, Right.EDIT_PRODUCTS)
    if valid_until is not None and valid_until <= valid_from:
        raise PriceListRefusedError(_("A period must end after it starts."))
    if PriceList.objects.filter(name=name).exists():
        raise PriceListRefusedError(_("There is a price list with this name already."))
    made = PriceList.objects.create(
        name=name, currency=base_currency(), valid_from=valid_from, valid_until=valid_until
    )
    audit.record(actor=actor, at=at, verb="create", obj=made)
    return made


@transaction.atomic
def set_price(
    *,
    actor: Actor,
    price_list_id: int,
    product: Product,
    from_quantity: Decimal,
    price: Decimal | None,
    at: datetime,
) -> None:
    """Set the price per unit from a quantity on; None takes this price off the list.

    Quotes and orders keep the price they were made at.
    """
    require(actor, Right.EDIT_PRODUCTS)
    price_list = price_list_for(actor=actor, price_list_id=price_list_id)
    if from_quantity <= 0 or (price is not None and price < 0):
        raise PriceListRefusedError(_("A quantity is above zero, and a price is not below it."))
    rows = PriceBreak.objects.filter(
        price_list=price_list, product=product, from_quantity=from_quantity
    )
    before = rows.values_list("price", flat=True).first()
    if price is None:
        rows.delete()
    else:
        PriceBreak.objects.update_or_create(
            price_list=price_list,
            product=product,
            from_quantity=from_quantity,
            defaults={"price": price},
        )
    label = f"{product.code} ≥ {from_quantity.normalize():f}"
    changes = {label: audit.Change(before, price)}
    audit.record(actor=actor, at=at, verb="change", obj=price_list, changes=changes)
