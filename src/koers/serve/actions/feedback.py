"""How does an answer of a customer come in: written down, or by a link of one's own?"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from koers.core import audit
from koers.core.actor import Actor
from koers.core.actor import Channel as Door
from koers.core.errors import NotFoundError, RuleError
from koers.core.saving import save_changes
from koers.customers.models import Contact
from koers.customers.queries.company import company_for
from koers.organisation.policies import Right, require
from koers.serve.models import Feedback, FeedbackRequest
from koers.serve.models.feedback import HIGHEST, SCORES, Channel
from koers.serve.queries.feedback import (
    contacts_of,
    feedback_for,
    request_for,
    request_of,
)


class FeedbackRefusedError(RuleError):
    """The answer cannot be taken like this."""


@transaction.atomic
def add_feedback(*, actor: Actor, company_id: int, values: Mapping[str, Any], today: date, at: datetime) -> Feedback:  # fmt: skip
    """Write down what a customer answered; ``values`` are fields of ``Feedback``."""
    require(actor, Right.EDIT_CUSTOMERS)
    company = company_for(actor=actor, company_id=company_id)
    _check(values, today)
    contact = values.get("contact")
    if contact is not None and not contacts_of(actor, company).filter(pk=contact.pk).exists():
        raise NotFoundError(_("This contact does not exist."))
    made = Feedback.objects.create(company=company, channel=Channel.HAND, **values)
    audit.record(actor=actor, at=at, verb="create", obj=made)
    return made


@transaction.atomic
def change_feedback(
    *, actor: Actor, feedback_id: int, version: int, values: Mapping[str, Any], today: date, at: datetime
) -> Feedback:  # fmt: skip
    """Correct an answer, unless somebody else changed the same since ``version``."""
    require(actor, Right.EDIT_CUSTOMERS)
    found = feedback_for(actor=actor, feedback_id=feedback_id)
    _check(values, today)
    contact = values.get("contact")
    if contact is not None and not contacts_of(actor, found.company).filter(pk=contact.pk).exists():
        raise NotFoundError(_("This contact does not exist."))
    return save_changes(actor=actor, obj=found, version=version, values=values, at=at)


@transaction.atomic
def delete_feedback(*, actor: Actor, feedback_id: int, at: datetime) -> Feedback:
    """Put an answer in the bin; no figure counts it any more."""
    require(actor, Right.EDIT_CUSTOMERS)
    found = feedback_for(actor=actor, feedback_id=feedback_id)
    return save_changes(actor=actor, obj=found, version=found.version, values={"deleted_at": at}, at=at)  # fmt: skip


@transaction.atomic
def restore_feedback(*, actor: Actor, feedback_id: int, at: datetime) -> Feedback:
    """Take an answer out of the bin."""
    require(actor, Right.EDIT_CUSTOMERS)
    found = feedback_for(actor=actor, feedback_id=feedback_id, deleted=True)
    return save_changes(actor=actor, obj=found, version=found.version, values={"deleted_at": None}, at=at)  # fmt: skip


@transaction.atomic
def ask_feedback(
    *, actor: Actor, company_id: int, contact: Contact | None, valid_until: date, today: date, at: datetime
) -> FeedbackRequest:  # fmt: skip
    """Make a link with which the customer may answer once, without a log-in."""
    require(actor, Right.EDIT_CUSTOMERS)
    company = company_for(actor=actor, company_id=company_id)
    if valid_until < today:
        raise FeedbackRefusedError(_("This day has passed; choose today or later."))
    if contact is not None and not contacts_of(actor, company).filter(pk=contact.pk).exists():
        raise NotFoundError(_("This contact does not exist."))
    made = FeedbackRequest.objects.create(
        company=company, contact=contact, valid_until=valid_until, made_at=at, made_by_id=actor.user_id
    )  # fmt: skip
    audit.record(actor=actor, at=at, verb="create", obj=made)
    return made


@transaction.atomic
def withdraw_request(*, actor: Actor, request_id: int, at: datetime) -> FeedbackRequest:
    """Make a link useless before it was answered."""
    require(actor, Right.EDIT_CUSTOMERS)
    found = request_for(actor=actor, request_id=request_id)
    if found.answered_at or found.withdrawn_at:
        raise FeedbackRefusedError(_("This link was answered or withdrawn already."))
    return save_changes(actor=actor, obj=found, version=found.version, values={"withdrawn_at": at}, at=at)  # fmt: skip


@transaction.atomic
def answer_request(*, token: str, values: Mapping[str, Any], today: date, at: datetime) -> Feedback:
    """Take the answer of who opened a link; of two at once one is taken, the other refused."""
    asked = FeedbackRequest.objects.select_for_update(of=("self",)).get(pk=request_of(token).pk)
    if not asked.is_open(today):
        raise FeedbackRefusedError(_("This link was used, withdrawn or is past its last day."))
    if not set(values) <= {*SCORES, "comment"}:
        raise FeedbackRefusedError(_("This cannot be answered by a link."))
    _check({**values, "day": today}, today)
    taken = FeedbackRequest.objects.filter(pk=asked.pk, answered_at=None).update(answered_at=at)
    if not taken:
        raise FeedbackRefusedError(_("This link was used, withdrawn or is past its last day."))
    made = Feedback.objects.create(
        company_id=asked.company_id, contact_id=asked.contact_id, day=today, channel=Channel.LINK, **values
    )  # fmt: skip
    FeedbackRequest.objects.filter(pk=asked.pk).update(answer=made, version=asked.version + 1)
    customer = Actor(
        user_id=None, name=f"{asked.contact or asked.company}"[:200], role="", channel=Door.SCREEN,
        visible_people=frozenset(),
    )  # fmt: skip
    audit.record(actor=customer, at=at, verb="create", obj=made)
    return made


def _check(values: Mapping[str, Any], today: date) -> None:
    scores = [values[name] for name in SCORES if values.get(name) is not None]
    if not scores and not values.get("comment"):
        raise FeedbackRefusedError(_("Give at least one score or a comment."))
    if any(not 0 <= score <= HIGHEST for score in scores):
        raise FeedbackRefusedError(_("A score lies between 0 and 10."))
    if values["day"] > today:
        raise FeedbackRefusedError(_("This day has not come yet."))
