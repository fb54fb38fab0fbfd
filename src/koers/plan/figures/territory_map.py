"""What does each territory bring, ask and cost, and where do its customers lie?"""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from koers.core.actor import Actor
from koers.core.periods import Period
from koers.plan.queries.territory_map import customers_by_territory
from koers.plan.queries.visit_norm import norms_on

if TYPE_CHECKING:
    from koers_analytics.planning.territory_map import TerritoryMap


def territory_map_of(
    *, actor: Actor, period: Period, day: date, seller_cost: Decimal
) -> "TerritoryMap":
    """Territories of the customers one sees (F6.8, F6.13, F6.14); ``seller_cost`` is a year of one seller."""
    from koers_analytics.planning.territory_map import TerritoryCustomer, territory_figures  # noqa: PLC0415 -- slow import

    found = customers_by_territory(actor, norm_set=norms_on(day), period=period, day=day)
    rows = [
        TerritoryCustomer(
            each.territory, each.seller, each.hours, each.norm, each.actual, each.turnover, each.contribution, each.point
        )
        for each in found
    ]  # fmt: skip
    return territory_figures(rows, seller_cost=float(seller_cost))
