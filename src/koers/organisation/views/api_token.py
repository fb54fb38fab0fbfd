"""How does somebody give a program a token, and take it away?"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from koers.core.errors import RuleError
from koers.organisation.actions.api_token import make_token, revoke_token
from koers.organisation.forms.api_token import ApiTokenForm
from koers.organisation.queries.api_token import own_tokens
from koers.organisation.requests import actor_of


def api_token_list(request: HttpRequest) -> HttpResponse:
    """One's own tokens; a new one is shown once, in the answer to its own form."""
    actor, now, secret = actor_of(request), timezone.now(), ""
    form = ApiTokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _token, secret = make_token(actor=actor, at=now, **form.cleaned_data)
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            form = ApiTokenForm()
    context = {"tokens": own_tokens(actor), "form": form, "secret": secret, "now": now}
    return render(
        request,
        "organisation/api_token/list.html",
        context,
        status=400 if form.errors else 200,
    )


@require_POST
def api_token_revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """End a token at once."""
    revoke_token(actor=actor_of(request), token_id=token_id, at=timezone.now())
    messages.success(request, _("The token no longer works."))
    return redirect("organisation:api_token_list")
