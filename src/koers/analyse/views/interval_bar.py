"""How is an interval drawn as a small bar, on one scale with the others beside it?"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

WIDTH = 100.0
Number = Decimal | float | None


@dataclass(frozen=True, slots=True)
class IntervalBar:
    """Places from 0 to 100 as an SVG writes them, in every language with a point."""

    low: str
    width: str
    likely: str
    zero: str
    below: bool  # whether part of it lies below zero


def bars_of(rows: Sequence[tuple[Number, Number, Number]]) -> list[IntervalBar | None]:
    """Bars of (low, likely, high); None for a row without figures. The scale holds zero."""
    known = [tuple(float(v) for v in row) for row in rows if None not in row]  # type: ignore[arg-type]
    least = min((low for low, _likely, _high in known), default=0.0)
    most = max((high for _low, _likely, high in known), default=0.0)
    start, span = min(least, 0.0), (max(most, 0.0) - min(least, 0.0)) or 1.0

    def place(value: Number) -> float:
        return round((float(value or 0) - start) / span * WIDTH, 2)

    def bar(low: Number, likely: Number, high: Number) -> IntervalBar:
        width = max(0.6, place(high) - place(low))
        return IntervalBar(f"{place(low)}", f"{width:.2f}", f"{place(likely)}", f"{place(0)}", float(low or 0) < 0)  # fmt: skip

    return [None if None in row else bar(*row) for row in rows]
