"""How are campaigns listed, started from a list of customers, followed and stopped?"""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_POST

from koers.analyse.actions.campaign import start_campaign, stop_campaign
from koers.analyse.figures.campaign import candidates, effect_of
from koers.analyse.forms.campaign import CampaignForm
from koers.analyse.queries.analysis_day import analysis_day
from koers.analyse.queries.campaign import (
    campaign_for,
    campaigns_visible_to,
    members_of,
    unreachable,
)
from koers.analyse.queries.currency import reporting_currency
from koers.analyse.views.health_words import CAMPAIGN_WORDS, REASON_WORDS
from koers.analyse.views.life_cycle import phase_actions
from koers.analyse.views.value import counts_spending
from koers.analyse.views.value_words import action_of
from koers.analyse.views.warning import asked_of
from koers.core import formats
from koers.core.entry import record_key
from koers.core.errors import NotFoundError, RuleError
from koers.core.figure_page import render_figure
from koers.core.figure_panel import FigurePanel
from koers.core.periods import Period
from koers.core.tables import Column, ListState, page_of
from koers.customers.models import Phase
from koers.organisation.policies import Right, may, require
from koers.organisation.requests import actor_of
from koers.sell.models import ActivityKind

COLUMNS = (
    Column("name", _l("Campaign"), "name"), Column("started", _l("Started on"), "started_on"),
    Column("by", _l("By"), "made_by__full_name"), Column("treated", _l("Customers"), numeric=True),
    Column("done", _l("Done"), numeric=True), Column("control", _l("Control group"), numeric=True),
)  # fmt: skip
AT_FIRST, DUE_IN, MEASURE = 50, timedelta(days=14), 90
MEMBER_COLUMNS = (
    Column("name", _l("Customer"), "company__name"), Column("owner", _l("Account manager"), "company__owner__full_name"),
    Column("group", _l("Group"), "is_control"), Column("status", _l("Status"), "activity__status"),
    Column("outcome", _l("Outcome"), "activity__outcome"),
)  # fmt: skip


def campaign_list(request: HttpRequest) -> HttpResponse:
    """All campaigns one may see, the latest first."""
    actor = actor_of(request)
    state = ListState.from_request(request, columns=COLUMNS, default_sort="-started")
    rows = campaigns_visible_to(actor)
    if state.q:
        rows = rows.filter(name__istartswith=state.q)
    return render(request, "analyse/campaign/list.html", {"state": state, "page": page_of(rows, state)})  # fmt: skip


def campaign_create(request: HttpRequest, source: str) -> HttpResponse:
    """Start one from a phase or a next best action."""
    actor = actor_of(request)
    require(actor, Right.EDIT_CUSTOMERS)
    today = timezone.localdate()
    title, subject = _source_words(source)
    found = candidates(actor=actor, source=source, chosen=_narrowed(request, source))
    initial = {
        "name": f"{title}, {formats.day(today)}", "customers": min(len(found), AT_FIRST), "kind": ActivityKind.CALL,
        "subject": subject, "due_on": today + DUE_IN, "control": 20, "measure_days": MEASURE,
    }  # fmt: skip
    form = CampaignForm(request.POST or None, initial=initial, today=today)
    if request.method == "POST" and form.is_valid():
        chosen = found[: form.cleaned_data["customers"]]
        try:
            made = start_campaign(
                actor=actor, values=form.values(source), company_ids=chosen, today=today, at=timezone.now()
            )  # fmt: skip
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The campaign has started; the work is in everybody's activities."))  # fmt: skip
            if left := len(set(chosen)) - made.members.count():
                messages.info(request, _("Left out because nobody there may be reached so: %(count)s.") % {"count": left})  # fmt: skip
            return redirect("analyse:campaign_detail", made.pk)
    context = {
        "form": form, "title": title, "count": len(found),
        "closed": [(ActivityKind(each).label, unreachable(actor=actor, company_ids=found, kind=each, on=today + DUE_IN)) for each in (ActivityKind.CALL, ActivityKind.MAIL)],
    }  # fmt: skip
    return render(request, "analyse/campaign/form.html", context, status=400 if form.errors else 200)  # fmt: skip


