"""How are other programs told of changes, and how did that go?"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from koers.core.errors import RuleError
from koers.organisation.actions.webhook import (
    add_webhook,
    ask_test,
    pause_webhook,
    remove_webhook,
    renew_secret,
    resume_webhook,
)
from koers.organisation.forms.webhook import WebhookForm, noun_choices
from koers.organisation.queries.webhook import last_calls, webhook_for, webhooks
from koers.organisation.requests import actor_of


def webhook_list(request: HttpRequest) -> HttpResponse:
    """All receivers; the secret of a new one is shown once, in the answer to its own form."""
    actor, made = actor_of(request), None
    found = webhooks(actor=actor)
    form = WebhookForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = add_webhook(actor=actor, at=timezone.now(), **form.cleaned_data)
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            form = WebhookForm()
    context = {"webhooks": found.all(), "form": form, "made": made, "words": dict(noun_choices())}
    return render(
        request, "organisation/webhook/list.html", context, status=400 if form.errors else 200
    )


def webhook_detail(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """One receiver with its newest calls."""
    return _shown(request, webhook_id)


def _shown(request: HttpRequest, webhook_id: int, *, secret: str = "") -> HttpResponse:
    actor = actor_of(request)
    webhook = webhook_for(actor=actor, webhook_id=webhook_id)
    words = dict(noun_choices())
    context = {
        "webhook": webhook,
        "calls": last_calls(actor=actor, webhook=webhook),
        "secret": secret,
        "nouns": [words[noun] for noun in webhook.nouns if noun in words],
    }
    return render(request, "organisation/webhook/detail.html", context)


@require_POST
def webhook_secret(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """Another secret, shown this once."""
    webhook = renew_secret(actor=actor_of(request), webhook_id=webhook_id, at=timezone.now())
    return _shown(request, webhook_id, secret=webhook.secret)


@require_POST
def webhook_test(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """Have the receiver called with an empty message."""
    try:
        ask_test(actor=actor_of(request), webhook_id=webhook_id, at=timezone.now())
    except RuleError as refusal:
        if refusal.status != 400:
            raise
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("A test is sent within seconds; its answer is listed here."))
    return redirect("organisation:webhook_detail", webhook_id=webhook_id)


@require_POST
def webhook_pause(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """Call it no more."""
    pause_webhook(actor=actor_of(request), webhook_id=webhook_id, at=timezone.now())
    messages.success(request, _("The webhook is paused; what changes is told after it is resumed."))
    return redirect("organisation:webhook_detail", webhook_id=webhook_id)


@require_POST
def webhook_resume(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """Call it again, from where it was or from now."""
    skip = request.POST.get("skip") == "1"
    resume_webhook(actor=actor_of(request), webhook_id=webhook_id, skip=skip, at=timezone.now())
    messages.success(request, _("The webhook is called again."))
    return redirect("organisation:webhook_detail", webhook_id=webhook_id)


@require_POST
def webhook_remove(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """Take it away."""
    remove_webhook(actor=actor_of(request), webhook_id=webhook_id, at=timezone.now())
    messages.success(request, _("The webhook has been removed."))
    return redirect("organisation:webhook_list")
