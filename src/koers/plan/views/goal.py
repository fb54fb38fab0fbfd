"""How are goals shown as a tree, each with its progress, and how is that progress laid open?"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koers.analyse.queries.analysis_day import analysis_day
from koers.core import formats
from koers.core.actor import Actor
from koers.core.figure_page import render_figure
from koers.core.figure_panel import FigurePanel
from koers.core.periods import Period
from koers.core.tables import Column, Filter, ListState, page_of
from koers.organisation.models import User
from koers.organisation.policies import Right, may
from koers.organisation.requests import actor_of
from koers.plan.figures.goal import Standing, asked_of, new_customers_of, standings_of
from koers.plan.forms.goal import CloseForm, MeasureForm, MoveForm
from koers.plan.models import Goal
from koers.plan.queries.goal import (
    goal_for,
    goals_matching,
    goals_visible_to,
    may_control_goal,
    sees_cost_of,
    with_last_measured,
)

DEEPEST, SHOWN = 4, 50
COLUMNS = (
    Column("goal", gettext_lazy("Goal"), "path"), Column("level", gettext_lazy("Level"), "level"),
    Column("owner", gettext_lazy("Owner"), "owner__full_name"), Column("target", gettext_lazy("Target"), numeric=True),
    Column("actual", gettext_lazy("Actual"), numeric=True), Column("progress", gettext_lazy("Progress")),
    Column("end", gettext_lazy("Last day"), "ends_on", kind="date", visible_by_default=False), Column("step", gettext_lazy("Step"), "step", visible_by_default=False),
    Column("control", gettext_lazy("Control date"), "control_on", kind="date"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class GoalRow:
    """A goal as a line of the tree."""

    goal: Goal
    standing: Standing
    depth: int
    target: str
    actual: str
    is_overdue: bool
    is_due: bool


def value_words(goal: Goal, value: Decimal | None) -> str:
    """A value in the goal's own unit."""
    if value is None:
        return formats.EN_DASH
    if goal.unit == Goal.Unit.MONEY:
        return formats.money(value, goal.currency, digits=0)
    if goal.unit == Goal.Unit.SHARE:
        return formats.share(value)
    if goal.unit == Goal.Unit.LEVEL:
        return _("level %(level)s of %(count)s") % {"level": int(value), "count": len(goal.rubric_levels)}  # fmt: skip
    return formats.number(value)


def rows_of(actor: Actor, goals: Any, *, as_tree: bool) -> list[GoalRow]:
    """Goals of ``with_last_measured`` as lines, set in where they stand as a tree."""
    today = analysis_day(timezone.localdate())
    now = timezone.localdate()
    return [
        GoalRow(
            goal=each.goal, standing=each, depth=min(each.goal.depth, DEEPEST) if as_tree else 0,
            target=value_words(each.goal, each.goal.target_value if sees_cost_of(actor, each.goal) else None),
            actual=value_words(each.goal, each.actual),
            is_overdue=each.goal.is_control_overdue(now), is_due=each.goal.is_control_due(now),
        )
        for each in standings_of(actor=actor, goals=goals, today=today)
    ]  # fmt: skip


def goal_list(request: HttpRequest) -> HttpResponse:
    """Goals as a tree, from the company down to a person; sorted by a column they stand without it."""
    actor, today = actor_of(request), timezone.localdate()
    filters = (
        Filter("state", _("Status"), [("due", _("Control due")), *Goal.Status.choices]), Filter("level", _("Level"), [(str(key), label) for key, label in Goal.Level.choices]),
        Filter("step", _("Step"), Goal.Step.choices), Filter("owner", _("Owner"), _owners(actor)),
    )  # fmt: skip
    state = ListState.from_request(request, columns=COLUMNS, default_sort="goal", filters=filters)
    rows: QuerySet[Goal] = goals_matching(actor, q=state.q, choices=state.values, today=today)
    page = page_of(with_last_measured(rows, today=today), state)
    as_tree = state.sort == "goal"
    context = {
        "state": state, "page": page, "rows": rows_of(actor, page.rows, as_tree=as_tree),
        "may_edit": may(actor, Right.EDIT_TARGETS),
    }  # fmt: skip
    return render(request, "plan/goal/list.html", context)


def _owners(actor: Actor) -> list[tuple[str, str]]:
    """Who owns a goal one sees."""
    owned = goals_visible_to(actor).order_by().values("owner_id")
    found = User.objects.filter(pk__in=owned).order_by("full_name").values_list("pk", "full_name")
    return [(str(key), name) for key, name in found]


def goal_detail(request: HttpRequest, goal_id: int) -> HttpResponse:
    """One goal: how far it is, what hangs under it, what was measured, and its step."""
    return render(request, "plan/goal/detail.html", detail_of(request, goal_id))


