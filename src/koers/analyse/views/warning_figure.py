"""How is each figure of the early warning opened: customers listed, at stake, expected loss, health?"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from koers.analyse.figures.health import health_run_of, healths_of, warning_totals_of, warnings_of
from koers.analyse.queries.currency import reporting_currency
from koers.analyse.views.health_words import RISK_WORDS, parts_of
from koers.analyse.views.parts import facts_built_at, scope_of
from koers.analyse.views.value import counts_spending
from koers.analyse.views.warning import asked_of, health_of, kept_of, share_or_dash
from koers.core import formats
from koers.core.errors import NotFoundError
from koers.core.figure_page import render_figure
from koers.core.figure_panel import FigurePanel
from koers.customers.models import Phase
from koers.customers.queries.company import company_for
from koers.organisation.policies import Right, require
from koers.organisation.requests import actor_of

PREVIEW = 8
SCORE = _l("health = 100 × Σ weight × part ÷ Σ weight, over the parts that are known; each part lies between 0 and 1")  # fmt: skip


def warning_figure(request: HttpRequest, measure: str) -> HttpResponse:
    """One headline of the early warning laid open."""
    actor, scope = actor_of(request), scope_of(request)
    require(actor, Right.READ_CUSTOMERS)
    makers = {"listed": _listed, "stake": _stake, "loss": _loss, "score": _score}
    run = health_run_of(actor=actor)
    if measure not in makers or run is None:
        raise NotFoundError(_("There is no such figure."))
    by_spending, asked = counts_spending(actor), asked_of(request, actor)
    ask: dict[str, Any] = {"actor": actor, "by_spending": by_spending, **asked}
    if measure == "score":
        rows, count = healths_of(**{name: value for name, value in ask.items() if name != "reason"}, limit=PREVIEW)  # fmt: skip
    else:
        rows, count = warnings_of(**ask, order="stake" if measure == "stake" else "loss", limit=PREVIEW)  # fmt: skip
    totals, currency = warning_totals_of(**ask), reporting_currency()
    notes = [_("Measured at the end of %(day)s.") % {"day": formats.day(run.as_of)}]
    if by_spending and measure in ("stake", "loss"):
        notes.append(_("Counted as spending, without cost."))
    return render_figure(request, FigurePanel(
        computed_at=facts_built_at(), filters=_filters(request, asked), notes=notes, rows_count=count,
        rows_url="" if measure == "score" else reverse("analyse:warning") + scope.query(**kept_of(request)),
        columns=[_("Customer"), _("Health"), _("At stake"), _("Expected loss")], numeric_columns=frozenset({1, 2, 3}),
        rows=[(r.name, _number(r.score), _money(r.stake, currency), _money(r.loss, currency)) for r in rows],
        **makers[measure](totals, currency, asked["risk"]),
    ))  # fmt: skip


def company_health_figure(request: HttpRequest, company_id: int) -> HttpResponse:
    """A customer's health laid open: each part with its weight and what it was measured from."""
    actor = actor_of(request)
    require(actor, Right.READ_CUSTOMERS)
    company = company_for(actor=actor, company_id=company_id)
    run, row = health_of(actor, company.pk)
    if row is None:
        raise NotFoundError(_("There is no such figure."))
    currency = reporting_currency()
    parts = parts_of(row, run=run, currency=currency)
    return render_figure(request, FigurePanel(
        title=_("Health: %(name)s") % {"name": company}, formula_id="S1.14", expression=str(SCORE), value=None if row.score is None else _number(row.score),
        parts=[
            *((_("%(part)s, weight %(weight)s") % {"part": word, "weight": formats.share(weight, 0)}, formats.EN_DASH if part is None else formats.number(part, 2)) for word, weight, part, _told in parts),
            (_("Part of the weights known"), formats.share(row.coverage, 0)),
            (_("Risk by its buying: 1 − recency and trend, weighed"), share_or_dash(row.risk)),
            (_("Risk by the model: 1 − chance of still being a customer"), share_or_dash(row.model_risk)),
        ],
        computed_at=facts_built_at(),
        notes=[_("Measured at the end of %(day)s.") % {"day": formats.day(run.as_of)},
               _("The weights and bounds are choices, not measurements.")],
        rows_url=f"{reverse('analyse:lines')}?company={company.pk}&period=24m",
        columns=[_("Part"), _("Measured from")], rows=[(word, told) for word, _weight, _part, told in parts],
    ))  # fmt: skip


def _listed(totals: Any, _currency: str, _risk: str) -> dict[str, Any]:
    return {
        "title": _("Customers that give reason to worry"), "formula_id": "S1.14", "value": formats.number(totals.listed, 0),
        "expression": _("number of customers with a part of their health at or below one half, or a chance of still being a customer below one half; not in farewell, and silent for a year at most"),
        "parts": [(_("Customers with a health score"), formats.number(totals.assessed, 0))],
    }  # fmt: skip


def _stake(totals: Any, currency: str, _risk: str) -> dict[str, Any]:
    return {
        "title": _("At stake"), "formula_id": "F9.13", "formula_url": _formula("F9.13"), "value": _money_or_none(totals.stake, currency),
        "expression": _("at stake = Σ what each customer listed is expected to bring in a year ÷ its chance of still being a customer"),
        "parts": _counts(totals),
    }  # fmt: skip


def _loss(totals: Any, currency: str, risk: str) -> dict[str, Any]:
    return {
        "title": _("Expected loss"), "formula_id": "F9.13", "formula_url": _formula("F9.13"), "value": _money_or_none(totals.loss, currency),
        "expression": _("expected loss = Σ at stake of each customer listed × its risk"),
        "parts": [*_counts(totals), (_("Risk"), str(RISK_WORDS[risk])), (_("At stake"), _money(totals.stake, currency))],
    }  # fmt: skip


def _score(totals: Any, _currency: str, _risk: str) -> dict[str, Any]:
    return {
        "title": _("Mean health"), "formula_id": "S1.14", "expression": str(SCORE), "value": None if totals.score is None else _number(totals.score),
        "parts": [(_("Customers with a health score"), formats.number(totals.assessed, 0)),
                  (_("Part of the weights known, mean"), share_or_dash(totals.coverage))],
    }  # fmt: skip


def _counts(totals: Any) -> list[tuple[str, str]]:
    return [
        (_("Customers listed"), formats.number(totals.listed, 0)),
        (_("Of them left out: value or risk not known"), formats.number(totals.unknown, 0)),
    ]


def _filters(request: HttpRequest, asked: dict[str, Any]) -> list[str]:
    actor, segment = actor_of(request), request.GET.get("segment", "")
    found = [] if actor.sees_all else [_("customers you may see")]
    if asked["phase"]:
        found.append(str(Phase(asked["phase"]).label))
    return [*found, *([segment] if segment else [])]


def _number(value: float | None) -> str:
    return formats.EN_DASH if value is None else formats.number(value, 0)


def _money(value: Any, currency: str) -> str:
    return formats.EN_DASH if value is None else formats.money(value, currency, digits=0)


def _money_or_none(value: Any, currency: str) -> str | None:
    return None if value is None else _money(value, currency)


def _formula(formula_id: str) -> str:
    return reverse("analyse:formula_detail", args=[formula_id])
