"""Which products are there, and what do they cost?"""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from koers.catalogue.models import Product, ProductGroup
from koers.core.actor import Actor
from koers.core.errors import NotFoundError
from koers.organisation.policies import Right, require


def products(actor: Actor) -> QuerySet[Product]:
    """All products with their group."""
    require(actor, Right.READ_PRODUCTS)
    return Product.objects.select_related("group__parent")


def product_for(*, actor: Actor, product_id: int) -> Product:
    """One product with its costs."""
    found = products(actor).prefetch_related("costs").filter(pk=product_id).first()
    if found is None:
        raise NotFoundError(_("This product does not exist."))
    return found


def group_choices() -> list[tuple[str, str]]:
    """Product groups as choices of a list."""
    return [(str(group.pk), str(group)) for group in ProductGroup.objects.exclude(parent=None)] or [
        (str(group.pk), str(group)) for group in ProductGroup.objects.all()
    ]
