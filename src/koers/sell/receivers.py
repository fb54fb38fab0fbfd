"""What does selling do when two companies were made one, or two again?"""

from collections.abc import Sequence
from typing import Any

from django.dispatch import receiver

from koers.core.data_versions import mark_order_lines_changed
from koers.customers.signals import orders_may_have_moved
from koers.sell.models import Order


@receiver(orders_may_have_moved, dispatch_uid="months_of_moved_orders")
def months_of_moved_orders(sender: object, company_ids: Sequence[int], **_extra: Any) -> None:
    """Have the months of the companies' orders read into the facts again."""
    days = Order.objects.filter(company_id__in=company_ids).values_list("ordered_on", flat=True)
    mark_order_lines_changed(days.order_by().distinct())
