"""What kind of purchase is an opportunity, by what the customer ordered before, and which selling role fits?

S2.33: no earlier order for the product group is a new task; the same product on the same terms, ordered
within 24 months, a straight rebuy; anything else a modified rebuy, and what changed is listed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from koers.core import formats
from koers.core.actor import Actor
from koers.core.periods import add_months
from koers.customers.models import Company
from koers.customers.models.company import CustomerClass
from koers.sell.models import Opportunity, OrderLine, QuoteLine, StageKind
from koers.sell.models.approach import BuyingSituation, SellingRole
from koers.sell.queries.order import orders_visible_to

FRESH_MONTHS = 24
SAME_PRICE_SHARE = Decimal("0.05")
SHOWN_ORDERS = 5
KEY_ROLES = {
    BuyingSituation.STRAIGHT: SellingRole.TRANSACTIONAL,
    BuyingSituation.MODIFIED: SellingRole.CONSULTATIVE,
    BuyingSituation.NEW_TASK: SellingRole.STRATEGIC,
}


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier order line for the product group; the price is per unit after discount."""

    order_id: int
    number: str
    day: date
    product: str
    quantity: Decimal
    price: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What is not as it was, with how it was and is now in words."""

    what: str
    before: str
    now: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """The situation the orders point to ('' where that cannot be told), why, and the role that fits.

    ``hidden`` counts earlier orders in ``earlier`` left out because the reader may not see them;
    ``again`` is the last order of the very product, to order again.
    """

    situation: str
    because: str
    role: str
    role_because: str
    changes: tuple[Difference, ...] = ()
    earlier: tuple[Earlier, ...] = ()
    hidden: int = 0
    again: int | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    situation: str
    because: str
    changes: tuple[Difference, ...] = ()
    lines: tuple[OrderLine, ...] = ()
    same: OrderLine | None = None


def proposal_for(*, actor: Actor, deal: Opportunity, today: date) -> Proposal:
    """What is proposed for a visible opportunity, with the orders behind it that the actor may see."""
    found = _situation_of(deal, today)
    again = None if found.same is None else found.same.order_id
    ids = {line.order_id for line in found.lines}
    seen = set(orders_visible_to(actor).filter(pk__in=ids | {again}).values_list("pk", flat=True))
    role, role_because = role_for(found.situation, deal.company)
    return Proposal(
        found.situation, found.because, role, role_because,
        changes=found.changes if ids <= seen else tuple(Difference(each.what, "", "") for each in found.changes),
        earlier=tuple(_earlier(line) for line in found.lines if line.order_id in seen), hidden=len(ids - seen), again=again if again in seen else None,
    )  # fmt: skip


def role_for(situation: str, company: Company | None) -> tuple[str, str]:
    """The role that fits a situation: for A customers the relation comes first, for others the need."""
    if not situation:
        return "", ""
    is_key = company is not None and company.customer_class == CustomerClass.A
    chosen = BuyingSituation(situation)
    if chosen == BuyingSituation.STRAIGHT:
        return KEY_ROLES[chosen], _("a routine purchase asks for ease, not for advice")
    if not is_key:
        return SellingRole.SOLUTION, _("find out the need first, then offer what solves it")
    if chosen == BuyingSituation.MODIFIED:
        return KEY_ROLES[chosen], _("an A customer: the lasting relation comes first")
    return KEY_ROLES[chosen], _("an A customer buys something new: cover the whole buying process")


def proposed_values(deal: Opportunity, *, today: date) -> dict[str, str]:
    """Field values for what was not overruled, as the orders point to them now."""
    values: dict[str, str] = {}
    situation = deal.buying_situation
    if not deal.situation_because:
        situation = _situation_of(deal, today).situation
        values["buying_situation"] = situation
    if not deal.role_because:
        values["selling_role"] = role_for(situation, deal.company)[0]
    return {name: str(value) for name, value in values.items()}


def without_orders(deals: Sequence[Opportunity]) -> set[int]:
    """Companies of the deals that never ordered anything, found in one query."""
    companies = {deal.company_id for deal in deals if deal.company_id}
    known = _goods().filter(order__company_id__in=companies).values_list("order__company_id", flat=True)  # fmt: skip
    return companies - set(known.order_by().distinct())


def _situation_of(deal: Opportunity, today: date) -> _Found:
    day = deal.opened_on or today
    if deal.company_id is None:
        return _Found(BuyingSituation.NEW_TASK, _("there is no customer with earlier orders"))
    before = _goods().filter(order__company_id=deal.company_id, order__ordered_on__lt=day)
    if deal.product is None:
        if before.exists():
            return _Found("", _("say which product it is about; then earlier orders tell"))
        return _Found(BuyingSituation.NEW_TASK, _("the customer has not ordered before"))
    group = deal.product.group
    in_group = before.filter(product__group=group) if group else before.filter(product=deal.product)
    lines = tuple(in_group[:SHOWN_ORDERS])
    name = str(group or deal.product)
    if not lines:
        return _Found(BuyingSituation.NEW_TASK, _("no earlier order for %(group)s") % {"group": name})  # fmt: skip
    same = in_group.filter(product=deal.product).first()
    changes = tuple(_differences(deal, same, lines[0], day))
    if changes:
        words = _("ordered before, but not like this: %(what)s") % {"what": ", ".join(each.what for each in changes)}  # fmt: skip
        return _Found(BuyingSituation.MODIFIED, words, changes, lines, same)
    words = _("the same product on the same terms was ordered within %(months)s months") % {"months": FRESH_MONTHS}  # fmt: skip
    return _Found(BuyingSituation.STRAIGHT, words, (), lines, same)


def _goods() -> QuerySet[OrderLine]:
    found = OrderLine.objects.filter(order__is_credit=False, is_fee=False, quantity__gt=0)
    return found.select_related("order", "product").order_by("-order__ordered_on", "-pk")


def _differences(
    deal: Opportunity, same: OrderLine | None, latest: OrderLine, day: date
) -> list[Difference]:
    found: list[Difference] = []
    if same is None:
        found.append(Difference(_("product"), str(latest.product), str(deal.product)))
    elif same.order.ordered_on < add_months(day, -FRESH_MONTHS):
        found.append(Difference(_("last order"), formats.day(same.order.ordered_on), formats.day(day)))  # fmt: skip
    if same is not None:
        found += _price(deal, same)
    if deal.competitor and deal.stage_kind == StageKind.OPEN:  # once decided, it names who won
        found.append(Difference(_("supplier in play"), formats.EN_DASH, deal.competitor))
    return found


def _price(deal: Opportunity, same: OrderLine) -> list[Difference]:
    """The price offered beside the price paid; without a quote, the list prices then and now."""
    if deal.currency != same.order.currency:
        return [Difference(_("currency"), same.order.currency, deal.currency)]
    offered = _offered(deal)
    if offered is not None:
        before: Decimal | None = same.net / same.quantity
        now: Decimal | None = offered.net / offered.quantity
        words = _("price per unit")
    elif deal.stage_kind == StageKind.OPEN and deal.product is not None and deal.product.currency == deal.currency:  # fmt: skip
        before, now, words = same.list_price, deal.product.list_price, _("list price")
    else:
        return []
    if before is None or now is None or abs(now - before) <= abs(before) * SAME_PRICE_SHARE:
        return []
    return [Difference(words, formats.money(before, deal.currency), formats.money(now, deal.currency))]  # fmt: skip


def _offered(deal: Opportunity) -> QuoteLine | None:
    if deal.pk is None:
        return None
    lines = QuoteLine.objects.filter(quote__opportunity_id=deal.pk, product=deal.product, quote__currency=deal.currency)  # fmt: skip
    return lines.order_by("-quote__quoted_on", "-quote_id", "position").first()


def _earlier(line: OrderLine) -> Earlier:
    return Earlier(
        line.order_id, line.order.number, line.order.ordered_on, str(line.product or line.description), line.quantity,
        line.net / line.quantity, line.order.currency,
    )  # fmt: skip
