"""What do the demo company's customers buy a year, from whomever?"""

import random
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Sum

from koers.core.data_versions import mark_changed
from koers.core.periods import Period, add_months
from koers.customers.models import Wallet
from koers.demo.relations import Relation
from koers.sell.models import OrderLine

SEED, TOLD, TOO_LOW = 4031, 0.35, 0.02
STEP = 500  # people tell round numbers
SOURCES = (Wallet.Source.CUSTOMER, Wallet.Source.CUSTOMER, Wallet.Source.TENDER, Wallet.Source.REPORT, Wallet.Source.ESTIMATE)  # fmt: skip


def write_wallets(relations: list[Relation], today: date) -> int:
    """Purchases of a third of the customers, most of them told a year ago and again of late.

    Has dice of its own, so that everything else stays what it is. A few are told too low, as
    people do: their share lies above 100 %.
    """
    dice = random.Random(SEED)  # noqa: S311 -- reproducible, not secret
    known = {relation.id: relation.seller.id for relation in relations}
    now, year_ago = today - timedelta(days=20), add_months(today, -12) - timedelta(days=40)
    sold = {day: _turnover(day) for day in (now, year_ago)}
    made = []
    for company, seller in known.items():
        if dice.random() > TOLD or company not in sold[now]:
            continue
        share = 1.2 if dice.random() < TOO_LOW else dice.uniform(0.15, 0.85)
        source = dice.choice(SOURCES)
        made.append(_told(company, seller, now, sold[now][company], share, source))
        if dice.random() < 0.8 and company in sold[year_ago]:
            before = min(0.95, max(0.08, share + dice.gauss(0.0, 0.07)))
            made.append(_told(company, seller, year_ago, sold[year_ago][company], before, source))
    Wallet.objects.bulk_create(made, batch_size=500)
    mark_changed("wallet")
    return len(made)


def _turnover(day: date) -> dict[int, Decimal]:
    """Turnover of the twelve months before a day, of customers that bought at all."""
    period = Period(add_months(day, -12), day)
    lines = OrderLine.objects.filter(order__ordered_on__gte=period.start, order__ordered_on__lt=period.end, is_fee=False)  # fmt: skip
    found = lines.order_by().values_list("order__company").annotate(total=Sum("net"))
    return {company: total for company, total in found if company and total > STEP}


def _told(company: int, seller: int, day: date, turnover: Decimal, share: float, source: str) -> Wallet:  # fmt: skip
    volume = max(STEP, round(float(turnover) / share / STEP) * STEP)
    return Wallet(company_id=company, day=day, amount=Decimal(volume), currency="EUR", source=source, made_by_id=seller)  # fmt: skip
