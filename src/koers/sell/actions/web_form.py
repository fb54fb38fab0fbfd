"""How is a web form set up, and how does what a visitor sends become a lead?"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from koers.core import audit
from koers.core.actor import Actor, Channel
from koers.core.errors import RuleError
from koers.core.saving import save_changes
from koers.organisation.policies import Right, require
from koers.organisation.queries.organisation import base_currency
from koers.sell.models import Lead, LeadStatus, WebForm
from koers.sell.models.web_form import ASKABLE, NAMES, WAYS_BACK
from koers.sell.queries.lead import proposed_owner
from koers.sell.queries.lead_score import score_of
from koers.sell.queries.web_form import (
    SALT,
    came_lately,
    stamp_read,
    suspicions_of,
    web_form_for,
    web_form_of,
)

FIELDS = ("name", "language", "title", "intro", "asked", "source", "source_detail", "consent_text", "consent_channel", "thanks",
          "sites", "is_open")  # fmt: skip
SITE = re.compile(
    r"https://[a-z0-9-]+(\.[a-z0-9-]+)+(:\d{1,5})?|http://(localhost|127\.0\.0\.1)(:\d{1,5})?"
)
MOST_SITES = 20


class WebFormRefusedError(RuleError):
    """The form cannot be kept like this, or does not take anything any more."""


class StampRefusedError(WebFormRefusedError):
    """The page was not handed out by this form, or too long ago; sending it once more helps."""


@dataclass(frozen=True, slots=True)
class Message:
    """What a visitor sent: fields of ``Lead``, the stamp of the page, the box and the trap."""

    values: Mapping[str, str]
    stamp: str
    consented: bool = False
    trapped: bool = False


@transaction.atomic
def add_web_form(*, actor: Actor, values: Mapping[str, Any], at: datetime) -> WebForm:
    """Set up a form; it is open at once unless ``values`` say otherwise."""
    require(actor, Right.EDIT_WEB_FORMS)
    made = WebForm(**values)
    _check(made)
    made.save(force_insert=True)
    audit.record(actor=actor, at=at, verb="create", obj=made)
    return made


@transaction.atomic
def change_web_form(
    *, actor: Actor, form_id: int, version: int, values: Mapping[str, Any], at: datetime
) -> WebForm:
    """Change a form, or close it; leads that came by it keep what was agreed then."""
    require(actor, Right.EDIT_WEB_FORMS)
    found = web_form_for(actor=actor, form_id=form_id)
    unknown = set(values) - set(FIELDS)
    assert not unknown, unknown  # noqa: S101 -- a mistake of the caller
    saved = save_changes(actor=actor, obj=found, version=version, values=values, at=at)
    _check(saved)
    return saved


@transaction.atomic
def take_message(*, secret: str, message: Message, at: datetime) -> Lead:
    """Make a lead of what a visitor sent; the very same page sent twice gives the lead that is there.

    It is scored and given out as any lead, but what looks like spam waits, as nobody's, for a person
    to judge. Raises ``StampRefusedError`` for a page that has to be sent once more.
    """
    web_form = web_form_of(secret)
    if not web_form.is_open:
        raise WebFormRefusedError(_("This form is closed."))
    stamp = stamp_read(web_form, message.stamp, at)
    if stamp is None:
        raise StampRefusedError(_("This page was open for very long. What you wrote is still here: please send it once more."))  # fmt: skip
    values = {name: message.values.get(name, "") for name in web_form.asked}
    digest = salted_hmac(SALT, json.dumps([stamp.mark, values], sort_keys=True), algorithm="sha256").hexdigest()  # fmt: skip
    known = Lead.objects.filter(submission=digest).first()
    if known is not None:
        return known
    lead = Lead(
        **values, source=web_form.source, source_detail=web_form.source_detail, received_on=timezone.localdate(at), currency=base_currency(),
        web_form=web_form, sent_at=at, submission=digest,
    )  # fmt: skip
    if not lead.company_name and not lead.last_name:
        raise WebFormRefusedError(_("Say which company or which person it is."))
    if message.consented and web_form.consent_text:
        lead.consent_text, lead.consent_channel = web_form.consent_text, web_form.consent_channel
    doubts = suspicions_of(values, trapped=message.trapped, open_for=at - stamp.issued, came_lately=came_lately(web_form, at))  # fmt: skip
    visitor = Actor(user_id=None, name=_("Visitor of %(form)s") % {"form": web_form.name}, role="administrator", channel=Channel.SCREEN, visible_people=None)  # fmt: skip
    if doubts:
        lead.status, lead.suspect_because = LeadStatus.SUSPECT, " ".join(doubts)
    else:
        lead.owner, lead.proposed_because = proposed_owner(visitor, lead)
    lead.score = score_of(lead)
    try:
        with transaction.atomic():
            lead.save(force_insert=True)
    except IntegrityError:
        return Lead.objects.get(submission=digest)  # the same page came in twice at once
    audit.record(actor=visitor, at=at, verb="create", obj=lead)
    return lead


def _check(web_form: WebForm) -> None:
    asked = set(web_form.asked)
    if not asked <= set(ASKABLE) or not asked & set(NAMES) or not asked & set(WAYS_BACK):
        raise WebFormRefusedError(_("Ask at least the company or the last name, and the e-mail address or the phone number."))  # fmt: skip
    if not web_form.thanks.strip():
        raise WebFormRefusedError(_("Write a word of thanks: it tells that the message has arrived."))  # fmt: skip
    if len(web_form.sites) > MOST_SITES or any(not SITE.fullmatch(site) for site in web_form.sites):
        raise WebFormRefusedError(_("A site is written as https://www.example.com, without a path; at most %(most)s sites.") % {"most": MOST_SITES})  # fmt: skip
