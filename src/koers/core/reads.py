"""How is it written down that somebody looked at a record? Cheaply: one look, and one row per hour at most."""

import logging
from collections.abc import Mapping
from datetime import datetime

from django.db import DatabaseError, transaction

from koers.core.actor import Actor
from koers.core.models import RecordRead

logger = logging.getLogger(__name__)
PAGES: Mapping[str, tuple[str, str]] = {
    "customers:company_detail": ("company", "company_id"),
    "customers:company_edit": ("company", "company_id"),
    "customers:contact_edit": ("contact", "contact_id"),
    "sell:lead_detail": ("lead", "lead_id"),
    "sell:lead_edit": ("lead", "lead_id"),
    "sell:opportunity_detail": ("opportunity", "opportunity_id"),
    "sell:opportunity_edit": ("opportunity", "opportunity_id"),
    "api:company": ("company", "company_id"),
    "api:contact": ("contact", "contact_id"),
    "api:lead": ("lead", "lead_id"),
    "api:opportunity": ("opportunity", "opportunity_id"),
    "home:person_detail": ("", "person_id"),
    "home:person_export": ("", "person_id"),
}
"""Addresses that show one record, with its noun (or "" where the address names it) and its number."""
NOUNS = ("company", "contact", "lead", "opportunity")


def note_read(*, actor: Actor, noun: str, object_id: int, at: datetime) -> bool:
    """Write down that the actor saw the record; whether this was new within the hour.

    Koers itself is not noted. A row that cannot be written is logged, and does not keep anybody
    from the page.
    """
    if actor.user_id is None or noun not in NOUNS:
        return False
    seen = RecordRead(
        user_id=actor.user_id, noun=noun, object_id=object_id, channel=actor.channel.value,
        hour=at.replace(minute=0, second=0, microsecond=0),
    )  # fmt: skip
    known = RecordRead.objects.filter(user_id=seen.user_id, noun=noun, object_id=object_id, channel=seen.channel, hour=seen.hour)  # fmt: skip
    if known.exists():
        return False
    try:
        with transaction.atomic():
            RecordRead.objects.bulk_create([seen], ignore_conflicts=True)
    except DatabaseError:
        logger.exception("that %s %s was looked at could not be written down", noun, object_id)
    return True
