"""Which API routes read and write opportunities, move them, win and lose them?"""

from datetime import date
from decimal import Decimal
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status
from pydantic import ConfigDict

from koers.core.api import Id, Page, Part, page_by_id, version_read, with_version
from koers.core.errors import NotFoundError
from koers.organisation.api import caller, once
from koers.organisation.policies import Right, require
from koers.sell.actions.approach import set_approach
from koers.sell.actions.opportunity import (
    OpportunityValues,
    bin_opportunity,
    change_opportunity,
    create_opportunity,
    restore_opportunity,
)
from koers.sell.actions.stage_move import Decision, move_opportunity
from koers.sell.api.values import cleaned, company_entry, find_product_by_id
from koers.sell.forms.approach import ApproachForm
from koers.sell.forms.opportunity import MoveForm, NewOpportunityForm, OpportunityForm
from koers.sell.models import GATE_FIELDS, Opportunity, Pipeline, Stage, StageKind
from koers.sell.queries.opportunity import (
    has_next_step,
    opportunities_visible_to,
    opportunity_for,
    stages_beside,
)
from koers.sell.queries.stage_gate import missing_of

router = Router()
STEP = ("next_step", "next_on", "next_kind")


class ChangedValues(Schema):
    """What may be changed of an opportunity; where it stands is changed by moving it."""

    model_config = ConfigDict(extra="forbid")

    name: str | None = Field(None, examples=["Ovens for the new bakery"])
    company: Id | None = None
    product: Id | None = None
    amount: Decimal | None = Field(None, examples=["48000.00"])
    expected_close_on: date | None = Field(None, examples=["2027-02-01"])
    owner: Id | None = None
    competitor: str | None = None
    need: str | None = Field(None, examples=["Bake twice as much before seven"])
    buying_process: str | None = Field(None, examples=["Chef chooses, owner signs in March"])


class ApproachValues(Schema):
    """Buying situation and selling role; a reason where they are not the proposed ones."""

    model_config = ConfigDict(extra="forbid")

    situation: str = Field(examples=["modified"])
    situation_because: str | None = Field(None, examples=["The kitchen is built anew"])
    role: str = Field(examples=["consultative"])
    role_because: str | None = None


class StepValues(Schema):
    """What happens next, on which day, and of which kind."""

    next_step: str | None = Field(None, examples=["Show the oven at work"])
    next_on: date | None = Field(None, examples=["2026-12-04"])
    next_kind: str | None = Field(None, examples=["visit"])


class NewValues(StepValues, ChangedValues):
    """A new opportunity begins in an open stage and with a next step."""

    stage: Id


class WonValues(Schema):
    """What it was sold for, where that differs from its amount, and what its stage asks for."""

    model_config = ConfigDict(extra="forbid")

    amount: Decimal | None = Field(None, examples=["46500.00"])
    company: Id | None = None
    product: Id | None = None
    expected_close_on: date | None = None
    competitor: str | None = None
    need: str | None = None
    buying_process: str | None = None


class LostValues(Schema):
    """Why it was lost, and to whom."""

    model_config = ConfigDict(extra="forbid")

    lost_reason: str = Field(examples=["Price"])
    competitor: str | None = Field(None, examples=["Oven & Co"])


class MoveValues(StepValues, WonValues):
    """The stage to go to, with what that stage asks for."""

    stage: Id
    lost_reason: str | None = None


class OpportunityRow(Schema):
    """An opportunity; amounts are strings with all their digits, in its own currency."""

    id: int
    version: int
    name: str
    company_id: int | None
    owner_id: int | None
    product_id: int | None
    stage_id: int
    stage_kind: str
    amount: Decimal | None
    currency: str
    opened_on: date | None
    expected_close_on: date | None
    closed_on: date | None
    lost_reason: str
    competitor: str
    need: str
    buying_process: str
    buying_situation: str
    situation_because: str
    selling_role: str
    role_because: str


class StageRow(Schema):
    """A stage of a pipeline; probability is a share from 0 to 1, null while nobody said."""

    id: int
    name: str
    kind: str
    probability: Decimal | None
    expected_days: int | None
    forecast_category: str
    required_fields: list[str]


class PipelineRow(Schema):
    """A pipeline with its stages in order."""

    id: int
    name: str
    stages: list[StageRow]


