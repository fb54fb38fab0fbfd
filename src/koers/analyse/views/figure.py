"""How was a figure made? One address for the side panel of every figure of this stage."""

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from koers.analyse.figures.customers import phase_board_of, pyramid_of
from koers.analyse.figures.turnover import lines_of, turnover_of
from koers.analyse.forms.period import Scope
from koers.analyse.queries.analysis_day import analysis_day
from koers.analyse.queries.currency import reporting_currency
from koers.analyse.views.parts import facts_built_at, scope_of
from koers.core import formats
from koers.core.actor import Actor
from koers.core.errors import NotFoundError
from koers.core.figure_page import render_figure
from koers.core.figure_panel import FigurePanel
from koers.customers.models import Phase
from koers.organisation.models import BusinessUnit, Team, Territory, User
from koers.organisation.policies import Right, require
from koers.organisation.requests import actor_of

PREVIEW = 8
CHOSEN = {"sbu": BusinessUnit, "team": Team, "territory": Territory, "seller": User}


def figure(request: HttpRequest, name: str) -> HttpResponse:
    """The panel of a figure by its name; the address carries period and choices."""
    actor, scope = actor_of(request), scope_of(request)
    require(actor, Right.READ_CUSTOMERS)
    makers = {
        "turnover": _turnover,
        "contribution": _contribution,
        "margin": _margin,
        "discount": _discount,
        "class": _class,
        "phase": _phase,
    }
    if name not in makers:
        raise NotFoundError(_("There is no such figure."))
    if name in ("contribution", "margin"):
        require(actor, Right.SEE_COST)
    return render_figure(request, makers[name](request, actor, scope))


def _base(actor: Actor, scope: Scope, **more: Any) -> dict[str, Any]:
    """What all panels over order lines share: period, filters, moment, rows."""
    rows, count = lines_of(
        actor=actor, period=scope.period, limit=PREVIEW, **{**scope.filters, **more}
    )
    currency = reporting_currency()
    return {
        "period": scope.period, "filters": _filters(actor, scope), "computed_at": facts_built_at(),
        "rows_url": reverse("analyse:lines") + scope.query(), "rows_count": count,
        "columns": [_("Date"), _("Order"), _("Customer"), _("Turnover")],
        "rows": [(formats.day(row.order_date), row.order_number, row.company or formats.EN_DASH,
                  formats.EN_DASH if row.net is None else formats.money(row.net, currency)) for row in rows],
        "numeric_columns": frozenset({3}),
    }  # fmt: skip


def _filters(actor: Actor, scope: Scope) -> list[str]:
    found = [_("goods, without fees")]
    for name, row_id in scope.chosen.items():
        record = CHOSEN[name]._default_manager.filter(pk=row_id).first()
        found.append(str(record) if record else formats.EN_DASH)
    if not actor.sees_all:
        found.append(_("customers you may see"))
    return found


def _notes(table: Any, currency: str) -> list[str]:
    left = table.left_out
    notes = []
    if left.fee_lines:
        notes.append(
            _("%(lines)s fee lines are left out: %(amount)s.")
            % {
                "lines": formats.number(left.fee_lines, 0),
                "amount": formats.money(left.fee_amount, currency),
            }
        )
    if left.lines_without_customer:
        notes.append(_("%(lines)s lines without a customer are counted: %(amount)s.") % {
            "lines": formats.number(left.lines_without_customer, 0), "amount": formats.money(left.amount_without_customer, currency)})  # fmt: skip
    if left.lines_without_rate:
        notes.append(
            _("%(lines)s lines in a foreign currency have no dated rate and are not counted.")
            % {"lines": formats.number(left.lines_without_rate, 0)}
        )
    return notes


def _formula_url(formula_id: str) -> str:
    return reverse("analyse:formula_detail", args=[formula_id])


def _turnover(request: HttpRequest, actor: Actor, scope: Scope) -> FigurePanel:
    table, currency = (
        turnover_of(actor=actor, period=scope.period, **scope.filters),
        reporting_currency(),
    )
    total, left = table.total, table.left_out
    sales = total.turnover - left.credit_amount
    return FigurePanel(
        title=_("Turnover"), formula_id="S2.39", expression=_("turnover = Σ net amount of order lines, credit notes negative"),
        value=formats.money(total.turnover, currency),
        parts=[(_("Sales"), formats.money(sales, currency)), (_("Credit notes"), formats.money(left.credit_amount, currency)),
               (_("Order lines"), formats.number(total.lines, 0)), (_("Orders"), formats.number(total.orders, 0)),
               (_("Customers"), formats.number(total.customers, 0))],
        notes=_notes(table, currency), **_base(actor, scope),
    )  # fmt: skip


def _contribution(request: HttpRequest, actor: Actor, scope: Scope) -> FigurePanel:
    table, currency = (
        turnover_of(actor=actor, period=scope.period, **scope.filters),
        reporting_currency(),
    )
    total = table.total
    return FigurePanel(
        title=_("Contribution"), formula_id="F2.7", formula_url=_formula_url("F2.7"), expression=_("contribution = turnover with a known cost − cost"),
        value=None if total.contribution is None else formats.money(total.contribution, currency),
        parts=_cost_parts(total, currency), notes=_cost_notes(total) + _notes(table, currency), **_base(actor, scope),
    )  # fmt: skip


