"""How is the share of wallet (F5.6) shown: all customers, one customer, and each figure opened?"""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from koers.analyse.figures.facts import NoFactsYetError
from koers.analyse.figures.wallet import (
    wallet_groups_of,
    wallet_rules,
    wallet_shares_of,
    wallet_trend_of,
)
from koers.analyse.forms.period import Scope
from koers.analyse.queries.analysis_day import analysis_day
from koers.analyse.queries.currency import reporting_currency
from koers.analyse.views.parts import (
    ComputedPage,
    column,
    context_of,
    export_urls,
    facts_built_at,
    scope_of,
)
from koers.analyse.views.value_words import GROUP_WORDS
from koers.core import formats
from koers.core.charts import Chart, Series
from koers.core.errors import NotFoundError
from koers.core.exports import csv_response, xlsx_response
from koers.core.figure_page import render_figure
from koers.core.figure_panel import FigurePanel
from koers.core.periods import add_months
from koers.core.tables import ListState
from koers.customers.queries.company import company_for
from koers.customers.queries.wallet import wallets_of
from koers.organisation.policies import Right, may, require
from koers.organisation.requests import actor_of

STATE_WORDS = {
    "known": _l("Known"), "unknown": _l("Not known"), "fallen": _l("Fallen"), "over": _l("Above 100%"),
}  # fmt: skip
QUARTERS, PREVIEW = 8, 8


def wallet(request: HttpRequest) -> HttpResponse:
    """Share of wallet of all customers one may see, per group and customer, and how it moves."""
    actor, scope = actor_of(request), scope_of(request)
    require(actor, Right.READ_CUSTOMERS)
    today = analysis_day(timezone.localdate())
    state, segment = request.GET.get("state", ""), request.GET.get("segment", "")
    if state not in {"", *STATE_WORDS}:
        raise NotFoundError(_("There is no such group of customers."))
    asked: dict[str, Any] = {"actor": actor, "as_of": today, **_chosen(scope, segment)}
    listed = _list_state(request)
    ask = {**asked, "state": state, "order": listed.sort, "descending": listed.descending}
    if export := request.GET.get("export", ""):
        require(actor, Right.EXPORT)
        return _export(export, wallet_shares_of(limit=2**31 - 1, **ask)[0])
    rows, count = wallet_shares_of(limit=listed.size, offset=(listed.page - 1) * listed.size, **ask)
    url, keep = reverse("analyse:wallet"), {"segment": segment}
    groups = [
        (word, [(row, _group_url(url, scope, by, row)) for row in wallet_groups_of(by=by, **asked) if row.customers])
        for by, word in GROUP_WORDS.items()
    ]  # fmt: skip
    tabs = [{"url": url + scope.query(**keep), "label": _("All"), "current": not state}] + [
        {"url": url + scope.query(**keep, state=name), "label": word, "current": name == state}
        for name, word in STATE_WORDS.items()
    ]
    context = context_of(
        request, scope, has_period=False, whole=wallet_groups_of(**asked)[0], groups=groups, tabs=tabs, as_of=today,
        page=ComputedPage(rows, listed, count), state=listed, **export_urls(listed), segment=segment, keep=[(k, v) for k, v in (("segment", segment), ("state", state)) if v],
        trend=_trend(wallet_trend_of(days=_quarters(today), **{k: v for k, v in asked.items() if k != "as_of"})), rules=wallet_rules(),
        panel=reverse("analyse:wallet_figure") + scope.query(**keep), fallen_panel=reverse("analyse:wallet_figure") + scope.query(**keep, state="fallen"), all_url=url + scope.query(),
    )  # fmt: skip
    return render(request, "analyse/wallet/detail.html", context)


