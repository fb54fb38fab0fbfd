"""How does a sales manager see and set up the way of selling per buying situation and role?"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from koers.core.clashes import kept, show_clash
from koers.core.errors import NotFoundError, StaleVersionError
from koers.organisation.policies import Right, require
from koers.organisation.requests import actor_of
from koers.sell.actions.selling_template import FIELDS, fill_empty, set_template
from koers.sell.forms.approach import SellingTemplateForm
from koers.sell.models import BuyingSituation, Opportunity, SellingRole
from koers.sell.queries.selling_template import every_template, template_for

PAGE = "sell:selling_template_list"


def selling_template_list(request: HttpRequest) -> HttpResponse:
    """Fifteen templates: each situation with each role."""
    require(actor_of(request), Right.EDIT_RULES)
    found = every_template()
    groups = [(label, [each for each in found if each.situation == key]) for key, label in BuyingSituation.choices]  # fmt: skip
    empty = Opportunity.objects.filter(buying_situation="", deleted_at=None).count()
    return render(request, "sell/selling_template/list.html", {"groups": groups, "empty": empty})


def selling_template_edit(request: HttpRequest, situation: str, role: str) -> HttpResponse:
    """Change one; a clash shows the three values."""
    actor = actor_of(request)
    require(actor, Right.EDIT_RULES)
    if situation not in BuyingSituation.values or role not in SellingRole.values:
        raise NotFoundError(_("There is no such buying situation or selling role."))
    stored = template_for(situation, role)
    assert stored is not None  # noqa: S101 -- both are known
    form = SellingTemplateForm(
        request.POST or None, initial={name: getattr(stored, name) for name in (*FIELDS, "version")}
    )
    context: dict[str, Any] = {"form": form, "title": str(stored), "cancel_url": reverse(PAGE)}
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            set_template(
                actor=actor, situation=situation, role=role, version=form.cleaned_data["version"] or stored.version,
                values=kept(request.POST, form.values(), stored), at=timezone.now(),
            )  # fmt: skip
        except StaleVersionError as clash:
            context["clashes"] = show_clash(form, clash, version=stored.version)
            status = 409
        else:
            messages.success(request, _("Saved."))
            return redirect(PAGE)
    if form.errors:
        status = 400
    return render(request, "sell/selling_template/form.html", context, status=status)


@require_POST
def selling_template_fill(request: HttpRequest) -> HttpResponse:
    """Propose a situation and role for the deals without one."""
    filled = fill_empty(actor=actor_of(request), at=timezone.now())
    words = ngettext("%(count)s opportunity got a buying situation.", "%(count)s opportunities got a buying situation.", filled)  # fmt: skip
    messages.success(request, words % {"count": filled})
    return redirect(PAGE)
