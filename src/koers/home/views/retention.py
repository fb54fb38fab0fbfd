"""How does one see what goes after its term, why the rest stays, and let it go?"""

from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koers.core import formats
from koers.core.audit_words import noun_label
from koers.core.errors import RuleError
from koers.core.privacy.retention import UNKNOWN_DAY, Subject, goes_on
from koers.core.tables import Column, ListState, page_of
from koers.home.actions.retention import ask_retention
from koers.home.forms.retention import TermsForm
from koers.home.queries.retention import (
    HOLDINGS,
    RUNNING,
    Reason,
    last_runs,
    retention_rows,
    retention_today,
)
from koers.organisation.actions.retention import change_terms
from koers.organisation.policies import Right, require
from koers.organisation.queries.retention import terms_in_force, terms_versions
from koers.organisation.requests import actor_of

OWN_PAGE = ("company", "contact", "lead")
COLUMNS = (
    Column("record", gettext_lazy("Record")), Column("moment", gettext_lazy("Counted from"), "moment"),
    Column("past", gettext_lazy("Past its term since")), Column("until", gettext_lazy("Kept until")),
)  # fmt: skip


def retention(request: HttpRequest) -> HttpResponse:
    """What goes today and why the rest stays; a POST changes the terms or asks for a run.

    ``?of=`` a subject shows the rows behind its number: those that go, or with ``why`` those kept.
    """
    if request.method == "GET" and "of" in request.GET:
        return _rows(request)
    actor, now = actor_of(request), timezone.now()
    require(actor, Right.HANDLE_PRIVACY)
    terms, refusal = terms_in_force(), ""
    changes = request.method == "POST" and "run" not in request.POST
    form = TermsForm(request.POST if changes else None, initial=TermsForm.initial_of(terms))
    if request.method == "POST":
        try:
            if not changes:
                number = request.POST.get("number", "")
                ask_retention(actor=actor, number=int(number) if number.isdecimal() else -1, looked="looked" in request.POST, at=now)  # fmt: skip
                messages.success(request, _("The run has been asked for; it goes on in the background."))  # fmt: skip
                return redirect("home:retention")
            if form.is_valid():
                change_terms(
                    actor=actor, number=form.cleaned_data["number"], months=form.months(),
                    is_nightly=form.cleaned_data["is_nightly"], at=now,
                )  # fmt: skip
                messages.success(request, _("The terms are in force."))
                return redirect("home:retention")
        except RuleError as error:
            if error.status != RuleError.status:
                raise
            refusal = str(error)
            form = TermsForm(initial={**form.initial, **request.POST.dict(), "number": terms.number}) if changes else form  # fmt: skip
    lines, runs = retention_today(actor=actor, terms=terms, today=timezone.localdate(now)), last_runs(actor=actor)  # fmt: skip
    context = {
        "lines": lines, "total": sum(line.due for line in lines), "terms": terms, "form": form, "refusal": refusal,
        "versions": terms_versions(actor=actor),
        "runs": [(run, sum(run.result.get("gone", {}).values())) for run in runs],
        "running": next((run for run in runs if run.status in RUNNING), None),
    }  # fmt: skip
    return render(request, "home/retention/overview.html", context, status=400 if refusal or form.errors else 200)  # fmt: skip


def _rows(request: HttpRequest) -> HttpResponse:
    actor, today, terms = actor_of(request), timezone.localdate(), terms_in_force()
    chosen, reason, rows = retention_rows(actor=actor, subject=request.GET["of"], why=request.GET.get("why", ""), terms=terms, today=today)  # fmt: skip
    state = ListState.from_request(request, columns=COLUMNS, default_sort="moment")
    page = page_of(rows, state)
    found = [_row(row, chosen, reason, terms.months[chosen]) for row in page.rows]
    context = {"holding": HOLDINGS[chosen], "reason": reason, "state": state, "page": page, "found": found, "months": terms.months[chosen]}  # fmt: skip
    return render(request, "home/retention/rows.html", context)


def _row(row: Model, subject: Subject, reason: Reason | None, months: int) -> dict[str, object]:
    moment = getattr(row, "moment")  # noqa: B009 -- an annotation, which no model declares
    known = moment != UNKNOWN_DAY
    until = reason.until(row) if reason else None
    return {
        "label": _label(row),
        "url": _address(row, subject),
        "moment": formats.day(moment) if known else "–",
        "past": formats.day(goes_on(moment, months)) if known else "–",
        "until": formats.day(until) if until else "–",
    }


def _label(row: Model) -> str:
    """What the row is called; a log-in and a job by whose they are."""
    name = row._meta.model_name
    if name == "usersession":
        return str(getattr(row, "user", "") or "–")
    if name == "recordread":
        return f"{getattr(row, 'user', '')} · {noun_label(getattr(row, 'noun', ''))} {getattr(row, 'object_id', '')}"
    if name == "job":
        return f"{getattr(row, 'task', '')} · {getattr(row, 'asked_by', None) or 'Koers'}"
    company = getattr(row, "company", None) if name != "lead" else None
    return f"{row} · {company}" if company and name != "feedback" else str(row)


def _address(row: Model, subject: Subject) -> str:
    name, page = str(row._meta.model_name), HOLDINGS[subject].page
    if not page:
        return ""
    return reverse(page, args=[name, row.pk] if name in OWN_PAGE else [row.pk])
