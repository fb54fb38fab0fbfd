"""How is the norm of one customer laid open, set aside with a reason, and put back?"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from koers.core.clashes import kept, show_clash
from koers.core.errors import RuleError, StaleVersionError
from koers.customers.queries.company import company_for
from koers.organisation.policies import Right, require
from koers.organisation.requests import actor_of
from koers.plan.actions.visit_norm import remove_exception, set_exception, undo_exception
from koers.plan.forms.visit_norm import ExceptionForm
from koers.plan.queries.visit_norm import effective_norm, exception_of

LABELS = {"ends_on": gettext_lazy("Last day")}


def visit_exception(request: HttpRequest, company_id: int) -> HttpResponse:
    """What holds for a customer and why; another number, length or days with the reason."""
    actor, today = actor_of(request), timezone.localdate()
    require(actor, Right.READ_TARGETS)
    require(actor, Right.EDIT_CUSTOMERS)
    company = company_for(actor=actor, company_id=company_id)
    known = exception_of(company)
    initial = ExceptionForm.initial_of(known) if known else {"starts_on": today}
    form = ExceptionForm(request.POST or None, initial=initial)
    context: dict[str, Any] = {
        "form": form, "company": company, "known": known, "norm": effective_norm(company, day=today).norm, "title": company.name,
        "cancel_url": reverse("plan:visit_list"),
    }  # fmt: skip
    if request.method == "POST" and form.is_valid():
        values = form.values()
        try:
            set_exception(
                actor=actor, company_id=company.pk, version=form.cleaned_data["version"] or (known.version if known else None),
                values=kept(request.POST, values, known) if known else values, at=timezone.now(),
            )  # fmt: skip
        except StaleVersionError as clash:
            if known and "ends_on" in clash.merged:
                clash.merged["last_day"] = ExceptionForm.initial_of(known)["last_day"]
            context["clashes"] = show_clash(form, clash, version=known.version if known else 1, labels=LABELS)  # fmt: skip
            return render(request, "plan/visit_norm/exception.html", context, status=409)
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            undo = reverse("plan:visit_exception_undo" if known else "plan:visit_exception_remove", args=[company.pk])  # fmt: skip
            messages.success(request, _("The exception holds."), extra_tags=undo)
            return redirect("plan:visit_list")
    return render(request, "plan/visit_norm/exception.html", context, status=400 if form.errors else 200)  # fmt: skip


@require_POST
def visit_exception_remove(request: HttpRequest, company_id: int) -> HttpResponse:
    """Let the norm hold again."""
    remove_exception(actor=actor_of(request), company_id=company_id, at=timezone.now())
    messages.success(request, _("The norm holds again."))
    return redirect("plan:visit_list")


@require_POST
def visit_exception_undo(request: HttpRequest, company_id: int) -> HttpResponse:
    """Take back one's own last change of an exception."""
    undo_exception(actor=actor_of(request), company_id=company_id, at=timezone.now())
    messages.success(request, _("The exception is as it was before."))
    return redirect("plan:visit_list")
