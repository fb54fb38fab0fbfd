"""How are our own scores of the drivers listed, written down, corrected and removed?"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from koers.analyse.actions.equity_score import (
    add_assessment,
    change_assessment,
    remove_assessment,
)
from koers.analyse.figures.equity_driver import driver_weights, own_drivers, own_index
from koers.analyse.forms.equity_score import AssessmentForm
from koers.analyse.models import EquityAssessment
from koers.analyse.models.equity_score import OWN_ITEMS
from koers.analyse.queries.equity_score import assessment_for, assessments_visible_to, segment_for
from koers.core.errors import RuleError, StaleVersionError
from koers.core.tables import Column, Filter, ListState, page_of
from koers.customers.queries.choices import segment_choices
from koers.organisation.policies import Right, may, require
from koers.organisation.requests import actor_of
from koers.serve.models.feedback import DRIVER_WORDS

COLUMNS = (
    Column("day", _l("Day"), "day", kind="date"), Column("segment", _l("Segment"), "segment__name"),
    *(Column(name, word, numeric=True) for name, word in DRIVER_WORDS.items()),
    Column("index", _l("Index"), numeric=True), Column("by", _l("By"), "made_by__full_name"),
)  # fmt: skip
TITLE = _l("Own scores of the drivers")


def assessment_list(request: HttpRequest) -> HttpResponse:
    """All own scores, the latest first; each opens how it was made."""
    actor = actor_of(request)
    filters = (Filter("segment", _("Segment"), segment_choices()),)
    state = ListState.from_request(request, columns=COLUMNS, default_sort="-day", filters=filters)
    rows = assessments_visible_to(actor).order_by()
    if state.value("segment"):
        rows = rows.filter(segment=segment_for(state.value("segment")))
    if state.q:
        rows = rows.filter(note__icontains=state.q)
    page = page_of(rows, state)
    weights = driver_weights()
    lines = [(row, [own.mean.score for own in own_drivers(row).values()], own_index(weights, row)) for row in page.rows]  # fmt: skip
    figures = [(name, reverse("analyse:driver_figure", args=[f"supplier-{name}"])) for name in OWN_ITEMS]  # fmt: skip
    context = {
        "state": state, "page": page, "may_edit": may(actor, Right.EDIT_RULES), "index_url": reverse("analyse:driver_figure", args=["supplier"]),
        "lines": [(row, [(name, DRIVER_WORDS[name], value, url) for (name, url), value in zip(figures, scores, strict=True)], index) for row, scores, index in lines],
    }  # fmt: skip
    return render(request, "analyse/equity_driver/scores.html", context)


def assessment_create(request: HttpRequest) -> HttpResponse:
    """Write down our scores of a day; starts from the last ones of the segment."""
    actor = actor_of(request)
    require(actor, Right.EDIT_RULES)
    segment, today = segment_for(request.GET.get("segment", "")), timezone.localdate()
    last = assessments_visible_to(actor).filter(segment=segment).first()
    initial = AssessmentForm.initial_of(last) | {"note": ""} if last else {}
    form = AssessmentForm(request.POST or None, initial=initial | {"segment": segment, "day": today})  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            made = add_assessment(actor=actor, values=form.values(), at=timezone.now())
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            return _saved(request, made)
    return _form(request, form, started_from=last)


def assessment_edit(request: HttpRequest, assessment_id: int) -> HttpResponse:
    """The scores of a day: read by all, corrected or removed by who sets the rules."""
    actor = actor_of(request)
    found = assessment_for(actor=actor, assessment_id=assessment_id)
    if request.method == "POST" and "remove" in request.POST:
        remove_assessment(actor=actor, assessment_id=found.pk, at=timezone.now())
        messages.success(request, _("The scores have been removed."))
        return redirect("analyse:assessment_list")
    if request.method == "POST":
        require(actor, Right.EDIT_RULES)
    form = AssessmentForm(request.POST or None, initial=AssessmentForm.initial_of(found))
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] or found.version
        try:
            made = change_assessment(actor=actor, assessment_id=found.pk, version=version, values=form.values(), at=timezone.now())  # fmt: skip
        except StaleVersionError as clash:
            data = request.POST.copy()
            data["version"] = str(found.version)
            form = AssessmentForm(data)
            form.add_error(None, str(clash))
            return _form(request, form, found=found, status=409)
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            return _saved(request, made)
    return _form(request, form, found=found)


def _saved(request: HttpRequest, made: EquityAssessment) -> HttpResponse:
    drafts = [str(DRIVER_WORDS[name]) for name, each in own_drivers(made).items() if each.mean.why_not == "weights"]  # fmt: skip
    messages.success(request, _("Saved."))
    if drafts:
        messages.info(request, _("The weights of %(drivers)s do not total 100%%: kept as a draft, without a result.") % {"drivers": ", ".join(drafts)})  # fmt: skip
    return redirect(reverse("analyse:drivers") + (f"?segment={made.segment_id}" if made.segment_id else ""))  # fmt: skip


def _form(request: HttpRequest, form: AssessmentForm, *, found: EquityAssessment | None = None, status: int = 0, started_from: EquityAssessment | None = None) -> HttpResponse:  # fmt: skip
    may_edit = may(actor_of(request), Right.EDIT_RULES)
    if not may_edit:
        for each in form.fields.values():
            each.disabled = True
    own = own_drivers(found)
    context: dict[str, Any] = {
        "form": form, "title": TITLE, "found": found, "may_edit": may_edit, "sees_basis": may(actor_of(request), Right.SEE_COST), "started_from": started_from,
        "groups": [(DRIVER_WORDS[name], list(form.rows_of(name)), own[name].mean) for name in OWN_ITEMS],
    }  # fmt: skip
    return render(request, "analyse/equity_driver/form.html", context, status=status or (400 if form.errors else 200))  # fmt: skip
