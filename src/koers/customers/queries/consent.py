"""May this contact be called or mailed with an offer on a day, and why (not)?"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from koers.core import formats
from koers.core.actor import Actor
from koers.core.errors import NotFoundError
from koers.customers.models import Company, Consent, Contact
from koers.customers.queries.company import contacts_visible_to
from koers.customers.queries.contact_rules import Ground, Party, party_of, rule_on
from koers.organisation.policies import Right, require

AT_ONCE = 500
CHANNELS = {"call": Consent.Channel.PHONE, "mail": Consent.Channel.MAIL}
"""Which kinds of activity reach somebody through which channel."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether one may, and the reason in words."""

    allowed: bool
    reason: str


def may_call(contact: Contact, on: date) -> Verdict:
    """Whether the contact may be called with an offer on a day."""
    return verdicts_of([contact], Consent.Channel.PHONE, on)[contact.pk]


def may_mail(contact: Contact, on: date) -> Verdict:
    """Whether the contact may be mailed an offer on a day."""
    return verdicts_of([contact], Consent.Channel.MAIL, on)[contact.pk]


def verdicts_of(contacts: Collection[Contact], channel: Consent.Channel, on: date) -> dict[int, Verdict]:  # fmt: skip
    """The verdict per contact, in one query per 500; the contacts come with their company."""
    lines = _lines([contact.pk for contact in contacts], on)
    return {contact.pk: _verdict(contact.company, lines.get(contact.pk, []), channel, on) for contact in contacts}  # fmt: skip


def verdict_on_company(company: Company, channel: Consent.Channel, on: date) -> Verdict:
    """The verdict on the company itself, where no contact is known."""
    return _verdict(company, [], channel, on)


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom of a company one may reach; where nobody, why not."""

    contact_ids: tuple[int, ...]
    verdict: Verdict


def reach_of(companies: Iterable[Company], kind: str, on: date) -> dict[int, Reach]:
    """Per company who may be reached by a kind of activity; kinds that reach nobody directly are free."""
    channel = CHANNELS.get(kind)
    companies = list(companies)
    if channel is None:
        return {company.pk: Reach((), _yes("")) for company in companies}
    by_company: dict[int, list[Contact]] = {}
    for start in range(0, len(companies), AT_ONCE):
        part = companies[start : start + AT_ONCE]
        for contact in Contact.objects.filter(company__in=part, deleted_at=None).order_by("pk"):
            by_company.setdefault(contact.company_id or 0, []).append(contact)
    lines = _lines([contact.pk for group in by_company.values() for contact in group], on)
    found = {}
    for company in companies:
        verdicts = {
            contact.pk: _verdict(company, lines.get(contact.pk, []), channel, on)
            for contact in by_company.get(company.pk, [])
        }
        allowed = tuple(pk for pk, verdict in verdicts.items() if verdict.allowed)
        first = next((each for pk, each in verdicts.items() if not allowed or pk in allowed), None)
        found[company.pk] = Reach(allowed, first or verdict_on_company(company, channel, on))
    return found


def consents_of(actor: Actor, contact: Contact) -> QuerySet[Consent]:
    """The ledger of a contact, the latest first; struck-out lines too."""
    require(actor, Right.READ_CUSTOMERS)
    return Consent.objects.filter(contact=contact).select_related("made_by")


def consent_for(*, actor: Actor, consent_id: int, struck: bool = False) -> Consent:
    """One line, or as if it did not exist."""
    found = Consent.objects.filter(
        pk=consent_id, deleted_at__isnull=not struck, contact__in=contacts_visible_to(actor)
    ).select_related("contact__company").first()  # fmt: skip
    if found is None:
        raise NotFoundError(_("This line does not exist."))
    return found


def _lines(contact_ids: list[int], on: date) -> Mapping[int, list[Consent]]:
    found: dict[int, list[Consent]] = {}
    for start in range(0, len(contact_ids), AT_ONCE):
        rows = Consent.objects.filter(contact__in=contact_ids[start : start + AT_ONCE], deleted_at=None, said_on__lte=on)  # fmt: skip
        for line in rows.order_by("said_on", "pk"):
            found.setdefault(line.contact_id, []).append(line)
    return found


def _verdict(company: Company | None, lines: list[Consent], channel: Consent.Channel, on: date) -> Verdict:  # fmt: skip
    """``lines`` from old to new: a restriction first, then the latest word on the channel, then the rule."""
    said = Consent.Said
    here = [line for line in lines if line.channel in (channel, Consent.Channel.ALL)]
    restriction = next((line for line in reversed(here) if line.said in (said.RESTRICTED, said.LIFTED)), None)  # fmt: skip
    if restriction is not None and restriction.said == said.RESTRICTED:
        return _no(_("No: asked on %(day)s to restrict the use of these data.") % _day(restriction.said_on))  # fmt: skip
    words = [
        line for line in here
        if line.said == said.OBJECTED or (line.said in (said.GIVEN, said.WITHDRAWN) and line.purpose == Consent.Purpose.OFFERS)
    ]  # fmt: skip
    last = words[-1] if words else None
    if last is not None and last.said == said.GIVEN:
        return _yes(_("Yes: gave consent on %(day)s.") % _day(last.said_on))
    if last is not None and last.said == said.OBJECTED:
        return _no(_("No: objects since %(day)s.") % _day(last.said_on))
    if last is not None:
        return _no(_("No: withdrew consent on %(day)s.") % _day(last.said_on))
    return _by_rule(company, channel, on)


def _by_rule(company: Company | None, channel: Consent.Channel, on: date) -> Verdict:
    party = party_of(company.name) if company else Party.NATURAL
    rule = rule_on(channel, party, on)
    if Ground.FREE in rule.grounds:
        return _yes(_("Yes: no consent is needed for this company, and nobody objected."))
    since = None if company is None else company.first_order_on or company.customer_since
    if Ground.CUSTOMER in rule.grounds and since is not None and since <= on:
        return _yes(_("Yes: a customer since %(day)s, for what is like what was bought.") % _day(since))  # fmt: skip
    if Ground.CUSTOMER in rule.grounds:
        return _no(_("No: no consent, and not a customer."))
    return _no(_("No: since %(day)s a person, sole trader or partnership needs to have given consent, customers too.") % _day(rule.starts_on))  # fmt: skip


def _yes(reason: str) -> Verdict:
    return Verdict(allowed=True, reason=reason)


def _no(reason: str) -> Verdict:
    return Verdict(allowed=False, reason=reason)


def _day(day: date) -> dict[str, str]:
    return {"day": formats.day(day)}