def detail_of(request: HttpRequest, goal_id: int, **forms: Any) -> dict[str, Any]:
    """The page of a goal; ``forms`` replaces a form by the one that was refused."""
    actor, now = actor_of(request), timezone.localdate()
    goal = goal_for(actor=actor, goal_id=goal_id)
    family = goals_visible_to(actor).filter(path__startswith=goal.path).order_by("path")
    found = with_last_measured(family.filter(pk=goal.pk) | family.filter(parent=goal), today=now)
    rows = rows_of(actor, found, as_tree=False)
    row = next(each for each in rows if each.goal.pk == goal.pk)
    expected = formats.share(row.standing.progress.expected, 0)
    chosen = {"step": goal.step, "control_on": goal.control_on, "version": goal.version}
    return {
        "goal": goal, "row": row, "below": [each for each in rows if each.goal.pk != goal.pk], "today": now,
        "target": row.target, "actual": row.actual, "expected": expected,
        "start": value_words(goal, goal.start_value if sees_cost_of(actor, goal) else None),
        "measured": [(each, value_words(goal, each.value)) for each in goal.measurements.all()[:SHOWN]],
        "may_edit": may(actor, Right.EDIT_TARGETS), "may_control": may_control_goal(actor, goal),
        "move_form": MoveForm(initial=chosen), "measure_form": MeasureForm(goal=goal, today=now), "close_form": CloseForm(), **forms,
    }  # fmt: skip


def goal_figure(request: HttpRequest, goal_id: int) -> HttpResponse:
    """The panel of a goal's progress."""
    actor, now = actor_of(request), timezone.localdate()
    today = analysis_day(now)
    goal = goal_for(actor=actor, goal_id=goal_id)
    found = with_last_measured(goals_visible_to(actor).filter(pk=goal.pk), today=now)
    standing = standings_of(actor=actor, goals=found, today=today)[0]
    seen = sees_cost_of(actor, goal)
    expected = formats.share(standing.progress.expected)
    parts = [
        (_("Numerator: actual"), value_words(goal, standing.actual)), (_("Denominator: target"), value_words(goal, goal.target_value if seen else None)),
        (_("Starts at"), value_words(goal, goal.start_value if seen else None)), (_("Expected by now"), expected),
    ]  # fmt: skip
    panel = FigurePanel(
        title=_("Progress: %(goal)s") % {"goal": goal.title}, formula_id="F2.11", formula_url=reverse("analyse:formula_detail", args=["F2.11"]),
        expression=_("progress = (actual − start) ÷ (target − start), from 0 to 100%"),
        value=None if standing.share is None else formats.share(standing.share), parts=parts,
        period=Period(goal.starts_on, goal.ends_on), filters=_filters(goal), notes=_notes(standing), **_rows(actor, goal, standing, today),
    )  # fmt: skip
    return render_figure(request, panel)


def _filters(goal: Goal) -> list[str]:
    found = [goal.get_figure_display() if goal.figure else _("measured by hand")]
    if goal.level == Goal.Level.PERSON:
        found.append(str(goal.owner or ""))
    elif goal.business_unit:
        found.append(str(goal.business_unit))
    return found


def _notes(standing: Standing) -> list[str]:
    goal, notes = standing.goal, []
    if standing.is_hidden:
        notes.append(_("The actual counts customers or costs you may not see, so it is not shown."))
    elif standing.actual is None:
        notes.append(_("Nothing has been measured yet."))
    if goal.figure == Goal.Figure.NEW_CUSTOMERS:
        notes.append(_("A customer is new in the period of its first order ever; who bought before the first order in Koers looks new."))  # fmt: skip
    notes.append(_("Expected by now is the part of the days that passed: a straight line, without season."))  # fmt: skip
    return notes


def _rows(actor: Actor, goal: Goal, standing: Standing, today: date) -> dict[str, Any]:
    """The rows a progress was counted from, or where they are."""
    ask = asked_of(goal, today=today)
    if standing.is_hidden:
        return {}
    if ask is None:
        days = list(goal.measurements.all()[:10]) if not goal.figure else []
        return {
            "columns": [_("Day"), _("Measured"), _("By")], "rows_count": len(days), "numeric_columns": frozenset({1}),
            "rows": [(formats.day(each.day), value_words(goal, each.value), each.made_by_name) for each in days],
            "rows_url": reverse("plan:goal_detail", args=[goal.pk]),
        }  # fmt: skip
    if goal.figure == Goal.Figure.NEW_CUSTOMERS and standing.actual is not None:
        new = new_customers_of(actor=actor, ask=ask)
        return {
            "columns": [_("Company"), _("First order")], "rows_count": new.count,
            "rows": [(name, formats.day(day)) for _key, name, day in new.first],
        }  # fmt: skip
    if goal.figure == Goal.Figure.VISITS:
        owner = {} if ask.seller is None else {"owner": ask.seller}
        return {"rows_url": f"{reverse('sell:activity_list')}?{urlencode({'kind': 'visit', 'status': 'done', 'sort': '-day', **owner})}"}  # fmt: skip
    last = Period(ask.start, ask.end).last_day
    scope = {} if ask.seller is None else {"seller": ask.seller}
    scope |= {} if ask.unit is None else {"sbu": ask.unit}
    return {"rows_url": f"{reverse('analyse:lines')}?{urlencode({'from': ask.start.isoformat(), 'to': last.isoformat(), **scope})}"}  # fmt: skip
