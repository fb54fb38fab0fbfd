"""Which API routes read and write companies and contacts?"""

from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Router, Schema, Status
from pydantic import ConfigDict

from koers.core.api import Id, Page, Part, page_by_id, refuse_fields, version_read, with_version
from koers.customers.actions.company import (
    add_company,
    add_contact,
    change_company,
    change_contact,
    contact_for,
    delete_company,
    restore_company,
)
from koers.customers.forms.company import CompanyForm, ContactForm
from koers.customers.models import Company, Contact
from koers.customers.queries.company import companies_visible_to, company_for, contacts_visible_to
from koers.organisation.api import caller, once
from koers.organisation.policies import Right, may

router = Router(tags=["customers"])


class CompanyValues(Schema):
    """What may be written of a company; fields left out keep what they have."""

    model_config = ConfigDict(extra="forbid")

    name: str | None = Field(None, max_length=200)
    owner: Id | None = None
    segment: Id | None = None
    territory: Id | None = None
    business_unit: Id | None = None
    city: str | None = None
    country: str | None = None
    phone: str | None = None
    email: str | None = None
    website: str | None = None
    registration_number: str | None = None
    vat_number: str | None = None
    notes: str | None = None


class CompanyRow(Schema):
    """A company; amounts are strings with all their digits, in the base currency."""

    id: int
    version: int
    name: str
    owner_id: int | None
    segment_id: int | None
    territory_id: int | None
    business_unit_id: int | None
    parent_id: int | None
    city: str
    country: str
    phone: str
    email: str
    website: str
    registration_number: str
    vat_number: str
    notes: str
    customer_class: str
    phase: str
    turnover_12m: Decimal
    contribution_12m: Decimal | None
    first_order_on: date | None
    last_order_on: date | None
    figures_as_of: date | None


class ContactValues(Schema):
    """What may be written of a contact."""

    model_config = ConfigDict(extra="forbid")

    first_name: str | None = None
    last_name: str | None = None
    job_title: str | None = None
    email: str | None = None
    phone: str | None = None
    mobile: str | None = None


class ContactRow(Schema):
    """A contact."""

    id: int
    version: int
    company_id: int
    first_name: str
    last_name: str
    job_title: str
    email: str
    phone: str
    mobile: str


def _shown(request: HttpRequest, company: Company) -> dict[str, Any]:
    """The company as this person may see it: without cost figures for who may not see cost."""
    row = CompanyRow.from_orm(company).model_dump()
    if not may(caller(request), Right.SEE_COST):
        row["contribution_12m"] = None
    return row


def _company_values(request: HttpRequest, given: dict[str, Any], stored: Company | None) -> Any:
    """Values as the screen's own form checks them, over what is stored."""
    names = CompanyForm.base_fields.keys() - {"version"}
    known = {
        name: getattr(stored, f"{name}_id" if hasattr(stored, f"{name}_id") else name)
        for name in names
        if stored is not None
    }
    form = CompanyForm({**known, **given}, actor=caller(request))
    refuse_fields(form, only=None if stored is None else set(given))
    return {name: form.cleaned_data[name] for name in (names if stored is None else given)}


@router.get("/companies", response=Page[CompanyRow], url_name="companies")
def company_list(request: HttpRequest, part: Part, name: str = "") -> dict[str, Any]:
    """Companies one may see, by id; ``name`` keeps those whose name begins so."""
    rows = companies_visible_to(caller(request))
    if name:
        rows = rows.filter(name__istartswith=name)
    page = page_by_id(rows, part)
    return {**page, "rows": [_shown(request, company) for company in page["rows"]]}


@router.post("/companies", response={201: CompanyRow}, url_name="companies")
def company_create(request: HttpRequest, values: CompanyValues) -> Any:
    """Add a company; an Idempotency-Key makes a repeated call create once."""

    def create() -> dict[str, Any]:
        given = values.model_dump(exclude_unset=True)
        company = add_company(
            actor=caller(request),
            values=_company_values(request, given, None),
            at=timezone.now(),
        )
        company.refresh_from_db()
        return CompanyRow.model_validate(_shown(request, company)).model_dump(mode="json")

    return Status(201, once(request, create))


