"""How is an activity planned, reported, moved, finished or cancelled?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from koers.core import audit
from koers.core.actor import Actor
from koers.core.errors import NotFoundError, RuleError
from koers.core.saving import save_changes
from koers.customers.models import Company, Contact
from koers.customers.queries.choices import owners_visible_to
from koers.customers.queries.company import company_for
from koers.organisation.models import User
from koers.organisation.policies import Right, require
from koers.sell.models import (
    Activity,
    ActivityKind,
    ActivityOutcome,
    ActivityStatus,
    Opportunity,
)
from koers.sell.models.activity import ALLOWED_MOVES
from koers.sell.queries.activity import activity_for
from koers.sell.queries.commitment import (
    Commitment,
    lacking_of_promise,
    owes_promise,
    promise_of,
)
from koers.sell.queries.opportunity import opportunity_for


class ActivityRefusedError(RuleError):
    """The activity cannot be kept like this."""


@dataclass(frozen=True, slots=True)
class ActivityValues:
    """What an activity says; the time is wall-clock time, ``minutes`` its length."""

    kind: str
    subject: str
    company: Company | None
    day: date
    owner: User | None = None
    opportunity: Opportunity | None = None
    contacts: Sequence[Contact] = ()
    start_time: time | None = None
    minutes: int | None = None
    outcome: str = ""
    report: str = ""
    commitment: str = ""
    commitment_on: date | None = None
    commitment_by: str = ""

    @property
    def promise(self) -> Commitment:
        """What the customer agreed to do."""
        return Commitment(self.commitment, self.commitment_on, self.commitment_by)


@dataclass(frozen=True, slots=True)
class NextStep:
    """What happens next, on which day; whose it is follows the owner of the activity."""

    subject: str
    day: date
    kind: str = ActivityKind.TASK


FIELDS = ("kind", "subject", "company", "opportunity", "owner", "day", "start_time", "minutes",
          "outcome", "report", "commitment", "commitment_on", "commitment_by")  # fmt: skip


@transaction.atomic
def plan_activity(*, actor: Actor, values: ActivityValues, at: datetime, key: str = "") -> Activity:
    """Plan something to do; with a key, a second call returns what the first one made."""
    known = _known(actor, key)
    if known is not None:
        return known
    return _create(actor, values, status=ActivityStatus.PLANNED, at=at, key=key)


def log_activity(
    *,
    actor: Actor,
    values: ActivityValues,
    at: datetime,
    next_step: NextStep | None = None,
    key: str = "",
) -> Activity:
    """Report what was done, with the next step; the same key stores it once.

    An advance without an action of the customer, its day and who does it is refused; that action is
    followed up on its day where no other next step is given.
    """
    try:
        with transaction.atomic():
            known = _known(actor, key)
            if known is not None:
                return known
            _check_promise(values.outcome, values.promise)
            made = _create(actor, values, status=ActivityStatus.DONE, at=at, key=key)
            _follow_up(actor, made, next_step, at)
            return made
    except IntegrityError:
        known = _known(actor, key)
        if known is None:
            raise
        return known


@transaction.atomic
def change_activity(
    *, actor: Actor, activity_id: int, version: int, values: ActivityValues, at: datetime
) -> Activity:
    """Change an activity, unless somebody else changed the same fields since ``version``."""
    require(actor, Right.EDIT_CUSTOMERS)
    activity = activity_for(actor=actor, activity_id=activity_id)
    _check(actor, values)
    if owes_promise(activity, values.outcome):
        _check_promise(values.outcome, values.promise)
    changes = {name: getattr(values, name) for name in FIELDS}
    saved = save_changes(actor=actor, obj=activity, version=version, values=changes, at=at)
    saved.contacts.set(values.contacts)
    if saved.status == ActivityStatus.DONE and not saved.next_steps.exists():
        _follow_up(actor, saved, None, at)
    return saved


@transaction.atomic
def finish_activity(
    *,
    actor: Actor,
    activity_id: int,
    at: datetime,
    outcome: str = "",
    report: str = "",
    next_step: NextStep | None = None,
    promise: Commitment | None = None,
) -> Activity:
    """Mark as done, with outcome, report and next step; finishing twice changes nothing."""
    require(actor, Right.EDIT_CUSTOMERS)
    activity = activity_for(actor=actor, activity_id=activity_id)
    if activity.status == ActivityStatus.DONE:
        return activity
    agreed = promise or promise_of(activity)
    _check_promise(outcome or activity.outcome, agreed)
    values: dict[str, object] = {"status": ActivityStatus.DONE, "done_at": at}
    if outcome:
        values["outcome"] = outcome
    if report:
        values["report"] = report
    if promise is not None:
        values |= {
            "commitment": promise.what,
            "commitment_on": promise.on,
            "commitment_by": promise.by,
        }
    saved = _move(actor, activity, values, at)
    _follow_up(actor, saved, next_step, at)
    return saved


@transaction.atomic
def cancel_activity(*, actor: Actor, activity_id: int, at: datetime) -> Activity:
    """Call it off; it stays in the history."""
    require(actor, Right.EDIT_CUSTOMERS)
    activity = activity_for(actor=actor, activity_id=activity_id)
    return _move(actor, activity, {"status": ActivityStatus.CANCELLED}, at)


@transaction.atomic
def reopen_activity(*, actor: Actor, activity_id: int, at: datetime) -> Activity:
    """Take back that it was done or cancelled."""
    require(actor, Right.EDIT_CUSTOMERS)
    activity = activity_for(actor=actor, activity_id=activity_id)
    return _move(actor, activity, {"status": ActivityStatus.PLANNED, "done_at": None}, at)


def _move(actor: Actor, activity: Activity, values: dict[str, object], at: datetime) -> Activity:
    status = str(values["status"])
    if status not in ALLOWED_MOVES[activity.status]:
        raise ActivityRefusedError(
            _("An activity that is “%(now)s” cannot become “%(then)s”.")
            % {"now": activity.get_status_display(), "then": ActivityStatus(status).label}
        )
    return save_changes(actor=actor, obj=activity, version=activity.version, values=values, at=at)


def _known(actor: Actor, key: str) -> Activity | None:
    return Activity.objects.filter(key=key, owner_id=actor.user_id).first() if key else None


def _create(
    actor: Actor, values: ActivityValues, *, status: str, at: datetime, key: str
) -> Activity:
    require(actor, Right.EDIT_CUSTOMERS)
    _check(actor, values)
    given = {name: getattr(values, name) for name in FIELDS if name != "owner"}
    owner_id = values.owner.pk if values.owner else actor.user_id
    made = Activity.objects.create(
        **given,
        owner_id=owner_id,
        status=status,
        done_at=at if status == ActivityStatus.DONE else None,
        key=key or None,
    )
    made.contacts.set(values.contacts)
    audit.record(actor=actor, at=at, verb="create", obj=made)
    return made


def _follow_up(actor: Actor, made: Activity, step: NextStep | None, at: datetime) -> None:
    if step is None and made.outcome == ActivityOutcome.ADVANCE and made.commitment_on is not None:
        subject = _("Done? %(name)s: %(what)s") % {
            "name": made.commitment_by,
            "what": made.commitment,
        }
        step = NextStep(subject[:200], made.commitment_on)
    if step is None:
        return
    task = Activity.objects.create(
        kind=step.kind, subject=step.subject, company=made.company, opportunity=made.opportunity,
        owner=made.owner, day=step.day, follows=made,
    )  # fmt: skip
    audit.record(actor=actor, at=at, verb="create", obj=task)


def _check(actor: Actor, values: ActivityValues) -> None:
    _check_promise("", values.promise)
    if values.company is not None:
        company_for(actor=actor, company_id=values.company.pk)
    elif values.kind != ActivityKind.TASK:
        raise ActivityRefusedError(_("Say at which company it is; only a task can do without."))
    if values.opportunity is not None:
        found = opportunity_for(actor=actor, opportunity_id=values.opportunity.pk)
        if found.company_id != (values.company.pk if values.company else None):
            raise ActivityRefusedError(_("This opportunity is of another company."))
    if any(
        contact.company_id != (values.company and values.company.pk) for contact in values.contacts
    ):
        raise ActivityRefusedError(_("A participant works for another company."))
    _check_owner(actor, values.owner)


def _check_owner(actor: Actor, owner: User | None) -> None:
    if owner is None or owner.pk == actor.user_id:
        return
    if not owners_visible_to(actor).filter(pk=owner.pk).exists():
        raise NotFoundError(_("This person does not exist."))


def _check_promise(outcome: str, promise: Commitment) -> None:
    lacking = lacking_of_promise(outcome, promise)
    if lacking:
        raise ActivityRefusedError(" ".join(str(words) for _name, words in lacking))
