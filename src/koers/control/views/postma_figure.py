"""How is a number of the Postma board laid open: its parts, what it is compared with, its rows?"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from koers.analyse.figures.turnover import lines_of
from koers.analyse.queries.currency import reporting_currency
from koers.control.figures.postma import Standing
from koers.control.forms.postma import AGAINST
from koers.control.views.postma import (
    FACTORS,
    LEVELS,
    Board,
    amount_text,
    asked_board,
    chosen_words,
    factor_text,
    index_text,
    level_text,
)
from koers.core import formats
from koers.core.errors import NotFoundError, RuleError
from koers.core.figure_page import render_figure
from koers.core.figure_panel import FigurePanel
from koers.plan.figures.economics import facts_built_at
from koers.plan.queries.economic_decision import visits_of

PREVIEW = 8
EXPRESSIONS = {
    "days": _l("sales days = days with at least one visit done"), "visits_a_day": _l("visits a day = visits ÷ sales days"),
    "orders_a_visit": _l("orders per visit = orders ÷ visits"), "order": _l("mean order = turnover ÷ orders"),
    "share": _l("contribution share = (turnover − cost) ÷ turnover, over the lines whose cost is known"),
    "visits": _l("visits = sales days × visits a day"), "orders": _l("orders = visits × orders per visit"), "turnover": _l("turnover = orders × mean order"),
    "contribution": _l("contribution = turnover × contribution share"), "result": _l("after cost = contribution − assumed cost of a salesperson"),
    "gap": _l("difference = contribution − contribution of the comparison = Σ effects of the five factors"),
}  # fmt: skip
OF_VISITS = ("days", "visits_a_day", "visits")


def postma_figure(request: HttpRequest, user_id: int, figure: str) -> HttpResponse:
    """The panel of a factor, a product of factors, the result or the gap of one seller."""
    board = asked_board(request)
    if board.norm is not None and not board.norm.is_valid():
        raise RuleError(_("Correct the inputs to see a result."))
    if figure not in EXPRESSIONS:
        raise NotFoundError(_("There is no such figure."))
    row = board.row(user_id)
    if figure == "gap":
        return render_figure(request, _gap(board, row))
    return render_figure(request, _panel(board, row, figure))


def _panel(board: Board, row: Standing, figure: str) -> FigurePanel:
    currency = reporting_currency()
    one, other = _values(row, figure)
    notes = [] if one is not None else [_("A number divided by would be 0, or no cost is known.")]
    leak = next((each for each in row.gap.leaks if each.factor == figure), None) if row.gap else None  # fmt: skip
    beside = str(AGAINST[board.asked.against])
    parts = [*_parts(row, figure), (beside, _written(figure, other, currency))]
    if index := index_text(one, other):
        parts.append((_("Index: actual ÷ comparison × 100"), index))
    if leak is not None:
        parts.append((_("Effect on contribution"), formats.signed_money(leak.effect, currency, digits=2)))  # fmt: skip
        notes.append(_("Mean effect over every order in which the five factors can change from the comparison to this seller (Shapley value); the five add up to the difference."))  # fmt: skip
    if figure == "order" and row.activity.contribution is None:
        notes.append(_("No cost is known of what was sold."))
    return FigurePanel(
        title=f"{title_of(figure)}: {row.person.full_name}", formula_id="F9.15", formula_url=reverse("analyse:formula_detail", args=["F9.15"]),
        expression=str(EXPRESSIONS[figure]), value=None if one is None else _written(figure, one, currency), parts=parts,
        period=board.asked.scope.period, filters=_filters(board), computed_at=facts_built_at(), notes=notes, **_rows(board, row, figure),
    )  # fmt: skip


def title_of(figure: str) -> str:
    """A figure's name."""
    names = {**FACTORS, **{key: label for key, (_count, label) in LEVELS.items()}, "result": _("After cost"), "gap": _("Difference")}  # fmt: skip
    return str(names[figure])


def _values(row: Standing, figure: str) -> tuple[Any, Any]:
    if figure in FACTORS:
        place = list(FACTORS).index(figure)
        return row.chain.factors[place], row.reference.factors[place]
    if figure == "result":
        return row.chain.result, row.reference.result
    count = LEVELS[figure][0]
    return row.chain.upto(count), row.reference.upto(count)


def _written(figure: str, value: Any, currency: str) -> str:
    if figure in FACTORS:
        return factor_text(figure, value, currency)
    return amount_text(value, currency) if figure == "result" else level_text(figure, value, currency)  # fmt: skip


