"""How was a figure of the forecast call made?"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from koers.analyse.queries.analysis_day import analysis_day
from koers.core import formats
from koers.core.errors import NotFoundError
from koers.core.figure_page import render_figure
from koers.core.figure_panel import FigurePanel
from koers.organisation.policies import Right, require
from koers.organisation.requests import actor_of
from koers.plan.actions.forecast_call import node_of
from koers.plan.figures.forecast_call import (
    COMMIT,
    CallBook,
    CallRow,
    RollUp,
    fewest_periods,
    roll_up,
)
from koers.plan.forms.forecast_call import STOOD, CallQuestion, call_question, period_words
from koers.plan.models.forecast_call import PERSON
from koers.plan.views.pipeline_forecast import METHODS, chance_words

ROWS = 12


class _Maker:
    """What all panels of a row share."""

    def __init__(self, book: CallBook, found: RollUp, row: CallRow, asked: CallQuestion) -> None:
        self.book, self.found, self.row, self.asked = book, found, row, asked
        self.shared: dict[str, Any] = {
            "period": asked.period.period,
            "filters": [row.node.label, period_words(asked.period)],
        }

    def money(self, value: Decimal | None, digits: int = 2) -> str:
        """An amount, or a dash."""
        return formats.EN_DASH if value is None else formats.money(value, self.book.currency, digits=digits)  # fmt: skip

    def deals_url(self, part: str) -> str:
        """The deals of a part of the row."""
        return reverse("plan:forecast_call_deals") + self.asked.query(unit=self.row.node.unit, part=part)  # fmt: skip

    def below(self) -> list[CallRow]:
        """Rows straight below, for a sum."""
        units = {child.unit for child in self.row.node.children}
        return [row for row in self.found.rows if row.node.unit in units]

    def formula(self, name: str) -> dict[str, Any]:
        """The formula and its page."""
        return {"formula_id": name, "formula_url": reverse("analyse:formula_detail", args=[name])}


def forecast_call_figure(request: HttpRequest, name: str) -> HttpResponse:
    """The panel of a figure of one row."""
    actor = actor_of(request)
    require(actor, Right.READ_TARGETS)
    if name not in PANELS:
        raise NotFoundError(_("There is no such figure."))
    today = analysis_day(timezone.localdate())
    asked = call_question(request.GET, today=today)
    book = CallBook(actor=actor, today=today, periods=[asked.period])
    nodes = book.nodes()
    if not nodes:
        raise NotFoundError(_("There is no such figure."))
    node = node_of(nodes, asked.unit) if asked.unit else nodes[0]
    found = roll_up(book, asked.period, stood=asked.stood, with_chance=name == "chance")
    row = next(each for each in found.rows if each.node.unit == node.unit)
    return render_figure(request, PANELS[name](_Maker(book, found, row, asked)))


def _call(make: _Maker) -> FigurePanel:
    row, is_person = make.row, make.row.node.level == PERSON
    said = row.own.get(COMMIT)
    parts = [(_("Called"), make.money(row.called[COMMIT])), (_("Manager's figure"), make.money(row.overridden(COMMIT))),
             (_("Counts at the next level"), make.money(row.counted(COMMIT)))]  # fmt: skip
    notes = [row.reason] if row.reason else []
    if said and said.reason:
        notes.append(said.reason)
    if row.missing and not is_person:
        notes.append(_("%(missing)s of %(callers)s sellers gave no call for this period; they count as nothing.")
                     % {"missing": row.missing, "callers": row.callers})  # fmt: skip
    below = make.below()
    kept = reverse("plan:forecast_call_list")
    return FigurePanel(
        title=_("Call"), formula_id="", expression=_("call = Σ of the level below, each with its override; an override here goes before it"),
        value=make.money(row.counted(COMMIT)), parts=parts, notes=notes, columns=[_("Below"), _("Called"), _("Manager's figure"), _("Counts")],
        rows=[(each.node.label, make.money(each.called[COMMIT], 0), make.money(each.overridden(COMMIT), 0), make.money(each.counted(COMMIT), 0)) for each in below[:ROWS]],
        numeric_columns=frozenset({1, 2, 3}), rows_url=f"{kept}?person={row.node.key}" if is_person else kept, **make.shared,
    )  # fmt: skip


def _weighted(make: _Maker) -> FigurePanel:
    sums = make.row.deals
    return FigurePanel(
        title=_("Won and weighted"), expression=_("won so far + Σ amount × chance of the open deals due in the period"), value=make.money(sums.expected),
        parts=[(_("Won so far"), make.money(sums.won)), (_("Weighted"), make.money(sums.weighted)), (_("Open deals"), formats.number(sums.deals, 0)),
               *((str(label), make.money(sums.categories[key])) for key, label in (("commit", _("Commit")), ("best_case", _("Best case")), ("pipeline", _("Pipeline"))))],
        notes=[_("With few deals the outcome is all or nothing: look at the limits, too.")] if sums.deals < 10 else [],
        rows_url=make.deals_url("open"), rows_count=sums.deals, **make.formula("F4.7"), **make.shared,
    )  # fmt: skip


def _interval(make: _Maker) -> FigurePanel:
    sums = make.row.deals
    return FigurePanel(
        title=_("Four in five lie between"), expression=_("won so far + the sum of the deals that are won, each by its chance, independently: from its 10th to its 90th hundredth"),
        value=f"{make.money(sums.low, 0)} {formats.EN_DASH} {make.money(sums.high, 0)}",
        parts=[(_("Won so far"), make.money(sums.won)), (_("Weighted"), make.money(sums.weighted)), (_("Open deals"), formats.number(sums.deals, 0))],
        notes=[_("Deals of one market fall together, so the true limits may be wider.")], rows_url=make.deals_url("open"), rows_count=sums.deals,
        **make.formula("F4.7"), **make.shared,
    )  # fmt: skip


def _composite(make: _Maker) -> FigurePanel:
    row = make.row
    people = [each for each in make.found.rows if each.node.level == PERSON and each.node.key in row.node.people]  # fmt: skip
    notes = []
    few = sum(1 for each in people if each.called[COMMIT] is not None) - row.with_factor
    if few:
        notes.append(_("%(few)s of the calls count as they are: their callers have fewer than %(fewest)s periods with a call behind them.")
                     % {"few": few, "fewest": fewest_periods()})  # fmt: skip
    lines = []
    for each in people:
        bias = make.found.biases.get(each.node.key)
        mean = (
            formats.EN_DASH if bias is None or bias.mean is None else formats.number(bias.mean, 2)
        )
        lines.append((each.node.label, make.money(each.called[COMMIT], 0), mean, formats.number(bias.periods if bias else 0, 0), make.money(each.composite, 0)))  # fmt: skip
    return FigurePanel(
        title=_("Calls by everybody's own record"), expression=_("Σ call × factor; factor = mean of won ÷ called over past periods"),
        value=make.money(row.composite), parts=[
            (_("Called"), make.money(sum((each.called[COMMIT] or Decimal(0) for each in people), Decimal(0)))),
            (_("Calls with a factor of their own"), formats.number(row.with_factor, 0)), (_("Calls of the past"), str(STOOD[make.asked.stood])),
        ],
        notes=notes, columns=[_("Seller"), _("Called"), _("Factor"), _("Periods"), _("Call × factor")], rows=lines[:ROWS], numeric_columns=frozenset({1, 2, 3, 4}),
        rows_url=reverse("plan:forecast_call_record") + make.asked.query(unit=row.node.unit), **make.formula("F4.8"), **make.shared,
    )  # fmt: skip


def _chance(make: _Maker) -> FigurePanel:
    row, chance = make.row, make.row.chance
    parts = [(_("Target, for the days in the period"), make.money(row.target))]
    notes = []
    if chance is None:
        notes.append(_("A chance is given for a period that runs, of a row with a target."))
    else:
        parts += [
            (_("Sold so far"), make.money(chance.actual)), (_("Still to come by the pace of other orders"), make.money(chance.rest)),
            (_("Weighted deals due in the period"), make.money(chance.weighted)), (_("Expected"), make.money(chance.expected)),
            (_("Four in five outcomes lie between"), f"{make.money(chance.low, 0)} – {make.money(chance.high, 0)}"),
        ]  # fmt: skip
        if chance.chance is None:
            notes.append(_("The past is too short: six earlier stretches of the same length are needed, each with a year before it."))  # fmt: skip
        else:
            parts += [(_("The pace"), str(METHODS[chance.method])), (_("Tested on earlier stretches"), formats.number(chance.windows, 0))]  # fmt: skip
    value = chance_words(chance.chance) if chance and chance.chance is not None else None
    return FigurePanel(
        title=_("Chance of making target"), expression=_("chance that sold + pace + won deals ≥ target"), value=value, parts=parts, notes=notes,
        rows_url=make.deals_url("open"), rows_count=row.deals.deals, **make.formula("F4.7"), **make.shared,
    )  # fmt: skip


PANELS: dict[str, Callable[[_Maker], FigurePanel]] = {
    "call": _call, "weighted": _weighted, "interval": _interval, "composite": _composite, "chance": _chance,
}  # fmt: skip
