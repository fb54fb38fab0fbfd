"""How is the board of drivers of customer equity shown (S1.30), and each of its figures opened?"""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from koers.analyse.figures.equity_driver import (
    Board,
    BoardRow,
    HistoryPoint,
    board_of,
    driver_weights,
    own_drivers,
    own_index,
)
from koers.analyse.forms.period import PERIODS, Scope, Select
from koers.analyse.models import EquityAssessment
from koers.analyse.models.equity_score import OWN_ITEMS, OWN_WORDS
from koers.analyse.queries.equity_score import assessment_for, segment_for
from koers.analyse.queries.feedback import answers_in
from koers.analyse.views.parts import scope_of
from koers.core import formats
from koers.core.actor import Actor
from koers.core.charts import Chart, Series
from koers.core.entry import record_key
from koers.core.errors import NotFoundError
from koers.core.figure_page import render_figure
from koers.core.figure_panel import FigurePanel
from koers.customers.models import Segment
from koers.customers.queries.choices import segment_choices
from koers.organisation.policies import Right, may, require
from koers.organisation.requests import actor_of
from koers.serve.models.feedback import DRIVER_WORDS, DRIVERS, ITEMS

SIDES = ("customer", "supplier", "gap")
PREVIEW = 8


def drivers(request: HttpRequest) -> HttpResponse:
    """Value, brand and relationship equity from both sides, per segment, and how they moved."""
    actor, scope = actor_of(request), scope_of(request)
    require(actor, Right.READ_CUSTOMERS)
    segment = segment_for(request.GET.get("segment", ""))
    board = board_of(actor=actor, period=scope.period, segment=segment)
    query = _query(scope, segment)
    context = {
        "board": board, "scope": scope, "has_period": True, "selects": _selects(scope, segment), "segment": segment,
        "lines": [_line(row, query) for row in board.rows], "index_urls": {side: _url(side, query) for side in SIDES},
        "segments": [(row, *_segment_urls(scope, row.segment)) for row in board.segments],
        "history": _history(board.history) if len(board.history) > 1 else None, "may_edit": may(actor, Right.EDIT_RULES),
        "new_url": reverse("analyse:assessment_create") + (f"?segment={segment.pk}" if segment else ""),
        "list_url": reverse("analyse:assessment_list") + (f"?segment={segment.pk}" if segment else ""),
        "may_act": may(actor, Right.SEE_TEAM) and may(actor, Right.SEE_COST), "has_drafts": any(row.supplier.mean.why_not == "weights" for row in board.rows),
    }  # fmt: skip
    return render(request, "analyse/equity_driver/board.html", context)


def driver_figure(request: HttpRequest, cell: str) -> HttpResponse:
    """A score or index laid open: 'customer', 'supplier' or 'gap', alone (F1.3) or with a driver ('gap-brand')."""
    actor, scope = actor_of(request), scope_of(request)
    require(actor, Right.READ_CUSTOMERS)
    side, _dash, driver = cell.partition("-")
    if side not in SIDES or (driver and driver not in OWN_ITEMS):
        raise NotFoundError(_("There is no such figure."))
    segment = segment_for(request.GET.get("segment", ""))
    if text := request.GET.get("assessment", ""):
        found = assessment_for(actor=actor, assessment_id=record_key(text) or 0)
        return render_figure(request, _of_assessment(actor, found, driver))
    board = board_of(actor=actor, period=scope.period, segment=segment)
    base: dict[str, Any] = {
        "period": scope.period, "formula_id": "S1.30" if driver else "F1.3",
        "formula_url": "" if driver else reverse("analyse:formula_detail", args=["F1.3"]),
        "filters": [str(segment) if segment else _("all segments"), *([] if actor.sees_all else [_("customers you may see")])],
    }  # fmt: skip
    makers = {"customer": _customer, "supplier": _supplier, "gap": _gap}
    return render_figure(
        request, makers[side](actor, scope, board, driver, {**base, "segment": segment})
    )


def _query(scope: Scope, segment: Segment | None) -> str:
    return scope.query(segment=segment.pk if segment else "")


