"""How was a figure of customer value made? The side panels of the pages about value."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from koers.analyse.figures.customer_value import value_members_of, value_run_of, value_totals_of
from koers.analyse.queries.currency import reporting_currency
from koers.analyse.views.parts import facts_built_at, scope_of
from koers.analyse.views.value import counts_spending
from koers.core import formats
from koers.core.errors import NotFoundError
from koers.core.figure_page import render_figure
from koers.core.figure_panel import FigurePanel
from koers.organisation.policies import Right, require
from koers.organisation.requests import actor_of

PREVIEW = 8


def value_figure(request: HttpRequest, headline: str) -> HttpResponse:
    """The panel of a headline of the page about customer value."""
    actor, scope = actor_of(request), scope_of(request)
    require(actor, Right.READ_CUSTOMERS)
    makers: dict[str, Callable[..., dict[str, Any]]] = {
        "equity": _equity,
        "alive": _alive,
        "purchases": _purchases,
        "top": _top,
    }
    run = value_run_of(actor=actor)
    if headline not in makers or run is None:
        raise NotFoundError(_("There is no such figure."))
    by_spending = counts_spending(actor)
    totals = value_totals_of(actor=actor, by_spending=by_spending, **scope.filters)
    order = {"alive": "p_alive", "purchases": "purchases"}.get(headline, "worth")
    rows, count = value_members_of(
        actor=actor, by_spending=by_spending, order=order, limit=PREVIEW, **scope.filters
    )
    currency = reporting_currency()
    notes = _notes(run, by_spending=by_spending)
    panel = FigurePanel(
        computed_at=facts_built_at(), filters=[] if actor.sees_all else [_("customers you may see")], notes=notes,
        rows_url=reverse("analyse:value") + scope.query(sort=f"-{order}"), rows_count=count,
        columns=[_("Customer"), _("Chance still a customer"), _("Purchases expected"), _("Value")],
        rows=[(r.name, formats.share(r.p_alive), formats.number(r.purchases, 1),
               formats.EN_DASH if r.worth is None else formats.money(r.worth, currency)) for r in rows],
        numeric_columns=frozenset({1, 2, 3}), **makers[headline](totals, currency, by_spending=by_spending),
    )  # fmt: skip
    return render_figure(request, panel)


def _notes(run: Any, *, by_spending: bool) -> list[str]:
    if run.why_not:
        return [_("The purchases cannot tell a model"), run.why_not]
    made = _(
        "Valued at the end of %(day)s by %(model)s, over %(days)s days at %(rate)s a year."
    ) % {
        "day": formats.day(run.as_of),
        "model": run.model,
        "days": run.details["horizon_days"],
        "rate": formats.share(run.details["discount"]),
    }
    if by_spending:
        return [made, _("Counted as spending, without cost.")]
    return [made, _("Margin: each customer's own over three years, drawn to the mean of all by the weight of one mean customer.")]  # fmt: skip


def _equity(totals: Any, currency: str, *, by_spending: bool) -> dict[str, Any]:
    expression = _(
        "customer equity = Σ expected purchases × expected spending per purchase, discounted"
    )
    if not by_spending:
        expression = _(
            "customer equity = Σ expected purchases × expected spending per purchase × margin, discounted"
        )
    return {
        "title": _("Customer equity"), "formula_id": "F9.13", "formula_url": _formula("F9.13"), "expression": expression,
        "value": None if totals.worth is None else formats.money(totals.worth, currency),
        "parts": [(_("Customers that ever bought"), formats.number(totals.customers, 0)),
                  (_("Purchases expected"), formats.number(totals.purchases, 1))],
    }  # fmt: skip


def _alive(totals: Any, currency: str, *, by_spending: bool) -> dict[str, Any]:
    del currency, by_spending
    share = totals.expected_alive / totals.customers if totals.customers else None
    return {
        "title": _("Still a customer"), "formula_id": "F9.20", "formula_url": _formula("F9.20"),
        "expression": _("share = Σ chance of still being a customer ÷ customers that ever bought"),
        "value": None if share is None else formats.share(share),
        "parts": [(_("Numerator: Σ chances"), formats.number(totals.expected_alive, 1)),
                  (_("Denominator: customers that ever bought"), formats.number(totals.customers, 0))],
    }  # fmt: skip


def _purchases(totals: Any, currency: str, *, by_spending: bool) -> dict[str, Any]:
    del currency, by_spending
    return {
        "title": _("Purchases expected"), "formula_id": "F9.20", "formula_url": _formula("F9.20"),
        "expression": _("Σ expected purchase days of each customer over the horizon"),
        "value": formats.number(totals.purchases, 0),
        "parts": [(_("Customers that ever bought"), formats.number(totals.customers, 0))],
    }  # fmt: skip


def _top(totals: Any, currency: str, *, by_spending: bool) -> dict[str, Any]:
    del by_spending
    top = None if totals.top_20_share is None else totals.top_20_share * totals.worth
    return {
        "title": _("Share of the first fifth of customers"), "formula_id": "F2.5", "formula_url": _formula("F2.5"),
        "expression": _("share = value of the first fifth of customers ÷ value of all, rounded up to whole customers"),
        "value": None if totals.top_20_share is None else formats.share(totals.top_20_share),
        "parts": [(_("Numerator: value of the first fifth"), formats.EN_DASH if top is None else formats.money(top, currency)),
                  (_("Denominator: value of all"), formats.EN_DASH if totals.worth is None else formats.money(totals.worth, currency))],
    }  # fmt: skip


def _formula(formula_id: str) -> str:
    return reverse("analyse:formula_detail", args=[formula_id])
