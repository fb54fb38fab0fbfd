"""Which API routes read orders?"""

from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from koers.core.api import Id, Page, Part, page_by_id
from koers.organisation.api import caller
from koers.organisation.policies import Right, may
from koers.sell.queries.order import order_for, orders_visible_to

router = Router()


class OrderRow(Schema):
    """Head of an order or credit note."""

    id: int
    number: str
    company_id: int | None
    seller_id: int | None
    ordered_on: date
    currency: str
    credit_of_id: int | None


class LineRow(Schema):
    """A line; cost is null for who may not see cost."""

    id: int
    product_id: int | None
    quantity: Decimal
    net: Decimal
    discount: Decimal
    cost: Decimal | None
    is_fee: bool


class WholeOrder(OrderRow):
    """An order with its lines."""

    lines: list[LineRow]


@router.get("/orders", response=Page[OrderRow], url_name="orders")
def order_list(
    request: HttpRequest,
    part: Part,
    company: Id | None = None,
    start: date | None = None,
    end: date | None = None,
) -> Any:
    """Orders one may see, by id; of one company, from ``start`` up to but not including ``end``."""
    rows = orders_visible_to(caller(request))
    wanted = {"company_id": company, "ordered_on__gte": start, "ordered_on__lt": end}
    rows = rows.filter(**{name: value for name, value in wanted.items() if value is not None})
    return page_by_id(rows, part)


@router.get("/orders/{int:order_id}", response=WholeOrder, url_name="order")
def order_detail(request: HttpRequest, order_id: int) -> Any:
    """One order with its lines."""
    order = order_for(actor=caller(request), order_id=order_id)
    whole = WholeOrder.from_orm(order)
    if not may(caller(request), Right.SEE_COST):
        for line in whole.lines:
            line.cost = None
    return whole
