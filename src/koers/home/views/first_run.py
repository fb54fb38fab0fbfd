"""How does the first person set up the organisation?"""

from allauth.usersessions.models import UserSession
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from koers.core.errors import RuleError
from koers.home.forms.first_run import FirstRunForm
from koers.organisation.actions.first_run import check_first_run_secret, create_first_administrator

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
            UserSession.objects.create_from_request(request)
            return redirect("home:today")
    return render(
        request, "home/first_run/form.html", {"form": form}, status=400 if form.errors else 200
    )