def _url(cell: str, query: str) -> str:
    return reverse("analyse:driver_figure", args=[cell]) + query


def _selects(scope: Scope, segment: Segment | None) -> list[Select]:
    return [
        Select("period", _("Period"), [(key, str(label)) for key, label in PERIODS], scope.name),
        Select("segment", _("All customers"), segment_choices(), str(segment.pk) if segment else ""),
    ]  # fmt: skip


def _line(row: BoardRow, query: str) -> dict[str, Any]:
    scored = {each.item: each for each in row.supplier.items}
    return {
        "row": row, "word": DRIVER_WORDS[row.name], "urls": {side: _url(f"{side}-{row.name}", query) for side in SIDES},
        "asked": [(ITEMS[name], mean.mean, mean.answers) for name, mean in row.customer.items],
        "own": [(word, scored.get(name)) for name, word in OWN_ITEMS[row.name].items()],
    }  # fmt: skip


def _segment_urls(scope: Scope, segment: Segment | None) -> tuple[str, dict[str, str]]:
    query = _query(scope, segment)
    return reverse("analyse:drivers") + query, {side: _url(side, query) for side in SIDES}


def _history(points: tuple[HistoryPoint, ...]) -> Chart:
    names = [f"{each.start.year} Q{(each.start.month - 1) // 3 + 1}" for each in points]
    return Chart("line", names, [
        Series(_("Customers"), [each.gap.customer for each in points]),
        Series(_("Ourselves"), [each.gap.supplier for each in points], dashed=True),
    ], digits=1)  # fmt: skip


def _answers_url(scope: Scope, segment: str) -> str:
    period = {"from": scope.period.start.isoformat(), "to": scope.period.last_day.isoformat()}
    return f"{reverse('serve:feedback_list')}?{urlencode({**period, **({'segment': segment} if segment else {})})}"


def score(value: float | None, digits: int = 2) -> str:
    """A score as a panel writes it."""
    return formats.EN_DASH if value is None else formats.number(value, digits)


def _customer(actor: Actor, scope: Scope, board: Board, driver: str, base: dict[str, Any]) -> FigurePanel:  # fmt: skip
    chosen: Segment | None = base.pop("segment")
    rows = answers_in(actor, period=scope.period, chosen={}).select_related("company").order_by("-day", "-id")  # fmt: skip
    if chosen is not None:
        rows = rows.filter(company__segment=chosen)
    shown = list(DRIVERS[driver]) if driver else []
    base |= {
        "rows_url": _answers_url(scope, str(chosen.pk) if chosen else ""), "rows_count": board.answers,
        "columns": [_("Day"), _("Customer"), *(str(ITEMS[name]) for name in shown)],
        "rows": [(formats.day(each.day), str(each.company), *(formats.EN_DASH if getattr(each, name) is None else getattr(each, name) for name in shown)) for each in rows[:PREVIEW]],
        "numeric_columns": frozenset(range(2, 2 + len(shown))),
    }  # fmt: skip
    if not driver:
        parts = [(f"{DRIVER_WORDS[row.name]} × {formats.share(row.weight, 0)}", score(row.customer.score)) for row in board.rows]  # fmt: skip
        missing = any(row.customer.score is None for row in board.rows)
        return FigurePanel(
            title=_("Customer equity for the customer"), expression=_("index = Σ weight × score of value, brand and relation"),
            value=None if board.index.customer is None else score(board.index.customer), parts=parts,
            notes=[_("A driver nobody scored leaves its weight to the others.")] if missing else [], **base,
        )  # fmt: skip
    row = next(each for each in board.rows if each.name == driver)
    parts = [(_("%(item)s, %(count)s answers") % {"item": ITEMS[name], "count": formats.number(mean.answers, 0)}, score(mean.mean)) for name, mean in row.customer.items]  # fmt: skip
    return FigurePanel(
        title=_("%(driver)s, customer's side") % {"driver": DRIVER_WORDS[driver]}, expression=_("score = mean of the items; each item = mean of its answers, 0-10"),
        value=None if row.customer.score is None else score(row.customer.score), parts=parts, **base,
    )  # fmt: skip


