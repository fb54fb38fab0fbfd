"""What does the demo company sell, at which prices and costs over the years?"""

import random
from dataclasses import dataclass
from datetime import date

from koers.catalogue.models import Product, ProductCost, ProductGroup
from koers.core.bulk import insert_rows, reserve_ids
from koers.demo.world import FEES, SIZES, UNITS
from koers.organisation.models import BusinessUnit

PRICE_RISE = 103  # per cent a year
COST_RISE = 102
SLIPPING_UNIT = "Verbruik"
SLIP = 109  # per cent, in the last half year


@dataclass(frozen=True, slots=True)
class Item:
    """A product with list price and cost (e4) per year of the history, oldest first."""

    id: int
    unit: str
    prices: tuple[int, ...]
    costs: tuple[int, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class Range:
    """All products, by unit, and the fees."""

    products: tuple[Item, ...]
    by_unit: dict[str, tuple[Item, ...]]
    fees: tuple[tuple[int, int], ...]  # id, price
    groups: tuple[int, ...]
    slip_factor: int


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
                    yearly = tuple(cost * COST_RISE**year // 100**year for year in range(4))
                    items.append(Item(next_id, unit, prices, yearly, dice.uniform(0.3, 1.7)))
                    rows.append((next_id, 1, f"{unit[0]}{len(items):04d}", f"{name} {size}", "goods", group.pk, "st.",
                                 prices[-1], "EUR", True))  # fmt: skip
                    costs += [
                        (next_id, 1, date(first.year + year, 1, 1).isoformat(), yearly[year], "EUR")
                        for year in range(4)
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
    return Range(tuple(items), by_unit, tuple(fees), tuple(groups), SLIP)
