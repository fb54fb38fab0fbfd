"""How are quotes listed, written, approved, sent and revised?"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from koers.catalogue.queries.discount_policy import limit_of
from koers.catalogue.queries.price_list import price_lists_on
from koers.core.entry import record_key
from koers.core.errors import NotFoundError, RuleError
from koers.core.tables import Column, Filter, ListState, page_of
from koers.customers.models import Company
from koers.customers.queries.company import company_for
from koers.organisation.policies import Right, may, require
from koers.organisation.queries.organisation import base_currency
from koers.organisation.requests import actor_of
from koers.sell.actions.quote import (
    QuoteValues,
    approve_quote,
    change_quote,
    decline_quote,
    make_quote,
    return_quote,
    revise_quote,
    send_quote,
    submit_quote,
)
from koers.sell.figures.discount_desk import desk_figures
from koers.sell.forms.activity import company_words
from koers.sell.forms.line import LineFormSet, initial_of_quote, wishes_of
from koers.sell.forms.quote import QuoteForm
from koers.sell.models import Quote, QuoteStatus
from koers.sell.queries.pricing import cost_of_lines, totals_of_lines
from koers.sell.queries.quote import offer_link, quote_for, quotes_visible_to, revisions_of
from koers.sell.queries.quote_document import quote_pdf

VALID_DAYS = 30
COLUMNS = (
    Column("number", gettext_lazy("Quote"), "number"), Column("date", gettext_lazy("Date"), "quoted_on"), Column("company", gettext_lazy("Company"), "company__name"),
    Column("owner", gettext_lazy("Owner"), "owner__full_name"), Column("status", gettext_lazy("Status"), "status"),
    Column("until", gettext_lazy("Valid until"), "valid_until"), Column("net", gettext_lazy("Net"), "net", numeric=True),
)  # fmt: skip


def quote_list(request: HttpRequest) -> HttpResponse:
    """Quotes one may see, the latest first."""
    actor = actor_of(request)
    filters = (Filter("status", _("Status"), QuoteStatus.choices), Filter("company", _("Company")))
    state = ListState.from_request(request, columns=COLUMNS, default_sort="-date", filters=filters)
    rows = quotes_visible_to(actor)
    if state.q:
        rows = rows.filter(Q(number__istartswith=state.q) | Q(company__name__istartswith=state.q))
    if state.value("status"):
        rows = rows.filter(status=state.value("status"))
    if (company := record_key(state.value("company"))) is not None:
        rows = rows.filter(company_id=company)
    context = {
        "state": state, "page": page_of(rows, state), "may_edit": may(actor, Right.EDIT_ORDERS),
        "today": timezone.localdate(),
    }  # fmt: skip
    return render(request, "sell/quote/list.html", context)


def quote_create(request: HttpRequest) -> HttpResponse:
    """Write a quote, for the company in the address."""
    actor = actor_of(request)
    require(actor, Right.EDIT_ORDERS)
    company, today = _company(request), timezone.localdate()
    first = {
        "company": company and company_words(company), "quoted_on": today, "language": "nl",
        "valid_until": today + timedelta(days=VALID_DAYS), "opportunity": request.GET.get("opportunity"),
    }  # fmt: skip
    form = _form(request, company, first, is_new=True)
    lines = LineFormSet(request.POST or None, prefix="line")
    if request.method == "POST" and form.is_valid() and lines.is_valid():
        try:
            made = make_quote(
                actor=actor, company_id=form.cleaned_data["company"].pk, wishes=wishes_of(lines),
                values=QuoteValues(**form.values()), at=timezone.now(),
            )  # fmt: skip
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("sell:quote_detail", quote_id=made.pk)
    return _written(request, form, lines, _("New quote"), reverse("sell:quote_list"))


def quote_edit(request: HttpRequest, quote_id: int) -> HttpResponse:
    """Change a draft with its lines."""
    actor = actor_of(request)
    quote = quote_for(actor=actor, quote_id=quote_id)
    require(actor, Right.EDIT_ORDERS)
    names = [*QuoteValues.__dataclass_fields__, "version"]
    first = {name: getattr(quote, name) for name in names}
    form = _form(request, quote.company, first, is_new=False)
    before = initial_of_quote(list(quote.lines.all()))
    lines = LineFormSet(request.POST or None, prefix="line", initial=before)
    status = None
    if request.method == "POST" and form.is_valid() and lines.is_valid():
        try:
            change_quote(
                actor=actor, quote_id=quote.pk, version=form.cleaned_data["version"] or 0,
                wishes=wishes_of(lines), values=QuoteValues(**form.values()), at=timezone.now(),
            )  # fmt: skip
        except RuleError as refusal:
            form.add_error(None, str(refusal))
            status = refusal.status
        else:
            return redirect("sell:quote_detail", quote_id=quote.pk)
    url = reverse("sell:quote_detail", args=[quote.pk])
    return _written(request, form, lines, str(quote), url, status)


def quote_detail(request: HttpRequest, quote_id: int) -> HttpResponse:
    """One version of a quote with its totals, the discount desk and what can be done now."""
    actor, today = actor_of(request), timezone.localdate()
    quote = quote_for(actor=actor, quote_id=quote_id)
    lines = list(quote.lines.all())
    totals = totals_of_lines(lines)
    sees_cost = may(actor, Right.SEE_COST)
    cost = cost_of_lines(lines, day=today, currency=quote.currency) if sees_cost else None
    limit = limit_of(actor)
    link = offer_link(quote)
    context = {
        "quote": quote, "lines": lines, "totals": totals, "sees_cost": sees_cost, "limit": limit,
        "desk": desk_figures(gross=totals.gross, net=totals.net, cost=cost) if sees_cost else None,
        "contribution": None if cost is None else totals.net - cost, "revisions": revisions_of(quote),
        "may_edit": may(actor, Right.EDIT_ORDERS), "within_limit": totals.largest_share <= limit, "today": today,
        "expired": quote.has_expired(today), "link": request.build_absolute_uri(reverse("sell:offer", args=[link])) if link else "",
    }  # fmt: skip
    return render(request, "sell/quote/detail.html", context)


def quote_document(request: HttpRequest, quote_id: int) -> HttpResponse:
    """The document of a version as a PDF."""
    quote = quote_for(actor=actor_of(request), quote_id=quote_id)
    answer = HttpResponse(quote_pdf(quote), content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{quote}.pdf"'
    return answer


MOVES: dict[str, Callable[..., Quote]] = {
    "submit": submit_quote, "approve": approve_quote, "return": return_quote, "revise": revise_quote,
    "decline": decline_quote,
}  # fmt: skip


@require_POST
def quote_move(request: HttpRequest, quote_id: int) -> HttpResponse:
    """Take a quote a step on: submit, approve, return, send, revise or decline."""
    actor, step = actor_of(request), request.POST.get("step", "")
    if step == "send":
        found = send_quote(
            actor=actor, quote_id=quote_id, at=timezone.now(), today=timezone.localdate()
        )
    elif step in MOVES:
        found = MOVES[step](actor=actor, quote_id=quote_id, at=timezone.now())
    else:
        quote_for(actor=actor, quote_id=quote_id)
        raise NotFoundError(_("This step does not exist."))
    messages.success(request, found.get_status_display())
    return redirect("sell:quote_detail", quote_id=found.pk)


def _company(request: HttpRequest) -> Company | None:
    key = record_key(request.GET.get("company", ""))
    return None if key is None else company_for(actor=actor_of(request), company_id=key)


def _form(
    request: HttpRequest, company: Company | None, first: dict[str, Any], *, is_new: bool
) -> QuoteForm:
    lists = price_lists_on(first["quoted_on"], currency=base_currency())
    return QuoteForm(
        request.POST or None, actor=actor_of(request), company=company, lists=lists, is_new=is_new, initial=first
    )  # fmt: skip


def _written(
    request: HttpRequest,
    form: QuoteForm,
    lines: Any,
    title: str,
    cancel_url: str,
    status: int | None = None,
) -> HttpResponse:
    context = {"form": form, "lines": lines, "title": title, "cancel_url": cancel_url}
    wrong = form.errors or (lines.is_bound and not lines.is_valid())
    return render(
        request, "sell/quote/form.html", context, status=status or (400 if wrong else 200)
    )
