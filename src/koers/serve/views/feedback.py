"""How are the answers of customers listed, written down and corrected, and links made that ask for them?"""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_POST

from koers.core.clashes import show_clash
from koers.core.entry import record_key
from koers.core.errors import NotFoundError, RuleError, StaleVersionError
from koers.core.exports import csv_response, xlsx_response
from koers.core.navigation import address
from koers.core.tables import Column, Filter, ListState, page_of
from koers.customers.queries.choices import owner_choices, segment_choices, unit_choices
from koers.customers.queries.company import company_for
from koers.organisation.policies import Right, may, require
from koers.organisation.requests import actor_of
from koers.serve.actions.feedback import (
    add_feedback,
    ask_feedback,
    change_feedback,
    delete_feedback,
    restore_feedback,
    withdraw_request,
)
from koers.serve.forms.feedback import FeedbackForm, RequestForm
from koers.serve.models.feedback import ITEMS, SCORES, THEMES, Channel
from koers.serve.queries.feedback import (
    feedback_for,
    feedback_matching,
    feedback_visible_to,
    requests_visible_to,
)

MOST_EXPORTED = 200_000
VALID = timedelta(days=30)
SHOWN = 5
WORDS: dict[str, str | Promise] = {"nps": "NPS", **THEMES, **ITEMS}
COLUMNS = (
    Column("company", _l("Company"), "company__name"), Column("day", _l("Day"), "day"), Column("contact", _l("Contact")),
    *(Column(name, word, name, numeric=True, visible_by_default=name == "nps") for name, word in WORDS.items()),
    Column("comment", _l("Comment")), Column("channel", _l("Received"), "channel", visible_by_default=False),
)  # fmt: skip
GROUPS = (("promoter", _l("Promoters (9-10)")), ("passive", _l("Passives (7-8)")), ("detractor", _l("Detractors (0-6)")))  # fmt: skip


def feedback_list(request: HttpRequest) -> HttpResponse:
    """All answers one may see, the latest first, with export."""
    actor = actor_of(request)
    filters = (
        Filter("group", "NPS", GROUPS), Filter("owner", _("Account manager"), [each for each in owner_choices(actor) if each[0] != "none"]),
        Filter("segment", _("Segment"), segment_choices()), Filter("sbu", _("Business unit"), unit_choices()),
        Filter("channel", _("Received"), Channel.choices),
    )  # fmt: skip
    state = ListState.from_request(request, columns=COLUMNS, default_sort="-day", filters=filters)
    rows = feedback_matching(actor, q=state.q, choices={**state.values, **_beside(request)})
    if request.GET.get("export"):
        return _export(request, state, rows)
    page = page_of(rows, state)
    shown = [name for name in SCORES if name in state.visible]
    context = {
        "state": state, "page": page, "lines": [(row, [(WORDS[name], getattr(row, name)) for name in shown]) for row in page.rows], "may_edit": may(actor, Right.EDIT_CUSTOMERS), "may_export": may(actor, Right.EXPORT),
        "figures_url": address("analyse:feedback"),
        "export_urls": [(kind.upper(), state.query(export=kind, page=None)) for kind in ("csv", "xlsx")],
    }  # fmt: skip
    return render(request, "serve/feedback/list.html", context)


def company_feedback(request: HttpRequest, company_id: int) -> HttpResponse:
    """The panel on a customer's page: the latest answers and the links that still wait."""
    actor = actor_of(request)
    company = company_for(actor=actor, company_id=company_id)
    waiting = requests_visible_to(actor).filter(company=company, answered_at=None, withdrawn_at=None)  # fmt: skip
    context = {
        "company": company, "rows": list(feedback_visible_to(actor).filter(company=company).select_related("contact")[:SHOWN]),
        "waiting": [(each, _link(request, each.token)) for each in waiting if each.is_open(timezone.localdate())],
        "may_edit": may(actor, Right.EDIT_CUSTOMERS),
    }  # fmt: skip
    return render(request, "serve/feedback/of_company.html", context)


def feedback_create(request: HttpRequest, company_id: int) -> HttpResponse:
    """Write down what a customer answered."""
    actor, today = actor_of(request), timezone.localdate()
    require(actor, Right.EDIT_CUSTOMERS)
    company = company_for(actor=actor, company_id=company_id)
    form = FeedbackForm(request.POST or None, actor=actor, company=company, initial={"day": today})
    if request.method == "POST" and form.is_valid():
        try:
            add_feedback(actor=actor, company_id=company.pk, values=form.values(), today=today, at=timezone.now())  # fmt: skip
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("customers:company_detail", company.pk)
    context = {"form": form, "title": _("What the customer says"), "company": company}
    return render(request, "serve/feedback/form.html", context, status=400 if form.errors else 200)


