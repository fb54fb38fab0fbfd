"""Whose sales days may one see, what is known of them, and when is a seller away?"""

from collections.abc import Collection
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from koers.core.actor import Actor
from koers.core.errors import NotFoundError
from koers.core.periods import Period
from koers.customers.models import Company
from koers.customers.queries.choices import owners_visible_to
from koers.organisation.models import User
from koers.organisation.policies import Right, may, require
from koers.plan.models import Absence, SellerYear


def sellers_with_a_year(actor: Actor) -> QuerySet[User]:
    """Sellers who own customers, by name: those one sees for who leads people, else oneself."""
    require(actor, Right.READ_TARGETS)
    own = Company.objects.filter(owner=OuterRef("pk"), deleted_at=None)
    found = owners_visible_to(actor).filter(Exists(own))
    return found if may(actor, Right.SEE_TEAM) else found.filter(pk=actor.user_id or 0)


def seller_with_a_year(*, actor: Actor, person_id: int) -> User:
    """One of them, or as if he or she did not exist."""
    found = sellers_with_a_year(actor).filter(pk=person_id).first()
    if found is None:
        raise NotFoundError(_("This person does not exist."))
    return found


def may_change_year(actor: Actor, person_id: int) -> bool:
    """Who sets targets changes everybody's, and a seller his or her own."""
    return may(actor, Right.EDIT_TARGETS) or (may(actor, Right.EDIT_CUSTOMERS) and actor.user_id == person_id)  # fmt: skip


def years_of(people: Collection[int], year: int) -> dict[int, SellerYear]:
    """What was said of a year, per person; the usual numbers for who has none (not stored)."""
    known = {each.person_id: each for each in SellerYear.objects.filter(person__in=people, year=year)}  # fmt: skip
    return {key: known.get(key) or SellerYear(person_id=key, year=year) for key in people}


def absences_in(people: Collection[int], period: Period) -> QuerySet[Absence]:
    """Absences that touch the period; the caller has found the people among those one may see."""
    return Absence.objects.filter(
        person__in=people, starts_on__lt=period.end, ends_on__gt=period.start
    )


def absence_for(*, actor: Actor, absence_id: int) -> Absence:
    """One absence of somebody whose year one sees."""
    people = sellers_with_a_year(actor).values("pk")
    found = Absence.objects.filter(pk=absence_id, person__in=people)
    absence = found.select_related("person").first()
    if absence is None:
        raise NotFoundError(_("This absence does not exist."))
    return absence


def days_of(absence: Absence, period: Period) -> set[date]:
    """The days of an absence inside a period."""
    first, end = max(absence.starts_on, period.start), min(absence.ends_on, period.end)
    return {first + timedelta(days=number) for number in range(max(0, (end - first).days))}


def days_away(person_id: int, period: Period) -> set[date]:
    """Days of the period on which a seller is away."""
    return {day for each in absences_in([person_id], period) for day in days_of(each, period)}
