"""How does a user bring in a file: upload, plan, check, run, result, revert?"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from koers.core.entry import record_key
from koers.core.errors import NotFoundError, RuleError
from koers.core.exports import csv_response, xlsx_response
from koers.core.imports.engine import ImportRefusedError
from koers.core.imports.messages import message
from koers.core.models import ImportProfile, ImportRun, Job
from koers.core.tables import Column, Filter, ListState, page_of
from koers.home.actions.import_jobs import ask_check, ask_revert, ask_run, rejections_rows
from koers.home.actions.import_planning import unfinished_twin
from koers.home.actions.uploading import change_plan, detection_of, store_upload, use_profile
from koers.home.forms.importing import PlanForm, UploadForm, label_of
from koers.home.queries.import_kinds import kind_named
from koers.organisation.policies import Right, require
from koers.organisation.requests import actor_of

COLUMNS = (
    Column("file", gettext_lazy("File"), "file_name"), Column("kind", gettext_lazy("Kind"), "kind"), Column("status", gettext_lazy("Status"), "status"),
    Column("created", gettext_lazy("Created"), "created", numeric=True), Column("updated", gettext_lazy("Updated"), "updated", numeric=True),
    Column("unchanged", gettext_lazy("Unchanged"), "unchanged", numeric=True), Column("rejected", gettext_lazy("Refused"), "rejected", numeric=True),
    Column("at", gettext_lazy("When"), "created_at"),
)  # fmt: skip
BUSY = {"checking", "running", "reverting"}
PLANNED = {"draft", "checked", "refused"}
SHOWN_ERRORS = 20


def import_list(request: HttpRequest) -> HttpResponse:
    """All imports, the latest first."""
    require(actor_of(request), Right.IMPORT)
    state = ListState.from_request(
        request, columns=COLUMNS, default_sort="-at", filters=(Filter("kind", _("Kind")),)
    )
    runs = ImportRun.objects.select_related("source")
    if state.q:
        runs = runs.filter(file_name__icontains=state.q)
    return render(
        request, "home/import_run/list.html", {"state": state, "page": page_of(runs, state)}
    )


def import_create(request: HttpRequest) -> HttpResponse:
    """Upload a file and say what it holds."""
    actor = actor_of(request)
    require(actor, Right.IMPORT)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            run = store_upload(
                actor=actor,
                upload=form.cleaned_data["file"],
                kind=form.cleaned_data["kind"],
                source=form.cleaned_data["source"],
                at=timezone.now(),
            )
        except RuleError as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("home:import_plan", run_id=run.pk)
    return render(
        request, "home/import_run/upload.html", {"form": form}, status=400 if form.errors else 200
    )


def import_plan(request: HttpRequest, run_id: int) -> HttpResponse:
    """What was detected and why, the columns, the conventions, the rule for duplicates."""
    actor = actor_of(request)
    require(actor, Right.IMPORT)
    run = _run(run_id)
    kind, detection = kind_named(run.kind), detection_of(run)
    if (profile := record_key(request.GET.get("profile", ""))) is not None:
        use_profile(actor=actor, run_id=run.pk, profile_id=profile)
        return redirect("home:import_plan", run_id=run.pk)
    form = PlanForm(
        request.POST or None,
        kind=kind,
        initial={**run.plan, "all_or_nothing": run.all_or_nothing, "decimal": "", "date_order": ""},
    )
    if request.method == "POST" and form.is_valid():
        mapping = {
            column: request.POST.get(f"column-{place}", "")
            for place, column in enumerate(detection.headers)
        }
        try:
            change_plan(
                actor=actor, run_id=run.pk, mapping=_single(mapping), choices=form.cleaned_data
            )
            ask_check(actor=actor, run_id=run.pk, at=timezone.now())
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("home:import_detail", run_id=run.pk)
    dutch = _language() == "nl"
    context = {
        "run": run, "kind_label": label_of(kind), "form": form, "detection": detection, "evidence": [_evidence(each) for each in detection.evidence],
        "fields": [(spec.name, spec.label("nl" if dutch else "en"), spec.required) for spec in kind.fields],
        "columns": [_column(place, column, run) for place, column in enumerate(detection.columns)],
        "unfinished": unfinished_twin(run), "profiles": ImportProfile.objects.filter(kind=run.kind),
    }  # fmt: skip
    return render(request, "home/import_run/plan.html", context, status=400 if form.errors else 200)


def _single(mapping: dict[str, str]) -> dict[str, str]:
    chosen = [name for name in mapping.values() if name]
    twice = sorted({name for name in chosen if chosen.count(name) > 1})
    if twice:
        raise RuleError(
            _("Two columns are mapped to the same field: %(names)s.") % {"names": ", ".join(twice)}
        )
    return {column: name for column, name in mapping.items() if name}


def _column(place: int, column: Any, run: ImportRun) -> dict[str, Any]:
    status = {"mixed": _("two conventions at once"), "ambiguous": _("can be read in two ways")}.get(
        column.status, ""
    )
    types = {
        "text": _("text"),
        "number": _("number"),
        "integer": _("whole number"),
        "date": _("date"),
        "boolean": _("yes/no"),
        "empty": _("empty"),
    }
    return {
        "place": place, "name": column.name, "type": types.get(column.type, column.type), "status": status, "examples": column.examples,
        "field": run.plan["mapping"].get(column.name, ""), "evidence": [_evidence(each) for each in column.evidence],
    }  # fmt: skip


def _evidence(found: Any) -> str:
    words = {
        "byte_order_mark": _("the file begins with a byte order mark (%(example)s)"), "valid_utf8": _("every byte is valid UTF-8"),
        "not_utf8": _("not UTF-8; read as %(example)s"), "rows_agree": _("rows agree in %(count)s columns with “%(example)s” between them"),
        "dates_ymd": _("%(count)s values are year-month-day, e.g. %(example)s"), "dates_dmy": _("%(count)s values have a day above 12 in first place, e.g. %(example)s"),
        "dates_mdy": _("%(count)s values have a day above 12 in second place, e.g. %(example)s"), "dates_either": _("%(count)s values can be read both ways, e.g. %(example)s"),
        "decimal_comma": _("%(count)s values prove a decimal comma, e.g. %(example)s"), "decimal_point": _("%(count)s values prove a decimal point, e.g. %(example)s"),
        "decimal_either": _("%(count)s values can be read both ways, e.g. %(example)s"),
    }  # fmt: skip
    return str(
        words.get(found.code, found.code.replace("_", " ") + " (%(count)s, %(example)s)")
        % {
            "count": found.count,
            "example": found.example,
        }
    )


def import_detail(request: HttpRequest, run_id: int) -> HttpResponse:
    """How far it is, what came of it, what was refused and why."""
    require(actor_of(request), Right.IMPORT)
    run = _run(run_id)
    language = _language()
    stored = [
        {"row": each.row_number, "field": each.field, "value": each.value, "reason": message(each.code, each.params, language)}
        for each in run.rejections.all()[:SHOWN_ERRORS]
    ]  # fmt: skip
    errors = stored or [
        {"row": each["row"], "field": each["field"], "value": each["value"], "reason": message(each["code"], each["params"], language)}
        for each in run.report.get("first_errors", [])
    ]  # fmt: skip
    context = {
        "run": run, "errors": errors, "kind_label": label_of(kind_named(run.kind)), "busy": run.status in BUSY, "job": _job(run),
        "notes": [(name.replace("_", " "), count) for name, count in run.report.get("notes", {}).items()],
        "unfinished": unfinished_twin(run) if run.status in PLANNED else None,
        "counts": run.report.get("check", {}) if run.status in ("checked", "refused") else {},
    }  # fmt: skip
    template = (
        "home/import_run/status.html"
        if request.headers.get("HX-Request")
        else "home/import_run/detail.html"
    )
    return render(request, template, context)


def _job(run: ImportRun) -> Job | None:
    return Job.objects.filter(arguments__run_id=run.pk).order_by("-pk").first()


@require_POST
def import_check(request: HttpRequest, run_id: int) -> HttpResponse:
    """Check again without writing."""
    ask_check(actor=actor_of(request), run_id=_run(run_id).pk, at=timezone.now())
    return redirect("home:import_detail", run_id=run_id)


@require_POST
def import_run(request: HttpRequest, run_id: int) -> HttpResponse:
    """Bring the file in, in the background."""
    try:
        ask_run(actor=actor_of(request), run_id=_run(run_id).pk, at=timezone.now())
    except ImportRefusedError as refusal:
        messages.error(request, str(refusal))
    return redirect("home:import_detail", run_id=run_id)


@require_POST
def import_revert(request: HttpRequest, run_id: int) -> HttpResponse:
    """Undo the import, in the background."""
    ask_revert(actor=actor_of(request), run_id=_run(run_id).pk, at=timezone.now())
    messages.info(request, _("The import is being undone."))
    return redirect("home:import_detail", run_id=run_id)


def import_rejections(request: HttpRequest, run_id: int) -> HttpResponse:
    """Refused rows with field, value, reason and remedy, as CSV or XLSX."""
    require(actor_of(request), Right.IMPORT)
    heads, rows = rejections_rows(_run(run_id), _language())
    name = f"refused-rows-{run_id}"
    return (
        xlsx_response(name, heads, rows)
        if request.GET.get("format") == "xlsx"
        else csv_response(name, heads, rows)
    )


def _run(run_id: int) -> ImportRun:
    found = ImportRun.objects.filter(pk=run_id).first()
    if found is None:
        raise NotFoundError(_("This import does not exist."))
    return found


def _language() -> str:
    return "nl" if (get_language() or "en").startswith("nl") else "en"
