"""Which companies may this person see, and how are they found?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from koers.core.actor import Actor
from koers.core.entry import record_key
from koers.core.errors import NotFoundError
from koers.core.models import AuditEntry
from koers.core.page_keys import Unindexed
from koers.customers.models import Company, Contact, Site
from koers.organisation.policies import Right, require

DAYS_IN_YEAR = 365.25


def companies_visible_to(actor: Actor) -> QuerySet[Company]:
    """Companies that are not in the bin and whose owner the actor sees; the unowned only for who sees all."""
    require(actor, Right.READ_CUSTOMERS)
    found = Company.objects.filter(deleted_at=None)
    return (
        found if actor.visible_people is None else found.filter(owner_id__in=actor.visible_people)
    )


def companies_matching(
    actor: Actor, *, q: str, choices: Mapping[str, str], walk: bool = False
) -> QuerySet[Company]:
    """Companies by the beginning of their name or town, and by the choices of the list.

    Beginnings only, for they walk an index at any size. With ``walk`` the same companies, asked
    so that the list's order decides which index is followed (see ``page_of``).
    """
    found = companies_visible_to(actor).select_related(
        "owner", "segment", "territory", "business_unit"
    )
    if q and walk:
        found = found.alias(name_walked=Unindexed(F("name")), city_walked=Unindexed(F("city")))
        found = found.filter(Q(name_walked__istartswith=q) | Q(city_walked__istartswith=q))
    elif q:
        # each side says it is alive, or SQLite would not take the index of the living for it
        found = found.filter(
            Q(deleted_at=None, name__istartswith=q) | Q(deleted_at=None, city__istartswith=q)
        )
    for name, field in (
        ("class", "customer_class"),
        ("phase", "phase"),
        ("segment", "segment_id"),
        ("territory", "territory_id"),
        ("country", "country"),
    ):
        if choices.get(name) and walk:
            found = found.alias(**{f"{name}_walked": Unindexed(F(field))})
            found = found.filter(**{f"{name}_walked": choices[name]})
        elif choices.get(name):
            found = found.filter(**{field: choices[name]})
    owner = choices.get("owner", "")
    if owner == "none":
        found = found.filter(owner=None)
    elif (key := record_key(owner)) is not None:
        found = found.filter(owner_id=key)
    return found


def company_for(*, actor: Actor, company_id: int) -> Company:
    """One company, or as if it did not exist."""
    found = (
        companies_visible_to(actor)
        .select_related("owner", "segment", "territory", "parent", "business_unit")
        .filter(pk=company_id)
        .first()
    )
    if found is None:
        raise NotFoundError(_("This company does not exist."))
    return found


def contacts_visible_to(actor: Actor) -> QuerySet[Contact]:
    """Contacts that are not in the bin, of companies the actor sees."""
    return Contact.objects.filter(deleted_at=None, company__in=companies_visible_to(actor))


def deleted_company_for(*, actor: Actor, company_id: int) -> Company:
    """One company in the bin."""
    found = Company.objects.exclude(deleted_at=None).filter(pk=company_id)
    if actor.visible_people is not None:
        found = found.filter(owner_id__in=actor.visible_people)
    company = found.first()
    if company is None:
        raise NotFoundError(_("This company does not exist."))
    return company


@dataclass(frozen=True, slots=True)
class CompanyFile:
    """What the company page shows beside the company itself."""

    contacts: list[Contact]
    sites: list[Site]
    subsidiaries: list[Company]
    changes: list[AuditEntry]
    years: float | None


def company_file(*, actor: Actor, company: Company, today: date) -> CompanyFile:
    """Contacts, addresses, subsidiaries one may see, the latest changes, and the length of the relation in years."""
    since = company.customer_since or company.first_order_on
    return CompanyFile(
        contacts=list(company.contacts.filter(deleted_at=None)),
        sites=list(company.sites.filter(deleted_at=None)),
        subsidiaries=list(companies_visible_to(actor).filter(parent=company)),
        changes=list(AuditEntry.objects.filter(noun="company", object_id=company.pk)[:12]),
        years=None if since is None else max((today - since) / timedelta(days=DAYS_IN_YEAR), 0.0),
    )


def alike(
    *,
    actor: Actor,
    name: str,
    registration_number: str,
    vat_number: str,
    email: str,
    but: int | None,
) -> list[Company]:
    """Companies that may be the same one: equal name without legal form, KvK, VAT number or own mail domain."""
    core = bare_name(name)
    terms = Q(name__istartswith=core) if core else Q(pk=None)
    if registration_number:
        terms |= Q(registration_number=registration_number)
    if vat_number:
        terms |= Q(vat_number=vat_number)
    if email:
        terms |= Q(email__iexact=email)
    found = (
        companies_visible_to(actor).filter(terms).exclude(pk=but or 0).select_related("owner")[:20]
    )
    return [
        company for company in found
        if bare_name(company.name) == core or (registration_number and company.registration_number == registration_number)
        or (vat_number and company.vat_number == vat_number) or (email and company.email.lower() == email.lower())
    ][:5]  # fmt: skip


LEGAL_FORMS = {
    "bv",
    "b.v.",
    "nv",
    "n.v.",
    "vof",
    "v.o.f.",
    "ltd",
    "limited",
    "gmbh",
    "inc",
    "inc.",
    "holding",
    "cv",
    "c.v.",
    "sa",
    "ag",
}


def bare_name(name: str) -> str:
    """A company's name in lower case without its legal form."""
    words = [word for word in name.casefold().replace(",", " ").split() if word not in LEGAL_FORMS]
    return " ".join(words)
