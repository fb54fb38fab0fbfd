"""What stands behind the calls: every call that was kept, the record of the past, and the deals?"""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koers.analyse.queries.analysis_day import analysis_day
from koers.core.entry import record_key
from koers.core.errors import RuleError
from koers.core.tables import Column, Filter, ListState, page_of
from koers.organisation.policies import Right, require
from koers.organisation.requests import actor_of
from koers.plan.actions.forecast_call import node_of
from koers.plan.figures.forecast_call import CallBook, biases_of, fewest_periods, past_of
from koers.plan.forms.forecast_call import STOOD, CallQuestion, call_question, period_words
from koers.plan.models import ForecastCall
from koers.plan.models.forecast_call import PERSON
from koers.plan.queries.call_period import CallPeriod, period_of
from koers.plan.queries.forecast_call import PARTS, calls_visible_to, deals_behind

KEPT = tuple(Filter(name, "") for name in ("period", "stood", "unit", "part"))
PART_WORDS = {
    "won": gettext_lazy("Won in the period"), "open": gettext_lazy("Open deals due in the period"), "commit": gettext_lazy("Open deals: commit"),
    "best_case": gettext_lazy("Open deals: best case"), "pipeline": gettext_lazy("Open deals: pipeline"),
}  # fmt: skip
DEAL_COLUMNS = (
    Column("name", gettext_lazy("Opportunity"), "name"), Column("company", gettext_lazy("Customer")), Column("owner", gettext_lazy("Owner")),
    Column("stage", gettext_lazy("Stage"), "stage__position"), Column("amount", gettext_lazy("Amount"), "amount", numeric=True),
    Column("expected", gettext_lazy("Expected close date"), "expected_close_on"), Column("closed", gettext_lazy("Closed on"), "closed_on"),
)  # fmt: skip
CALL_COLUMNS = (
    Column("made", gettext_lazy("When"), "made_at"), Column("by", gettext_lazy("Who"), "made_by_name"), Column("about", gettext_lazy("About")),
    Column("period", gettext_lazy("Period"), "period_start"), Column("category", gettext_lazy("Category"), "category"),
    Column("former", gettext_lazy("From"), "former", numeric=True), Column("amount", gettext_lazy("To"), "amount", numeric=True),
    Column("reason", gettext_lazy("Reason or note")),
)  # fmt: skip
KINDS = (("call", gettext_lazy("Calls")), ("override", gettext_lazy("Overrides")))


def forecast_call_list(request: HttpRequest) -> HttpResponse:
    """Every call and override as it was kept, the latest first."""
    actor = actor_of(request)
    levels = Filter("level", _("Level"), tuple((key, str(label)) for key, label in ForecastCall.Level.choices))  # fmt: skip
    kinds = Filter("kind", _("Calls and overrides"), KINDS)
    state = ListState.from_request(
        request, columns=CALL_COLUMNS, default_sort="-made", filters=(levels, kinds, Filter("person", _("Seller")))
    )  # fmt: skip
    rows = calls_visible_to(actor)
    if state.value("level"):
        rows = rows.filter(level=state.value("level"))
    if state.value("kind"):
        rows = rows.filter(is_override=state.value("kind") == "override")
    if state.value("person"):
        rows = rows.filter(person_id=record_key(state.value("person")) or 0)
    if state.q:
        rows = rows.filter(Q(reason__icontains=state.q) | Q(made_by_name__icontains=state.q) | Q(person__full_name__icontains=state.q) | Q(team__name__icontains=state.q))  # fmt: skip
    page = page_of(rows, state)
    shown = [(row, _about(row), _period_words(period_of(row.period_start, row.period_end))) for row in page.rows]  # fmt: skip
    context = {"state": state, "page": page, "shown": shown, "parent_url": reverse("plan:forecast_call")}  # fmt: skip
    return render(request, "plan/forecast_call/list.html", context)


def _about(row: ForecastCall) -> str:
    return str(row.person or row.team or row.business_unit or row.get_level_display())


def _period_words(period: CallPeriod | None) -> str:
    return period_words(period) if period else ""


def forecast_call_deals(request: HttpRequest) -> HttpResponse:
    """The deals behind an amount of the roll-up."""
    actor = actor_of(request)
    require(actor, Right.READ_TARGETS)
    today = analysis_day(timezone.localdate())
    asked, part = call_question(request.GET, today=today), request.GET.get("part", "") or "open"
    if part not in PARTS:
        raise RuleError(_("“%(value)s” is no choice here.") % {"value": part[:40]})
    book = CallBook(actor=actor, today=today, periods=[asked.period])
    node = node_of(book.nodes(), asked.unit) if asked.unit else None
    people = node.people if node else frozenset(person for each in book.tops for person in each.people)  # fmt: skip
    state = ListState.from_request(request, columns=DEAL_COLUMNS, default_sort="-amount", filters=KEPT)  # fmt: skip
    rows = deals_behind(actor, part=part, period=asked.period.period, people=people, today=today)
    context = {
        "state": state, "page": page_of(rows.select_related("company", "owner", "stage"), state),
        "title": " · ".join(filter(None, [node.label if node else "", str(PART_WORDS[part]), period_words(asked.period)])),
        "parent_url": reverse("plan:forecast_call") + asked.query(),
    }  # fmt: skip
    return render(request, "plan/forecast_call/deals.html", context)


def forecast_call_record(request: HttpRequest) -> HttpResponse:
    """What somebody called for periods that are over beside what was won: the rows of a bias factor (F4.8)."""
    actor = actor_of(request)
    require(actor, Right.READ_TARGETS)
    today = analysis_day(timezone.localdate())
    asked = call_question(request.GET, today=today)
    book = CallBook(actor=actor, today=today, periods=[asked.period])
    node = node_of(book.nodes(), asked.unit) if asked.unit else None
    past = past_of(book, kind=asked.period.kind, stood=asked.stood, people=node.people if node else None)  # fmt: skip
    biases = biases_of(book, kind=asked.period.kind, stood=asked.stood)
    people = [each for each in book.nodes() if each.level == PERSON and each.key in past]
    context = {
        "asked": asked, "currency": book.currency, "fewest": fewest_periods(), "stood": STOOD[asked.stood],
        "people": [
            {"node": each, "bias": biases[each.key], "url": reverse("plan:forecast_call_record") + asked.query(unit=each.unit), "rows": [_past(row, each.unit, asked) for row in reversed(past[each.key])],
             "kept_url": f"{reverse('plan:forecast_call_list')}?person={each.key}&kind=call"}
            for each in people
        ],
        "parent_url": reverse("plan:forecast_call") + asked.query(), "one": node is not None and node.level == PERSON,
    }  # fmt: skip
    return render(request, "plan/forecast_call/record.html", context)


def _past(row: Any, unit: str, asked: CallQuestion) -> dict[str, Any]:
    period = period_of(row.start, row.end)
    question = CallQuestion(period, asked.stood) if period else asked
    return {
        "row": row, "period": _period_words(period),
        "url": reverse("plan:forecast_call_deals") + question.query(unit=unit, part="won"),
    }  # fmt: skip
