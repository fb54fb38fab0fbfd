"""Which price list, limits of discount and quotes does the demo company have?"""

import random
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from koers.catalogue.models import DiscountPolicy, PriceBreak, PriceList, Product
from koers.customers.models import Company
from koers.demo.relations import Relation
from koers.sell.actions.numbering import next_number
from koers.sell.models import Quote, QuoteLine, QuoteStatus, VatCode
from koers.sell.models.vat import vat_rate
from koers.sell.queries.pricing import cents

LIMITS = {"sales_manager": "0.30", "account_manager": "0.10", "salesperson": "0.075", "inside_sales": "0.05"}  # fmt: skip
BREAKS = ((1, "1.00"), (10, "0.97"), (50, "0.93"), (200, "0.88"))
IN_LIST, QUOTES, OPEN_DAYS = 40, 60, 30
STATES = (
    QuoteStatus.DRAFT, QuoteStatus.WAITING, QuoteStatus.APPROVED, QuoteStatus.SENT, QuoteStatus.SENT, QuoteStatus.SENT,
    QuoteStatus.DECLINED,
)  # fmt: skip


def write_quotes(relations: list[Relation], today: date) -> None:
    """Limits per role, a list with quantity breaks, and quotes of the past weeks at every step."""
    dice = random.Random(sum(relation.basket for relation in relations) + 1)  # noqa: S311 -- reproducible, not secret
    for role, limit in LIMITS.items():
        DiscountPolicy.objects.create(role=role, limit=Decimal(limit))
    products = list(Product.objects.filter(kind="goods", is_active=True).exclude(list_price=None).order_by("pk"))  # fmt: skip
    prices = PriceList.objects.create(name=f"Staffelprijzen {today.year}", currency="EUR", valid_from=date(today.year, 1, 1))  # fmt: skip
    PriceBreak.objects.bulk_create(
        PriceBreak(
            price_list=prices, product=product, from_quantity=start,
            price=cents((product.list_price or Decimal(0)) * Decimal(factor)),
        )
        for product in products[:IN_LIST]
        for start, factor in BREAKS
    )  # fmt: skip
    alive = [relation for relation in relations if relation.last is None]
    owned = set(Company.objects.exclude(owner=None).values_list("pk", flat=True))
    for relation in dice.sample(alive, min(QUOTES, len(alive))):
        if relation.id in owned:
            _quote(dice, relation, products, today)


def _quote(dice: random.Random, relation: Relation, products: list[Product], today: date) -> None:
    status = dice.choice(STATES)
    day = today - timedelta(days=dice.randint(0, 45))
    quote = Quote.objects.create(
        number=next_number("Q", day.year), company_id=relation.id, owner_id=relation.seller.id, currency="EUR", language="nl",
        quoted_on=day, valid_until=day + timedelta(days=OPEN_DAYS), promised_on=day + timedelta(days=OPEN_DAYS + 14),
        status=status, sent_at=_noon(day) if status in (QuoteStatus.SENT, QuoteStatus.DECLINED) else None,
    )  # fmt: skip
    rate = vat_rate(VatCode.STANDARD, day)
    for place, product in enumerate(dice.sample(products, min(dice.randint(1, 5), len(products))), start=1):  # fmt: skip
        share = Decimal(dice.choice(("0", "0", "0.025", "0.05")))
        if status == QuoteStatus.WAITING:
            share = Decimal("0.15")
        quantity, price = Decimal(dice.choice((1, 2, 4, 10, 24))), product.list_price or Decimal(0)
        QuoteLine.objects.create(
            quote=quote, position=place, product=product, quantity=quantity, unit_price=price, discount_share=share,
            net=cents(quantity * price * (1 - share)), vat_rate=rate,
        )  # fmt: skip


def _noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))
