"""From which day does the term of a record count, and when has it been emptied already?

Days are compared in the database; ``UNKNOWN_DAY`` stands where none is known.
"""

from typing import Any

from django.db.models import (
    DateField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, Greatest, TruncDate

from koers.core.models import AuditEntry
from koers.core.privacy.erasure import fields_to_change
from koers.core.privacy.labels import Category, Kind
from koers.core.privacy.registry import labels_of, own_record
from koers.core.privacy.retention import UNKNOWN_DAY
from koers.customers.models import Consent, Merge
from koers.sell.models import Activity, Lead, Opportunity, Order, Quote
from koers.serve.models import Feedback

NOWHERE = Value(UNKNOWN_DAY, output_field=DateField())


def latest(rows: "QuerySet[Any]", day: Any, **ties: Any) -> Coalesce:
    """The latest of the rows tied to the record, by the field or expression that gives the day."""
    newest = rows.filter(**ties).annotate(day_of_it=day).exclude(day_of_it=None)
    return Coalesce(Subquery(newest.order_by("-day_of_it").values("day_of_it")[:1]), NOWHERE, output_field=DateField())  # fmt: skip


def contact_moment() -> Greatest:
    """The last day on which something happened with a contact or with his company."""
    own, company = {"contact": OuterRef("pk")}, {"company": OuterRef("company")}
    return Greatest(
        latest(Order.objects.all(), F("ordered_on"), **company),
        latest(Activity.objects.all(), F("day"), **company),
        latest(Activity.contacts.through.objects.all(), F("activity__day"), **own),
        latest(Quote.objects.all(), F("quoted_on"), **company),
        latest(Quote.objects.all(), F("quoted_on"), **own),
        latest(Opportunity.objects.all(), Coalesce("closed_on", "opened_on"), **company),
        latest(Feedback.objects.all(), F("day"), **own),
        latest(Consent.objects.all(), F("said_on"), **own),
        latest(Lead.objects.all(), Coalesce("decided_on", "received_on"), **own),
        trail_moment("contact"),
        Coalesce(TruncDate("import_run__created_at"), NOWHERE),
    )


def lead_moment() -> Greatest:
    """The day a lead came in or was last worked on."""
    return Greatest(F("received_on"), trail_moment("lead"))


def trail_moment(noun: str) -> Coalesce:
    """The day of the last entry about a record in the trail of changes."""
    entries = AuditEntry.objects.filter(noun=noun, object_id=OuterRef("pk")).order_by("-id")
    return Coalesce(Subquery(entries.annotate(day=TruncDate("at")).values("day")[:1]), NOWHERE)


def still_filled(kind: Kind) -> Q:
    """The record was never erased, or holds something again since."""
    labels = labels_of(own_record(kind))
    blank, _clean, _kept = fields_to_change(labels, kind)
    called = list(labels.names(Category.NAME))[-1]
    filled = Q()
    for name in blank:
        if name != called:
            filled |= ~Q(**{name: ""})
    erased = AuditEntry.objects.filter(noun=kind.value, object_id=OuterRef("pk"), verb="erase")
    return filled | ~Q(Exists(erased))


def merged_away(noun: str) -> Q:
    """The record became part of another, and that merge stands."""
    return Q(Exists(Merge.objects.filter(noun=noun, gone_id=OuterRef("pk"), undone_at=None)))


def restricted_contacts() -> "QuerySet[Any]":
    """Ids of contacts who asked to restrict the use of their data, on a channel on which that stands."""
    lines, every = Consent.objects.filter(deleted_at=None), Consent.Channel.ALL
    lifted = lines.filter(
        Q(channel=OuterRef("channel")) | Q(channel=every),
        Q(said_on__gt=OuterRef("said_on")) | Q(said_on=OuterRef("said_on"), pk__gt=OuterRef("pk")),
        contact=OuterRef("contact"), said=Consent.Said.LIFTED,
    )  # fmt: skip
    standing = lines.filter(~Exists(lifted), said=Consent.Said.RESTRICTED)
    return standing.values("contact")
