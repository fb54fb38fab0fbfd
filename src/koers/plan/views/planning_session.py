"""How are planning sessions listed, written down, decided in and signed off?"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from koers.core.clashes import kept, show_clash
from koers.core.errors import RuleError, StaleVersionError
from koers.core.periods import add_months
from koers.core.tables import Column, Filter, ListState, page_of
from koers.organisation.policies import Right, may, require
from koers.organisation.requests import actor_of
from koers.plan.actions.planning_session import (
    add_decision,
    add_session,
    change_session,
    remove_decision,
    remove_session,
    restore_session,
    sign_session,
)
from koers.plan.forms.planning_session import DecisionForm, SessionForm, initial_of_session
from koers.plan.models import Goal
from koers.plan.queries.goal import goals_visible_to
from koers.plan.queries.planning_session import session_for, sessions_matching

FORM, DETAIL = "plan/planning_session/form.html", "plan/planning_session/detail.html"
COLUMNS = (
    Column("title", gettext_lazy("Planning session"), "title"), Column("day", gettext_lazy("Day"), "held_on", kind="date"),
    Column("place", gettext_lazy("Place"), "place", visible_by_default=False), Column("people", gettext_lazy("Participants")),
    Column("decided", gettext_lazy("Decisions"), "decided", numeric=True), Column("control", gettext_lazy("Next control date"), "next_control_on", kind="date"),
    Column("signed", gettext_lazy("Signed"), "signed_at"),
)  # fmt: skip
# The notes of a session, by the step of the agenda.
NOTES = {"analyse": "analysed", "plan": "planned", "elaborate": "elaborated", "control": "controlled"}  # fmt: skip


def session_list(request: HttpRequest) -> HttpResponse:
    """Planning sessions one may read, the latest first."""
    actor = actor_of(request)
    states = [("open", _("Not signed")), ("signed", _("Signed"))]
    state = ListState.from_request(request, columns=COLUMNS, default_sort="-day", filters=(Filter("state", _("Status"), states),))  # fmt: skip
    page = page_of(sessions_matching(actor, q=state.q, state=state.value("state")), state)
    context = {"state": state, "page": page, "may_edit": may(actor, Right.EDIT_TARGETS), "today": timezone.localdate()}  # fmt: skip
    return render(request, "plan/planning_session/list.html", context)


def session_create(request: HttpRequest) -> HttpResponse:
    """Write down a session."""
    actor, today = actor_of(request), timezone.localdate()
    require(actor, Right.EDIT_TARGETS)
    begin = {"held_on": today, "next_control_on": add_months(today, 3), "participants": [actor.user_id]}  # fmt: skip
    form = SessionForm(request.POST or None, actor=actor, initial=begin)
    if request.method == "POST" and form.is_valid():
        try:
            made = add_session(actor=actor, values=form.values(), participants=form.cleaned_data["participants"], at=timezone.now())  # fmt: skip
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("plan:session_detail", session_id=made.pk)
    context = {"form": form, "title": _("New planning session"), "cancel_url": reverse("plan:session_list")}  # fmt: skip
    return render(request, FORM, context, status=400 if form.errors else 200)


def session_detail(request: HttpRequest, session_id: int) -> HttpResponse:
    """The agenda of four steps, with what was found and decided."""
    return render(request, DETAIL, _detail(request, session_id))


def _detail(request: HttpRequest, session_id: int, form: DecisionForm | None = None) -> dict[str, Any]:  # fmt: skip
    actor = actor_of(request)
    session = session_for(actor=actor, session_id=session_id)
    seen = set(goals_visible_to(actor).filter(decisions__session=session).values_list("pk", flat=True))  # fmt: skip
    decisions = [(each, each.goal if each.goal_id in seen else None) for each in session.decisions.select_related("goal")]  # fmt: skip
    may_edit = may(actor, Right.EDIT_TARGETS) and not session.is_signed
    return {
        "session": session, "today": timezone.localdate(), "may_edit": may_edit, "may_sign": may(actor, Right.APPROVE_BUDGETS) and not session.is_signed,
        "steps": [
            (label, getattr(session, NOTES[key]), [pair for pair in decisions if pair[0].step == key])
            for key, label in Goal.Step.choices
        ],
        "form": form or DecisionForm(actor=actor),
    }  # fmt: skip


def session_edit(request: HttpRequest, session_id: int) -> HttpResponse:
    """Change a session that is not signed; a clash shows the three values."""
    actor = actor_of(request)
    session = session_for(actor=actor, session_id=session_id)
    require(actor, Right.EDIT_TARGETS)
    initial = initial_of_session(session)
    form = SessionForm(request.POST or None, actor=actor, there=initial["participants"], initial=initial)  # fmt: skip
    context: dict[str, Any] = {"form": form, "session": session, "title": str(session), "cancel_url": reverse("plan:session_detail", args=[session.pk])}  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            change_session(
                actor=actor, session_id=session.pk, version=form.cleaned_data["version"] or session.version,
                values=kept(request.POST, form.values(), session), participants=form.cleaned_data["participants"], at=timezone.now(),
            )  # fmt: skip
        except StaleVersionError as clash:
            labels = {"participant_names": _("Participants")}
            clash.merged.pop("participant_names", None)
            context["clashes"] = show_clash(form, clash, version=session.version, labels=labels)
            return render(request, FORM, context, status=409)
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("plan:session_detail", session_id=session.pk)
    return render(request, FORM, context, status=400 if form.errors else 200)


@require_POST
def session_decide(request: HttpRequest, session_id: int) -> HttpResponse:
    """Write down a decision."""
    actor = actor_of(request)
    session = session_for(actor=actor, session_id=session_id)
    require(actor, Right.EDIT_TARGETS)
    form = DecisionForm(request.POST, actor=actor)
    if form.is_valid():
        try:
            add_decision(actor=actor, session_id=session.pk, at=timezone.now(), **form.cleaned_data)
        except RuleError as refusal:
            form.add_error(None, str(refusal))
    if form.errors:
        return render(request, DETAIL, _detail(request, session.pk, form), status=400)
    return redirect("plan:session_detail", session_id=session.pk)


@require_POST
def decision_remove(request: HttpRequest, session_decision_id: int) -> HttpResponse:
    """Take a decision back."""
    session = remove_decision(
        actor=actor_of(request), decision_id=session_decision_id, at=timezone.now()
    )
    messages.success(request, _("The decision has been removed."))
    return redirect("plan:session_detail", session_id=session.pk)


@require_POST
def session_sign(request: HttpRequest, session_id: int) -> HttpResponse:
    """Sign off; from then on it is frozen."""
    actor = actor_of(request)
    session = session_for(actor=actor, session_id=session_id)
    text = request.POST.get("version", "")
    version = int(text) if text.isdecimal() and text.isascii() and len(text) < 10 else session.version  # fmt: skip
    sign_session(actor=actor, session_id=session.pk, version=version, at=timezone.now())
    messages.success(request, _("The session has been signed."))
    return redirect("plan:session_detail", session_id=session.pk)


@require_POST
def session_remove(request: HttpRequest, session_id: int) -> HttpResponse:
    """Remove a session, with a way back."""
    session = remove_session(actor=actor_of(request), session_id=session_id, at=timezone.now())
    messages.success(request, _("The planning session has been removed."), extra_tags=reverse("plan:session_restore", args=[session.pk]))  # fmt: skip
    return redirect("plan:session_list")


@require_POST
def session_restore(request: HttpRequest, session_id: int) -> HttpResponse:
    """Bring a removed session back."""
    session = restore_session(actor=actor_of(request), session_id=session_id, at=timezone.now())
    messages.success(request, _("The planning session is back."))
    return redirect("plan:session_detail", session_id=session.pk)
