"""Which leads may this person see, and whose should a new one be?"""

from collections.abc import Iterable, Mapping

from django.db.models import Count, Max, Q, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from koers.core.actor import Actor
from koers.core.entry import record_key
from koers.core.errors import NotFoundError
from koers.customers.models import Company, Contact
from koers.customers.queries.choices import owners_visible_to
from koers.customers.queries.company import alike, bare_name, companies_visible_to
from koers.organisation.models import User
from koers.organisation.policies import Right, require
from koers.sell.models import LeadRule, LeadTurn, Opportunity, StageKind
from koers.sell.models.lead import OPEN_LEADS, Lead, LeadStatus
from koers.sell.queries.opportunity import opportunities_visible_to

MOST_TWINS = 5
ADDRESSES_AT_ONCE = 400


def leads_visible_to(actor: Actor) -> QuerySet[Lead]:
    """Leads of people the actor sees, and those nobody owns yet for who sees everybody."""
    require(actor, Right.READ_CUSTOMERS)
    found = Lead.objects.select_related("owner", "company", "contact", "opportunity", "web_form")
    if actor.visible_people is None:
        return found
    return found.filter(owner_id__in=actor.visible_people)


def leads_matching(actor: Actor, *, q: str, choices: Mapping[str, str]) -> QuerySet[Lead]:
    """Visible leads whose company or person begins with ``q``, by status, source, owner and web form.

    Suspect ones are there only when their status is asked for.
    """
    found = leads_visible_to(actor)
    if q:
        found = found.filter(Q(company_name__istartswith=q) | Q(last_name__istartswith=q))
    status = choices.get("status", "")
    if status:
        found = found.filter(status__in=OPEN_LEADS if status == "open" else [status])
    else:
        found = found.exclude(status=LeadStatus.SUSPECT)
    if choices.get("source"):
        found = found.filter(source=choices["source"])
    for name, column in (("owner", "owner"), ("form", "web_form")):
        value = choices.get(name, "")
        if value:
            key = record_key(value)
            is_known = key is not None or value == "none"
            found = found.filter(**{column: key}) if is_known else found.none()
    return found


def lead_for(*, actor: Actor, lead_id: int) -> Lead:
    """One lead, or as if it did not exist."""
    found = leads_visible_to(actor).filter(pk=lead_id).first()
    if found is None:
        raise NotFoundError(_("This lead does not exist."))
    return found


def lead_rule() -> LeadRule:
    """How leads are given out: as set up, else by the fewest open ones."""
    return LeadRule.objects.first() or LeadRule()


class OwnerBook:
    """Who sells where, how many open leads each has and who had one last, counted once for many leads."""

    def __init__(self, actor: Actor) -> None:
        self._actor, self._rule = actor, lead_rule()
        sellers = owners_visible_to(actor).exclude(role="inside_sales").select_related("territory")
        counted = sellers.annotate(
            open_leads=Count("leads", filter=Q(leads__status__in=OPEN_LEADS)),
            last_lead=Max("leads__pk"),
        )
        self._people = {person.pk: person for person in counted}
        self._open = {person.pk: person.open_leads for person in self._people.values()}
        self._last = {person.pk: person.last_lead or 0 for person in self._people.values()}
        self._territories: dict[str, int | None] = {}

    def propose(self, companies: Iterable[Company], city: str = "") -> tuple[User | None, str]:
        """Who should take a lead, and why; what is given out counts for the next one."""
        for company in companies:
            if company.owner is not None and company.owner.is_active:
                return self._given(company.owner), _("looks after %(company)s") % {"company": company.name}  # fmt: skip
        local = self._sellers_near(city)
        near = local or list(self._people)
        if not near:
            return None, ""
        if self._rule.turn == LeadTurn.TURN:
            chosen = self._people[min(near, key=lambda key: (self._last[key], key))]
            reason = _("whose turn it is")
        else:
            chosen = self._people[min(near, key=lambda key: (self._open[key], key))]
            reason = _("fewest open leads (%(count)s)") % {"count": self._open[chosen.pk]}
        if local:
            reason = _("sells in %(territory)s; %(reason)s") % {"territory": chosen.territory, "reason": reason}  # fmt: skip
        return self._given(chosen), reason

    def _sellers_near(self, city: str) -> list[int]:
        """Sellers of the territory in which most customers of the town are; none where that is not asked or known."""
        town = city.strip().casefold()
        if not self._rule.by_territory or not town:
            return []
        if town not in self._territories:
            there = companies_visible_to(self._actor).filter(
                city__iexact=town, territory__isnull=False
            )
            most = there.order_by().values_list("territory_id").annotate(customers=Count("pk"))
            first = most.order_by("-customers", "territory_id").first()
            self._territories[town] = first[0] if first else None
        wanted = self._territories[town]
        return [] if wanted is None else [key for key, person in self._people.items() if person.territory_id == wanted]  # fmt: skip

    def _given(self, owner: User) -> User:
        if owner.pk in self._open:
            self._open[owner.pk] += 1
            self._last[owner.pk] = max(self._last.values()) + 1
        return owner