def _parts(row: Standing, figure: str) -> list[tuple[str, str]]:
    did, currency = row.activity, reporting_currency()
    days, visits = formats.number(did.days, 0), formats.number(did.visits, 0)
    orders, turnover = formats.number(did.orders, 0), formats.money(did.turnover, currency)
    contribution = formats.EN_DASH if did.contribution is None else formats.money(did.contribution, currency)  # fmt: skip
    share = factor_text("share", row.chain.share, currency)
    found = {
        "days": [(_("Days with a visit done"), days)],
        "visits_a_day": [(_("Numerator: visits done"), visits), (_("Denominator: sales days"), days)],
        "orders_a_visit": [(_("Numerator: orders"), orders), (_("Denominator: visits done"), visits)],
        "order": [(_("Numerator: turnover"), turnover), (_("Denominator: orders"), orders)],
        "share": [(_("Numerator: turnover less cost"), contribution), (_("Denominator: turnover with a known cost"), formats.money(did.costed, currency))],
        "visits": [(_("Sales days"), days), (_("Visits a day"), factor_text("visits_a_day", row.chain.visits_a_day, currency))],
        "orders": [(_("Visits"), visits), (_("Orders per visit"), factor_text("orders_a_visit", row.chain.orders_a_visit, currency))],
        "turnover": [(_("Orders"), orders), (_("Mean order"), factor_text("order", row.chain.order, currency))],
        "contribution": [(_("Turnover"), turnover), (_("Contribution share"), share)],
        "result": [(_("Contribution"), amount_text(row.chain.upto(5), currency)), (_("Assumed cost of a salesperson in the period"), formats.money(did.cost, currency))],
    }  # fmt: skip
    return found[figure]


def _gap(board: Board, row: Standing) -> FigurePanel:
    currency = reporting_currency()
    parts: list[tuple[str, str]] = []
    notes = []
    if row.gap is None:
        notes.append(_("One of the factors is missing here or in the comparison, so the difference cannot be divided."))  # fmt: skip
    else:
        parts = [(str(FACTORS[leak.factor]), formats.signed_money(leak.effect, currency, digits=2)) for leak in row.gap.leaks]  # fmt: skip
        parts += [(_("Contribution"), formats.money(row.gap.actual, currency)), (str(AGAINST[board.asked.against]), formats.money(row.gap.reference, currency))]  # fmt: skip
        notes.append(_("Mean effect over every order in which the five factors can change from the comparison to this seller (Shapley value); the five add up to the difference."))  # fmt: skip
    return FigurePanel(
        title=f"{title_of('gap')}: {row.person.full_name}", formula_id="F9.15", formula_url=reverse("analyse:formula_detail", args=["F9.15"]),
        expression=str(EXPRESSIONS["gap"]), value=None if row.gap is None else formats.signed_money(row.gap.total, currency), parts=parts,
        period=board.asked.scope.period, filters=_filters(board), computed_at=facts_built_at(), notes=notes, **_rows(board, row, "gap"),
    )  # fmt: skip


def _filters(board: Board) -> list[str]:
    found = [_("goods, without fees"), *chosen_words(board)]
    return found if board.actor.sees_all else [*found, _("customers you may see")]


def _rows(board: Board, row: Standing, figure: str) -> dict[str, Any]:
    scope, currency, key = board.asked.scope, reporting_currency(), row.person.pk
    if figure in OF_VISITS:
        visits = visits_of(board.actor, period=scope.period, chosen={**scope.chosen, "seller": key})
        return {
            "rows_count": visits.count(), "columns": [_("Day"), _("Customer"), _("Minutes")], "numeric_columns": frozenset({2}),
            "rows": [(formats.day(each.day), str(each.company or formats.EN_DASH), formats.EN_DASH if each.minutes is None else formats.number(each.minutes, 0))
                     for each in visits.order_by("-day", "-pk")[:PREVIEW]],
        }  # fmt: skip
    filters = {**scope.filters, "seller_ids": (key,)}
    rows, count = lines_of(actor=board.actor, period=scope.period, limit=PREVIEW, **filters)
    return {
        "rows_url": reverse("analyse:lines") + scope.query(seller=key), "rows_count": count,
        "columns": [_("Date"), _("Order"), _("Customer"), _("Turnover")], "numeric_columns": frozenset({3}),
        "rows": [(formats.day(each.order_date), each.order_number, each.company or formats.EN_DASH,
                  formats.EN_DASH if each.net is None else formats.money(each.net, currency)) for each in rows],
    }  # fmt: skip
