"""How are actions on the drivers of customer equity listed by return, entered, and decided on (F1.5)?"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from koers.analyse.actions.equity_action import (
    change_equity_action,
    decide_equity_action,
    keep_equity_action,
    remove_equity_action,
)
from koers.analyse.figures.equity_action import (
    Measured,
    learned_words,
    measured_of,
    outcomes_by_discount,
)
from koers.analyse.forms.equity_action import ActionDecisionForm, EquityActionForm
from koers.analyse.models import EquityAction
from koers.analyse.queries.analysis_day import analysis_day
from koers.analyse.queries.currency import reporting_currency
from koers.analyse.queries.equity_action import (
    equity_action_for,
    equity_actions_matching,
)
from koers.analyse.queries.equity_score import segment_for
from koers.analyse.views.interval_bar import bars_of
from koers.core import formats
from koers.core.clashes import show_clash
from koers.core.errors import RuleError, StaleVersionError
from koers.core.periods import last_twelve_months
from koers.core.tables import Column, Filter, ListState, page_of
from koers.customers.queries.choices import segment_choices
from koers.organisation.policies import Right, may, require
from koers.organisation.requests import actor_of

YEARS, DISCOUNT = 5, 10
COLUMNS = (
    Column("name", _l("Action"), "name"), Column("driver", _l("Driver"), "driver"), Column("segment", _l("Segment"), "segment__name"),
    Column("cost", _l("Costs"), "cost", numeric=True), Column("gain", _l("Gain"), "gain", numeric=True),
    Column("roi", _l("Return"), "roi", numeric=True), Column("interval", _l("90 in 100"), "roi_low"),
    Column("chance", _l("Pays"), "chance_pays", numeric=True), Column("status", _l("Status"), "status"),
)  # fmt: skip
GROUPS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (_l("The action"), ("name", "driver", "segment", "cost")), (_l("What it does to the score (points of 0-10)"), ("change_low", "change_likely", "change_high")),
    (_l("What a point does to the choice (percentage points)"), ("effect_low", "effect_likely", "effect_high", "stay", "win")),
    (_l("Instead: learned from choices"), ("choices", "forget")),
    (_l("Whom it reaches, and what they bring"), ("customers", "others", "margin", "frequency", "discount", "years")),
)  # fmt: skip


def equity_action_list(request: HttpRequest) -> HttpResponse:
    """Considered actions, the highest return first, with its interval."""
    actor = actor_of(request)
    filters = (
        Filter("driver", _("Driver"), EquityAction.Driver.choices), Filter("segment", _("Segment"), segment_choices()), Filter("status", _("Status"), EquityAction.Status.choices),
    )  # fmt: skip
    state = ListState.from_request(request, columns=COLUMNS, default_sort="-roi", filters=filters)
    page = page_of(
        equity_actions_matching(actor, q=state.q, choices=state.values).select_related("segment"),
        state,
    )
    bars = bars_of([(row.roi_low, row.roi, row.roi_high) for row in page.rows])
    context = {
        "state": state, "page": page, "rows": list(zip(page.rows, bars, strict=True)), "may_edit": may(actor, Right.EDIT_RULES),
    }  # fmt: skip
    return render(request, "analyse/equity_action/list.html", context)


def equity_action_create(request: HttpRequest) -> HttpResponse:
    """Enter an action; starts from what the facts of its segment measure."""
    actor = actor_of(request)
    require(actor, Right.EDIT_RULES)
    segment = segment_for(request.GET.get("segment", ""))
    measured = measured_of(actor=actor, period=last_twelve_months(analysis_day(timezone.localdate())), segment=segment)  # fmt: skip
    form = EquityActionForm(request.POST or None, request.FILES or None, initial=_initial(measured, segment, request.GET.get("driver", "")))  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            made = keep_equity_action(actor=actor, values=form.values(), at=timezone.now())
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The action has been computed and kept."))
            return redirect("analyse:equity_action_detail", made.pk)
    return _form(request, form, title=_("Consider an action"), measured=measured)


def equity_action_edit(request: HttpRequest, action_id: int) -> HttpResponse:
    """Change an action that is still considered; a clash shows the three values."""
    actor = actor_of(request)
    found = equity_action_for(actor=actor, action_id=action_id)
    require(actor, Right.EDIT_RULES)
    initial = EquityActionForm.initial_of(found)
    form = EquityActionForm(request.POST or None, request.FILES or None, initial=initial, learned=found.learned)  # fmt: skip
    clashes: Any = ()
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] or found.version
        try:
            change_equity_action(actor=actor, action_id=found.pk, version=version, values=form.values(), at=timezone.now())  # fmt: skip
        except StaleVersionError as clash:
            clashes = show_clash(form, clash, version=found.version)
            return _form(request, form, title=found.name, found=found, clashes=clashes, status=409)
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The action has been computed and kept."))
            return redirect("analyse:equity_action_detail", found.pk)
    return _form(request, form, title=found.name, found=found)


def equity_action_detail(request: HttpRequest, action_id: int) -> HttpResponse:
    """One action: what it brings, how sure that is, and what is decided; a POST decides or removes."""
    actor = actor_of(request)
    found = equity_action_for(actor=actor, action_id=action_id)
    if request.method == "POST" and "remove" in request.POST:
        remove_equity_action(actor=actor, action_id=found.pk, at=timezone.now())
        messages.success(request, _("The action has been removed."))
        return redirect("analyse:equity_action_list")
    if request.method == "POST":
        require(actor, Right.EDIT_RULES)
    initial = {"version": found.version, "status": found.status, "decision": found.decision}
    form = ActionDecisionForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            decide_equity_action(
                actor=actor, action_id=found.pk, version=data["version"] or found.version, status=data["status"],
                decision=data["decision"], at=timezone.now(),
            )  # fmt: skip
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("analyse:equity_action_detail", found.pk)
    rates = outcomes_by_discount(found)
    bars = bars_of([(each.roi_low, each.roi, each.roi_high) for _rate, each in rates])
    figure = reverse("analyse:equity_action_figure", args=[found.pk])
    context = {
        "action": found, "form": form, "may_edit": may(actor, Right.EDIT_RULES), "currency": found.currency,
        "rates": [(rate, each, bar, abs(rate - float(found.discount)) < 1e-9, f"{figure}?of=roi&rate={rate}") for (rate, each), bar in zip(rates, bars, strict=True)],
        "urls": {name: f"{figure}?of={name}" for name in ("roi", "gain", "chance")}, "inputs": inputs_of(found),
        "learned": [(_word(name), value, error) for name, value, error in learned_words(found.learned)] if found.learned else [],
    }  # fmt: skip
    return render(request, "analyse/equity_action/detail.html", context, status=400 if form.errors else 200)  # fmt: skip


def inputs_of(action: EquityAction) -> list[tuple[str, str]]:
    """Its inputs in words, as the page and the panels list them."""
    three = "{} – {} – {}".format
    found = [
        (_("Change of the score, low – likely – high"), three(*(formats.signed(formats.number(v, 1), v) for v in (action.change_low, action.change_likely, action.change_high)))),
    ]  # fmt: skip
    if action.learned:
        found.append((_("Effect of a point"), _("learned from %(count)s choices") % {"count": formats.number(action.learned["choices"], 0)}))  # fmt: skip
    elif action.effect_likely is not None:
        found.append((_("Effect of a point on the chance to stay, own estimate"), three(*(formats.signed_points(v) for v in (action.effect_low, action.effect_likely, action.effect_high)))))  # fmt: skip
    return [
        *found, (_("Chance that a customer buys from us again"), formats.share(action.stay)), (_("Chance that a buyer elsewhere comes to us"), formats.share(action.win)),
        (_("Customers it reaches"), formats.number(action.customers, 0)), (_("Buyers elsewhere it reaches"), formats.number(action.others, 0)),
        (_("Contribution per purchase"), formats.money(action.margin, action.currency)), (_("Purchases a year"), formats.number(action.frequency, 2)),
        (_("Discount rate a year"), formats.share(action.discount)), (_("Years counted"), formats.number(action.years, 0)),
    ]  # fmt: skip


def _word(name: str) -> str:
    return _("Bought from us last (inertia)") if name == "inertia" else str(EquityAction.Driver(name).label)  # fmt: skip


def _initial(measured: Measured, segment: Any, driver: str) -> dict[str, Any]:
    return {
        "segment": segment, "driver": driver if driver in EquityAction.Driver.values else "value", "customers": measured.customers or None, "margin": measured.margin,
        "frequency": measured.frequency, "discount": DISCOUNT if measured.discount is None else measured.discount * 100, "years": YEARS, "others": 0,
    }  # fmt: skip


def _form(request: HttpRequest, form: EquityActionForm, *, title: str, found: EquityAction | None = None, measured: Measured | None = None, clashes: Any = (), status: int = 0) -> HttpResponse:  # fmt: skip
    groups = [(word, [form[name] for name in names if name in form.fields]) for word, names in GROUPS]  # fmt: skip
    context = {
        "form": form, "title": title, "found": found, "groups": groups, "clashes": clashes, "measured": measured, "currency": reporting_currency(),
    }  # fmt: skip
    return render(request, "analyse/equity_action/form.html", context, status=status or (400 if form.errors else 200))  # fmt: skip
