"""How does one put an opportunity in another stage, from its page, from the board, or with what is missing?"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from koers.core.entry import record_key
from koers.core.errors import NotFoundError, RuleError
from koers.organisation.policies import Right, require
from koers.organisation.requests import actor_of
from koers.sell.actions.stage_move import Decision, move_opportunity
from koers.sell.forms.opportunity import MoveForm
from koers.sell.models import Opportunity, Stage, StageKind
from koers.sell.queries.opportunity import (
    has_next_step,
    lost_reasons,
    opportunity_for,
    stages_beside,
)
from koers.sell.queries.stage_gate import lacking_of, missing_of


@require_POST
def opportunity_drop(request: HttpRequest, opportunity_id: int) -> HttpResponse:
    """Move at once where nothing is missing (204 to the board); else to the form that asks for it.

    The board gets 422 and the address of that form.
    """
    actor = actor_of(request)
    deal = opportunity_for(actor=actor, opportunity_id=opportunity_id)
    require(actor, Right.EDIT_CUSTOMERS)
    stage = _stage(deal, request.POST.get("stage", ""))
    on_board = request.headers.get("X-Koers-Background") == "1"
    url = f"{reverse('sell:opportunity_move', args=[deal.pk, stage.pk])}{'?next=board' if on_board or request.POST.get('next') == 'board' else ''}"
    if stage.pk != deal.stage_id and _asks(deal, stage):
        return HttpResponse(url, status=422, content_type="text/plain") if on_board else redirect(url)  # fmt: skip
    move_opportunity(actor=actor, opportunity_id=deal.pk, stage_id=stage.pk, at=timezone.now())
    answer = _moved(request, deal, stage, to_board=on_board)
    return HttpResponse(status=204) if on_board else answer


def opportunity_move(request: HttpRequest, opportunity_id: int, stage_id: int) -> HttpResponse:
    """Ask for what is missing, and move."""
    actor = actor_of(request)
    deal = opportunity_for(actor=actor, opportunity_id=opportunity_id)
    require(actor, Right.EDIT_CUSTOMERS)
    stage = _stage(deal, str(stage_id))
    missing = {name for name, _label in missing_of(deal, stage)}
    form = MoveForm(
        request.POST or None, actor=actor, stage=stage, missing=missing,
        needs_step=stage.kind == StageKind.OPEN and not has_next_step(deal),
        initial={"amount": deal.amount, "competitor": deal.competitor, "version": deal.version},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        decision = Decision(
            data.get("amount"), data.get("lost_reason", ""), data.get("competitor", "")
        )
        try:
            move_opportunity(
                actor=actor, opportunity_id=deal.pk, stage_id=stage.pk, version=data.get("version"), decision=decision,
                filled=form.gate_values(), next_step=form.step() if "next_step" in form.fields else None, at=timezone.now(),
            )  # fmt: skip
        except RuleError as refusal:
            if refusal.status == 404:
                raise
            form.add_error(None, str(refusal))
        else:
            return _moved(request, deal, stage)
    context: dict[str, Any] = {
        "form": form, "opportunity": deal, "stage": stage, "elsewhere": [each for each in lacking_of(deal, stage) if not each.field],
        "reasons": lost_reasons() if stage.kind == StageKind.LOST else [],
        "cancel_url": reverse("sell:opportunity_board") if request.GET.get("next") == "board" else reverse("sell:opportunity_detail", args=[deal.pk]),
    }  # fmt: skip
    return render(
        request, "sell/opportunity/move.html", context, status=400 if form.errors else 200
    )


@require_GET
def opportunity_moves(request: HttpRequest, opportunity_id: int) -> HttpResponse:
    """The stages an opportunity can go to, for the menu of its card."""
    actor = actor_of(request)
    deal = opportunity_for(actor=actor, opportunity_id=opportunity_id)
    require(actor, Right.EDIT_CUSTOMERS)
    context = {"opportunity": deal, "stages": stages_beside(deal), "next": "board"}
    return render(request, "sell/opportunity/moves.html", context)


def _asks(deal: Opportunity, stage: Stage) -> bool:
    if missing_of(deal, stage) or lacking_of(deal, stage) or stage.kind != StageKind.OPEN:
        return True
    return not has_next_step(deal)


def _stage(deal: Opportunity, text: str) -> Stage:
    if (key := record_key(text)) is not None:
        found = Stage.objects.filter(pk=key, pipeline_id=deal.stage.pipeline_id).first()
        if found is not None:
            return found
    raise NotFoundError(_("This stage does not exist in the pipeline of the opportunity."))


def _moved(
    request: HttpRequest, deal: Opportunity, stage: Stage, *, to_board: bool = False
) -> HttpResponse:
    to_board = to_board or "board" in (request.GET.get("next"), request.POST.get("next"))
    undo = reverse("sell:opportunity_undo", args=[deal.pk]) + ("?next=board" if to_board else "")
    words = _("“%(name)s” is now in “%(stage)s”.") % {"name": deal.name, "stage": stage.name}
    messages.success(request, words, extra_tags=undo)
    if to_board:
        return redirect(f"{reverse('sell:opportunity_board')}?pipeline={stage.pipeline_id}")
    return redirect("sell:opportunity_detail", opportunity_id=deal.pk)
