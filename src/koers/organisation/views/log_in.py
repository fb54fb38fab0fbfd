"""How does somebody see where he is logged in, and end it elsewhere?"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from koers.organisation.actions.log_in import end_log_in, end_other_log_ins, log_out_user
from koers.organisation.queries.log_in import own_log_ins
from koers.organisation.requests import actor_of


def log_in_list(request: HttpRequest) -> HttpResponse:
    """Every browser in which one is logged in."""
    log_ins = own_log_ins(actor_of(request), session_key=request.session.session_key)
    return render(request, "organisation/log_in/list.html", {"log_ins": log_ins})


@require_POST
def log_in_end(request: HttpRequest, log_in_id: int) -> HttpResponse:
    """End one; ending this one is logging out."""
    end_log_in(actor=actor_of(request), log_in_id=log_in_id, at=timezone.now())
    messages.success(request, _("That browser is logged out."))
    return redirect("organisation:log_in_list")


@require_POST
def log_in_end_others(request: HttpRequest) -> HttpResponse:
    """End all but this one."""
    ended = end_other_log_ins(
        actor=actor_of(request), session_key=request.session.session_key, at=timezone.now()
    )
    _tell(request, ended)
    return redirect("organisation:log_in_list")


@require_POST
def user_log_out(request: HttpRequest, user_id: int) -> HttpResponse:
    """End every log-in of a person one manages."""
    ended = log_out_user(actor=actor_of(request), user_id=user_id, at=timezone.now())
    _tell(request, ended)
    return redirect("organisation:user_edit", user_id)


def _tell(request: HttpRequest, ended: int) -> None:
    said = ngettext("%(count)s log-in ended.", "%(count)s log-ins ended.", ended)
    messages.success(request, said % {"count": ended} if ended else _("There was no log-in to end."))  # fmt: skip
