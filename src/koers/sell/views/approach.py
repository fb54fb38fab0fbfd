"""How are the buying situation and selling role of an opportunity shown, with the orders behind them, and overruled?"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from koers.core.clashes import show_clash
from koers.core.errors import RuleError, StaleVersionError
from koers.organisation.policies import Right, may, require
from koers.organisation.requests import actor_of
from koers.sell.actions.approach import set_approach
from koers.sell.forms.approach import ApproachForm
from koers.sell.models import BuyingSituation, Opportunity, SellingRole, StageKind
from koers.sell.queries.buying_situation import Proposal, proposal_for, role_for
from koers.sell.queries.opportunity import opportunity_for
from koers.sell.queries.selling_template import asked_of, template_for


def approach_card(request: HttpRequest, opportunity_id: int) -> HttpResponse:
    """The panel on the page of the opportunity: situation and role, why, what changed, the orders before."""
    actor = actor_of(request)
    deal = opportunity_for(actor=actor, opportunity_id=opportunity_id)
    found = proposal_for(actor=actor, deal=deal, today=timezone.localdate())
    is_open = deal.stage_kind == StageKind.OPEN
    template = template_for(deal.buying_situation, deal.selling_role) if is_open else None
    context: dict[str, Any] = {
        "opportunity": deal, "proposal": found, "may_edit": may(actor, Right.EDIT_CUSTOMERS),
        "is_proposed": deal.buying_situation == found.situation, "role_because": _role_words(deal),
        "template": template, "asked": asked_of(deal, template) if template else (),
        "moved_on": _moved_on(deal, found) if is_open else None,
        "may_order": is_open and deal.buying_situation == BuyingSituation.STRAIGHT and found.again is not None and may(actor, Right.EDIT_ORDERS),
    }  # fmt: skip
    return render(request, "sell/approach/card.html", context)


def approach_edit(request: HttpRequest, opportunity_id: int) -> HttpResponse:
    """Overrule the proposal with a reason, or go back to it."""
    actor = actor_of(request)
    deal = opportunity_for(actor=actor, opportunity_id=opportunity_id)
    require(actor, Right.EDIT_CUSTOMERS)
    found = proposal_for(actor=actor, deal=deal, today=timezone.localdate())
    form = ApproachForm(request.POST or None, initial=_initial(deal, found))
    url = reverse("sell:opportunity_detail", args=[deal.pk])
    context: dict[str, Any] = {"form": form, "opportunity": deal, "proposal": found, "labels": _labels(found), "cancel_url": url}  # fmt: skip
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            set_approach(
                actor=actor, opportunity_id=deal.pk, version=form.cleaned_data["version"] or deal.version,
                approach=form.approach(), at=timezone.now(),
            )  # fmt: skip
        except StaleVersionError as clash:
            context["clashes"] = show_clash(form, clash, version=deal.version)
            return render(request, "sell/approach/form.html", context, status=409)
        except RuleError as refusal:
            name = "situation_because" if not form.cleaned_data["situation_because"] and form.cleaned_data["situation"] != found.situation else "role_because"  # fmt: skip
            form.add_error(name, str(refusal))
        else:
            undo = reverse("sell:opportunity_undo", args=[deal.pk])
            messages.success(request, _("Saved."), extra_tags=undo)
            return redirect(url)
    if form.errors:
        status = 400
    return render(request, "sell/approach/form.html", context, status=status)


def _initial(deal: Opportunity, found: Proposal) -> dict[str, Any]:
    situation = deal.buying_situation or found.situation
    return {
        "situation": situation, "situation_because": deal.situation_because, "role_because": deal.role_because,
        "role": deal.selling_role or role_for(situation, deal.company)[0], "version": deal.version,
    }  # fmt: skip


def _role_words(deal: Opportunity) -> str:
    fitting, because = role_for(deal.buying_situation, deal.company)
    return because if deal.selling_role == fitting else ""


def _moved_on(deal: Opportunity, found: Proposal) -> dict[str, Any] | None:
    """What the orders point to by now, where that is not what the deal was taken for and nobody overruled it."""
    if deal.situation_because or not found.situation or found.situation == deal.buying_situation:
        return None
    role = deal.selling_role if deal.role_because else found.role
    values = {"situation": found.situation, "role": role, "role_because": deal.role_because, "version": deal.version}  # fmt: skip
    return {"label": BuyingSituation(found.situation).label, "values": values}


def _labels(found: Proposal) -> dict[str, Any]:
    if not found.situation:
        return {"situation": "", "role": ""}
    return {
        "situation": BuyingSituation(found.situation).label,
        "role": SellingRole(found.role).label,
    }
