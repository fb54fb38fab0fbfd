"""How is the buying centre of an opportunity drawn, edited and summed up?"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from koers.core import formats
from koers.core.clashes import show_clash
from koers.core.errors import RuleError, StaleVersionError
from koers.core.figure_page import render_figure
from koers.core.figure_panel import FigurePanel
from koers.organisation.policies import Right, may, require
from koers.organisation.requests import actor_of
from koers.sell.actions.buying_centre import (
    add_member,
    change_member,
    move_member,
    remove_member,
    restore_member,
)
from koers.sell.figures.buying_centre import support_of
from koers.sell.forms.buying_centre import MemberForm
from koers.sell.models import BuyingCentreMember, Stance
from koers.sell.queries.buying_centre import buying_centre_of, contacts_to_add, member_for
from koers.sell.queries.opportunity import opportunity_for

FIELDS = ("roles", "influence", "stance", "interest", "message", "counterpart")


def buying_centre(request: HttpRequest, opportunity_id: int) -> HttpResponse:
    """The map from opponents to supporters, the most influential on top, and the table below it."""
    actor = actor_of(request)
    deal = opportunity_for(actor=actor, opportunity_id=opportunity_id)
    centre = buying_centre_of(deal)
    context = {
        "opportunity": deal, "centre": centre, "support": support_of(centre), "may_edit": may(actor, Right.EDIT_CUSTOMERS),
        "columns": [(int(stance), stance.label, centre.at(stance)) for stance in Stance],
        "can_add": contacts_to_add(actor, deal).exists(),
        "panels": {name: reverse("sell:buying_centre_figure", args=[deal.pk, name]) for name in ("support", "coverage")},
    }  # fmt: skip
    return render(request, "sell/buying_centre/detail.html", context)


def buying_centre_card(request: HttpRequest, opportunity_id: int) -> HttpResponse:
    """The panel on the page of the opportunity."""
    actor = actor_of(request)
    deal = opportunity_for(actor=actor, opportunity_id=opportunity_id)
    centre = buying_centre_of(deal)
    context = {"opportunity": deal, "centre": centre, "support": support_of(centre)}
    return render(request, "sell/buying_centre/card.html", context)


def buying_centre_figure(request: HttpRequest, opportunity_id: int, figure: str) -> HttpResponse:
    """Support or coverage laid open (F7.3)."""
    deal = opportunity_for(actor=actor_of(request), opportunity_id=opportunity_id)
    centre = buying_centre_of(deal)
    found = support_of(centre)
    total = (_("Σ influence"), formats.number(found.influence, 0))
    if figure == "coverage":
        value = None if found.coverage is None else formats.share(found.coverage)
        expression = _("coverage = Σ influence of members met ÷ Σ influence")
        parts = [(_("Numerator: influence of members met"), formats.number(found.met, 0)), total]
    else:
        value = None if found.support is None else formats.number(found.support, 2)
        expression = _("support = Σ influence × stance ÷ (2 × Σ influence), from −1 to 1")
        parts = [(_("Numerator: Σ influence × stance"), formats.number(found.weighted, 0)), total]
    panel = FigurePanel(
        title=_("Coverage") if figure == "coverage" else pgettext("buying centre", "Support"), formula_id="F7.3", expression=expression,
        formula_url=reverse("analyse:formula_detail", args=["F7.3"]), value=value, parts=parts,
        columns=[_("Contact"), _("Influence"), _("Stance towards us"), _("Last contact")],
        rows=[(str(each.member), each.member.influence, each.member.get_stance_display(),
               formats.day(each.last_contact) if each.last_contact else formats.EN_DASH) for each in centre.members],
        rows_count=len(centre.members), rows_url=reverse("sell:buying_centre", args=[deal.pk]), numeric_columns=frozenset({1}),
        notes=[] if centre.members else [_("Nobody is in the buying centre yet.")],
    )  # fmt: skip
    return render_figure(request, panel)


def member_create(request: HttpRequest, opportunity_id: int) -> HttpResponse:
    """Put a contact of the customer in the buying centre."""
    actor = actor_of(request)
    deal = opportunity_for(actor=actor, opportunity_id=opportunity_id)
    require(actor, Right.EDIT_CUSTOMERS)
    first = {"counterpart": deal.owner_id}
    form = MemberForm(request.POST or None, actor=actor, opportunity=deal, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            add_member(
                actor=actor, opportunity_id=deal.pk, contact=form.cleaned_data["contact"], values=form.values(), at=timezone.now()
            )  # fmt: skip
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Added to the buying centre."))
            return redirect("sell:buying_centre", deal.pk)
    context = {"form": form, "title": _("Add to the buying centre"), "opportunity": deal}
    return render(request, "sell/buying_centre/form.html", context, status=400 if form.errors else 200)  # fmt: skip


def member_edit(request: HttpRequest, opportunity_id: int, member_id: int) -> HttpResponse:
    """Change what is known of a member; a clash shows the three values."""
    actor = actor_of(request)
    deal = opportunity_for(actor=actor, opportunity_id=opportunity_id)
    require(actor, Right.EDIT_CUSTOMERS)
    member = member_for(opportunity=deal, member_id=member_id)
    form = MemberForm(request.POST or None, actor=actor, opportunity=deal, member=member, initial=_initial(member))  # fmt: skip
    context: dict[str, Any] = {"form": form, "title": str(member), "opportunity": deal, "member": member}  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            change_member(
                actor=actor, opportunity_id=deal.pk, member_id=member.pk, values=form.values(),
                version=form.cleaned_data["version"] or member.version, at=timezone.now(),
            )  # fmt: skip
        except StaleVersionError as clash:
            context["clashes"] = show_clash(form, clash, version=member.version)
            return render(request, "sell/buying_centre/form.html", context, status=409)
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("sell:buying_centre", deal.pk)
    return render(request, "sell/buying_centre/form.html", context, status=400 if form.errors else 200)  # fmt: skip


@require_POST
def member_move(request: HttpRequest, opportunity_id: int, member_id: int) -> HttpResponse:
    """Dragged or sent to another stance on the map."""
    text = request.POST.get("stance", "") or request.POST.get("stage", "")
    stance = int(text) if text.lstrip("-").isdigit() and len(text) < 3 else 99
    move_member(
        actor=actor_of(request), opportunity_id=opportunity_id, member_id=member_id, stance=stance, at=timezone.now()
    )  # fmt: skip
    if request.headers.get("X-Koers-Background"):
        return HttpResponse(status=204)
    return redirect("sell:buying_centre", opportunity_id)


@require_POST
def member_remove(request: HttpRequest, opportunity_id: int, member_id: int) -> HttpResponse:
    """Take somebody out, with a way back."""
    remove_member(actor=actor_of(request), opportunity_id=opportunity_id, member_id=member_id, at=timezone.now())  # fmt: skip
    undo = reverse("sell:member_restore", args=[opportunity_id, member_id])
    messages.success(request, _("Taken out of the buying centre."), extra_tags=undo)
    return redirect("sell:buying_centre", opportunity_id)


@require_POST
def member_restore(request: HttpRequest, opportunity_id: int, member_id: int) -> HttpResponse:
    """Put somebody back."""
    restore_member(actor=actor_of(request), opportunity_id=opportunity_id, member_id=member_id, at=timezone.now())  # fmt: skip
    messages.success(request, _("Undone."))
    return redirect("sell:buying_centre", opportunity_id)


def _initial(member: BuyingCentreMember) -> dict[str, Any]:
    return {"version": member.version, **{name: getattr(member, name) for name in FIELDS}}
