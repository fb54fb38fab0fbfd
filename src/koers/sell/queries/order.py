"""Which orders may this person see, and what is on one?"""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery, Sum
from django.utils.translation import gettext as _

from koers.core.actor import Actor
from koers.core.errors import NotFoundError
from koers.organisation.policies import Right, require
from koers.sell.models import Order, OrderLine


def orders_visible_to(actor: Actor) -> QuerySet[Order]:
    """Orders of customers whose owner the actor sees, and those such a person sold."""
    require(actor, Right.READ_CUSTOMERS)
    found = Order.objects.select_related("company", "seller")
    if actor.visible_people is None:
        return found
    return found.filter(
        Q(company__owner_id__in=actor.visible_people) | Q(seller_id__in=actor.visible_people)
    )


def with_net(orders: QuerySet[Order]) -> QuerySet[Order]:
    """Each order with the sum of its lines, summed only for the rows that are shown."""
    lines = OrderLine.objects.filter(order=OuterRef("pk")).order_by().values("order")
    return orders.annotate(net=Subquery(lines.annotate(total=Sum("net")).values("total")))


def orders_of_company(actor: Actor, company_id: int) -> QuerySet[Order]:
    """The orders of one customer, the latest first, with their net amount."""
    return with_net(orders_visible_to(actor).filter(company_id=company_id)).order_by(
        "-ordered_on", "-pk"
    )


@dataclass(frozen=True, slots=True)
class OrderTotals:
    """Sums of an order; contribution is None while a goods line has no known cost."""

    net: Decimal
    discount: Decimal
    contribution: Decimal | None
    margin: Decimal | None


def order_for(*, actor: Actor, order_id: int) -> Order:
    """One order with its lines, or as if it did not exist."""
    lines = Prefetch("lines", OrderLine.objects.select_related("product").order_by("id"))
    found = (
        orders_visible_to(actor)
        .filter(pk=order_id)
        .select_related("company", "seller", "territory", "credit_of", "quote")
        .prefetch_related(lines, "credits")
        .first()
    )
    if found is None:
        raise NotFoundError(_("This order does not exist."))
    return found


def totals_of(order: Order) -> OrderTotals:
    """Sums over goods lines; fees have no margin."""
    goods = [line for line in order.lines.all() if not line.is_fee]
    net = sum((line.net for line in goods), Decimal(0))
    costs = [line.cost for line in goods]
    contribution = (
        None
        if not goods or any(cost is None for cost in costs)
        else net - sum((cost for cost in costs if cost is not None), Decimal(0))
    )
    margin = None if contribution is None or not net else contribution / net
    return OrderTotals(
        net, sum((line.discount for line in goods), Decimal(0)), contribution, margin
    )


def last_order_of(actor: Actor, company_id: int, order_id: int | None = None) -> Order | None:
    """The customer's latest order that is no credit note, or the one asked for, with its lines."""
    lines = Prefetch("lines", OrderLine.objects.select_related("product").order_by("id"))
    found = orders_visible_to(actor).filter(company_id=company_id, is_credit=False)
    if order_id is not None:
        found = found.filter(pk=order_id)
    return found.prefetch_related(lines).order_by("-ordered_on", "-pk").first()
