"""What a value model needs to know of a customer: how often, until when and since when.

Purchases are counted per day: several on one day are one. ``frequency`` is the number of repeat
purchase days (the first day does not count), ``recency`` the time from the first to the last
purchase day, ``age`` the time from the first purchase day to the day of measuring. Customers with
the same three are one group; a model only sees groups and how many customers each holds.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Self, TypeVar

import numpy as np
import numpy.typing as npt

from koers_analytics.customers.value.fitting import Floats

BLOCK = 16_384  # rows
Answer = TypeVar("Answer")


def sums_by(place: npt.NDArray[np.intp], values: Floats) -> Floats:
    """Sums of values that stand at the same place."""
    return np.bincount(place, weights=values).astype(np.float64)


@dataclass(frozen=True, slots=True)
class Histories:
    """Groups of equal (frequency, recency, age); times in ``unit_days`` days (7 = weeks)."""

    frequency: Floats
    recency: Floats
    age: Floats
    customers: Floats
    unit_days: float = 7.0

    @property
    def total(self) -> float:
        """How many customers there are."""
        return float(self.customers.sum())

    @classmethod
    def of_arrays(
        cls,
        frequency: npt.ArrayLike,
        recency: npt.ArrayLike,
        age: npt.ArrayLike,
        customers: npt.ArrayLike | None = None,
        *,
        unit_days: float = 7.0,
    ) -> Self:
        """Check arrays of equal length; ``customers`` counts a row's customers (default 1).

        Raises
        ------
        ValueError
            When a number is missing or negative, recency exceeds age, or lengths differ.
        """
        x, t_x, total = (np.asarray(part, dtype=np.float64) for part in (frequency, recency, age))
        weight = np.ones_like(x) if customers is None else np.asarray(customers, dtype=np.float64)
        if not x.ndim == 1 or not x.shape == t_x.shape == total.shape == weight.shape:
            raise ValueError("Frequency, recency and age must be rows of the same length.")
        for name, part in (("frequency", x), ("recency", t_x), ("age", total), ("count", weight)):
            if not np.isfinite(part).all() or (part < 0).any():
                raise ValueError(f"A {name} is missing or negative.")
        if (t_x > total + 1e-9).any():
            raise ValueError("A customer's last purchase lies after the day of measuring.")
        if ((x == 0) & (t_x > 0)).any():
            raise ValueError("A customer without repeat purchases has a recency above 0.")
        return cls(x, t_x, total, weight, unit_days)

    def grouped(self) -> tuple["Histories", npt.NDArray[np.intp]]:
        """Equal rows together, and for each row the number of its group."""
        number, place = np.unique(self._keys(), return_inverse=True)
        first = np.empty(len(number), dtype=np.intp)
        first[place[::-1]] = np.arange(len(place) - 1, -1, -1)
        counts = sums_by(place, self.customers)
        return Histories(
            self.frequency[first], self.recency[first], self.age[first], counts, self.unit_days
        ), place

    def _keys(self) -> npt.NDArray[np.int64]:
        """One whole number per row, equal where the three are equal."""
        key = np.zeros(len(self.age), dtype=np.int64)
        for part in (self.frequency, self.recency, self.age):
            codes = np.rint(part * self.unit_days).astype(np.int64)
            if part is self.frequency or not np.allclose(
                codes, part * self.unit_days, rtol=0, atol=1e-6
            ):
                codes = np.unique(part, return_inverse=True)[1].astype(np.int64)
            key = key * (int(codes.max(initial=0)) + 1) + codes
        return key

    def coarse(self, steps: int = 60) -> "Histories":
        """Fewer groups: times rounded to one of ``steps`` moments, for a quick first estimate."""
        grain = float(self.age.max()) / steps
        if len(self.age) < 4_000 or grain <= 0:
            return self
        age = np.maximum(np.round(self.age / grain), 0) * grain
        recency = np.minimum(np.round(self.recency / grain) * grain, age)
        recency = np.where(self.frequency > 0, np.minimum(np.maximum(recency, grain / 2), age), 0.0)
        rounded = Histories(self.frequency, recency, age, self.customers, self.unit_days)
        return rounded.grouped()[0]


def in_blocks(work: Callable[[Histories], Answer], data: Histories) -> list[Answer]:
    """``work`` on blocks that fit a processor's cache, two at a time; answers in the order of the rows.

    NumPy lets go of the interpreter's lock inside its loops, so threads share the work; adding up
    in the order of the rows keeps the sums the same from run to run.
    """
    starts = range(0, len(data.age), BLOCK)
    parts = [
        Histories(
            data.frequency[at : at + BLOCK], data.recency[at : at + BLOCK], data.age[at : at + BLOCK],
            data.customers[at : at + BLOCK], data.unit_days,
        )
        for at in starts
    ]  # fmt: skip
    if len(parts) < 4:
        return [work(part) for part in parts]
    with ThreadPoolExecutor(max_workers=2) as pool:
        return list(pool.map(work, parts))
