"""How is the same activity planned for many customers at once, and taken back?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction
from django.db.models import F

from koers.core import audit
from koers.core.actor import Actor
from koers.customers.models import Company
from koers.customers.queries.choices import owners_visible_to
from koers.organisation.models import User
from koers.organisation.policies import Right, require
from koers.sell.models import Activity, ActivityKind, ActivityStatus
from koers.sell.queries.activity import activities_visible_to


@transaction.atomic
def plan_for_companies(
    *,
    actor: Actor,
    companies: Sequence[Company],
    kind: str,
    subject: str,
    day: date,
    at: datetime,
    contacts: Mapping[int, Sequence[int]] | None = None,
) -> dict[int, Activity]:
    """Plan it for the account manager of each company, or oneself where one may not plan for him or her.

    The caller has checked that the companies are visible. ``contacts`` are whom to speak, by
    company. Returns the activity per company.
    """
    require(actor, Right.EDIT_CUSTOMERS)
    allowed = set(owners_visible_to(actor).values_list("pk", flat=True))
    made = Activity.objects.bulk_create(
        Activity(
            kind=kind, subject=subject, company=company, day=day, status=ActivityStatus.PLANNED,
            owner_id=company.owner_id if company.owner_id in allowed else actor.user_id,
        )
        for company in companies
    )  # fmt: skip
    people = contacts or {}
    Activity.contacts.through.objects.bulk_create(
        Activity.contacts.through(activity_id=each.pk, contact_id=contact_id)
        for each in made
        for contact_id in people.get(each.company_id or 0, ())
    )
    audit.record_many(
        [audit.entry_values(actor=actor, at=at, verb="create", obj=each) for each in made]
    )
    return {each.company_id: each for each in made if each.company_id is not None}


@transaction.atomic
def cancel_planned(*, actor: Actor, activity_ids: Sequence[int], at: datetime) -> int:
    """Cancel those of these activities that still must happen; returns how many."""
    require(actor, Right.EDIT_CUSTOMERS)
    visible = activities_visible_to(actor).filter(pk__in=activity_ids, status=ActivityStatus.PLANNED)  # fmt: skip
    open_ones = list(Activity.objects.filter(pk__in=visible.values("pk")).order_by("pk").select_for_update())  # fmt: skip
    Activity.objects.filter(pk__in=[each.pk for each in open_ones]).update(
        status=ActivityStatus.CANCELLED, version=F("version") + 1
    )
    change = {"status": audit.Change(ActivityStatus.PLANNED.value, ActivityStatus.CANCELLED.value)}
    audit.record_many(
        [audit.entry_values(actor=actor, at=at, verb="change", obj=each, changes=change) for each in open_ones]
    )  # fmt: skip
    return len(open_ones)


@dataclass(frozen=True, slots=True)
class PlannedVisit:
    """A visit to plan: where, when, and minutes of talk."""

    company: Company
    day: date
    start_time: time
    minutes: int


@transaction.atomic
def plan_visits(
    *, actor: Actor, owner: User, visits: Sequence[PlannedVisit], subject: str, at: datetime
) -> list[int]:
    """Plan many visits of one seller at once; the caller has checked companies and seller.

    Returns the keys, which ``cancel_planned`` takes back.
    """
    require(actor, Right.EDIT_CUSTOMERS)
    made = Activity.objects.bulk_create(
        Activity(
            kind=ActivityKind.VISIT, subject=subject, company=each.company, owner=owner, day=each.day,
            start_time=each.start_time, minutes=each.minutes, status=ActivityStatus.PLANNED,
        )
        for each in visits
    )  # fmt: skip
    audit.record_many(
        [audit.entry_values(actor=actor, at=at, verb="create", obj=each) for each in made]
    )
    return [each.pk for each in made]


@transaction.atomic
def set_start_times(
    *,
    actor: Actor,
    times: Mapping[int, time | None],
    at: datetime,
    only: Mapping[int, time] | None = None,
) -> dict[int, time | None]:
    """Give planned activities another time of day; returns the former time of those that changed.

    With ``only``, an activity that no longer has the time named there stays as it is.
    """
    require(actor, Right.EDIT_CUSTOMERS)
    visible = activities_visible_to(actor).filter(pk__in=times, status=ActivityStatus.PLANNED)
    former: dict[int, time | None] = {}
    entries = []
    for each in Activity.objects.filter(pk__in=visible.values("pk")).order_by("pk").select_for_update():  # fmt: skip
        before, after = each.start_time, times[each.pk]
        if before == after or (only is not None and only[each.pk] != before):
            continue
        former[each.pk] = before
        Activity.objects.filter(pk=each.pk).update(start_time=after, version=F("version") + 1)
        change = {"start_time": audit.Change(before and before.isoformat(), after and after.isoformat())}  # fmt: skip
        entries.append(audit.entry_values(actor=actor, at=at, verb="change", obj=each, changes=change))  # fmt: skip
    audit.record_many(entries)
    return former
