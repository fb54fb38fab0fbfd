"""How do activities stand in a list, a week, on the company page and on the home page?"""

from datetime import date, timedelta

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from koers.core.actor import Actor
from koers.core.entry import record_key
from koers.core.models import SavedView
from koers.core.tables import Column, Filter, ListState, page_of
from koers.customers.actions.saved_view import save_view
from koers.customers.queries.choices import owner_choices
from koers.customers.queries.company import company_for
from koers.organisation.models import BusinessUnit, Team, Territory
from koers.organisation.policies import Right, may
from koers.organisation.requests import actor_of
from koers.sell.models import Activity, ActivityKind, ActivityOutcome, ActivityStatus
from koers.sell.queries.activity import (
    activities_matching,
    activities_visible_to,
    due_for,
    week_of,
)
from koers.sell.queries.call_question import talks_with_questions
from koers.sell.queries.opportunity import opportunity_for

PAGE = "sell:activity_list"
ON_COMPANY_PAGE = 12
ON_HOME_PAGE = 8
PLACES = (
    ("team", gettext_lazy("Team"), Team),
    ("sbu", gettext_lazy("Business unit"), BusinessUnit),
    ("territory", gettext_lazy("Territory"), Territory),
)
COLUMNS = (
    Column("subject", gettext_lazy("Subject"), "subject"), Column("day", gettext_lazy("Day"), "day"), Column("kind", gettext_lazy("Kind"), "kind"),
    Column("company", gettext_lazy("Company"), "company__name"), Column("owner", gettext_lazy("Owner"), "owner__full_name"),
    Column("status", gettext_lazy("Status"), "status"), Column("outcome", gettext_lazy("Outcome"), "outcome"),
    Column("minutes", gettext_lazy("Minutes"), "minutes", numeric=True, visible_by_default=False),
)  # fmt: skip


def activity_list(request: HttpRequest) -> HttpResponse:
    """Activities one may see, the latest first."""
    actor, today = actor_of(request), timezone.localdate()
    when = [("overdue", _("Overdue")), ("today", _("Today")), ("coming", _("Coming"))]
    filters = (
        Filter("when", _("When"), when), Filter("kind", _("Kind"), [*ActivityKind.choices, ("talk", _("Talk: visit, call or meeting"))]), Filter("status", _("Status"), ActivityStatus.choices),
        Filter("outcome", _("Outcome"), [*ActivityOutcome.choices, ("moved_on", _("Order or advance")), ("none", _("No outcome"))]), Filter("owner", _("Owner"), _owners(actor, request.GET.get("owner", ""))),
        Filter("company", _("Company")), Filter("opportunity", _("Opportunity")),
        Filter("questions", _("Questions"), [("asked", _("Questions asked"))]), Filter("from", _("From")), Filter("to", _("Up to and including")), *(Filter(name, label, _named(model, request.GET.get(name, ""))) for name, label, model in PLACES),
    )  # fmt: skip
    state = ListState.from_request(request, columns=COLUMNS, default_sort="-day", filters=filters)
    rows = activities_matching(actor, q=state.q, choices=state.values, today=today)
    if state.value("questions"):
        rows = talks_with_questions(rows)
    views = SavedView.objects.filter(page=PAGE, shared=True) | SavedView.objects.filter(
        page=PAGE, owner_id=actor.user_id
    )
    context = {
        "state": state, "page": page_of(rows, state), "today": today, "may_edit": may(actor, Right.EDIT_CUSTOMERS),
        "saved_views": views, "save_view_url": reverse("sell:activity_view_save"),
    }  # fmt: skip
    return render(request, "sell/activity/list.html", context)


@require_POST
def activity_view_save(request: HttpRequest) -> HttpResponse:
    """Keep the list as it is under a name."""
    name, query = request.POST.get("name", "").strip(), request.POST.get("query", "")
    if name:
        shared = bool(request.POST.get("shared"))
        save_view(actor=actor_of(request), page=PAGE, name=name, query=query, shared=shared)
    return redirect(f"{reverse(PAGE)}?{query}" if query else PAGE)