class Pipelines(Schema):
    """All pipelines."""

    rows: list[PipelineRow]


@router.get("/pipelines", response=Pipelines, url_name="pipelines")
def pipeline_list(request: HttpRequest) -> Any:
    """Pipelines with their stages, which opportunities name by id."""
    require(caller(request), Right.READ_CUSTOMERS)
    rows = Pipeline.objects.prefetch_related("stages")
    return {
        "rows": [
            {"id": each.pk, "name": each.name, "stages": list(each.stages.all())} for each in rows
        ]
    }


@router.get("/opportunities", response=Page[OpportunityRow], url_name="opportunities")
def opportunity_list(
    request: HttpRequest,
    part: Part,
    kind: Literal["open", "won", "lost"] | None = None,
    pipeline: Id | None = None,
    stage: Id | None = None,
    company: Id | None = None,
    owner: Id | None = None,
) -> dict[str, Any]:
    """Opportunities one may see, by id; of one kind, pipeline, stage, company or owner."""
    wanted = {
        "stage_kind": kind, "stage__pipeline_id": pipeline, "stage_id": stage, "company_id": company, "owner_id": owner,
    }  # fmt: skip
    rows = opportunities_visible_to(caller(request)).filter(
        **{name: value for name, value in wanted.items() if value is not None}
    )
    return page_by_id(rows, part)


@router.post("/opportunities", response={201: OpportunityRow}, url_name="opportunities")
def opportunity_create(request: HttpRequest, values: NewValues) -> Any:
    """Open an opportunity with its next step; an Idempotency-Key makes a repeated call create once."""

    def create() -> dict[str, Any]:
        given = values.model_dump(exclude_unset=True)
        entry = {**given, "company": company_entry(given.get("company"))}
        form = NewOpportunityForm(entry, actor=caller(request))
        find_product_by_id(form, caller(request))
        data = cleaned(form, given, is_new=True)
        made = create_opportunity(
            actor=caller(request),
            values=OpportunityValues(**form.values(), stage=data["stage"]),
            next_step=form.step(),
            at=timezone.now(),
        )
        made.refresh_from_db()
        return OpportunityRow.from_orm(made).model_dump(mode="json")

    return Status(201, once(request, create))


@router.get("/opportunities/{int:opportunity_id}", response=OpportunityRow, url_name="opportunity")
def opportunity_detail(request: HttpRequest, response: HttpResponse, opportunity_id: int) -> Any:
    """One opportunity, with its version as ETag."""
    deal = opportunity_for(actor=caller(request), opportunity_id=opportunity_id)
    with_version(response, deal)
    return deal


@router.patch(
    "/opportunities/{int:opportunity_id}", response=OpportunityRow, url_name="opportunity"
)
def opportunity_change(
    request: HttpRequest, response: HttpResponse, opportunity_id: int, values: ChangedValues
) -> Any:
    """Change the fields sent; If-Match carries the version that was read."""
    version = version_read(request)
    actor, given = caller(request), values.model_dump(exclude_unset=True)
    deal = opportunity_for(actor=actor, opportunity_id=opportunity_id)
    entry = {**given, "company": company_entry(given.get("company"))}
    form = OpportunityForm(entry, actor=actor, opportunity=deal)
    find_product_by_id(form, actor)
    saved = change_opportunity(
        actor=actor,
        opportunity_id=opportunity_id,
        version=version,
        values=cleaned(form, given, is_new=False),
        at=timezone.now(),
    )
    saved.refresh_from_db()
    with_version(response, saved)
    return saved


@router.delete("/opportunities/{int:opportunity_id}", response={204: None}, url_name="opportunity")
def opportunity_delete(request: HttpRequest, opportunity_id: int) -> Any:
    """Put an opportunity in the bin; its history and activities stay with it."""
    bin_opportunity(actor=caller(request), opportunity_id=opportunity_id, at=timezone.now())
    return Status(204, None)


@router.post(
    "/opportunities/{int:opportunity_id}/restore",
    response=OpportunityRow,
    url_name="opportunity_restore",
)
def opportunity_take_back(request: HttpRequest, opportunity_id: int) -> Any:
    """Take an opportunity out of the bin."""
    return restore_opportunity(
        actor=caller(request), opportunity_id=opportunity_id, at=timezone.now()
    )


