"""What did the demo company's customers order, day by day?"""

import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import holidays
from django.db import transaction

from koers.core.bulk import insert_rows, reserve_ids
from koers.core.data_versions import mark_order_lines_changed
from koers.core.periods import Period, add_months, months_between
from koers.demo.range import Item, Range
from koers.demo.relations import Relation
from koers.sell.models import Order, OrderLine

Progress = Callable[[int, "int | None", str], None]
# Share of a year's orders per month, in per cent: quiet in August, busy before Christmas.
SEASON = {
    "Keukentechniek": (7, 8, 10, 9, 9, 8, 6, 4, 9, 10, 11, 9),
    "Verbruik": (7, 7, 8, 8, 9, 9, 8, 7, 8, 9, 10, 10),
    "Service": (9, 8, 9, 8, 8, 7, 6, 5, 9, 10, 11, 10),
}
CREDITS = 0.018
SMALL_ORDER = 250 * 10_000
ORDER_COLUMNS = [
    "id",
    "version",
    "number",
    "company_id",
    "seller_id",
    "territory_id",
    "ordered_on",
    "currency",
    "is_credit",
    "credit_of_id",
]
LINE_COLUMNS = [
    "order_id",
    "position",
    "product_id",
    "description",
    "is_fee",
    "quantity",
    "list_price",
    "discount",
    "net",
    "cost",
    "fingerprint",
]
Line = tuple[
    int, bool, int, int, int, int, int | None
]  # product, fee, quantity, list price, discount, net, cost


def write_orders(
    dice: random.Random,
    relations: list[Relation],
    offer: Range,
    today: date,
    years: int,
    progress: Progress | None,
) -> tuple[int, int]:
    """Write month by month, so that memory stays bounded; numbers run without gaps within a year."""
    months = list(months_between(add_months(today, -12 * years), today))
    counters: dict[int, int] = defaultdict(int)
    orders = lines = 0
    for place, month in enumerate(months):
        period = (
            Period(max(month.start, add_months(today, -12 * years)), min(month.end, today))
            if month.start < today
            else None
        )
        if period is None:
            continue
        made = _month(dice, relations, offer, period, place)
        with transaction.atomic():
            written = _write_month(made, counters)
        orders, lines = orders + len(made), lines + written
        if progress:
            progress(place + 1, len(months), "orders")
    return orders, lines


def _month(
    dice: random.Random,
    relations: list[Relation],
    offer: Range,
    period: Period,
    place: int,
) -> list[tuple[date, Relation, list[Line], bool]]:
    """Orders of a month; a credit note follows its order."""
    free = holidays.country_holidays("NL", years=[period.start.year, period.last_day.year])
    days = [period.start + timedelta(days=step) for step in range(period.days)]
    working = [day for day in days if day.weekday() < 5 and day not in free]
    if not working:
        return []
    made: list[tuple[date, Relation, list[Line], bool]] = []
    for relation in relations:
        if not relation.buys_in(period):
            continue
        number = _orders_in(dice, relation, period, place)
        for _order in range(number):
            day = dice.choice(working)
            if not relation.buys_on(day):
                continue
            made.append((day, relation, _lines(dice, relation, offer, day), False))
            if dice.random() < CREDITS:
                made.append(
                    (dice.choice([each for each in working if each >= day]), relation, [], True)
                )
    return _with_credits(made)


def _orders_in(dice: random.Random, relation: Relation, period: Period, place: int) -> int:
    """How many orders a customer places in a month: its pace, its growth and the season."""
    elapsed = (period.start - relation.first).days / 365
    pace = relation.per_year * (1 + relation.growth) ** max(elapsed, 0)
    if relation.declining_area and place > 20:
        pace *= 0.72
    season = sum(SEASON[unit][period.start.month - 1] for unit in relation.units)
    factor = season / len(relation.units) / 100 * period.days / 30.4
    expected = pace * factor
    number = int(expected) + (dice.random() < expected - int(expected))
    if relation.steady:
        number = int(relation.per_year * factor + 0.5)
    return 1 if number == 0 and relation.begins_in(period) else number


def _with_credits(
    made: list[tuple[date, Relation, list[Line], bool]],
) -> list[tuple[date, Relation, list[Line], bool]]:
    """Give each credit note the first line of the order before it, turned round."""
    done: list[tuple[date, Relation, list[Line], bool]] = []
    for day, relation, lines, credit in made:
        if credit:
            product, fee, quantity, price, discount, net, cost = done[-1][2][0]
            done.append(
                (
                    day,
                    relation,
                    [
                        (
                            product,
                            fee,
                            -quantity,
                            price,
                            -discount,
                            -net,
                            None if cost is None else -cost,
                        )
                    ],
                    True,
                )
            )
        else:
            done.append((day, relation, lines, False))
    return done


def _lines(dice: random.Random, relation: Relation, offer: Range, day: date) -> list[Line]:
    if relation.steady:
        dice = random.Random(relation.basket)  # noqa: S311 -- the same basket every time
    count = dice.choice((1, 1, 2, 2, 3, 3, 4, 5))
    found: list[Line] = []
    for _line in range(count):
        items = offer.by_unit[dice.choice(relation.units)]
        item = items[min(int(dice.random() ** 1.6 * len(items)), len(items) - 1)]
        found.append(_line_of(dice, relation, item, day))
    if sum(line[5] for line in found) < SMALL_ORDER:
        fee, price = offer.fees[1]
        found.append((fee, True, 10_000, price, 0, price, None))
    elif dice.random() < 0.3:
        fee, price = offer.fees[0]
        found.append((fee, True, 10_000, price, 0, price, None))
    return found


def _line_of(dice: random.Random, relation: Relation, item: Item, day: date) -> Line:
    price, cost = item.price_on(day), item.cost_on(day)
    cheap = price < 300 * 10_000
    pieces = max(1, round(dice.uniform(0.5, 2.0) * (relation.size**0.6) * (8 if cheap else 0.3)))
    gross = price * pieces
    discount = gross * min(relation.discount + dice.randint(0, 4), 45) // 100 // 100 * 100
    return (item.id, False, pieces * 10_000, price, discount, gross - discount, cost * pieces)


def _write_month(
    made: list[tuple[date, Relation, list[Line], bool]], counters: dict[int, int]
) -> int:
    if not made:
        return 0
    order = sorted(range(len(made)), key=lambda place: (made[place][0], place))
    first = reserve_ids(Order, len(made))
    ids = {place: first + rank for rank, place in enumerate(order)}
    written = 0

    def orders() -> Iterator[tuple[object, ...]]:
        for place in order:
            day, relation, _lines, credit = made[place]
            counters[day.year] += 1
            yield (ids[place], 1, f"{day.year}-{counters[day.year]:06d}", relation.id, relation.seller.id, relation.territory_id,
                   day.isoformat(), "EUR", credit, ids[place - 1] if credit else None)  # fmt: skip

    def lines() -> Iterator[tuple[object, ...]]:
        nonlocal written
        for place in order:
            for position, line in enumerate(made[place][2], start=1):
                product, fee, quantity, price, discount, net, cost = line
                written += 1
                yield (ids[place], str(position), product, "", fee, quantity, price, discount, net, cost, 0)  # fmt: skip

    # An order and its credit note stand in one statement, and foreign keys are checked at its end.
    insert_rows(Order, ORDER_COLUMNS, orders())
    insert_rows(OrderLine, LINE_COLUMNS, lines())
    mark_order_lines_changed({day for day, _relation, _lines, _credit in made})
    return written
