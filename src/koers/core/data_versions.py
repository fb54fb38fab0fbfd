"""Which parts of the data changed, so that only they are read into the facts again?"""

from collections.abc import Iterable
from datetime import date

from django.db.models import F

from koers.core.models import DataVersion


def mark_changed(*parts: str) -> None:
    """Raise the counter of each part inside the writing transaction."""
    for part in sorted(set(parts)):
        if not DataVersion.objects.filter(part=part).update(number=F("number") + 1):
            _, created = DataVersion.objects.get_or_create(part=part)
            if not created:
                DataVersion.objects.filter(part=part).update(number=F("number") + 1)


def order_lines_part(day: date) -> str:
    """Part that holds the order lines of the day's month."""
    return f"order_line:{day:%Y-%m}"


def mark_order_lines_changed(days: Iterable[date]) -> None:
    """Raise the counters of the months in which the days lie."""
    mark_changed(*(order_lines_part(day) for day in days))


def current_versions() -> dict[str, str]:
    """All parts with their counters, as text for the facts store."""
    return {part: str(number) for part, number in DataVersion.objects.values_list("part", "number")}
