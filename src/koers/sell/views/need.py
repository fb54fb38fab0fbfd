"""How is what a customer wants from an opportunity shown, written down and laid beside our answer?"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from koers.catalogue.queries.price_list import product_words
from koers.core import formats
from koers.core.clashes import show_clash
from koers.core.errors import RuleError, StaleVersionError
from koers.core.figure_page import render_figure
from koers.core.figure_panel import FigurePanel
from koers.organisation.policies import Right, may, require
from koers.organisation.requests import actor_of
from koers.sell.actions.need import add_need, change_need, remove_need, restore_need
from koers.sell.figures.need import fit_of
from koers.sell.forms.need import NAMES, NeedForm
from koers.sell.models import Need, NeedStatus
from koers.sell.models.need import PARTS_MET
from koers.sell.queries.need import need_for, needs_of, said_by
from koers.sell.queries.opportunity import opportunity_for

ON_CARD = 4
PREVIEW = 10


def need_list(request: HttpRequest, opportunity_id: int) -> HttpResponse:
    """All of it with our answers and the form to add; with ``part=card`` the panel of the opportunity's page."""
    actor = actor_of(request)
    deal = opportunity_for(actor=actor, opportunity_id=opportunity_id)
    may_edit = may(actor, Right.EDIT_CUSTOMERS)
    form = NeedForm(request.POST or None, opportunity=deal)
    if request.method == "POST":
        require(actor, Right.EDIT_CUSTOMERS)
        if form.is_valid():
            try:
                add_need(actor=actor, opportunity_id=deal.pk, values=form.values(), at=timezone.now())  # fmt: skip
            except RuleError as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("Written down."))
                return redirect("sell:need_list", deal.pk)
    needs = needs_of(deal)
    context: dict[str, Any] = {
        "opportunity": deal, "needs": needs, "fit": fit_of(needs), "speakers": said_by(needs), "may_edit": may_edit,
        "open": sum(each.status == NeedStatus.NOT for each in needs), "form": form, "figure_url": reverse("sell:need_figure", args=[deal.pk]),
    }  # fmt: skip
    if request.GET.get("part") == "card":
        context |= {"shown": needs[:ON_CARD], "more": max(len(needs) - ON_CARD, 0)}
        return render(request, "sell/need/card.html", context)
    return render(request, "sell/need/list.html", context, status=400 if form.errors else 200)


def need_edit(request: HttpRequest, opportunity_id: int, need_id: int) -> HttpResponse:
    """Change it; posted with ``step`` it is taken out or put back."""
    actor = actor_of(request)
    deal = opportunity_for(actor=actor, opportunity_id=opportunity_id)
    require(actor, Right.EDIT_CUSTOMERS)
    step = request.GET.get("step", "")
    if request.method == "POST" and step in ("remove", "restore"):
        return _turned(request, deal.pk, need_id, step)
    need = need_for(opportunity=deal, need_id=need_id)
    form = NeedForm(request.POST or None, opportunity=deal, initial=_initial(need))
    context: dict[str, Any] = {"form": form, "opportunity": deal, "need": need}
    if request.method == "POST" and form.is_valid():
        try:
            change_need(
                actor=actor, opportunity_id=deal.pk, need_id=need.pk, values=form.values(),
                version=form.cleaned_data["version"] or need.version, at=timezone.now(),
            )  # fmt: skip
        except StaleVersionError as clash:
            context["clashes"] = show_clash(form, clash, version=need.version)
            return render(request, "sell/need/form.html", context, status=409)
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("sell:need_list", deal.pk)
    return render(request, "sell/need/form.html", context, status=400 if form.errors else 200)


def _turned(request: HttpRequest, opportunity_id: int, need_id: int, step: str) -> HttpResponse:
    change, url = remove_need, reverse("sell:need_edit", args=[opportunity_id, need_id])
    if step == "restore":
        change = restore_need
        messages.success(request, _("Undone."))
    else:
        messages.success(request, _("Taken out."), extra_tags=f"{url}?step=restore")
    change(actor=actor_of(request), opportunity_id=opportunity_id, need_id=need_id, at=timezone.now())  # fmt: skip
    return redirect("sell:need_list", opportunity_id)


def need_figure(request: HttpRequest, opportunity_id: int) -> HttpResponse:
    """The fit laid open."""
    deal = opportunity_for(actor=actor_of(request), opportunity_id=opportunity_id)
    needs = needs_of(deal)
    found = fit_of(needs)
    panel = FigurePanel(
        title=_("Fit of our answer"), formula_id="", expression=_("fit = Σ importance × part met ÷ Σ importance; met counts 1, partly ½, not 0"),
        value=None if found.share is None else formats.share(found.share, 0),
        parts=[(_("Numerator: importance that is met"), formats.number(found.met, 1)), (_("Denominator: Σ importance"), formats.number(found.importance, 0))],
        columns=[_("What the customer wants"), _("Importance"), _("Part met")],
        rows=[(each.text, each.importance, formats.share(PARTS_MET[NeedStatus(each.status)], 0)) for each in needs[:PREVIEW]],
        numeric_columns=frozenset({1, 2}), rows_count=len(needs), rows_url=reverse("sell:need_list", args=[deal.pk]),
        notes=[_("It says how our offer answers what was written down, not what was never asked.")] if needs else [_("Nothing was written down yet.")],
    )  # fmt: skip
    return render_figure(request, panel)


def _initial(need: Need) -> dict[str, Any]:
    first = {name: getattr(need, name) for name in NAMES}
    return first | {"version": need.version, "product": product_words(need.product) if need.product else ""}  # fmt: skip
