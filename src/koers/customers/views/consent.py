"""How is it entered what a contact said about being called and mailed?"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from koers.core.errors import RuleError
from koers.customers.actions.company import contact_for
from koers.customers.actions.consent import add_consent, restore_consent, strike_consent
from koers.customers.forms.consent import ConsentForm
from koers.organisation.policies import Right, require
from koers.organisation.requests import actor_of


def consent_create(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Write down what a contact said."""
    actor, today = actor_of(request), timezone.localdate()
    require(actor, Right.EDIT_CUSTOMERS)
    contact = contact_for(actor=actor, contact_id=contact_id)
    form = ConsentForm(request.POST or None, today=today, initial={"said_on": today})
    if request.method == "POST" and form.is_valid():
        try:
            add_consent(actor=actor, contact_id=contact.pk, values=form.cleaned_data, today=today, at=timezone.now())  # fmt: skip
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("customers:contact_edit", contact_id=contact.pk)
    back = reverse("customers:contact_edit", args=[contact.pk])
    context = {"form": form, "contact": contact, "title": _("What the contact said"), "cancel_url": back}  # fmt: skip
    return render(request, "customers/consent/form.html", context, status=400 if form.errors else 200)  # fmt: skip


@require_POST
def consent_strike(request: HttpRequest, consent_id: int) -> HttpResponse:
    """Strike out a line, with a way back."""
    line = strike_consent(actor=actor_of(request), consent_id=consent_id, at=timezone.now())
    messages.success(request, _("Struck out."), extra_tags=reverse("customers:consent_restore", args=[line.pk]))  # fmt: skip
    return redirect("customers:contact_edit", contact_id=line.contact_id)


@require_POST
def consent_restore(request: HttpRequest, consent_id: int) -> HttpResponse:
    """Let a struck-out line count again."""
    line = restore_consent(actor=actor_of(request), consent_id=consent_id, at=timezone.now())
    messages.success(request, _("Saved."))
    return redirect("customers:contact_edit", contact_id=line.contact_id)