def feedback_edit(request: HttpRequest, feedback_id: int) -> HttpResponse:
    """Correct an answer; a clash shows the three values."""
    actor, today = actor_of(request), timezone.localdate()
    found = feedback_for(actor=actor, feedback_id=feedback_id)
    require(actor, Right.EDIT_CUSTOMERS)
    names = (*SCORES, "comment", "day", "contact", "version")
    initial = {name: getattr(found, name) for name in names}
    form = FeedbackForm(request.POST or None, actor=actor, company=found.company, initial=initial)
    context: dict[str, Any] = {"form": form, "title": _("What the customer says"), "company": found.company, "feedback": found}  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            change_feedback(
                actor=actor, feedback_id=found.pk, values=form.values(), version=form.cleaned_data["version"] or found.version,
                today=today, at=timezone.now(),
            )  # fmt: skip
        except StaleVersionError as clash:
            context["clashes"] = show_clash(form, clash, version=found.version)
            return render(request, "serve/feedback/form.html", context, status=409)
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("customers:company_detail", found.company_id)
    return render(request, "serve/feedback/form.html", context, status=400 if form.errors else 200)


@require_POST
def feedback_delete(request: HttpRequest, feedback_id: int) -> HttpResponse:
    """Put an answer in the bin, with a way back."""
    found = delete_feedback(actor=actor_of(request), feedback_id=feedback_id, at=timezone.now())
    messages.success(request, _("Put in the bin."), extra_tags=reverse("serve:feedback_restore", args=[found.pk]))  # fmt: skip
    return redirect("customers:company_detail", found.company_id)


@require_POST
def feedback_restore(request: HttpRequest, feedback_id: int) -> HttpResponse:
    """Take an answer out of the bin."""
    found = restore_feedback(actor=actor_of(request), feedback_id=feedback_id, at=timezone.now())
    messages.success(request, _("Undone."))
    return redirect("customers:company_detail", found.company_id)


def request_create(request: HttpRequest, company_id: int) -> HttpResponse:
    """Make a link for a customer; it stands on the customer's page until it was used."""
    actor, today = actor_of(request), timezone.localdate()
    require(actor, Right.EDIT_CUSTOMERS)
    company = company_for(actor=actor, company_id=company_id)
    first = {"valid_until": today + VALID}
    form = RequestForm(request.POST or None, actor=actor, company=company, today=today, initial=first)  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            ask_feedback(
                actor=actor, company_id=company.pk, contact=form.cleaned_data["contact"],
                valid_until=form.cleaned_data["valid_until"], today=today, at=timezone.now(),
            )  # fmt: skip
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The link is ready: copy it from the customer's page into your message."))  # fmt: skip
            return redirect("customers:company_detail", company.pk)
    context = {"form": form, "title": _("Ask for feedback by link"), "company": company}
    return render(request, "serve/feedback/form.html", context, status=400 if form.errors else 200)


@require_POST
def request_withdraw(request: HttpRequest, request_id: int) -> HttpResponse:
    """Make a link useless."""
    found = withdraw_request(actor=actor_of(request), request_id=request_id, at=timezone.now())
    messages.success(request, _("The link no longer works."))
    return redirect("customers:company_detail", found.company_id)


def _beside(request: HttpRequest) -> dict[str, str]:
    """The period and the choices a figure was counted over, when the list opens from one."""
    found = {}
    for name in ("from", "to"):
        if text := request.GET.get(name, ""):
            try:
                found[name] = date.fromisoformat(text).isoformat()
            except ValueError:
                raise NotFoundError(_("Give both days as a date.")) from None
    for name in ("team", "territory"):
        if (key := record_key(request.GET.get(name, ""))) is not None:
            found[name] = str(key)
    return found


def _link(request: HttpRequest, token: str) -> str:
    return request.build_absolute_uri(reverse("serve:answer", args=[token]))


def _export(request: HttpRequest, state: ListState, rows: Any) -> HttpResponse:
    require(actor_of(request), Right.EXPORT)
    heads = [_("Company"), _("Day"), _("Contact"), *(str(word) for word in WORDS.values()), _("Comment"), _("Received")]  # fmt: skip
    lines = (
        [str(each.company), each.day, str(each.contact or ""), *(getattr(each, name) for name in WORDS), each.comment, each.get_channel_display()]
        for each in state.ordered(rows)[:MOST_EXPORTED].iterator(chunk_size=2000)
    )  # fmt: skip
    answer = xlsx_response if request.GET["export"] == "xlsx" else csv_response
    return answer("customer-feedback", heads, lines)