@router.post(
    "/opportunities/{int:opportunity_id}/move", response=OpportunityRow, url_name="opportunity_move"
)
def opportunity_to_stage(
    request: HttpRequest, response: HttpResponse, opportunity_id: int, values: MoveValues
) -> Any:
    """Go to another stage of the pipeline, with what it asks for; If-Match carries the version read."""
    given = values.model_dump(exclude_unset=True)
    deal = opportunity_for(actor=caller(request), opportunity_id=opportunity_id)
    wanted = given.pop("stage")
    stage = next((each for each in stages_beside(deal) if each.pk == wanted), None)
    return _move(request, response, deal, stage, given)


@router.post(
    "/opportunities/{int:opportunity_id}/win", response=OpportunityRow, url_name="opportunity_win"
)
def opportunity_won(
    request: HttpRequest, response: HttpResponse, opportunity_id: int, values: WonValues
) -> Any:
    """Won: to the first won stage of its pipeline; If-Match carries the version read."""
    deal = opportunity_for(actor=caller(request), opportunity_id=opportunity_id)
    given = values.model_dump(exclude_unset=True)
    return _move(request, response, deal, _first(deal, StageKind.WON), given)


@router.post(
    "/opportunities/{int:opportunity_id}/lose", response=OpportunityRow, url_name="opportunity_lose"
)
def opportunity_lost(
    request: HttpRequest, response: HttpResponse, opportunity_id: int, values: LostValues
) -> Any:
    """Lost, with its reason: to the first lost stage of its pipeline; If-Match carries the version read."""
    deal = opportunity_for(actor=caller(request), opportunity_id=opportunity_id)
    given = values.model_dump(exclude_unset=True)
    return _move(request, response, deal, _first(deal, StageKind.LOST), given)


@router.post(
    "/opportunities/{int:opportunity_id}/approach",
    response=OpportunityRow,
    url_name="opportunity_approach",
)
def opportunity_approach(
    request: HttpRequest, response: HttpResponse, opportunity_id: int, values: ApproachValues
) -> Any:
    """Say which buying situation and selling role it is, overruling what the orders point to; If-Match carries the version read."""
    version, actor = version_read(request), caller(request)
    opportunity_for(actor=actor, opportunity_id=opportunity_id)
    given = values.model_dump(exclude_unset=True)
    form = ApproachForm(given)
    cleaned(form, given, is_new=True)
    saved = set_approach(
        actor=actor, opportunity_id=opportunity_id, version=version, approach=form.approach(), at=timezone.now(),
    )  # fmt: skip
    saved.refresh_from_db()
    with_version(response, saved)
    return saved


def _first(deal: Opportunity, kind: str) -> Stage | None:
    return next((stage for stage in stages_beside(deal) if stage.kind == kind), None)


def _move(
    request: HttpRequest,
    response: HttpResponse,
    deal: Opportunity,
    stage: Stage | None,
    given: dict[str, Any],
) -> Opportunity:
    """Ask what the screen asks before an opportunity enters the stage; what is not sent is as stored."""
    version, actor = version_read(request), caller(request)
    require(actor, Right.EDIT_CUSTOMERS)
    if stage is None:
        raise NotFoundError(_("This stage does not exist in the pipeline of the opportunity."))
    asked = {name for name, _label in missing_of(deal, stage)}
    form = MoveForm(
        {**given, "company": company_entry(given.get("company"))},
        actor=actor, stage=stage, missing=asked | {name for name in given if name in GATE_FIELDS},
        needs_step=stage.kind == StageKind.OPEN and not has_next_step(deal),
    )  # fmt: skip
    find_product_by_id(form, actor)
    if deal.amount is not None and "amount" not in given:
        form.fields.pop("amount", None)
    data = cleaned(form, given, is_new=True)
    saved = move_opportunity(
        actor=actor, opportunity_id=deal.pk, stage_id=stage.pk, version=version, filled=form.gate_values(), at=timezone.now(),
        decision=Decision(data.get("amount"), data.get("lost_reason", ""), data.get("competitor", "")),
        next_step=form.step() if "next_step" in form.fields else None,
    )  # fmt: skip
    saved.refresh_from_db()
    with_version(response, saved)
    return saved
