"""Which API routes read and write leads?"""

from datetime import date
from decimal import Decimal
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Router, Schema, Status
from pydantic import ConfigDict

from koers.core.api import Id, Page, Part, page_by_id, refuse_fields, version_read, with_version
from koers.organisation.api import caller, once
from koers.sell.actions.lead import add_lead, change_lead, disqualify_lead, take_up_lead
from koers.sell.api.values import cleaned
from koers.sell.forms.lead import DisqualifyForm, LeadForm
from koers.sell.models import Lead, LeadSource
from koers.sell.queries.lead import lead_for, leads_visible_to

router = Router()


class LeadValues(Schema):
    """What may be written of a lead; without an owner a new one is given to somebody by rule."""

    model_config = ConfigDict(extra="forbid")

    company_name: str | None = Field(None, examples=["Bakkerij Vos"])
    first_name: str | None = Field(None, examples=["Els"])
    last_name: str | None = Field(None, examples=["Vos"])
    job_title: str | None = None
    email: str | None = Field(None, examples=["els@vos.example"])
    phone: str | None = None
    city: str | None = None
    need: str | None = Field(None, examples=["A second oven before the summer"])
    source: str | None = Field(None, examples=["fair"])
    source_detail: str | None = None
    cost: Decimal | None = Field(None, examples=["12.50"])
    received_on: date | None = Field(None, examples=["2026-11-02"])
    owner: Id | None = None


class LeadRow(Schema):
    """A lead, with what it became where it was converted."""

    id: int
    version: int
    company_name: str
    first_name: str
    last_name: str
    job_title: str
    email: str
    phone: str
    city: str
    need: str
    source: str
    source_detail: str
    cost: Decimal | None
    currency: str
    received_on: date
    owner_id: int | None
    proposed_because: str
    status: str
    disqualified_because: str
    decided_on: date | None
    score: int
    company_id: int | None
    contact_id: int | None
    opportunity_id: int | None


class Reason(Schema):
    """Why it will not become a customer."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(examples=["No budget this year"])


def _values(request: HttpRequest, given: dict[str, Any], stored: Lead | None) -> dict[str, Any]:
    known: dict[str, Any] = {"source": LeadSource.OTHER, "received_on": timezone.localdate()}
    if stored is not None:
        known = {name: getattr(stored, name) for name in LeadForm.base_fields.keys() - {"version"}}
        known["owner"] = stored.owner_id
    form = LeadForm({**known, **given}, actor=caller(request))
    return cleaned(form, given, is_new=stored is None)


@router.get("/leads", response=Page[LeadRow], url_name="leads")
def lead_list(
    request: HttpRequest,
    part: Part,
    status: Literal["suspect", "new", "working", "converted", "disqualified"] | None = None,
    source: LeadSource | None = None,
    owner: Id | None = None,
) -> dict[str, Any]:
    """Leads one may see, by id; of one status, source or owner."""
    wanted = {"status": status, "source": source, "owner_id": owner}
    rows = leads_visible_to(caller(request)).filter(
        **{name: value for name, value in wanted.items() if value is not None}
    )
    return page_by_id(rows, part)


@router.post("/leads", response={201: LeadRow}, url_name="leads")
def lead_create(request: HttpRequest, values: LeadValues) -> Any:
    """Write a lead down; an Idempotency-Key makes a repeated call create once."""

    def create() -> dict[str, Any]:
        given = values.model_dump(exclude_unset=True)
        lead = add_lead(
            actor=caller(request), values=_values(request, given, None), at=timezone.now()
        )
        lead.refresh_from_db()
        return LeadRow.from_orm(lead).model_dump(mode="json")

    return Status(201, once(request, create))


@router.get("/leads/{int:lead_id}", response=LeadRow, url_name="lead")
def lead_detail(request: HttpRequest, response: HttpResponse, lead_id: int) -> Any:
    """One lead, with its version as ETag."""
    lead = lead_for(actor=caller(request), lead_id=lead_id)
    with_version(response, lead)
    return lead


@router.patch("/leads/{int:lead_id}", response=LeadRow, url_name="lead")
def lead_change(
    request: HttpRequest, response: HttpResponse, lead_id: int, values: LeadValues
) -> Any:
    """Change the fields sent; If-Match carries the version that was read."""
    version = version_read(request)
    stored = lead_for(actor=caller(request), lead_id=lead_id)
    saved = change_lead(
        actor=caller(request),
        lead_id=lead_id,
        version=version,
        values=_values(request, values.model_dump(exclude_unset=True), stored),
        at=timezone.now(),
    )
    saved.refresh_from_db()
    with_version(response, saved)
    return saved


@router.post("/leads/{int:lead_id}/take-up", response=LeadRow, url_name="lead_take_up")
def lead_begin(request: HttpRequest, response: HttpResponse, lead_id: int) -> Any:
    """Begin to work on a lead, take up again a disqualified one, or take a suspect one for real."""
    lead = take_up_lead(actor=caller(request), lead_id=lead_id, at=timezone.now())
    with_version(response, lead)
    return lead


@router.post("/leads/{int:lead_id}/disqualify", response=LeadRow, url_name="lead_disqualify")
def lead_end(request: HttpRequest, response: HttpResponse, lead_id: int, values: Reason) -> Any:
    """Say why a lead will not become a customer; it stays for the figures."""
    form = DisqualifyForm({"reason": values.reason})
    refuse_fields(form)
    lead = disqualify_lead(
        actor=caller(request),
        lead_id=lead_id,
        reason=form.cleaned_data["reason"],
        at=timezone.now(),
    )
    with_version(response, lead)
    return lead
