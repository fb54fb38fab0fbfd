"""How is the Postma board shown: every seller's chain beside the others, and where one leaks?"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from koers.analyse.forms.period import selects
from koers.analyse.queries.analysis_day import analysis_day
from koers.analyse.queries.currency import reporting_currency
from koers.control.figures.postma import (
    Standing,
    activities_of,
    board_of,
    mean_chain,
    norm_of,
    total_of,
)
from koers.control.forms.postma import AGAINST, NormForm, PostmaQuestion, postma_question
from koers.control.queries.postma import seller_for
from koers.core import formats
from koers.core.actor import Actor
from koers.core.charts import Step, Waterfall
from koers.core.errors import NotFoundError, RuleError
from koers.core.tables import Column, Filter, ListState, Page
from koers.organisation.policies import Right, require
from koers.organisation.requests import actor_of

FACTORS = {
    "days": _l("Sales days"), "visits_a_day": _l("Visits a day"), "orders_a_visit": _l("Orders per visit"), "order": _l("Mean order"),
    "share": _l("Contribution share"),
}  # fmt: skip
LEVELS = {"visits": (2, _l("Visits")), "orders": (3, _l("Orders")), "turnover": (4, _l("Turnover")), "contribution": (5, _l("Contribution"))}  # fmt: skip
PLACES = ("period", "sbu", "team", "territory")
NUMBERS = {"days": 0, "visits_a_day": 1, "orders_a_visit": 2}
KEPT = tuple(Filter(name, "") for name in (*PLACES, "from", "to", "against", *FACTORS))


@dataclass(frozen=True)
class Board:
    """The question, the sellers beside what they are compared with, and the norm where one is typed."""

    actor: Actor
    asked: PostmaQuestion
    rows: list[Standing]
    norm: NormForm | None
    activities: Mapping[int, Any]

    def query(self, **more: object) -> str:
        """Scope, comparison and norm as the end of an address."""
        typed = self.norm.typed if self.norm is not None else {}
        return self.asked.query(**typed, **more)

    def url(self, user_id: int, figure: str) -> str:
        """Address of a figure of one seller."""
        return reverse("control:postma_figure", args=[user_id, figure]) + self.query()

    def row(self, user_id: int) -> Standing:
        """One seller of the board; who did nothing in the period is not on it."""
        person = seller_for(actor=self.actor, user_id=user_id)
        found = next((each for each in self.rows if each.person.pk == person.pk), None)
        if found is None:
            raise NotFoundError(_("This seller made no visits and sold nothing in this period."))
        return found


def asked_board(request: HttpRequest) -> Board:
    """Read the question and compute every seller's chain; it is about people, and holds margins."""
    actor = actor_of(request)
    for right in (Right.READ_TARGETS, Right.SEE_TEAM, Right.SEE_COST):
        require(actor, right)
    asked = postma_question(request.GET, today=analysis_day(timezone.localdate()))
    scope = asked.scope
    own: dict[str, Any] = {"actor": actor, "chosen": scope.chosen, "filters": scope.filters}
    now = activities_of(period=scope.period, **own)
    before = activities_of(period=scope.before, **own) if asked.against == "before" else {}
    form, norm = None, None
    if asked.against == "norm":
        form = NormForm(request.GET, start=_mean(now))
        if form.is_valid():
            norm = norm_of(form.factors(), scope.period)
    rows = board_of(actor=actor, activities=now, against=asked.against, before=before, norm=norm)
    return Board(actor, asked, rows, form, now)


def _mean(activities: Mapping[int, Any]) -> dict[str, Decimal]:
    """Where a norm starts: the mean of all, rounded as one types it."""
    places = {"days": 1, "visits_a_day": 2, "orders_a_visit": 4, "order": 2, "share": 2}
    factors = mean_chain(activities).factors
    found = {}
    for name, value in zip(FACTORS, factors, strict=True):
        number = max(Fraction(0), (value or Fraction(0)) * (100 if name == "share" else 1))
        found[name] = round(Decimal(number.numerator) / Decimal(number.denominator), places[name])
    return found