def _supplier(actor: Actor, scope: Scope, board: Board, driver: str, base: dict[str, Any]) -> FigurePanel:  # fmt: skip
    del scope, base["segment"]
    if board.assessment is None:
        return FigurePanel(title=_("Own scores"), expression=_("score = Σ weight × score of the items, 0-10"), value=None, parts=[], notes=[_("Nobody scored our side before the end of this period.")], **base)  # fmt: skip
    return _of_assessment(actor, board.assessment, driver)


def _of_assessment(actor: Actor, found: EquityAssessment, driver: str) -> FigurePanel:
    """Our own score of a driver, or the index of all three, from one assessment."""
    own, weights = own_drivers(found), driver_weights()
    sees_basis = may(actor, Right.SEE_COST)
    shown = [row for name, each in own.items() if driver in ("", name) for row in each.items]
    base: dict[str, Any] = {
        "filters": [str(found.segment) if found.segment else _("all customers"), _("scores of %(day)s") % {"day": formats.day(found.day)}],
        "rows_url": reverse("analyse:assessment_edit", args=[found.pk]), "rows_count": len(shown),
        "columns": [_("Item"), _("Score"), _("Weight"), *([_("What it rests on")] if sees_basis else [])],
        "rows": [(str(OWN_WORDS[row.item]), formats.number(row.score, 1), _("equal") if row.weight is None else formats.share(row.weight), *([row.basis or formats.EN_DASH] if sees_basis else [])) for row in shown],
        "numeric_columns": frozenset({1, 2}),
    }  # fmt: skip
    drafts = [str(DRIVER_WORDS[name]) for name, each in own.items() if each.mean.why_not == "weights" and driver in ("", name)]  # fmt: skip
    notes = [_("The weights of %(driver)s do not total 100%%, so it is a draft without a result. Correct them at the scores.") % {"driver": ", ".join(drafts)}] if drafts else []  # fmt: skip
    if driver:
        mean = own[driver].mean
        total = [] if mean.weight_total is None else [(_("Total of the weights"), formats.share(mean.weight_total))]  # fmt: skip
        return FigurePanel(
            title=_("%(driver)s, supplier's side") % {"driver": DRIVER_WORDS[driver]}, formula_id="S1.35", expression=_("score = Σ weight × score of the items, 0-10"),
            value=None if mean.score is None else score(mean.score), parts=[(_("Items scored"), formats.number(len(shown), 0)), *total], notes=notes, **base,
        )  # fmt: skip
    index = own_index(weights, found)
    if any(each.mean.why_not == "no_scores" for each in own.values()):
        notes.append(_("A driver nobody scored leaves its weight to the others."))
    return FigurePanel(
        title=_("Customer equity for the supplier"), formula_id="F1.3", formula_url=reverse("analyse:formula_detail", args=["F1.3"]),
        expression=_("index = Σ weight × score of value, brand and relation"), value=None if index is None else score(index),
        parts=[(f"{DRIVER_WORDS[name]} × {formats.share(weights[name], 0)}", score(each.mean.score)) for name, each in own.items()], notes=notes, **base,
    )  # fmt: skip


def _gap(actor: Actor, scope: Scope, board: Board, driver: str, base: dict[str, Any]) -> FigurePanel:  # fmt: skip
    del actor, scope, base["segment"]
    row = next((each for each in board.rows if each.name == driver), None)
    gap = row.gap if row else board.index
    notes = (
        [] if gap.gap is not None else [_("One of both sides has no score, so there is no gap.")]
    )
    return FigurePanel(
        title=_("Gap: %(driver)s") % {"driver": DRIVER_WORDS[driver] if driver else _("all drivers")}, expression=_("gap = customer's score − own score, in points"),
        value=None if gap.gap is None else formats.signed(score(gap.gap), gap.gap), parts=[(_("Customers"), score(gap.customer)), (_("Ourselves"), score(gap.supplier))],
        notes=[*notes, _("Both sides score other items of the same driver: read a gap as a question, not as a fault of one side.")], **base,
    )  # fmt: skip
