"""What are all customers together worth, and why did that change between two days?

Customer equity is the sum of the expected, discounted contribution of all present customers over
the horizon (F9.13 with F9.20 instead of a fixed retention). The bridge between two days puts every
customer in one kind; amounts are whole cents per customer, so the parts add up to the change.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from koers_analytics.customers.value.customer_table import customer_table
from koers_analytics.customers.value.customer_value import (
    MODELS,
    CustomerValue,
    ValueSettings,
    customer_value,
    score,
)
from koers_analytics.customers.value.fitting import Floats
from koers_analytics.engines.base import Connection

KINDS = ("won", "kept", "grown", "shrunk", "lost", "revalued")
LOST_BELOW = 0.5
SAME_WITHIN = 0.05
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class BridgePart:
    """One step of the bridge: how many customers, and the change in whole cents."""

    kind: str
    customers: int
    change: Decimal


@dataclass(frozen=True, slots=True)
class Bridge:
    """From the equity at one day to that at a later one; ``start`` + all changes = ``end``."""

    before: date
    after: date
    start: Decimal
    parts: tuple[BridgePart, ...]
    end: Decimal


@dataclass(frozen=True, slots=True)
class BridgeSteps:
    """Per customer: value at both days in whole cents, and its kind."""

    customer: pa.ChunkedArray
    was: npt.NDArray[np.int64]
    is_: npt.NDArray[np.int64]
    kinds: Sequence[str]


@dataclass(frozen=True, slots=True)
class Equity:
    """Customer equity at a day with the analysis behind it."""

    value: CustomerValue
    total: Decimal
    customers: int
    expected_alive: float
    top_20_share: float | None
    bridge: Bridge | None
    steps: "BridgeSteps | None" = None


def cents(values: Floats) -> npt.NDArray[np.int64]:
    """Amounts as whole cents, half up."""
    return np.floor(values * 100 + 0.5).astype(np.int64)


def money(amount_cents: int) -> Decimal:
    """Whole cents as an amount."""
    return (Decimal(int(amount_cents)) / 100).quantize(CENT, rounding=ROUND_HALF_UP)


def equity(
    connection: Connection,
    source: str,
    *,
    as_of: date,
    before: date | None = None,
    settings: ValueSettings | None = None,
    holdout: date | None = None,
    names: Sequence[str] = tuple(MODELS),
) -> Equity:
    """Equity at the end of ``as_of``, with the bridge from ``before`` where that day is given.

    Raises
    ------
    TooFewPurchasesError
        When the purchases cannot tell a model.
    """
    found = customer_value(
        connection, source, as_of=as_of, settings=settings, holdout=holdout, names=names
    )
    values = cents(found.scores.clv)
    total = int(values.sum())
    steps = None if before is None else _steps(connection, source, found, before)
    return Equity(
        value=found,
        total=money(total),
        customers=len(found.table),
        expected_alive=float(found.scores.p_alive.sum()),
        top_20_share=_top_share(values),
        bridge=None if before is None or steps is None else _parts(before, as_of, steps),
        steps=steps,
    )


def _top_share(values: npt.NDArray[np.int64]) -> float | None:
    """Share of the first fifth of customers (F2.5), rounded up to whole customers."""
    if not len(values) or values.sum() <= 0:
        return None
    first = (len(values) * 20 + 99) // 100
    return float(np.sort(values)[::-1][:first].sum() / values.sum())


def _steps(connection: Connection, source: str, found: CustomerValue, before: date) -> BridgeSteps:
    """Both days valued with the parameters learned at the later one, then customer by customer.

    The value at the earlier day under its own model would mix behaviour with estimates; so the
    bridge starts there under today's parameters. What a customer that bought nothing in between
    loses by the mere passing of time is 'revalued', unless it is now more likely gone than not and
    was not before: that is 'lost'.
    """
    then = customer_table(connection, source, as_of=before)
    old = score(found.model, found.spend, then, found.settings)
    now = found.table
    left = pa.table(
        {"customer": then.customer, "was": cents(old.clv), "alive_then": old.p_alive,
         "bought_then": then.frequency + 1}
    )  # fmt: skip
    right = pa.table(
        {"customer": now.customer, "is": cents(found.scores.clv), "alive_now": found.scores.p_alive,
         "bought_now": now.frequency + 1}
    )  # fmt: skip
    connection.register("bridge_then", left)
    connection.register("bridge_now", right)
    try:
        rows = connection.sql(
            """SELECT customer, coalesce("was", 0) AS was, coalesce("is", 0) AS "is", "was" IS NULL AS new,
                      coalesce(alive_then, 0) AS alive_then, coalesce(alive_now, 0) AS alive_now,
                      coalesce(bought_now, 0) > coalesce(bought_then, 0) AS bought
               FROM bridge_now FULL JOIN bridge_then USING (customer)"""
        ).to_arrow_table()
    finally:
        connection.unregister("bridge_then")
        connection.unregister("bridge_now")

    def column(name: str) -> Floats:
        return np.asarray(rows.column(name).to_numpy())

    was, is_ = column("was").astype(np.int64), column("is").astype(np.int64)
    kinds = kinds_of(was, is_, new=column("new"), alive_then=column("alive_then"),
                     alive_now=column("alive_now"), bought=column("bought"))  # fmt: skip
    return BridgeSteps(rows.column("customer"), was, is_, kinds)


def kinds_of(
    was: npt.NDArray[np.int64] | Floats,
    is_: npt.NDArray[np.int64] | Floats,
    *,
    new: Floats,
    alive_then: Floats,
    alive_now: Floats,
    bought: Floats,
) -> Sequence[str]:
    """The kind of each customer, first that fits.

    won: not a customer before. lost: more likely gone than not (chance below 0.5) and before not.
    kept: bought in between, value within 5 %. grown, shrunk: bought in between, value more or less.
    revalued: bought nothing in between; only the passing of time changed its value.
    """
    change = is_ - was
    same = np.abs(change) <= SAME_WITHIN * np.abs(was)
    chosen = np.select(
        [
            new.astype(bool),
            (alive_now < LOST_BELOW) & (alive_then >= LOST_BELOW),
            ~bought.astype(bool),
            same,
            change > 0,
        ],
        ["won", "lost", "revalued", "kept", "grown"],
        default="shrunk",
    )
    return [str(kind) for kind in chosen]


def _parts(before: date, after: date, steps: BridgeSteps) -> Bridge:
    named = np.asarray(steps.kinds)
    change = steps.is_ - steps.was
    parts = tuple(
        BridgePart(kind, int((named == kind).sum()), money(int(change[named == kind].sum())))
        for kind in KINDS
    )
    return Bridge(before, after, money(int(steps.was.sum())), parts, money(int(steps.is_.sum())))
