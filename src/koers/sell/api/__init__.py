"""Which API routes has selling? Orders, leads, opportunities with their pipelines, activities."""

from ninja import Router

from koers.sell.api.activity import router as activities
from koers.sell.api.lead import router as leads
from koers.sell.api.opportunity import router as opportunities
from koers.sell.api.order import router as orders

router = Router(tags=["sell"])
for each in (orders, leads, opportunities, activities):
    router.add_router("", each)

__all__ = ["router"]
