"""From which day do figures look back: today, or the end of older data?"""

from datetime import date, timedelta

from django.db.models import Max

from koers.sell.models import Order

OLD_AFTER = timedelta(days=92)


def analysis_day(today: date) -> date:
    """Today; with data that ends over a quarter ago, the day after its latest order.

    A company that brings in its history, or a data set of years ago, would otherwise see only
    empty periods and lost customers.
    """
    latest: date | None = Order.objects.filter(ordered_on__lt=today).aggregate(
        latest=Max("ordered_on")
    )["latest"]
    if latest is None or today - latest <= OLD_AFTER:
        return today
    return latest + timedelta(days=1)