def proposed_owner(actor: Actor, lead: Lead) -> tuple[User | None, str]:
    """Who should take a lead, and why: who looks after that company, else whom the rule names."""
    return OwnerBook(actor).propose(companies_like(actor, lead), lead.city)


def companies_by_address(actor: Actor, emails: Iterable[str]) -> dict[str, Company]:
    """Companies by their own e-mail address, or that of one of their contacts, in small letters."""
    wanted = sorted({email.lower() for email in emails if email})
    found: dict[str, Company] = {}
    for first in range(0, len(wanted), ADDRESSES_AT_ONCE):
        part = wanted[first : first + ADDRESSES_AT_ONCE]
        contacts = Contact.objects.annotate(address=Lower("email")).filter(
            address__in=part, deleted_at=None, company__in=companies_visible_to(actor)
        )
        for contact in contacts.select_related("company__owner").order_by("-pk"):
            if contact.company is not None:
                found[contact.email.lower()] = contact.company
        own = companies_visible_to(actor).annotate(address=Lower("email")).filter(address__in=part)
        found |= {each.email.lower(): each for each in own.select_related("owner").order_by("-pk")}
    return found


def leads_like(actor: Actor, lead: Lead) -> list[Lead]:
    """Leads that may be the same: by e-mail address, company without legal form, or a person's full name."""
    core = bare_name(lead.company_name)
    terms = Q(email__iexact=lead.email) if lead.email else Q(pk=None)
    if core:
        terms |= Q(company_name__istartswith=core)
    elif lead.last_name:
        terms |= Q(last_name__iexact=lead.last_name, first_name__iexact=lead.first_name)
    found = leads_visible_to(actor).filter(terms).exclude(pk=lead.pk)
    near = found.order_by("-received_on", "-pk")[: 4 * MOST_TWINS]
    return [each for each in near if _is_like(each, lead, core)][:MOST_TWINS]


def _is_like(one: Lead, other: Lead, core: str) -> bool:
    if other.email and one.email.casefold() == other.email.casefold():
        return True
    if core:
        return bare_name(one.company_name) == core
    return one.person.casefold() == other.person.casefold()


def companies_like(actor: Actor, lead: Lead) -> list[Company]:
    """Companies the lead may be already: by name, by e-mail address or by its mail domain."""
    found = alike(
        actor=actor, name=lead.company_name, registration_number="", vat_number="", email=lead.email, but=None
    )  # fmt: skip
    contacts = contacts_like(actor, lead)
    known = {company.pk: company for company in found}
    for contact in contacts:
        if contact.company is not None:
            known.setdefault(contact.company_id or 0, contact.company)
    return list(known.values())[:MOST_TWINS]


def contacts_like(actor: Actor, lead: Lead) -> list[Contact]:
    """Contacts the person may be already: the same e-mail address, or the same name at such a company."""
    terms = Q(email__iexact=lead.email) if lead.email else Q(pk=None)
    if lead.last_name and lead.company_name:
        terms |= Q(
            last_name__iexact=lead.last_name, first_name__iexact=lead.first_name,
            company__name__istartswith=lead.company_name,
        )  # fmt: skip
    found = Contact.objects.filter(
        terms, deleted_at=None, company__in=companies_visible_to(actor)
    ).select_related("company__owner")
    return list(found.order_by("pk")[:MOST_TWINS])


def open_opportunities_like(actor: Actor, companies: list[Company]) -> list[Opportunity]:
    """Open opportunities at those companies, which the lead may belong to."""
    found = opportunities_visible_to(actor).filter(
        company_id__in=[company.pk for company in companies], stage_kind=StageKind.OPEN
    )
    return list(found.order_by("company_id", "pk")[: 2 * MOST_TWINS])
