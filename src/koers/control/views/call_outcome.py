"""How are the outcomes of talks shown per seller, and opened down to the talks?"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koers.analyse.forms.period import Scope, UnknownPeriodError, scope_from, selects
from koers.control.figures.call_outcome import call_outcomes_of
from koers.control.queries.call_outcome import talks_of, without_commitment
from koers.control.views.variance import page_of_rows
from koers.core import formats
from koers.core.actor import Actor
from koers.core.charts import Chart, Series
from koers.core.entry import record_key
from koers.core.figure_page import render_figure
from koers.core.figure_panel import FigurePanel
from koers.core.tables import Column, Filter, ListState
from koers.organisation.policies import Right, require
from koers.organisation.requests import actor_of
from koers.sell.figures.call_question import spin_of
from koers.sell.models import ActivityOutcome, QuestionKind
from koers.sell.queries.call_question import asked_per_kind, talks_with_questions

ENDINGS = (
    ActivityOutcome.ORDER,
    ActivityOutcome.ADVANCE,
    ActivityOutcome.CONTINUATION,
    ActivityOutcome.NO_SALE,
)
NOBODY = "none"
QUESTIONS = "questions"
PREVIEW = 8
DRAWN = 15
COLUMNS = (Column("calls", gettext_lazy("Talks"), "calls"),)
KEPT = tuple(
    Filter(name, "") for name in ("period", "from", "to", "sbu", "team", "seller", "territory")
)


def call_outcome_list(request: HttpRequest) -> HttpResponse:
    """Tiles, the endings of each seller's talks as a drawing and as a table."""
    actor = actor_of(request)
    require(actor, Right.READ_CUSTOMERS)
    scope = scope_from(request.GET, today=timezone.localdate())
    groups, total = call_outcomes_of(actor=actor, period=scope.period, choices=scope.chosen)
    state = ListState.from_request(request, columns=COLUMNS, default_sort="-calls", filters=KEPT)
    page = page_of_rows(groups, state)
    context: dict[str, Any] = {
        "scope": scope, "selects": selects(scope, actor.visible_people), "total": total, "total_row": _row(total, scope, is_total=True),
        "state": state, "page": page, "rows": [_row(each, scope) for each in page.rows],
        "endings": [ending.label for ending in ENDINGS], "chart": _drawing(groups[:DRAWN], scope),
        "tiles": [(ending.label, total.share(ending), total.counts[ending], figure_url(scope, ending=ending)) for ending in ENDINGS],
        "success_url": figure_url(scope), "spin": spin_of(asked_per_kind(talks_of(actor, period=scope.period, choices=scope.chosen))),
        "spin_url": figure_url(scope, ending=QUESTIONS),
    }  # fmt: skip
    return render(request, "control/call_outcome/list.html", context)


def call_outcome_figure(request: HttpRequest) -> HttpResponse:
    """Call success (F12.2), or the share of one ending, of one seller or of all."""
    actor = actor_of(request)
    require(actor, Right.READ_CUSTOMERS)
    scope = scope_from(request.GET, today=timezone.localdate())
    if request.GET.get("ending") == QUESTIONS:
        return render_figure(request, _questions(actor, scope))
    groups, total = call_outcomes_of(actor=actor, period=scope.period, choices=scope.chosen)
    chosen, filters = _chosen(request.GET.get("key", ""), groups, total)
    ending = request.GET.get("ending", "")
    if ending and ending not in ENDINGS:
        raise UnknownPeriodError(_("“%(value)s” is no choice here.") % {"value": ending[:40]})
    counted = (ending,) if ending else (ActivityOutcome.ORDER, ActivityOutcome.ADVANCE)
    numerator = sum(chosen.counts[each] for each in counted)
    value = chosen.share(ending) if ending else chosen.success
    talks = talks_of(actor, period=scope.period, choices=scope.chosen).filter(outcome__in=ENDINGS)
    if filters:
        talks = talks.filter(owner_id=chosen.key)
    parts = [
        (_("Numerator: %(what)s") % {"what": ", ".join(str(ActivityOutcome(each).label) for each in counted)}, formats.number(numerator, 0)),
        (_("Denominator: talks with an outcome"), formats.number(chosen.calls, 0)),
    ]  # fmt: skip
    if not ending and chosen.interval:
        both = {"low": formats.share(chosen.interval.low), "high": formats.share(chosen.interval.high)}  # fmt: skip
        parts.append((_("95% interval (Wilson)"), _("%(low)s to %(high)s") % both))
    parts += [
        (_("Left out: not reached"), formats.number(chosen.not_reached, 0)),
        (_("Left out: outcome not written down"), formats.number(chosen.unsaid, 0)),
    ]
    latest = talks.filter(outcome__in=counted).order_by("-day", "-pk")[:PREVIEW]
    panel = FigurePanel(
        title=str(ActivityOutcome(ending).label) if ending else _("Call success"), formula_id="" if ending else "F12.2",
        formula_url="" if ending else reverse("analyse:formula_detail", args=["F12.2"]),
        expression=_("share = talks that ended so ÷ talks with an outcome") if ending else _("call success = (orders + advances) ÷ talks with an outcome"),
        value=None if value is None else formats.share(value), parts=parts, period=scope.period, filters=filters,
        notes=_notes(chosen, without_commitment(talks) if ActivityOutcome.ADVANCE in counted else 0),
        columns=[_("Day"), _("Company"), _("Outcome")],
        rows=[(formats.day(each.day), str(each.company or each.subject), each.get_outcome_display()) for each in latest],
        rows_url=rows_url(scope, (chosen.key or NOBODY) if filters else None, ending or "moved_on"), rows_count=numerator,
    )  # fmt: skip
    return render_figure(request, panel)


