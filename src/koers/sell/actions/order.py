"""How is an order placed by hand, from a quote or again, and credited?"""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from koers.catalogue.queries.discount_policy import limit_of
from koers.core import audit
from koers.core.actor import Actor
from koers.core.data_versions import mark_order_lines_changed
from koers.core.errors import NotAllowedError, RuleError
from koers.customers.models import Company
from koers.customers.queries.company import company_for
from koers.organisation.policies import Right, require
from koers.organisation.queries.organisation import base_currency
from koers.sell.actions.numbering import next_number
from koers.sell.models import Order, OrderLine
from koers.sell.queries.order import order_for
from koers.sell.queries.pricing import LineWish, PricedLine, priced


class OrderRefusedError(RuleError):
    """The order cannot be placed or credited like this."""


@transaction.atomic
def place_order(
    *,
    actor: Actor,
    company_id: int,
    wishes: Sequence[LineWish],
    ordered_on: date,
    at: datetime,
    promised_on: date | None = None,
) -> Order:
    """Place an order at today's prices and costs; the customer's owner is its seller."""
    require(actor, Right.EDIT_ORDERS)
    company = company_for(actor=actor, company_id=company_id)
    if not wishes:
        raise OrderRefusedError(_("An order needs at least one line."))
    if max(wish.discount_share for wish in wishes) > limit_of(actor):
        raise NotAllowedError(
            _("The discount lies above your own limit. Make a quote, which can be approved.")
        )
    currency = base_currency()
    lines = priced(wishes, price_list=None, currency=currency, day=ordered_on)
    return write_order(
        actor=actor, company=company, lines=lines, ordered_on=ordered_on, promised_on=promised_on,
        seller_id=company.owner_id or actor.user_id, currency=currency, at=at,
    )  # fmt: skip


def write_order(
    *,
    actor: Actor,
    company: Company,
    lines: Sequence[PricedLine],
    ordered_on: date,
    promised_on: date | None,
    seller_id: int | None,
    currency: str,
    at: datetime,
) -> Order:
    """Write order and lines inside the caller's transaction, and tell the facts of that month."""
    if promised_on is not None and promised_on < ordered_on:
        raise OrderRefusedError(_("The promised date lies before the order."))
    order = Order.objects.create(
        number=next_number("O", ordered_on.year), company=company, seller_id=seller_id,
        territory_id=company.territory_id, ordered_on=ordered_on, promised_on=promised_on, currency=currency,
    )  # fmt: skip
    OrderLine.objects.bulk_create(
        OrderLine(
            order=order, position=str(place), product=line.wish.product, description=line.wish.bundle,
            is_fee=line.wish.product.kind == "fee", quantity=line.wish.quantity, list_price=line.unit_price,
            discount=line.discount, net=line.net, cost=line.cost,
        )
        for place, line in enumerate(lines, start=1)
    )  # fmt: skip
    audit.record(actor=actor, at=at, verb="create", obj=order)
    mark_order_lines_changed([ordered_on])
    return order


@transaction.atomic
def credit_order(*, actor: Actor, order_id: int, credited_on: date, at: datetime) -> Order:
    """Make a credit note of the whole order: the same lines below zero; once per order."""
    require(actor, Right.EDIT_ORDERS)
    order = order_for(actor=actor, order_id=order_id)
    order = Order.objects.select_for_update().get(pk=order.pk)
    if order.is_credit:
        raise OrderRefusedError(_("A credit note cannot be credited."))
    if order.credits.exists():
        raise OrderRefusedError(_("This order has been credited already."))
    if credited_on < order.ordered_on:
        raise OrderRefusedError(_("A credit note cannot be older than its order."))
    note = Order.objects.create(
        number=next_number("C", credited_on.year), company_id=order.company_id, seller_id=order.seller_id,
        territory_id=order.territory_id, ordered_on=credited_on, currency=order.currency, is_credit=True, credit_of=order,
    )  # fmt: skip
    OrderLine.objects.bulk_create(
        OrderLine(
            order=note, position=line.position, product_id=line.product_id, description=line.description, is_fee=line.is_fee,
            quantity=-line.quantity, list_price=line.list_price, discount=-line.discount, net=-line.net,
            cost=None if line.cost is None else -line.cost,
        )
        for line in order.lines.all()
    )  # fmt: skip
    audit.record(actor=actor, at=at, verb="create", obj=note)
    mark_order_lines_changed([credited_on])
    return note