def _margin(request: HttpRequest, actor: Actor, scope: Scope) -> FigurePanel:
    table, currency = (
        turnover_of(actor=actor, period=scope.period, **scope.filters),
        reporting_currency(),
    )
    total = table.total
    return FigurePanel(
        title=_("Profit margin"), formula_id="F2.7", formula_url=_formula_url("F2.7"), expression=_("margin = contribution ÷ turnover with a known cost"),
        value=None if total.margin is None else formats.share(total.margin),
        parts=[(_("Numerator: contribution"), formats.EN_DASH if total.contribution is None else formats.money(total.contribution, currency)),
               (_("Denominator: turnover with a known cost"), formats.money(total.costed_turnover, currency)), *_cost_parts(total, currency)[:2]],
        notes=_cost_notes(total), **_base(actor, scope),
    )  # fmt: skip


def _discount(request: HttpRequest, actor: Actor, scope: Scope) -> FigurePanel:
    table, currency = (
        turnover_of(actor=actor, period=scope.period, **scope.filters),
        reporting_currency(),
    )
    total = table.total
    return FigurePanel(
        title=_("Discount given"), formula_id="S1.36", expression=_("discount share = discount ÷ list value"),
        value=None if total.discount_share is None else formats.share(total.discount_share),
        parts=[(_("Numerator: discount"), formats.money(total.discount, currency)), (_("Denominator: list value"), formats.money(total.list_value, currency))],
        **_base(actor, scope),
    )  # fmt: skip


def _cost_parts(total: Any, currency: str) -> list[tuple[str, str]]:
    return [
        (_("Turnover with a known cost"), formats.money(total.costed_turnover, currency)),
        (_("Cost"), formats.EN_DASH if total.cost is None else formats.money(total.cost, currency)),
        (_("All turnover"), formats.money(total.turnover, currency)),
    ]


def _cost_notes(total: Any) -> list[str]:
    known = total.cost_known_share
    if total.cost is None:
        return [_("No order line of this choice has a cost, so there is no margin.")]
    if known is not None and known != 1:
        return [
            _("The cost is known of %(share)s of the turnover.") % {"share": formats.share(known)}
        ]
    return []


def _class(request: HttpRequest, actor: Actor, scope: Scope) -> FigurePanel:
    method = request.GET.get("method", "")
    found = pyramid_of(
        actor=actor,
        period=scope.period,
        method=method if method in ("rank", "limits") else "",
        **scope.filters,
    )
    wanted = request.GET.get("class", "A")
    layer = next((each for each in found.classes if each.name == wanted), None)
    if layer is None:
        raise NotFoundError(_("There is no such class."))
    currency = reporting_currency()
    base = _base(actor, scope) | {
        "rows_url": reverse("analyse:pyramid_members") + scope.query(**{"class": wanted, "method": method}), "rows_count": layer.customers,
        "columns": (), "rows": (),
    }  # fmt: skip
    return FigurePanel(
        title=_("Turnover share of class %(name)s") % {"name": wanted}, formula_id="F2.4", formula_url=_formula_url("F2.4"),
        expression=_("share = turnover of the class ÷ turnover of all customers"),
        value=None if layer.turnover_share is None else formats.share(layer.turnover_share),
        parts=[(_("Numerator: turnover of the class"), formats.money(layer.turnover, currency)),
               (_("Denominator: turnover of all customers"), formats.money(found.turnover, currency)),
               (_("Customers in the class"), formats.number(layer.customers, 0)),
               (_("Smallest turnover in the class"), formats.EN_DASH if layer.smallest is None else formats.money(layer.smallest, currency))],
        notes=[_("Lines without a customer are in no class.")], **base,
    )  # fmt: skip


def _phase(request: HttpRequest, actor: Actor, scope: Scope) -> FigurePanel:
    phase, today = request.GET.get("phase", ""), analysis_day(timezone.localdate())
    board = phase_board_of(actor=actor, as_of=today)
    count = next((each for each in board if each.phase == phase), None)
    if count is None:
        raise NotFoundError(_("There is no such phase."))
    currency = reporting_currency()
    growth: Decimal | None = count.change / count.turnover_before if count.turnover_before else None
    return FigurePanel(
        title=str(Phase(phase).label), formula_id="S2.19", expression=_("change = turnover of 12 months − turnover of the 12 months before"),
        value=formats.number(count.customers, 0), unit=_("customers"),
        parts=[(_("Turnover, 12 months"), formats.money(count.turnover_12m, currency)), (_("The 12 months before"), formats.money(count.turnover_before, currency)),
               (_("Change"), formats.money(count.change, currency)), (_("Growth"), formats.EN_DASH if growth is None else formats.share(growth)),
               (_("Mean days in the phase"), formats.EN_DASH if count.mean_days_in_phase is None else formats.number(count.mean_days_in_phase, 0))],
        filters=_filters(actor, scope), computed_at=facts_built_at(), rows_url=reverse("analyse:phase_members", args=[phase]), rows_count=count.customers,
        notes=[_("A fall of the share of wallet counts where it is known now and a year before, unless that rule is left out.")],
    )  # fmt: skip