def wallet_figure(request: HttpRequest) -> HttpResponse:
    """The share of all customers together laid open, or how many of them fell."""
    actor, scope = actor_of(request), scope_of(request)
    require(actor, Right.READ_CUSTOMERS)
    today, segment = analysis_day(timezone.localdate()), request.GET.get("segment", "")
    asked: dict[str, Any] = {"actor": actor, "as_of": today, **_chosen(scope, segment)}
    if request.GET.get("state") == "fallen":
        return _fallen_figure(request, scope, segment, asked)
    whole = wallet_groups_of(**asked)[0]
    rows, count = wallet_shares_of(state="known", order="volume", limit=PREVIEW, **asked)
    currency = reporting_currency()
    panel = FigurePanel(
        title=_("Share of wallet"), formula_id="F5.6", formula_url=_formula(), expression=_EXPRESSION % {"months": 12},
        value=None if whole.share is None else formats.share(whole.share),
        parts=[
            (_("Numerator: our turnover of 12 months, customers whose purchases are known"), formats.money(whole.turnover, currency)),
            (_("Denominator: what they buy a year of what we can supply"), formats.money(whole.volume, currency)),
            (_("Customers whose purchases are known"), _("%(known)s of %(all)s") % {"known": formats.number(whole.known, 0), "all": formats.number(whole.customers, 0)}),
            (_("Their part of our turnover"), formats.EN_DASH if whole.covered is None else formats.share(whole.covered)),
        ],
        filters=_filters(actor, segment), computed_at=facts_built_at(), notes=_notes(over=whole.over, known=whole.known),
        rows_url=reverse("analyse:wallet") + scope.query(segment=segment, state="known"), rows_count=count,
        columns=[_("Customer"), _("Our turnover"), _("Buys a year"), _("Share of wallet")],
        rows=[(r.name, formats.money(r.turnover, currency), _money(r.volume, currency), _share(r.share)) for r in rows],
        numeric_columns=frozenset({1, 2, 3}),
    )  # fmt: skip
    return render_figure(request, panel)


def _fallen_figure(request: HttpRequest, scope: Scope, segment: str, asked: dict[str, Any]) -> HttpResponse:  # fmt: skip
    fall = wallet_rules().fall
    if fall is None:
        raise NotFoundError(_("There is no such figure."))
    rows, count = wallet_shares_of(state="fallen", order="change", descending=False, limit=PREVIEW, **asked)  # fmt: skip
    return render_figure(request, FigurePanel(
        title=_("Fallen"), formula_id="F5.6", formula_url=_formula(), value=formats.number(count, 0),
        expression=_("number of customers whose share is at least %(fall)s of the wallet lower than 12 months before") % {"fall": formats.share(fall)},
        parts=[(_("Customers whose purchases are known"), formats.number(wallet_groups_of(**asked)[0].known, 0))],
        filters=_filters(asked["actor"], segment), computed_at=facts_built_at(),
        rows_url=reverse("analyse:wallet") + scope.query(segment=segment, state="fallen"), rows_count=count,
        columns=[_("Customer"), _("Share of wallet"), _("Share a year before"), _("Change in a year")],
        rows=[(r.name, _share(r.share), _share(r.share_before), formats.signed_points(r.change or 0)) for r in rows],
        numeric_columns=frozenset({1, 2, 3}),
    ))  # fmt: skip


def company_wallet(request: HttpRequest, company_id: int) -> HttpResponse:
    """The panel on a customer's page: its share of wallet now, and each record of what it buys."""
    actor = actor_of(request)
    company = company_for(actor=actor, company_id=company_id)
    today = analysis_day(timezone.localdate())
    records = list(wallets_of(actor, company)[:PREVIEW])
    row, points = None, []
    if records:
        try:
            row = wallet_shares_of(actor=actor, as_of=today, company_ids=(company.pk,))[0][0]
            points = wallet_trend_of(actor=actor, days=sorted({each.day for each in records}), company_ids=(company.pk,))  # fmt: skip
        except (NoFactsYetError, IndexError):
            row = None  # no orders yet, or a company newer than the facts
    then = {point.day: point.share for point in points}
    context = {
        "company": company, "row": row, "currency": reporting_currency(), "may_edit": may(actor, Right.EDIT_CUSTOMERS),
        "records": [(each, then.get(each.day)) for each in records], "rules": wallet_rules(),
    }  # fmt: skip
    return render(request, "analyse/wallet/company.html", context)