def activity_week(request: HttpRequest) -> HttpResponse:
    """One's own week, Monday to Sunday; of a colleague one sees with ``owner``."""
    actor, today = actor_of(request), timezone.localdate()
    day = _day(request.GET.get("day", ""), today)
    owner = request.GET.get("owner", "")
    owner_id = int(owner) if owner in dict(owner_choices(actor)) and owner != "none" else None
    days = week_of(actor, owner_id=owner_id or actor.user_id, day=day, today=today)
    context = {
        "days": days, "before": days[0].day - timedelta(days=7), "after": days[0].day + timedelta(days=7), "today": today,
        "owner": owner, "owners": [choice for choice in owner_choices(actor) if choice[0] != "none"],
        "own_id": str(actor.user_id), "last": days[-1].day, "may_edit": may(actor, Right.EDIT_CUSTOMERS),
    }  # fmt: skip
    return render(request, "sell/activity/week.html", context)


def company_activities(request: HttpRequest, company_id: int) -> HttpResponse:
    """What was done for a customer and what is planned, for its page."""
    actor = actor_of(request)
    company = company_for(actor=actor, company_id=company_id)
    found = activities_visible_to(actor).filter(company=company)
    more = f"company={company.pk}"
    return _timeline(request, found, more)


def opportunity_activities(request: HttpRequest, opportunity_id: int) -> HttpResponse:
    """What was done for an opportunity and what is planned, for its page."""
    actor = actor_of(request)
    opportunity = opportunity_for(actor=actor, opportunity_id=opportunity_id)
    found = activities_visible_to(actor).filter(opportunity=opportunity)
    more = f"opportunity={opportunity.pk}"
    if opportunity.company_id:
        more += f"&company={opportunity.company_id}"
    return _timeline(request, found, more)


def _timeline(request: HttpRequest, found: QuerySet[Activity], more: str) -> HttpResponse:
    planned = found.filter(status=ActivityStatus.PLANNED).order_by("day", "start_time", "pk")
    past = found.exclude(status=ActivityStatus.PLANNED).order_by("-day", "-pk")
    context = {
        "planned": planned[:ON_COMPANY_PAGE], "past": past[:ON_COMPANY_PAGE], "more": more, "today": timezone.localdate(),
        "may_edit": may(actor_of(request), Right.EDIT_CUSTOMERS),
    }  # fmt: skip
    return render(request, "sell/activity/timeline.html", context)


def activities_due(request: HttpRequest) -> HttpResponse:
    """One's own activities that are due today or late, for the home page."""
    actor, today = actor_of(request), timezone.localdate()
    activities, count = due_for(actor, today=today, limit=ON_HOME_PAGE)
    context = {
        "activities": activities, "count": count, "today": today, "own_id": actor.user_id,
        "may_edit": may(actor, Right.EDIT_CUSTOMERS),
    }  # fmt: skip
    return render(request, "sell/activity/due.html", context)


def _owners(actor: Actor, asked: str) -> list[tuple[str, str]]:
    """Whose activities one may ask for; also somebody else's at the customers one sees, when a figure leads there."""
    choices = owner_choices(actor)
    if not asked or asked in dict(choices):
        return choices
    if asked == "none":
        return [("none", "–"), *choices]
    found = activities_visible_to(actor).filter(owner_id=record_key(asked)).order_by()
    other = found.values_list("owner__full_name", flat=True).first() if record_key(asked) else None
    return [*choices, (asked, other)] if other else choices


def _named(model: type[Model], asked: str) -> list[tuple[str, str]] | None:
    """The team, unit or territory a figure was asked for, so that one sees it and can let go of it."""
    key = record_key(asked)
    found = None if key is None else model._default_manager.filter(pk=key).first()
    return None if found is None else [(asked, str(found))]


def _day(text: str, otherwise: date) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return otherwise
    return found if 1900 <= found.year <= 2200 else otherwise