def postma(request: HttpRequest) -> HttpResponse:
    """All sellers: their factors with index, contribution, gap, and what leaks most."""
    board = asked_board(request)
    columns = [
        Column("name", _("Seller"), "name"), *(Column(name, str(label), name, numeric=True) for name, label in FACTORS.items()),
        Column("contribution", _("Contribution"), "contribution", numeric=True), Column("result", _("After cost"), "result", numeric=True),
        Column("gap", _("Difference"), "gap", numeric=True), Column("leak", _("Leaks most at")),
    ]  # fmt: skip
    state = ListState.from_request(request, columns=columns, default_sort="gap", filters=KEPT)
    ordered: list[Any] = list(_ordered(board.rows, state))
    start = (state.page - 1) * state.size
    page = Page(ordered[start : start + state.size], state, len(ordered), total_is_exact=True, has_next=start + state.size < len(ordered))  # fmt: skip
    is_wrong = board.norm is not None and not board.norm.is_valid()
    currency, whole = reporting_currency(), total_of(board.activities)
    context = {
        "board": board, "scope": board.asked.scope, "selects": _selects(board), "state": state, "page": page, "rows": [_cells(board, each) for each in page.rows],
        "against": [(key, label, key == board.asked.against) for key, label in AGAINST.items()], "norm": board.norm, "currency": currency,
        "hidden": [(name, value) for name, value in board.asked.scope.chosen.items()], "whole": whole, "sellers": len(board.rows),
        "unvisited": sum(each.activity.visits == 0 for each in board.rows),
        "lines_url": reverse("analyse:figure", args=["turnover"]) + board.asked.scope.query(),
    }  # fmt: skip
    return render(request, "control/postma/board.html", context, status=400 if is_wrong else 200)


def _selects(board: Board) -> list[Any]:
    return [each for each in selects(board.asked.scope, board.actor.visible_people) if each.name in PLACES]  # fmt: skip


def chosen_words(board: Board) -> list[str]:
    """What was chosen above the board, in words."""
    return [
        label
        for each in _selects(board)
        if each.name != "period"
        for key, label in each.options
        if key == each.chosen
    ]


def _ordered(rows: list[Standing], state: ListState) -> list[Standing]:
    """By the chosen column; sellers without a value last."""

    def value(row: Standing) -> Any:
        if state.sort == "name":
            return row.person.full_name.casefold()
        if state.sort == "gap":
            return None if row.gap is None else row.gap.total
        if state.sort == "contribution":
            return row.chain.upto(5)
        if state.sort == "result":
            return row.chain.result
        return dict(zip(FACTORS, row.chain.factors, strict=True))[state.sort]

    known = [row for row in rows if value(row) is not None]
    return sorted(known, key=value, reverse=state.descending) + [row for row in rows if value(row) is None]  # fmt: skip


def _cells(board: Board, row: Standing) -> dict[str, Any]:
    currency, key = reporting_currency(), row.person.pk
    worst = row.gap.worst if row.gap else None
    return {
        "row": row, "url": reverse("control:postma_seller", args=[key]) + board.query(),
        "factors": [(FACTORS[name], factor_text(name, value, currency), index_text(value, beside), board.url(key, name))
                    for name, value, beside in zip(FACTORS, row.chain.factors, row.reference.factors, strict=True)],
        "contribution": (amount_text(row.chain.upto(5), currency), board.url(key, "contribution")),
        "result": (amount_text(row.chain.result, currency), board.url(key, "result")),
        "gap": (None if row.gap is None else formats.signed_money(row.gap.total, currency), board.url(key, "gap")),
        "leak": None if worst is None else (FACTORS[worst.factor], formats.signed_money(worst.effect, currency), board.url(key, worst.factor)),
    }  # fmt: skip


def factor_text(name: str, value: Fraction | None, currency: str) -> str:
    """A factor as it is written."""
    if value is None:
        return formats.EN_DASH
    if name == "share":
        return formats.share(float(value))
    if name == "order":
        return formats.money(round(value), currency, digits=0)
    return formats.number(float(value), NUMBERS[name])


def amount_text(value: Fraction | None, currency: str) -> str:
    """An amount in whole units."""
    return formats.EN_DASH if value is None else formats.money(round(value), currency, digits=0)


def index_text(value: Fraction | None, beside: Fraction | None) -> str:
    """Actual over reference × 100; nothing where one is missing."""
    if value is None or not beside:
        return ""
    return formats.number(float(value / beside) * 100, 0)


def postma_seller(request: HttpRequest, user_id: int) -> HttpResponse:
    """One seller's chain as a tree, beside the reference, with the bridge between the two."""
    board = asked_board(request)
    if board.norm is not None and not board.norm.is_valid():
        raise RuleError(_("Correct the inputs to see a result."))
    row = board.row(user_id)
    currency = reporting_currency()
    context = {
        "board": board, "row": row, "person": row.person, "scope": board.asked.scope, "against": AGAINST[board.asked.against],
        "tree": _tree(board, row), "drawing": _bridge(board, row), "sentence": _sentence(row, currency),
        "board_url": reverse("control:postma") + board.query(), "currency": currency,
        "action_url": f"{reverse('control:action_item_create')}?{_action(request, row)}",
    }  # fmt: skip
    return render(request, "control/postma/seller.html", context)


