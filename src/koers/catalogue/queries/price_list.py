"""Which price lists are there, and what does a product cost the customer in which quantity?"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from koers.catalogue.models import PriceBreak, PriceList, Product, ProductCost
from koers.core.actor import Actor
from koers.core.errors import NotFoundError
from koers.organisation.policies import Right, require

SHOWN_TO_CHOOSE = 12


def price_lists(actor: Actor) -> QuerySet[PriceList]:
    """All price lists with the number of their prices."""
    require(actor, Right.READ_PRODUCTS)
    return PriceList.objects.annotate(prices=Count("breaks"))


def price_list_for(*, actor: Actor, price_list_id: int) -> PriceList:
    """One price list with its prices."""
    found = price_lists(actor).prefetch_related("breaks__product").filter(pk=price_list_id).first()
    if found is None:
        raise NotFoundError(_("This price list does not exist."))
    return found


def price_lists_on(day: date, *, currency: str) -> QuerySet[PriceList]:
    """The lists that hold on a day, in a currency."""
    return PriceList.objects.filter(
        Q(valid_until=None) | Q(valid_until__gt=day), valid_from__lte=day, currency=currency
    )


def unit_prices(
    wishes: Iterable[tuple[Product, Decimal]], *, price_list: PriceList | None, currency: str
) -> list[Decimal | None]:
    """Price per unit for each product and quantity: of the list's highest break reached, else the list price.

    None where neither is known in the currency. Two queries at most.
    """
    wanted = list(wishes)
    breaks: dict[int, list[tuple[Decimal, Decimal]]] = {}
    if price_list is not None and price_list.currency == currency:
        rows = PriceBreak.objects.filter(
            price_list=price_list, product__in={product.pk for product, _quantity in wanted}
        )
        for row in rows.order_by("from_quantity"):
            breaks.setdefault(row.product_id, []).append((row.from_quantity, row.price))
    return [_price(product, quantity, breaks, currency) for product, quantity in wanted]


def _price(
    product: Product,
    quantity: Decimal,
    breaks: dict[int, list[tuple[Decimal, Decimal]]],
    currency: str,
) -> Decimal | None:
    reached = [price for start, price in breaks.get(product.pk, []) if start <= quantity]
    if reached:
        return reached[-1]
    return product.list_price if product.currency == currency else None


def costs_on(products: Iterable[Product], *, day: date, currency: str) -> dict[int, Decimal]:
    """Variable cost per unit on a day, by product; a product without one is absent."""
    rows = ProductCost.objects.filter(
        product__in={product.pk for product in products}, valid_from__lte=day, currency=currency
    ).order_by("valid_from")
    return {row.product_id: row.cost for row in rows}


def products_to_choose(actor: Actor, text: str) -> list[Product]:
    """A few products for sale whose name or code begins with the text."""
    require(actor, Right.READ_PRODUCTS)
    found = Product.objects.filter(is_active=True)
    text = text.strip()[:80].replace("\0", "")
    if text:
        found = found.filter(Q(name__istartswith=text) | Q(code__istartswith=text))
    return list(found.order_by("name", "pk")[:SHOWN_TO_CHOOSE])


def product_words(product: Product) -> str:
    """A product as it stands in a field: code, then name."""
    return f"{product.code} · {product.name}"


def products_meant(text: str) -> list[Product]:
    """The product a field means: by code, or by a name only one product has."""
    code = text.partition(" · ")[0].strip()
    found = list(Product.objects.filter(code=code)[:1])
    return found or list(Product.objects.filter(name__iexact=text)[:2])
