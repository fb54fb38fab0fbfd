"""How does a customer answer by a link, without a log-in?"""

from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from koers.core.errors import NotFoundError, RuleError
from koers.organisation.models import Organisation
from koers.serve.actions.feedback import FeedbackRefusedError, answer_request
from koers.serve.forms.feedback import ScoresForm
from koers.serve.models.feedback import ITEMS, THEMES
from koers.serve.queries.feedback import request_of

A_MINUTE, MOST = 60, 30


class TooManyAnswersError(RuleError):
    """One address asks too often."""

    status = 429


@never_cache
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The questions while the link is open, and a word of thanks after."""
    _slow_down(request)
    asked, today = request_of(token), timezone.localdate()
    form = ScoresForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            answer_request(token=token, values=form.values(), today=today, at=timezone.now())
        except NotFoundError:
            raise
        except FeedbackRefusedError as refusal:
            form.add_error(None, str(refusal))
            status = refusal.status
        else:
            return redirect("serve:answer", token=token)
    elif form.errors:
        status = 400
    context = {
        "asked": asked, "is_open": asked.is_open(today), "form": form, "organisation": Organisation.objects.first(),
        "parts": [(_("How satisfied are you with …"), [form[name] for name in THEMES]), (_("How do you rate …"), [form[name] for name in ITEMS])],
    }  # fmt: skip
    shown = render(request, "serve/answer/form.html", context, status=status)
    shown.headers["X-Robots-Tag"] = "noindex"
    shown.headers["Referrer-Policy"] = "no-referrer"
    return shown


def _slow_down(request: HttpRequest) -> None:
    """At most thirty requests a minute from one address, so that nobody tries links by the thousand."""
    minute = int(timezone.now().timestamp()) // A_MINUTE
    key = f"answer:{request.META.get('REMOTE_ADDR', '')}:{minute}"
    calls = caches["calls"]
    calls.add(key, 0, timeout=2 * A_MINUTE)
    if calls.incr(key) > MOST:
        raise TooManyAnswersError(_("That was too often. Try again in a minute."))
