"""How is a product added or changed, and its cost set from a day on?"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from koers.catalogue.models import Product, ProductCost
from koers.catalogue.queries.product import product_for
from koers.core import audit
from koers.core.actor import Actor
from koers.core.data_versions import mark_changed
from koers.core.errors import RuleError
from koers.core.saving import save_changes
from koers.organisation.policies import Right, require


class ProductRefusedError(RuleError):
    """The product cannot be saved like this."""


@transaction.atomic
def add_product(*, actor: Actor, values: dict[str, Any], at: datetime) -> Product:
    """Add a product; its code is used once."""
    require(actor, Right.EDIT_PRODUCTS)
    _check_code(values["code"], but=None)
    product = Product.objects.create(**values)
    audit.record(actor=actor, at=at, verb="create", obj=product)
    mark_changed("product")
    return product


@transaction.atomic
def change_product(
    *, actor: Actor, product_id: int, version: int, values: dict[str, Any], at: datetime
) -> Product:
    """Change a product; orders keep the price and cost they were made at."""
    require(actor, Right.EDIT_PRODUCTS)
    if "code" in values:
        _check_code(values["code"], but=product_id)
    mark_changed("product")
    return save_changes(
        actor=actor,
        obj=product_for(actor=actor, product_id=product_id),
        version=version,
        values=values,
        at=at,
    )


def _check_code(code: str, *, but: int | None) -> None:
    if Product.objects.filter(code=code).exclude(pk=but or 0).exists():
        raise ProductRefusedError(
            _("There is a product with the code %(code)s already.") % {"code": code}
        )


@transaction.atomic
def set_cost(
    *, actor: Actor, product_id: int, valid_from: date, cost: Decimal, at: datetime
) -> ProductCost:
    """Set the cost from a day on; a second cost of the same day replaces the first."""
    require(actor, Right.EDIT_PRODUCTS)
    require(actor, Right.SEE_COST)
    product = product_for(actor=actor, product_id=product_id)
    before = (
        ProductCost.objects.filter(product=product, valid_from=valid_from)
        .values_list("cost", flat=True)
        .first()
    )
    entry, _created = ProductCost.objects.update_or_create(
        product=product,
        valid_from=valid_from,
        defaults={"cost": cost, "currency": product.currency},
    )
    audit.record(
        actor=actor, at=at, verb="change", obj=product, changes={"cost": audit.Change(before, cost)}
    )
    return entry