def company_wallet_figure(request: HttpRequest, company_id: int) -> HttpResponse:
    """A customer's share of wallet laid open."""
    actor = actor_of(request)
    company = company_for(actor=actor, company_id=company_id)
    today, currency = analysis_day(timezone.localdate()), reporting_currency()
    found = wallet_shares_of(actor=actor, as_of=today, company_ids=(company.pk,))[0]
    if not found:
        raise NotFoundError(_("There is no such figure."))
    row, records = found[0], list(wallets_of(actor, company)[:PREVIEW])
    parts = [
        (_("Numerator: our turnover of 12 months"), formats.money(row.turnover, currency)),
        (_("Denominator: what it buys a year of what we can supply"), _money(row.volume, currency)),
        (_("Buys a year elsewhere"), _money(row.room, currency)),
        (_("Share a year before"), _share(row.share_before)),
    ]
    if row.day:
        parts.append((_("Known on"), formats.day(row.day)))
    return render_figure(request, FigurePanel(
        title=_("Share of wallet: %(name)s") % {"name": company}, formula_id="F5.6", formula_url=_formula(),
        expression=_EXPRESSION % {"months": 12}, value=None if row.share is None else formats.share(row.share), parts=parts,
        computed_at=facts_built_at(), notes=_notes(over=int(row.is_over), known=int(row.volume is not None)),
        rows_url=f"{reverse('analyse:lines')}?company={company.pk}&period=12m",
        columns=[_("Known on"), _("Purchases a year"), _("Source"), _("Written down by")],
        rows=[(formats.day(r.day), formats.money(r.amount, r.currency), r.get_source_display(), str(r.written_by or formats.EN_DASH)) for r in records],
        numeric_columns=frozenset({1}),
    ))  # fmt: skip


_EXPRESSION = _l("share = our turnover of the %(months)s months before ÷ purchases a year of what we can supply, from all suppliers")  # fmt: skip


def _chosen(scope: Scope, segment: str) -> dict[str, Any]:
    """Choices as keyword arguments of a fact filter."""
    return {**scope.filters, **({"segments": (segment,)} if segment else {})}


def _filters(actor: Any, segment: str) -> list[str]:
    return [*([segment] if segment else []), *([] if actor.sees_all else [_("customers you may see")])]  # fmt: skip


def _group_url(url: str, scope: Scope, by: str, row: Any) -> str:
    key = row.name if by == "segment" else row.key
    return url + scope.query(**{by: key}) if key else ""


def _quarters(today: date) -> tuple[date, ...]:
    """First days of the last quarters, and today."""
    first = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    return tuple(sorted({*(add_months(first, -3 * k) for k in range(QUARTERS)), today}))


def _trend(points: list[Any]) -> Chart | None:
    known = [point for point in points if point.known]
    if len(known) < 2:
        return None
    names = [f"{formats.day(point.day)} ({point.known})" for point in known]
    return Chart("line", names, [Series(_("Share of wallet"), [point.share for point in known])], format="share")  # fmt: skip


def _notes(*, over: int, known: int) -> list[str]:
    notes = []
    if not known:
        notes.append(_("It is not known what is bought elsewhere, so there is no share: nothing is divided by a guess."))  # fmt: skip
    if over:
        notes.append(_("We sold more than is said to be bought in all: the purchases told are too low, or of another year. The share is shown as it is."))  # fmt: skip
    return notes


def _formula() -> str:
    return reverse("analyse:formula_detail", args=["F5.6"])


def _share(value: Any) -> str:
    return formats.EN_DASH if value is None else formats.share(value)


def _money(value: Any, currency: str) -> str:
    return formats.EN_DASH if value is None else formats.money(value, currency)


def _list_state(request: HttpRequest) -> ListState:
    columns = [
        column("name", _("Customer")), column("owner", _("Account manager"), sort=False),
        column("share", _("Share of wallet"), numeric=True), column("change", _("Change in a year"), numeric=True),
        column("turnover", _("Our turnover"), numeric=True), column("volume", _("Buys a year"), numeric=True),
        column("room", _("Elsewhere"), numeric=True), column("day", _("Known on")),
    ]  # fmt: skip
    return ListState.from_request(request, columns=columns, default_sort="-room")


def _export(kind: str, rows: list[Any]) -> HttpResponse:
    heads = [_("Customer"), _("Account manager"), _("Share of wallet"), _("Change in a year"), _("Our turnover"),
             _("Buys a year"), _("Elsewhere"), _("Known on")]  # fmt: skip
    body = [
        [r.name, r.owner, None if r.share is None else round(r.share, 4), None if r.change is None else round(r.change, 4), r.turnover, r.volume, r.room, r.day]
        for r in rows
    ]  # fmt: skip
    return (xlsx_response if kind == "xlsx" else csv_response)("share-of-wallet", heads, body)