def campaign_detail(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """How far it is, what it brought, and its customers."""
    actor = actor_of(request)
    campaign = campaign_for(actor=actor, campaign_id=campaign_id)
    today = analysis_day(timezone.localdate())
    state = ListState.from_request(request, columns=MEMBER_COLUMNS, default_sort="name")
    context = {
        "campaign": campaign, "effect": effect_of(campaign, today=today), "state": state,
        "page": page_of(members_of(actor, campaign), state), "currency": reporting_currency(),
        "until": campaign.started_on + timedelta(days=campaign.measure_days), "may_edit": may(actor, Right.EDIT_CUSTOMERS),
    }  # fmt: skip
    return render(request, "analyse/campaign/detail.html", context)


def campaign_figure(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """The effect laid open."""
    actor = actor_of(request)
    campaign = campaign_for(actor=actor, campaign_id=campaign_id)
    effect = effect_of(campaign, today=analysis_day(timezone.localdate()))
    currency = reporting_currency()

    def amount(value: float | None) -> str:
        return formats.EN_DASH if value is None else formats.money(value, currency)

    parts: list[tuple[str, str]] = []
    if effect is not None:
        parts = [
            (_("Customers with the action"), formats.number(effect.treated, 0)),
            (_("Their mean change"), amount(effect.change_treated)),
            (_("Control group"), formats.number(effect.control, 0)),
            (_("Its mean change"), amount(effect.change_control)),
            (_("Interval of 95 in 100"), f"{amount(effect.low)} – {amount(effect.high)}"),
        ]
    panel = FigurePanel(
        title=_("Effect per customer"), formula_id="S2.24", parts=parts,
        expression=_("effect = mean change of turnover with the action − mean change without; change = turnover since the start − turnover of as many days before"),
        value=None if effect is None or effect.difference is None else amount(effect.difference),
        period=None if effect is None else Period(effect.start, effect.end), notes=_notes(effect),
    )  # fmt: skip
    return render_figure(request, panel)


@require_POST
def campaign_stop(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Cancel what is still planned."""
    version = request.POST.get("version", "")
    cancelled = stop_campaign(
        actor=actor_of(request), campaign_id=campaign_id, version=record_key(version) or 0,
        at=timezone.now(),
    )  # fmt: skip
    messages.success(request, _("The campaign has been stopped; %(count)s activities were cancelled.") % {"count": cancelled})  # fmt: skip
    return redirect("analyse:campaign_detail", campaign_id)


def _source_words(source: str) -> tuple[str, str]:
    """The list's name, and what one usually does with it."""
    kind, _mark, key = source.partition(":")
    if kind == "phase" and key in Phase.values:
        return str(Phase(key).label), phase_actions(key)[0]
    if kind == "warning":
        return _warning_words("" if key == "all" else key)
    try:
        return action_of(key), action_of(key)
    except KeyError as error:
        raise NotFoundError(_("There is no such list of customers.")) from error


def _narrowed(request: HttpRequest, source: str) -> dict[str, Any]:
    """How the address narrows an early warning; other lists are taken whole."""
    if not source.startswith("warning:"):
        return {}
    actor = actor_of(request)
    return {**asked_of(request, actor), "by_spending": counts_spending(actor)}


def _warning_words(reason: str) -> tuple[str, str]:
    if reason not in CAMPAIGN_WORDS:
        raise NotFoundError(_("There is no such list of customers."))
    title = _("Early warning")
    if reason:
        title = f"{title}: {str(REASON_WORDS[reason]).lower()}"
    return title, str(CAMPAIGN_WORDS[reason])


def _notes(effect: Any) -> list[str]:
    if effect is None:
        return [_("The campaign started today; there is nothing to measure yet.")]
    if effect.difference is None:
        return [_("There is no control group, so nobody can tell what would have happened without the action.")]  # fmt: skip
    if not effect.enough:
        return [_("With fewer than eight customers in a group this says little.")]
    if not effect.proven:
        return [_("The interval holds zero: no effect has been shown.")]
    return []
