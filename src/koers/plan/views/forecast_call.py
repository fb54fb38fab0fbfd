"""How do people give their calls, and how do these add up from person to company?"""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from koers.analyse.queries.analysis_day import analysis_day
from koers.core import formats
from koers.core.errors import NotAllowedError
from koers.organisation.models.user import SELLING_ROLES
from koers.organisation.policies import Right, require
from koers.organisation.requests import actor_of
from koers.plan.actions.forecast_call import CallClashError, give_calls, node_of, override_calls
from koers.plan.figures.forecast_call import BEST_CASE, COMMIT, CallBook, CallRow, roll_up
from koers.plan.forms.forecast_call import (
    STOOD,
    CallOverrideForm,
    CallQuestion,
    OwnCallsForm,
    call_question,
    period_words,
)
from koers.plan.models.forecast_call import PERSON
from koers.plan.queries.call_period import CallPeriod, periods_ahead
from koers.plan.queries.call_tree import CallNode
from koers.plan.views.pipeline_forecast import chance_tone, chance_words

Form = OwnCallsForm | CallOverrideForm


def forecast_call(request: HttpRequest) -> HttpResponse:
    """My calls of the coming periods, and of one period the calls of everybody I see, level by level."""
    actor = actor_of(request)
    require(actor, Right.READ_TARGETS)
    today = analysis_day(timezone.localdate())
    asked = call_question(request.GET, today=today)
    ahead = periods_ahead(today)
    periods = ahead if asked.period in ahead else [*ahead, asked.period]
    book = CallBook(actor=actor, today=today, periods=periods)
    me = f"{PERSON}-{actor.user_id}"
    calls = actor.role in SELLING_ROLES and any(node.unit == me for node in book.nodes())
    open_for_calls = asked.period.period.end > today
    if request.method == "POST" and request.POST.get("unit", me) != me:
        asked = replace(asked, edit=request.POST["unit"])
    own = _own_form(request, book, ahead) if calls else None
    override, node = None, None
    if asked.edit:
        node = node_of(book.nodes(), asked.edit)
        if not node.may_override or not open_for_calls:
            raise NotAllowedError(_("You may only change what those below you called."))
        override = CallOverrideForm(request.POST or None, period=asked.period, unit=node.unit, said=book.said)  # fmt: skip
    if request.method == "POST":
        if override is None and own is None:
            raise NotAllowedError(_("Only who sells gives a call."))
        done = _kept(request, book, asked, override if override else own, node)
        if done:
            return done
    context = _context(book, asked, ahead, own, override) | {"open_for_calls": open_for_calls}
    failed = any(form is not None and form.is_bound and not form.is_valid() for form in (own, override))  # fmt: skip
    return render(request, "plan/forecast_call/detail.html", context, status=400 if failed else 200)


def _own_form(request: HttpRequest, book: CallBook, ahead: list[CallPeriod]) -> OwnCallsForm:
    me = f"{PERSON}-{book.actor.user_id}"
    mine = request.method == "POST" and request.POST.get("unit", me) == me
    return OwnCallsForm(request.POST if mine else None, periods=ahead, unit=me, said=book.said)


def _kept(
    request: HttpRequest, book: CallBook, asked: CallQuestion, form: Form | None, node: CallNode | None
) -> HttpResponse | None:  # fmt: skip
    """Keep what was typed; None where the form must be shown again with what is wrong."""
    if form is None or not form.is_valid():
        return None
    at = timezone.now()
    try:
        made = (
            override_calls(actor=book.actor, node=node, entries=form.entries(), at=at)
            if node
            else give_calls(actor=book.actor, entries=form.entries(), at=at)
        )
    except CallClashError as clash:
        form.go_on_from(clash.entry, clash.latest.number if clash.latest else 0)
        name = clash.entry.category if node else f"{clash.entry.category}-{clash.entry.period.key}"
        form.full_clean()
        form.add_error(name, _clash_words(clash, book.currency))
        return None
    if made:
        messages.success(request, _("The calls have been kept.") if node is None else _("The override has been kept."))  # fmt: skip
    else:
        messages.info(request, _("Nothing was changed."))
    following = _next(book, node) if node and "next" in request.POST else ""
    anchor = f"#{node.unit}" if node and not following else ""
    return redirect(reverse("plan:forecast_call") + asked.query(edit=following) + anchor)


