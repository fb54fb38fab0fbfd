"""How are activities listed, planned, reported, changed and finished?"""

import uuid
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from koers.core.clashes import kept, show_clash
from koers.core.entry import record_key
from koers.core.errors import RuleError, StaleVersionError
from koers.customers.models import Company
from koers.customers.queries.company import company_for
from koers.organisation.policies import Right, may, require
from koers.organisation.requests import actor_of
from koers.sell.actions.activity import (
    ActivityValues,
    NextStep,
    cancel_activity,
    change_activity,
    finish_activity,
    log_activity,
    plan_activity,
    reopen_activity,
)
from koers.sell.forms.activity import (
    COMMITMENT,
    ActivityFinishForm,
    ActivityForm,
    ActivityLogForm,
    company_words,
)
from koers.sell.models import Activity, ActivityKind, ActivityStatus
from koers.sell.models.activity import TALKS
from koers.sell.queries.activity import activity_for, companies_to_choose, verdicts_on


def activity_create(request: HttpRequest) -> HttpResponse:
    """Plan an activity, at the company and opportunity in the address."""
    actor = actor_of(request)
    require(actor, Right.EDIT_CUSTOMERS)
    company = _company(request)
    first = {
        "kind": request.GET.get("kind", ActivityKind.TASK),
        "day": _asked_day(request),
        "company": company and company_words(company),
        "owner": actor.user_id,
        "opportunity": request.GET.get("opportunity"),
    }
    form = ActivityForm(request.POST or None, actor=actor, company=company, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            made = plan_activity(
                actor=actor, values=ActivityValues(**form.values()), at=timezone.now()
            )
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Planned."))
            return redirect(_back(made))
    context = {"form": form, "title": _("New activity"), "cancel_url": _cancel(company)}
    return render(request, "sell/activity/form.html", context, status=400 if form.errors else 200)


def activity_log(request: HttpRequest) -> HttpResponse:
    """Report what was done; sent by a browser that was off-line, the answer is short."""
    actor = actor_of(request)
    require(actor, Right.EDIT_CUSTOMERS)
    company = _company(request)
    today = timezone.localdate()
    first = {
        "kind": request.GET.get("kind", ActivityKind.VISIT), "day": today,
        "company": company and company_words(company), "key": uuid.uuid4().hex,
    }  # fmt: skip
    form = ActivityLogForm(request.POST or None, actor=actor, company=company, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            made = _log(request, form)
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            if _is_background(request):
                return JsonResponse({"url": _back(made)})
            messages.success(request, _("The report has been kept."))
            return redirect(_back(made))
    if _is_background(request) and request.method == "POST":
        return JsonResponse({"errors": form.errors}, status=400)
    context = {"form": form, "title": _("Report"), "cancel_url": _cancel(company)}
    return render(request, "sell/activity/log.html", context, status=400 if form.errors else 200)


def _log(request: HttpRequest, form: ActivityLogForm) -> Activity:
    data = form.cleaned_data
    kind = ActivityKind(data["kind"])
    values = ActivityValues(
        kind=kind, subject=data["subject"] or f"{kind.label} – {data['company']}"[:200],
        company=data["company"], day=data["day"], outcome=data["outcome"], report=data["report"],
        **{name: data[name] for name in COMMITMENT},
    )  # fmt: skip
    return log_activity(
        actor=actor_of(request), values=values, next_step=_step(data), key=data["key"], at=timezone.now()
    )  # fmt: skip


def activity_detail(request: HttpRequest, activity_id: int) -> HttpResponse:
    """One activity with what can be done with it."""
    actor = actor_of(request)
    activity = activity_for(actor=actor, activity_id=activity_id)
    context = {
        "activity": activity, "today": timezone.localdate(), "form": ActivityFinishForm(activity=activity),
        "may_edit": _may_edit(request), "next_steps": activity.next_steps.all(),
        "is_open": activity.status == ActivityStatus.PLANNED, "verdicts": verdicts_on(activity), "is_talk": activity.kind in TALKS,
    }  # fmt: skip
    return render(request, "sell/activity/detail.html", context)


def activity_edit(request: HttpRequest, activity_id: int) -> HttpResponse:
    """Change an activity; a clash shows the three values."""
    actor = actor_of(request)
    activity = activity_for(actor=actor, activity_id=activity_id)
    require(actor, Right.EDIT_CUSTOMERS)
    form = ActivityForm(
        request.POST or None,
        actor=actor,
        company=activity.company,
        stored=activity,
        initial=_initial(activity),
    )
    url = reverse("sell:activity_detail", args=[activity.pk])
    context: dict[str, Any] = {"form": form, "title": activity.subject, "cancel_url": url}
    if request.method == "POST" and form.is_valid():
        values: dict[str, Any] = {
            "opportunity": activity.opportunity,
            "contacts": list(activity.contacts.all()),
        }
        values |= kept(request.POST, form.values(), activity)
        try:
            change_activity(
                actor=actor, activity_id=activity.pk, values=ActivityValues(**values),
                version=form.cleaned_data["version"] or activity.version, at=timezone.now(),
            )  # fmt: skip
        except StaleVersionError as clash:
            context["clashes"] = show_clash(form, clash, version=activity.version)
            return render(request, "sell/activity/form.html", context, status=409)
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect(url)
    return render(request, "sell/activity/form.html", context, status=400 if form.errors else 200)


@require_POST
def activity_finish(request: HttpRequest, activity_id: int) -> HttpResponse:
    """Mark as done, with how it ended and what comes next."""
    actor = actor_of(request)
    activity = activity_for(actor=actor, activity_id=activity_id)
    form = ActivityFinishForm(request.POST, activity=activity)
    if form.is_valid():
        data = form.cleaned_data
        try:
            finish_activity(
                actor=actor, activity_id=activity_id, outcome=data["outcome"], report=data["report"],
                next_step=_step(data), promise=form.promise(), at=timezone.now(),
            )  # fmt: skip
        except RuleError as refusal:
            if refusal.status != 400:
                raise
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("Done."), extra_tags=reverse("sell:activity_reopen", args=[activity_id])
            )
            return redirect(_safe_next(request) or _back(activity))
    context = {
        "activity": activity, "today": timezone.localdate(), "form": form, "may_edit": _may_edit(request),
        "next_steps": activity.next_steps.all(), "is_open": True, "is_talk": activity.kind in TALKS,
    }  # fmt: skip
    return render(request, "sell/activity/detail.html", context, status=400)


@require_POST
def activity_cancel(request: HttpRequest, activity_id: int) -> HttpResponse:
    """Call it off, with a way back."""
    found = cancel_activity(actor=actor_of(request), activity_id=activity_id, at=timezone.now())
    messages.success(
        request, _("Called off."), extra_tags=reverse("sell:activity_reopen", args=[activity_id])
    )
    return redirect(_back(found))


@require_POST
def activity_reopen(request: HttpRequest, activity_id: int) -> HttpResponse:
    """Plan it again."""
    reopen_activity(actor=actor_of(request), activity_id=activity_id, at=timezone.now())
    return redirect("sell:activity_detail", activity_id=activity_id)


def company_options(request: HttpRequest) -> HttpResponse:
    """Companies that may be meant, while one types."""
    found = companies_to_choose(actor_of(request), request.GET.get("company", ""))
    options = [(company_words(company), company.city) for company in found]
    return render(request, "sell/activity/company_options.html", {"options": options})


def _step(data: dict[str, Any]) -> NextStep | None:
    return NextStep(data["next_step"], data["next_on"]) if data["next_step"] else None


def _company(request: HttpRequest) -> Company | None:
    key = record_key(request.GET.get("company", ""))
    return None if key is None else company_for(actor=actor_of(request), company_id=key)


def _asked_day(request: HttpRequest) -> date:
    try:
        return date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return timezone.localdate() + timedelta(days=1)


def _is_background(request: HttpRequest) -> bool:
    return request.headers.get("X-Koers-Background") == "1"


def _may_edit(request: HttpRequest) -> bool:
    return may(actor_of(request), Right.EDIT_CUSTOMERS)


def _safe_next(request: HttpRequest) -> str:
    known = {"home": "home:today", "week": "sell:activity_week", "list": "sell:activity_list"}
    name = known.get(request.POST.get("next", ""))
    return reverse(name) if name else ""


def _back(activity: Activity) -> str:
    if activity.company_id:
        return reverse("customers:company_detail", args=[activity.company_id])
    return reverse("sell:activity_list")


def _cancel(company: Company | None) -> str:
    if company is not None:
        return reverse("customers:company_detail", args=[company.pk])
    return reverse("sell:activity_list")


def _initial(activity: Activity) -> dict[str, Any]:
    names = ("kind", "subject", "opportunity", "day", "start_time", "minutes", "owner", "outcome",
             "report", "version", *COMMITMENT)  # fmt: skip
    return {name: getattr(activity, name) for name in names} | {
        "company": activity.company and company_words(activity.company),
        "contacts": list(activity.contacts.all()),
    }
