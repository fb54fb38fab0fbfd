"""Which targets did the demo company set?"""

import itertools
import random
from collections import defaultdict
from datetime import date, timedelta

from django.db.models import Sum
from django.db.models.functions import TruncQuarter

from koers.core.bulk import insert_rows
from koers.core.periods import add_months
from koers.demo.people import People
from koers.demo.range import Range
from koers.organisation.models import Territory
from koers.plan.models import Target
from koers.sell.models import OrderLine

Scope = tuple[int | None, int | None, int | None]  # person, territory, product group
ROUND = 1_000 * 10_000


def quota_dates(today: date, years: int) -> list[date]:
    """First Monday of every quarter, from the start of the history to the end of the running quarter."""
    found = []
    quarter = date(today.year - years, (today.month - 1) // 3 * 3 + 1, 1)
    while quarter <= add_months(today, 4):
        found.append(quarter + timedelta(days=(7 - quarter.weekday()) % 7))
        quarter = add_months(quarter, 3)
    return found


def write_targets(
    dice: random.Random, people: People, offer: Range, today: date, years: int
) -> int:
    """Targets per seller, rayon and product group, near what was sold then or a year before."""
    dates = quota_dates(today, years)
    begun = add_months(today, -12 * years)
    rows: list[tuple[object, ...]] = []
    scopes = (
        [(person.id, None, None) for team in people.sellers.values() for person in team],
        [(None, rayon, None) for rayon in _rayons()],
        [(None, None, group) for group in offer.groups],
    )
    sold = _sold_per_quarter()
    for start, end in itertools.pairwise(dates):
        if start > today or start < begun:
            continue
        quarter = date(start.year, (start.month - 1) // 3 * 3 + 1, 1)
        for scope in itertools.chain(*scopes):
            actual = sold.get((scope, quarter), 0)
            before = sold.get((scope, add_months(quarter, -12)), actual)
            running = end > today
            base = before * 104 // 100 if running or not actual else actual
            amount = max(round(base * dice.uniform(0.88, 1.24) / ROUND), 5) * ROUND
            rows.append((*scope, start.isoformat(), end.isoformat(), amount, "EUR", 1))
    insert_rows(
        Target,
        [
            "person_id",
            "territory_id",
            "product_group_id",
            "period_start",
            "period_end",
            "amount",
            "currency",
            "version",
        ],
        rows,
    )
    return len(rows)


def _rayons() -> dict[int, list[int]]:
    """The provinces of each rayon."""
    found: dict[int, list[int]] = {}
    for rayon in Territory.objects.filter(name__startswith="Rayon ").order_by("id"):
        found[rayon.pk] = list(rayon.children.order_by("id").values_list("id", flat=True))
    return found


def _sold_per_quarter() -> dict[tuple[Scope, date], int]:
    """Goods sold per quarter by seller, by rayon and by product group."""
    found: dict[tuple[Scope, date], int] = defaultdict(int)
    rayon_of = {province: rayon for rayon, below in _rayons().items() for province in below}
    rows = OrderLine.objects.filter(is_fee=False).annotate(
        quarter=TruncQuarter("order__ordered_on")
    )
    names = ("order__seller_id", "order__territory_id", "product__group_id")
    for row in rows.values("quarter", *names).annotate(total=Sum("net")).order_by():
        amount = int(row["total"] * 10_000)
        seller, province, group = (row[name] for name in names)
        for scope in ((seller, None, None), (None, rayon_of[province], None), (None, None, group)):
            found[scope, row["quarter"]] += amount
    return found
