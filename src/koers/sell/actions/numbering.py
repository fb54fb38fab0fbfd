"""How does a record get the next number of its series?"""

from django.db import transaction
from django.db.models import F

from koers.sell.models import NumberSeries


def next_number(prefix: str, year: int) -> str:
    """The next number, e.g. Q2026-00012; must run in the transaction that writes its record.

    A record that is not written gives its number back with the transaction: there are no gaps.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a number outside a transaction would leave gaps")
    name = f"{prefix}{year}"
    if not NumberSeries.objects.filter(name=name).update(last=F("last") + 1):
        NumberSeries.objects.get_or_create(name=name)
        NumberSeries.objects.filter(name=name).update(last=F("last") + 1)
    last = NumberSeries.objects.values_list("last", flat=True).get(name=name)
    return f"{name}-{last:05}"
