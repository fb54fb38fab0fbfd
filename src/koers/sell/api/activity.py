"""Which API routes read, plan, report and finish activities?"""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status
from pydantic import ConfigDict

from koers.core.api import (
    FieldsRefusedError,
    Id,
    Page,
    Part,
    page_by_id,
    refuse_fields,
    version_read,
    with_version,
)
from koers.customers.queries.company import companies_visible_to
from koers.organisation.api import caller, once
from koers.sell.actions.activity import (
    FIELDS,
    ActivityValues,
    NextStep,
    cancel_activity,
    change_activity,
    finish_activity,
    log_activity,
    plan_activity,
    reopen_activity,
)
from koers.sell.api.values import cleaned, company_entry
from koers.sell.forms.activity import ActivityFinishForm, ActivityForm
from koers.sell.models import Activity
from koers.sell.queries.activity import activities_visible_to, activity_for

router = Router()


class ChangedActivity(Schema):
    """What may be written of an activity; only a task can do without a company."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["visit", "call", "mail", "meeting", "task"] | None = None
    subject: str | None = Field(None, examples=["Show the oven at work"])
    company: Id | None = None
    opportunity: Id | None = None
    contacts: list[Id] | None = None
    day: date | None = Field(None, examples=["2026-12-04"])
    start_time: time | None = Field(None, examples=["10:30"])
    minutes: int | None = None
    owner: Id | None = None
    outcome: Literal["", "order", "advance", "continuation", "no_sale", "not_reached"] | None = None
    report: str | None = None
    commitment: str | None = Field(None, examples=["Asks the board for the budget"])
    commitment_on: date | None = Field(None, examples=["2026-12-11"])
    commitment_by: str | None = Field(None, examples=["Karin Maas"])


class Ended(Schema):
    """How it ended, and what was agreed next; an advance needs what the customer will do, when, and who does it."""

    model_config = ConfigDict(extra="forbid")

    outcome: Literal["", "order", "advance", "continuation", "no_sale", "not_reached"] = ""
    report: str = ""
    next_step: str = Field("", examples=["Send the quote"])
    next_on: date | None = Field(None, examples=["2026-12-08"])
    commitment: str = Field("", examples=["Asks the board for the budget"])
    commitment_on: date | None = Field(None, examples=["2026-12-11"])
    commitment_by: str = Field("", examples=["Karin Maas"])


class NewActivity(ChangedActivity):
    """An activity to plan; with ``done`` a report of what was done, with its next step."""

    done: bool = False
    next_step: str = ""
    next_on: date | None = None


class ActivityRow(Schema):
    """An activity; the time of day is wall-clock time of the organisation."""

    id: int
    version: int
    kind: str
    subject: str
    company_id: int | None
    opportunity_id: int | None
    contacts: list[int]
    owner_id: int | None
    day: date
    start_time: time | None
    minutes: int | None
    status: str
    outcome: str
    report: str
    commitment: str
    commitment_on: date | None
    commitment_by: str
    done_at: datetime | None
    follows_id: int | None

    @staticmethod
    def resolve_contacts(activity: Activity | dict[str, Any]) -> list[int]:
        """Ids of the participants; a kept answer has them already."""
        if isinstance(activity, dict):
            return list(activity["contacts"])
        return sorted(contact.pk for contact in activity.contacts.all())


@router.get("/activities", response=Page[ActivityRow], url_name="activities")
def activity_list(
    request: HttpRequest,
    part: Part,
    kind: Literal["visit", "call", "mail", "meeting", "task"] | None = None,
    status: Literal["planned", "done", "cancelled"] | None = None,
    company: Id | None = None,
    opportunity: Id | None = None,
    owner: Id | None = None,
    start: date | None = None,
    end: date | None = None,
) -> dict[str, Any]:
    """Activities one may see, by id; ``start`` up to but not including ``end`` is their day."""
    wanted = {
        "kind": kind, "status": status, "company_id": company, "opportunity_id": opportunity, "owner_id": owner,
        "day__gte": start, "day__lt": end,
    }  # fmt: skip
    rows = activities_visible_to(caller(request)).filter(
        **{name: value for name, value in wanted.items() if value is not None}
    )
    return page_by_id(rows.prefetch_related("contacts"), part)


@router.post("/activities", response={201: ActivityRow}, url_name="activities")
def activity_create(request: HttpRequest, values: NewActivity) -> Any:
    """Plan an activity or report one; an Idempotency-Key makes a repeated call create once."""

    def create() -> dict[str, Any]:
        given = values.model_dump(exclude_unset=True)
        done = given.pop("done", False)
        step: dict[str, Any] = {
            name: given.pop(name) for name in ("next_step", "next_on") if name in given
        }
        if step and not done:
            raise FieldsRefusedError({name: [_("Only a report has a next step.")] for name in step})
        form = _form(request, given.get("company"), given, is_done=done)
        written = ActivityValues(**cleaned(form, given, is_new=True))
        if not done:
            made = plan_activity(actor=caller(request), values=written, at=timezone.now())
        else:
            made = log_activity(
                actor=caller(request),
                values=written,
                next_step=_ended(step, None)["next_step"],
                at=timezone.now(),
            )
        made.refresh_from_db()
        return ActivityRow.from_orm(made).model_dump(mode="json")

    return Status(201, once(request, create))


@router.get("/activities/{int:activity_id}", response=ActivityRow, url_name="activity")
def activity_detail(request: HttpRequest, response: HttpResponse, activity_id: int) -> Any:
    """One activity, with its version as ETag."""
    return _shown(response, activity_for(actor=caller(request), activity_id=activity_id))


@router.patch("/activities/{int:activity_id}", response=ActivityRow, url_name="activity")
def activity_change(
    request: HttpRequest, response: HttpResponse, activity_id: int, values: ChangedActivity
) -> Any:
    """Change the fields sent; If-Match carries the version that was read."""
    version, given = version_read(request), values.model_dump(exclude_unset=True)
    stored = activity_for(actor=caller(request), activity_id=activity_id)
    known = {name: getattr(stored, name) for name in FIELDS}
    known["contacts"] = list(stored.contacts.all())
    company_id = given.get("company", stored.company_id)
    entry = {name: getattr(value, "pk", value) for name, value in known.items()} | given
    entry["contacts"] = given.get("contacts", [contact.pk for contact in known["contacts"]])
    changed = cleaned(_form(request, company_id, entry, stored=stored), given, is_new=False)
    saved = change_activity(
        actor=caller(request),
        activity_id=activity_id,
        version=version,
        values=ActivityValues(**{**known, **changed}),
        at=timezone.now(),
    )
    return _shown(response, saved)


@router.post(
    "/activities/{int:activity_id}/finish", response=ActivityRow, url_name="activity_finish"
)
def activity_done(
    request: HttpRequest, response: HttpResponse, activity_id: int, values: Ended
) -> Any:
    """Mark as done, with outcome, report and next step; finishing twice changes nothing."""
    planned = activity_for(actor=caller(request), activity_id=activity_id)
    saved = finish_activity(
        actor=caller(request),
        activity_id=activity_id,
        at=timezone.now(),
        **_ended(values.model_dump(), planned),
    )
    return _shown(response, saved)


@router.post(
    "/activities/{int:activity_id}/cancel", response=ActivityRow, url_name="activity_cancel"
)
def activity_off(request: HttpRequest, response: HttpResponse, activity_id: int) -> Any:
    """Call a planned activity off; it stays in the history."""
    saved = cancel_activity(actor=caller(request), activity_id=activity_id, at=timezone.now())
    return _shown(response, saved)


@router.post(
    "/activities/{int:activity_id}/reopen", response=ActivityRow, url_name="activity_reopen"
)
def activity_again(request: HttpRequest, response: HttpResponse, activity_id: int) -> Any:
    """Take back that an activity was done or cancelled."""
    saved = reopen_activity(actor=caller(request), activity_id=activity_id, at=timezone.now())
    return _shown(response, saved)


def _shown(response: HttpResponse, activity: Activity) -> Activity:
    """As it is stored now, with its version as ETag; who gave it away still gets the answer."""
    activity.refresh_from_db()
    with_version(response, activity)
    return activity


def _form(
    request: HttpRequest, company_id: int | None, entry: dict[str, Any], **more: Any
) -> ActivityForm:
    actor = caller(request)
    company = None
    if company_id is not None:
        company = companies_visible_to(actor).filter(pk=company_id).first()
    values = {**entry, "company": company_entry(company_id)}
    return ActivityForm(values, actor=actor, company=company, **more)


def _ended(given: Mapping[str, Any], activity: Activity | None) -> dict[str, Any]:
    """How it ended, as the screen's own form checks it; a next step is whole or absent."""
    form = ActivityFinishForm(given, activity=activity)
    refuse_fields(form)
    data = form.cleaned_data
    step = NextStep(data["next_step"], data["next_on"]) if data["next_step"] else None
    return {"outcome": data["outcome"], "report": data["report"], "next_step": step, "promise": form.promise()}  # fmt: skip
