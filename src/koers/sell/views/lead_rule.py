"""How does a sales manager set up to whom new leads go?"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from koers.core.clashes import kept, show_clash
from koers.core.errors import StaleVersionError
from koers.organisation.policies import Right, require
from koers.organisation.requests import actor_of
from koers.sell.actions.lead_rule import FIELDS, set_lead_rule
from koers.sell.forms.lead import LeadRuleForm
from koers.sell.queries.lead import lead_rule


def lead_rule_edit(request: HttpRequest) -> HttpResponse:
    """One page with the rule; a clash shows the three values."""
    actor = actor_of(request)
    require(actor, Right.EDIT_RULES)
    rule = lead_rule()
    form = LeadRuleForm(
        request.POST or None, initial={name: getattr(rule, name) for name in (*FIELDS, "version")}
    )
    context: dict[str, Any] = {"form": form, "cancel_url": reverse("sell:lead_list")}
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            set_lead_rule(
                actor=actor, version=form.cleaned_data["version"] or rule.version,
                values=kept(request.POST, form.values(), rule), at=timezone.now(),
            )  # fmt: skip
        except StaleVersionError as clash:
            context["clashes"] = show_clash(form, clash, version=rule.version)
            status = 409
        else:
            messages.success(request, _("Saved."))
            return redirect("sell:lead_list")
    if form.errors:
        status = 400
    return render(request, "sell/lead/rule.html", context, status=status)
