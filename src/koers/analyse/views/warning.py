"""Which customers give reason to worry, most at stake first, and how is a customer's health shown?"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from koers.analyse.figures.customer_value import value_run_of
from koers.analyse.figures.facts import NoFactsYetError
from koers.analyse.figures.health import health_run_of, healths_of, warning_totals_of, warnings_of
from koers.analyse.forms.period import Select
from koers.analyse.queries.currency import reporting_currency
from koers.analyse.views.health_words import REASON_WORDS, RISK_WORDS, parts_of, reasons_of
from koers.analyse.views.parts import ComputedPage, column, context_of, export_urls, scope_of
from koers.analyse.views.value import counts_spending
from koers.core import formats
from koers.core.actor import Actor
from koers.core.errors import NotFoundError
from koers.core.exports import csv_response, xlsx_response
from koers.core.tables import ListState
from koers.customers.models import Phase
from koers.customers.queries.choices import segment_choices
from koers.customers.queries.company import company_for
from koers.organisation.policies import Right, may, require
from koers.organisation.requests import actor_of


def asked_of(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    """Which customers the address asks for; the risk is the model's where there is one."""
    scope, given = scope_of(request), request.GET
    run = value_run_of(actor=actor)
    risk = given.get("risk", "") or ("rule" if run is None or run.why_not else "model")
    phase, reason, segment = (given.get(name, "") for name in ("phase", "reason", "segment"))
    if phase not in {"", *Phase.values} or reason not in {"", *REASON_WORDS} or risk not in RISK_WORDS:  # fmt: skip
        raise NotFoundError(_("There is no such group of customers."))
    narrowed = {"segments": (segment,)} if segment else {}
    return {"phase": phase, "reason": reason, "risk": risk, **scope.filters, **narrowed}


def kept_of(request: HttpRequest, *, without: str = "") -> dict[str, str]:
    """The choices of the address that are not in the scope, to keep them in other addresses."""
    names = ("phase", "reason", "risk", "segment")
    return {name: request.GET[name] for name in names if request.GET.get(name) and name != without}


def warning(request: HttpRequest) -> HttpResponse:
    """The early-warning list with its reasons, what is at stake and how healthy all customers are."""
    actor, scope = actor_of(request), scope_of(request)
    require(actor, Right.READ_CUSTOMERS)
    run = health_run_of(actor=actor)
    if run is None:
        return render(request, "analyse/warning/empty.html", {"may_edit_rules": may(actor, Right.EDIT_RULES)})  # fmt: skip
    by_spending, asked = counts_spending(actor), asked_of(request, actor)
    state = _list_state(request, by_spending=by_spending)
    ask: dict[str, Any] = {"actor": actor, "by_spending": by_spending, **asked}
    order: dict[str, Any] = {"order": state.sort, "descending": state.descending}
    if export := request.GET.get("export", ""):
        require(actor, Right.EXPORT)
        return _export(export, warnings_of(limit=2**31 - 1, **order, **ask)[0], run, by_spending=by_spending)  # fmt: skip
    rows, count = warnings_of(limit=state.size, offset=(state.page - 1) * state.size, **order, **ask)  # fmt: skip
    totals, currency = warning_totals_of(**ask), reporting_currency()
    keep, url = kept_of(request), reverse("analyse:warning")
    context = context_of(
        request, scope, has_period=False, run=run, by_spending=by_spending, totals=totals, state=state, **export_urls(state),
        page=ComputedPage(rows, state, count), rows=[(row, reasons_of(row, run=run, currency=currency)) for row in rows],
        tabs=_tabs(url, request, totals), keep=[("reason", asked["reason"])] if asked["reason"] else [],
        panels={name: reverse("analyse:warning_figure", args=[name]) + scope.query(**keep) for name in ("listed", "stake", "loss", "score")},
        may_act=may(actor, Right.EDIT_CUSTOMERS), may_edit_rules=may(actor, Right.EDIT_RULES), risk_word=RISK_WORDS[asked["risk"]],
        campaign_url=reverse("analyse:campaign_create", args=[f"warning:{asked['reason'] or 'all'}"]) + scope.query(**keep),
    )  # fmt: skip
    context["selects"] = [*context["selects"], *_selects(asked, request.GET.get("segment", ""))]
    return render(request, "analyse/warning/list.html", context)


