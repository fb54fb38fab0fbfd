"""Which records are past their term today, which of those are kept all the same, and why?

One query per subject says what goes; the screen, its lists and the run all ask that one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from allauth.usersessions.models import UserSession
from django.db.models import Exists, F, Min, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncDate
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from koers.core.actor import Actor
from koers.core.errors import NotFoundError
from koers.core.models import Job, RecordRead
from koers.core.privacy.labels import Kind
from koers.core.privacy.named import text_fields
from koers.core.privacy.registry import labels_of
from koers.core.privacy.retention import (
    UNKNOWN_DAY,
    Subject,
    fiscal_from,
    fiscal_until,
    goes_on,
    term_ended_before,
)
from koers.customers.models import Company, Contact
from koers.home.queries.retention_moments import (
    contact_moment,
    lead_moment,
    merged_away,
    restricted_contacts,
    still_filled,
)
from koers.organisation.policies import Right, require
from koers.organisation.queries.retention import Terms
from koers.sell.models import (
    Activity,
    CallQuestion,
    Lead,
    LeadStatus,
    Opportunity,
    Order,
    StageKind,
)
from koers.sell.models.lead import OPEN_LEADS
from koers.serve.models import Feedback

EMPTIED = "[…]"
"""Stands for an emptied text, in every language."""
RUNNING = (Job.Status.WAITING, Job.Status.RUNNING)


@dataclass(frozen=True)
class Reason:
    """Why a record past its term stays; ``until`` gives the first day the reason is gone, where known."""

    key: str
    label: str | Promise
    holds: Callable[[date], Q]
    until: Callable[[Any], date | None] = lambda _row: None


@dataclass(frozen=True)
class Holding:
    """What a term is about: the rows not let go of yet, with their ``moment``, and what keeps them."""

    label: str | Promise
    counted_from: str | Promise
    outcome: str | Promise
    rows: Callable[[], "QuerySet[Any]"]
    reasons: tuple[Reason, ...] = ()
    page: str = ""


def due(subject: Subject, *, months: int, today: date) -> "QuerySet[Any]":
    """The rows that go today: past their term, and nothing keeps them."""
    return past_term(subject, months=months, today=today).filter(~_kept(subject, today))


def kept(subject: Subject, reason: Reason, *, months: int, today: date) -> "QuerySet[Any]":
    """The rows past their term that stay for a reason."""
    return past_term(subject, months=months, today=today).filter(reason.holds(today))


def past_term(subject: Subject, *, months: int, today: date) -> "QuerySet[Any]":
    """The rows whose moment lies more than the term back; without a moment none is."""
    return HOLDINGS[subject].rows().filter(moment__lt=term_ended_before(today, months))


def _kept(subject: Subject, today: date) -> Q:
    found = Q(pk__in=[])
    for reason in HOLDINGS[subject].reasons:
        found |= reason.holds(today)
    return found


@dataclass(frozen=True)
class Line:
    """One subject as it stands today; ``next_on`` is the day the next record is past its term."""

    subject: Subject
    holding: Holding
    months: int
    due: int
    kept: tuple[tuple[Reason, int], ...]
    next_on: date | None


def retention_today(*, actor: Actor, terms: Terms, today: date) -> list[Line]:
    """What would go today and what stays, per subject; nothing is written."""
    require(actor, Right.HANDLE_PRIVACY)
    return [_line(subject, terms.months[subject], today) for subject in Subject]


def _line(subject: Subject, months: int, today: date) -> Line:
    holding = HOLDINGS[subject]
    counts = ((reason, kept(subject, reason, months=months, today=today).count()) for reason in holding.reasons)  # fmt: skip
    reasons = tuple((reason, count) for reason, count in counts if count)
    later = holding.rows().filter(moment__gte=term_ended_before(today, months))
    first = later.order_by().aggregate(first=Min("moment"))["first"]
    count = due(subject, months=months, today=today).count()
    return Line(subject, holding, months, count, reasons, goes_on(first, months) if first else None)  # fmt: skip


def retention_rows(
    *, actor: Actor, subject: str, why: str, terms: Terms, today: date
) -> tuple[Subject, Reason | None, "QuerySet[Any]"]:
    """The rows behind one number: those that go, or with ``why`` those kept for that reason."""
    require(actor, Right.HANDLE_PRIVACY)
    if subject not in set(Subject):
        raise NotFoundError(_("There is no term for this kind of record."))
    chosen = Subject(subject)
    months = terms.months[chosen]
    if not why:
        return chosen, None, due(chosen, months=months, today=today)
    reason = next((each for each in HOLDINGS[chosen].reasons if each.key == why), None)
    if reason is None:
        raise NotFoundError(_("There is no such reason to keep this kind of record."))
    return chosen, reason, kept(chosen, reason, months=months, today=today)


def last_runs(*, actor: Actor, most: int = 5) -> list[Job]:
    """The latest runs, the newest first."""
    require(actor, Right.HANDLE_PRIVACY)
    return list(Job.objects.filter(task="retention").select_related("asked_by").order_by("-id")[:most])  # fmt: skip


def _quiet_contacts() -> "QuerySet[Any]":
    shown = Q(company=None) | Q(company__deleted_at=None)
    rows = Contact.objects.filter(shown, deleted_at=None).select_related("company")
    return rows.annotate(moment=contact_moment())


def _binned_contacts() -> "QuerySet[Any]":
    rows = Contact.objects.exclude(deleted_at=None).filter(still_filled(Kind.CONTACT))
    return rows.select_related("company").annotate(moment=TruncDate("deleted_at"))


def _binned_companies() -> "QuerySet[Any]":
    rows = Company.objects.exclude(deleted_at=None).filter(still_filled(Kind.COMPANY))
    orders = Order.objects.filter(company=OuterRef("pk")).order_by("-ordered_on")
    last = Subquery(orders.values("ordered_on")[:1])
    return rows.annotate(moment=TruncDate("deleted_at"), last_order=last)


def _quiet_leads() -> "QuerySet[Any]":
    return Lead.objects.filter(status__in=OPEN_LEADS).annotate(moment=lead_moment())


def _lost_leads() -> "QuerySet[Any]":
    rows = Lead.objects.filter(still_filled(Kind.LEAD), status=LeadStatus.DISQUALIFIED)
    return rows.annotate(moment=F("decided_on"))


def _activities() -> "QuerySet[Any]":
    filled = Q(Exists(Activity.contacts.through.objects.filter(activity=OuterRef("pk"))))
    filled |= Q(Exists(CallQuestion.objects.filter(with_words(CallQuestion), activity=OuterRef("pk"))))  # fmt: skip
    filled |= with_words(Activity)
    return Activity.objects.filter(filled).select_related("company").annotate(moment=F("day"))


def texts_of(model: type[Model]) -> list[str]:
    """The fields in which words about a person stand, by their labels."""
    return text_fields(model, labels_of(model))


def with_words(model: type[Model]) -> Q:
    """A row in which one of those fields holds something."""
    found = Q()
    for name in texts_of(model):
        found |= ~Q(**{f"{name}__in": ("", EMPTIED)})
    return found


def _feedback() -> "QuerySet[Any]":
    filled = Q(contact__isnull=False)
    for name in texts_of(Feedback):
        filled |= ~Q(**{name: ""})
    return Feedback.objects.filter(filled).select_related("company").annotate(moment=F("day"))


def _log_ins() -> "QuerySet[Any]":
    rows = UserSession.objects.select_related("user")
    found: QuerySet[Any] = rows.annotate(moment=TruncDate("last_seen_at"))
    return found


def _reads() -> "QuerySet[Any]":
    rows = RecordRead.objects.select_related("user")
    return rows.annotate(moment=TruncDate("hour"))


def _jobs() -> "QuerySet[Any]":
    rows = Job.objects.exclude(status__in=RUNNING).select_related("asked_by")
    return rows.annotate(moment=TruncDate("finished_at"))


def _open_deals(**ties: Any) -> "QuerySet[Opportunity]":
    return Opportunity.objects.filter(deleted_at=None, stage_kind=StageKind.OPEN, **ties)


def _open_deal_of(company: str) -> Q:
    return Q(Exists(_open_deals(company=OuterRef(company))))


def _restricted_in_activity(_today: date) -> Q:
    through = Activity.contacts.through.objects
    return Q(Exists(through.filter(activity=OuterRef("pk"), contact__in=restricted_contacts())))


def _restricted_in_company(_today: date) -> Q:
    people = Contact.objects.filter(company=OuterRef("pk"), pk__in=restricted_contacts())
    return Q(Exists(people))


def _restricted_contact(_today: date) -> Q:
    return Q(Exists(restricted_contacts().filter(contact=OuterRef("contact"))))


def _open_lead(_today: date) -> Q:
    return Q(Exists(Lead.objects.filter(company=OuterRef("pk"), status__in=OPEN_LEADS)))


def _fiscal(today: date) -> Q:
    orders = Order.objects.filter(company=OuterRef("pk"), ordered_on__gte=fiscal_from(today))
    return Q(Exists(orders))


def _no_moment(_today: date) -> Q:
    return Q(moment=UNKNOWN_DAY)


RESTRICTED = pgettext_lazy("reason to keep", "asked to restrict the use of the data (art. 18)")
MERGED = pgettext_lazy("reason to keep", "is part of another record; goes with that one")
OPEN_DEAL = pgettext_lazy("reason to keep", "an opportunity is open")
BIN = pgettext_lazy("what happens", "goes into the bin; can be restored")
ERASE = pgettext_lazy("what happens", "is erased for good; an empty shell stays")
HOLDINGS: dict[Subject, Holding] = {
    Subject.QUIET_CONTACT: Holding(
        pgettext_lazy("retention", "Contacts of whom nothing was heard"),
        pgettext_lazy("counted from", "last order, activity, quote, opportunity, answer or change of contact or company"),
        BIN, _quiet_contacts,
        (
            Reason("restricted", RESTRICTED, lambda _today: Q(pk__in=restricted_contacts())),
            Reason("open_deal", OPEN_DEAL, lambda _today: _open_deal_of("company")),
            Reason("no_moment", pgettext_lazy("reason to keep", "no day is known from which the term would count"), _no_moment),
        ),
        "home:person_detail",
    ),
    Subject.BINNED_CONTACT: Holding(
        pgettext_lazy("retention", "Contacts in the bin"), pgettext_lazy("counted from", "day it was put in the bin"),
        ERASE, _binned_contacts,
        (
            Reason("restricted", RESTRICTED, lambda _today: Q(pk__in=restricted_contacts())),
            Reason("merged", MERGED, lambda _today: merged_away("contact")),
        ),
        "home:person_detail",
    ),
    Subject.BINNED_COMPANY: Holding(
        pgettext_lazy("retention", "Companies in the bin, with their contacts and leads"),
        pgettext_lazy("counted from", "day it was put in the bin"), ERASE, _binned_companies,
        (
            Reason("fiscal", pgettext_lazy("reason to keep", "orders of the last seven book years (tax law)"), _fiscal, lambda row: fiscal_until(row.last_order)),
            Reason("restricted", pgettext_lazy("reason to keep", "a contact asked to restrict the use of the data (art. 18)"), _restricted_in_company),
            Reason("open_deal", OPEN_DEAL, lambda _today: _open_deal_of("pk")),
            Reason("open_lead", pgettext_lazy("reason to keep", "a lead is open"), _open_lead),
            Reason("merged", MERGED, lambda _today: merged_away("company")),
        ),
        "home:person_detail",
    ),
    Subject.QUIET_LEAD: Holding(
        pgettext_lazy("retention", "Open leads nobody worked on"), pgettext_lazy("counted from", "day it came in or was last changed"),
        pgettext_lazy("what happens", "is disqualified; can be taken up again"), _quiet_leads, (), "home:person_detail",
    ),
    Subject.LOST_LEAD: Holding(
        pgettext_lazy("retention", "Disqualified leads"), pgettext_lazy("counted from", "day it was disqualified"),
        ERASE, _lost_leads,
        (Reason("restricted", pgettext_lazy("reason to keep", "a contact asked to restrict the use of the data (art. 18)"), _restricted_contact),),
        "home:person_detail",
    ),
    Subject.ACTIVITY: Holding(
        pgettext_lazy("retention", "Subjects and reports of activities"), pgettext_lazy("counted from", "day of the activity"),
        pgettext_lazy("what happens", "loses its texts and contacts; day, kind and company stay"), _activities,
        (
            Reason("restricted", pgettext_lazy("reason to keep", "a contact asked to restrict the use of the data (art. 18)"), _restricted_in_activity),
            Reason("open_deal", OPEN_DEAL, lambda _today: Q(Exists(_open_deals(pk=OuterRef("opportunity"))))),
        ),
        "sell:activity_edit",
    ),
    Subject.FEEDBACK: Holding(
        pgettext_lazy("retention", "Comments in answers of customers"), pgettext_lazy("counted from", "day of the answer"),
        pgettext_lazy("what happens", "loses comment and contact; the scores stay"), _feedback,
        (Reason("restricted", RESTRICTED, _restricted_contact),),
    ),
    Subject.LOG_IN: Holding(
        pgettext_lazy("retention", "Log-ins with address and browser"), pgettext_lazy("counted from", "day it was last used"),
        pgettext_lazy("what happens", "is removed"), _log_ins,
    ),
    Subject.JOB: Holding(
        pgettext_lazy("retention", "Finished background jobs"), pgettext_lazy("counted from", "day it ended"),
        pgettext_lazy("what happens", "is removed"), _jobs,
    ),
    Subject.READ: Holding(
        pgettext_lazy("retention", "Who looked at which record"), pgettext_lazy("counted from", "hour in which it was seen"),
        pgettext_lazy("what happens", "is removed"), _reads,
    ),
}  # fmt: skip
