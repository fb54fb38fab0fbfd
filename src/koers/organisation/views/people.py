"""How are people, teams, territories and pairings shown and changed?"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from koers.core.clashes import kept, show_clash
from koers.core.errors import RuleError, StaleVersionError
from koers.core.tables import Column, Filter, ListState, page_of
from koers.organisation.actions.pairing import pair, part
from koers.organisation.actions.user import change_user, create_user
from koers.organisation.forms.person import NewPersonForm, PairingForm, PersonForm
from koers.organisation.models import Role
from koers.organisation.policies import Right, may, require
from koers.organisation.queries.people import (
    pairings,
    people_visible_to,
    person_for,
    teams,
    territories,
    unpaired_account_managers,
)
from koers.organisation.requests import actor_of

COLUMNS = (
    Column("name", gettext_lazy("Name"), "full_name"), Column("role", gettext_lazy("Role"), "role"), Column("team", gettext_lazy("Team"), "team__name"),
    Column("territory", gettext_lazy("Territory"), "territory__name"), Column("email", gettext_lazy("E-mail"), "email"), Column("access", gettext_lazy("Access"), "is_active"),
)  # fmt: skip
FIELDS = ("full_name", "role", "team", "territory", "business_unit", "is_active")


def user_list(request: HttpRequest) -> HttpResponse:
    """Everyone one may see."""
    actor = actor_of(request)
    rows = people_visible_to(actor)
    state = ListState.from_request(
        request,
        columns=COLUMNS,
        default_sort="name",
        filters=(Filter("role", _("Role"), Role.choices),),
    )
    if state.q:
        rows = rows.filter(full_name__istartswith=state.q)
    if state.value("role"):
        rows = rows.filter(role=state.value("role"))
    context = {
        "state": state,
        "page": page_of(rows, state),
        "may_edit": may(actor, Right.MANAGE_PEOPLE),
        "unpaired": list(unpaired_account_managers()),
    }
    return render(request, "organisation/user/list.html", context)


def user_create(request: HttpRequest) -> HttpResponse:
    """Let somebody in."""
    actor = actor_of(request)
    require(actor, Right.MANAGE_PEOPLE)
    form = NewPersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            create_user(actor=actor, at=timezone.now(), **form.cleaned_data)
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The person may log in now."))
            return redirect("organisation:user_list")
    return render(
        request,
        "organisation/user/form.html",
        {"form": form, "title": _("New person")},
        status=400 if form.errors else 200,
    )


def user_edit(request: HttpRequest, user_id: int) -> HttpResponse:
    """Change role, team or access; it works at the person's next click."""
    actor = actor_of(request)
    require(actor, Right.MANAGE_PEOPLE)
    person = person_for(actor=actor, user_id=user_id)
    initial = {name: getattr(person, name) for name in (*FIELDS, "email", "version")}
    form = PersonForm(request.POST or None, initial=initial)
    context: dict[str, Any] = {"form": form, "title": person.full_name, "person": person}
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in FIELDS} | {
            "email": form.cleaned_data["email"] or None
        }
        try:
            change_user(
                actor=actor,
                user_id=person.pk,
                version=form.cleaned_data["version"] or person.version,
                values=kept(request.POST, values, person),
                at=timezone.now(),
            )
        except StaleVersionError as clash:
            context["clashes"] = show_clash(form, clash, version=person.version)
            return render(request, "organisation/user/form.html", context, status=409)
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("organisation:user_list")
    return render(
        request, "organisation/user/form.html", context, status=400 if form.errors else 200
    )


def team_list(request: HttpRequest) -> HttpResponse:
    """The team tree, and who supports whom."""
    actor = actor_of(request)
    require(actor, Right.MANAGE_PEOPLE if request.method == "POST" else Right.SEE_TEAM)
    form = PairingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            pair(
                actor=actor,
                inside_rep_id=data["inside_rep"].pk,
                account_manager_id=data["account_manager"].pk,
                at=timezone.now(),
            )
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("organisation:team_list")
    context = {
        "teams": teams(),
        "pairings": pairings(),
        "unpaired": unpaired_account_managers(),
        "form": form,
        "may_edit": may(actor, Right.MANAGE_PEOPLE),
    }
    return render(
        request, "organisation/team/list.html", context, status=400 if form.errors else 200
    )


@require_POST
def pairing_remove(request: HttpRequest, pairing_id: int) -> HttpResponse:
    """End a pairing."""
    part(actor=actor_of(request), pairing_id=pairing_id, at=timezone.now())
    return redirect("organisation:team_list")


def territory_list(request: HttpRequest) -> HttpResponse:
    """The territory tree."""
    require(actor_of(request), Right.SEE_TEAM)
    return render(request, "organisation/territory/list.html", {"territories": territories()})
