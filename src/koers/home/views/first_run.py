"""How does the first person set up the organisation, and load or remove the demo company?"""

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from koers.core.errors import RuleError
from koers.core.jobs import enqueue
from koers.home.forms.first_run import FirstRunForm
from koers.organisation.actions.first_run import check_first_run_secret, create_first_administrator
from koers.organisation.policies import Right, require
from koers.organisation.requests import actor_of

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def first_run(request: HttpRequest, secret: str) -> HttpResponse:
    """One form, behind the one-time secret that only the console shows."""
    check_first_run_secret(secret)
    form = FirstRunForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = create_first_administrator(secret=secret, at=timezone.now(), **form.cleaned_data)
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            login(request, user, backend=BACKEND)
            return redirect("home:today")
    return render(
        request, "home/first_run/form.html", {"form": form}, status=400 if form.errors else 200
    )


@require_POST
def remove_demo(request: HttpRequest) -> HttpResponse:
    """Remove the demo company in the background."""
    actor = actor_of(request)
    require(actor, Right.MANAGE_INSTALLATION)
    enqueue(
        actor=actor, task="remove_demo", arguments={}, at=timezone.now(), unique_key="remove_demo"
    )
    messages.success(request, _("The demo company is being removed."))
    return redirect("home:today")


@require_POST
def load_demo(request: HttpRequest) -> HttpResponse:
    """Load the demo company in the background, to look around first."""
    actor = actor_of(request)
    require(actor, Right.MANAGE_INSTALLATION)
    enqueue(actor=actor, task="load_demo", arguments={}, at=timezone.now(), unique_key="load_demo")
    messages.success(request, _("The demo company is being loaded; this takes some seconds."))
    return redirect("home:today")
