"""How do proposed visits become appointments?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction
from django.utils.translation import gettext as _

from koers.core.actor import Actor
from koers.core.errors import NotFoundError, RuleError
from koers.customers.queries.choices import owners_visible_to
from koers.customers.queries.company import companies_visible_to
from koers.organisation.policies import Right, require
from koers.sell.actions.activity_batch import PlannedVisit, plan_visits


class CalendarRefusedError(RuleError):
    """These visits cannot be planned like this."""


@dataclass(frozen=True, slots=True)
class ChosenVisit:
    """A proposal that was chosen: at which company, when, and how long."""

    company_id: int
    day: date
    start: time
    minutes: int


@transaction.atomic
def plan_proposals(
    *, actor: Actor, seller_id: int, visits: Sequence[ChosenVisit], at: datetime
) -> list[int]:
    """Make planned visits of proposals, all or none; returns the keys of the activities.

    A customer the actor may not see, or who is not the seller's, makes the others fail too.
    """
    require(actor, Right.EDIT_CUSTOMERS)
    seller = owners_visible_to(actor).filter(pk=seller_id).first()
    if seller is None:
        raise NotFoundError(_("This person does not exist."))
    if not visits:
        raise CalendarRefusedError(_("Choose at least one proposal."))
    companies = companies_visible_to(actor).filter(owner=seller).in_bulk([each.company_id for each in visits])  # fmt: skip
    if {each.company_id for each in visits} - set(companies):
        raise NotFoundError(_("This company does not exist."))
    wanted = [
        PlannedVisit(companies[each.company_id], each.day, each.start, each.minutes)
        for each in visits
    ]
    return plan_visits(actor=actor, owner=seller, visits=wanted, subject=_("Visit by the norm"), at=at)  # fmt: skip