def _clash_words(clash: CallClashError, currency: str) -> str:
    latest = clash.latest
    if latest is None:
        return str(clash)
    amount = formats.EN_DASH if latest.amount is None else formats.money(latest.amount, currency)
    return _("%(who)s entered %(amount)s on %(moment)s. Yours has not been kept; save again to put it in its place.") % {
        "who": latest.made_by_name, "amount": amount, "moment": formats.moment(latest.made_at),
    }  # fmt: skip


def _next(book: CallBook, node: CallNode) -> str:
    """The next row one may change, or none after the last."""
    units = [each.unit for each in book.nodes() if each.may_override]
    place = units.index(node.unit) + 1
    return units[place] if place < len(units) else ""


def _context(
    book: CallBook, asked: CallQuestion, ahead: list[CallPeriod],
    own: OwnCallsForm | None, override: CallOverrideForm | None,
) -> dict[str, Any]:  # fmt: skip
    found = roll_up(book, asked.period, stood=asked.stood)
    top = found.rows[0] if found.rows else None
    return {
        "asked": asked, "period": period_words(asked.period), "currency": book.currency, "found": found, "override": override,
        "rows": [row_words(row, asked) for row in found.rows], "top": row_words(top, asked) if top and len(book.tops) == 1 else None,
        "tabs": [{"label": period_words(each), "url": CallQuestion(each, asked.stood).query(), "current": each == asked.period, "count": None} for each in ahead],
        "own": own, "own_rows": _own_rows(book, own, asked) if own else [], "stoods": [(key, label, key == asked.stood) for key, label in STOOD.items()],
        "action": reverse("plan:forecast_call") + asked.query(), "record_url": reverse("plan:forecast_call_record") + asked.query(),
    }  # fmt: skip


def row_words(row: CallRow, asked: CallQuestion) -> dict[str, Any]:
    """A row of the roll-up with where each of its figures leads."""
    unit = row.node.unit
    figures = {
        name: reverse("plan:forecast_call_figure", args=[name]) + asked.query(unit=unit)
        for name in ("call", "weighted", "interval", "composite", "chance")
    }  # fmt: skip
    deals = {part: reverse("plan:forecast_call_deals") + asked.query(unit=unit, part=part) for part in ("won", "commit", "best_case", "open")}  # fmt: skip
    chance = row.chance.chance if row.chance else None
    return {
        "row": row, "unit": unit, "figures": figures, "deals": deals, "is_person": row.node.level == PERSON,
        "called": row.called[COMMIT], "best": row.called[BEST_CASE], "over": row.overridden(COMMIT), "over_best": row.overridden(BEST_CASE),
        "counted": row.counted(COMMIT), "counted_best": row.counted(BEST_CASE), "commit": row.deals.categories["commit"],
        "best_deals": row.deals.categories["best_case"], "chance": chance_words(chance), "tone": chance_tone(chance),
        "edit_url": reverse("plan:forecast_call") + asked.query(edit=unit) + f"#{unit}", "is_edited": asked.edit == unit,
        "depth": min(row.node.depth, 4),
    }  # fmt: skip


def _own_rows(book: CallBook, form: OwnCallsForm, asked: CallQuestion) -> list[dict[str, Any]]:
    me = book.actor.user_id
    found = []
    for period, amounts, note in form.rows():
        question = CallQuestion(period, asked.stood)
        people = [me] if me is not None else []
        found.append({
            "period": period_words(period), "sums": book.sums(period.period, people), "amounts": amounts, "note": note,
            "open_url": reverse("plan:forecast_call_deals") + question.query(unit=f"{PERSON}-{me}", part="open"),
            "won_url": reverse("plan:forecast_call_deals") + question.query(unit=f"{PERSON}-{me}", part="won"),
            "figure_url": reverse("plan:forecast_call_figure", args=["weighted"]) + question.query(unit=f"{PERSON}-{me}"),
        })  # fmt: skip
    return found
