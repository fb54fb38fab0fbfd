"""What is stored of selling: orders with their lines, opportunities."""

from koers.sell.models.opportunity import Opportunity, StageKind
from koers.sell.models.order import Order, OrderLine

__all__ = ["Opportunity", "Order", "OrderLine", "StageKind"]
