"""How is an amount divided over cells by their weights, to the cent, while locked cells stay?"""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

CENT = Decimal("0.01")


class SpreadError(ValueError):
    """The locked cells hold more than there is to divide, or nothing is left to divide it over."""


def spread(
    total: Decimal, weights: Sequence[Decimal], locked: Mapping[int, Decimal] | None = None
) -> list[Decimal]:
    """Cells in whole cents that add up to ``total``, in proportion to their weights.

    ``locked`` keeps cells (by place) at their amount. Weights below zero count as zero; where all free
    weights are zero the rest is divided equally. The cents that rounding leaves go to the largest
    remainders, the first cell first.

    Raises
    ------
    SpreadError
        When locked cells exceed the total, or no cell is free for what is left.
    """
    kept = {place: _cents(amount) for place, amount in (locked or {}).items()}
    left = _cents(total) - sum(kept.values())
    free = [place for place in range(len(weights)) if place not in kept]
    if left < 0 or (left and not free):
        raise SpreadError
    shares = {place: Fraction(max(weights[place], Decimal(0))) for place in free}
    if not sum(shares.values()):
        shares = dict.fromkeys(free, Fraction(1))
    whole = sum(shares.values())
    exact = {place: left * share / whole for place, share in shares.items()} if free else {}
    cells = {place: int(value) for place, value in exact.items()}
    order = sorted(free, key=lambda place: (cells[place] - exact[place], place))
    for place in order[: left - sum(cells.values())]:
        cells[place] += 1
    return [(cells | kept)[place] * CENT for place in range(len(weights))]


def _cents(amount: Decimal) -> int:
    return int(amount.quantize(CENT, ROUND_HALF_UP) / CENT)
