"""How are records let go of after their term, in the background, by the very query the screen shows?

Each step locks some rows and asks the query again for them, so that what changed meanwhile stays.
A run that was cut off goes on by itself: what went is no longer found.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Case, F, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from koers.core import audit
from koers.core.actor import Actor, Channel, system_actor
from koers.core.data_versions import mark_changed
from koers.core.errors import RuleError
from koers.core.jobs import JobContext, enqueue, require_own_rights
from koers.core.models import Job, RecordRead
from koers.core.privacy.labels import Kind
from koers.core.privacy.retention import Subject
from koers.core.saving import save_changes
from koers.customers.models import Contact, Merge
from koers.home.actions.person import erase_records
from koers.home.queries.person import person_for
from koers.home.queries.retention import EMPTIED, HOLDINGS, due, texts_of
from koers.organisation.models import RetentionTerms, User
from koers.organisation.policies import Right, require
from koers.organisation.queries.actor import actor_for
from koers.organisation.queries.retention import Terms, terms_in_force
from koers.sell.actions.lead import disqualify_lead
from koers.sell.models import Activity, CallQuestion
from koers.serve.models import Feedback, FeedbackRequest

TASK = "retention"
AT_ONCE = 100
NIGHT = time(3)


class RetentionRefusedError(RuleError):
    """The run cannot be asked for like this."""


def ask_retention(*, actor: Actor, number: int, looked: bool, at: datetime) -> Job:
    """Let go in the background; ``number`` is the version of the terms the actor looked at."""
    require(actor, Right.HANDLE_PRIVACY)
    if not looked:
        raise RetentionRefusedError(_("Tick that you have looked at the records that go; part of it cannot be undone."))  # fmt: skip
    if number != terms_in_force().number:
        raise RetentionRefusedError(_("The terms were changed meanwhile: look at what goes by the new ones first."))  # fmt: skip
    return enqueue(actor=actor, task=TASK, arguments={}, at=at, unique_key=TASK)


def ask_retention_if_due(*, at: datetime) -> Job | None:
    """Ask for the run of the night, once, where an administrator switched it on before that night."""
    terms = terms_in_force()
    night = timezone.make_aware(datetime.combine(timezone.localdate(at), NIGHT))
    if night > at:
        night = timezone.make_aware(datetime.combine(timezone.localdate(at) - timedelta(days=1), NIGHT))  # fmt: skip
    if not terms.is_nightly or terms.made_at is None or terms.made_at >= night:
        return None
    if Job.objects.filter(task=TASK, asked_at__gte=night).exists():
        return None
    return enqueue(actor=system_actor(Channel.JOB), task=TASK, arguments={}, at=at, unique_key=TASK)


def retention_task(context: JobContext) -> dict[str, Any]:
    """Background task: everything that is due, subject by subject."""
    actor = system_actor(Channel.JOB)
    if context.asked_by_id is not None:
        user = User.objects.filter(pk=context.asked_by_id, is_active=True).first()
        actor = require_own_rights(actor_for(user, Channel.JOB) if user else None)
    gone = let_go(actor=actor, at=timezone.now(), context=context)
    return {"gone": {subject.value: count for subject, count in gone.items()}}


def let_go(*, actor: Actor, at: datetime, context: JobContext | None = None) -> dict[Subject, int]:
    """Let go of what is due by the terms in force; returns how many records per subject."""
    require(actor, Right.HANDLE_PRIVACY)
    today, terms = timezone.localdate(at), terms_in_force()
    wanted = {subject: list(due(subject, months=terms.months[subject], today=today).order_by("pk").values_list("pk", flat=True)) for subject in Subject}  # fmt: skip
    total, gone = sum(len(keys) for keys in wanted.values()), dict.fromkeys(Subject, 0)
    for subject, keys in wanted.items():
        for start in range(0, len(keys), AT_ONCE):
            if context is not None:
                context.stop_if_cancelled()
                context.progress(sum(gone.values()), total, str(HOLDINGS[subject].label))
            gone[subject] += _step(actor, subject, keys[start : start + AT_ONCE], terms, today, at)
    return gone


@transaction.atomic
def _step(actor: Actor, subject: Subject, keys: Sequence[Any], terms: Terms, today: date, at: datetime) -> int:  # fmt: skip
    rows = due(subject, months=terms.months[subject], today=today)
    every = rows.model._base_manager.select_for_update()  # noqa: SLF001 -- the bin too
    list(every.filter(pk__in=keys).order_by("pk").values_list("pk"))
    still = list(rows.filter(pk__in=keys).order_by("pk").values_list("pk", flat=True))
    if still:
        WAYS[subject](actor, still, at)
        if subject in IN_BULK:
            changes = {
                "kind": audit.Change(None, subject.value), "rows": audit.Change(None, len(still)),
                "records": audit.Change(None, still),
            }  # fmt: skip
            audit.record(actor=actor, at=at, verb="let_go", obj=_terms_record(terms), changes=changes)  # fmt: skip
    return len(still)


def _terms_record(terms: Terms) -> RetentionTerms:
    return RetentionTerms.objects.filter(number=terms.number).first() or RetentionTerms(number=terms.number)  # fmt: skip


def _put_in_bin(actor: Actor, keys: Sequence[Any], at: datetime) -> None:
    for contact in Contact.objects.filter(pk__in=keys).order_by("pk"):
        save_changes(actor=actor, obj=contact, version=contact.version, values={"deleted_at": at}, at=at)  # fmt: skip


def _disqualify(actor: Actor, keys: Sequence[Any], at: datetime) -> None:
    for pk in keys:
        disqualify_lead(actor=actor, lead_id=pk, reason=_("Nobody worked on it within the term of retention."), at=at)  # fmt: skip


def _erase_contacts(actor: Actor, keys: Sequence[Any], at: datetime) -> None:
    _erase(actor, Kind.CONTACT, keys, at)


def _erase_leads(actor: Actor, keys: Sequence[Any], at: datetime) -> None:
    _erase(actor, Kind.LEAD, keys, at)


def _erase_companies(actor: Actor, keys: Sequence[Any], at: datetime) -> None:
    """The contacts first, each as a person; those merged into a contact elsewhere lose their copy."""
    for pk in keys:
        company = person_for(actor=actor, kind=Kind.COMPANY.value, person_id=pk)
        elsewhere = Merge.objects.filter(noun="contact", undone_at=None).values("gone_id")
        people = Contact.objects.filter(company__in=company.ids).exclude(pk__in=elsewhere)
        _erase(actor, Kind.CONTACT, list(people.order_by("pk").values_list("pk", flat=True)), at)
        erase_records(actor=actor, person=company, at=at)
    mark_changed("company")


def _erase(actor: Actor, kind: Kind, keys: Sequence[Any], at: datetime) -> None:
    for pk in keys:
        person = person_for(actor=actor, kind=kind.value, person_id=pk)
        erase_records(actor=actor, person=person, at=at)


def _empty_activities(_actor: Actor, keys: Sequence[Any], _at: datetime) -> None:
    Activity.contacts.through.objects.filter(activity__in=keys).delete()
    for rows in (Activity.objects.filter(pk__in=keys), CallQuestion.objects.filter(activity__in=keys)):  # fmt: skip
        emptied = {name: Case(When(**{name: ""}, then=Value("")), default=Value(EMPTIED)) for name in texts_of(rows.model)}  # fmt: skip
        rows.update(**emptied, version=F("version") + 1)


def _empty_feedback(_actor: Actor, keys: Sequence[Any], _at: datetime) -> None:
    FeedbackRequest.objects.filter(answer__in=keys).update(contact=None, version=F("version") + 1)
    emptied = dict.fromkeys(texts_of(Feedback), "")
    Feedback.objects.filter(pk__in=keys).update(**emptied, contact=None, version=F("version") + 1)


def _remove_log_ins(_actor: Actor, keys: Sequence[Any], _at: datetime) -> None:
    rows = UserSession.objects.filter(pk__in=keys)
    Session.objects.filter(session_key__in=list(rows.values_list("session_key", flat=True))).delete()  # fmt: skip
    rows.delete()


def _remove_jobs(_actor: Actor, keys: Sequence[Any], _at: datetime) -> None:
    Job.objects.filter(pk__in=keys).delete()


def _remove_reads(_actor: Actor, keys: Sequence[Any], _at: datetime) -> None:
    RecordRead.objects.filter(pk__in=keys).delete()


WAYS: dict[Subject, Callable[[Actor, Sequence[Any], datetime], None]] = {
    Subject.QUIET_CONTACT: _put_in_bin,
    Subject.BINNED_CONTACT: _erase_contacts,
    Subject.BINNED_COMPANY: _erase_companies,
    Subject.QUIET_LEAD: _disqualify,
    Subject.LOST_LEAD: _erase_leads,
    Subject.ACTIVITY: _empty_activities,
    Subject.FEEDBACK: _empty_feedback,
    Subject.LOG_IN: _remove_log_ins,
    Subject.JOB: _remove_jobs,
    Subject.READ: _remove_reads,
}
IN_BULK = frozenset({Subject.ACTIVITY, Subject.FEEDBACK, Subject.LOG_IN, Subject.JOB, Subject.READ})