@router.get("/companies/{int:company_id}", response=CompanyRow, url_name="company")
def company_detail(request: HttpRequest, response: HttpResponse, company_id: int) -> Any:
    """One company, with its version as ETag."""
    company = company_for(actor=caller(request), company_id=company_id)
    with_version(response, company)
    return _shown(request, company)


@router.patch("/companies/{int:company_id}", response=CompanyRow, url_name="company")
def company_change(
    request: HttpRequest, response: HttpResponse, company_id: int, values: CompanyValues
) -> Any:
    """Change the fields sent; If-Match carries the version that was read."""
    version = version_read(request)
    stored = company_for(actor=caller(request), company_id=company_id)
    company = change_company(
        actor=caller(request),
        company_id=company_id,
        version=version,
        values=_company_values(request, values.model_dump(exclude_unset=True), stored),
        at=timezone.now(),
    )
    with_version(response, company)
    return _shown(request, company)


@router.delete("/companies/{int:company_id}", response={204: None}, url_name="company")
def company_delete(request: HttpRequest, company_id: int) -> Any:
    """Put a company in the bin; orders and figures stay."""
    delete_company(actor=caller(request), company_id=company_id, at=timezone.now())
    return Status(204, None)


@router.post("/companies/{int:company_id}/restore", response=CompanyRow, url_name="company_restore")
def company_take_back(request: HttpRequest, company_id: int) -> Any:
    """Take a company out of the bin."""
    company = restore_company(actor=caller(request), company_id=company_id, at=timezone.now())
    return _shown(request, company)


@router.get("/contacts", response=Page[ContactRow], url_name="contacts")
def contact_list(request: HttpRequest, part: Part, company: Id | None = None) -> Any:
    """Contacts of companies one may see, or of one of them."""
    rows = contacts_visible_to(caller(request))
    return page_by_id(rows if company is None else rows.filter(company_id=company), part)


@router.post(
    "/companies/{int:company_id}/contacts", response={201: ContactRow}, url_name="company_contacts"
)
def contact_create(request: HttpRequest, company_id: int, values: ContactValues) -> Any:
    """Add a contact to a company one may see."""

    def create() -> dict[str, Any]:
        given = values.model_dump(exclude_unset=True)
        contact = add_contact(
            actor=caller(request),
            company_id=company_id,
            values=_contact_values(given, None),
            at=timezone.now(),
        )
        return ContactRow.from_orm(contact).model_dump(mode="json")

    return Status(201, once(request, create))


@router.get("/contacts/{int:contact_id}", response=ContactRow, url_name="contact")
def contact_detail(request: HttpRequest, response: HttpResponse, contact_id: int) -> Any:
    """One contact, with its version as ETag."""
    contact = contact_for(actor=caller(request), contact_id=contact_id)
    with_version(response, contact)
    return contact


@router.patch("/contacts/{int:contact_id}", response=ContactRow, url_name="contact")
def contact_change(
    request: HttpRequest, response: HttpResponse, contact_id: int, values: ContactValues
) -> Any:
    """Change the fields sent; If-Match carries the version that was read."""
    version = version_read(request)
    stored = contact_for(actor=caller(request), contact_id=contact_id)
    contact = change_contact(
        actor=caller(request),
        contact_id=contact_id,
        version=version,
        values=_contact_values(values.model_dump(exclude_unset=True), stored),
        at=timezone.now(),
    )
    with_version(response, contact)
    return contact


def _contact_values(given: dict[str, Any], stored: Contact | None) -> dict[str, Any]:
    names = ContactForm.base_fields.keys() - {"version"}
    known = {name: getattr(stored, name) for name in names if stored is not None}
    form = ContactForm({**known, **given})
    refuse_fields(form, only=None if stored is None else set(given))
    return {name: form.cleaned_data[name] for name in (names if stored is None else given)}
