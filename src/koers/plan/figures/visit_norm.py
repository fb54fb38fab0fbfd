"""What do the visit norms ask of each seller, and how much of it was done?"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from koers.core.actor import Actor
from koers.core.periods import Period
from koers.plan.queries.visit_norm import customers_with_norm, norms_of, norms_on

if TYPE_CHECKING:
    from koers_analytics.planning.visit_norms import VisitLoad

CELLS = ("owner_id", "owner__full_name", "norm", "norm_minutes", "norm_unit", "actual")


@dataclass(frozen=True, slots=True)
class SellerLoad:
    """A seller, or nobody, with what the norms of his customers ask and what was done."""

    key: int | None
    name: str
    load: "VisitLoad"


def seller_loads(
    *, actor: Actor, period: Period, day: date
) -> "tuple[list[SellerLoad], VisitLoad]":
    """Per seller whose customers one sees, by name and the unowned last, and all together (F6.1-F6.3, F6.14)."""
    from koers_analytics.planning.visit_norms import Visited, visit_load  # noqa: PLC0415 -- slow import

    norm_set = norms_on(day)
    around = {
        "travel_minutes": float(norm_set.travel_minutes if norm_set else 0),
        "waiting_minutes": float(norm_set.waiting_minutes if norm_set else 0),
    }
    per_seller: dict[tuple[int | None, str], list[Visited]] = defaultdict(list)
    found = customers_with_norm(actor, norms=norms_of(norm_set), period=period, day=day)
    for key, name, norm, minutes, unit, actual in found.order_by().values_list(*CELLS):
        per_seller[key, name or ""].append(
            Visited(norm, float(minutes or 0), float(unit or 1), actual)
        )
    sellers = [
        SellerLoad(key, name, visit_load(customers, **around))
        for (key, name), customers in sorted(
            per_seller.items(), key=lambda item: (not item[0][1], item[0][1])
        )
    ]
    return sellers, visit_load((each for group in per_seller.values() for each in group), **around)
