"""What did the customer agree to do, and what is missing before an outcome is an advance (S1.21)?"""

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from koers.customers.models import Company
from koers.sell.models import Activity, ActivityOutcome, ActivityStatus

MOST_NAMES = 50
LACKING: tuple[tuple[str, str | Promise], ...] = (
    ("commitment", _("What will the customer do? Where nothing was agreed, choose continuation.")),
    ("commitment_on", _("On which day will it be done?")),
    ("commitment_by", _("Who does it? Give the name of somebody at the customer, or of one of us.")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Commitment:
    """An action of the customer, its day, and the name of who does it."""

    what: str = ""
    on: date | None = None
    by: str = ""


def promise_of(activity: Activity) -> Commitment:
    """What is stored with an activity."""
    return Commitment(activity.commitment, activity.commitment_on, activity.commitment_by)


def lacking_of_promise(outcome: str, promise: Commitment) -> list[tuple[str, str | Promise]]:
    """Fields that are missing, with what to do; an advance needs all, elsewhere it is all or none."""
    values = (promise.what.strip(), promise.on, promise.by.strip())
    if outcome != ActivityOutcome.ADVANCE and not any(values):
        return []
    return [lack for lack, value in zip(LACKING, values, strict=True) if not value]


def owes_promise(activity: Activity, outcome: str) -> bool:
    """Whether a changed activity must now be whole; one kept as an advance before it was asked stays valid."""
    if activity.status != ActivityStatus.DONE:
        return False
    return not (activity.outcome == outcome == ActivityOutcome.ADVANCE and not activity.commitment)


def names_at(company: Company | None) -> list[str]:
    """Who may have promised it: the people we know at the customer."""
    if company is None:
        return []
    return [str(each) for each in company.contacts.filter(deleted_at=None)[:MOST_NAMES]]
