"""How is the demo company loaded and removed from the screen?"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from koers.core.audit_words import noun_label
from koers.core.jobs import enqueue
from koers.demo.state import own_work
from koers.organisation.policies import Right, require
from koers.organisation.requests import actor_of


@require_POST
def company_load(request: HttpRequest) -> HttpResponse:
    """Load the demo company in the background, to look around first."""
    actor = actor_of(request)
    require(actor, Right.MANAGE_INSTALLATION)
    enqueue(actor=actor, task="load_demo", arguments={}, at=timezone.now(), unique_key="load_demo")
    messages.success(request, _("The demo company is being loaded; this takes some seconds."))
    return redirect("home:today")


@require_POST
def company_remove(request: HttpRequest) -> HttpResponse:
    """Remove the demo company in the background; asks first when work of one's own would go too."""
    actor = actor_of(request)
    require(actor, Right.MANAGE_INSTALLATION)
    agreed = bool(request.POST.get("with_own_work"))
    counts = {} if agreed else own_work()
    if counts:
        named = [(noun_label(noun, count), count) for noun, count in counts.items()]
        return render(request, "demo/company/remove.html", {"counts": named}, status=409)
    arguments = {"with_own_work": True} if agreed else {}
    enqueue(
        actor=actor,
        task="remove_demo",
        arguments=arguments,
        at=timezone.now(),
        unique_key="remove_demo",
    )
    messages.success(request, _("The demo company is being removed."))
    return redirect("home:today")