def _action(request: HttpRequest, row: Standing) -> str:
    return urlencode({"source": "review", "source_label": _("Postma board: %(name)s") % {"name": row.person.full_name}, "source_url": request.get_full_path()[:500]})  # fmt: skip


def _tree(board: Board, row: Standing) -> list[dict[str, Any]]:
    """Factors and what they lead to, in turn: days, visits, orders, turnover, contribution, result."""
    currency, key = reporting_currency(), row.person.pk
    leaks = {leak.factor: leak for leak in row.gap.leaks} if row.gap else {}
    after = dict(zip(("visits_a_day", "orders_a_visit", "order", "share"), LEVELS, strict=True))
    found = []
    for name, value, beside in zip(FACTORS, row.chain.factors, row.reference.factors, strict=True):
        leak = leaks.get(name)
        found.append({
            "label": FACTORS[name] if name == "days" else f"× {FACTORS[name]}", "is_level": False, "value": factor_text(name, value, currency),
            "beside": factor_text(name, beside, currency), "index": index_text(value, beside), "effect": None if leak is None else leak.effect,
            "url": board.url(key, name),
        })  # fmt: skip
        if name in after:
            level = after[name]
            count, label = LEVELS[level]
            one, other = row.chain.upto(count), row.reference.upto(count)
            found.append({
                "label": f"= {label}", "is_level": True, "value": level_text(level, one, currency), "beside": level_text(level, other, currency),
                "index": index_text(one, other), "effect": row.gap.total if row.gap and level == "contribution" else None, "url": board.url(key, level),
            })  # fmt: skip
    found.append({
        "label": _("− Assumed cost"), "is_level": False, "value": amount_text(row.chain.cost, currency), "beside": amount_text(row.reference.cost, currency),
        "index": "", "effect": None, "url": board.url(key, "result"),
    })  # fmt: skip
    found.append({
        "label": _("= After cost"), "is_level": True, "value": amount_text(row.chain.result, currency), "beside": amount_text(row.reference.result, currency),
        "index": index_text(row.chain.result, row.reference.result), "effect": None, "url": board.url(key, "result"),
    })  # fmt: skip
    return found


def level_text(level: str, value: Fraction | None, currency: str) -> str:
    """A product of the chain as it is written."""
    if value is None:
        return formats.EN_DASH
    if level in ("visits", "orders"):
        return formats.number(float(value), 0)
    return amount_text(value, currency)


def _bridge(board: Board, row: Standing) -> Waterfall | None:
    if row.gap is None:
        return None
    steps = [
        Step(str(AGAINST[board.asked.against]), row.gap.reference, is_level=True),
        *(Step(str(FACTORS[leak.factor]), leak.effect, board.url(row.person.pk, leak.factor)) for leak in row.gap.leaks),
        Step(row.person.full_name, row.gap.actual, is_level=True),
    ]  # fmt: skip
    return Waterfall(steps, format="money", currency=reporting_currency(), panel=True, digits=0)


def _sentence(row: Standing, currency: str) -> str:
    if row.gap is None:
        return _("One of the factors is missing here or in the comparison, so the difference cannot be divided.")  # fmt: skip
    worst, best = row.gap.worst, max(row.gap.leaks, key=lambda leak: leak.effect)
    if worst is None:
        return _("Nothing leaks: no factor lies below the comparison.")
    words = {
        "factor": str(FACTORS[worst.factor]), "actual": factor_text(worst.factor, worst.actual, currency), "beside": factor_text(worst.factor, worst.reference, currency),
        "loss": formats.money(-worst.effect, currency, digits=0), "best": str(FACTORS[best.factor]), "gain": formats.money(best.effect, currency, digits=0),
    }  # fmt: skip
    if best.effect <= 0:
        return _("It leaks most at “%(factor)s”: %(actual)s instead of %(beside)s costs %(loss)s of contribution.") % words  # fmt: skip
    return _("It leaks most at “%(factor)s”: %(actual)s instead of %(beside)s costs %(loss)s of contribution. “%(best)s” makes up %(gain)s.") % words  # fmt: skip
