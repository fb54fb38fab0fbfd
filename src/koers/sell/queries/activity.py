"""Which activities may this person see, what is due, and what fills the week?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from koers.core.actor import Actor
from koers.core.entry import record_key
from koers.core.errors import NotFoundError
from koers.customers.models import Company, Contact
from koers.customers.queries.company import companies_visible_to
from koers.customers.queries.consent import CHANNELS, Verdict, reach_of, verdicts_of
from koers.organisation.policies import Right, require
from koers.sell.models import Activity, ActivityOutcome, ActivityStatus, Opportunity
from koers.sell.models.activity import TALKS
from koers.sell.queries.opportunity import opportunities_visible_to

GROUPED = {
    ("kind", "talk"): TALKS,
    ("outcome", "moved_on"): (ActivityOutcome.ORDER, ActivityOutcome.ADVANCE),
    ("outcome", "none"): ("",),
}
LINKS = {
    "owner": "owner_id",
    "company": "company_id",
    "opportunity": "opportunity_id",
    "team": "owner__team_id",
    "sbu": "owner__business_unit_id",
    "territory": "owner__territory_id",
}
DAYS_IN_WEEK = 7
SHOWN_TO_CHOOSE = 12


def activities_visible_to(actor: Actor) -> QuerySet[Activity]:
    """Activities at customers the actor sees, and those without a customer of people he or she sees."""
    require(actor, Right.READ_CUSTOMERS)
    found = Activity.objects.select_related("company", "owner", "opportunity")
    if actor.visible_people is None:
        return found.filter(Q(company=None) | Q(company__deleted_at=None))
    return found.filter(
        Q(company__owner_id__in=actor.visible_people, company__deleted_at=None)
        | Q(company=None, owner_id__in=actor.visible_people)
    )


def activities_matching(
    actor: Actor, *, q: str, choices: Mapping[str, str], today: date
) -> QuerySet[Activity]:
    """Activities whose subject or customer begins with ``q``, by the choices of the list."""
    found = activities_visible_to(actor)
    if q:
        found = found.filter(Q(subject__istartswith=q) | Q(company__name__istartswith=q))
    for name in ("kind", "status", "outcome"):
        if value := choices.get(name):
            found = found.filter(**{f"{name}__in": GROUPED.get((name, value), (value,))})
    for name, column in LINKS.items():
        if (key := record_key(choices.get(name, ""))) is not None:
            found = found.filter(**{column: key})
    if choices.get("owner") == "none":
        found = found.filter(owner=None)
    return _between(_at_time(found, choices.get("when", ""), today), choices)


def _between(found: QuerySet[Activity], choices: Mapping[str, str]) -> QuerySet[Activity]:
    """From a day up to and including another; a text that is no date asks nothing."""
    for name, test in (("from", "day__gte"), ("to", "day__lte")):
        try:
            found = found.filter(**{test: date.fromisoformat(choices.get(name, ""))})
        except ValueError:
            continue
    return found


def _at_time(found: QuerySet[Activity], when: str, today: date) -> QuerySet[Activity]:
    if when == "overdue":
        return found.filter(status=ActivityStatus.PLANNED, day__lt=today)
    if when == "today":
        return found.filter(day=today)
    if when == "coming":
        return found.filter(status=ActivityStatus.PLANNED, day__gte=today)
    return found


def activity_for(*, actor: Actor, activity_id: int) -> Activity:
    """One activity with its contacts, or as if it did not exist."""
    found = (
        activities_visible_to(actor)
        .select_related("follows")
        .prefetch_related("contacts")
        .filter(pk=activity_id)
        .first()
    )
    if found is None:
        raise NotFoundError(_("This activity does not exist."))
    return found


def due_for(actor: Actor, *, today: date, limit: int) -> tuple[list[Activity], int]:
    """The actor's own planned activities up to today, the oldest first, and how many there are."""
    found = activities_visible_to(actor).filter(
        owner_id=actor.user_id, status=ActivityStatus.PLANNED, day__lte=today
    )
    return list(found.order_by("day", "start_time", "pk")[:limit]), found.count()


@dataclass(frozen=True, slots=True)
class WeekDay:
    """A day of the week with what fills it."""

    day: date
    is_today: bool
    activities: list[Activity]


def week_of(actor: Actor, *, owner_id: int | None, day: date, today: date) -> list[WeekDay]:
    """Monday to Sunday around a day, with one person's activities that were not cancelled."""
    monday = day - timedelta(days=day.weekday())
    found = (
        activities_visible_to(actor)
        .filter(owner_id=owner_id, day__gte=monday, day__lt=monday + timedelta(days=DAYS_IN_WEEK))
        .exclude(status=ActivityStatus.CANCELLED)
        .order_by("day", "start_time", "pk")
    )
    per_day: dict[date, list[Activity]] = {}
    for activity in found:
        per_day.setdefault(activity.day, []).append(activity)
    days = [monday + timedelta(days=number) for number in range(DAYS_IN_WEEK)]
    return [WeekDay(each, each == today, per_day.get(each, [])) for each in days]


def companies_to_choose(actor: Actor, text: str) -> list[Company]:
    """A few companies whose name begins with the text."""
    found = companies_visible_to(actor)
    if text.strip():
        found = found.filter(name__istartswith=text.strip()[:80])
    return list(found.order_by("name", "pk")[:SHOWN_TO_CHOOSE])


def contacts_to_choose(company: Company | None) -> QuerySet[Contact]:
    """Contacts of the company that are not in the bin."""
    if company is None:
        return Contact.objects.none()
    return Contact.objects.filter(company=company, deleted_at=None)


def opportunities_to_choose(actor: Actor, company: Company | None) -> QuerySet[Opportunity]:
    """Opportunities of the company the actor sees."""
    if company is None:
        return Opportunity.objects.none()
    return opportunities_visible_to(actor).filter(company=company)


def verdicts_on(activity: Activity) -> list[tuple[str, Verdict]]:
    """Whether each participant of a planned call or mail may be reached with an offer on its day."""
    channel = CHANNELS.get(activity.kind)
    if channel is None or activity.status != ActivityStatus.PLANNED:
        return []
    contacts = list(activity.contacts.select_related("company"))
    if contacts:
        found = verdicts_of(contacts, channel, activity.day)
        return [(str(contact), found[contact.pk]) for contact in contacts]
    if activity.company is None:
        return []
    reach = reach_of([activity.company], activity.kind, activity.day)[activity.company.pk]
    return [(str(activity.company), reach.verdict)]
