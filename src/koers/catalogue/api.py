"""Which API routes read products?"""

from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from koers.catalogue.queries.product import product_for, products
from koers.core.api import Page, Part, page_by_id
from koers.organisation.api import caller

router = Router(tags=["catalogue"])


class ProductRow(Schema):
    """A product with its list price in its own currency."""

    id: int
    version: int
    code: str
    name: str
    group_id: int | None
    list_price: Decimal | None
    currency: str


@router.get("/products", response=Page[ProductRow], url_name="products")
def product_list(request: HttpRequest, part: Part) -> Any:
    """Products by id."""
    return page_by_id(products(caller(request)), part)


@router.get("/products/{int:product_id}", response=ProductRow, url_name="product")
def product_detail(request: HttpRequest, product_id: int) -> Any:
    """One product."""
    return product_for(actor=caller(request), product_id=product_id)
