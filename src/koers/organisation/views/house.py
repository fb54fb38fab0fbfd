"""How are the organisation, the own profile and the audit trail shown?"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from koers.core import audit_words
from koers.core.entry import record_key
from koers.core.errors import NotFoundError, RuleError
from koers.core.tables import Column, Filter, ListState, page_of
from koers.organisation.actions.organisation import change_organisation
from koers.organisation.forms.person import OrganisationForm
from koers.organisation.policies import Right, require
from koers.organisation.queries.organisation import the_organisation
from koers.organisation.queries.people import audit_entries
from koers.organisation.requests import actor_of

COLUMNS = (
    Column("at", gettext_lazy("When"), "id"), Column("who", gettext_lazy("Who")), Column("verb", gettext_lazy("What")), Column("noun", gettext_lazy("Kind")),
    Column("label", gettext_lazy("Record")), Column("changes", gettext_lazy("Changes")), Column("channel", gettext_lazy("Through")),
)  # fmt: skip
CHANNELS = list(audit_words.CHANNELS.items())


def profile(request: HttpRequest) -> HttpResponse:
    """Who one is here, and the way to password and second factor."""
    return render(request, "organisation/profile/detail.html", {"actor": actor_of(request)})


def settings(request: HttpRequest) -> HttpResponse:
    """Name and base currency."""
    actor = actor_of(request)
    require(actor, Right.MANAGE_INSTALLATION)
    organisation = the_organisation()
    if organisation is None:
        raise NotFoundError(_("There is no organisation yet."))
    form = OrganisationForm(
        request.POST or None,
        initial={
            "name": organisation.name,
            "base_currency": organisation.base_currency,
            "version": organisation.version,
        },
    )
    if request.method == "POST" and form.is_valid():
        data: dict[str, Any] = dict(form.cleaned_data)
        version = data.pop("version")
        data["base_currency"] = data["base_currency"].upper()
        try:
            change_organisation(actor=actor, version=version, values=data, at=timezone.now())
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("organisation:settings")
    return render(
        request,
        "organisation/settings/form.html",
        {"form": form},
        status=400 if form.errors else 200,
    )


def audit_list(request: HttpRequest) -> HttpResponse:
    """Who changed what, when, from what to what, through which channel."""
    actor = actor_of(request)
    rows = audit_entries(actor)
    state = ListState.from_request(
        request,
        columns=COLUMNS,
        default_sort="-at",
        filters=(
            Filter("channel", _("Through"), CHANNELS),
            Filter("noun", _("Kind")),
            Filter("object", _("Record")),
        ),
    )
    if state.value("channel"):
        rows = rows.filter(channel=state.value("channel"))
    if state.value("noun"):
        rows = rows.filter(noun=state.value("noun"))
    if (key := record_key(state.value("object"))) is not None:
        rows = rows.filter(object_id=key)
    if state.q:
        rows = rows.filter(actor_name__istartswith=state.q)
    return render(
        request, "organisation/audit/list.html", {"state": state, "page": page_of(rows, state)}
    )
