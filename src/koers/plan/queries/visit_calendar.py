"""Whom must one seller visit in a quarter, and what fills his or her days already?"""

from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from koers.core.actor import Actor
from koers.core.errors import NotFoundError
from koers.core.periods import Period, last_twelve_months
from koers.customers.models import Site
from koers.customers.queries.choices import owners_visible_to
from koers.organisation.models import User
from koers.organisation.policies import Right, require
from koers.plan.models import VisitNormSet
from koers.plan.queries.seller import FIELD_ROLES
from koers.plan.queries.visit_norm import customers_with_norm, norms_of
from koers.sell.models import Activity, ActivityKind, ActivityStatus
from koers.sell.models.activity import USUAL_MINUTES

TRAVELLING = (ActivityKind.VISIT, ActivityKind.MEETING)


@dataclass(frozen=True, slots=True)
class CalendarCustomer:
    """A customer with what holds for it: visits a year, minutes, allowed days, last and planned visits."""

    key: int
    name: str
    customer_class: str
    visits: int
    minutes: int
    weekdays: str
    last: date | None
    planned: tuple[date, ...]
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True, slots=True)
class Booked:
    """What was planned before: an activity with its day, time and length, and where it is."""

    key: int
    company_id: int | None
    title: str
    subject: str
    kind: str
    day: date
    start: time | None
    minutes: int
    done: bool
    latitude: float | None
    longitude: float | None


def sellers_to_plan(actor: Actor) -> QuerySet[User]:
    """Sellers whose calendar one may see, by name."""
    require(actor, Right.READ_TARGETS)
    return owners_visible_to(actor)


def seller_to_plan(actor: Actor, text: str) -> User | None:
    """The seller asked for; without a choice oneself, or else the first who sells in the field."""
    found = sellers_to_plan(actor)
    if text:
        chosen = found.filter(pk=int(text)).first() if text.isdecimal() and len(text) < 16 else None
        if chosen is None:
            raise NotFoundError(_("This person does not exist."))
        return chosen
    own = found.filter(pk=actor.user_id or 0, role__in=FIELD_ROLES).first()
    return own or found.filter(role__in=FIELD_ROLES).first() or found.first()


def customers_to_visit(
    actor: Actor, *, seller: User, norm_set: VisitNormSet | None, period: Period, today: date
) -> list[CalendarCustomer]:
    """The seller's customers with a norm above 0, with their visits planned from the period's start."""
    sites = _located()
    with_norm: Any = customers_with_norm(
        actor, norms=norms_of(norm_set), period=last_twelve_months(today), day=today
    )
    found = with_norm.filter(owner=seller, norm__gt=0).order_by("pk")
    found = found.annotate(
        latitude=Subquery(sites.values("latitude")[:1]),
        longitude=Subquery(sites.values("longitude")[:1]),
    )
    planned: dict[int, list[date]] = {}
    for company, day in Activity.objects.filter(
        company__owner=seller, company__deleted_at=None, kind=ActivityKind.VISIT,
        status=ActivityStatus.PLANNED, day__gte=today,
    ).values_list("company_id", "day"):  # fmt: skip
        if company is not None:
            planned.setdefault(company, []).append(day)
    names = ("pk", "name", "customer_class", "norm", "norm_minutes", "norm_weekdays", "last_visit", "latitude", "longitude")  # fmt: skip
    return [
        CalendarCustomer(
            key, name, of_class, visits, minutes or USUAL_MINUTES, weekdays or "", last,
            tuple(sorted(planned.get(key, ()))), latitude, longitude,
        )
        for key, name, of_class, visits, minutes, weekdays, last, latitude, longitude in found.values_list(*names)
    ]  # fmt: skip


def booked_of(*, seller: User, period: Period) -> list[Booked]:
    """The seller's activities that are not cancelled, by day and time.

    The caller has found the seller among those he or she may see; a task without a length fills
    no time and is left out.
    """
    sites = _located("company_id")
    found = (
        Activity.objects.filter(owner=seller, day__gte=period.start, day__lt=period.end)
        .exclude(status=ActivityStatus.CANCELLED)
        .exclude(company__deleted_at__isnull=False)
        .select_related("company")
        .annotate(
            latitude=Subquery(sites.values("latitude")[:1]),
            longitude=Subquery(sites.values("longitude")[:1]),
        )
        .order_by("day", "start_time", "pk")
    )
    return [
        Booked(
            each.pk, each.company_id, str(each.company or each.subject), each.subject, each.kind, each.day, each.start_time,
            each.minutes or (USUAL_MINUTES if each.kind in TRAVELLING else 0), each.status == ActivityStatus.DONE, each.latitude, each.longitude,
        )
        for each in found
        if each.minutes or each.kind in TRAVELLING
    ]  # fmt: skip


def _located(company: str = "pk") -> QuerySet[Site]:
    """The address of a company that visits go to, where its place on the map is known."""
    return Site.objects.filter(
        company=OuterRef(company), deleted_at=None, latitude__isnull=False
    ).order_by("-kind", "pk")  # "visit" comes first this way