def company_health(request: HttpRequest, company_id: int) -> HttpResponse:
    """The panel on a customer's page: its score with parts and weights, and both risks."""
    actor = actor_of(request)
    require(actor, Right.READ_CUSTOMERS)
    company = company_for(actor=actor, company_id=company_id)
    try:
        run, row = health_of(actor, company.pk)
    except NoFactsYetError:
        run = row = None
    currency = reporting_currency()
    context = {
        "company": company, "run": run, "row": row, "currency": currency, "may_edit_rules": may(actor, Right.EDIT_RULES),
        "parts": parts_of(row, run=run, currency=currency) if row else [], "words": REASON_WORDS,
    }  # fmt: skip
    return render(request, "analyse/warning/company.html", context)


def health_of(actor: Actor, company_id: int) -> tuple[Any, Any]:
    """How health was measured, and that of one customer, if any."""
    run = health_run_of(actor=actor)
    rows, _count = healths_of(
        actor=actor, by_spending=counts_spending(actor), company_ids=(company_id,)
    )
    return run, rows[0] if rows and run else None


def _list_state(request: HttpRequest, *, by_spending: bool) -> ListState:
    columns = [
        column("name", _("Customer")), column("score", _("Health"), numeric=True),
        column("why", _("Why"), sort=False), column("risk", _("Risk by its buying"), numeric=True),
        column("model_risk", _("Risk by the model"), numeric=True),
        column("stake", _("Spending at stake") if by_spending else _("At stake"), numeric=True),
        column("loss", _("Expected loss"), numeric=True),
    ]  # fmt: skip
    return ListState.from_request(request, columns=columns, default_sort="-loss")


def _tabs(url: str, request: HttpRequest, totals: Any) -> list[dict[str, Any]]:
    scope, chosen = scope_of(request), request.GET.get("reason", "")
    keep = kept_of(request, without="reason")
    first = {"url": url + scope.query(**keep), "label": _("All reasons"), "current": not chosen, "count": None}  # fmt: skip
    return [first] + [
        {"url": url + scope.query(**keep, reason=name), "label": word, "current": name == chosen, "count": totals.reasons[name]}
        for name, word in REASON_WORDS.items()
    ]  # fmt: skip


def _selects(asked: dict[str, Any], segment: str) -> list[Select]:
    segments = [(name, name) for _key, name in segment_choices()]
    phases = [
        (str(key), str(label))
        for key, label in Phase.choices
        if key not in (Phase.PROSPECT, Phase.FAREWELL)
    ]
    return [
        *([Select("segment", _("All segments"), segments, segment)] if segments else []),
        Select("phase", _("All phases"), phases, asked["phase"]),
        Select("risk", _("Usual risk"), [(key, str(word)) for key, word in RISK_WORDS.items()], asked["risk"]),
    ]  # fmt: skip


def _export(kind: str, rows: list[Any], run: Any, *, by_spending: bool) -> HttpResponse:
    heads = [
        _("Customer"), _("Account manager"), _("Segment"), _("Phase"), _("Health"), _("Part of the weights known"), _("Reasons"),
        _("Why"), _("Risk by its buying"), _("Risk by the model"), _("Spending at stake") if by_spending else _("At stake"),
        _("Expected loss"), _("Days silent"),
    ]  # fmt: skip
    currency, phases = reporting_currency(), dict(Phase.choices)
    body = [
        [r.name, r.owner, r.segment, str(phases.get(r.phase, "")), _rounded(r.score, 1), _rounded(r.coverage, 2),
         ", ".join(str(REASON_WORDS[name]) for name in r.reasons), " ".join(reasons_of(r, run=run, currency=currency)),
         _rounded(r.risk, 4), _rounded(r.model_risk, 4), r.stake, r.loss, r.silent]
        for r in rows
    ]  # fmt: skip
    return (xlsx_response if kind == "xlsx" else csv_response)("early-warning", heads, body)


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def share_or_dash(value: float | None, digits: int = 0) -> str:
    """A share, or a dash where it is not known."""
    return formats.EN_DASH if value is None else formats.share(value, digits)
