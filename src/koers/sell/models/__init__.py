"""What is stored of selling: orders with their lines, opportunities, activities."""

from koers.sell.models.activity import Activity, ActivityKind, ActivityOutcome, ActivityStatus
from koers.sell.models.opportunity import Opportunity, StageKind
from koers.sell.models.order import Order, OrderLine

__all__ = [
    "Activity",
    "ActivityKind",
    "ActivityOutcome",
    "ActivityStatus",
    "Opportunity",
    "Order",
    "OrderLine",
    "StageKind",
]