def _questions(actor: Actor, scope: Scope) -> FigurePanel:
    """The share of implication and need-payoff questions (F12.5) over all talks of the scope."""
    talks = talks_of(actor, period=scope.period, choices=scope.chosen)
    found, asked = spin_of(asked_per_kind(talks)), talks_with_questions(talks)
    return FigurePanel(
        title=_("Implication and need-payoff questions"), formula_id="F12.5", formula_url=reverse("analyse:formula_detail", args=["F12.5"]),
        expression=_("share = (implication + need-payoff) ÷ all questions asked"), value=None if found.share is None else formats.share(found.share), period=scope.period,
        parts=[(_("Numerator: implication and need-payoff"), formats.number(found.strong, 0)), (_("Denominator: questions asked"), formats.number(found.total, 0)),
               *((str(kind.label), formats.number(found.asked[kind], 0)) for kind in QuestionKind)],
        columns=[_("Day"), _("Company"), _("Outcome")], rows_count=asked.count(), rows_url=rows_url(scope, None, "") + "&questions=asked",
        rows=[(formats.day(each.day), str(each.company or each.subject), each.get_outcome_display()) for each in asked.order_by("-day", "-pk")[:PREVIEW]],
        notes=[_("Only talks of which questions were marked as asked count; the rows are those talks.")],
    )  # fmt: skip


def figure_url(scope: Scope, **more: object) -> str:
    """Address of a figure's panel."""
    return reverse("control:call_outcome_figure") + scope.query(**more)


def rows_url(scope: Scope, owner: object, ending: str) -> str:
    """Address of the talks behind a figure."""
    people = {("owner" if name == "seller" else name): value for name, value in scope.chosen.items()}  # fmt: skip
    asked: dict[str, Any] = {
        "kind": "talk", "status": "done", "outcome": ending, **people,
        "from": scope.period.start.isoformat(), "to": scope.period.last_day.isoformat(),
    }  # fmt: skip
    if owner is not None:
        asked["owner"] = owner
    asked = {name: value for name, value in asked.items() if value != ""}
    return f"{reverse('sell:activity_list')}?{urlencode(asked)}"


def _chosen(text: str, groups: list[Any], total: Any) -> tuple[Any, list[str]]:
    """The seller asked for with how the panel names him or her, or all together."""
    if not text:
        return total, []
    key = None if text == NOBODY else record_key(text)
    for each in groups:
        if each.key == key and (key is not None or text == NOBODY):
            return each, [_("Seller: %(name)s") % {"name": each.label or _("(unknown)")}]
    raise UnknownPeriodError(_("“%(value)s” is no choice here.") % {"value": text[:40]})


def _notes(chosen: Any, unpromised: int) -> list[str]:
    notes = []
    if chosen.is_few:
        notes.append(_("Fewer than 30 talks: chance weighs heavily."))
    if unpromised:
        notes.append(_("Advances without an action of the customer, from before it was asked: %(count)s.") % {"count": formats.number(unpromised, 0)})  # fmt: skip
    return notes


def _row(found: Any, scope: Scope, *, is_total: bool = False) -> dict[str, Any]:
    owner = None if is_total else NOBODY if found.key is None else found.key
    return {
        "found": found, "label": found.label or _("(unknown)"), "success_url": figure_url(scope, key=owner),
        "shares": [(ending.label, found.share(ending), found.counts[ending], figure_url(scope, ending=ending, key=owner)) for ending in ENDINGS],
        "rest": [(_("Not reached"), found.not_reached, rows_url(scope, owner, ActivityOutcome.NOT_REACHED)),
                 (_("No outcome"), found.unsaid, rows_url(scope, owner, "none"))],
    }  # fmt: skip


def _drawing(groups: list[Any], scope: Scope) -> Chart:
    shown = [each for each in groups if each.calls]
    return Chart(
        "bar", [each.label or str(_("(unknown)")) for each in shown],
        [Series(str(ending.label), [each.share(ending) for each in shown],
                [figure_url(scope, ending=ending, key=NOBODY if each.key is None else each.key) for each in shown]) for ending in ENDINGS],
        stacked=True, horizontal=True, format="share", panel=True,
    )  # fmt: skip
