"""Which exact amounts does a line have, given what its columns say?

All values are whole ten-thousandths; a product of two is divided once, half up.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

UNITS = 10_000


class LineAmounts(NamedTuple):
    """Quantity and list price per unit; discount, net and cost of the whole line."""

    quantity: int
    list_price: int | None
    discount: int
    net: int
    cost: int | None


def times(one: int, other: int) -> int:
    """Product of two e4 numbers as e4, half up (away from zero)."""
    product = one * other
    half = UNITS // 2
    return (product + half) // UNITS if product >= 0 else -((-product + half) // UNITS)


def divided(one: int, other: int) -> int:
    """Quotient of two e4 numbers as e4, half up."""
    sign = 1 if (one >= 0) == (other > 0) else -1
    top, bottom = abs(one) * UNITS, abs(other)
    return sign * ((top + bottom // 2) // bottom)


NAMES = (
    "quantity", "unit_price", "list_price", "discount_share", "discount_amount", "net_amount", "unit_cost", "line_cost",
    "profit",
)  # fmt: skip


def amounts_of(column: Mapping[str, Sequence[Any] | None], count: int) -> list[LineAmounts | None]:
    """Amounts of every line; None where neither a net amount nor a price is given.

    net = net amount, or price × quantity less the discount (amount, or share of the list value).
    A net amount with a discount share but no price is taken to be after discount.
    cost = cost of the line, or cost per unit × quantity, or net less profit.
    """
    columns = [column.get(name) or [None] * count for name in NAMES]
    return [_line(*values) for values in zip(*columns, strict=True)]


def _line(
    quantity: int | None, unit_price: int | None, list_price: int | None, share: int | None, given: int | None,
    net: int | None, unit_cost: int | None, line_cost: int | None, profit: int | None,
) -> LineAmounts | None:  # fmt: skip
    pieces = UNITS if quantity is None else quantity
    price = list_price if list_price is not None else unit_price
    gross = _gross(pieces, price, share, net)
    if gross is None:
        return None
    if net is None:
        sold = gross if unit_price is None or list_price is None else times(unit_price, pieces)
        off = given if given is not None else times(sold, share) if share else 0
        net = sold - off
    discount = given if given is not None and list_price is None else gross - net
    cost = line_cost
    if cost is None and unit_cost is not None:
        cost = times(unit_cost, pieces)
    if cost is None and profit is not None:
        cost = net - profit
    shown = price if price is not None else divided(gross, pieces) if pieces else None
    return LineAmounts(pieces, shown, discount, net, cost)


def _gross(pieces: int, price: int | None, share: int | None, net: int | None) -> int | None:
    """Value of the line before discount."""
    if price is not None:
        return times(price, pieces)
    if net is None:
        return None
    return divided(net, UNITS - share) if share and share < UNITS else net
