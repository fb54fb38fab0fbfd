"""What does the demo company sell, at which prices and costs over the years?"""

import random
from dataclasses import dataclass
from datetime import date

from koers.catalogue.models import Product, ProductCost, ProductGroup
from koers.core.bulk import insert_rows, reserve_ids
from koers.core.periods import add_months
from koers.demo.world import FEES, SIZES, UNITS
from koers.organisation.models import BusinessUnit

PRICE_RISE = 103  # per cent a year
COST_RISE = 102
SLIPPING_UNIT = "Verbruik"
SLIP = 109  # per cent of the cost before
SLIP_AFTER = 31  # months since the history began: the last half year


@dataclass(frozen=True, slots=True)
class Item:
    """A product with its list price (e4) per calendar year and its dated costs (e4), oldest first."""

    id: int
    unit: str
    first_year: int
    prices: tuple[int, ...]
    costs: tuple[tuple[date, int], ...]

    def price_on(self, day: date) -> int:
        """List price of the day's calendar year."""
        return self.prices[day.year - self.first_year]

    def cost_on(self, day: date) -> int:
        """Cost of one piece by the latest cost that is valid on the day."""
        return next(cost for valid_from, cost in reversed(self.costs) if valid_from <= day)


@dataclass(frozen=True, slots=True)
class Range:
    """All products, by unit, and the fees."""

    products: tuple[Item, ...]
    by_unit: dict[str, tuple[Item, ...]]
    fees: tuple[tuple[int, int], ...]  # id, price
    groups: tuple[int, ...]


def write_range(dice: random.Random, first: date) -> Range:
    """Product groups per unit, products in sizes, yearly prices and costs."""
    units = dict(BusinessUnit.objects.values_list("name", "id"))
    items: list[Item] = []
    rows: list[tuple[object, ...]] = []
    costs: list[tuple[object, ...]] = []
    groups: list[int] = []
    next_id = reserve_ids(Product, 400)
    for unit, families, margin in UNITS:
        top = ProductGroup.objects.create(name=unit, business_unit_id=units[unit])
        for family, models in families:
            group = ProductGroup.objects.create(
                name=family, parent=top, business_unit_id=units[unit]
            )
            groups.append(group.pk)
            for name, base in models:
                sizes = SIZES if unit != "Service" else SIZES[1:3]
                for size, factor in sizes:
                    start = round(base * factor * 100) * 100
                    prices = tuple(
                        start * PRICE_RISE**year // 100**year // 100 * 100 for year in range(4)
                    )
                    cost = round(start * (1 - margin * dice.uniform(0.85, 1.15)))
                    dated = _costs(cost, first, slips=unit == SLIPPING_UNIT)
                    items.append(Item(next_id, unit, first.year, prices, dated))
                    rows.append((next_id, 1, f"{unit[0]}{len(items):04d}", f"{name} {size}", "goods", group.pk, "st.",
                                 prices[-1], "EUR", True))  # fmt: skip
                    costs += [
                        (next_id, 1, valid_from.isoformat(), amount, "EUR")
                        for valid_from, amount in dated
                    ]
                    next_id += 1
    fees = []
    for code, name, price in FEES:
        rows.append((next_id, 1, code, name, "fee", None, "st.", price * 10_000, "EUR", True))
        fees.append((next_id, price * 10_000))
        next_id += 1
    columns = [
        "id",
        "version",
        "code",
        "name",
        "kind",
        "group_id",
        "unit",
        "list_price",
        "currency",
        "is_active",
    ]
    insert_rows(Product, columns, rows)
    insert_rows(ProductCost, ["product_id", "version", "valid_from", "cost", "currency"], costs)
    by_unit = {
        unit: tuple(item for item in items if item.unit == unit)
        for unit, _families, _margin in UNITS
    }
    return Range(tuple(items), by_unit, tuple(fees), tuple(groups))


def _costs(start: int, first: date, *, slips: bool) -> tuple[tuple[date, int], ...]:
    """Costs from every 1 January on; those of the slipping unit also from the month it slipped in."""
    slipped_on = add_months(first.replace(day=1), SLIP_AFTER)
    yearly = [
        (date(first.year + year, 1, 1), start * COST_RISE**year // 100**year) for year in range(4)
    ]
    if not slips:
        return tuple(yearly)
    known = max(amount for valid_from, amount in yearly if valid_from <= slipped_on)
    later = [
        (day, amount * SLIP // 100 if day > slipped_on else amount)
        for day, amount in yearly
        if day != slipped_on
    ]
    return tuple(sorted([*later, (slipped_on, known * SLIP // 100)]))
