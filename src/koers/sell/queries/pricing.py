"""What do wished quantities of products cost, line by line and in all?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from koers.catalogue.models import PriceList, Product
from koers.catalogue.queries.price_list import costs_on, unit_prices
from koers.core.errors import RuleError
from koers.core.money import CENT
from koers.sell.models import QuoteLine, VatCode
from koers.sell.models.vat import vat_rate


class PriceUnknownError(RuleError):
    """A product has no price in the currency."""


@dataclass(frozen=True, slots=True)
class LineWish:
    """A product in a quantity, with a discount as a share of 0-1."""

    product: Product
    quantity: Decimal
    discount_share: Decimal = Decimal(0)
    bundle: str = ""
    vat_code: str = VatCode.STANDARD


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A wish with its price per unit, its totals in cents, VAT rate and cost of the whole line."""

    wish: LineWish
    unit_price: Decimal
    discount: Decimal
    net: Decimal
    vat_rate: Decimal
    cost: Decimal | None


def cents(amount: Decimal) -> Decimal:
    """Half up to cents (domain rule 0.3.2)."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def priced(
    wishes: Sequence[LineWish], *, price_list: PriceList | None, currency: str, day: date
) -> list[PricedLine]:
    """Price the wishes by the list's quantity breaks, with cost and VAT of the day; three queries."""
    prices = unit_prices(
        [(wish.product, wish.quantity) for wish in wishes], price_list=price_list, currency=currency
    )
    costs = costs_on([wish.product for wish in wishes], day=day, currency=currency)
    lines = []
    for wish, price in zip(wishes, prices, strict=True):
        if price is None:
            raise PriceUnknownError(
                _("%(product)s has no price in %(currency)s.")
                % {"product": wish.product, "currency": currency}
            )
        gross = cents(price * wish.quantity)
        net = cents(price * wish.quantity * (1 - wish.discount_share))
        unit_cost = costs.get(wish.product.pk)
        cost = None if unit_cost is None else unit_cost * wish.quantity
        rate = vat_rate(wish.vat_code, day)
        lines.append(PricedLine(wish, price, gross - net, net, rate, cost))
    return lines


@dataclass(frozen=True, slots=True)
class QuoteTotals:
    """Sums of a quote: before discount, discount, net, VAT by rate, and to pay.

    ``discount_share`` is of the whole, ``largest_share`` of the line with most discount.
    """

    gross: Decimal
    discount: Decimal
    net: Decimal
    vat: tuple[tuple[Decimal, Decimal, Decimal], ...]  # rate, over, amount
    total: Decimal
    discount_share: Decimal | None
    largest_share: Decimal


def totals_of_lines(lines: Iterable[QuoteLine]) -> QuoteTotals:
    """Exact sums; VAT is reckoned per rate over the sum of its lines and rounded to cents."""
    rows = list(lines)
    gross = sum((cents(row.unit_price * row.quantity) for row in rows), Decimal(0))
    net = sum((row.net for row in rows), Decimal(0))
    over: dict[Decimal, Decimal] = {}
    for row in rows:
        over[row.vat_rate] = over.get(row.vat_rate, Decimal(0)) + row.net
    vat = tuple((rate, over[rate], cents(over[rate] * rate)) for rate in sorted(over, reverse=True))
    total = net + sum((amount for _rate, _over, amount in vat), Decimal(0))
    share = (gross - net) / gross if gross else None
    largest = max((row.discount_share for row in rows), default=Decimal(0))
    return QuoteTotals(gross, gross - net, net, vat, total, share, largest)


def cost_of_lines(lines: Iterable[QuoteLine], *, day: date, currency: str) -> Decimal | None:
    """Variable cost of a quote on a day; None while that of a line is unknown."""
    rows = list(lines)
    costs = costs_on([row.product for row in rows], day=day, currency=currency)
    if not rows or any(row.product_id not in costs for row in rows):
        return None
    return sum((costs[row.product_id] * row.quantity for row in rows), Decimal(0))
