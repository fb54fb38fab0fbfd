"""Which talks with customers took place, whose were they, and how did they end?"""

from collections.abc import Mapping

from django.db.models import Count, F, QuerySet

from koers.core.actor import Actor
from koers.core.periods import Period
from koers.sell.models import Activity, ActivityOutcome, ActivityStatus
from koers.sell.models.activity import TALKS
from koers.sell.queries.activity import activities_visible_to

CHOICES = {
    "seller": "owner_id",
    "team": "owner__team_id",
    "sbu": "owner__business_unit_id",
    "territory": "owner__territory_id",
}


def talks_of(actor: Actor, *, period: Period, choices: Mapping[str, object]) -> QuerySet[Activity]:
    """Visible visits, phone calls and meetings that were done in the period."""
    found = activities_visible_to(actor).filter(
        kind__in=TALKS,
        status=ActivityStatus.DONE,
        day__gte=period.start,
        day__lt=period.end,
    )
    for name, value in choices.items():
        found = found.filter(**{CHOICES[name]: value})
    return found


def endings_of(talks: QuerySet[Activity]) -> list[tuple[object, str, str, int]]:
    """Seller, name, how it ended and how many; the ending is empty where nobody wrote it down."""
    rows = (
        talks.select_related(None)
        .order_by()
        .values_list("owner_id", F("owner__full_name"), "outcome")
        .annotate(talks=Count("pk"))
    )
    return [(key, label or "", outcome, count) for key, label, outcome, count in rows]


def without_commitment(talks: QuerySet[Activity]) -> int:
    """Advances of which no action of the customer was written down."""
    return talks.filter(outcome=ActivityOutcome.ADVANCE, commitment="").count()
