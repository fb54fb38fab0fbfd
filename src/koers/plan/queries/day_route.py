"""Which visits of a day make up a seller's round, and where does it start?"""

from dataclasses import dataclass
from datetime import date, time

from django.db.models import Avg

from koers.core.periods import Period
from koers.customers.models import Site
from koers.organisation.models import User
from koers.plan.queries.visit_calendar import TRAVELLING, Booked, booked_of
from koers.sell.models import ActivityKind


@dataclass(frozen=True, slots=True)
class RoundVisit:
    """A planned visit with its place; ``start`` is the time it has now."""

    key: int
    company_id: int | None
    title: str
    is_meeting: bool
    start: time | None
    minutes: int
    latitude: float
    longitude: float


def visits_of_round(*, seller: User, day: date) -> tuple[list[RoundVisit], list[Booked]]:
    """Planned visits and meetings of a day whose place is known, and what is left out of the round.

    The caller has found the seller among those he or she may see.
    """
    booked = [each for each in booked_of(seller=seller, period=Period(day, date.fromordinal(day.toordinal() + 1))) if not each.done]  # fmt: skip
    found = [
        RoundVisit(
            each.key, each.company_id, each.title, each.kind == ActivityKind.MEETING, each.start, each.minutes, each.latitude, each.longitude
        )
        for each in booked
        if each.kind in TRAVELLING and each.latitude is not None and each.longitude is not None
    ]  # fmt: skip
    inside = {each.key for each in found}
    return found, [each for each in booked if each.key not in inside]


def middle_of_customers(seller: User) -> tuple[float, float] | None:
    """The mean of the seller's visiting addresses on the map; None where none is known."""
    found = Site.objects.filter(
        company__owner=seller, company__deleted_at=None, deleted_at=None, latitude__isnull=False
    ).aggregate(latitude=Avg("latitude"), longitude=Avg("longitude"))
    if found["latitude"] is None:
        return None
    return round(found["latitude"], 4), round(found["longitude"], 4)
